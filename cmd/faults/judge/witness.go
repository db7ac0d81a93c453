package judge

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// witnesses are triggers that write down, in a schema of their own, who did what when: a row says how things stand, and
// not how they came to.
//
//go:embed witness.sql
var witnesses string

// Install has a migrated database watched from the inside. Whoever writes is known by the application_name of their
// connection.
func Install(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // what matters is committed
	if _, err := conn.Exec(ctx, witnesses); err != nil {
		return fmt.Errorf("install witnesses: %w", err)
	}
	return nil
}

// Watcher looks from the outside for runs that are RUNNING with nobody at work.
type Watcher struct {
	mu    sync.Mutex
	seen  Watched
	stop  context.CancelFunc
	ended chan struct{}
}

// Watched is what was seen.
type Watched struct {
	// Longest is the longest time for which a run was RUNNING with nobody at work, while the database answered.
	Longest time.Duration
	// Looks is how often it was looked and something seen; Err is why nothing was at the last time.
	Looks int
	Err   error
}

const lookEvery = 200 * time.Millisecond

// Watch begins to look; Watched ends it.
func Watch(ctx context.Context, url string) *Watcher {
	ctx, stop := context.WithCancel(ctx)
	w := &Watcher{stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		w.look(ctx, url)
	}()
	return w
}

// Watched stops looking and returns what was seen.
func (w *Watcher) Watched() Watched {
	w.stop()
	<-w.ended
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

func (w *Watcher) look(ctx context.Context, url string) {
	var conn *pgx.Conn
	alone := map[string]time.Time{}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			if conn != nil {
				_ = conn.Close(context.WithoutCancel(ctx)) // it was only read from
			}
			return
		case <-ticker.C:
		}
		ids, err := ownerless(ctx, url, &conn)
		if ctx.Err() == nil {
			w.note(err)
		}
		if err != nil {
			// While the database is away nobody can take anything over.
			clear(alone)
			continue
		}
		w.compare(alone, ids)
	}
}

func (w *Watcher) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen.Err = err; err == nil {
		w.seen.Looks++
	}
}

func ownerless(ctx context.Context, url string, conn **pgx.Conn) (ids []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if *conn == nil || (*conn).IsClosed() {
		if *conn, err = pgx.Connect(ctx, url); err != nil {
			*conn = nil
			return nil, err
		}
	}
	rows, err := (*conn).Query(ctx, `SELECT u.id::text FROM import_runs u JOIN medium_accounts a ON a.company_id = u.company_id AND a.id = u.account_id
		WHERE u.status = 'RUNNING' AND (a.lease_until IS NULL OR a.lease_until < now())`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (w *Watcher) compare(alone map[string]time.Time, ids []string) {
	now, still := time.Now(), map[string]bool{}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		still[id] = true
		if _, known := alone[id]; !known {
			alone[id] = now
		}
		w.seen.Longest = max(w.seen.Longest, now.Sub(alone[id]))
	}
	for id := range alone {
		if !still[id] {
			delete(alone, id)
		}
	}
}
