package intake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// masterKeyBytes is the size of a master key.
const masterKeyBytes = 32

// errSealed says that no key at hand opens what was sealed.
var errSealed = errors.New("no key of RENKEI_MASTER_KEYS opens this")

// Vault seals what must not be read off the database: passwords and sessions. It is Tink's AES-GCM;
// what is sealed for one company, account and field opens for no other.
type Vault struct{ aead tink.AEAD }

// NewMasterKey makes a master key: base64 of 32 random bytes.
func NewMasterKey() string {
	key := make([]byte, masterKeyBytes)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}

// NewVault reads comma-separated master keys. The first seals, all open.
func NewVault(masterKeys Secret) (*Vault, error) {
	manager := keyset.NewManager()
	for i, encoded := range strings.Split(masterKeys.Reveal(), ",") {
		key, err := parseMasterKey(encoded)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		id, err := manager.AddKey(key)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		if i == 0 {
			if err := manager.SetPrimary(id); err != nil {
				return nil, fmt.Errorf("key 1: %w", err)
			}
		}
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("put keys together: %w", err)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("put keys together: %w", err)
	}
	return &Vault{aead: primitive}, nil
}

func parseMasterKey(encoded string) (*aesgcm.Key, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil || len(raw) != masterKeyBytes {
		// The decoder's own error would quote the key.
		return nil, errors.New("not base64 of 32 bytes; `renkei keys new` makes one")
	}
	params, err := aesgcm.NewParameters(aesgcm.ParametersOpts{
		KeySizeInBytes: masterKeyBytes, IVSizeInBytes: 12, TagSizeInBytes: 16, Variant: aesgcm.VariantTink,
	})
	if err != nil {
		return nil, fmt.Errorf("describe key: %w", err)
	}
	// The id stands before what a key sealed, so that it is found again without trying: it must come
	// from the key itself.
	sum := sha256.Sum256(append([]byte("renkei master key id:"), raw...))
	id := binary.BigEndian.Uint32(sum[:4])
	return aesgcm.NewKey(secretdata.NewBytesFromData(raw, insecuresecretdataaccess.Token{}), id, params)
}

// Seal encrypts value for one field of one account.
func (v *Vault) Seal(value Secret, companyID, accountID uuid.UUID, field string) ([]byte, error) {
	sealed, err := v.aead.Encrypt([]byte(value.Reveal()), associated(companyID, accountID, field))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return sealed, nil
}

// Open decrypts what Seal sealed for the same field of the same account. An empty input is the zero
// Secret.
func (v *Vault) Open(sealed []byte, companyID, accountID uuid.UUID, field string) (Secret, error) {
	if len(sealed) == 0 {
		return Secret{}, nil
	}
	value, err := v.aead.Decrypt(sealed, associated(companyID, accountID, field))
	if err != nil {
		return Secret{}, fmt.Errorf("open %s: %w: %w", field, errSealed, err)
	}
	return NewSecret(string(value)), nil
}

func associated(companyID, accountID uuid.UUID, field string) []byte {
	return []byte(companyID.String() + ":" + accountID.String() + ":" + field)
}
