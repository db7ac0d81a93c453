package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	// masterKeyBytes is the size of a master key.
	masterKeyBytes = 32
	// wrapContext is what a wrapped key is bound to, so that nothing else of the same KMS passes for one.
	wrapContext = "renkei master key"
	// kmsPatience is how long a KMS may take to answer.
	kmsPatience = 10 * time.Second
)

// KeyID names a master key. It is made from the key, and tells nothing about it.
type KeyID uint32

// String is the id as people see it: 8 hexadecimal digits.
func (id KeyID) String() string { return fmt.Sprintf("%08x", uint32(id)) }

// ParseKeyID reads what String writes.
func ParseKeyID(text string) (KeyID, error) {
	id, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(text) != 8 {
		return 0, fmt.Errorf("%q is not a key's id: 8 hexadecimal digits", text)
	}
	return KeyID(id), nil
}

// masterKey is a key, ready for Tink.
type masterKey struct {
	id  KeyID
	key *aesgcm.Key
}

// keyEntry is a key as it is written down, and where, for people.
type keyEntry struct {
	place string
	text  string
}

func newKeyBytes() []byte {
	key := make([]byte, masterKeyBytes)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(key)
	return key
}

// NewMasterKey makes a master key: base64 of 32 random bytes.
func NewMasterKey() string { return base64.StdEncoding.EncodeToString(newKeyBytes()) }

// NewWrappedKey makes a master key that only the KMS can read: the URI of the KMS' own key, #, and base64 of
// what the KMS made of it.
func NewWrappedKey(ctx context.Context, kmsURI string) (string, error) {
	if strings.ContainsAny(kmsURI, "#, \t\n") {
		return "", errors.New("the URI of a KMS has no #, no comma and no space")
	}
	key := newKeyBytes()
	wrapped, err := askKMS(ctx, kmsURI, kmsPatience, func(ctx context.Context, kms tink.AEADWithContext) ([]byte, error) {
		return kms.EncryptWithContext(ctx, key, []byte(wrapContext))
	})
	if err != nil {
		return "", fmt.Errorf("wrap a key: %w", err)
	}
	return kmsURI + "#" + base64.StdEncoding.EncodeToString(wrapped), nil
}

// parseKeys reads keys in their order. Its errors name a key by its place and quote none.
func parseKeys(ctx context.Context, entries []keyEntry, patience time.Duration) ([]masterKey, error) {
	keys := make([]masterKey, 0, len(entries))
	places := make(map[KeyID]string, len(entries))
	for _, e := range entries {
		raw, err := e.bytes(ctx, patience)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.place, err)
		}
		key, err := newKey(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.place, err)
		}
		if twice, found := places[key.id]; found {
			return nil, fmt.Errorf("%s: key %s again, as %s", e.place, key.id, twice)
		}
		places[key.id] = e.place
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("no key in it; `renkei keys new` makes one")
	}
	return keys, nil
}

// bytes are the key itself, which a KMS may have to be asked for.
func (e keyEntry) bytes(ctx context.Context, patience time.Duration) ([]byte, error) {
	text := strings.TrimSpace(e.text)
	uri, encoded, wrapped := strings.Cut(text, "#")
	if !wrapped || !strings.Contains(uri, "://") {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) != masterKeyBytes {
			// The decoder's own error would quote the key.
			return nil, errors.New("not base64 of 32 bytes; `renkei keys new` makes one")
		}
		return raw, nil
	}
	sealed, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, errors.New("behind the # there is no base64; `renkei keys new --kms URI` makes a wrapped key")
	}
	raw, err := askKMS(ctx, uri, patience, func(ctx context.Context, kms tink.AEADWithContext) ([]byte, error) {
		return kms.DecryptWithContext(ctx, sealed, []byte(wrapContext))
	})
	if err != nil {
		return nil, fmt.Errorf("unwrap the key: %w", err)
	}
	if len(raw) != masterKeyBytes {
		return nil, fmt.Errorf("the KMS unwrapped %d bytes, where a key has %d", len(raw), masterKeyBytes)
	}
	return raw, nil
}

func newKey(raw []byte) (masterKey, error) {
	params, err := aesgcm.NewParameters(aesgcm.ParametersOpts{
		KeySizeInBytes: masterKeyBytes, IVSizeInBytes: 12, TagSizeInBytes: 16, Variant: aesgcm.VariantTink,
	})
	if err != nil {
		return masterKey{}, fmt.Errorf("describe key: %w", err)
	}
	// The id stands before what a key sealed, so that it is found again without trying: it must come
	// from the key itself.
	sum := sha256.Sum256(append([]byte("renkei master key id:"), raw...))
	id := binary.BigEndian.Uint32(sum[:4])
	key, err := aesgcm.NewKey(secretdata.NewBytesFromData(raw, insecuresecretdataaccess.Token{}), id, params)
	if err != nil {
		return masterKey{}, fmt.Errorf("make key: %w", err)
	}
	return masterKey{id: KeyID(id), key: key}, nil
}

// askKMS asks the KMS of a URI, and does not wait for one that says nothing: Tink's own interface knows no
// deadline.
func askKMS(ctx context.Context, uri string, patience time.Duration, ask func(context.Context, tink.AEADWithContext) ([]byte, error)) ([]byte, error) {
	client, err := registry.GetKMSClient(uri)
	if err != nil {
		scheme, _, _ := strings.Cut(uri, "://")
		return nil, fmt.Errorf("no KMS is known for %s://", scheme)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	type answer struct {
		bytes []byte
		err   error
	}
	answered := make(chan answer, 1)
	// It ends when the KMS answers, or with ctx where the client heeds that.
	go func() {
		primitive, err := client.GetAEAD(uri)
		if err != nil {
			answered <- answer{err: err}
			return
		}
		kms, heeds := primitive.(tink.AEADWithContext)
		if !heeds {
			kms = heedless{primitive}
		}
		bytes, err := ask(ctx, kms)
		answered <- answer{bytes, err}
	}()
	select {
	case a := <-answered:
		if a.err != nil && ctx.Err() == nil {
			return nil, fmt.Errorf("%s refuses: %w", uri, a.err)
		}
		if a.err == nil {
			return a.bytes, nil
		}
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%s does not answer within %s", uri, patience)
}

// heedless is a KMS whose client knows no context.
type heedless struct{ tink.AEAD }

// EncryptWithContext implements tink.AEADWithContext.
func (h heedless) EncryptWithContext(_ context.Context, plain, associated []byte) ([]byte, error) {
	return h.Encrypt(plain, associated)
}

// DecryptWithContext implements tink.AEADWithContext.
func (h heedless) DecryptWithContext(_ context.Context, sealed, associated []byte) ([]byte, error) {
	return h.Decrypt(sealed, associated)
}
