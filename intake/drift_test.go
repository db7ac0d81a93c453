package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// seen is how a medium looks on a page with so many profiles, of which so many have an introduction.
func seen(profiles, introductions int, others ...string) intake.Look {
	return intake.Look{
		Fields: map[string]intake.Share{
			"profile.user.name":    {There: profiles, Of: profiles},
			"profile.introduction": {There: introductions, Of: profiles},
		},
		Others:  others,
		Samples: map[string][]byte{"profile": []byte(`{"user":{"name":"string"}}`)},
	}
}

// pages hands out pages that look like this, each with one application more.
type pages struct {
	b       *testBundle
	account uuid.UUID
	n       int
}

func (b *testBundle) pages(t *testing.T, email string) *pages {
	t.Helper()
	return &pages{b: b, account: b.linked(t, email).ID}
}

func (p *pages) run(t *testing.T, look intake.Look) intake.ImportRun {
	t.Helper()
	p.n++
	before := ""
	if p.n > 1 {
		before = p.b.cursor(t, p.account)
	}
	page := pageOf(fmt.Sprint(p.n), applied(p.n, "営業"))
	page.Look = look
	p.b.source.read = reads(intake.Page{Cursor: before}, page)
	if p.n == 1 {
		p.b.source.read = reads(page)
		return p.b.importNext(t, p.account)
	}
	return p.b.importAgain(t, p.account)
}

func (b *testBundle) cursor(t *testing.T, accountID uuid.UUID) (cursor string) {
	t.Helper()
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT cursor FROM medium_accounts WHERE id = $1", accountID).Scan(&cursor))
	return cursor
}

// sample is what was kept of what made a run be quarantined.
func (b *testBundle) sample(t *testing.T, runID, accountID uuid.UUID) string {
	t.Helper()
	var sealed []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT sample FROM import_runs WHERE id = $1", runID).Scan(&sealed))
	opened, err := b.vault.Open(sealed, b.actor.Company.ID, accountID, "sample")
	require.NoError(t, err)
	return opened.Reveal()
}

func TestAFieldThatIsLostForEverybodyQuarantinesTheRunAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(30, 27)).Status)
	before := b.everything(t)

	run := p.run(t, seen(20, 0))
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, intake.FailureUnexpectedResponse, run.Failure.Reason)
	require.Equal(t, []string{"profile.introduction: missing in the last 20, there in 27 of 30 before"}, run.Quarantine.Changes)
	require.NotEmpty(t, run.Quarantine.Text().JA)
	after := b.everything(t)
	for _, table := range []string{"candidates", "inbox_entries", "applications", "invalid_records", "hidden_applications", "medium_looks"} {
		require.Equal(t, before[table], after[table], table)
	}
	require.Equal(t, "1", b.cursor(t, p.account), "it is read again")
	require.JSONEq(t, `{"user":{"name":"string"}}`, b.sample(t, run.ID, p.account))
	require.Equal(t, intake.StatusLinked, b.account(t, p.account).Status)

	require.Equal(t, intake.RunQuarantined, p.run(t, seen(20, 0)).Status, "and again")
	require.NoError(t, b.svc.AcceptLook(t.Context(), intake.MediumWantedly))
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(20, 0)).Status, "until somebody has looked")
	b.requireInvariants(t)
}

func TestAFieldThatIsLostLittleByLittleIsFoundOverTheRuns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(30, 30)).Status)
	for range 4 {
		require.Equal(t, intake.RunSucceeded, p.run(t, seen(4, 0)).Status)
	}
	require.Equal(t, intake.RunQuarantined, p.run(t, seen(4, 0)).Status)
	b.requireInvariants(t)
}

func TestAFieldThatIsLostInTheMiddleQuarantinesTheRunThatImportedBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(30, 30)).Status)
	first, second := pageOf("2", applied(2, "営業")), pageOf("3", applied(3, "営業"))
	first.Look, second.Look = seen(19, 0), seen(1, 0)
	b.source.read = reads(pageOf("1"), first, second)
	run := b.importAgain(t, p.account)
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, 1, run.Imported)
	require.Len(t, run.Quarantine.Changes, 1)
	require.Equal(t, "2", b.cursor(t, p.account))
	require.Equal(t, intake.RunQuarantined, b.importNext(t, p.account).Status)
	b.requireInvariants(t)
}

func TestWhatMaySeemToChangeAndDoesNotQuarantinesNobody(t *testing.T) {
	t.Parallel()
	usual := seen(40, 40)
	for name, looks := range map[string][]intake.Look{
		"a first run":                     {seen(50, 0)},
		"a second run after few records":  {seen(19, 19), seen(40, 0)},
		"one odd record":                  {usual, seen(1, 0)},
		"a handful of records":            {usual, seen(19, 0)},
		"handfuls with a few between":     {usual, seen(19, 0), seen(5, 5), seen(19, 0)},
		"back after a handful":            {usual, seen(19, 0), seen(5, 1), seen(5, 1), seen(10, 10), seen(19, 1)},
		"a field that many leave out":     {seen(40, 31), seen(40, 0)},
		"fewer than before":               {usual, seen(40, 8)},
		"hardly any of a few":             {usual, seen(19, 1)},
		"hardly any of a field of few":    {seen(40, 35), seen(40, 1)},
		"nothing new":                     {usual, {}, {Known: 20}},
		"a field more":                    {usual, seen(10, 10, "profile.pronouns", "ticket.data.channel")},
		"another form, seen twice before": {{SignIn: []string{"POST /a"}}, {SignIn: []string{"POST /a"}}, {SignIn: []string{"POST /b"}}},
		"a field more in the form":        {form("a"), form("a"), form("a"), form("a", "b")},
		"a page without the form":         {form("a"), form("a"), form("a"), {}},
		"a busy day":                      {{New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 100, Known: 1}},
		"a few strangers":                 {{New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 19}},
		"a listing of what is new alone":  {{New: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 1, Known: 1}, {New: 50}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.pages(t, "a@example.com")
			for _, look := range looks {
				run := p.run(t, look)
				require.Equal(t, intake.RunSucceeded, run.Status)
				require.Nil(t, run.Quarantine)
			}
			b.requireInvariants(t)
		})
	}
}

// A field of all that hardly anybody has any more is lost, be it in one page or little by little.
func TestAFieldThatHardlyAnybodyHasAnyMoreQuarantinesTheRun(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before []intake.Look
		last   intake.Look
		want   string
	}{
		"in one page":      {[]intake.Look{seen(40, 36)}, seen(40, 7), "there in 7 of the last 40, and in 36 of 40 before"},
		"over a few pages": {[]intake.Look{seen(40, 40), seen(12, 1)}, seen(8, 1), "there in 2 of the last 20, and in 40 of 40 before"},
		"one between":      {[]intake.Look{seen(40, 40), seen(19, 0), seen(1, 1)}, seen(1, 0), "there in 1 of the last 21, and in 40 of 40 before"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.pages(t, "a@example.com")
			for _, look := range tc.before {
				require.Equal(t, intake.RunSucceeded, p.run(t, look).Status)
			}
			run := p.run(t, tc.last)
			require.Equal(t, intake.RunQuarantined, run.Status)
			require.Equal(t, []string{"profile.introduction: " + tc.want}, run.Quarantine.Changes)
			b.requireInvariants(t)
		})
	}
}

func TestANewAccountIsShownHardlyAnyOfWhatTheOthersAre(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, intake.RunSucceeded, b.pages(t, "a@example.com").run(t, seen(60, 60)).Status)
	b.actor = b.company(t, "別会社")
	require.Equal(t, intake.RunQuarantined, b.pages(t, "b@example.com").run(t, seen(25, 1)).Status)
}

func TestRecordsThatLoseTheirShapeAFewAtATimeAreKeptUntilTheyAreTooManyInARow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	odd := func(cursor string, ids ...string) intake.Page {
		page := intake.Page{Cursor: cursor}
		for _, id := range ids {
			page.Invalid = append(page.Invalid, misshapen(id, "{}"))
		}
		return page
	}
	b.source.read = reads(odd("3", "1", "2", "3"))
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, 3, run.Invalid, "the company is told of each")

	b.source.read = reads(intake.Page{Cursor: "3"}, pageOf("4", applied(4, "営業")), odd("6", "5", "6"), odd("8", "7", "8"))
	require.Equal(t, intake.RunSucceeded, b.importAgain(t, account.ID).Status, "one that can be read is between")

	b.source.read = reads(intake.Page{Cursor: "8"}, odd("9", "9"))
	run = b.importAgain(t, account.ID)
	require.Equal(t, intake.RunQuarantined, run.Status, "five in a row")
	require.Zero(t, run.Invalid)
	require.Equal(t, []string{"data.project: missing"}, run.Quarantine.Changes)
	require.Equal(t, "8", b.cursor(t, account.ID))
	require.Equal(t, 1, b.number(t, "SELECT count(sample) FROM import_runs"))
	require.NoError(t, b.svc.AcceptLook(t.Context(), intake.MediumWantedly))
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status, "until somebody has looked")
	b.requireInvariants(t)
}

func form(fields ...string) intake.Look {
	return intake.Look{SignIn: append([]string{"POST /user/sign_in"}, fields...)}
}

func TestASignInFormThatChangesQuarantinesTheRun(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]struct {
		look intake.Look
		want string
	}{
		"elsewhere":      {intake.Look{SignIn: []string{"POST /login", "user[password]"}}, "signIn: no longer POST /user/sign_in"},
		"another method": {intake.Look{SignIn: []string{"GET /user/sign_in", "user[password]"}}, "signIn: no longer POST /user/sign_in"},
		"a field less":   {form("password"), "signIn: no longer user[password]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.pages(t, "a@example.com")
			for range 3 {
				require.Equal(t, intake.RunSucceeded, p.run(t, form("user[password]")).Status)
			}
			run := p.run(t, now.look)
			require.Equal(t, intake.RunQuarantined, run.Status)
			require.Equal(t, []string{now.want}, run.Quarantine.Changes)
			sample, err := json.Marshal(map[string][]string{"signIn": now.look.SignIn})
			require.NoError(t, err)
			require.JSONEq(t, string(sample), b.sample(t, run.ID, p.account))
		})
	}
}

func TestAListingOfStrangersQuarantinesTheRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	for range 5 {
		require.Equal(t, intake.RunSucceeded, p.run(t, intake.Look{New: 1, Known: 3}).Status)
	}
	strangers := intake.Look{New: 20, Samples: map[string][]byte{"listing": []byte(`{"number":"number"}`)}}
	run := p.run(t, strangers)
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, []string{"listing: 20 new lines and none that is known"}, run.Quarantine.Changes)
	require.JSONEq(t, `{"number":"number"}`, b.sample(t, run.ID, p.account))
}

func TestOneListingWithoutAKnownLineDoesNotBlindAnAccountForGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	looks := append([]intake.Look{{New: 1}}, slices.Repeat([]intake.Look{{New: 1, Known: 3}}, 9)...)
	for _, look := range looks {
		require.Equal(t, intake.RunSucceeded, p.run(t, look).Status)
	}
	require.Equal(t, intake.RunQuarantined, p.run(t, intake.Look{New: 20}).Status)
}

// Another company's account has seen what a new one has not.
func TestAnAccountThatIsNewIsComparedWithTheOthersOfTheMedium(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.Equal(t, intake.RunSucceeded, b.pages(t, "a@example.com").run(t, seen(60, 60)).Status)
	b.actor = b.company(t, "別会社")
	run := b.pages(t, "b@example.com").run(t, seen(25, 0))
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, []string{"profile.introduction: missing in the last 25, there in 60 of 60 before"}, run.Quarantine.Changes)
	b.requireInvariants(t)
}

// An account's plan may not show what the others' do.
func TestWhatAnAccountIsNotShownIsAcceptedForGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	usual := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, usual.run(t, seen(60, 60)).Status)
	mine := b.actor
	b.actor = b.company(t, "別会社")
	other, odd := b.actor, b.pages(t, "b@example.com")
	require.Equal(t, intake.RunQuarantined, odd.run(t, seen(25, 0)).Status)
	require.NoError(t, b.svc.AcceptLook(t.Context(), intake.MediumWantedly))
	b.actor = mine
	require.Equal(t, intake.RunSucceeded, usual.run(t, seen(60, 60)).Status, "the others learn anew")
	b.actor = other
	odd.n = 0
	for range 6 {
		require.Equal(t, intake.RunSucceeded, odd.run(t, seen(7, 0)).Status)
	}
	b.actor = mine
	require.Equal(t, intake.RunQuarantined, usual.run(t, seen(20, 0)).Status, "what it saw itself holds")

	b.actor = b.company(t, "新会社")
	require.Equal(t, intake.RunQuarantined, b.pages(t, "c@example.com").run(t, seen(25, 0)).Status, "whoever is new is compared")
	b.requireInvariants(t)
}

func TestAnAccountThatHasSeenEnoughIsNotComparedWithOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	odd := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, odd.run(t, seen(25, 0)).Status, "there is nobody to compare with")
	first := b.actor
	b.actor = b.company(t, "別会社")
	require.Equal(t, intake.RunSucceeded, b.pages(t, "b@example.com").run(t, seen(60, 60)).Status)
	b.actor = first
	require.Equal(t, intake.RunSucceeded, odd.run(t, seen(25, 0)).Status)
	b.requireInvariants(t)
}

func TestAnImportUnderWayDoesNotUndoThatALookWasAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(30, 30)).Status)
	last := pageOf("2", applied(2, "営業"))
	last.Look = seen(1, 1)
	p.n++
	b.source.read = func(ctx context.Context, _ intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			require.NoError(t, b.svc.AcceptLook(ctx, intake.MediumWantedly))
			yield(last, nil)
		}
	}
	require.Equal(t, intake.RunSucceeded, b.importAgain(t, p.account).Status)
	require.Equal(t, intake.RunSucceeded, p.run(t, seen(25, 0)).Status)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM medium_looks WHERE generation = 1"))
	b.requireInvariants(t)
}

func TestWhatASourceFindsByItselfIsToldToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = reads(strangePage("98"))
	run := b.importNext(t, account.ID)
	require.Equal(t, []string{"data.project: missing"}, run.Quarantine.Changes)
	cause := trouble(intake.FailureUnexpectedResponse)
	cause.Sample = []byte(`{"data":"null"}`)
	b.source.read = readsUntil(cause)
	run = b.importNext(t, account.ID)
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.JSONEq(t, `{"data":"null"}`, b.sample(t, run.ID, account.ID))
	require.Equal(t, []string{"as the test wants it: UNEXPECTED_RESPONSE"}, run.Quarantine.Changes)
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable))
	require.Nil(t, b.importNext(t, account.ID).Quarantine)
}

func TestTheRunKeepsHowTheMediumLookedAndWhatIsNew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.pages(t, "a@example.com")
	p.run(t, seen(2, 1, "profile.avatar"))
	run := p.run(t, seen(3, 3, "profile.avatar", "profile.pronouns"))
	var look string
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT look FROM import_runs WHERE id = $1", run.ID).Scan(&look))
	require.JSONEq(t, `{"fields":{"profile.user.name":{"there":3,"of":3},"profile.introduction":{"there":3,"of":3}},"added":["profile.pronouns"]}`, look)
}
