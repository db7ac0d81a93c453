package db_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"renkei/db"
	"renkei/db/dbtest"
)

func TestAPoolerIsFoundOutWhereTheServerIsExpected(t *testing.T) {
	t.Parallel()
	target := dbtest.URL(t)
	login := dbtest.Login(t, target)
	pooled := dbtest.Pooler(t, login)
	_, err := db.Open(t.Context(), pooled, 1)
	require.ErrorIs(t, err, db.ErrPooler, "it refuses a session's role")
	_, err = db.OpenOwner(t.Context(), pooled, 1)
	require.ErrorIs(t, err, db.ErrPooler)
	_, err = db.Migrate(t.Context(), pooled)
	require.ErrorIs(t, err, db.ErrPooler)

	deaf := make(chan bool, 100)
	listener := &db.Listener{URL: pooled, Channel: "x", Heard: func(string) {}, Connected: func(now bool) { deaf <- now }, Log: zerolog.Nop()}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- listener.Run(ctx) }()
	require.False(t, await(t, deaf), "it would hear nothing")
	stop()
	require.ErrorIs(t, await(t, ended), context.Canceled)

	_, err = db.OpenPooled(t.Context(), target, 1)
	require.ErrorIs(t, err, db.ErrPoolerRole, "nothing would keep the login within the walls between two transactions")
	require.ErrorContains(t, err, "SET role = 'renkei_app' on the server")
	for url, pooler := range map[string]bool{pooled: true, login: false, target + "&role=renkei_app": false} {
		pool, err := db.OpenPooled(t.Context(), url, 1)
		require.NoError(t, err)
		reached, err := db.Reach(t.Context(), pool)
		pool.Close()
		require.NoError(t, err)
		require.Equal(t, pooler, reached.Pooler)
	}
}

func TestBehindAPoolerEveryTransactionIsTheProgramWithinItsTimes(t *testing.T) {
	t.Parallel()
	owner := dbtest.New(t)
	_, err := owner.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	login := dbtest.Login(t, owner.Config().ConnString())
	pool, err := db.OpenPooled(t.Context(), dbtest.Pooler(t, login), 8)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	one, other := uuid.MustParse("10000000-0000-0000-0000-000000000001"), uuid.MustParse("10000000-0000-0000-0000-000000000002")

	const who = "SELECT current_user || ' ' || current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')"
	read := func(row pgx.Row) (s string) {
		require.NoError(t, row.Scan(&s))
		return s
	}
	require.Equal(t, "renkei_app 30s 6s", read(db.Within(pool, one).QueryRow(t.Context(), who)))
	require.Equal(t, "renkei_keeper 30s 6s", read(db.Across(pool).QueryRow(t.Context(), who)))
	for _, mode := range []db.Mode{db.ReadWrite, db.Snapshot} {
		require.NoError(t, db.BeginWithin(t.Context(), pool, one, mode, func(tx pgx.Tx) error {
			require.Equal(t, "renkei_app 30s 6s", read(tx.QueryRow(t.Context(), who)))
			return nil
		}))
	}
	require.NoError(t, db.BeginAcross(t.Context(), pool, func(tx pgx.Tx) error {
		require.Equal(t, "renkei_keeper 30s 6s", read(tx.QueryRow(t.Context(), who)))
		return nil
	}))
	between := read(pool.QueryRow(t.Context(), who))
	require.Contains(t, between, "renkei_app ", "within the walls, and of no company")
	require.NotContains(t, between, "30s", "nothing of it stays with the session")

	require.NoError(t, db.CheckSchema(t.Context(), pool), "what belongs to no company is read between two transactions")
	require.NoError(t, db.CheckVersion(t.Context(), pool))
	_, err = db.ReadQueue(t.Context(), pool)
	require.NoError(t, err)
	require.NoError(t, db.CheckWalls(t.Context(), pool))

	// Four of the server's connections, eight of ours, two companies: nobody sees the other's rows.
	var seen atomic.Int64
	group, ctx := errgroup.WithContext(t.Context())
	for i := range 8 {
		id := []uuid.UUID{one, other}[i%2]
		group.Go(func() error {
			for range 100 {
				rows, err := db.Within(pool, id).Query(ctx, "SELECT company_id FROM members WHERE name <> $1", "x")
				if err != nil {
					return err
				}
				ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
				if err != nil {
					return err
				}
				for _, found := range ids {
					require.Equal(t, id, found)
					seen.Add(1)
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	require.Positive(t, seen.Load())
}

func TestAConnectionThatTurnsOutReadOnlyIsLeft(t *testing.T) {
	t.Parallel()
	pool, err := db.OpenOwner(t.Context(), dbtest.URL(t), 1)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	// As if another server had been promoted in its place.
	_, err = pool.Exec(t.Context(), "SET default_transaction_read_only = on")
	require.NoError(t, err)
	const change = "CREATE TABLE changed ()"
	_, err = pool.Exec(t.Context(), change)
	require.ErrorContains(t, err, "25006")
	require.Eventually(t, func() bool {
		_, err := pool.Exec(t.Context(), change)
		return err == nil
	}, 5*time.Second, 10*time.Millisecond, "the next one is new")
}
