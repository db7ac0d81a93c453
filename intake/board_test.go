package intake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// crowd puts n applications to an opening straight into the tables: a tenth under way, spread over the steps, some
// at the same instant.
func (b *testBundle) crowd(t *testing.T, opening intake.Opening, n int) {
	t.Helper()
	b.asOwner(t, `INSERT INTO applications (company_id, candidate_id, opening_id, step_id, outcome, applied_at)
		SELECT $1, gen_random_uuid(), $2, s.id, CASE WHEN n % 10 = 0 THEN 'IN_PROGRESS' WHEN n % 97 = 0 THEN 'ROUTING_UNDONE' WHEN n % 3 = 0 THEN 'WITHDRAWN' ELSE 'REJECTED' END,
		       '2026-01-01T00:00:00Z'::timestamptz + (n / 3) * interval '1 minute'
		FROM generate_series(1, $3::int) n JOIN selection_steps s ON s.company_id = $1 AND s.opening_id = $2 AND s.position = 1 + (n * 7 % 64) / 8`,
		b.actor.Company.ID, opening.ID, n)
	b.exec(t, "VACUUM ANALYZE applications")
}

func TestAPageOfAColumnIsWhatTheWholeListHoldsThere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	b.crowd(t, opening, 2000)
	b.crowd(t, b.opening(t, "開発"), 300)
	var columns []intake.ColumnPage
	for _, column := range b.counts(t, opening.ID).Board(intake.OutcomeWithdrawn) {
		want := b.listed(t, opening, &column.Step.ID, new(intake.OutcomeWithdrawn))
		require.Len(t, want, column.Count)
		page := intake.ColumnPage{OpeningID: opening.ID, StepID: column.Step.ID, Outcome: column.Outcome, Keyset: intake.Keyset{First: 30}}
		columns = append(columns, page)
		var got []uuid.UUID
		for {
			found, err := b.svc.ColumnPages(t.Context(), b.actor, []intake.ColumnPage{page})
			require.NoError(t, err)
			rows := found[page]
			for _, a := range rows[:min(len(rows), 30)] {
				got = append(got, a.ID)
			}
			if len(rows) <= 30 {
				break
			}
			page.Keyset.After = intake.PlaceOf(rows[29].AppliedAt, rows[29].ID)
		}
		require.Equal(t, want, got)
	}
	found, err := b.svc.ColumnPages(t.Context(), b.actor, columns)
	require.NoError(t, err)
	for _, c := range columns {
		alone, err := b.svc.ColumnPages(t.Context(), b.actor, []intake.ColumnPage{c})
		require.NoError(t, err)
		require.Equal(t, alone[c], found[c], "together as alone")
	}
	_, err = b.svc.ColumnPages(t.Context(), b.actor, []intake.ColumnPage{{Keyset: intake.Keyset{After: "x"}}})
	require.ErrorIs(t, err, intake.ErrBadCursor)
	theirs, err := b.svc.ColumnPages(t.Context(), b.company(t, "別の会社"), columns)
	require.NoError(t, err)
	require.Empty(t, theirs)
}

// listed are the ids of an opening's applications as plain SQL has them.
func (b *testBundle) listed(t *testing.T, o intake.Opening, step *uuid.UUID, outcome *intake.SelectionOutcome) []uuid.UUID {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), `SELECT id FROM applications WHERE opening_id = $1 AND ($2::uuid IS NULL OR step_id = $2)
		AND CASE WHEN $3::text IS NULL THEN outcome <> 'ROUTING_UNDONE' ELSE outcome = $3 END ORDER BY applied_at DESC, id DESC`, o.ID, step, (*string)(outcome))
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(t, err)
	return ids
}

func TestApplicationsNarrowedByStepAndOutcomeAreReadByTheIndexInPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	const applications = 10_000
	b.crowd(t, opening, applications)
	b.crowd(t, b.opening(t, "開発"), 1000)
	ears := &overheard{}
	config := b.program.Config()
	config.ConnConfig.Tracer, config.MaxConns = ears, 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	listening := *b
	listening.program = pool
	svc := listening.process(b.source)
	step, underWay, undone := b.steps(t, opening.ID)[4].ID, intake.OutcomeInProgress, intake.OutcomeRoutingUndone
	for name, f := range map[string]intake.ApplicationFilter{
		"an opening's under way": {OpeningID: &opening.ID, Outcome: &underWay},
		"a step":                 {StepID: &step},
		"an opening's step":      {OpeningID: &opening.ID, StepID: &step},
		"a step's under way":     {OpeningID: &opening.ID, StepID: &step, Outcome: &underWay},
		"what was taken back":    {OpeningID: &opening.ID, Outcome: &undone},
	} {
		want := b.listed(t, opening, f.StepID, f.Outcome)
		ears.name = "ApplicationsOnSteps"
		after := ""
		for from := 0; from < min(len(want), 300); from += 20 {
			found, err := svc.Applications(t.Context(), b.actor, f, intake.Keyset{First: 20, After: after})
			require.NoError(t, err, name)
			require.Len(t, found, min(21, len(want)-from), name)
			for i, a := range found {
				require.Equal(t, want[from+i], a.ID, name)
			}
			last := found[min(19, len(found)-1)]
			after = intake.PlaceOf(last.AppliedAt, last.ID)
		}
		n, err := svc.CountApplications(t.Context(), b.actor, f)
		require.NoError(t, err)
		require.Len(t, want, n, name)
		require.Less(t, looked(t, pool, b, ears), 2000, "%s: rows looked at of %d", name, applications)
	}
	ears.name = "ApplicationsInColumns"
	_, err = svc.ColumnPages(t.Context(), b.actor, []intake.ColumnPage{{OpeningID: opening.ID, StepID: step, Outcome: underWay, Keyset: intake.Keyset{First: 20}}})
	require.NoError(t, err)
	require.Less(t, looked(t, pool, b, ears), 100)
}

// looked is how many rows of applications the statement last heard looks at.
func looked(t *testing.T, pool *pgxpool.Pool, b *testBundle, ears *overheard) int {
	t.Helper()
	var explained []byte
	require.NoError(t, db.Within(pool, b.actor.Company.ID).QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+ears.sql, ears.args...).Scan(&explained))
	var plans []struct{ Plan plan }
	require.NoError(t, json.Unmarshal(explained, &plans))
	return plans[0].Plan.rowsOf("applications")
}

func (p plan) rowsOf(table string) int {
	n := 0
	if p.Relation == table {
		n = int((p.Rows + p.Removed) * p.Loops)
	}
	for _, child := range p.Plans {
		n += child.rowsOf(table)
	}
	return n
}

// history is written once: the program may not change a line, but seal its note.
func TestTheHistoryOfASelectionCannotBeWrittenAnewByTheProgram(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.selected(t)
	rows, err := b.pool.Query(t.Context(), "SELECT attname FROM pg_attribute WHERE attrelid = 'selection_events'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY 1")
	require.NoError(t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, columns, "reasons")
	for _, column := range columns {
		_, err := db.Within(b.program, b.actor.Company.ID).Exec(t.Context(), fmt.Sprintf("UPDATE selection_events SET %[1]s = %[1]s", column))
		if column == "note" || column == "sealed_note" {
			require.NoError(t, err, column)
			continue
		}
		require.ErrorContains(t, err, "permission denied", column)
	}
	_, err = db.Within(b.program, b.actor.Company.ID).Exec(t.Context(), "TRUNCATE selection_events")
	require.ErrorContains(t, err, "permission denied")
}

// recruiters is how many work one board at once.
const recruiters = 50

// recruiter does anything to a hundred applications at two openings, as often as not having read them before.
type recruiter struct {
	b        *testBundle
	random   *rand.Rand
	ids      []uuid.UUID
	openings []intake.Opening
	steps    map[uuid.UUID][]intake.SelectionStep
	// done counts the changes that were told to have been made, one for each application.
	done *atomic.Int64
}

func (r *recruiter) act(t *testing.T) error {
	t.Helper()
	ctx, actor := t.Context(), r.b.actor
	found, err := r.b.svc.ApplicationsByID(ctx, actor, r.ids)
	if err != nil {
		return err
	}
	a := found[r.ids[r.random.IntN(len(r.ids))]]
	// With a note, a move to where somebody stands is a change too.
	c := intake.Change{ID: a.ID, Note: new("面談した")}
	if r.random.IntN(2) == 0 {
		c.ExpectedRevision = &a.Revision
	}
	step := r.steps[a.OpeningID][r.random.IntN(8)].ID
	switch k := r.random.IntN(12); {
	case k < 4:
		return r.one(r.b.svc.MoveApplication(ctx, actor, c, step))
	case k < 6:
		return r.one(r.b.svc.CloseApplication(ctx, actor, c, intake.OutcomeRejected))
	case k < 8:
		return r.one(r.b.svc.ReopenApplication(ctx, actor, c))
	case k < 10:
		return r.one(r.b.svc.RerouteApplication(ctx, actor, c, r.openings[r.random.IntN(2)].ID))
	}
	bulk := r.beside(a, found)
	if r.random.IntN(3) == 0 {
		return r.many(r.b.svc.CloseApplications(ctx, actor, bulk, intake.OutcomeWithdrawn))
	}
	return r.many(r.b.svc.MoveApplications(ctx, actor, bulk, step))
}

// beside are up to 20 that stood with one when they were read, in any order.
func (r *recruiter) beside(a intake.Application, found map[uuid.UUID]intake.Application) intake.BulkChange {
	bulk := intake.BulkChange{Note: new("まとめて連絡した")}
	for _, other := range found {
		if other.OpeningID == a.OpeningID && other.StepID == a.StepID && len(bulk.Applications) < 20 {
			named := intake.ApplicationRevision{ID: other.ID}
			if r.random.IntN(4) > 0 {
				named.ExpectedRevision = &other.Revision
			}
			bulk.Applications = append(bulk.Applications, named)
		}
	}
	return bulk
}

func (r *recruiter) one(_ intake.Application, err error) error {
	if err == nil {
		r.done.Add(1)
	}
	return err
}

func (r *recruiter) many(result intake.BulkResult, err error) error {
	r.done.Add(int64(len(result.Applications)))
	return err
}

func TestFiftyRecruitersOnOneSelectionBoardLoseNothingAndDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, all := b.pipeline(t, 100)
	openings := []intake.Opening{b.seats(t, opening, new(40)), b.seats(t, b.opening(t, "開発"), new(30))}
	var done atomic.Int64
	ids := make([]uuid.UUID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	steps := map[uuid.UUID][]intake.SelectionStep{openings[0].ID: b.steps(t, openings[0].ID), openings[1].ID: b.steps(t, openings[1].ID)}
	onlooker := newOnlooker(t, func() error {
		counts, err := b.svc.CountsByOpening(t.Context(), b.actor, []uuid.UUID{openings[0].ID, openings[1].ID})
		if err != nil {
			return err
		}
		if n := counts[openings[0].ID].Total() + counts[openings[1].ID].Total(); n != len(ids) {
			return fmt.Errorf("%d are counted", n)
		}
		return b.broken(t.Context())
	})
	errs := make([]error, recruiters)
	var wg sync.WaitGroup
	for n := range recruiters {
		r := &recruiter{b: b, random: rand.New(rand.NewPCG(uint64(n), 7)), ids: ids, openings: openings, steps: steps, done: &done}
		wg.Go(func() {
			for range 12 {
				if err := r.act(t); err != nil && !isUserError(err) {
					errs[n] = err
					return
				}
				onlooker.acted()
			}
		})
	}
	wg.Wait()
	onlooker.requireNothingWrong(t)
	for _, err := range errs {
		if refusal, is := errors.AsType[*pgconn.PgError](err); is {
			require.NoError(t, err, "%s %s", refusal.Code, refusal.Detail)
		}
		require.NoError(t, err)
	}
	require.Equal(t, int(done.Load()), b.number(t, "SELECT count(*) - 100 FROM selection_events"), "a line for each change that somebody was told of")
	require.Equal(t, int(done.Load()), b.number(t, "SELECT sum(revision) - 100 FROM applications"))
	require.Greater(t, int(done.Load()), recruiters)
	for _, c := range []intake.Opening{openings[0], openings[1]} {
		for _, s := range b.counts(t, c.ID) {
			require.Equal(t, s.Count(), b.number(t, "SELECT count(*) FROM applications WHERE step_id = $1", s.Step.ID))
			require.Equal(t, s.InProgress(), b.number(t, "SELECT count(*) FROM applications WHERE step_id = $1 AND outcome = 'IN_PROGRESS'", s.Step.ID))
		}
	}
	b.requireInvariants(t)
}
