package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

const (
	// holderPatience is how long a process may say nothing before it is taken for dead.
	holderPatience = 15 * time.Second
	// deadHolderAge is when it is no longer spoken of.
	deadHolderAge = time.Hour
)

// KeyState is what a master key is for.
type KeyState string

// A key opens from when it is added until it is disabled; one at a time seals.
const (
	KeyAdded    KeyState = "ADDED"
	KeyPrimary  KeyState = "PRIMARY"
	KeyDisabled KeyState = "DISABLED"
)

// KeysError says that the master keys of this process do not fit the database; its text says what to do.
type KeysError struct{ text string }

// Error implements error.
func (e *KeysError) Error() string { return e.text }

// ErrKeyRefused is in every error that says why a key cannot be promoted or forgotten.
var ErrKeyRefused = errors.New("refused")

// errLacking is ErrKeyRefused because a process lacks the key.
var errLacking = fmt.Errorf("%w: a process lacks the key", ErrKeyRefused)

// KeyHolder is this process, as one of those that hold keys.
type KeyHolder struct {
	s       *Service
	process uuid.UUID
	name    string
	// complaint is what was last complained of, so that it is not repeated every two seconds.
	complaint string
}

// JoinVault makes this process, under a name for people, one of those that hold keys. From then on it seals with
// the key that the database names; in a fresh database that is the first of its own. A *KeysError says that a
// key is missing under which something may be sealed. Keep must be called soon.
func (s *Service) JoinVault(ctx context.Context, name string) (*KeyHolder, error) {
	h := &KeyHolder{s: s, process: uuid.New(), name: name}
	err := s.beginAcross(ctx, "join vault", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockVault(ctx); err != nil {
			return fmt.Errorf("wait for the vault: %w", err)
		}
		if err := q.ForgetDeadHolders(ctx, deadHolderAge); err != nil {
			return fmt.Errorf("forget the dead: %w", err)
		}
		keys, err := s.noteKeys(ctx, q)
		if err != nil {
			return err
		}
		if err := s.refuseMissing(ctx, tx, keys); err != nil {
			return err
		}
		if _, found := primaryOf(keys); !found {
			id, err := firstUsable(s.vault.Keys(), keys)
			if err != nil {
				return err
			}
			if err := s.makePrimary(ctx, tx, q, keys, id); err != nil {
				return err
			}
			if keys, err = vaultKeys(ctx, q); err != nil {
				return err
			}
		}
		return h.hold(ctx, q, keys)
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// noteKeys makes the keys at hand known and returns all that are known.
func (s *Service) noteKeys(ctx context.Context, q *dbgen.Queries) ([]dbgen.VaultKey, error) {
	keys, err := vaultKeys(ctx, q)
	if err != nil {
		return nil, err
	}
	fresh := false
	for _, id := range s.vault.Keys() {
		if _, known := keyOf(keys, id); !known {
			fresh = true
			if err := q.NoteVaultKey(ctx, int64(id)); err != nil {
				return nil, fmt.Errorf("note key %s: %w", id, err)
			}
		}
	}
	if !fresh {
		return keys, nil
	}
	return vaultKeys(ctx, q)
}

func vaultKeys(ctx context.Context, q *dbgen.Queries) ([]dbgen.VaultKey, error) {
	keys, err := q.VaultKeys(ctx)
	return keys, wrap("read the vault's keys", err)
}

func keyOf(keys []dbgen.VaultKey, id KeyID) (dbgen.VaultKey, bool) {
	i := slices.IndexFunc(keys, func(k dbgen.VaultKey) bool { return k.ID == int64(id) })
	if i < 0 {
		return dbgen.VaultKey{}, false
	}
	return keys[i], true
}

func primaryOf(keys []dbgen.VaultKey) (KeyID, bool) {
	for _, k := range keys {
		if k.State == string(KeyPrimary) {
			return keyID(k.ID), true
		}
	}
	return 0, false
}

// keyID is an id as the database keeps it.
func keyID(id int64) KeyID { return KeyID(id) } //nolint:gosec // the table allows no other

// needed reports whether something may be sealed under a key.
func needed(k dbgen.VaultKey) bool { return k.State != string(KeyDisabled) && k.PromotedAt != nil }

// unused reports whether a key is new: it was never the one that seals.
func unused(k dbgen.VaultKey) bool { return k.State == string(KeyAdded) && k.PromotedAt == nil }

func (s *Service) refuseMissing(ctx context.Context, tx pgx.Tx, keys []dbgen.VaultKey) error {
	var missing []string
	for _, k := range keys {
		id := keyID(k.ID)
		if !needed(k) || s.vault.holds(id) {
			continue
		}
		n, err := sealedWith(ctx, tx, id)
		if err != nil {
			return err
		}
		missing = append(missing, fmt.Sprintf("key %s is missing, under which %d values are sealed: put it back beside the others, "+
			"or, if it is lost, give up what it sealed with `renkei keys forget %s`", id, n, id))
	}
	if missing != nil {
		return &KeysError{strings.Join(missing, "; ")}
	}
	return nil
}

func firstUsable(held []KeyID, keys []dbgen.VaultKey) (KeyID, error) {
	for _, id := range held {
		if k, _ := keyOf(keys, id); k.State != string(KeyDisabled) {
			return id, nil
		}
	}
	return 0, &KeysError{"every key is disabled: put a new one first (`renkei keys new`)"}
}

// makePrimary makes a key the one that seals, and has it all re-sealed that others sealed.
func (s *Service) makePrimary(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, keys []dbgen.VaultKey, id KeyID) error {
	if err := q.DemoteVaultKeys(ctx); err != nil {
		return fmt.Errorf("demote the key that seals: %w", err)
	}
	if _, err := q.PromoteVaultKey(ctx, int64(id)); err != nil {
		return fmt.Errorf("promote key %s: %w", id, err)
	}
	old := slices.DeleteFunc(slices.Clone(keys), func(k dbgen.VaultKey) bool { return !needed(k) || k.ID == int64(id) })
	for _, k := range old {
		if err := q.StartReseal(ctx, dbgen.StartResealParams{KeyID: k.ID, Within: resealSilence}); err != nil {
			return fmt.Errorf("prepare re-sealing: %w", err)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return wrap("queue re-sealing", s.queue.Reseal(ctx, tx))
}

// hold seals with the key that the database names, and says which keys this process holds.
func (h *KeyHolder) hold(ctx context.Context, q *dbgen.Queries, keys []dbgen.VaultKey) error {
	h.s.vault.giveUp(keys)
	if err := h.s.sealAsTold(keys); err != nil {
		return err
	}
	held := h.s.vault.Keys()
	ids := make([]int64, len(held))
	for i, id := range held {
		ids[i] = int64(id)
	}
	return wrap("say which keys are held", q.HoldVaultKeys(ctx, dbgen.HoldVaultKeysParams{
		Process: h.process, Name: h.name, KeyIds: ids, SealsWith: int64(h.s.vault.sealsWith()),
	}))
}

// sealAsTold seals with the key that the database names, where it is at hand. Otherwise, the old one serves until
// it is disabled; a process can come to this when it was silent for so long that nobody waited for it.
func (s *Service) sealAsTold(keys []dbgen.VaultKey) error {
	id, found := primaryOf(keys)
	if !found {
		return nil
	}
	_, err := s.vault.sealWith(id)
	return err
}

// Keep says every few seconds which keys this process holds, seals with the key that the database names, reads a key
// file again that has changed, and promotes the first key once every process has it. It returns when ctx ends.
func (h *KeyHolder) Keep(ctx context.Context) {
	ticker := time.NewTicker(h.s.settings.KeyBeat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			h.leave(ctx)
			return
		case <-ticker.C:
		}
		if err := h.Refresh(ctx); ctx.Err() == nil {
			h.complain(err)
		}
	}
}

// complain logs a trouble once, however often it comes.
func (h *KeyHolder) complain(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != h.complaint {
		h.s.log.Warn().Err(err).Msg("the vault's keys need looking after")
	}
	h.complaint = text
}

// leave says that this process holds nothing any more.
func (h *KeyHolder) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverTimeout)
	defer cancel()
	err := h.s.beginAcross(ctx, "leave vault", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error { return q.LeaveVault(ctx, h.process) })
	if err != nil {
		// It is taken for dead soon.
		h.s.log.Debug().Err(err).Msg("cannot say that the keys are held no more")
	}
}

// Refresh is one turn of Keep. An error says what an operator should look after; the keys at hand stay.
func (h *KeyHolder) Refresh(ctx context.Context) error {
	// First of all it says that it lives: a KMS may take its time over a file that has changed.
	err := h.beat(ctx)
	before := h.s.vault.Keys()
	missing, errFile := h.s.vault.reload(ctx)
	if errFile != nil {
		errFile = fmt.Errorf("read the keys again: %w", errFile)
	}
	for _, id := range missing {
		h.s.log.Warn().Stringer("key", id).Msg("a key has gone from the key file: it stays at hand until this process ends")
	}
	if !slices.Equal(before, h.s.vault.Keys()) {
		err = h.beat(ctx)
	}
	return errors.Join(errFile, err)
}

// beat says that this process lives and which keys it holds, and does what the database has for it.
func (h *KeyHolder) beat(ctx context.Context) error {
	var next, primary KeyID
	wanted := false
	err := h.s.beginAcross(ctx, "hold vault keys", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		keys, err := h.s.noteKeys(ctx, q)
		if err != nil {
			return err
		}
		if err := h.hold(ctx, q, keys); err != nil {
			return err
		}
		next = h.s.vault.Keys()[0]
		first, _ := keyOf(keys, next)
		wanted = unused(first)
		due, err := q.TakeDueReseals(ctx, resealSilence)
		if err != nil {
			return fmt.Errorf("look for re-sealing to go on with: %w", err)
		}
		if due > 0 {
			return wrap("queue re-sealing", h.s.queue.Reseal(ctx, tx))
		}
		primary, _ = primaryOf(keys)
		return nil
	})
	switch {
	case err != nil:
		return err
	case wanted:
		return h.promoteFirst(ctx, next)
	case primary != 0 && !h.s.vault.holds(primary):
		// It was silent for so long that nobody waited for it, or its file was changed back.
		return fmt.Errorf("this process lacks key %s, which seals: what others seal it cannot open", primary)
	}
	return nil
}

// promoteFirst makes this process' first key the one that seals, unless somebody lacks it yet.
func (h *KeyHolder) promoteFirst(ctx context.Context, id KeyID) error {
	_, err := h.s.PromoteKey(ctx, Promotion{Key: &id})
	if errors.Is(err, errLacking) {
		h.s.log.Debug().Err(err).Msg("the first key waits for every process to have it")
		return nil
	}
	if err != nil {
		return err
	}
	h.s.log.Info().Stringer("key", id).Msg("the first key seals from now on")
	return h.s.beginAcross(ctx, "promote first key", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		keys, err := vaultKeys(ctx, q)
		if err != nil {
			return err
		}
		return h.hold(ctx, q, keys)
	})
}
