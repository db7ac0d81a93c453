package intake_test

import (
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// canaries are what an applicant said of themselves, each found nowhere else: by what they are searched by, and
// what is sealed.
var (
	searchedCanaries = []string{"kanari-name", "kanari-current", "kanari-company", "kanari-position", "kanari-started", "kanari-ended", "kanari-school", "kanari-major", "kanari-graduated", "kanari-skill"}
	sealedCanaries   = []string{"kanari-location", "kanari-tagline", "kanari-introduction", "kanari-aspiration", "kanari-work", "kanari-education", "kanari-title", "kanari-link", "kanari-profile"}
)

const (
	canaryPerson = "kanari-person-7741"
	canaryNote   = "kanari-note"
)

// canary is application n of somebody of whom the medium tells all.
func canary(n int, position string) intake.SourceApplication {
	a := appliedBy(n, canaryPerson, position)
	a.Person = intake.SourcePerson{
		ExternalID: canaryPerson, Name: "kanari-name", Location: new("kanari-location"), CurrentPosition: new("kanari-current"),
		Tagline: new("kanari-tagline"), Introduction: new("kanari-introduction"), Aspiration: new("kanari-aspiration"),
		ProfileURL: new("https://example.com/kanari-profile"),
		WorkHistories: []intake.WorkHistory{
			{CompanyName: new("one without a description")},
			{CompanyName: new("kanari-company"), Position: new("kanari-position"), Description: new("kanari-work"), StartedOn: new("kanari-started"), EndedOn: new("kanari-ended")},
		},
		Educations: []intake.Education{{SchoolName: new("kanari-school"), Major: new("kanari-major"), Description: new("kanari-education"), GraduatedOn: new("kanari-graduated")}},
		Skills:     []string{"kanari-skill"},
		Links:      []intake.Link{{Title: new("kanari-title"), URL: "https://example.com/kanari-link"}},
	}
	return a
}

// tablesWith are those in which a text stands, as it is or in bytes.
func (b *testBundle) tablesWith(t *testing.T, text string) []string {
	t.Helper()
	var tables []string
	for table, contents := range b.everything(t) {
		if strings.Contains(contents, text) || strings.Contains(contents, hex.EncodeToString([]byte(text))) {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}

// canaryRouted is a company with the canary's application under way, and a note on it.
func (b *testBundle) canaryRouted(t *testing.T) intake.Application {
	t.Helper()
	b.rule(t, "営業", b.opening(t, "営業").ID)
	b.imported(t, "a@example.com", pageOf("9", canary(7, "営業"), applied(8, "開発")))
	applications, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, applications, 1)
	a, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: applications[0].ID, Note: new(canaryNote)}, intake.OutcomeRejected)
	require.NoError(t, err)
	return a
}

func (b *testBundle) candidate(t *testing.T, id uuid.UUID) intake.Candidate {
	t.Helper()
	found, err := b.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	require.Contains(t, found, id)
	return found[id]
}

func (b *testBundle) notes(t *testing.T, application uuid.UUID) []string {
	t.Helper()
	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application})
	require.NoError(t, err)
	var notes []string
	for _, line := range history[application] {
		if line.Note != nil {
			notes = append(notes, *line.Note)
		}
	}
	return notes
}

func TestWhatACandidateWroteIsSealedAndReadsAsItWas(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	for _, text := range append(slices.Clone(sealedCanaries), canaryNote) {
		require.Empty(t, b.tablesWith(t, text), text)
	}
	for _, text := range searchedCanaries {
		tables := b.tablesWith(t, text)
		require.Contains(t, tables, "candidates", text)
		require.Subset(t, []string{"candidate_search", "candidates"}, tables, text)
	}
	got, want := b.candidate(t, a.CandidateID), canary(7, "営業").Person
	require.Equal(t, want, intake.SourcePerson{
		ExternalID: canaryPerson, Name: got.Name, Location: got.Location, CurrentPosition: got.CurrentPosition, Tagline: got.Tagline,
		Introduction: got.Introduction, Aspiration: got.Aspiration, ProfileURL: got.ProfileURL, WorkHistories: got.WorkHistories,
		Educations: got.Educations, Skills: got.Skills, Links: got.Links,
	})
	require.Equal(t, []string{canaryNote}, b.notes(t, a.ID))
	found, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{Search: new("KANARI-name")}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, found, 1, "one is still found by name")
}

func TestWhatIsSealedForOneCandidateOpensForNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	other := b.entries(t)[0].CandidateID
	require.NotEqual(t, a.CandidateID, other)
	b.exec(t, "UPDATE candidates SET sealed = (SELECT sealed FROM candidates WHERE id = $1) WHERE id = $2", a.CandidateID, other)
	_, err := b.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{other})
	require.ErrorContains(t, err, "open profile")
	require.NotContains(t, err.Error(), "kanari")

	b.exec(t, "UPDATE candidates SET sealed = NULL WHERE id = $1", other)
	entry := b.entries(t)[0]
	_, err = b.svc.RouteEntry(t.Context(), b.actor, entry.ID, a.OpeningID)
	require.NoError(t, err)
	made, err := b.svc.ApplicationsByEntry(t.Context(), b.actor, []uuid.UUID{entry.ID})
	require.NoError(t, err)
	b.exec(t, "UPDATE selection_events SET sealed_note = (SELECT sealed_note FROM selection_events WHERE sealed_note IS NOT NULL) WHERE application_id = $1", made[entry.ID].ID)
	_, err = b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{made[entry.ID].ID})
	require.ErrorContains(t, err, "open note")
}

// storedInPlain makes everything look as a version before sealing left it.
func (b *testBundle) storedInPlain(t *testing.T, a intake.Application) {
	t.Helper()
	b.exec(t, `UPDATE candidates SET sealed = NULL, location = 'kanari-location', tagline = 'kanari-tagline', introduction = 'kanari-introduction',
		aspiration = 'kanari-aspiration', profile_url = 'https://example.com/kanari-profile', email = 'Kanari-mail@example.com',
		links = '[{"title": "kanari-title", "url": "https://example.com/kanari-link"}]',
		work_histories = jsonb_set(work_histories, '{1,description}', '"kanari-work"'),
		educations = jsonb_set(educations, '{0,description}', '"kanari-education"') WHERE id = $1`, a.CandidateID)
	b.exec(t, "UPDATE selection_events SET note = 'kanari-note', sealed_note = NULL WHERE sealed_note IS NOT NULL")
}

func TestWhatOlderVersionsStoredReadsTheSameAndIsSealedInTheBackground(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	sealed := b.candidate(t, a.CandidateID)
	b.storedInPlain(t, a)
	plain := b.candidate(t, a.CandidateID)
	sealed.Email = new("Kanari-mail@example.com")
	require.Equal(t, sealed, plain)
	require.Equal(t, []string{canaryNote}, b.notes(t, a.ID))

	n, err := b.svc.SealStored(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n, "a candidate and a note")
	require.Equal(t, plain, b.candidate(t, a.CandidateID))
	require.Equal(t, []string{canaryNote}, b.notes(t, a.ID))
	for _, text := range append(slices.Clone(sealedCanaries), canaryNote, "Kanari-mail", "kanari-mail") {
		require.Empty(t, b.tablesWith(t, text), text)
	}
	n, err = b.svc.SealStored(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "there is nothing left")
}

func TestAnAddressIsFoundByItsHashHoweverItIsWrittenAndInItsCompanyAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.company(t, "別の会社")
	old := `INSERT INTO candidates (company_id, medium, external_person_id, name, email) VALUES ($1, 'WANTEDLY', $2, '山田', $3)`
	b.exec(t, old, b.actor.Company.ID, "1", "Yamada@Example.com")
	b.exec(t, old, b.actor.Company.ID, "2", " yamada@example.com ")
	b.exec(t, old, b.actor.Company.ID, "3", "suzuki@example.com")
	b.exec(t, old, b.actor.Company.ID, "4", nil)
	b.exec(t, old, other.Company.ID, "1", "yamada@example.com")
	n, err := b.svc.SealStored(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.Equal(t, 3, b.number(t, "SELECT count(DISTINCT email_index) FROM candidates"))
	require.Equal(t, 2, b.number(t, "SELECT count(DISTINCT email_index) FROM candidates WHERE company_id = $1", b.actor.Company.ID))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM candidates WHERE email_index IS NULL"))
}

func TestThousandsAreSealedBatchByBatchAndBySeveralAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO candidates (company_id, medium, external_person_id, name, tagline)
		SELECT $1, 'WANTEDLY', n, '山田', 'kanari-' || n FROM generate_series(1, 1050) n`, b.actor.Company.ID)
	var first, second int
	one := start(t, func() (err error) { first, err = b.svc.SealStored(t.Context()); return err })
	two := start(t, func() (err error) { second, err = b.svc.SealStored(t.Context()); return err })
	require.NoError(t, await(t, one))
	require.NoError(t, await(t, two))
	// Where both came to the same rows, one of them went home early.
	third, err := b.svc.SealStored(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1050, first+second+third, "each once")
	rows, err := b.pool.Query(t.Context(), "SELECT id, external_person_id FROM candidates")
	require.NoError(t, err)
	people := make(map[uuid.UUID]string)
	for rows.Next() {
		var id uuid.UUID
		var person string
		require.NoError(t, rows.Scan(&id, &person))
		people[id] = person
	}
	require.NoError(t, rows.Err())
	found, err := b.svc.CandidatesByID(t.Context(), b.actor, slices.Collect(maps.Keys(people)))
	require.NoError(t, err)
	require.Len(t, found, 1050)
	for id, c := range found {
		require.Equal(t, "kanari-"+people[id], *c.Tagline)
	}
}

func TestWhatChangesWhileItIsBeingSealedIsNotLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, "INSERT INTO candidates (company_id, medium, external_person_id, name, tagline) VALUES ($1, 'WANTEDLY', '1', '山田', 'before')", b.actor.Company.ID)
	writer, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	defer writer.Rollback(t.Context()) //nolint:errcheck // where the test ends early
	// Between reading and sealing, whoever seals asks for the company's key.
	_, err = writer.Exec(t.Context(), "LOCK TABLE company_keys")
	require.NoError(t, err)
	sealing := start(t, func() error { _, err := b.svc.SealStored(t.Context()); return err })
	require.Eventually(t, func() bool {
		return b.number(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
	}, patience, 10*time.Millisecond)
	_, err = writer.Exec(t.Context(), "UPDATE candidates SET tagline = 'after'")
	require.NoError(t, err)
	require.NoError(t, writer.Commit(t.Context()))
	require.NoError(t, await(t, sealing))
	_, err = b.svc.SealStored(t.Context())
	require.NoError(t, err)
	var id uuid.UUID
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id FROM candidates").Scan(&id))
	require.Equal(t, "after", *b.candidate(t, id).Tagline)
	require.Empty(t, b.tablesWith(t, "after"))
}

func TestWhoIsLockedIsSealedLaterAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO candidates (company_id, medium, external_person_id, name, tagline)
		SELECT $1, 'WANTEDLY', n, '山田', 'kanari-' || n FROM generate_series(1, 3) n`, b.actor.Company.ID)
	var sealed int
	page, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	defer page.Rollback(t.Context()) //nolint:errcheck // where the test ends early
	_, err = page.Exec(t.Context(), "SELECT FROM candidates WHERE external_person_id = '2' FOR NO KEY UPDATE")
	require.NoError(t, err)
	sealing := start(t, func() (err error) { sealed, err = b.svc.SealStored(t.Context()); return err })
	require.NoError(t, await(t, sealing), "it waits for nobody")
	require.Equal(t, 2, sealed)
	require.NoError(t, page.Commit(t.Context()))
	sealed, err = b.svc.SealStored(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, sealed)
	b.requireNoDeadlock(t)
}

func TestWhatIsSealedUnderAMissingKeyIsAnErrorUntilTheKeyIsGivenUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	away, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	without := b.joins(t, "without", fresh)
	b.dies(t, "without")
	with := b.joins(t, "with", away, fresh)
	with.refresh(t)
	a := with.canaryRouted(t)
	read := func() (intake.Candidate, []intake.SelectionEvent, error) {
		candidates, err := without.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{a.CandidateID})
		history, errHistory := without.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{a.ID})
		require.Equal(t, err == nil, errHistory == nil, "%v, %v", err, errHistory)
		return candidates[a.CandidateID], history[a.ID], errors.Join(err, errHistory)
	}
	require.Error(t, without.holder.Refresh(t.Context()))
	_, _, err := read()
	require.ErrorContains(t, err, "open profile, sealed under key "+idOf(t, away).String()+": no master key at hand opens this")
	require.ErrorContains(t, err, "open note, sealed under key "+idOf(t, away).String()+": no master key at hand opens this")

	b.dies(t, "with")
	_, err = without.svc.ForgetKey(t.Context(), idOf(t, away))
	require.NoError(t, err)
	without.refresh(t)
	left, history, err := read()
	require.NoError(t, err, "what is left is shown")
	require.Equal(t, "kanari-name", left.Name)
	require.Nil(t, left.Tagline)
	require.NotEmpty(t, history)
	for _, line := range history {
		require.Nil(t, line.Note)
	}
}
