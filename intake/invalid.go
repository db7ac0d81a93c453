package intake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// InvalidRecordState says how far an application that could not be read has come since.
type InvalidRecordState string

// The states. RETRYING: somebody asked for it again, and it was not tried yet. RESOLVED: it could be read after all.
const (
	RecordOpen     InvalidRecordState = "OPEN"
	RecordRetrying InvalidRecordState = "RETRYING"
	RecordResolved InvalidRecordState = "RESOLVED"
)

// InvalidRecord is an application that could not be read. It is kept, and held back nobody else.
type InvalidRecord struct {
	ID          uuid.UUID
	AccountID   uuid.UUID
	ExternalID  string
	ExternalURL *string
	Reason      InvalidReason
	// Detail says what was wrong, for an operator; it quotes no value.
	Detail     string
	OccurredAt time.Time
	State      InvalidRecordState
	// Attempts is how often it could not be read.
	Attempts   int
	ResolvedAt *time.Time
	// EntryID is what it became; nil where another account had brought it in, or the person has been erased.
	EntryID *uuid.UUID
}

// Text says what was wrong.
func (r InvalidRecord) Text() Text {
	if r.Reason == InvalidValue {
		return Text{
			"応募情報にあり得ない値があり、読み取れませんでした。" + "（" + r.Detail + "）",
			"The application holds a value that cannot be (" + r.Detail + ").",
		}
	}
	return Text{
		"応募情報が想定した形式ではなく、読み取れませんでした。" + "（" + r.Detail + "）",
		"The application is not in the form it used to have (" + r.Detail + ").",
	}
}

// InvalidRecords returns what a run could not read, in the order in which it met it.
func (s *Service) InvalidRecords(ctx context.Context, actor Actor, runID uuid.UUID, page Keyset) ([]InvalidRecord, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, anyMember).InvalidRecords(ctx, dbgen.InvalidRecordsParams{CompanyID: actor.Company.ID, RunID: runID, After: after, MaxRows: page.maxRows()})
	if err != nil {
		return nil, fmt.Errorf("read invalid records: %w", err)
	}
	return mapRows(rows, invalidRecord), nil
}

// InvalidRecordsByID returns the invalid records among ids, by id.
func (s *Service) InvalidRecordsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]InvalidRecord, error) {
	rows, err := s.as(actor, anyMember).InvalidRecordsByID(ctx, dbgen.InvalidRecordsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read invalid records: %w", err)
	}
	return byID(mapRows(rows, invalidRecord), func(r InvalidRecord) uuid.UUID { return r.ID }), nil
}

// CountInvalidRecords counts what a run could not read.
func (s *Service) CountInvalidRecords(ctx context.Context, actor Actor, runID uuid.UUID) (int, error) {
	n, err := s.as(actor, anyMember).CountInvalidRecords(ctx, dbgen.CountInvalidRecordsParams{CompanyID: actor.Company.ID, RunID: runID})
	return int(n), wrap("count invalid records", err)
}

// InvalidRecordFilter narrows the invalid records; nil means any.
type InvalidRecordFilter struct {
	AccountID *uuid.UUID
	State     *InvalidRecordState
}

// AllInvalidRecords returns what could not be read in any run, the latest first.
func (s *Service) AllInvalidRecords(ctx context.Context, actor Actor, f InvalidRecordFilter, page Keyset) ([]InvalidRecord, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, anyMember).AllInvalidRecords(ctx, dbgen.AllInvalidRecordsParams{
		CompanyID: actor.Company.ID, AccountID: f.AccountID, State: (*string)(f.State), After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read invalid records: %w", err)
	}
	return mapRows(rows, invalidRecord), nil
}

// CountAllInvalidRecords counts what AllInvalidRecords would return in all.
func (s *Service) CountAllInvalidRecords(ctx context.Context, actor Actor, f InvalidRecordFilter) (int, error) {
	n, err := s.as(actor, anyMember).CountAllInvalidRecords(ctx, dbgen.CountAllInvalidRecordsParams{
		CompanyID: actor.Company.ID, AccountID: f.AccountID, State: (*string)(f.State),
	})
	return int(n), wrap("count invalid records", err)
}

func invalidRecord(r dbgen.InvalidRecord) InvalidRecord {
	return InvalidRecord{
		ID: r.ID, AccountID: r.AccountID, ExternalID: r.ExternalID, ExternalURL: r.Url, Reason: InvalidReason(r.Reason),
		Detail: r.Detail, OccurredAt: r.OccurredAt, State: InvalidRecordState(r.State), Attempts: int(r.Attempts),
		ResolvedAt: r.ResolvedAt, EntryID: r.EntryID,
	}
}

const (
	// maxRetried is how many records are asked for again at once.
	maxRetried = 100
	// recalled is how many records of an account a run asks for again; the next one asks for the others.
	recalled = 1000
)

// RecordsRetried is what came of asking for records again.
type RecordsRetried struct {
	// Records are asked for again.
	Records []InvalidRecord
	// Refused are the others.
	Refused []Refusal
}

// RetryInvalidRecords has records read again from their media at once, of any accounts. What can be read by then
// becomes an entry like any other; what cannot stays, with what is wrong now. A run under way is followed by another.
// UserErrors: REQUIRED or TOO_LONG at ids.
func (s *Service) RetryInvalidRecords(ctx context.Context, actor Actor, ids []uuid.UUID) (RecordsRetried, error) {
	if err := actor.must(anyMember); err != nil {
		return RecordsRetried{}, err
	}
	ids = distinct(ids)
	if err := checkIDs(ids, maxRetried); err != nil {
		return RecordsRetried{}, err
	}
	var out RecordsRetried
	err := s.change(ctx, actor, anyMember, "retry invalid records", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		out = RecordsRetried{Records: []InvalidRecord{}, Refused: []Refusal{}}
		rows, err := q.InvalidRecordsByID(ctx, dbgen.InvalidRecordsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
		if err != nil {
			return fmt.Errorf("read invalid records: %w", err)
		}
		accounts, err := lockAccountsOf(ctx, q, actor, rows)
		if err != nil {
			return err
		}
		// Read again, now that no page settles any of them.
		if rows, err = q.InvalidRecordsByID(ctx, dbgen.InvalidRecordsByIDParams{CompanyID: actor.Company.ID, Ids: ids}); err != nil {
			return fmt.Errorf("read invalid records: %w", err)
		}
		able := out.sort(ids, byID(rows, func(r dbgen.InvalidRecord) uuid.UUID { return r.ID }), byID(accounts, func(a dbgen.MediumAccount) uuid.UUID { return a.ID }))
		if len(able) == 0 {
			return nil
		}
		asked, err := q.AskAgain(ctx, dbgen.AskAgainParams{CompanyID: actor.Company.ID, Ids: able})
		if err != nil {
			return fmt.Errorf("ask again: %w", err)
		}
		out.Records = mapRows(asked, func(r dbgen.AskAgainRow) InvalidRecord { return invalidRecord(dbgen.InvalidRecord(r)) })
		var told events
		if err := s.wakeAll(ctx, tx, q, &told, accounts, out.Records); err != nil {
			return err
		}
		if err := audit(ctx, q, actor, AuditRecordsRetried, nil, map[string]any{"count": len(out.Records), "refused": len(out.Refused)}); err != nil {
			return err
		}
		return told.append(ctx, q)
	})
	return out, err
}

// lockAccountsOf locks the accounts of some records, in the order of their ids.
func lockAccountsOf(ctx context.Context, q *dbgen.Queries, actor Actor, records []dbgen.InvalidRecord) ([]dbgen.MediumAccount, error) {
	accounts, err := q.LockAccounts(ctx, dbgen.LockAccountsParams{
		CompanyID: actor.Company.ID, Ids: mapRows(records, func(r dbgen.InvalidRecord) uuid.UUID { return r.AccountID }),
	})
	return accounts, wrap("lock accounts", err)
}

// sort finds those that can be asked for again and says of the others why not.
func (out *RecordsRetried) sort(ids []uuid.UUID, records map[uuid.UUID]dbgen.InvalidRecord, accounts map[uuid.UUID]dbgen.MediumAccount) []uuid.UUID {
	var able []uuid.UUID
	for _, id := range ids {
		r, known := records[id]
		if !known {
			out.Refused = append(out.Refused, Refusal{id, CodeNotFound, textNotFound})
		} else if why := whyNotRetry(r.ResolvedAt, LinkStatus(accounts[r.AccountID].Status)); why != nil {
			out.Refused = append(out.Refused, Refusal{id, CodeInvalidState, *why})
		} else {
			able = append(able, id)
		}
	}
	return able
}

var textReadAlready = Text{"この応募情報はすでに取り込まれています。", "This has been read already."}

// whyNotRetry says why a record cannot be asked for again, or nil. One that is being asked for can be: it is then asked
// for at once.
func whyNotRetry(resolvedAt *time.Time, status LinkStatus) *Text {
	switch {
	case resolvedAt != nil:
		return &textReadAlready
	case status != StatusLinked:
		return &textNotLinked
	}
	return nil
}

// InvalidRecordAction is something that can be done to a record that could not be read.
type InvalidRecordAction string

// ActionRetryRecord is the only one.
const ActionRetryRecord InvalidRecordAction = "RETRY"

// InvalidRecordActionState says whether an action is possible now.
type InvalidRecordActionState struct {
	Action InvalidRecordAction
	Possible
}

// AvailableActions lists every action and whether the record's state, and that of the account it is of, allow it. Any
// member may do it.
func (r InvalidRecord) AvailableActions(account MediumAccount) []InvalidRecordActionState {
	return []InvalidRecordActionState{{ActionRetryRecord, Possible{whyNotRetry(r.ResolvedAt, account.Status)}}}
}

// wakeAll has those of the accounts import at once that have a record among these.
func (s *Service) wakeAll(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, accounts []dbgen.MediumAccount, records []InvalidRecord) error {
	for _, account := range accounts {
		if !slices.ContainsFunc(records, func(r InvalidRecord) bool { return r.AccountID == account.ID }) {
			continue
		}
		active, err := q.ActiveRun(ctx, dbgen.ActiveRunParams{CompanyID: account.CompanyID, AccountID: account.ID})
		if err != nil && !db.IsNoRows(err) {
			return fmt.Errorf("look for a run: %w", err)
		}
		if _, err := s.wakeRun(ctx, tx, q, told, account, active, err == nil); err != nil {
			return err
		}
	}
	return nil
}

// recall adds the records that somebody asked for again to what a run asks for.
func (im *importing) recall(ctx context.Context, q *dbgen.Queries) error {
	rows, err := q.UnsettledRecords(ctx, dbgen.UnsettledRecordsParams{CompanyID: im.account.CompanyID, AccountID: im.account.ID, MaxRows: recalled})
	if err != nil {
		return fmt.Errorf("read invalid records: %w", err)
	}
	im.unsettled = len(rows) > 0
	for _, r := range rows {
		if r.State == string(RecordRetrying) && !slices.Contains(im.again, r.ExternalID) {
			im.again = append(im.again, r.ExternalID)
		}
	}
	return nil
}

// settleRecords notes of earlier invalid records what a page brought: an entry, or nothing that could be opened.
func (im *importing) settleRecords(ctx context.Context, q *dbgen.Queries, page Page) error {
	if !im.unsettled {
		return nil
	}
	if err := q.ResolveRecords(ctx, dbgen.ResolveRecordsParams{
		CompanyID: im.account.CompanyID, AccountID: im.account.ID,
		ExternalIds: mapRows(page.Applications, func(a SourceApplication) string { return a.ExternalID }),
	}); err != nil {
		return fmt.Errorf("resolve invalid records: %w", err)
	}
	return im.askedInVain(ctx, q, page.Hidden)
}

func (im *importing) askedInVain(ctx context.Context, q *dbgen.Queries, externalIDs []string) error {
	return wrap("settle invalid records", q.AskedInVain(ctx, dbgen.AskedInVainParams{
		CompanyID: im.account.CompanyID, AccountID: im.account.ID, ExternalIds: orNone(externalIDs),
	}))
}

// goOn settles what was asked for again and never came. What somebody asked for meanwhile is for another run, at once.
func (im *importing) goOn(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events) error {
	if err := im.askedInVain(ctx, q, im.again); err != nil {
		return err
	}
	left, err := q.AnyRetrying(ctx, dbgen.AnyRetryingParams{CompanyID: im.account.CompanyID, AccountID: im.account.ID})
	if err != nil || !left {
		return wrap("look for more to ask again", err)
	}
	_, err = im.s.wakeRun(ctx, tx, q, told, im.account, dbgen.ImportRun{}, false)
	return err
}
