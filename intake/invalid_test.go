package intake_test

import (
	"context"
	"iter"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// oddMedium has some applications that cannot be read until they are mended.
type oddMedium struct {
	odd map[string]string // what is wrong, by number
	// gone are those that the account may not open any more.
	gone []string
	// asked are the numbers that each reading was asked for again.
	asked [][]string
	// reading is called while a run is under way.
	reading func()
}

// read gives applications 1 to 6 at first, and then what it is asked for again.
func (m *oddMedium) read(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		numbers := since.Again
		if since.Cursor == "" {
			numbers = []string{"1", "2", "3", "4", "5", "6"}
		}
		m.asked = append(m.asked, slices.Clone(since.Again))
		page := intake.Page{Cursor: "6"}
		for _, id := range numbers {
			if detail, odd := m.odd[id]; odd {
				page.Invalid = append(page.Invalid, intake.SourceInvalid{ExternalID: id, Reason: intake.InvalidShape, Detail: detail, Shape: []byte(`{}`)})
				continue
			}
			if slices.Contains(m.gone, id) {
				page.Hidden = append(page.Hidden, id)
				continue
			}
			page.Applications = append(page.Applications, applied(int(id[0]-'0'), "営業"))
		}
		if m.reading != nil {
			m.reading()
		}
		yield(page, nil)
	}
}

// odd imports from an odd medium, and returns the account and what could not be read, in the order of their numbers.
func (b *testBundle) odd(t *testing.T, m *oddMedium) (intake.MediumAccount, []uuid.UUID) {
	t.Helper()
	account := b.linked(t, "a@example.com")
	b.source.read = m.read
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	records := b.records(t, nil)
	slices.SortFunc(records, func(x, y intake.InvalidRecord) int { return int(x.ExternalID[0]) - int(y.ExternalID[0]) })
	var ids []uuid.UUID
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	return account, ids
}

func (b *testBundle) records(t *testing.T, state *intake.InvalidRecordState) []intake.InvalidRecord {
	t.Helper()
	f := intake.InvalidRecordFilter{State: state}
	records, err := b.svc.AllInvalidRecords(t.Context(), b.actor, f, intake.Keyset{First: 50})
	require.NoError(t, err)
	n, err := b.svc.CountAllInvalidRecords(t.Context(), b.actor, f)
	require.NoError(t, err)
	require.Len(t, records, n)
	return records
}

func (b *testBundle) record(t *testing.T, id uuid.UUID) intake.InvalidRecord {
	t.Helper()
	found, err := b.svc.InvalidRecordsByID(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	return found[id]
}

func (b *testBundle) retry(t *testing.T, ids ...uuid.UUID) intake.RecordsRetried {
	t.Helper()
	retried, err := b.svc.RetryInvalidRecords(t.Context(), b.actor, ids)
	require.NoError(t, err)
	return retried
}

func TestInvalidRecordsThatCannotBeAskedForAgainAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"2": "a", "3": "b"}}
	account, ids := b.odd(t, m)
	_, err := b.svc.RetryInvalidRecords(t.Context(), b.actor, nil)
	requireUserErrors(t, err, "REQUIRED ids")
	many := make([]uuid.UUID, 101)
	for i := range many {
		many[i] = uuid.New()
	}
	_, err = b.svc.RetryInvalidRecords(t.Context(), b.actor, many)
	requireUserErrors(t, err, "TOO_LONG ids")
	theirs, err := b.svc.RetryInvalidRecords(t.Context(), b.company(t, "別の会社"), ids)
	require.NoError(t, err)
	require.Empty(t, theirs.Records)
	require.Equal(t, intake.CodeNotFound, theirs.Refused[0].Code)

	delete(m.odd, "2")
	b.retry(t, ids[0])
	b.importNext(t, account.ID)
	again := b.retry(t, ids[0])
	require.Equal(t, intake.CodeInvalidState, again.Refused[0].Code, "it has been read")
	_, err = b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	stopped := b.retry(t, ids[1])
	require.Equal(t, intake.CodeInvalidState, stopped.Refused[0].Code, "the account is not linked")
	require.Equal(t, intake.RecordOpen, b.record(t, ids[1]).State)
	b.requireInvariants(t)
}

func TestAnInvalidRecordThatWasMendedBecomesAnEntry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"2": "data.title: missing", "5": "data.name: empty"}}
	account, ids := b.odd(t, m)
	require.Len(t, ids, 2)
	b.rule(t, "営業", b.opening(t, "求人").ID)
	delete(m.odd, "2")
	m.odd["5"] = "data.name: a number"

	retried := b.retry(t, ids[0], ids[1], ids[0], uuid.New())
	require.Len(t, retried.Records, 2)
	require.Equal(t, intake.RecordRetrying, retried.Records[0].State)
	require.Len(t, retried.Refused, 1)
	line, detail := b.last(t)
	require.Equal(t, intake.AuditRecordsRetried, line.Action)
	require.JSONEq(t, `{"count": 2, "refused": 1}`, encode(t, detail))
	require.Equal(t, intake.RunQueued, b.runs(t, account.ID)[0].Status, "at once")

	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, []string{"2", "5"}, m.asked[1])
	require.Equal(t, []int{1, 1, 0}, []int{run.Seen, run.Imported, run.Invalid}, "what stays invalid was counted by its own run")
	mended := b.record(t, ids[0])
	require.Equal(t, intake.RecordResolved, mended.State)
	require.NotNil(t, mended.ResolvedAt)
	entry := b.entry(t, *mended.EntryID)
	require.Equal(t, intake.StateRouted, entry.State, "it is an entry like any other")
	odd := b.record(t, ids[1])
	require.Equal(t, intake.RecordOpen, odd.State)
	require.Equal(t, 2, odd.Attempts)
	require.Equal(t, "data.name: a number", odd.Detail, "with what is wrong now")
	require.Len(t, b.records(t, new(intake.RecordOpen)), 1)
	require.Len(t, b.records(t, new(intake.RecordResolved)), 1)
	b.requireInvariants(t)

	b.importAgain(t, account.ID)
	require.Empty(t, m.asked[2], "nobody asked again")
	_, err := b.svc.EraseCandidate(t.Context(), b.actor, entry.CandidateID, intake.ErasedOnRequest)
	require.NoError(t, err)
	require.Len(t, b.records(t, nil), 1, "it goes with the person")
	b.requireInvariants(t)
}

func TestOddRecordsThatAreAskedForAgainNeverQuarantineTheRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"1": "x"}}
	account, _ := b.odd(t, m)
	for id := range 40 {
		b.exec(t, `INSERT INTO invalid_records (company_id, account_id, run_id, external_id, reason, detail)
			SELECT company_id, account_id, run_id, $1, 'SHAPE', 'x' FROM invalid_records LIMIT 1`, string(rune('A'+id)))
		m.odd[string(rune('A'+id))] = "x"
	}
	var ids []uuid.UUID
	for _, r := range b.records(t, nil) {
		ids = append(ids, r.ID)
	}
	require.Len(t, b.retry(t, ids...).Records, 41)
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	for _, r := range b.records(t, nil) {
		require.Equal(t, intake.RecordOpen, r.State)
		require.Equal(t, 2, r.Attempts)
	}
}

func TestAnInvalidRecordThatIsNotThereAnyMoreStaysOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"4": "x"}}
	account, ids := b.odd(t, m)
	delete(m.odd, "4")
	m.gone = []string{"4"}
	b.retry(t, ids...)
	b.importNext(t, account.ID)
	require.Equal(t, intake.RecordOpen, b.record(t, ids[0]).State)
	require.Equal(t, 2, b.record(t, ids[0]).Attempts)

	// Nothing at all is said of it: it was left alone.
	b.retry(t, ids...)
	b.source.read = reads(pageOf("6"))
	b.importNext(t, account.ID)
	require.Equal(t, intake.RecordOpen, b.record(t, ids[0]).State)
	require.Equal(t, 3, b.record(t, ids[0]).Attempts)
}

func TestWhatIsAskedForAgainDuringARunIsReadByTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"4": "x"}}
	account, ids := b.odd(t, m)
	delete(m.odd, "4")
	var err error
	m.reading = func() { _, err = b.svc.RetryInvalidRecords(t.Context(), b.actor, ids) }
	b.importAgain(t, account.ID)
	require.NoError(t, err)
	require.Equal(t, intake.RecordRetrying, b.record(t, ids[0]).State)
	b.requireInvariants(t)
	m.reading = nil
	require.Equal(t, intake.RunQueued, b.runs(t, account.ID)[0].Status)
	b.importNext(t, account.ID)
	require.Equal(t, intake.RecordResolved, b.record(t, ids[0]).State)
	b.requireInvariants(t)
}

func TestAnInvalidRecordIsAskedForUntilARunSucceeds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := &oddMedium{odd: map[string]string{"4": "x"}}
	account, ids := b.odd(t, m)
	b.retry(t, ids...)
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable))
	require.Equal(t, intake.RunFailed, b.importNext(t, account.ID).Status)
	require.Equal(t, intake.RecordRetrying, b.record(t, ids[0]).State)
	delete(m.odd, "4")
	b.source.read = m.read
	b.importAgain(t, account.ID)
	require.Equal(t, intake.RecordResolved, b.record(t, ids[0]).State)
}
