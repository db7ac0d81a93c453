package intake_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// The numbers of the canary's applications: nothing else has them, not even as a part of something longer.
const (
	canaryNumber      = 770031741
	otherCanaryNumber = 770031742
)

func (b *testBundle) erase(t *testing.T, candidate uuid.UUID) intake.Erasure {
	t.Helper()
	receipt, err := b.svc.EraseCandidate(t.Context(), b.actor, candidate, intake.ErasedOnRequest)
	require.NoError(t, err)
	return receipt
}

// person is the candidate of the medium's id in the actor's company, if there is one.
func (b *testBundle) person(t *testing.T, external string) *uuid.UUID {
	t.Helper()
	var id *uuid.UUID
	require.NoError(t, b.pool.QueryRow(t.Context(), `SELECT (array_agg(id))[1] FROM candidates WHERE company_id = $1 AND external_person_id = $2`,
		b.actor.Company.ID, external).Scan(&id))
	return id
}

// registeredAgain stops an account and links it anew, to be read from the beginning.
func (b *testBundle) registeredAgain(t *testing.T, account intake.MediumAccount) {
	t.Helper()
	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	registration := b.registration(account.Email)
	registration.ImportFrom = new(time.Now().Add(-time.Hour))
	_, err = b.svc.Register(t.Context(), b.actor, registration)
	require.NoError(t, err)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Zero(t, b.number(t, "SELECT count(*) FROM medium_accounts WHERE id = $1 AND cursor <> ''", account.ID))
}

// traces are all the ways in which something of the canary may have stayed: texts, and ids made for them.
func (b *testBundle) traces(t *testing.T) (texts, ids []string) {
	t.Helper()
	texts = append(append(slices.Clone(searchedCanaries), sealedCanaries...), canaryPerson, canaryNote, "kanari",
		strconv.Itoa(canaryNumber), strconv.Itoa(otherCanaryNumber))
	for _, sql := range []string{
		"SELECT id FROM candidates WHERE external_person_id = $1",
		"SELECT e.id FROM inbox_entries e JOIN candidates c ON c.id = e.candidate_id WHERE c.external_person_id = $1",
		"SELECT a.id FROM applications a JOIN candidates c ON c.id = a.candidate_id WHERE c.external_person_id = $1",
	} {
		rows, err := b.pool.Query(t.Context(), sql, canaryPerson)
		require.NoError(t, err)
		for rows.Next() {
			var id uuid.UUID
			require.NoError(t, rows.Scan(&id))
			ids = append(ids, id.String())
		}
		require.NoError(t, rows.Err())
	}
	require.Len(t, ids, 5, "a candidate, two entries, two applications")
	return texts, ids
}

// canaryEverywhere brings the canary into every table that a person comes into, among others.
func (b *testBundle) canaryEverywhere(t *testing.T) intake.MediumAccount {
	t.Helper()
	b.rule(t, "営業", b.opening(t, "営業").ID)
	unreadable := pageOf("1", applied(1, "営業"))
	unreadable.Invalid = []intake.SourceInvalid{{
		ExternalID: strconv.Itoa(canaryNumber), Reason: intake.InvalidShape, Detail: "data.title: missing", Shape: []byte(`{}`),
		URL: fmt.Sprintf("https://www.wantedly.com/tickets/%d", canaryNumber),
	}}
	account := b.imported(t, "a@example.com", unreadable)
	readable := pageOf("2", canary(canaryNumber, "営業"), canary(otherCanaryNumber, "開発"), applied(2, "開発"), applied(3, "営業"))
	hidden := intake.Page{Cursor: "3", Hidden: []string{strconv.Itoa(otherCanaryNumber), "5"}}
	b.source.read = reads(unreadable, readable, hidden)
	require.Equal(t, intake.RunSucceeded, b.importAgain(t, account.ID).Status)

	routed, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{Search: new("kanari")}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, routed, 1)
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{routed[0].OpeningID})
	require.NoError(t, err)
	_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: routed[0].ID, Note: new(canaryNote)}, steps[routed[0].OpeningID][1].ID)
	require.NoError(t, err)
	// Also a note as an older version stored it.
	b.exec(t, "UPDATE selection_events SET note = 'kanari-note', sealed_note = NULL WHERE sealed_note IS NOT NULL")
	b.toldOfWhoWaits(t)
	for _, e := range b.entries(t) {
		if e.State == intake.StateWaiting && e.CandidateID == routed[0].CandidateID {
			_, err = b.svc.RouteEntry(t.Context(), b.actor, e.ID, routed[0].OpeningID)
			require.NoError(t, err)
		}
	}
	b.edit(t, routed[0].CandidateID, intake.ContactEdit{Email: given("kanari@example.com"), Phone: given("090-7700-3174"), Note: given("kanari-memo")})
	_, err = b.svc.DismissDuplicate(t.Context(), b.actor, routed[0].CandidateID, *b.person(t, "person-2"))
	require.NoError(t, err)
	return account
}

// toldOfWhoWaits has somebody told that people wait, of whom the canary is one.
func (b *testBundle) toldOfWhoWaits(t *testing.T) {
	t.Helper()
	_, _, err := b.svc.AddEndpoint(t.Context(), b.actor, intake.ChannelWebhook, intake.EndpointInput{
		Name: "監視", URL: new("https://hooks.example.com/"), Kinds: []intake.IncidentKind{intake.IncidentWaiting},
	})
	require.NoError(t, err)
	impatient := b.process(b.source, func(s *intake.Settings) { s.NotifyWaiting = time.Microsecond })
	require.NoError(t, impatient.Notice(t.Context()))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM incidents WHERE waiting > 0"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries"))
}

func TestNothingIsLeftOfAPersonWhoIsErased(t *testing.T) {
	t.Parallel()
	// Whoever is in a segment is at an end of it.
	b := setup(t, smallSegments(2))
	account := b.canaryEverywhere(t)
	require.Equal(t, 4, b.index(t))
	texts, ids := b.traces(t)
	before := b.everything(t)
	for _, text := range append([]string{canaryPerson, canaryNote, strconv.Itoa(canaryNumber)}, ids...) {
		require.NotEmpty(t, b.tablesWith(t, text), "what is looked for can be found: %s", text)
	}
	preview, err := b.svc.PreviewErasure(t.Context(), b.actor, *b.person(t, canaryPerson))
	require.NoError(t, err)
	b.requireUnchanged(t, before)

	receipt := b.erase(t, *b.person(t, canaryPerson))
	require.Equal(t, intake.ErasureCounts{Candidates: 1, Entries: 2, Applications: 2, SelectionEvents: 3, RoutingDecisions: 3, InvalidRecords: 1, HiddenApplications: 1, Dismissals: 1}, receipt.Counts)
	require.Equal(t, preview, receipt.Counts, "as it was foretold")
	require.WithinDuration(t, time.Now(), receipt.ErasedAt, time.Minute)
	require.Equal(t, &b.actor.Member.ID, receipt.MemberID)

	b.requireNothingOf(t, texts, ids)
	b.requireOnlyLost(t, before, receipt.Counts)
	b.requireInvariants(t)

	// And so it stays: three imports later, and when everything is read again from the beginning.
	for range 3 {
		require.Equal(t, intake.RunSucceeded, b.importAgain(t, account.ID).Status)
	}
	b.registeredAgain(t, account)
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, []int{6, 5, 0, 1}, []int{run.Seen, run.Known, run.Imported, run.Invalid}, "passed over as known")
	require.Nil(t, b.person(t, canaryPerson))
	b.requireInvariants(t)
}

// requireNothingOf looks through every table, and through a dump where there is a program for that.
func (b *testBundle) requireNothingOf(t *testing.T, texts, ids []string) {
	t.Helper()
	for _, text := range texts {
		require.Empty(t, b.tablesWith(t, text), text)
	}
	for _, id := range ids {
		// The logs of who did what and of what happened may name an id: it is nobody's any more.
		require.Empty(t, slices.DeleteFunc(b.tablesWith(t, id), func(table string) bool { return table == "audit_log" || table == "events" }), id)
	}
	if dump := b.dump(t); dump != "" {
		require.Contains(t, dump, "応募者 person-2", "the others are in it")
		for _, text := range texts {
			require.NotContains(t, dump, text)
		}
		for _, id := range ids {
			require.NotContains(t, b.dump(t, "--exclude-table-data=audit_log", "--exclude-table-data=events"), id)
		}
	}
}

// dump is what pg_dump makes of the database; empty where there is none of the server's version.
func (b *testBundle) dump(t *testing.T, options ...string) string {
	t.Helper()
	major := strconv.Itoa(b.number(t, "SELECT current_setting('server_version_num')::int / 10000"))
	programs, err := filepath.Glob("/usr/lib/postgresql/" + major + "/bin/pg_dump")
	require.NoError(t, err)
	if len(programs) == 0 {
		return ""
	}
	where, err := url.Parse(b.pool.Config().ConnString())
	require.NoError(t, err)
	q := where.Query()
	q.Del("timezone") // pgx's own
	where.RawQuery = q.Encode()
	out, err := exec.CommandContext(t.Context(), programs[0], append(options, "--dbname", where.String())...).Output()
	require.NoError(t, err)
	return string(out)
}

// requireOnlyLost makes sure that nothing changed of the others: rows went, as many as the receipt says, and
// none came but what an erasure writes.
func (b *testBundle) requireOnlyLost(t *testing.T, before map[string]string, counts intake.ErasureCounts) {
	t.Helper()
	lost := map[string]int{
		"candidates": counts.Candidates, "candidate_search": counts.Candidates, "inbox_entries": counts.Entries, "applications": counts.Applications,
		"selection_events": counts.SelectionEvents, "routing_decisions": counts.RoutingDecisions, "invalid_records": counts.InvalidRecords, "hidden_applications": counts.HiddenApplications,
		"dismissed_duplicates": counts.Dismissals, "candidate_merges": counts.Merges,
	}
	for table, contents := range b.everything(t) {
		was, is := rowsOf(before[table]), rowsOf(contents)
		switch table {
		case "erasures", "erased_people", "audit_log", "events":
			require.Subset(t, is, was, table)
		case "company_counters", "import_runs", "search_segments":
			require.Len(t, is, len(was), table)
		case "search_terms":
			require.LessOrEqual(t, len(is), len(was), table)
		default:
			require.Subset(t, was, is, table)
			require.Len(t, is, len(was)-lost[table], table)
		}
	}
}

func rowsOf(contents string) []string {
	return strings.FieldsFunc(contents, func(r rune) bool { return r == '\n' })
}

func TestWhoeverAppliesAnewComesInAndNothingOfBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, older := appliedBy(1, "yamada", "営業"), appliedBy(2, "yamada", "開発")
	account := b.imported(t, "a@example.com", pageOf("2", old, older, applied(3, "営業")))
	b.erase(t, *b.person(t, "yamada"))

	again := appliedBy(4, "yamada", "営業")
	again.AppliedAt = time.Now().Add(time.Minute)
	b.registeredAgain(t, account)
	b.source.read = reads(pageOf("4", older, again, old, applied(3, "営業")))
	run := b.importNext(t, account.ID)
	require.Equal(t, []int{4, 3, 1}, []int{run.Seen, run.Known, run.Imported})
	require.NotNil(t, b.person(t, "yamada"), "nobody who applies anew is lost")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM inbox_entries WHERE candidate_id = $1", b.person(t, "yamada")))
	b.requireInvariants(t)

	// Erased again, that one does not come back either: what counts is the later erasure.
	b.exec(t, "UPDATE inbox_entries SET applied_at = applied_at - interval '1 hour' WHERE candidate_id = $1", b.person(t, "yamada"))
	again.AppliedAt = again.AppliedAt.Add(-time.Hour)
	b.erase(t, *b.person(t, "yamada"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM erased_people"))
	b.registeredAgain(t, account)
	b.source.read = reads(pageOf("4", older, again, old, applied(3, "営業")))
	require.Zero(t, b.importNext(t, account.ID).Imported)
	require.Nil(t, b.person(t, "yamada"))
	b.requireInvariants(t)
}

func TestAnErasureIsWithinTheCompanyAndItsTombstonesHaveNothingInCommonWithAnothers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", appliedBy(1, "yamada", "営業")))
	ours, own := b.person(t, "yamada"), b.actor
	b.actor = b.company(t, "別の会社")
	b.imported(t, "a@example.com", pageOf("1", appliedBy(1, "yamada", "営業")))
	theirs := b.person(t, "yamada")

	before := b.everything(t)
	for _, id := range []uuid.UUID{*ours, uuid.New()} {
		_, err := b.svc.EraseCandidate(t.Context(), b.actor, id, intake.ErasedOnRequest)
		requireUserErrors(t, err, "NOT_FOUND id")
		_, err = b.svc.PreviewErasure(t.Context(), b.actor, id)
		require.ErrorIs(t, err, intake.ErrNotFound)
	}
	b.requireUnchanged(t, before, "a foreign candidate is like a missing one")

	b.erase(t, *theirs)
	b.actor = own
	require.Equal(t, ours, b.person(t, "yamada"))
	b.erase(t, *ours)
	require.Equal(t, 2, b.number(t, "SELECT count(DISTINCT person_hash) FROM erased_people"))
	receipts, err := b.svc.Erasures(t.Context(), b.actor, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, receipts, 1)
}

func TestAPersonIsErasedOnceHoweverManyAskForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("2", appliedBy(1, "yamada", "営業"), applied(2, "営業")))
	id := *b.person(t, "yamada")
	const hands = 4
	var results [hands]<-chan error
	for i := range results {
		results[i] = start(t, func() error {
			_, err := b.svc.EraseCandidate(t.Context(), b.actor, id, intake.ErasedOnRequest)
			return err
		})
	}
	done := 0
	for _, result := range results {
		if err := await(t, result); err != nil {
			requireUserErrors(t, err, "NOT_FOUND id")
			continue
		}
		done++
	}
	require.Equal(t, 1, done)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM erasures"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM company_keys"))
	_, err := b.svc.EraseCandidate(t.Context(), b.actor, id, intake.ErasedOnRequest)
	requireUserErrors(t, err, "NOT_FOUND id")
	b.requireInvariants(t)
}

func TestACompanysIndexKeyIsMadeOnceHoweverManyNeedItFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var results [8]<-chan error
	for i := range results {
		results[i] = start(t, func() error {
			_, err := b.svc.EraseCandidate(t.Context(), b.actor, uuid.New(), intake.ErasedOnRequest)
			return err
		})
	}
	for _, result := range results {
		requireUserErrors(t, await(t, result), "NOT_FOUND id")
	}
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM company_keys"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM company_keys WHERE octet_length(sealed) < 33"), "sealed")
}

func TestNoHalfAPersonIsLeftWhereAnErasureMeetsAnImport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.rule(t, "営業", b.opening(t, "営業").ID)
	account := b.imported(t, "a@example.com")
	var pages []intake.Page
	for round := range 20 {
		person := fmt.Sprint("yamada-", round)
		n := 10 * round
		pages = append(pages, pageOf(fmt.Sprint(n+1), appliedBy(n+1, person, "営業")))
		b.source.read = reads(pages...)
		require.Equal(t, 1, b.importAgain(t, account.ID).Imported)
		pages = append(pages, pageOf(fmt.Sprint(n+4), appliedBy(n+2, person, "営業"), appliedBy(n+3, person, "開発"), applied(n+4, "開発")))
		b.source.read = reads(pages...)
		id := *b.person(t, person)
		importing := start(t, func() intake.ImportRun { return b.importAgain(t, account.ID) })
		b.erase(t, id)
		run := await(t, importing)
		require.Equal(t, []any{intake.RunSucceeded, 3}, []any{run.Status, run.Seen})
		require.Contains(t, []int{1, 3}, run.Imported, "the person's two come in with the page and go with the erasure, or never")
		require.Nil(t, b.person(t, person))
		b.requireInvariants(t)
	}
	require.Equal(t, 20, b.number(t, "SELECT count(*) FROM inbox_entries"), "one of somebody else a round")
	require.Equal(t, 20, b.number(t, "SELECT count(*) FROM candidates"))
}

func TestAnErasureCountsFromWhenItHadTheRulesToItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("1", appliedBy(1, "yamada", "営業")))
	id := *b.person(t, "yamada")
	page, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	defer page.Rollback(t.Context()) //nolint:errcheck // where the test ends early
	_, err = page.Exec(t.Context(), "SELECT pg_advisory_xact_lock_shared(hashtextextended('rules:' || $1::uuid::text, 0))", b.actor.Company.ID)
	require.NoError(t, err)
	erasing := start(t, func() error {
		_, err := b.svc.EraseCandidate(t.Context(), b.actor, id, intake.ErasedOnRequest)
		return err
	})
	require.Eventually(t, func() bool {
		return b.number(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
	}, patience, 10*time.Millisecond)
	// Made while the erasure waited, and stored by nobody before it.
	meanwhile := appliedBy(2, "yamada", "営業")
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT clock_timestamp()").Scan(&meanwhile.AppliedAt))
	require.NoError(t, page.Commit(t.Context()))
	require.NoError(t, await(t, erasing))
	b.source.read = reads(pageOf("1"), pageOf("2", meanwhile))
	require.Equal(t, 1, b.importAgain(t, account.ID).Known)
	require.Nil(t, b.person(t, "yamada"))
}

func TestOnlyARecruiterErasesAndOnlyAnAdminSaysForHowLong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", appliedBy(1, "yamada", "営業")))
	id := *b.person(t, "yamada")
	before := b.everything(t)
	for _, role := range []intake.Role{intake.RoleAdmin, intake.RoleCoordinator} {
		b.actor.Member.Roles = []intake.Role{role}
		_, err := b.svc.EraseCandidate(t.Context(), b.actor, id, intake.ErasedOnRequest)
		require.ErrorIs(t, err, intake.ErrForbidden)
		_, err = b.svc.PreviewErasure(t.Context(), b.actor, id)
		require.ErrorIs(t, err, intake.ErrForbidden)
		_, err = b.svc.Erasures(t.Context(), b.actor, intake.Keyset{First: 1})
		require.ErrorIs(t, err, intake.ErrForbidden)
	}
	b.actor.Member.Roles = []intake.Role{intake.RoleRecruiter, intake.RoleCoordinator}
	_, err := b.svc.UpdateRetention(t.Context(), b.actor, new(12))
	require.ErrorIs(t, err, intake.ErrForbidden)
	_, err = b.svc.Retention(t.Context(), b.actor)
	require.ErrorIs(t, err, intake.ErrForbidden)
	b.requireUnchanged(t, before)
}

func TestAnErasureIsLoggedWithItsReceiptAndNotWithThePerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", appliedBy(1, "yamada", "営業")))
	id := *b.person(t, "yamada")
	receipt := b.erase(t, id)
	var subject, member uuid.UUID
	var detail []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT subject_id, member_id, detail FROM audit_log WHERE action = 'CANDIDATE_ERASED'").Scan(&subject, &member, &detail))
	require.Equal(t, receipt.ID, subject)
	require.Equal(t, b.actor.Member.ID, member)
	require.NotContains(t, string(detail), id.String())
	var told struct {
		Reason intake.ErasureReason
		Counts intake.ErasureCounts
	}
	require.NoError(t, json.Unmarshal(detail, &told))
	require.Equal(t, intake.ErasedOnRequest, told.Reason)
	require.Equal(t, receipt.Counts, told.Counts)
}

// ended are people whose one application came to an outcome so many months ago.
func (b *testBundle) ended(t *testing.T, outcome intake.SelectionOutcome, months int, people ...string) {
	t.Helper()
	for _, person := range people {
		applications, err := b.svc.ApplicationsByCandidate(t.Context(), b.actor, []uuid.UUID{*b.person(t, person)})
		require.NoError(t, err)
		for _, a := range applications[*b.person(t, person)] {
			_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: a.ID}, outcome)
			require.NoError(t, err)
			b.exec(t, "UPDATE selection_events SET at = now() - make_interval(months => $2) - interval '1 minute' WHERE application_id = $1", a.ID, months)
		}
	}
}

func TestRetentionErasesThoseWhoseSelectionEndedLongAgoAndNobodyElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.rule(t, "営業", b.opening(t, "営業").ID)
	var page intake.Page
	people := []string{"rejected", "withdrew", "recently", "joined", "under way", "waits too", "excluded", "twice", "only a duplicate", "only waits"}
	for n, person := range people {
		page.Applications = append(page.Applications, appliedBy(n, person, map[bool]string{true: "開発", false: "営業"}[person == "only waits"]))
	}
	page.Applications = append(page.Applications, appliedBy(20, "waits too", "開発"), appliedBy(21, "excluded", "開発"), appliedBy(22, "twice", "営業"))
	page.Cursor = "22"
	b.imported(t, "a@example.com", page)
	b.ended(t, intake.OutcomeRejected, 6, "rejected", "waits too", "excluded")
	b.ended(t, intake.OutcomeWithdrawn, 6, "withdrew")
	b.ended(t, intake.OutcomeRejected, 5, "recently")
	b.ended(t, intake.OutcomeJoined, 6, "joined")
	b.ended(t, intake.OutcomeClosedAsDuplicate, 6, "twice", "only a duplicate")
	b.exec(t, `UPDATE applications a SET outcome = 'REJECTED' FROM candidates c WHERE c.id = a.candidate_id AND c.external_person_id = 'twice'
		AND a.id = (SELECT min(x.id::text)::uuid FROM applications x WHERE x.candidate_id = c.id)`)
	b.exec(t, `UPDATE selection_events h SET outcome = a.outcome FROM applications a WHERE a.id = h.application_id AND h.outcome = 'CLOSED_AS_DUPLICATE'`)
	for _, e := range b.entries(t) {
		if e.CandidateID == *b.person(t, "excluded") && e.State == intake.StateWaiting {
			_, err := b.svc.ExcludeEntry(t.Context(), b.actor, e.ID)
			require.NoError(t, err)
		}
	}

	before := b.everything(t)
	n, err := b.svc.Forget(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "off by default")
	b.requireUnchanged(t, before)

	_, err = b.svc.UpdateRetention(t.Context(), b.actor, new(6))
	require.NoError(t, err)
	n, err = b.svc.Forget(t.Context())
	require.NoError(t, err)
	require.Equal(t, 4, n)
	var left []string
	for _, person := range people {
		if b.person(t, person) != nil {
			left = append(left, person)
		}
	}
	require.Equal(t, []string{"recently", "joined", "under way", "waits too", "only a duplicate", "only waits"}, left)
	receipts, err := b.svc.Erasures(t.Context(), b.actor, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, receipts, 1)
	require.Equal(t, intake.ErasedByAge, receipts[0].Reason)
	require.Nil(t, receipts[0].MemberID)
	require.Equal(t, intake.ErasureCounts{Candidates: 4, Entries: 6, Applications: 5, SelectionEvents: 10, RoutingDecisions: 7}, receipts[0].Counts)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'CANDIDATE_ERASED' AND actor = 'SYSTEM' AND subject_id = $1", receipts[0].ID))
	b.requireInvariants(t)
}

func TestRetentionIsChosenInMonthsAndTheChoiceIsLogged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	months, err := b.svc.Retention(t.Context(), b.actor)
	require.NoError(t, err)
	require.Nil(t, months)
	for _, wrong := range []int{0, -1, 121} {
		_, err = b.svc.UpdateRetention(t.Context(), b.actor, &wrong)
		requireUserErrors(t, err, "INVALID months")
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM audit_log"))
	for _, choice := range []*int{new(1), new(120), nil} {
		company, err := b.svc.UpdateRetention(t.Context(), b.actor, choice)
		require.NoError(t, err)
		require.Equal(t, b.actor.Company, company)
		months, err = b.svc.Retention(t.Context(), b.actor)
		require.NoError(t, err)
		require.Equal(t, choice, months)
	}
	var log []string
	rows, err := b.pool.Query(t.Context(), "SELECT detail::text FROM audit_log WHERE action = 'RETENTION_CHANGED' AND subject_id = $1 ORDER BY n", b.actor.Company.ID)
	require.NoError(t, err)
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		log = append(log, line)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{`{"to": 1, "from": null}`, `{"to": 120, "from": 1}`, `{"to": null, "from": 120}`}, log)
}

func TestRetentionGoesInBatchesAndOneCompanysTroubleHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own, troubled := b.actor, b.company(t, "鍵をなくした会社")
	const people = 450
	for _, actor := range []intake.Actor{troubled, own} {
		b.actor = actor
		b.rule(t, "営業", b.opening(t, "営業").ID)
		page := intake.Page{Cursor: "1"}
		for n := range people {
			page.Applications = append(page.Applications, applied(n, "営業"))
		}
		b.imported(t, "a@example.com", page)
		_, err := b.svc.UpdateRetention(t.Context(), actor, new(1))
		require.NoError(t, err)
	}
	b.exec(t, "UPDATE applications SET outcome = 'REJECTED'")
	b.exec(t, "UPDATE selection_events SET outcome = 'REJECTED', at = now() - interval '2 months'")
	b.exec(t, "UPDATE company_keys SET sealed = 'sealed with a key that is lost' WHERE company_id = $1", troubled.Company.ID)

	n, err := b.svc.Forget(t.Context())
	require.ErrorContains(t, err, "open key")
	require.Equal(t, people, n)
	receipts, err := b.svc.Erasures(t.Context(), own, intake.Keyset{First: 10})
	require.NoError(t, err)
	counts := make([]int, len(receipts))
	for i, r := range receipts {
		counts[i] = r.Counts.Candidates
	}
	require.Equal(t, []int{50, 200, 200}, counts, "the latest first")
	require.Equal(t, people, b.number(t, "SELECT count(*) FROM candidates WHERE company_id = $1", troubled.Company.ID))
	require.Equal(t, people, b.number(t, "SELECT count(*) FROM erased_people"))
	b.requireInvariants(t)
}
