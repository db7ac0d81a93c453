package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// visits are the answers of the medium to one account.
type visits []visitLine

type visitLine struct {
	At             time.Time
	Email, From    string
	Kind           string
	Number, Status int
}

// count counts the answers of a kind.
func (v visits) count(kind string) int {
	n := 0
	for _, line := range v {
		if line.Kind == kind {
			n++
		}
	}
	return n
}

// get asks the medium's control API.
func (m *medium) get(ctx context.Context, path string, query url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url()+"/_control/"+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("the medium answers %s with %s", path, resp.Status), resp.Body.Close())
	}
	return resp, nil
}

// ledger are all answers to an account, in order.
func (m *medium) ledger(ctx context.Context, email string) (out visits, err error) {
	resp, err := m.get(ctx, "ledger", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	lines := json.NewDecoder(bufio.NewReaderSize(resp.Body, 1<<20))
	for lines.More() {
		var line visitLine
		if err := lines.Decode(&line); err != nil {
			return nil, err
		}
		if line.Email == email {
			out = append(out, line)
		}
	}
	return out, nil
}

// fault is one of wantedlysim's.
type fault map[string]any

// breaks sets what goes wrong for an account; without faults nothing does any more.
func (m *medium) breaks(ctx context.Context, email string, faults ...fault) error {
	if faults == nil {
		faults = []fault{}
	}
	return m.order(ctx, "faults", map[string]any{"email": email, "faults": faults})
}

// played is how many answers to an account went wrong.
func (m *medium) played(ctx context.Context, email string) (int, error) {
	resp, err := m.get(ctx, "faults", url.Values{"email": {email}})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	var answer struct{ Faults []struct{ Played int } }
	err = json.NewDecoder(resp.Body).Decode(&answer)
	n := 0
	for _, f := range answer.Faults {
		n += f.Played
	}
	return n, err
}

// expireSessions has the medium forget who is signed in.
func (m *medium) expireSessions(ctx context.Context, l *link) error {
	return m.order(ctx, "sessions/expire", map[string]any{"email": l.Email})
}

// standing is how an account and its latest run stand.
type standing struct {
	account, run, reason string
	// runs and over are how many there were, and of them have ended.
	runs, over int
	imported   int
	// schedule says that an import is to come by itself.
	schedule bool
	leased   bool
}

func (s *stage) standing(ctx context.Context, l *link) (st standing, err error) {
	err = s.pool.QueryRow(ctx, `SELECT a.status, coalesce(u.status, ''), coalesce(u.failure_reason, a.failure_reason, ''), a.next_import_at > now(), a.lease_owner IS NOT NULL,
			(SELECT count(*) FROM import_runs u WHERE u.account_id = a.id), (SELECT count(*) FROM import_runs u WHERE u.account_id = a.id AND u.finished_at IS NOT NULL),
			(SELECT count(*) FROM inbox_entries e WHERE e.account_id = a.id)
		FROM (SELECT id, status, failure_reason, coalesce(next_import_at, '-infinity') AS next_import_at, lease_owner FROM medium_accounts) a
		LEFT JOIN LATERAL (SELECT status, failure_reason FROM import_runs u WHERE u.account_id = a.id AND u.finished_at IS NOT NULL ORDER BY u.id DESC LIMIT 1) u ON true
		WHERE a.id = $1`, l.Account).Scan(&st.account, &st.run, &st.reason, &st.schedule, &st.leased, &st.runs, &st.over, &st.imported)
	return st, err
}

// until waits until an account stands in a certain way, and returns how.
func (s *stage) until(ctx context.Context, l *link, patience time.Duration, what string, is func(standing) bool) (st standing, err error) {
	err = within(ctx, patience, l.Email+" "+what, func(ctx context.Context) (ok bool, err error) {
		st, err = s.standing(ctx, l)
		return err == nil && is(st), err
	})
	if err != nil {
		return st, fmt.Errorf("%w (it is %s, its last run %s by %q)", err, st.account, st.run, st.reason)
	}
	return st, nil
}

// succeeded waits until an account's latest run has succeeded and none is to come.
func (s *stage) succeeded(ctx context.Context, l *link, patience time.Duration) error {
	_, err := s.until(ctx, l, patience, "has imported all", func(st standing) bool {
		return st.account == "LINKED" && st.run == "SUCCEEDED" && st.runs == st.over && !st.leased
	})
	return err
}

// press presses 今すぐ取り込む.
func (s *stage) press(ctx context.Context, l *link) error {
	return l.ask(ctx, s.any(), "importNow", importNow, vars{"id": l.Account}, nil)
}

// imports presses it, waits for the end of a run, and returns how that stands.
func (s *stage) imports(ctx context.Context, l *link) (standing, error) {
	before, err := s.standing(ctx, l)
	if err != nil {
		return before, err
	}
	if err := s.press(ctx, l); err != nil {
		return before, fmt.Errorf("import now: %w", err)
	}
	return s.until(ctx, l, time.Minute, "has run again", func(st standing) bool { return st.over > before.over && !st.leased })
}

// arrive has more applications come to an account's company.
func (s *stage) arrive(ctx context.Context, l *link, many int) error {
	return s.medium.order(ctx, "tickets", map[string]any{"domain": l.Domain, "count": many})
}

// toldOfFailure is how often members were told that an account needs them.
func (s *stage) toldOfFailure(ctx context.Context, l *link) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM events WHERE company_id = $1 AND kind = 'ACCOUNT' AND account_id = $2
		AND payload->'account'->>'status' = 'AUTH_FAILED'`, l.Company, l.Account).Scan(&n)
	return n, err
}

// silent makes sure that nobody signs in as an account any more: not when an import is asked for, not by another process,
// not after a while.
func (s *stage) silent(ctx context.Context, l *link) error {
	before, err := s.medium.ledger(ctx, l.Email)
	if err != nil {
		return err
	}
	if err := s.press(ctx, l); err == nil {
		return fmt.Errorf("%s: an import was taken although somebody has to mend the account first", l.Email)
	}
	p := s.any()
	p.kill()
	if _, err := s.start(ctx); err != nil {
		return err
	}
	pause(ctx, quietFor)
	after, err := s.medium.ledger(ctx, l.Email)
	if err != nil {
		return err
	}
	if len(after) != len(before) {
		return fmt.Errorf("%s: the medium was asked %d times more", l.Email, len(after)-len(before))
	}
	return nil
}

// quietFor is longer than the first retries would take.
const quietFor = 6 * time.Second

// twin makes another account of the same company, at the medium too, that sees the same applications. It is not registered yet.
func (s *stage) twin(ctx context.Context, l *link) (*link, error) {
	t := &link{client: l.client, password: l.password}
	t.Company, t.Domain, t.Email = l.Company, l.Domain, "ok-2@"+l.Domain
	if err := s.medium.order(ctx, "accounts", map[string]any{"email": t.Email, "password": t.password}); err != nil {
		return nil, err
	}
	s.links = append(s.links, t)
	return t, nil
}

// retryUnreadable asks for everything again that could not be read.
func (s *stage) retryUnreadable(ctx context.Context, l *link) (int, error) {
	var ids []string
	err := s.pool.QueryRow(ctx, `SELECT coalesce(array_agg(id::text), '{}') FROM invalid_records WHERE account_id = $1 AND state = 'OPEN'`, l.Account).Scan(&ids)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, 100) {
		if err := l.ask(ctx, s.any(), "retryInvalidRecords", retryRecords, vars{"ids": some}, nil); err != nil {
			return 0, fmt.Errorf("ask for unreadable records again: %w", err)
		}
	}
	return len(ids), nil
}

const retryRecords = "mutation ($ids: [ID!]!) { retryInvalidRecords(ids: $ids) { errors { code message } } }"
