package intake_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestAPageIsStoredAsASet(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sales := b.opening(t, "営業")
	b.rule(t, "営業（東京）", sales.ID)
	scout := applied(3, "デザイナー")
	scout.Kind = intake.EntryScoutReplied
	scout.Person = intake.SourcePerson{
		ExternalID: "u3", Name: "山田 花子", Location: new("東京"), CurrentPosition: new("デザイナー"), Tagline: new("x"),
		Introduction: new("長い話"), Aspiration: new("夢"), ProfileURL: new("https://www.wantedly.com/id/u3"),
		WorkHistories: []intake.WorkHistory{{CompanyName: new("A社"), StartedOn: new("2020-04")}},
		Educations:    []intake.Education{{SchoolName: new("B大学")}},
		Skills:        []string{"Figma", "絵"}, Links: []intake.Link{{URL: "https://example.com"}},
	}
	account := b.imported(t, "a@example.com", pageOf("3", applied(1, "営業(東京)"), applied(2, "営業"), scout))

	run := b.runs(t, account.ID)[0]
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, [6]int{3, 0, 3, 1, 2, 0}, [6]int{run.Seen, run.Known, run.Imported, run.Routed, run.Waiting, run.Invalid})
	require.NotNil(t, run.StartedAt)
	require.NotNil(t, run.FinishedAt)
	require.NotNil(t, b.account(t, account.ID).LastImportedAt)

	entries := b.entries(t)
	require.Len(t, entries, 3)
	require.Equal(t, intake.StateRouted, entries[2].State)
	require.Equal(t, intake.DecidedByRule, entries[2].Explanation.Decider)
	require.Equal(t, "営業（東京）", *entries[2].Explanation.RulePositionName)
	require.Equal(t, intake.StateWaiting, entries[1].State)
	require.Equal(t, intake.DecidedBySystem, entries[1].Explanation.Decider)
	require.Equal(t, intake.EntryScoutReplied, entries[0].Kind)
	require.Equal(t, scout.AppliedAt, entries[0].AppliedAt)
	require.WithinDuration(t, time.Now(), entries[0].ImportedAt, time.Minute)
	require.Equal(t, scout.URL, *entries[0].ExternalURL)

	found, err := b.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{entries[0].CandidateID})
	require.NoError(t, err)
	c := found[entries[0].CandidateID]
	require.Equal(t, scout.Person.Name, c.Name)
	require.Equal(t, scout.Person.Location, c.Location)
	require.Equal(t, scout.Person.WorkHistories, c.WorkHistories)
	require.Equal(t, scout.Person.Educations, c.Educations)
	require.Equal(t, scout.Person.Skills, c.Skills)
	require.Equal(t, scout.Person.Links, c.Links)
	require.Nil(t, c.Email)

	applications, err := b.svc.ApplicationsByEntry(t.Context(), b.actor, []uuid.UUID{entries[0].ID, entries[1].ID, entries[2].ID})
	require.NoError(t, err)
	require.Len(t, applications, 1)
	require.Equal(t, sales.ID, applications[entries[2].ID].OpeningID)
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{sales.ID})
	require.NoError(t, err)
	require.Equal(t, steps[sales.ID][0].ID, applications[entries[2].ID].StepID)
	b.requireInvariants(t)
}

func TestWhatIsKnownIsCountedAndNotBroughtInTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "営業")))
	before := b.entries(t)

	b.source.read = func(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		require.Equal(t, "2", since.Cursor)
		return func(yield func(intake.Page, error) bool) {
			// It lists 1 and 2 and something from before the account's beginning, tells 2 once more, and 3 twice.
			yield(intake.Page{Cursor: "3", Behind: []string{"1", "2", "0"}, Applications: []intake.SourceApplication{
				applied(2, "営業"), applied(3, "営業"), applied(3, "営業"),
			}}, nil)
		}
	}
	run := b.importAgain(t, account.ID)
	require.Equal(t, intake.TriggerManual, run.Trigger)
	require.Equal(t, [3]int{5, 4, 1}, [3]int{run.Seen, run.Known, run.Imported})
	require.Len(t, b.entries(t), 3)
	require.Equal(t, before, b.entries(t)[1:], "what was there is as it was")
	b.requireInvariants(t)
}

func TestTheFirstSightOfAPersonStands(t *testing.T) {
	t.Parallel()
	b := setup(t)
	later := appliedBy(2, "person-1", "デザイナー")
	later.Person.Name, later.Person.Location = "改名した人", new("大阪")
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")), pageOf("2", later))

	entries := b.entries(t)
	require.Len(t, entries, 2, "two positions: two applications")
	require.Equal(t, entries[0].CandidateID, entries[1].CandidateID, "of one person")
	found, err := b.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{entries[0].CandidateID})
	require.NoError(t, err)
	require.Equal(t, "応募者 person-1", found[entries[0].CandidateID].Name)
	require.Nil(t, found[entries[0].CandidateID].Location)

	b.rule(t, "営業", b.opening(t, "営業").ID)
	b.rule(t, "デザイナー", b.opening(t, "デザイン").ID)
	applications, err := b.svc.ApplicationsByCandidate(t.Context(), b.actor, []uuid.UUID{entries[0].CandidateID})
	require.NoError(t, err)
	require.Len(t, applications[entries[0].CandidateID], 2)
	b.requireInvariants(t)
}

func TestTwoAccountsThatSeeTheSameApplicationsBringThemInOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pages := []intake.Page{pageOf("2", applied(1, "営業"), applied(2, "営業")), pageOf("3", applied(3, "営業"))}
	b.imported(t, "a@example.com", pages...)
	second := b.imported(t, "b@example.com", pages...)
	run := b.runs(t, second.ID)[0]
	require.Equal(t, [3]int{3, 3, 0}, [3]int{run.Seen, run.Known, run.Imported})
	require.Len(t, b.entries(t), 3)

	// Another company of the medium numbers its applications alike.
	foreign := appliedBy(1, "somebody else", "営業")
	b.imported(t, "c@example.com", pageOf("1", foreign))
	require.Len(t, b.entries(t), 4)
	b.requireInvariants(t)
}

func TestAnUnreadableRecordIsKeptAndHoldsBackNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	invalid := intake.SourceInvalid{
		ExternalID: "2", Reason: intake.InvalidValue, Detail: "data.applied_at: year 99999", Shape: []byte(`{"id":"number"}`), URL: "https://www.wantedly.com/tickets/2",
	}
	odd := intake.SourceInvalid{ExternalID: "3", Reason: intake.InvalidShape, Detail: "data.user: missing"}
	account := b.imported(t, "a@example.com", intake.Page{
		Cursor: "4", Applications: []intake.SourceApplication{applied(1, "営業"), applied(4, "営業")}, Invalid: []intake.SourceInvalid{invalid, odd},
	})
	run := b.runs(t, account.ID)[0]
	require.Equal(t, [3]int{4, 2, 2}, [3]int{run.Seen, run.Imported, run.Invalid})

	kept, err := b.svc.InvalidRecords(t.Context(), b.actor, run.ID, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, kept, 2)
	require.Equal(t, "2", kept[0].ExternalID)
	require.Equal(t, invalid.Detail, kept[0].Detail)
	require.Equal(t, invalid.URL, *kept[0].ExternalURL)
	require.Contains(t, kept[0].Text().EN, invalid.Detail)
	require.Nil(t, kept[1].ExternalURL)
	n, err := b.svc.CountInvalidRecords(t.Context(), b.actor, run.ID)
	require.NoError(t, err)
	require.Equal(t, 2, n)

	var sample []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT sample FROM invalid_records WHERE external_id = '2'").Scan(&sample))
	opened, err := b.vault.Open(sample, b.actor.Company.ID, account.ID, "sample")
	require.NoError(t, err)
	require.JSONEq(t, string(invalid.Shape), opened.Reveal())
}

func TestANewSessionIsKeptForTheNextImport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", intake.Page{Cursor: "", Session: intake.NewSecret("renewed")})
	var used intake.Secret
	b.source.read = func(_ context.Context, l intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		used = l.Session
		return func(func(intake.Page, error) bool) {}
	}
	b.importAgain(t, account.ID)
	require.Equal(t, "renewed", used.Reveal())
	used = intake.Secret{}
	b.importAgain(t, account.ID)
	require.Equal(t, "renewed", used.Reveal(), "and no page leaves it as it is")
}

func TestWhatIsHiddenIsAskedForAgainEverMoreRarely(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked := -1
	b.source.read = func(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		asked = len(since.Again)
		return func(yield func(intake.Page, error) bool) { yield(intake.Page{Cursor: "1", Hidden: []string{"1"}}, nil) }
	}
	account := b.linked(t, "a@example.com")
	b.importNext(t, account.ID)
	for _, tc := range []struct {
		age   string
		asked int
	}{
		{"1 hour", 0},
		{"8 hours", 1},
		{"9 hours", 0},
		{"16 hours", 0},
		{"24 hours", 1},
		{"48 hours", 0},
		{"56 hours", 1},
		{"100 hours", 0},
		{"120 hours", 1},
		{"29 days", 1},
		{"31 days", 0},
	} {
		b.exec(t, "UPDATE hidden_applications SET first_at = now() - $1::interval", tc.age)
		before := b.number(t, "SELECT asked FROM hidden_applications")
		b.importAgain(t, account.ID)
		require.Equal(t, tc.asked, asked, tc.age)
		// The listing shows it each time; only being asked for counts here.
		b.exec(t, "UPDATE hidden_applications SET asked = $1", before+tc.asked)
	}
	counts, err := b.svc.HiddenByAccount(t.Context(), b.actor, []uuid.UUID{account.ID})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]int{account.ID: 1}, counts)
}

func TestWhatWasHiddenIsNoMoreOnceItIsReadOrNoneOfOurs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", intake.Page{Cursor: "9", Hidden: []string{"3", "4", "5", "6"}})
	run := b.runs(t, account.ID)[0]
	require.Equal(t, [2]int{4, 0}, [2]int{run.Hidden, run.Seen})
	b.exec(t, "UPDATE hidden_applications SET first_at = now() - interval '8 hours'")
	// 3 can be read by now, 4 is unreadable, 5 was made before the account's beginning, 6 stays hidden.
	var asked []string
	b.source.read = func(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		asked = since.Again
		return func(yield func(intake.Page, error) bool) {
			yield(intake.Page{
				Cursor: "9", Hidden: []string{"6"}, Applications: []intake.SourceApplication{applied(3, "営業")},
				Invalid: []intake.SourceInvalid{{ExternalID: "4", Reason: intake.InvalidValue, Detail: "name: empty"}},
			}, nil)
		}
	}
	run = b.importAgain(t, account.ID)
	require.ElementsMatch(t, []string{"3", "4", "5", "6"}, asked)
	require.Equal(t, [3]int{1, 1, 1}, [3]int{run.Imported, run.Invalid, run.Hidden})
	counts, err := b.svc.HiddenByAccount(t.Context(), b.actor, []uuid.UUID{account.ID})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]int{account.ID: 1}, counts)
}

func TestAnApplicationHiddenTwiceOnAPageIsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", intake.Page{Cursor: "1", Hidden: []string{"1", "1"}})
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM hidden_applications WHERE account_id = $1", account.ID))
}
