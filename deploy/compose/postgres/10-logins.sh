#!/bin/sh
# Makes the logins of docs/security.md, once, when the cluster is new.
set -eu
secrets=${SECRETS:-/run/secrets}
psql --username "$POSTGRES_USER" --no-psqlrc --set ON_ERROR_STOP=1 \
  --set owner="$(cat "$secrets/owner")" --set program="$(cat "$secrets/program")" <<'SQL'
CREATE ROLE renkei_app NOLOGIN;
CREATE ROLE renkei_keeper NOLOGIN;

-- Owns the schema and migrates it.
CREATE ROLE renkei_owner LOGIN PASSWORD :'owner';
GRANT renkei_app, renkei_keeper TO renkei_owner;
CREATE DATABASE renkei OWNER renkei_owner;

-- Is what the program signs in as: a member of both, owner of nothing.
CREATE ROLE renkei_program LOGIN NOINHERIT PASSWORD :'program';
GRANT renkei_app, renkei_keeper TO renkei_program;
-- Its sessions begin within the walls: behind a pooler nothing else could say so.
ALTER ROLE renkei_program SET role = 'renkei_app';

REVOKE ALL ON DATABASE renkei FROM PUBLIC;
GRANT CONNECT ON DATABASE renkei TO renkei_program;
SQL
