package db

import (
	"context"

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
