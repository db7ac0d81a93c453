package graph_test

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
)

// queue remembers the latest task of each account, so that a test can do it.
type queue struct {
	intake.Queue
	mu    sync.Mutex
	tasks map[uuid.UUID]intake.Task
}

func (q *queue) note(tasks ...intake.Task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.tasks == nil {
		q.tasks = make(map[uuid.UUID]intake.Task)
	}
	for _, task := range tasks {
		q.tasks[task.AccountID] = task
	}
}

// VerifyAccount implements intake.Queue.
func (q *queue) VerifyAccount(ctx context.Context, tx pgx.Tx, task intake.Task, delay time.Duration) error {
	q.note(task)
	return q.Queue.VerifyAccount(ctx, tx, task, delay)
}

// ImportAccounts implements intake.Queue.
func (q *queue) ImportAccounts(ctx context.Context, tx pgx.Tx, tasks []intake.Task, delay time.Duration) error {
	q.note(tasks...)
	return q.Queue.ImportAccounts(ctx, tx, tasks, delay)
}

func (q *queue) latest(account uuid.UUID) intake.Task {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.tasks[account]
}

// medium is a Source that says what it is told to.
type medium struct {
	mu sync.Mutex
	// refuses is why nobody may sign in.
	refuses error
	// pages come at the next Read, and then trouble, if any.
	pages   []intake.Page
	trouble error
}

// Verify implements intake.Source.
func (m *medium) Verify(context.Context, intake.Credentials) (intake.Secret, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return intake.NewSecret(dbtest.Canary("session")), m.refuses
}

// Read implements intake.Source.
func (m *medium) Read(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	pages, trouble := m.pages, m.trouble
	m.pages, m.trouble = nil, nil
	return func(yield func(intake.Page, error) bool) {
		cursor := since.Cursor
		for _, page := range pages {
			cursor += "."
			page.Cursor = cursor
			if !yield(page, nil) {
				return
			}
		}
		if trouble != nil {
			yield(intake.Page{}, trouble)
		}
	}
}

func (m *medium) gives(trouble error, pages ...intake.Page) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pages, m.trouble = pages, trouble
}

// fresh is how medium errors are made.
func fresh(reason intake.FailureReason) error {
	return &intake.SourceError{Reason: reason, Err: fmt.Errorf("made up")}
}

// register registers an account and leaves it to be verified.
func (c company) register(t *testing.T, email string) intake.MediumAccount {
	t.Helper()
	account, err := c.service.Register(t.Context(), c.actor, intake.Registration{
		Medium: intake.MediumWantedly, Email: email, Password: intake.NewSecret(dbtest.Canary("password")),
	})
	require.NoError(t, err)
	return account
}

// verify does what a registration asked for.
func (c company) verify(t *testing.T, account uuid.UUID) {
	t.Helper()
	require.NoError(t, c.service.Verify(t.Context(), c.queue.latest(account)))
}

// link registers an account and verifies it; its first import is queued.
func (c company) link(t *testing.T, email string) uuid.UUID {
	t.Helper()
	account := c.register(t, email)
	c.verify(t, account.ID)
	return account.ID
}

// imports works the queued import of an account, which meets these pages.
func (c company) imports(t *testing.T, account uuid.UUID, pages ...intake.Page) {
	t.Helper()
	c.medium.gives(nil, pages...)
	require.NoError(t, c.service.Import(t.Context(), c.queue.latest(account)))
}

// importsAgain imports at once.
func (c company) importsAgain(t *testing.T, account uuid.UUID, pages ...intake.Page) uuid.UUID {
	t.Helper()
	run, queued, err := c.service.ImportNow(t.Context(), c.actor, account)
	require.NoError(t, err)
	require.False(t, queued)
	c.imports(t, account, pages...)
	return run.ID
}

// began is when the first application of all was made.
var began = time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC)

// applied are n applications for a position, numbered from a number on, a minute apart.
func applied(position string, from, n int) intake.Page {
	var page intake.Page
	for number := from; number < from+n; number++ {
		page.Applications = append(page.Applications, application(position, number, number))
	}
	return page
}

func application(position string, number, person int) intake.SourceApplication {
	return intake.SourceApplication{
		ExternalID: strconv.Itoa(number), Kind: intake.EntryApplied, PositionID: "p", PositionName: position,
		AppliedAt: began.Add(time.Duration(number) * time.Minute), URL: fmt.Sprintf("https://example.com/applications/%d", number),
		Person: intake.SourcePerson{ExternalID: strconv.Itoa(person), Name: fmt.Sprintf("応募者 %d", person)},
	}
}

// opening makes an opening with the default steps.
func (c company) opening(t *testing.T, name string) intake.Opening {
	t.Helper()
	opening, err := c.service.CreateOpening(t.Context(), c.actor, intake.OpeningInput{Name: name})
	require.NoError(t, err)
	return opening
}

// rule sends a position to an opening.
func (c company) rule(t *testing.T, position string, opening uuid.UUID) intake.RoutingRule {
	t.Helper()
	rule, _, err := c.service.CreateRule(t.Context(), c.actor, intake.RuleInput{
		Medium: intake.MediumWantedly, PositionName: position, OpeningID: opening,
	})
	require.NoError(t, err)
	return rule
}
