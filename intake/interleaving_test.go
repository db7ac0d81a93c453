package intake_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// TestHoweverTheWorkInterleavesEachApplicationIsThereOnce runs programs of random steps, one step after the other,
// and looks after each whether everything adds up. A program is the same for the same seed.
func TestHoweverTheWorkInterleavesEachApplicationIsThereOnce(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	const programs, steps = 24, 60
	var mu sync.Mutex
	done := make(map[string]int)
	t.Cleanup(func() { t.Logf("done in %d programs: %v", programs, done) })
	for n := range programs {
		t.Run(fmt.Sprintf("program %d", n), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			w := newWitnessedWorld(t, b, rand.New(rand.NewPCG(seed, uint64(2*n))))
			w.steady = true
			random := rand.New(rand.NewPCG(seed, uint64(2*n+1)))
			var program []string
			for range steps {
				program = append(program, w.act(t.Context(), random))
				for _, err := range w.errs {
					require.NoError(t, err, "seed %d: %s", seed, program)
				}
				require.NoError(t, w.wrong(t.Context()), "seed %d: %s", seed, program)
			}
			w.requireNobodyWhoIsGone(t)
			mu.Lock()
			defer mu.Unlock()
			for name, n := range w.done {
				done[name] += n
			}
		})
	}
}

// TestHoweverTheWorkRunsAtOnceEachApplicationIsThereOnce is the same with eight hands at once.
func TestHoweverTheWorkRunsAtOnceEachApplicationIsThereOnce(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	b := setup(t)
	const hands, steps = 8, 100
	b.crowded(t, 3*hands)
	w := newWitnessedWorld(t, b, rand.New(rand.NewPCG(seed, 1<<32)))
	onlooker := newOnlooker(t, func() error { return b.anyOf(t.Context(), witnessed) })
	var wg sync.WaitGroup
	for hand := range hands {
		random := rand.New(rand.NewPCG(seed, uint64(hand)))
		wg.Go(func() {
			for range steps {
				w.act(t.Context(), random)
				onlooker.acted()
			}
		})
	}
	wg.Wait()
	onlooker.requireNothingWrong(t)
	for _, err := range w.errs {
		require.NoError(t, err, "seed %d", seed)
	}
	require.NoError(t, w.wrong(t.Context()), "seed %d", seed)
	w.requireNobodyWhoIsGone(t)
	b.requireNoDeadlock(t)
	t.Logf("done: %v", w.done)
}

// witness notes by itself who comes in and who is erased, which the tables do not say afterwards.
const witness = `
	CREATE SCHEMA witness;
	CREATE TABLE witness.came (medium text, person text, external_id text, entry_id uuid, run_id uuid, file_id uuid, state text);
	CREATE TABLE witness.gone (medium text, person text, candidate_id uuid);
	CREATE FUNCTION witness.comes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
	BEGIN
		INSERT INTO witness.came SELECT NEW.medium, c.external_person_id, NEW.external_id, NEW.id, NEW.run_id, NEW.file_import_id, NEW.state
		FROM public.candidates c WHERE c.company_id = NEW.company_id AND c.id = NEW.candidate_id;
		RETURN NULL;
	END $$;
	CREATE FUNCTION witness.goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
	BEGIN
		INSERT INTO witness.gone VALUES (OLD.medium, OLD.external_person_id, OLD.id);
		RETURN NULL;
	END $$;
	CREATE TRIGGER witness AFTER INSERT ON inbox_entries FOR EACH ROW EXECUTE FUNCTION witness.comes();
	CREATE TRIGGER witness AFTER DELETE ON candidates FOR EACH ROW EXECUTE FUNCTION witness.goes();`

// witnessed are the invariants that take a witness, with all others.
var witnessed = func() map[string]string {
	all := map[string]string{
		"whoever came in stays, once, until they are erased": `
			SELECT w.external_id FROM (SELECT DISTINCT medium, person, external_id FROM witness.came) w
			WHERE NOT EXISTS (SELECT FROM witness.gone g WHERE (g.medium, g.person) = (w.medium, w.person))
			  AND 1 <> (SELECT count(*) FROM inbox_entries e JOIN candidates c ON c.company_id = e.company_id AND c.id = e.candidate_id
			            WHERE e.medium = w.medium AND c.external_person_id = w.person AND e.external_id = w.external_id)`,
		"nobody comes in twice": `
			SELECT w.external_id FROM witness.came w GROUP BY w.medium, w.person, w.external_id HAVING count(*) > 1`,
		"who was erased is not there, and does not come again": `
			SELECT g.person FROM witness.gone g JOIN candidates c ON c.medium = g.medium AND c.external_person_id = g.person
			UNION ALL SELECT g.person FROM witness.gone g JOIN applications a ON a.candidate_id = g.candidate_id
			UNION ALL SELECT g.person FROM witness.gone g JOIN inbox_entries e ON e.candidate_id = g.candidate_id
			UNION ALL SELECT g.person FROM witness.gone g JOIN candidate_search s ON s.candidate_id = g.candidate_id
			UNION ALL SELECT g.person FROM witness.gone g JOIN dismissed_duplicates d ON g.candidate_id IN (d.candidate_id, d.other_id)
			UNION ALL SELECT g.person FROM witness.gone g JOIN candidate_merges m ON g.candidate_id = ANY(ARRAY[m.into_id, m.from_id] || m.moved)
			UNION ALL SELECT w.person FROM witness.gone g JOIN witness.came w USING (medium, person) JOIN routing_decisions d ON d.entry_id = w.entry_id`,
		"a run's numbers are of those who came in": `
			SELECT r.id::text FROM import_runs r
			WHERE (r.imported, r.routed, r.waiting) <> (
				SELECT count(*), count(*) FILTER (WHERE w.state = 'ROUTED'), count(*) FILTER (WHERE w.state = 'WAITING') FROM witness.came w WHERE w.run_id = r.id)`,
		"a file's numbers are of those who came in": `
			SELECT f.id::text FROM file_imports f
			WHERE (f.imported, f.routed, f.waiting) <> (
				SELECT count(*), count(*) FILTER (WHERE w.state = 'ROUTED'), count(*) FILTER (WHERE w.state = 'WAITING') FROM witness.came w WHERE w.file_id = f.id)`,
	}
	maps.Copy(all, invariants)
	return all
}()

// newWitnessedWorld is a world that has begun: its logins are linked and have brought some in, and half of the
// positions have a rule.
func newWitnessedWorld(t *testing.T, b *testBundle, moods *rand.Rand) *world {
	t.Helper()
	b.exec(t, witness)
	w := newWorld(t, b, moods)
	w.calm = true
	accounts, err := b.svc.Accounts(t.Context(), b.actor, nil)
	require.NoError(t, err)
	for _, account := range accounts {
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	}
	for i := range 2 {
		b.rule(t, w.positions[i], w.openings[i].ID)
		require.Equal(t, intake.RunSucceeded, b.importNext(t, accounts[i].ID).Status)
	}
	w.calm = false
	// Looking for what is wrong is faster when Postgres knows how little there is.
	b.exec(t, "ANALYZE candidates, inbox_entries, applications, selection_events, routing_decisions, events, import_runs, medium_accounts, candidate_search")
	return w
}

// wrong says what does not hold.
func (w *world) wrong(ctx context.Context) error {
	if err := w.b.anyOf(ctx, witnessed); err != nil {
		return err
	}
	return w.missing(ctx)
}

// missing says whom a page or a file that was stored has not brought in, but for those who were erased.
func (w *world) missing(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.files {
		found, err := w.b.svc.FileImportsByID(ctx, w.b.actor, []uuid.UUID{f.id})
		if err != nil {
			return err
		}
		if found[f.id].Status == intake.FileSucceeded {
			for _, a := range f.applications {
				w.given[a] = true
			}
		}
	}
	var media, people, ids []string
	for a := range w.given {
		media, people, ids = append(media, string(a.medium)), append(people, a.person), append(ids, a.externalID)
	}
	rows, err := w.b.pool.Query(ctx, `
		SELECT g.medium || ' ' || g.external_id FROM (
			SELECT unnest($1::text[]) AS medium, unnest($2::text[]) AS person, unnest($3::text[]) AS external_id) g
		WHERE (g.medium, g.person) NOT IN (SELECT medium, person FROM witness.gone)
		  AND NOT EXISTS (
			SELECT FROM inbox_entries e JOIN candidates c ON c.company_id = e.company_id AND c.id = e.candidate_id
			WHERE e.medium = g.medium AND c.external_person_id = g.person AND e.external_id = g.external_id)`, media, people, ids)
	if err != nil {
		return fmt.Errorf("look for who is missing: %w", err)
	}
	lost, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("these were taken in and are not there: %s", lost)
	}
	return err
}

// requireNobodyWhoIsGone searches every column of every table for the names of those who were erased.
func (w *world) requireNobodyWhoIsGone(t *testing.T) {
	t.Helper()
	// Of one medium; on another the same name is somebody else.
	rows, err := w.b.pool.Query(t.Context(), `
		SELECT DISTINCT g.person FROM witness.gone g
		WHERE NOT EXISTS (SELECT FROM candidates c WHERE c.external_person_id = g.person)`)
	require.NoError(t, err)
	gone, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	if len(gone) == 0 {
		return
	}
	names := regexp.MustCompile("(" + strings.Join(gone, "|") + `)([^0-9]|$)`)
	for table, contents := range w.b.everything(t) {
		require.NotRegexp(t, names, contents, table)
	}
}
