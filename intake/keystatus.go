package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// VaultKey is a key as the database knows it.
type VaultKey struct {
	ID    KeyID
	State KeyState
	// Used tells whether the key ever was the one that seals.
	Used  bool
	Added time.Time
	// Sealed is how many values are sealed under the key.
	Sealed int64
	// Reseal is nil where nothing had or has to be sealed anew.
	Reseal *KeyReseal
}

// KeyReseal is how far the re-sealing of what a key sealed has come.
type KeyReseal struct {
	Done, Unreadable int64
	Started          time.Time
	Finished         *time.Time
}

// HolderStatus is a process that lives, and what it holds.
type HolderStatus struct {
	Name      string
	Keys      []KeyID
	SealsWith KeyID
}

// VaultStatus is all that is known of the keys; never a key itself.
type VaultStatus struct {
	Keys    []VaultKey
	Holders []HolderStatus
}

// Needed reports whether something may be sealed under the key.
func (k VaultKey) Needed() bool { return k.State != KeyDisabled && k.Used }

// VaultStatus returns what is known of the keys, in the order in which they were added.
func (s *Service) VaultStatus(ctx context.Context) (VaultStatus, error) {
	return s.lookAtVault(ctx, countSealed)
}

// VaultOutline is VaultStatus without the counts of what is sealed, which take their time in a large database.
func (s *Service) VaultOutline(ctx context.Context) (VaultStatus, error) {
	return s.lookAtVault(ctx, func(context.Context, pgx.Tx) (map[KeyID]int64, error) { return map[KeyID]int64{}, nil })
}

func (s *Service) lookAtVault(ctx context.Context, count func(context.Context, pgx.Tx) (map[KeyID]int64, error)) (VaultStatus, error) {
	var status VaultStatus
	err := s.beginAcross(ctx, "look at vault", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		keys, err := vaultKeys(ctx, q)
		if err != nil {
			return err
		}
		sealed, err := count(ctx, tx)
		if err != nil {
			return err
		}
		reseals, err := q.Reseals(ctx)
		if err != nil {
			return fmt.Errorf("read re-sealing: %w", err)
		}
		holders, err := q.VaultHolders(ctx, holderPatience)
		if err != nil {
			return fmt.Errorf("read who holds keys: %w", err)
		}
		status = vaultStatus(keys, sealed, reseals, holders)
		return nil
	})
	return status, err
}

func vaultStatus(keys []dbgen.VaultKey, sealed map[KeyID]int64, reseals []dbgen.VaultReseal, holders []dbgen.VaultHolder) VaultStatus {
	var status VaultStatus
	for _, k := range keys {
		id := keyID(k.ID)
		key := VaultKey{ID: id, State: KeyState(k.State), Used: k.PromotedAt != nil, Added: k.AddedAt, Sealed: sealed[id]}
		for _, r := range reseals {
			if r.KeyID == k.ID {
				key.Reseal = &KeyReseal{Done: r.Resealed, Unreadable: r.Unreadable, Started: r.StartedAt, Finished: r.FinishedAt}
			}
		}
		status.Keys = append(status.Keys, key)
	}
	for _, h := range holders {
		holder := HolderStatus{Name: h.Name, SealsWith: keyID(h.SealsWith)}
		for _, id := range h.KeyIds {
			holder.Keys = append(holder.Keys, keyID(id))
		}
		status.Holders = append(status.Holders, holder)
	}
	return status
}
