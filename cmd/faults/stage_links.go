package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"renkei/cmd/faults/judge"
)

// link is an account of a company of its own.
type link struct {
	judge.Link
	client
	password string
}

// company makes a company with a member who may do everything, and somebody who watches its runs.
func (s *stage) company(ctx context.Context) (id string, c client, err error) {
	s.mu.Lock()
	s.companies++
	mark := fmt.Sprintf("hr%d.example", s.companies)
	s.mu.Unlock()
	if id, err = s.command(ctx, "company", "create", "株式会社 "+mark); err != nil {
		return "", c, err
	}
	answers, err := newRecording(s.answersOf(id))
	if err != nil {
		return "", c, err
	}
	s.mu.Lock()
	s.marks[id], s.answers[id] = mark, answers
	s.mu.Unlock()
	member, err := s.command(ctx, "member", "create", "--company", id, "--email", "saiyo@"+id+".example", "--name", "採用 花子", "--roles", "ADMIN,RECRUITER")
	if err != nil {
		return "", c, err
	}
	token, err := s.command(ctx, "token", "create", "--company", id, "--member", member)
	if err != nil {
		return "", c, err
	}
	c = client{token: token, answers: answers}
	if !strings.HasPrefix(token, tokenPrefix) {
		return "", c, errors.New("a token no longer begins as the judge believes")
	}
	return id, c, s.watch(ctx, c, id)
}

// watch has somebody more watch a company's runs.
func (s *stage) watch(ctx context.Context, c client, company string) error {
	w := c.watch(context.WithoutCancel(ctx), company, s.addresses)
	s.mu.Lock()
	s.watchers = append(s.watchers, w)
	s.mu.Unlock()
	if len(s.addresses()) == 0 {
		return nil // it is let in as soon as somebody is there
	}
	return within(ctx, toldWithin, "somebody watches", func(context.Context) (bool, error) {
		select {
		case <-w.open:
			return true, nil
		default:
			return false, nil
		}
	})
}

// newLink makes a company and an account of the medium that behaves as persona does. It is not registered yet.
func (s *stage) newLink(ctx context.Context, persona string) (*link, error) {
	id, c, err := s.company(ctx)
	if err != nil {
		return nil, err
	}
	l := &link{client: c, password: passwordPrefix + rand.Text()}
	s.mu.Lock()
	l.Company, l.Domain = id, s.marks[id]
	s.mu.Unlock()
	l.Email = persona + "@" + l.Domain
	if err := s.medium.order(ctx, "accounts", map[string]any{"email": l.Email, "password": l.password}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, l)
	return l, nil
}

// register presses アカウント認証開始.
func (s *stage) register(ctx context.Context, l *link) error { return s.registerAt(ctx, s.any(), l) }

// registerAt presses it at a process.
func (s *stage) registerAt(ctx context.Context, p *process, l *link) error {
	var answer struct{ Account struct{ ID string } }
	err := l.ask(ctx, p, "registerAccount", registerAccount,
		vars{"input": vars{"email": l.Email, "password": l.password, "importFrom": time.Now().Add(-lookBack)}}, &answer)
	if err != nil {
		return fmt.Errorf("register %s: %w", l.Email, err)
	}
	l.Account = answer.Account.ID
	return nil
}

// linked makes an account that works, registers it and waits until its first import is under way.
func (s *stage) linked(ctx context.Context) (*link, error) {
	l, err := s.newLink(ctx, "ok")
	if err != nil {
		return nil, err
	}
	if err := s.register(ctx, l); err != nil {
		return nil, err
	}
	return l, s.underWay(ctx, l, 1)
}

// underWay waits until an account's run has imported this many, or is over.
func (s *stage) underWay(ctx context.Context, l *link, many int) error {
	return within(ctx, time.Minute, l.Email+" is under way", func(ctx context.Context) (bool, error) {
		var n int
		err := s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND (imported >= $2 OR finished_at IS NOT NULL)",
			l.Account, many).Scan(&n)
		return n > 0, err
	})
}

// holding is who holds an account's lease.
type holding struct {
	// who is the process's name, owner the lease's number; both empty where nobody does.
	who, owner string
	status     string
	imported   int
}

func (s *stage) holder(ctx context.Context, l *link) (h holding, err error) {
	err = s.pool.QueryRow(ctx, `SELECT coalesce(a.lease_owner::text, ''), coalesce(w.who, ''), coalesce(u.status, ''), coalesce(u.imported, 0)
		FROM medium_accounts a
		LEFT JOIN LATERAL (SELECT who FROM witness.leases w WHERE w.account_id = a.id AND w.owner = a.lease_owner ORDER BY n DESC LIMIT 1) w ON true
		LEFT JOIN LATERAL (SELECT status, imported FROM import_runs u WHERE u.account_id = a.id ORDER BY u.id DESC LIMIT 1) u ON true
		WHERE a.id = $1`, l.Account).Scan(&h.owner, &h.who, &h.status, &h.imported)
	return h, err
}
