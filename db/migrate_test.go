package db_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
)

func TestProcessesThatMigrateAtOnceTakeTurns(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := dbtest.Empty(t)
	pool, err := db.OpenOwner(ctx, url, 2)
	require.NoError(t, err)
	t.Cleanup(pool.Close)

	require.ErrorIs(t, db.CheckSchema(ctx, pool), db.ErrSchemaBehind)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() { _, errs[i] = db.Migrate(ctx, url) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.NoError(t, db.CheckSchema(ctx, pool))
	again, err := db.Migrate(ctx, url)
	require.NoError(t, err)
	require.Empty(t, again)
}
