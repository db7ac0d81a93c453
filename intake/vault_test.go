package intake_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func vault(t *testing.T, keys ...string) *intake.Vault {
	t.Helper()
	v, err := intake.NewVault(intake.NewSecret(strings.Join(keys, ",")))
	require.NoError(t, err)
	return v
}

func TestWhatIsSealedOpensOnlyWhereItWasSealedFor(t *testing.T) {
	t.Parallel()
	v := vault(t, intake.NewMasterKey())
	company, account := uuid.New(), uuid.New()
	sealed, err := v.Seal(intake.NewSecret("right"), company, account, "password")
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "right")
	opened, err := v.Open(sealed, company, account, "password")
	require.NoError(t, err)
	require.Equal(t, "right", opened.Reveal())

	open := func(sealed []byte, company, account uuid.UUID, field string) error {
		opened, err := v.Open(sealed, company, account, field)
		require.True(t, opened.IsZero() || err == nil)
		return err
	}
	require.Error(t, open(sealed, uuid.New(), account, "password"), "another company")
	require.Error(t, open(sealed, company, uuid.New(), "password"), "another account")
	require.Error(t, open(sealed, account, company, "password"), "the two exchanged")
	require.Error(t, open(sealed, company, account, "session"), "another field")
	for i := range sealed {
		forged := bytes.Clone(sealed)
		forged[i] ^= 1
		require.Error(t, open(forged, company, account, "password"), "byte %d changed", i)
	}
	require.Error(t, open(sealed[:len(sealed)-1], company, account, "password"))
	require.Error(t, open([]byte("x"), company, account, "password"))

	again, err := v.Seal(intake.NewSecret("right"), company, account, "password")
	require.NoError(t, err)
	require.NotEqual(t, sealed, again, "the same password twice does not show")
	empty, err := v.Open(nil, company, account, "password")
	require.NoError(t, err)
	require.True(t, empty.IsZero())
}

func TestTheFirstKeySealsAndEveryKeyOpens(t *testing.T) {
	t.Parallel()
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	company, account := uuid.New(), uuid.New()
	open := func(v *intake.Vault, sealed []byte) error {
		_, err := v.Open(sealed, company, account, "f")
		return err
	}
	byOld, err := vault(t, old).Seal(intake.NewSecret("x"), company, account, "f")
	require.NoError(t, err)

	// Step one: everybody knows the new key. Step two: it seals. Step three: the old one goes.
	both, turned := vault(t, old, fresh), vault(t, fresh, " "+old+" \n")
	byBoth, err := both.Seal(intake.NewSecret("x"), company, account, "f")
	require.NoError(t, err)
	byTurned, err := turned.Seal(intake.NewSecret("x"), company, account, "f")
	require.NoError(t, err)
	for _, v := range []*intake.Vault{both, turned} {
		for _, sealed := range [][]byte{byOld, byBoth, byTurned} {
			require.NoError(t, open(v, sealed))
		}
	}
	require.NoError(t, open(vault(t, old), byBoth))
	require.Error(t, open(vault(t, old), byTurned))
	require.NoError(t, open(vault(t, fresh), byTurned))
	require.Error(t, open(vault(t, fresh), byOld))
}

func TestABadMasterKeyIsRefusedAndNotQuoted(t *testing.T) {
	t.Parallel()
	good := intake.NewMasterKey()
	raw, err := base64.StdEncoding.DecodeString(good)
	require.NoError(t, err)
	require.Len(t, raw, 32)
	for name, keys := range map[string]string{
		"none":           "",
		"only commas":    ",,",
		"a passphrase":   "correct horse battery staple",
		"too short":      base64.StdEncoding.EncodeToString(raw[:31]),
		"too long":       base64.StdEncoding.EncodeToString(append(raw, 0)),
		"hexadecimal":    strings.Repeat("ab", 32),
		"a second one":   good + ",!!!canary!!!",
		"a trailing one": good + ",",
		"one twice":      good + "," + good,
	} {
		_, err := intake.NewVault(intake.NewSecret(keys))
		require.Error(t, err, name)
		for part := range strings.SplitSeq(keys, ",") {
			if part != "" {
				require.NotContains(t, err.Error(), part, name)
			}
		}
		require.NotContains(t, err.Error(), "canary")
	}
	another := intake.NewMasterKey()
	require.NotEqual(t, good, another)
}
