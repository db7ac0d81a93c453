package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// Promotion says which key is to seal.
type Promotion struct {
	// Key is nil for the one that was added last.
	Key *KeyID
	// Held are keys of which whoever asks knows that they are not lost.
	Held []KeyID
}

// PromoteKey makes a new key the one that seals and has everything else sealed anew in the background. It is
// refused, with ErrKeyRefused and the names of the processes, while one that lives lacks the key.
func (s *Service) PromoteKey(ctx context.Context, p Promotion) (KeyID, error) {
	var id KeyID
	err := s.beginAcross(ctx, "promote key", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockVault(ctx); err != nil {
			return fmt.Errorf("wait for the vault: %w", err)
		}
		keys, err := vaultKeys(ctx, q)
		if err != nil {
			return err
		}
		if id, err = p.choose(keys); err != nil {
			return err
		}
		holders, err := q.VaultHolders(ctx, holderPatience)
		if err != nil {
			return fmt.Errorf("read who holds keys: %w", err)
		}
		if lacking := lack(holders, id); lacking != nil {
			return fmt.Errorf("%w %s: %s", errLacking, id, strings.Join(lacking, ", "))
		}
		if len(holders) == 0 && !slices.Contains(p.Held, id) {
			return fmt.Errorf("%w: nobody is there who has key %s", ErrKeyRefused, id)
		}
		return s.makePrimary(ctx, tx, q, keys, id)
	})
	return id, err
}

func (p Promotion) choose(keys []dbgen.VaultKey) (KeyID, error) {
	if p.Key == nil {
		for _, k := range slices.Backward(keys) {
			if unused(k) {
				return keyID(k.ID), nil
			}
		}
		return 0, fmt.Errorf("%w: there is no new key; `renkei keys rotate` makes one", ErrKeyRefused)
	}
	k, known := keyOf(keys, *p.Key)
	switch {
	case !known:
		return 0, fmt.Errorf("%w: nobody has ever had key %s", ErrKeyRefused, *p.Key)
	case !unused(k):
		return 0, fmt.Errorf("%w: key %s is not new; `renkei keys rotate` makes one", ErrKeyRefused, *p.Key)
	}
	return *p.Key, nil
}

// lack are the names of those who do not hold a key.
func lack(holders []dbgen.VaultHolder, id KeyID) []string {
	var names []string
	for _, h := range holders {
		if !slices.Contains(h.KeyIds, int64(id)) {
			names = append(names, h.Name)
		}
	}
	return names
}

// AddKeys makes keys known that nobody may hold yet.
func (s *Service) AddKeys(ctx context.Context, ids ...KeyID) error {
	return s.beginAcross(ctx, "add keys", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		for _, id := range ids {
			if err := q.NoteVaultKey(ctx, int64(id)); err != nil {
				return fmt.Errorf("note key %s: %w", id, err)
			}
		}
		return nil
	})
}

// Loss is what is given up with a key.
type Loss struct {
	// Values is how many values it sealed.
	Values int64
	// Erased is how many erased people are known no more: the medium's applications of theirs, when they are read
	// anew, come in again.
	Erased int64
}

// ForgetKey disables a key that is lost, and gives up what is sealed under it. Companies whose own key is among that
// get another when they next need one. It is refused, with ErrKeyRefused, while a process holds the key.
func (s *Service) ForgetKey(ctx context.Context, id KeyID) (Loss, error) {
	var loss Loss
	err := s.beginAcross(ctx, "forget key", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockVault(ctx); err != nil {
			return fmt.Errorf("wait for the vault: %w", err)
		}
		holders, err := q.VaultHolders(ctx, holderPatience)
		if err != nil {
			return fmt.Errorf("read who holds keys: %w", err)
		}
		for _, h := range holders {
			if slices.Contains(h.KeyIds, int64(id)) {
				return fmt.Errorf("%w: key %s is not lost: %s holds it", ErrKeyRefused, id, h.Name)
			}
		}
		n, err := q.DisableVaultKey(ctx, int64(id))
		if err != nil {
			return fmt.Errorf("disable key %s: %w", id, err)
		}
		if n == 0 {
			return fmt.Errorf("%w: there is no key %s, or it is disabled already", ErrKeyRefused, id)
		}
		if err := q.FinishReseal(ctx, int64(id)); err != nil {
			return fmt.Errorf("end re-sealing: %w", err)
		}
		if loss.Values, err = sealedWith(ctx, tx, id); err != nil {
			return err
		}
		loss.Erased, err = giveUpCompanyKeys(ctx, q, id)
		return err
	})
	return loss, err
}

// giveUpCompanyKeys removes the companies' keys that a lost one sealed, and the tombstones that were made with them,
// which match nobody any more; it returns how many those are.
func giveUpCompanyKeys(ctx context.Context, q *dbgen.Queries, id KeyID) (int64, error) {
	companies, err := q.GiveUpCompanyKeys(ctx, int64(id))
	if err != nil {
		return 0, fmt.Errorf("give up companies' keys: %w", err)
	}
	n, err := q.GiveUpTombstones(ctx, companies)
	return n, wrap("give up tombstones", err)
}
