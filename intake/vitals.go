package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// Vitals are figures over all companies, for operators. They name nobody.
type Vitals struct {
	Accounts map[LinkStatus]int
	// Stale counts the linked accounts without an import for longer than an interval and a half, and none under way.
	Stale int
	// DueLag is how long ago the import was due that has waited longest to be taken.
	DueLag time.Duration
	// Waiting counts 未振り分け; OldestWaiting is how long the first of them has waited, as incidents count it.
	Waiting       int
	OldestWaiting time.Duration
	Keys          map[KeyState]int
	// Incidents counts those that are open.
	Incidents map[IncidentKind]int
	// ResealsUnfinished counts the keys that something is still sealed under and should not be.
	ResealsUnfinished int
	// ReadOnly: the database takes no changes.
	ReadOnly bool
}

// Vitals reads the figures, and gives up after seconds rather than hold up a busy database. It reads each account once:
// do not ask all the time.
func (s *Service) Vitals(ctx context.Context) (Vitals, error) {
	v := Vitals{Accounts: make(map[LinkStatus]int), Keys: make(map[KeyState]int), Incidents: make(map[IncidentKind]int)}
	for _, status := range []LinkStatus{StatusUnlinked, StatusVerifying, StatusLinked, StatusAuthFailed, StatusSystemError} {
		v.Accounts[status] = 0
	}
	for _, kind := range incidentKinds {
		v.Incidents[kind] = 0
	}
	err := s.beginAcross(ctx, "read vitals", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.VitalsWithin(ctx); err != nil {
			return fmt.Errorf("bound the figures' time: %w", err)
		}
		accounts, err := q.AccountVitals(ctx, s.settings.ImportInterval*3/2)
		if err != nil {
			return fmt.Errorf("count accounts: %w", err)
		}
		for _, a := range accounts {
			v.Accounts[LinkStatus(a.Status)] = int(a.Accounts)
			v.Stale += int(a.Stale)
		}
		keys, err := q.KeyVitals(ctx)
		if err != nil {
			return fmt.Errorf("count keys: %w", err)
		}
		for _, k := range keys {
			v.Keys[KeyState(k.State)] = int(k.Keys)
		}
		incidents, err := q.OpenIncidents(ctx)
		if err != nil {
			return fmt.Errorf("count incidents: %w", err)
		}
		for _, i := range incidents {
			v.Incidents[IncidentKind(i.Kind)] = int(i.Incidents)
		}
		row, err := q.Vitals(ctx)
		if err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		v.DueLag, v.OldestWaiting = max(0, seconds(row.DueLag)), max(0, seconds(row.OldestWaiting))
		v.Waiting, v.ResealsUnfinished, v.ReadOnly = int(row.Waiting), int(row.ResealsUnfinished), row.ReadOnly
		return nil
	})
	return v, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
