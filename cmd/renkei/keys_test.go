package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/testing/fakekms"
	"github.com/tink-crypto/tink-go/v2/tink"

	"renkei/intake"
	"renkei/wantedly/wantedlysim"
)

func init() {
	fake, err := fakekms.NewClient("fake-kms://")
	if err != nil {
		panic(err)
	}
	registry.RegisterKMSClient(fake)
	registry.RegisterKMSClient(goneKMS{})
}

// goneKMS cannot be reached.
type goneKMS struct{}

func (goneKMS) Supported(uri string) bool { return strings.HasPrefix(uri, "gone-kms://") }

func (goneKMS) GetAEAD(string) (tink.AEAD, error) { return nil, errors.New("connection refused") }

// with is the world's environment with other settings; an empty value takes one away.
func (w *world) with(pairs ...string) func(string) string {
	env := maps.Clone(w.env)
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

func idOf(t *testing.T, key string) string {
	t.Helper()
	v, err := intake.NewVault(intake.NewSecret(key))
	require.NoError(t, err)
	return v.Keys()[0].String()
}

func lastWord(said outcome) string {
	words := strings.Fields(said.out)
	return words[len(words)-1]
}

// sealedUnder counts the passwords and sessions that a key sealed.
func (w *world) sealedUnder(t *testing.T, key string) int {
	t.Helper()
	return w.count(t, "SELECT count(*) FILTER (WHERE to_hex(credential_key) = ltrim($1, '0')) + count(*) FILTER (WHERE to_hex(session_key) = ltrim($1, '0')) FROM medium_accounts", idOf(t, key))
}

func TestKeysThatAreSetTwiceOrUnreadableAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	key := intake.NewMasterKey()
	path := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(path, []byte("# ours\n"+key+"\n"), 0o600))
	env := func(pairs ...string) func(string) string {
		return environment(append([]string{"RENKEI_DATABASE_URL", "postgres://127.0.0.1:1/renkei", "RENKEI_WANTEDLY_URL", "http://127.0.0.1:1"}, pairs...)...)
	}
	requireComplaint(t, exitUsage, call(env("RENKEI_MASTER_KEYS", key, "RENKEI_MASTER_KEYS_FILE", path), "serve"),
		"RENKEI_MASTER_KEYS and RENKEI_MASTER_KEYS_FILE are both set")
	requireComplaint(t, exitUsage, call(env("RENKEI_OIDC_CLIENT_SECRET", "s", "RENKEI_OIDC_CLIENT_SECRET_FILE", path), "serve"),
		"RENKEI_OIDC_CLIENT_SECRET and RENKEI_OIDC_CLIENT_SECRET_FILE are both set")
	requireComplaint(t, exitUsage, call(env(), "serve"), "RENKEI_MASTER_KEYS is not set")
	requireComplaint(t, exitUsage, call(env("RENKEI_MASTER_KEYS_FILE", path+".no"), "serve"), "RENKEI_MASTER_KEYS_FILE: ", path+".no")
	requireComplaint(t, exitUsage, call(env("RENKEI_MASTER_KEYS", key+",gone-kms://key#AAAA"), "serve"), "RENKEI_MASTER_KEYS: key 2: ", "gone-kms://key refuses: connection refused")
	requireComplaint(t, exitUsage, call(env("RENKEI_MASTER_KEYS", "other-kms://key#AAAA"), "serve"), "no KMS is known for other-kms://")
	// Where the keys are right, the database is the next to be missed.
	requireComplaint(t, exitFailed, call(env("RENKEI_MASTER_KEYS_FILE", path), "serve"), "RENKEI_DATABASE_URL: ")
	require.NoError(t, os.Chmod(path, 0o644))
	requireComplaint(t, exitUsage, call(env("RENKEI_MASTER_KEYS_FILE", path), "serve"), "RENKEI_MASTER_KEYS_FILE: ", "chmod 0600")
	for _, args := range [][]string{
		{"keys"},
		{"keys", "rotate", "now"},
		{"keys", "rotate", "--key", "0a0a0a0a"},
		{"keys", "rotate", "--promote", "--kms", "gone-kms://key"},
		{"keys", "rotate", "--promote", "--key", "first"},
		{"keys", "forget"},
		{"keys", "forget", "all"},
		{"keys", "status", "all"},
	} {
		got := call(env(), args...)
		requireComplaint(t, exitUsage, got, "renkei: ")
	}
	requireComplaint(t, exitFailed, call(env(), "keys", "new", "--kms", "gone-kms://key"), "connection refused")
}

func TestAWrappedKeyIsGoodForTheVault(t *testing.T) {
	t.Parallel()
	uri, err := fakekms.NewKeyURI()
	require.NoError(t, err)
	said := call(environment(), "keys", "new", "--kms", uri)
	require.Equal(t, exitDone, said.code, said.err)
	require.True(t, strings.HasPrefix(said.out, uri+"#"))
	_, err = intake.NewVault(intake.NewSecret(lastWord(said)))
	require.NoError(t, err)
}

func TestAStartWithoutANeededKeyNamesItAndWhatToDo(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 2})
	p := w.start(t)
	w.linkedAndImported(t, p.client, "ok@"+domain)
	lost := idOf(t, w.env["RENKEI_MASTER_KEYS"])
	fresh := w.with("RENKEI_MASTER_KEYS", intake.NewMasterKey())
	requireComplaint(t, exitUsage, call(fresh, "serve"), "RENKEI_MASTER_KEYS: key "+lost+" is missing", "renkei keys forget "+lost)
	requireComplaint(t, exitFailed, call(w.getenv, "keys", "forget", lost), "is not lost", "pid ")
	requireStopped(t, p.stop)
	require.Zero(t, w.count(t, "SELECT count(*) FROM vault_holders"), "who stops holds nothing")
	requireComplaint(t, exitUsage, call(fresh, "serve"), "under which 5 values are sealed")
	_, err := w.pool.Exec(t.Context(), "INSERT INTO erased_people (company_id, medium, person_hash, erased_at) SELECT company_id, 'WANTEDLY', sha256('x'), now() FROM company_keys")
	require.NoError(t, err)
	given := call(w.getenv, "keys", "forget", lost)
	require.Equal(t, exitDone, given.code, given.err)
	require.Contains(t, given.out, "5 values")
	require.Contains(t, given.out, "The tombstones of 1 erased people are gone")
	_, said, stop := background(t, fresh, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	require.Equal(t, exitDone, stop(), said.String())
}

func TestAKeyInASettingRotatesWithARestartInBetween(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 2})
	old := w.env["RENKEI_MASTER_KEYS"]
	before := w.start(t)
	w.linkedAndImported(t, before.client, "ok@"+domain)
	said := call(w.getenv, "keys", "rotate")
	require.Equal(t, exitDone, said.code, said.err)
	require.Contains(t, said.out, "RENKEI_MASTER_KEYS of every process")
	require.Contains(t, said.out, "renkei keys rotate --promote")
	fresh := lastWord(said)
	requireComplaint(t, exitFailed, call(w.getenv, "keys", "rotate", "--promote"), "there is no new key")

	w.env["RENKEI_MASTER_KEYS"] = old + "," + fresh
	w.start(t)
	requireComplaint(t, exitFailed, call(w.getenv, "keys", "rotate", "--promote"), "lacks the key "+idOf(t, fresh), "pid ")
	requireStopped(t, before.stop)
	promoted := call(w.getenv, "keys", "rotate", "--promote", "--key", idOf(t, fresh))
	require.Equal(t, exitDone, promoted.code, promoted.err)
	require.Contains(t, promoted.out, idOf(t, fresh))
	eventually(t, "re-sealed", func() bool { return w.count(t, "SELECT count(*) FROM vault_keys WHERE state = 'DISABLED'") == 1 })
	require.Zero(t, w.sealedUnder(t, old))
	require.Equal(t, 2, w.sealedUnder(t, fresh))

	status := call(w.getenv, "keys", "status")
	require.Equal(t, exitDone, status.code, status.err)
	require.Regexp(t, idOf(t, old)+` +DISABLED +0 +may be taken away`, status.out)
	require.Regexp(t, idOf(t, fresh)+` +PRIMARY +5 +seals`, status.out)
	require.Regexp(t, fmt.Sprintf(`pid %d +%s +%s %s`, os.Getpid(), idOf(t, fresh), idOf(t, old), idOf(t, fresh)), status.out)
	for _, key := range []string{old, fresh} {
		require.NotContains(t, status.out+promoted.out, key)
	}
	// The audit that ends the test looks for the keys as they are now; here for each.
	require.NotContains(t, w.dump(t)+w.log.String(), old)
	require.NotContains(t, w.dump(t)+w.log.String(), fresh)
}

func TestAKeyInAFileRotatesWithoutARestart(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 2})
	old := w.env["RENKEI_MASTER_KEYS"]
	path := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(path, []byte("# ours\n"+old), 0o600))
	delete(w.env, "RENKEI_MASTER_KEYS")
	w.env["RENKEI_MASTER_KEYS_FILE"] = path
	// For the audit: what must stand in no row and no log.
	t.Cleanup(func() { w.env["RENKEI_MASTER_KEYS"] = old })
	p := w.start(t)
	linked, _ := w.linkedAndImported(t, p.client, "ok@"+domain)
	said := call(w.getenv, "keys", "rotate")
	require.Equal(t, exitDone, said.code, said.err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	require.Equal(t, []string{"# ours", old}, lines[:2])
	fresh := lines[2]
	require.Contains(t, said.out, idOf(t, fresh))
	require.Contains(t, said.out, "renkei keys rotate --promote")
	require.NotContains(t, said.out, fresh)
	require.Contains(t, call(w.getenv, "keys", "status").out, "new: seals nothing yet")

	eventually(t, "every process has it", func() bool { return call(w.getenv, "keys", "rotate", "--promote").code == exitDone })
	eventually(t, "re-sealed", func() bool { return w.count(t, "SELECT count(*) FROM vault_keys WHERE state = 'DISABLED'") == 1 })
	require.Equal(t, 2, w.sealedUnder(t, fresh))
	run := p.importNow(t, linked.ID)
	eventually(t, "imported", func() bool {
		return w.count(t, "SELECT count(*) FROM import_runs WHERE id = $1 AND status = 'SUCCEEDED'", run.Run.ID) == 1
	})
}
