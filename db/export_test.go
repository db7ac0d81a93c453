package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// MigrateTo migrates as far as a version.
func MigrateTo(ctx context.Context, pool *pgxpool.Pool, version int64) error {
	provider, closeProvider, err := newProvider(pool)
	if err != nil {
		return err
	}
	defer closeProvider()
	_, err = provider.UpTo(ctx, version)
	return err
}

// SetPatience shortens how long a server may be silent.
func (w *Watchdog) SetPatience(d time.Duration) { w.patience = d }
