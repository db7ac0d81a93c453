package intake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ponderingKMS says when it is asked, and nothing else.
type ponderingKMS struct{ asked chan struct{} }

func (ponderingKMS) Supported(uri string) bool { return uri == "pondering-kms://key" }

func (k ponderingKMS) GetAEAD(string) (tink.AEAD, error) { return k, nil }

func (ponderingKMS) Encrypt([]byte, []byte) ([]byte, error) { return nil, errors.ErrUnsupported }

func (ponderingKMS) Decrypt([]byte, []byte) ([]byte, error) { return nil, errors.ErrUnsupported }

func (ponderingKMS) EncryptWithContext(context.Context, []byte, []byte) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

func (k ponderingKMS) DecryptWithContext(ctx context.Context, _, _ []byte) ([]byte, error) {
	close(k.asked)
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestAnotherKeySealsWhileAKMSPonders(t *testing.T) {
	t.Parallel()
	kms := ponderingKMS{make(chan struct{})}
	registry.RegisterKMSClient(kms)
	keys := NewMasterKey() + "\n" + NewMasterKey() + "\n"
	path := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(path, []byte(keys), 0o600))
	v, err := OpenVault(t.Context(), KeysInFile(path))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(keys+"pondering-kms://key#AAAA\n"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	reloaded := make(chan error, 1)
	go func() {
		_, err := v.reload(ctx)
		reloaded <- err
	}()
	select {
	case <-kms.asked:
	case <-time.After(30 * time.Second):
		require.FailNow(t, "nobody asked the KMS")
	}
	seals, err := v.sealWith(v.Keys()[1])
	require.NoError(t, err)
	require.True(t, seals)
	cancel()
	require.ErrorIs(t, <-reloaded, context.Canceled, "it was still waiting")
	require.Equal(t, v.Keys()[1], v.sealsWith())
}
