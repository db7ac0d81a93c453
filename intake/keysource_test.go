package intake_test

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/testing/fakekms"
	"github.com/tink-crypto/tink-go/v2/tink"

	"renkei/intake"
)

func init() {
	fake, err := fakekms.NewClient("fake-kms://")
	if err != nil {
		panic(err)
	}
	registry.RegisterKMSClient(fake)
	registry.RegisterKMSClient(oddKMS{})
}

// oddKMS is one that never answers, or unwraps what is no key.
type oddKMS struct{}

func (oddKMS) Supported(uri string) bool { return strings.HasPrefix(uri, "odd-kms://") }

func (oddKMS) GetAEAD(uri string) (tink.AEAD, error) { return oddAEAD{uri}, nil }

type oddAEAD struct{ uri string }

func (a oddAEAD) Encrypt(plain, associated []byte) ([]byte, error) {
	return a.EncryptWithContext(context.Background(), plain, associated)
}

func (a oddAEAD) Decrypt(sealed, associated []byte) ([]byte, error) {
	return a.DecryptWithContext(context.Background(), sealed, associated)
}

func (a oddAEAD) EncryptWithContext(context.Context, []byte, []byte) ([]byte, error) {
	return nil, errors.New("no right to use this key")
}

func (a oddAEAD) DecryptWithContext(ctx context.Context, _, _ []byte) ([]byte, error) {
	switch a.uri {
	case "odd-kms://silent":
		<-ctx.Done()
		return nil, ctx.Err()
	case "odd-kms://short":
		return []byte("too short"), nil
	}
	return nil, errors.New("no right to use this key")
}

// keyFile is a file with these lines.
func keyFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	writeKeys(t, path, lines...)
	return path
}

func writeKeys(t *testing.T, path string, lines ...string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600))
}

func TestAKeyFileThatIsNoneIsRefusedWithTheLine(t *testing.T) {
	t.Parallel()
	good := intake.NewMasterKey()
	for want, lines := range map[string][]string{
		"no key in it":                   {"# nothing yet", "", "   "},
		"line 3: not base64 of 32 bytes": {"# the first", good, "c4nary"},
		"line 2: not base64 of 32 bytes": {good, good + "," + good},
		"again, as line 1":               {good, "", "#", good},
	} {
		_, err := intake.OpenVault(t.Context(), intake.KeysInFile(keyFile(t, lines...)))
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), good)
		require.NotContains(t, err.Error(), "c4nary")
	}
	path := keyFile(t, good)
	for _, mode := range []os.FileMode{0o644, 0o604, 0o660, 0o601, 0o620} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := intake.OpenVault(t.Context(), intake.KeysInFile(path))
		require.ErrorContains(t, err, "chmod 0600 "+path)
	}
	for _, mode := range []os.FileMode{0o600, 0o400, 0o440, 0o640} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := intake.OpenVault(t.Context(), intake.KeysInFile(path))
		require.NoError(t, err, "%o", mode)
	}
	_, err := intake.OpenVault(t.Context(), intake.KeysInFile(path+".no"))
	require.ErrorContains(t, err, path+".no")
	_, err = intake.OpenVault(t.Context(), intake.KeysInFile(filepath.Dir(path)))
	require.ErrorContains(t, err, "is not a file")
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("#\n", 50_000)), 0o600))
	_, err = intake.OpenVault(t.Context(), intake.KeysInFile(path))
	require.ErrorContains(t, err, "it is no key file")
}

func TestAChangedKeyFileIsPickedUpByWhoRuns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	path := keyFile(t, "# ours", old, "")
	k := &keyed{testBundle: *b}
	var err error
	k.vault, err = intake.OpenVault(t.Context(), intake.KeysInFile(path))
	require.NoError(t, err)
	k.svc = k.process(b.source)
	k.holder, err = k.svc.JoinVault(t.Context(), "one")
	require.NoError(t, err)
	account := k.register(t, "a@example.com")

	// A file that is damaged, or away, changes nothing but is told.
	writeKeys(t, path, old, "c4nary")
	require.ErrorContains(t, k.holder.Refresh(t.Context()), "line 2")
	require.NoError(t, os.Remove(path))
	require.ErrorContains(t, k.holder.Refresh(t.Context()), path)
	k.register(t, "b@example.com")

	require.NoError(t, os.WriteFile(path, []byte(old), 0o600))
	require.NoError(t, intake.AppendKey(path, intake.NewSecret(fresh)))
	k.refresh(t)
	require.Equal(t, []intake.KeyID{idOf(t, old), idOf(t, fresh)}, k.vault.Keys())
	_, err = k.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	k.refresh(t)
	k.register(t, "c@example.com")
	require.Equal(t, 1, b.underKey(t, fresh))

	// What has gone from the file too early stays at hand.
	writeKeys(t, path, fresh)
	k.refresh(t)
	require.NoError(t, k.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, "DISABLED", b.state(t, old))
}

func TestAKeyIsAppendedToItsFileWholeAndOnce(t *testing.T) {
	t.Parallel()
	first, second := intake.NewMasterKey(), intake.NewMasterKey()
	path := keyFile(t, "# ours", first)
	require.NoError(t, os.Chmod(path, 0o640))
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(path, link))
	require.NoError(t, intake.AppendKey(link, intake.NewSecret(second)))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "# ours\n"+first+"\n"+second+"\n", string(text))
	stat, err := os.Lstat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), stat.Mode())
	stat, err = os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, stat.Mode()&os.ModeSymlink)

	require.NoError(t, os.WriteFile(path+".new", nil, 0o600))
	require.ErrorContains(t, intake.AppendKey(path, intake.NewSecret(second)), "another rotation is at work")
	require.NoError(t, os.Remove(path+".new"))
	require.Error(t, intake.AppendKey(path+".no", intake.NewSecret(second)))
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func TestAKeyThatAKMSWrappedSealsAsAnyOther(t *testing.T) {
	t.Parallel()
	uri, err := fakekms.NewKeyURI()
	require.NoError(t, err)
	entry, err := intake.NewWrappedKey(t.Context(), uri)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(entry, uri+"#"))
	plain := intake.NewMasterKey()
	company, account := uuid.New(), uuid.New()
	both := vault(t, entry, plain)
	sealed, err := both.Seal(intake.NewSecret("right"), company, account, "password")
	require.NoError(t, err)
	fromFile, err := intake.OpenVault(t.Context(), intake.KeysInFile(keyFile(t, "# wrapped", plain, entry)))
	require.NoError(t, err)
	opened, err := fromFile.Open(sealed, company, account, "password")
	require.NoError(t, err)
	require.Equal(t, "right", opened.Reveal())
	require.Equal(t, both.Keys()[0], fromFile.Keys()[1])
}

func TestAKMSThatDoesNotUnwrapTheKeyIsAClearRefusal(t *testing.T) {
	t.Parallel()
	uri, err := fakekms.NewKeyURI()
	require.NoError(t, err)
	another, err := fakekms.NewKeyURI()
	require.NoError(t, err)
	entry, err := intake.NewWrappedKey(t.Context(), uri)
	require.NoError(t, err)
	_, wrapped, _ := strings.Cut(entry, "#")
	kms, err := fakekms.NewAEAD(uri)
	require.NoError(t, err)
	// A key that the KMS wrapped for another purpose.
	elsewhere, err := kms.Encrypt(make([]byte, 32), []byte("another program"))
	require.NoError(t, err)
	plain := intake.NewMasterKey()
	for entry, want := range map[string]string{
		"odd-kms://silent#" + wrapped:                            "odd-kms://silent does not answer within 50ms",
		"odd-kms://forbidden#" + wrapped:                         "odd-kms://forbidden refuses: no right to use this key",
		"odd-kms://short#" + wrapped:                             "9 bytes, where a key has 32",
		"gone-kms://key#" + wrapped:                              "no KMS is known for gone-kms://",
		another + "#" + wrapped:                                  "refuses",
		uri + "#" + base64.StdEncoding.EncodeToString(elsewhere): "refuses",
		uri + "#c4nary!":                                         "no base64",
		uri + "#":                                                "refuses",
	} {
		source := intake.KeysInText(intake.NewSecret(plain + "," + entry))
		source.KMSPatience = 50 * time.Millisecond
		if !strings.Contains(entry, "silent") {
			source.KMSPatience = patience
		}
		_, err := intake.OpenVault(t.Context(), source)
		require.ErrorContains(t, err, "key 2: ")
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), plain)
		require.NotContains(t, err.Error(), wrapped)
		require.NotContains(t, err.Error(), "c4nary")
	}
	for _, uri := range []string{"odd-kms://forbidden", "gone-kms://key", "", "fake-kms://not a key", another + "#"} {
		_, err := intake.NewWrappedKey(t.Context(), uri)
		require.Error(t, err, uri)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = intake.OpenVault(ctx, intake.KeysInText(intake.NewSecret("odd-kms://silent#"+wrapped)))
	require.ErrorIs(t, err, context.Canceled)
}
