package intake_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// TestWhateverHappensTheInvariantsHold lets several hands do anything at once to one company, then looks
// whether everything adds up. The seed is printed; RENKEI_TEST_SEED repeats one.
func TestWhateverHappensTheInvariantsHold(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	b := setup(t)
	w := newWorld(t, b, rand.New(rand.NewPCG(seed, 1<<32)))
	const hands, acts = 6, 130
	onlooker := newOnlooker(t, func() error { return b.broken(t.Context()) })
	var wg sync.WaitGroup
	for hand := range hands {
		random := rand.New(rand.NewPCG(seed, uint64(hand)))
		wg.Go(func() {
			for range acts {
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
	b.requireInvariants(t)
	t.Logf("%d entries, %d applications, %d runs, %d events, done: %v", b.number(t, "SELECT count(*) FROM inbox_entries"),
		b.number(t, "SELECT count(*) FROM applications"), b.number(t, "SELECT count(*) FROM import_runs"), b.number(t, "SELECT count(*) FROM events"), w.done)

	// Whatever was left behind is taken up again, and ends.
	b.exec(t, "UPDATE medium_accounts SET wake_at = now() - interval '1 hour' WHERE wake_at IS NOT NULL")
	b.exec(t, "UPDATE medium_accounts SET lease_until = clock_timestamp() - interval '1 second' WHERE lease_until IS NOT NULL")
	w.calm = true
	_, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	accounts, err := b.svc.Accounts(t.Context(), b.actor, nil)
	require.NoError(t, err)
	for range 2 { // a verification, then the import behind it
		for _, account := range accounts {
			task := b.task(t, account.ID)
			require.NoError(t, b.svc.Verify(t.Context(), task))
			require.NoError(t, b.svc.Import(t.Context(), task))
		}
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM import_runs WHERE status IN ('QUEUED', 'RUNNING')"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM medium_accounts WHERE status = 'VERIFYING' OR lease_owner IS NOT NULL"))
	b.requireInvariants(t)
}

// testSeed is a new seed, printed, or the one in RENKEI_TEST_SEED.
func testSeed(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("RENKEI_TEST_SEED"); given != "" {
		var err error
		seed, err = strconv.ParseUint(given, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("RENKEI_TEST_SEED=%d", seed)
	return seed
}

// world is a company with a few logins, positions and openings, and a medium with all kinds of moods.
type world struct {
	b         *testBundle
	emails    []string
	positions []string
	openings  []intake.Opening
	// calm: the medium works.
	calm bool
	// steady: no process is told to stop in the middle of a task, which would hang on the clock.
	steady bool

	mu    sync.Mutex
	moods *rand.Rand
	errs  []error
	done  map[string]int
	// given are the applications of the pages that were stored.
	given map[application]bool
	files []givenFile
}

// application is one, as its medium knows it.
type application struct {
	medium             intake.Medium
	person, externalID string
}

// givenFile is a file that was taken in, with the applications in it that can come in.
type givenFile struct {
	id           uuid.UUID
	applications []application
}

func newWorld(t *testing.T, b *testBundle, moods *rand.Rand) *world {
	t.Helper()
	w := &world{b: b, moods: moods, emails: []string{"a@example.com", "b@example.com", "c@example.com"}, positions: []string{"営業", "開発", "経理", "デザイナー"}, done: make(map[string]int), given: make(map[application]bool)}
	for _, name := range w.positions {
		w.openings = append(w.openings, b.seats(t, b.opening(t, name), new(8)))
	}
	for _, email := range w.emails {
		b.register(t, email)
	}
	b.source.verify = w.verify
	b.source.read = w.read
	return w
}

func (w *world) mood() error {
	if w.calm {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch k := w.moods.IntN(60); {
	case k == 0:
		return trouble(intake.FailureInvalidCredentials)
	case k < 4:
		return trouble(intake.FailureMediumUnavailable)
	case k < 6:
		return trouble(intake.FailureUnexpectedResponse)
	}
	return nil
}

func (w *world) verify(context.Context, intake.Credentials) (intake.Secret, error) {
	return intake.NewSecret("session"), w.mood()
}

// read gives the same 120 applications to every account, from the cursor on, a few at a time.
func (w *world) read(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		const last = 120
		from, _ := strconv.Atoi(since.Cursor)
		page := intake.Page{Cursor: since.Cursor}
		for _, id := range since.Again {
			n, _ := strconv.Atoi(id)
			page.Applications = append(page.Applications, w.applied(n))
		}
		for n := from + 1; n <= min(last, from+30); n++ {
			switch {
			case n%17 == 0:
				page.Hidden = append(page.Hidden, strconv.Itoa(n))
			case n%23 == 0:
				page.Invalid = append(page.Invalid, intake.SourceInvalid{ExternalID: strconv.Itoa(n), Reason: intake.InvalidValue, Detail: "x"})
			default:
				page.Applications = append(page.Applications, w.applied(n))
			}
			page.Cursor = strconv.Itoa(n)
			if len(page.Applications) >= 5 {
				if err := w.mood(); err != nil {
					yield(intake.Page{}, err)
					return
				}
				if !w.give(page, yield) {
					return
				}
				page = intake.Page{Cursor: page.Cursor}
			}
		}
		w.give(page, yield)
	}
}

// give hands a page over. Who asks for more has stored it.
func (w *world) give(page intake.Page, yield func(intake.Page, error) bool) bool {
	if !yield(page, nil) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range page.Applications {
		w.given[application{intake.MediumWantedly, a.Person.ExternalID, a.ExternalID}] = true
	}
	return true
}

func (w *world) applied(n int) intake.SourceApplication {
	return appliedBy(n, fmt.Sprint("person-", n%40), w.positions[n%len(w.positions)])
}

// act does one thing at random, and says which. Being refused is no error; anything else is.
func (w *world) act(ctx context.Context, random *rand.Rand) string {
	pick := func(n int) int { return random.IntN(n) }
	acts := []struct {
		name   string
		weight int
		do     func() error
	}{
		{"register", 3, func() error {
			_, err := w.b.svc.Register(ctx, w.b.actor, w.b.registration(w.emails[pick(len(w.emails))]))
			return err
		}},
		{"verify", 5, func() error { return w.work(ctx, random, w.b.svc.Verify) }},
		{"import", 8, func() error { return w.work(ctx, random, w.b.svc.Import) }},
		{"importNow", 3, func() error {
			return w.onAccount(ctx, random, func(a intake.MediumAccount) error { _, _, err := w.b.svc.ImportNow(ctx, w.b.actor, a.ID); return err })
		}},
		{"stop", 1, func() error {
			return w.onAccount(ctx, random, func(a intake.MediumAccount) error { _, err := w.b.svc.Stop(ctx, w.b.actor, a.ID); return err })
		}},
		{"sweep", 2, func() error {
			_, err := w.b.pool.Exec(ctx, "UPDATE medium_accounts SET next_import_at = now() WHERE status = 'LINKED' AND id = (SELECT id FROM medium_accounts ORDER BY random() LIMIT 1)")
			if err == nil {
				_, err = w.b.svc.Sweep(ctx)
			}
			return err
		}},
		{"die", 1, func() error {
			_, err := w.b.pool.Exec(ctx, "UPDATE medium_accounts SET lease_until = clock_timestamp() - interval '1 second' WHERE lease_owner IS NOT NULL")
			if err == nil {
				_, err = w.b.pool.Exec(ctx, "UPDATE file_imports SET lease_until = clock_timestamp() - interval '1 second' WHERE lease_owner IS NOT NULL")
			}
			if err == nil {
				_, err = w.b.svc.Revive(ctx)
			}
			return err
		}},
		{"file", 4, func() error { return w.upload(ctx, random) }},
		{"work file", 2, func() error { return w.workFile(ctx, random, w.someFile(random)) }},
		{"cancel file", 1, func() error {
			f := w.someFile(random)
			if f == uuid.Nil {
				return nil
			}
			_, err := w.b.svc.CancelFileImport(ctx, w.b.actor, f)
			return err
		}},
		{"createRule", 3, func() error {
			_, _, err := w.b.svc.CreateRule(ctx, w.b.actor, w.ruleInput(random))
			return err
		}},
		{"updateRule", 2, func() error {
			return w.onRule(ctx, random, func(r intake.RoutingRule) error {
				_, _, err := w.b.svc.UpdateRule(ctx, w.b.actor, r.ID, w.ruleInput(random), &r.Revision)
				return err
			})
		}},
		{"deleteRule", 2, func() error {
			return w.onRule(ctx, random, func(r intake.RoutingRule) error { return w.b.svc.DeleteRule(ctx, w.b.actor, r.ID) })
		}},
		{"route", 4, func() error {
			return w.onEntry(ctx, random, intake.StateWaiting, func(e intake.InboxEntry) error {
				_, err := w.b.svc.RouteEntry(ctx, w.b.actor, e.ID, w.openings[pick(len(w.openings))].ID)
				return err
			})
		}},
		{"exclude", 4, func() error {
			return w.onEntry(ctx, random, intake.StateWaiting, func(e intake.InboxEntry) error { _, err := w.b.svc.ExcludeEntry(ctx, w.b.actor, e.ID); return err })
		}},
		{"restore", 4, func() error {
			return w.onEntry(ctx, random, intake.StateExcluded, func(e intake.InboxEntry) error { _, err := w.b.svc.RestoreEntry(ctx, w.b.actor, e.ID); return err })
		}},
		{"close", 2, func() error {
			_, err := w.b.svc.CloseOpening(ctx, w.b.actor, w.openings[pick(len(w.openings))].ID)
			return err
		}},
		{"reopen", 3, func() error {
			_, err := w.b.svc.ReopenOpening(ctx, w.b.actor, w.openings[pick(len(w.openings))].ID)
			return err
		}},
		{"routeMany", 2, func() error {
			return w.onSome(ctx, random, intake.StateWaiting, func(ids []uuid.UUID) error {
				_, err := w.b.svc.RouteEntries(ctx, w.b.actor, ids, w.openings[pick(len(w.openings))].ID)
				return err
			})
		}},
		{"excludeMany", 2, func() error {
			return w.onSome(ctx, random, intake.StateWaiting, func(ids []uuid.UUID) error { _, err := w.b.svc.ExcludeEntries(ctx, w.b.actor, ids); return err })
		}},
		{"restoreMany", 3, func() error {
			return w.onSome(ctx, random, intake.StateExcluded, func(ids []uuid.UUID) error { _, err := w.b.svc.RestoreEntries(ctx, w.b.actor, ids); return err })
		}},
		{"undo", 6, func() error { return w.undo(ctx, random) }},
		{"retry", 2, func() error { return w.retry(ctx) }},
		{"reroute", 3, func() error { return w.reroute(ctx, random) }},
		{"move", 3, func() error {
			return w.onApplication(ctx, random, func(c intake.Change, at []intake.SelectionStep) error {
				_, err := w.b.svc.MoveApplication(ctx, w.b.actor, c, at[pick(len(at))].ID)
				return err
			})
		}},
		{"end", 3, func() error {
			return w.onApplication(ctx, random, func(c intake.Change, _ []intake.SelectionStep) error {
				_, err := w.b.svc.CloseApplication(ctx, w.b.actor, c, []intake.SelectionOutcome{intake.OutcomeRejected, intake.OutcomeJoined, intake.OutcomeWithdrawn}[pick(3)])
				return err
			})
		}},
		{"take up", 2, func() error {
			return w.onApplication(ctx, random, func(c intake.Change, _ []intake.SelectionStep) error {
				_, err := w.b.svc.ReopenApplication(ctx, w.b.actor, c)
				return err
			})
		}},
		{"moveMany", 2, func() error {
			return w.onColumn(ctx, random, func(c intake.BulkChange, at []intake.SelectionStep) error {
				_, err := w.b.svc.MoveApplications(ctx, w.b.actor, c, at[pick(len(at))].ID)
				return err
			})
		}},
		{"endMany", 1, func() error {
			return w.onColumn(ctx, random, func(c intake.BulkChange, _ []intake.SelectionStep) error {
				_, err := w.b.svc.CloseApplications(ctx, w.b.actor, c, []intake.SelectionOutcome{intake.OutcomeRejected, intake.OutcomeJoined}[pick(2)])
				return err
			})
		}},
		{"seats", 1, func() error {
			o := w.openings[pick(len(w.openings))]
			_, err := w.b.svc.UpdateOpening(ctx, w.b.actor, o.ID, intake.OpeningInput{Name: o.Name, Capacity: &intake.Capacity{Most: []*int{nil, new(1), new(5), new(15)}[pick(4)]}}, nil)
			return err
		}},
		{"merge", 4, func() error {
			return w.onPair(ctx, random, func(one, other uuid.UUID) error {
				_, err := w.b.svc.MergeCandidates(ctx, w.b.actor, one, other, nil)
				return err
			})
		}},
		{"undo merge", 3, func() error {
			var id uuid.UUID
			err := w.b.pool.QueryRow(ctx, "SELECT id FROM candidate_merges ORDER BY id DESC OFFSET $1 LIMIT 1", pick(4)).Scan(&id)
			if db.IsNoRows(err) {
				return nil
			}
			if err == nil {
				_, err = w.b.svc.UndoMerge(ctx, w.b.actor, id)
			}
			return err
		}},
		{"dismiss", 2, func() error {
			return w.onPair(ctx, random, func(one, other uuid.UUID) error {
				_, err := w.b.svc.DismissDuplicate(ctx, w.b.actor, one, other)
				return err
			})
		}},
		{"undismiss", 1, func() error {
			return w.onPair(ctx, random, func(one, other uuid.UUID) error {
				_, err := w.b.svc.RestoreDuplicate(ctx, w.b.actor, one, other)
				return err
			})
		}},
		{"edit", 2, func() error {
			return w.onPair(ctx, random, func(one, _ uuid.UUID) error {
				_, err := w.b.svc.UpdateCandidate(ctx, w.b.actor, one, intake.ContactEdit{Note: given(strconv.Itoa(pick(9)))}, nil)
				return err
			})
		}},
		{"erase", 1, func() error {
			return w.onEntry(ctx, random, []intake.RoutingState{intake.StateWaiting, intake.StateRouted, intake.StateExcluded}[pick(3)], func(e intake.InboxEntry) error {
				_, err := w.b.svc.EraseCandidate(ctx, w.b.actor, e.CandidateID, intake.ErasedOnRequest)
				return err
			})
		}},
	}
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	k := pick(total)
	for _, a := range acts {
		if k -= a.weight; k < 0 {
			w.note(a.name, a.do())
			return a.name
		}
	}
	panic("unreachable")
}

func (w *world) note(name string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var refusal *pgconn.PgError
	switch {
	case err == nil:
		w.done[name]++
	case isUserError(err):
		w.done["refused "+name]++
	case errors.As(err, &refusal):
		w.errs = append(w.errs, fmt.Errorf("%s: %s %s: %w", name, refusal.Code, refusal.Detail, err))
	default:
		w.errs = append(w.errs, fmt.Errorf("%s: %w", name, err))
	}
}

// work does one of the latest tasks, the way a job would.
func (w *world) work(ctx context.Context, random *rand.Rand, do func(context.Context, intake.Task) error) error {
	var task intake.Task
	err := w.b.pool.QueryRow(ctx, `SELECT company_id, id, epoch, wake FROM medium_accounts ORDER BY id OFFSET $1 LIMIT 1`, random.IntN(len(w.emails))).
		Scan(&task.CompanyID, &task.AccountID, &task.Epoch, &task.Wake)
	if err != nil {
		return err
	}
	return w.maybeStopped(ctx, random, func(ctx context.Context) error { return do(ctx, task) })
}

// maybeStopped does a job's work; now and then the process is told to stop in the middle.
func (w *world) maybeStopped(ctx context.Context, random *rand.Rand, do func(context.Context) error) error {
	if random.IntN(10) > 0 || w.steady {
		return do(ctx)
	}
	stopping, stop := context.WithTimeout(ctx, time.Duration(random.IntN(20))*time.Millisecond)
	defer stop()
	if err := do(stopping); stopping.Err() == nil {
		return err
	}
	return nil
}

// upload takes a file in and mostly works it: of doda's applicants, or of some whom the link brings in too.
func (w *world) upload(ctx context.Context, random *rand.Rand) error {
	u := intake.FileUpload{Medium: []intake.Medium{intake.MediumDoda, intake.MediumWantedly}[random.IntN(2)], Name: "応募者.csv"}
	text := "氏名,求人名,応募日,応募ID,会員番号\n"
	var inside []application
	// Some files know the minute, as the link does, some only the day.
	day := []string{"2006-01-02 15:04", "2006-01-02"}[random.IntN(2)]
	first := 1 + random.IntN(100)
	for n := first; n < first+12; n++ {
		a := w.applied(n)
		if n%11 == 0 {
			a.Person.Name = ""
		} else {
			inside = append(inside, application{u.Medium, a.Person.ExternalID, a.ExternalID})
		}
		text += fmt.Sprintf("%s,%s,%s,%s,%s\n", a.Person.Name, a.PositionName, a.AppliedAt.Add(9*time.Hour).Format(day), a.ExternalID, a.Person.ExternalID)
	}
	u.Content = strings.NewReader(text)
	f, _, err := w.b.svc.StartFileImport(ctx, w.b.actor, u)
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.files = append(w.files, givenFile{f.ID, inside})
	w.mu.Unlock()
	if random.IntN(4) == 0 {
		return nil
	}
	return w.workFile(ctx, random, f.ID)
}

func (w *world) someFile(random *rand.Rand) uuid.UUID {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.files) == 0 {
		return uuid.Nil
	}
	return w.files[random.IntN(len(w.files))].id
}

func (w *world) workFile(ctx context.Context, random *rand.Rand, id uuid.UUID) error {
	return w.maybeStopped(ctx, random, func(ctx context.Context) error {
		return w.b.svc.WorkFile(ctx, intake.FileTask{CompanyID: w.b.actor.Company.ID, FileID: id})
	})
}

func (w *world) ruleInput(random *rand.Rand) intake.RuleInput {
	return intake.RuleInput{
		Medium: intake.MediumWantedly, PositionName: w.positions[random.IntN(len(w.positions))], OpeningID: w.openings[random.IntN(len(w.openings))].ID,
	}
}

func (w *world) onAccount(ctx context.Context, random *rand.Rand, do func(intake.MediumAccount) error) error {
	accounts, err := w.b.svc.Accounts(ctx, w.b.actor, nil)
	if err != nil {
		return err
	}
	return do(accounts[random.IntN(len(accounts))])
}

func (w *world) onRule(ctx context.Context, random *rand.Rand, do func(intake.RoutingRule) error) error {
	rules, err := w.b.svc.Rules(ctx, w.b.actor, intake.RuleFilter{}, intake.Keyset{First: 100})
	if err != nil || len(rules) == 0 {
		return err
	}
	return do(rules[random.IntN(len(rules))])
}

func (w *world) onEntry(ctx context.Context, random *rand.Rand, state intake.RoutingState, do func(intake.InboxEntry) error) error {
	entries, err := w.b.svc.Inbox(ctx, w.b.actor, intake.InboxFilter{State: &state}, intake.Keyset{First: 20})
	if err != nil || len(entries) == 0 {
		return err
	}
	return do(entries[random.IntN(len(entries))])
}

// onSome takes some of the latest entries in a state.
func (w *world) onSome(ctx context.Context, random *rand.Rand, state intake.RoutingState, do func([]uuid.UUID) error) error {
	entries, err := w.b.svc.Inbox(ctx, w.b.actor, intake.InboxFilter{State: &state}, intake.Keyset{First: 20})
	if err != nil || len(entries) == 0 {
		return err
	}
	random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	var ids []uuid.UUID
	for _, e := range entries[:1+random.IntN(len(entries))] {
		ids = append(ids, e.ID)
	}
	return do(ids)
}

func (w *world) undo(ctx context.Context, random *rand.Rand) error {
	actions, err := w.b.svc.RoutingActions(ctx, w.b.actor, intake.Keyset{First: 8})
	if err != nil || len(actions) == 0 {
		return err
	}
	_, err = w.b.svc.UndoRouting(ctx, w.b.actor, actions[random.IntN(len(actions))].ID)
	return err
}

func (w *world) retry(ctx context.Context) error {
	records, err := w.b.svc.AllInvalidRecords(ctx, w.b.actor, intake.InvalidRecordFilter{}, intake.Keyset{First: 5})
	if err != nil || len(records) == 0 {
		return err
	}
	var ids []uuid.UUID
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	_, err = w.b.svc.RetryInvalidRecords(ctx, w.b.actor, ids)
	return err
}

// onPair picks two candidates, which may be one.
func (w *world) onPair(ctx context.Context, random *rand.Rand, do func(one, other uuid.UUID) error) error {
	entries, err := w.b.svc.Inbox(ctx, w.b.actor, intake.InboxFilter{}, intake.Keyset{First: 40})
	if err != nil || len(entries) == 0 {
		return err
	}
	return do(entries[random.IntN(len(entries))].CandidateID, entries[random.IntN(len(entries))].CandidateID)
}

func (w *world) reroute(ctx context.Context, random *rand.Rand) error {
	applications, err := w.b.svc.Applications(ctx, w.b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 20})
	if err != nil || len(applications) == 0 {
		return err
	}
	a := applications[random.IntN(len(applications))]
	_, err = w.b.svc.RerouteApplication(ctx, w.b.actor, intake.Change{ID: a.ID}, w.openings[random.IntN(len(w.openings))].ID)
	return err
}

// onColumn does something to some who stand on one step.
func (w *world) onColumn(ctx context.Context, random *rand.Rand, do func(intake.BulkChange, []intake.SelectionStep) error) error {
	all, err := w.b.svc.Applications(ctx, w.b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 30})
	if err != nil || len(all) == 0 {
		return err
	}
	first := all[random.IntN(len(all))]
	steps, err := w.b.svc.StepsByOpening(ctx, w.b.actor, []uuid.UUID{first.OpeningID})
	if err != nil {
		return err
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var change intake.BulkChange
	for _, a := range all {
		if a.StepID == first.StepID {
			change.Applications = append(change.Applications, intake.ApplicationRevision{ID: a.ID, ExpectedRevision: []*int{nil, &a.Revision}[random.IntN(2)]})
		}
	}
	return do(change, steps[first.OpeningID])
}

// onApplication does something to one, with its opening's steps.
func (w *world) onApplication(ctx context.Context, random *rand.Rand, do func(intake.Change, []intake.SelectionStep) error) error {
	applications, err := w.b.svc.Applications(ctx, w.b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 20})
	if err != nil || len(applications) == 0 {
		return err
	}
	a := applications[random.IntN(len(applications))]
	steps, err := w.b.svc.StepsByOpening(ctx, w.b.actor, []uuid.UUID{a.OpeningID})
	if err != nil {
		return err
	}
	return do(intake.Change{ID: a.ID, ExpectedRevision: []*int{nil, &a.Revision}[random.IntN(2)]}, steps[a.OpeningID])
}
