package intake

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

const (
	eventsKept = 30 * 24 * time.Hour
	pruneBatch = 5000
	// watchRetry lies between two tries of a watcher to whom the database does not answer.
	watchRetry = 500 * time.Millisecond
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
		decode: s.decodeAccountEvents(actor.Company.ID),
		stamp:  func(e *AccountEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// decodeAccountEvents adds what the log leaves out: the login is read from its row.
func (s *Service) decodeAccountEvents(companyID uuid.UUID) func(context.Context, []dbgen.EventsAfterRow) ([]AccountEvent, error) {
	return func(ctx context.Context, rows []dbgen.EventsAfterRow) ([]AccountEvent, error) {
		ids := make([]uuid.UUID, len(rows))
		for i, r := range rows {
			ids[i] = *r.AccountID
		}
		accounts, err := s.of(companyID).AccountsByID(ctx, dbgen.AccountsByIDParams{CompanyID: companyID, Ids: ids})
		if err != nil {
			return nil, fmt.Errorf("read accounts: %w", err)
		}
		emails := make(map[uuid.UUID]string, len(accounts))
		for _, a := range accounts {
			emails[a.ID] = a.Email
		}
		out := make([]AccountEvent, len(rows))
		for i, r := range rows {
			var p accountEventPayload
			if err := json.Unmarshal(r.Payload, &p); err != nil {
				return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
			}
			p.Account.Email = emails[*r.AccountID]
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

// stream is what the subscriptions differ in. What it reads is a company's, whoever of those that may
// see it asks: it is read once for all of them.
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
		t, leave := join(s, actor.Company.ID, st)
		defer leave()
		w := watcher[T]{tail: t, position: position}
		for {
			batch, moved, err := w.next(ctx)
			if ctx.Err() != nil {
				return
			}
			for i := range batch {
				if !yield(batch[i].event) {
					return
				}
			}
			switch {
			case err != nil:
				// The database may be restarting: whoever watches need not know.
				if !wait(ctx, nil, watchRetry) {
					return
				}
			case moved != nil:
				select {
				case <-ctx.Done():
					return
				case <-moved:
				}
			}
		}
	}, nil
}

// wait returns false when ctx ends.
func wait(ctx context.Context, woken <-chan struct{}, patience time.Duration) bool {
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

// watcher is one subscriber's place in its company's log. It holds no more than the events that it is
// handing over.
type watcher[T any] struct {
	tail *tail[T]
	// position is nil before the first look of a subscriber that has no cursor.
	position *cursor
	// era is the tail's when the position was found to be in the log; 0 before.
	era int
}

// next returns what lies behind the watcher's position and moves it on. With moved there is nothing more
// until that is closed.
func (w *watcher[T]) next(ctx context.Context) (batch []told[T], moved <-chan struct{}, err error) {
	if w.position == nil || w.position.partial {
		batch, err = w.read(ctx, presentState)
		return batch, nil, err
	}
	if batch, moved, within := w.tail.serve(w); within {
		return batch, moved, nil
	}
	batch, err = w.read(ctx, w.position.seq)
	return batch, nil, err
}

// read asks the database, together with all who stand where this watcher does.
func (w *watcher[T]) read(ctx context.Context, after int64) ([]told[T], error) {
	p, err := w.tail.together(ctx, after)
	if err != nil {
		return nil, err
	}
	w.era, w.position = p.era, &cursor{seq: p.end}
	if p.gone {
		w.position = nil
	}
	return p.events, nil
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
