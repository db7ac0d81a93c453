package intake_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// fifty is how many recruiters there are.
const fifty = 50

// TestFiftyRecruitersLoseNothingInOneInbox has them decide, rule, preview, undo and move at once while two imports
// run, and compares what each was told with what the histories say.
func TestFiftyRecruitersLoseNothingInOneInbox(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	const standing, coming, positions, rounds = 1000, 300, 20, 20
	b := setup(t)
	o := newOffice(t, b, positions)
	b.imported(t, "z@example.com", o.pages(0, standing, 200)...)
	var imports []<-chan error
	for _, email := range []string{"a@example.com", "b@example.com"} {
		task := b.task(t, b.linked(t, email).ID)
		// Both see the same, a few at a time.
		b.source.read = reads(o.pages(standing, coming, 15)...)
		imports = append(imports, start(t, func() error { return b.svc.Import(t.Context(), task) }))
	}
	began := time.Now()
	var wg sync.WaitGroup
	for i, actor := range o.actors {
		r := &officer{office: o, actor: actor, random: rand.New(rand.NewPCG(seed, uint64(i)))}
		wg.Go(func() {
			for range rounds {
				r.act(t.Context())
			}
		})
	}
	wg.Wait()
	for _, ended := range imports {
		require.NoError(t, await(t, ended))
	}
	t.Logf("%d recruiters, %d rounds each, in %v", fifty, rounds, time.Since(began).Round(time.Millisecond))
	o.logTimes(t)
	for _, err := range o.errs {
		require.NoError(t, err, "seed %d", seed)
	}
	b.requireNoDeadlock(t)
	require.Equal(t, standing+coming, b.number(t, "SELECT count(*) FROM inbox_entries"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM import_runs WHERE status <> 'SUCCEEDED'"))
	b.requireInvariants(t)
	o.requireAcknowledged(t)
}

// TestOfFiftyWhoActOnOneRevisionOneDoes: the others are told, and nothing of theirs is there.
func TestOfFiftyWhoActOnOneRevisionOneDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := newOffice(t, b, 4)
	b.imported(t, "a@example.com", o.pages(0, 12, 12)...)
	rule, _ := b.rule(t, o.positions[0], o.openings[0].ID)
	applications, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 2})
	require.NoError(t, err)
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{o.openings[0].ID})
	require.NoError(t, err)
	waiting := intake.StateWaiting
	entries, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{State: &waiting}, intake.Keyset{First: 4})
	require.NoError(t, err)
	moved, bulk := applications[0], applications[1]
	one, many := entries[0].ID, []uuid.UUID{entries[1].ID, entries[2].ID, entries[3].ID}
	for _, contest := range []struct {
		name string
		code intake.UserErrorCode
		act  func(i int, actor intake.Actor) error
	}{
		{"move", intake.CodeRevisionConflict, func(i int, actor intake.Actor) error {
			_, err := b.svc.MoveApplication(t.Context(), actor, intake.Change{ID: moved.ID, ExpectedRevision: &moved.Revision}, steps[moved.OpeningID][1+i%3].ID)
			return err
		}},
		{"move many", intake.CodeRevisionConflict, func(i int, actor intake.Actor) error {
			change := intake.BulkChange{Applications: []intake.ApplicationRevision{{ID: bulk.ID, ExpectedRevision: &bulk.Revision}}}
			result, err := b.svc.MoveApplications(t.Context(), actor, change, steps[bulk.OpeningID][1+i%3].ID)
			if err == nil && len(result.Refused) > 0 {
				return intake.UserErrors{{Code: result.Refused[0].Code}}
			}
			return err
		}},
		{"rule", intake.CodeRevisionConflict, func(i int, actor intake.Actor) error {
			_, _, err := b.svc.UpdateRule(t.Context(), actor, rule.ID, intake.RuleInput{
				Medium: intake.MediumWantedly, PositionName: o.positions[0], OpeningID: o.openings[i%len(o.openings)].ID,
			}, &rule.Revision)
			return err
		}},
		{"route or exclude", intake.CodeInvalidState, func(i int, actor intake.Actor) error {
			if i%2 == 0 {
				_, err := b.svc.ExcludeEntry(t.Context(), actor, one)
				return err
			}
			_, err := b.svc.RouteEntry(t.Context(), actor, one, o.openings[i%len(o.openings)].ID)
			return err
		}},
		{"route or exclude many", intake.CodeInvalidState, func(i int, actor intake.Actor) (err error) {
			ids := slices.Clone(many)
			if i%3 == 0 {
				slices.Reverse(ids)
			}
			var decided intake.EntriesDecided
			if i%2 == 0 {
				decided, err = b.svc.ExcludeEntries(t.Context(), actor, ids)
			} else {
				decided, err = b.svc.RouteEntries(t.Context(), actor, ids, o.openings[i%len(o.openings)].ID)
			}
			if err == nil && len(decided.Refused) > 0 {
				return intake.UserErrors{{Code: decided.Refused[len(ids)-1].Code}}
			}
			return err
		}},
	} {
		errs := make([]error, fifty)
		var wg sync.WaitGroup
		for i, actor := range o.actors {
			wg.Go(func() { errs[i] = contest.act(i, actor) })
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			require.Equal(t, contest.code, codeOf(err), "%s: %v", contest.name, err)
		}
		require.Equal(t, 1, done, contest.name)
	}
	require.Equal(t, 2, b.number(t, "SELECT max(revision) FROM applications"))
	require.Equal(t, 2, b.number(t, "SELECT max(revision) FROM routing_rules"))
	b.requireNoDeadlock(t)
	b.requireInvariants(t)
}

// codeOf is the code of what a user is told, if it is only one thing.
func codeOf(err error) intake.UserErrorCode {
	if errs, is := errors.AsType[intake.UserErrors](err); is && len(errs) == 1 {
		return errs[0].Code
	}
	return ""
}

// office is a company of recruiters who work one inbox, and what they were told.
type office struct {
	b         *testBundle
	actors    []intake.Actor
	positions []string
	openings  []intake.Opening

	mu      sync.Mutex
	errs    []error
	took    map[string][]time.Duration
	refused map[intake.UserErrorCode]int
	// decided are the decisions that somebody was told to have made, each as "entry member state".
	decided []string
	// moved are moves of applications, each as "application member revision step".
	moved []string
	// undone counts the entries that somebody took back; swept those that rules routed when they came to be as they are.
	undone, swept int
	rules         map[string]int
	// updated are revisions of rules, each as "rule revision".
	updated []string
}

func newOffice(t *testing.T, b *testBundle, positions int) *office {
	t.Helper()
	b.crowded(t, fifty+10)
	o := &office{b: b, took: make(map[string][]time.Duration), refused: make(map[intake.UserErrorCode]int), rules: make(map[string]int)}
	for i := range fifty {
		member, err := b.svc.CreateMember(t.Context(), intake.NewMember{
			CompanyID: b.actor.Company.ID, Name: fmt.Sprintf("採用担当 %d", i), Email: fmt.Sprintf("recruiter-%d@example.com", i), Roles: []intake.Role{intake.RoleRecruiter},
		})
		require.NoError(t, err)
		o.actors = append(o.actors, intake.Actor{Company: b.actor.Company, Member: member, Credential: intake.Credential{MemberRevision: 1}})
	}
	for i := range positions {
		o.positions = append(o.positions, fmt.Sprintf("ポジション%d", i))
	}
	for i := range 8 {
		o.openings = append(o.openings, b.opening(t, fmt.Sprintf("求人%d", i)))
	}
	return o
}

// pages are n applications behind the first ones.
func (o *office) pages(behind, n, size int) []intake.Page {
	var pages []intake.Page
	for first := behind + 1; first <= behind+n; first += size {
		var page []intake.SourceApplication
		for k := first; k < first+size && k <= behind+n; k++ {
			page = append(page, applied(k, o.positions[k%len(o.positions)]))
		}
		pages = append(pages, pageOf(fmt.Sprint(first), page...))
	}
	return pages
}

// officer is one of them, with a die.
type officer struct {
	*office
	actor  intake.Actor
	random *rand.Rand
}

// act does one of the things that recruiters do.
func (r *officer) act(ctx context.Context) {
	acts := []struct {
		name   string
		weight int
		do     func(context.Context) error
	}{
		{"route", 4, r.route},
		{"exclude", 3, r.exclude},
		{"restore", 3, r.restore},
		{"decide many", 5, r.decideMany},
		{"create rule", 2, r.createRule},
		{"update rule", 2, r.updateRule},
		{"delete rule", 2, r.deleteRule},
		{"preview", 3, r.preview},
		{"undo", 2, r.undo},
		{"move", 7, r.move},
		{"look", 2, r.look},
	}
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	k := r.random.IntN(total)
	for _, a := range acts {
		if k -= a.weight; k < 0 {
			began := time.Now()
			err := a.do(ctx)
			r.note(a.name, time.Since(began), err)
			return
		}
	}
}

func (o *office) note(name string, took time.Duration, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.took[name] = append(o.took[name], took)
	if errs, is := errors.AsType[intake.UserErrors](err); is {
		o.refused[errs[0].Code]++
	} else if err != nil {
		o.errs = append(o.errs, fmt.Errorf("%s: %w", name, err))
	}
}

// told notes what somebody was told, where it is no refusal.
func (o *office) told(err error, note func()) error {
	if err == nil {
		o.mu.Lock()
		defer o.mu.Unlock()
		note()
	}
	return err
}

func pick[T any](r *officer, from []T) T { return from[r.random.IntN(len(from))] }

// entries are some in a state, of any position or of one.
func (r *officer) entries(ctx context.Context, state intake.RoutingState) ([]intake.InboxEntry, error) {
	filter := intake.InboxFilter{State: &state}
	if r.random.IntN(2) == 0 {
		filter.PositionName = new(pick(r, r.positions))
	}
	return r.b.svc.Inbox(ctx, r.actor, filter, intake.Keyset{First: 40})
}

func (r *officer) onEntry(ctx context.Context, state, to intake.RoutingState, do func(uuid.UUID) error) error {
	entries, err := r.entries(ctx, state)
	if err != nil || len(entries) == 0 {
		return err
	}
	id := pick(r, entries).ID
	return r.told(do(id), func() { r.decided = append(r.decided, fmt.Sprint(id, " ", r.actor.Member.ID, " ", to)) })
}

func (r *officer) route(ctx context.Context) error {
	return r.onEntry(ctx, intake.StateWaiting, intake.StateRouted, func(id uuid.UUID) error {
		_, err := r.b.svc.RouteEntry(ctx, r.actor, id, pick(r, r.openings).ID)
		return err
	})
}

func (r *officer) exclude(ctx context.Context) error {
	return r.onEntry(ctx, intake.StateWaiting, intake.StateExcluded, func(id uuid.UUID) error {
		_, err := r.b.svc.ExcludeEntry(ctx, r.actor, id)
		return err
	})
}

func (r *officer) restore(ctx context.Context) error {
	// A rule may route it at once, as a decision of its own.
	return r.onEntry(ctx, intake.StateExcluded, intake.StateWaiting, func(id uuid.UUID) error {
		_, err := r.b.svc.RestoreEntry(ctx, r.actor, id)
		return err
	})
}

// decideMany decides on entries of which others decide too.
func (r *officer) decideMany(ctx context.Context) error {
	way := r.random.IntN(3)
	from := []intake.RoutingState{intake.StateWaiting, intake.StateWaiting, intake.StateExcluded}[way]
	to := []intake.RoutingState{intake.StateRouted, intake.StateExcluded, intake.StateWaiting}[way]
	entries, err := r.entries(ctx, from)
	if err != nil || len(entries) == 0 {
		return err
	}
	r.random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	var ids []uuid.UUID
	for _, e := range entries[:(len(entries)+1)/2] {
		ids = append(ids, e.ID)
	}
	var decided intake.EntriesDecided
	switch way {
	case 0:
		decided, err = r.b.svc.RouteEntries(ctx, r.actor, ids, pick(r, r.openings).ID)
	case 1:
		decided, err = r.b.svc.ExcludeEntries(ctx, r.actor, ids)
	default:
		decided, err = r.b.svc.RestoreEntries(ctx, r.actor, ids)
	}
	if err == nil && len(decided.Entries)+len(decided.Refused) != len(ids) {
		return fmt.Errorf("%d entries were decided on and %d refused of %d", len(decided.Entries), len(decided.Refused), len(ids))
	}
	return r.told(err, func() {
		for _, e := range decided.Entries {
			r.decided = append(r.decided, fmt.Sprint(e.ID, " ", r.actor.Member.ID, " ", to))
		}
		for _, refusal := range decided.Refused {
			r.refused[refusal.Code]++
		}
	})
}

func (r *officer) ruleInput() intake.RuleInput {
	return intake.RuleInput{Medium: intake.MediumWantedly, PositionName: pick(r, r.positions), OpeningID: pick(r, r.openings).ID}
}

func (r *officer) onRule(ctx context.Context, do func(intake.RoutingRule) error) error {
	rules, err := r.b.svc.Rules(ctx, r.actor, intake.RuleFilter{}, intake.Keyset{First: 3})
	if err != nil || len(rules) == 0 {
		return err
	}
	return do(pick(r, rules))
}

func (r *officer) createRule(ctx context.Context) error {
	_, routed, err := r.b.svc.CreateRule(ctx, r.actor, r.ruleInput())
	return r.told(err, func() { r.rules["RULE_CREATED"]++; r.swept += routed })
}

func (r *officer) updateRule(ctx context.Context) error {
	return r.onRule(ctx, func(rule intake.RoutingRule) error {
		changed, routed, err := r.b.svc.UpdateRule(ctx, r.actor, rule.ID, r.ruleInput(), &rule.Revision)
		return r.told(err, func() {
			r.rules["RULE_UPDATED"]++
			r.swept += routed
			r.updated = append(r.updated, fmt.Sprint(rule.ID, " ", changed.Revision))
		})
	})
}

func (r *officer) deleteRule(ctx context.Context) error {
	return r.onRule(ctx, func(rule intake.RoutingRule) error {
		return r.told(r.b.svc.DeleteRule(ctx, r.actor, rule.ID), func() { r.rules["RULE_DELETED"]++ })
	})
}

func (r *officer) preview(ctx context.Context) error {
	in := r.ruleInput()
	_, err := r.b.svc.PreviewRule(ctx, r.actor, in, nil)
	if err == nil {
		_, err = r.b.svc.CaughtByRule(ctx, r.actor, in, nil)
	}
	return err
}

func (r *officer) undo(ctx context.Context) error {
	actions, err := r.b.svc.RoutingActions(ctx, r.actor, intake.Keyset{First: 10})
	if err != nil || len(actions) == 0 {
		return err
	}
	undone, err := r.b.svc.UndoRouting(ctx, r.actor, pick(r, actions).ID)
	return r.told(err, func() { r.undone += undone.UndoneCount })
}

// move moves one of a few applications at which all look.
func (r *officer) move(ctx context.Context) error {
	applications, err := r.b.svc.Applications(ctx, r.actor, intake.ApplicationFilter{}, intake.Keyset{First: 6})
	if err != nil || len(applications) == 0 {
		return err
	}
	a := pick(r, applications)
	steps, err := r.b.svc.StepsByOpening(ctx, r.actor, []uuid.UUID{a.OpeningID})
	if err != nil {
		return err
	}
	to := pick(r, steps[a.OpeningID]).ID
	moved, err := r.b.svc.MoveApplication(ctx, r.actor, intake.Change{ID: a.ID, ExpectedRevision: &a.Revision}, to)
	next := a.Revision + 1
	if to == a.StepID {
		next = a.Revision // that is no change
	}
	if err == nil && moved.Revision != next {
		return fmt.Errorf("moved from revision %d to %d", a.Revision, moved.Revision)
	}
	return r.told(err, func() {
		if moved.Revision == a.Revision {
			return
		}
		r.moved = append(r.moved, fmt.Sprint(a.ID, " ", r.actor.Member.ID, " ", moved.Revision, " ", to))
	})
}

func (r *officer) look(ctx context.Context) error {
	sum, err := r.b.svc.InboxSummary(ctx, r.actor)
	if err != nil {
		return err
	}
	waiting := 0
	for _, m := range sum.ByMedium {
		waiting += m.Waiting
	}
	if waiting != sum.Waiting {
		return fmt.Errorf("%d wait, and %d of the media", sum.Waiting, waiting)
	}
	_, err = r.b.svc.WaitingPositions(ctx, r.actor, 20)
	return err
}

// requireAcknowledged compares what they were told with what is written: no more, no less.
func (o *office) requireAcknowledged(t *testing.T) {
	t.Helper()
	require.ElementsMatch(t, o.decided, o.lines(t, `
		SELECT entry_id || ' ' || member_id || ' ' || state FROM routing_decisions WHERE decided_by = 'MEMBER' AND action_id IS NOT NULL`))
	require.Equal(t, o.undone, o.b.number(t, "SELECT count(*) FROM routing_decisions WHERE decided_by = 'MEMBER' AND action_id IS NULL"))
	require.ElementsMatch(t, o.moved, o.lines(t, `
		SELECT application_id || ' ' || member_id || ' ' || n || ' ' || to_step_id FROM selection_events WHERE n > 1 AND outcome = 'IN_PROGRESS'`))
	require.Equal(t, o.swept, o.b.number(t, "SELECT coalesce(sum(entries), 0) FROM routing_actions WHERE kind = 'RULE'"))
	for action, n := range o.rules {
		require.Equal(t, n, o.b.number(t, "SELECT count(*) FROM audit_log WHERE action = $1", action), action)
	}
	require.ElementsMatch(t, o.updated, o.lines(t, "SELECT subject_id || ' ' || (detail->>'revision') FROM audit_log WHERE action = 'RULE_UPDATED'"))
	slices.Sort(o.updated)
	require.Len(t, slices.Compact(slices.Clone(o.updated)), len(o.updated), "two changed a rule at one revision")
	// Otherwise they were not in each other's way, and all this shows nothing.
	require.Positive(t, o.refused[intake.CodeInvalidState])
	require.Positive(t, o.refused[intake.CodeRevisionConflict])
	require.NotEmpty(t, o.moved)
	require.Positive(t, o.undone)
	require.Positive(t, o.swept)
}

func (o *office) lines(t *testing.T, sql string) []string {
	t.Helper()
	rows, err := o.b.pool.Query(t.Context(), sql)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}

func (o *office) logTimes(t *testing.T) {
	t.Helper()
	for name, took := range o.took {
		slices.Sort(took)
		at := func(percent int) time.Duration { return took[(len(took)-1)*percent/100].Round(time.Millisecond) }
		t.Logf("%-12s %4d times: half within %v, 95%% within %v, 99%% within %v, all within %v", name, len(took), at(50), at(95), at(99), at(100))
	}
	t.Logf("refused: %v", o.refused)
}
