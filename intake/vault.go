package intake

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"renkei/db/dbgen"
)

// reloadPatience is how long it may take to read the keys again, however many of them a KMS has wrapped: a process
// that says nothing for holderPatience is taken for dead.
const reloadPatience = 5 * time.Second

// errSealed says that no key at hand opens what was sealed.
var errSealed = errors.New("no master key at hand opens this")

// Vault seals what must not be read off the database: passwords and sessions. It is Tink's AES-GCM;
// what is sealed for one company, account and field opens for no other.
//
// By itself it seals with the first of its keys. Once its process has joined the others (JoinVault), it
// seals with the one that the database names.
type Vault struct {
	source KeySource
	// changing is held by whoever changes the ring.
	changing sync.Mutex
	ring     atomic.Pointer[keyRing]
	// disabled are the keys that were disabled when the database was last asked.
	disabled atomic.Pointer[[]KeyID]
}

// keyRing is the keys at hand. It never changes; another takes its place.
type keyRing struct {
	// written is what the source held when the keys were read off it.
	written Secret
	keys    []masterKey
	seals   KeyID
	aead    tink.AEAD
}

// NewVault reads comma-separated master keys. The first seals, all open.
func NewVault(masterKeys Secret) (*Vault, error) {
	return OpenVault(context.Background(), KeysInText(masterKeys))
}

// OpenVault reads the master keys from where they are written down, and asks a KMS for those that it wrapped.
// The first seals, all open.
func OpenVault(ctx context.Context, source KeySource) (*Vault, error) {
	v := &Vault{source: source}
	written, err := source.read()
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(ctx, source.entries(written), source.KMSPatience)
	if err != nil {
		return nil, err
	}
	ring, err := newRing(written, keys, keys[0].id)
	if err != nil {
		return nil, err
	}
	v.ring.Store(ring)
	return v, nil
}

func newRing(written Secret, keys []masterKey, seals KeyID) (*keyRing, error) {
	manager := keyset.NewManager()
	for _, k := range keys {
		if _, err := manager.AddKey(k.key); err != nil {
			return nil, fmt.Errorf("take key %s: %w", k.id, err)
		}
	}
	if err := manager.SetPrimary(uint32(seals)); err != nil {
		return nil, fmt.Errorf("seal with key %s: %w", seals, err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("put keys together: %w", err)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("put keys together: %w", err)
	}
	return &keyRing{written: written, keys: keys, seals: seals, aead: primitive}, nil
}

// Keys are the ids of the keys at hand, in the order in which they are written down.
func (v *Vault) Keys() []KeyID { return v.ring.Load().ids() }

func (r *keyRing) ids() []KeyID {
	ids := make([]KeyID, len(r.keys))
	for i, k := range r.keys {
		ids[i] = k.id
	}
	return ids
}

// sealsWith is the key that seals.
func (v *Vault) sealsWith() KeyID { return v.ring.Load().seals }

// holds reports whether a key is at hand.
func (v *Vault) holds(id KeyID) bool { return slices.Contains(v.Keys(), id) }

// giveUp learns which keys are disabled.
func (v *Vault) giveUp(keys []dbgen.VaultKey) {
	var disabled []KeyID
	for _, k := range keys {
		if k.State == string(KeyDisabled) {
			disabled = append(disabled, keyID(k.ID))
		}
	}
	v.disabled.Store(&disabled)
}

// lost reports whether a key was given up and is not at hand. One that is only missing may still be put back.
func (v *Vault) lost(id KeyID) bool {
	disabled := v.disabled.Load()
	return disabled != nil && slices.Contains(*disabled, id) && !v.holds(id)
}

// sealWith makes a key the one that seals. It reports whether the key is at hand.
func (v *Vault) sealWith(id KeyID) (bool, error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	ring := v.ring.Load()
	if ring.seals == id || !slices.Contains(ring.ids(), id) {
		return ring.seals == id, nil
	}
	next, err := newRing(ring.written, ring.keys, id)
	if err != nil {
		return false, err
	}
	v.ring.Store(next)
	return true, nil
}

// reload reads the keys again where what is written down has changed, and returns those that are written down
// no more. They stay at hand: something may still be sealed under them.
func (v *Vault) reload(ctx context.Context) (missing []KeyID, err error) {
	written, err := v.source.read()
	if err != nil || written.Reveal() == v.ring.Load().written.Reveal() {
		return nil, err
	}
	// Nobody waits for the KMS but who asks it.
	ctx, cancel := context.WithTimeout(ctx, reloadPatience)
	defer cancel()
	keys, err := parseKeys(ctx, v.source.entries(written), min(v.source.KMSPatience, reloadPatience))
	if err != nil {
		return nil, err
	}
	v.changing.Lock()
	defer v.changing.Unlock()
	ring := v.ring.Load()
	for _, k := range ring.keys {
		if !slices.ContainsFunc(keys, func(n masterKey) bool { return n.id == k.id }) {
			keys, missing = append(keys, k), append(missing, k.id)
		}
	}
	next, err := newRing(written, keys, ring.seals)
	if err != nil {
		return nil, err
	}
	v.ring.Store(next)
	return missing, nil
}

// Seal encrypts value for one field of one account.
func (v *Vault) Seal(value Secret, companyID, accountID uuid.UUID, field string) ([]byte, error) {
	sealed, err := v.ring.Load().aead.Encrypt([]byte(value.Reveal()), associated(companyID, accountID, field))
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
	value, err := v.ring.Load().aead.Decrypt(sealed, associated(companyID, accountID, field))
	if err != nil {
		return Secret{}, fmt.Errorf("open %s, sealed under key %s: %w: %w", field, sealedUnder(sealed), errSealed, err)
	}
	return NewSecret(string(value)), nil
}

// sealedUnder names the key that a value bears, for people. The database has a function of the same name.
func sealedUnder(sealed []byte) string {
	if len(sealed) <= 5 || sealed[0] != 1 {
		return "unknown"
	}
	return KeyID(binary.BigEndian.Uint32(sealed[1:])).String()
}

func associated(companyID, accountID uuid.UUID, field string) []byte {
	return []byte(companyID.String() + ":" + accountID.String() + ":" + field)
}
