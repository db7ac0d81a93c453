package intake

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	eventsKept = 30 * 24 * time.Hour
	pruneBatch = 5000
	// watchBatch bounds what a watcher holds in memory.
	watchBatch = 100
	// watchPatience is how long a watcher trusts that it would have been woken.
	watchPatience = 15 * time.Second
	watchRetry    = 500 * time.Millisecond
)

// AccountEvent is a change of a link's status, with the account as it then stood.
type AccountEvent struct {
	Cursor         string
	At             time.Time
	PreviousStatus *LinkStatus
	Account        MediumAccount
}

// ImportRunEvent is a run as it stood at an instant.
type ImportRunEvent struct {
	Cursor string
	At     time.Time
	Run    ImportRun
}

// InboxEvent is the size of the inbox at an instant.
type InboxEvent struct {
	Cursor       string
	At           time.Time
	WaitingCount int
	RoutedCount  int
}

type accountEventPayload struct {
	PreviousStatus *LinkStatus   `json:"previousStatus"`
	Account        MediumAccount `json:"account"`
}

// WatchAccounts yields the changes of status of one account, or of all, behind the cursor; without
// one, the accounts as they stand come first. It ends with ctx, and with
// nothing else: it goes on through the loss of the database.
func (s *Service) WatchAccounts(ctx context.Context, actor Actor, accountID *uuid.UUID, after *string) (iter.Seq[AccountEvent], error) {
	if err := actor.must(anyMember); err != nil {
		return nil, err
	}
	if err := s.checkAccount(ctx, actor, accountID); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[AccountEvent]{
		kind: eventAccount, accountID: accountID,
		current: func(ctx context.Context, q *dbgen.Queries) ([]AccountEvent, error) {
			rows, err := q.Accounts(ctx, dbgen.AccountsParams{CompanyID: actor.Company.ID})
			if err != nil {
				return nil, fmt.Errorf("read accounts: %w", err)
			}
			var state []AccountEvent
			for _, r := range rows {
				if accountID == nil || *accountID == r.ID {
					state = append(state, AccountEvent{Account: s.account(r)})
				}
			}
			return state, nil
		},
		decode: s.decodeAccountEvents(actor),
		stamp:  func(e *AccountEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// decodeAccountEvents adds what the log leaves out: the login is read from its row.
func (s *Service) decodeAccountEvents(actor Actor) func(context.Context, []dbgen.EventsAfterRow) ([]AccountEvent, error) {
	return func(ctx context.Context, rows []dbgen.EventsAfterRow) ([]AccountEvent, error) {
		ids := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			ids[i] = *r.AccountID
		}
		accounts, err := s.AccountsByID(ctx, actor, ids)
		if err != nil {
			return nil, err
		}
		out := make([]AccountEvent, len(rows))
		for i, r := range rows {
			var p accountEventPayload
			if err := json.Unmarshal(r.Payload, &p); err != nil {
				return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
			}
			p.Account.Email = accounts[*r.AccountID].Email
			out[i] = AccountEvent{PreviousStatus: p.PreviousStatus, Account: s.withHealth(p.Account)}
		}
		return out, nil
	}
}

// WatchRuns yields what happens to the runs of one account, or of all; see WatchAccounts. Without a
// cursor, the latest run of each account comes first.
func (s *Service) WatchRuns(ctx context.Context, actor Actor, accountID *uuid.UUID, after *string) (iter.Seq[ImportRunEvent], error) {
	if err := actor.must(anyMember); err != nil {
		return nil, err
	}
	if err := s.checkAccount(ctx, actor, accountID); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[ImportRunEvent]{
		kind: eventRun, accountID: accountID,
		current: func(ctx context.Context, q *dbgen.Queries) ([]ImportRunEvent, error) {
			rows, err := q.LatestRuns(ctx, dbgen.LatestRunsParams{CompanyID: actor.Company.ID, AccountID: accountID})
			if err != nil {
				return nil, fmt.Errorf("read runs: %w", err)
			}
			state := make([]ImportRunEvent, len(rows))
			for i, r := range rows {
				state[i] = ImportRunEvent{Run: importRun(r)}
			}
			return state, nil
		},
		decode: func(_ context.Context, rows []dbgen.EventsAfterRow) ([]ImportRunEvent, error) {
			out := make([]ImportRunEvent, len(rows))
			for i, r := range rows {
				if err := json.Unmarshal(r.Payload, &out[i].Run); err != nil {
					return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
				}
			}
			return out, nil
		},
		stamp: func(e *ImportRunEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// WatchInbox yields the size of the inbox as it changes; see WatchAccounts.
func (s *Service) WatchInbox(ctx context.Context, actor Actor, after *string) (iter.Seq[InboxEvent], error) {
	if err := actor.must(recruiting); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[InboxEvent]{
		kind: eventInbox,
		current: func(ctx context.Context, q *dbgen.Queries) ([]InboxEvent, error) {
			log, err := q.EventLog(ctx, actor.Company.ID)
			if err != nil {
				return nil, fmt.Errorf("read inbox's size: %w", err)
			}
			return []InboxEvent{{WaitingCount: int(log.Waiting), RoutedCount: int(log.Routed)}}, nil
		},
		decode: func(_ context.Context, rows []dbgen.EventsAfterRow) ([]InboxEvent, error) {
			out := make([]InboxEvent, len(rows))
			for i, r := range rows {
				if err := json.Unmarshal(r.Payload, &out[i]); err != nil {
					return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
				}
			}
			return out, nil
		},
		stamp: func(e *InboxEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// checkAccount returns ErrNotFound for an account that is not the actor's.
func (s *Service) checkAccount(ctx context.Context, actor Actor, id *uuid.UUID) error {
	if id == nil {
		return nil
	}
	_, err := s.Account(ctx, actor, *id)
	return err
}

// stream is what the subscriptions differ in.
type stream[T any] struct {
	kind      string
	accountID *uuid.UUID
	// subjectID is what events of other kinds are of: an opening, a file.
	subjectID *uuid.UUID
	// current returns the present state.
	current func(context.Context, *dbgen.Queries) ([]T, error)
	decode  func(context.Context, []dbgen.EventsAfterRow) ([]T, error)
	stamp   func(*T, string, time.Time)
}

func watch[T any](ctx context.Context, s *Service, actor Actor, st stream[T], after *string) (iter.Seq[T], error) {
	var position *cursor
	if after != nil {
		c, err := parseCursor(*after)
		if err != nil {
			return nil, err
		}
		position = &c
	}
	return func(yield func(T) bool) {
		// Before the first look, so that nothing falls between the look and the wait.
		woken, leave := s.watchers.enter(actor.Company.ID)
		defer leave()
		w := watcher[T]{service: s, actor: actor, stream: st, position: position}
		for {
			batch, more, err := w.next(ctx)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				// The database may be restarting: whoever watches need not know.
				s.log.Warn().Err(err).Str("kind", st.kind).Msg("watching interrupted")
			}
			for i := range batch {
				if !yield(batch[i]) {
					return
				}
			}
			if more {
				continue
			}
			if !wait(ctx, woken, err != nil) {
				return
			}
		}
	}, nil
}

// wait returns false when ctx ends.
func wait(ctx context.Context, woken <-chan struct{}, failed bool) bool {
	patience := watchPatience
	if failed {
		patience, woken = watchRetry, nil
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-woken:
	case <-timer.C:
	}
	return true
}

// watcher is one subscriber's place in its company's log.
type watcher[T any] struct {
	service *Service
	actor   Actor
	stream  stream[T]
	// position is nil before the first look of a subscriber that has no cursor.
	position *cursor
}

// next reads what lies behind the watcher's position and moves it on, and reports whether there is
// more to read at once.
func (w *watcher[T]) next(ctx context.Context) (batch []T, more bool, err error) {
	if w.position == nil || w.position.partial {
		batch, err = w.state(ctx)
		return batch, false, err
	}
	rows, err := w.service.of(w.actor.Company.ID).EventsAfter(ctx, dbgen.EventsAfterParams{
		CompanyID: w.actor.Company.ID, Kind: w.stream.kind, After: w.position.seq, AccountID: w.stream.accountID, SubjectID: w.stream.subjectID, MaxRows: watchBatch,
	})
	if err == nil && len(rows) == 0 {
		err = errNoLog
	}
	if err != nil {
		return nil, false, fmt.Errorf("read events: %w", err)
	}
	end := rows[0].LogSeq
	if w.position.seq > end || w.position.seq+1 < rows[0].LogOldest {
		batch, err = w.state(ctx)
		return batch, false, err
	}
	if rows[0].Seq == 0 {
		w.position = &cursor{seq: end}
		return nil, false, nil
	}
	batch, err = w.stream.decode(ctx, rows)
	if err != nil {
		return nil, false, err
	}
	for i, r := range rows {
		w.stream.stamp(&batch[i], cursor{seq: r.Seq}.String(), r.At)
	}
	if more = len(rows) == watchBatch; more {
		end = rows[len(rows)-1].Seq
	}
	w.position = &cursor{seq: end}
	return batch, more, nil
}

// errNoLog says that a company has no counters, which it is made with.
var errNoLog = errors.New("the company has no log")

// state is what comes first: the present. The cursor of each item but the last asks for all of it
// again, so that a connection lost in the middle costs nothing.
func (w *watcher[T]) state(ctx context.Context) (items []T, err error) {
	var log dbgen.EventLogRow
	// One snapshot, so that the state and the place in the log belong together.
	err = db.BeginWithin(ctx, w.service.db, w.actor.Company.ID, db.Snapshot, func(tx pgx.Tx) error {
		q := dbgen.New(tx)
		if log, err = q.EventLog(ctx, w.actor.Company.ID); err != nil {
			return fmt.Errorf("read log's end: %w", err)
		}
		items, err = w.stream.current(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	for i := range items {
		at := cursor{seq: log.Seq, partial: i < len(items)-1}
		w.stream.stamp(&items[i], at.String(), now)
	}
	w.position = &cursor{seq: log.Seq}
	return items, nil
}

// cursor is a place in a company's log.
type cursor struct {
	seq int64
	// partial: the state that was sent first had not been sent whole.
	partial bool
}

const cursorPartial = "partial"

func (c cursor) String() string {
	s := "1." + strconv.FormatInt(c.seq, 10)
	if c.partial {
		s += "." + cursorPartial
	}
	return base64.RawURLEncoding.EncodeToString([]byte(s))
}

func parseCursor(s string) (cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return cursor{}, ErrBadCursor
	}
	version, rest, _ := strings.Cut(string(raw), ".")
	seq, partial, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseInt(seq, 10, 64)
	if version != "1" || err != nil || n < 0 || (partial != "" && partial != cursorPartial) {
		return cursor{}, ErrBadCursor
	}
	return cursor{seq: n, partial: partial != ""}, nil
}

// watchers are those who wait in this process, by company.
type watchers struct {
	mu        sync.Mutex
	byCompany map[uuid.UUID]map[chan struct{}]struct{}
}

func newWatchers() *watchers {
	return &watchers{byCompany: make(map[uuid.UUID]map[chan struct{}]struct{})}
}

func (w *watchers) enter(companyID uuid.UUID) (woken <-chan struct{}, leave func()) {
	// Room for one: to have been woken twice is to have been woken.
	ch := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byCompany[companyID] == nil {
		w.byCompany[companyID] = make(map[chan struct{}]struct{})
	}
	w.byCompany[companyID][ch] = struct{}{}
	return ch, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.byCompany[companyID], ch)
		if len(w.byCompany[companyID]) == 0 {
			delete(w.byCompany, companyID)
		}
	}
}

// WakeWatchers makes the watchers of a company look at its log.
func (s *Service) WakeWatchers(companyID uuid.UUID) {
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	wakeAll(s.watchers.byCompany[companyID])
}

// WakeAllWatchers makes every watcher look: for when it is not known who ought to.
func (s *Service) WakeAllWatchers() {
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	for _, chs := range s.watchers.byCompany {
		wakeAll(chs)
	}
}

func wakeAll(chs map[chan struct{}]struct{}) {
	for ch := range chs {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
