package main

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/intake"
)

// feed is a medium that yields the pages it is given.
type feed struct{ pages []intake.Page }

func (*feed) Verify(context.Context, intake.Credentials) (intake.Secret, error) {
	return intake.NewSecret("session"), nil
}

func (f *feed) Read(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		for _, p := range f.pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// importing measures a page of applications on its way into tables that hold many.
type importing struct {
	pool    *pgxpool.Pool
	feed    *feed
	service *intake.Service
	actor   intake.Actor
	account uuid.UUID
	last    int
}

// positions and their rules: all but one in ten have one.
var positions = []string{
	"バックエンドエンジニア", "フロントエンドエンジニア", "SRE", "データエンジニア", "プロダクトマネージャー",
	"UIデザイナー", "カスタマーサクセス", "インサイドセールス", "人事", "ルールのない募集",
}

func newImporting(ctx context.Context, pool *pgxpool.Pool, before int) (*importing, error) {
	im := &importing{pool: pool, feed: &feed{}}
	var err error
	if im.service, err = newService(ctx, pool, im.feed); err != nil {
		return nil, err
	}
	if im.actor.Company, err = im.service.CreateCompany(ctx, "bench"); err != nil {
		return nil, err
	}
	im.actor.Member.Roles = []intake.Role{intake.RoleAdmin, intake.RoleRecruiter}
	opening, err := im.service.CreateOpening(ctx, im.actor, intake.OpeningInput{Name: "bench"})
	if err != nil {
		return nil, err
	}
	for _, p := range positions[:9] {
		rule := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: p, OpeningID: opening.ID}
		if _, _, err := im.service.CreateRule(ctx, im.actor, rule); err != nil {
			return nil, err
		}
	}
	account, err := im.service.Register(ctx, im.actor, intake.Registration{
		Medium: intake.MediumWantedly, Email: "bench@example.com", Password: intake.NewSecret("password"),
	})
	if err != nil {
		return nil, err
	}
	im.account = account.ID
	task, err := im.task(ctx)
	if err != nil {
		return nil, err
	}
	if err := im.service.Verify(ctx, task); err != nil {
		return nil, err
	}
	for im.last < before {
		im.feed.pages = append(im.feed.pages, im.page(1000))
	}
	return im, im.importFeed(ctx)
}

// task is the wake-up that the account waits for.
func (im *importing) task(ctx context.Context) (intake.Task, error) {
	t := intake.Task{CompanyID: im.actor.Company.ID, AccountID: im.account}
	err := im.pool.QueryRow(ctx, "SELECT epoch, wake FROM medium_accounts WHERE company_id = $1 AND id = $2",
		t.CompanyID, t.AccountID).Scan(&t.Epoch, &t.Wake)
	if err != nil {
		return t, fmt.Errorf("read wake-up: %w", err)
	}
	return t, nil
}

// importFeed works the run that is queued, as a job would.
func (im *importing) importFeed(ctx context.Context) error {
	task, err := im.task(ctx)
	if err != nil {
		return err
	}
	return im.service.Import(ctx, task)
}

// page makes the next n applications, each of somebody new.
func (im *importing) page(n int) intake.Page {
	var p intake.Page
	for range n {
		im.last++
		p.Applications = append(p.Applications, application(im.last))
	}
	p.Cursor = strconv.Itoa(im.last)
	return p
}

func application(n int) intake.SourceApplication {
	id := strconv.Itoa(n)
	text := func(s string) *string { return &s }
	return intake.SourceApplication{
		ExternalID: id, Kind: intake.EntryApplied, PositionID: strconv.Itoa(n % 10), PositionName: positions[n%10],
		AppliedAt: time.Unix(1_700_000_000+int64(n), 0), URL: "https://example.com/enterprise/tickets/" + id,
		Person: intake.SourcePerson{
			ExternalID: id, Name: "候補者 " + id, Location: text("東京都"), CurrentPosition: text("エンジニア"),
			Tagline: text("つくるのが好きです"), Introduction: text("ウェブサービスの開発に十年携わってきました。"),
			Aspiration:    text("人の役に立つものをつくりたい。"),
			WorkHistories: []intake.WorkHistory{{CompanyName: text("株式会社例"), Position: text("エンジニア"), StartedOn: text("2016-04-01")}},
			Educations:    []intake.Education{{SchoolName: text("例大学"), Major: text("情報工学")}},
			Skills:        []string{"Go", "PostgreSQL", "TypeScript"},
			Links:         []intake.Link{{URL: "https://example.com/" + id}},
		},
	}
}

// measure races the ways to bring a page of size applications in.
func (im *importing) measure(ctx context.Context, size, rounds int) error {
	if _, err := im.pool.Exec(ctx, bareTable); err != nil {
		return fmt.Errorf("make the bare table: %w", err)
	}
	contestants := []contestant{
		{name: "renkei: a run of one page, stored and routed", run: func(ctx context.Context) error {
			return im.runOf(ctx, im.page(size))
		}},
		{name: "COPY of the same rows into a bare table", run: func(ctx context.Context) error {
			return im.copyBare(ctx, im.page(size).Applications)
		}},
		{name: "one row at a time, one transaction", run: func(ctx context.Context) error {
			return im.rowByRow(ctx, im.page(size).Applications)
		}},
		{name: "renkei: the same page seen again", run: func(ctx context.Context) error {
			return im.runOf(ctx, im.feed.pages[0])
		}},
	}
	times, err := race(ctx, rounds, contestants...)
	if err != nil {
		return err
	}
	report(fmt.Sprintf("import, %d applications, %d in the tables", size, im.last), contestants, times, size)
	return nil
}

// runOf imports one page as a run of its own, from the asking to the end.
func (im *importing) runOf(ctx context.Context, page intake.Page) error {
	im.feed.pages = []intake.Page{page}
	if _, _, err := im.service.ImportNow(ctx, im.actor, im.account); err != nil {
		return err
	}
	return im.importFeed(ctx)
}

const bareTable = `CREATE TABLE IF NOT EXISTS bare (
	external_id text, person_id text, name text, position_name text, introduction text, aspiration text, url text, applied_at timestamptz)`

func (im *importing) copyBare(ctx context.Context, applications []intake.SourceApplication) error {
	_, err := im.pool.CopyFrom(ctx, pgx.Identifier{"bare"},
		[]string{"external_id", "person_id", "name", "position_name", "introduction", "aspiration", "url", "applied_at"},
		pgx.CopyFromSlice(len(applications), func(i int) ([]any, error) {
			a := applications[i]
			return []any{
				a.ExternalID, a.Person.ExternalID, a.Person.Name, a.PositionName,
				*a.Person.Introduction, *a.Person.Aspiration, a.URL, a.AppliedAt,
			}, nil
		}))
	return err
}

// rowByRow does what StorePage does, a statement a row.
func (im *importing) rowByRow(ctx context.Context, applications []intake.SourceApplication) error {
	company := im.actor.Company.ID
	return pgx.BeginFunc(ctx, im.pool, func(tx pgx.Tx) error {
		for _, a := range applications {
			var candidate, entry uuid.UUID
			err := tx.QueryRow(ctx, `INSERT INTO candidates (company_id, medium, external_person_id, name, introduction, aspiration)
				VALUES ($1, 'WANTEDLY', $2, $3, $4, $5)
				ON CONFLICT (company_id, medium, external_person_id) DO UPDATE SET name = candidates.name RETURNING id`,
				company, a.Person.ExternalID, a.Person.Name, a.Person.Introduction, a.Person.Aspiration).Scan(&candidate)
			if err != nil {
				return err
			}
			var rule, opening *uuid.UUID
			err = tx.QueryRow(ctx, `SELECT id, opening_id FROM routing_rules WHERE company_id = $1 AND medium = 'WANTEDLY'
				AND normalized_position_name = $2`, company, intake.NormalizePositionName(a.PositionName)).Scan(&rule, &opening)
			if err != nil && !isNoRows(err) {
				return err
			}
			err = tx.QueryRow(ctx, `INSERT INTO inbox_entries (company_id, medium, account_id, kind, external_id, external_url,
					position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, rule_id, rule_revision,
					rule_position_name, waiting_reason, opening_id)
				VALUES ($1, 'WANTEDLY', $2, 'APPLIED', $3, $4, $5, $6, $7, $8,
					CASE WHEN $9::uuid IS NULL THEN 'WAITING' ELSE 'ROUTED' END, CASE WHEN $9 IS NULL THEN 'SYSTEM' ELSE 'RULE' END,
					$9, CASE WHEN $9 IS NOT NULL THEN 1 END, CASE WHEN $9 IS NOT NULL THEN $5 END, CASE WHEN $9 IS NULL THEN 'NO_RULE' END, $10)
				ON CONFLICT DO NOTHING RETURNING id`,
				company, im.account, a.ExternalID, a.URL, a.PositionName, intake.NormalizePositionName(a.PositionName),
				candidate, a.AppliedAt, rule, opening).Scan(&entry)
			if err != nil {
				return err
			}
			if opening == nil {
				continue
			}
			if _, err := tx.Exec(ctx, `WITH a AS (
					INSERT INTO applications (company_id, candidate_id, opening_id, entry_id, step_id, applied_at)
					SELECT $1, $2, $3, $4, s.id, $5 FROM selection_steps s
					WHERE s.company_id = $1 AND s.opening_id = $3 ORDER BY s.position LIMIT 1 RETURNING id, step_id)
				INSERT INTO selection_events (company_id, application_id, n, decided_by, to_step_id, outcome)
				SELECT $1, id, 1, 'RULE', step_id, 'IN_PROGRESS' FROM a`, company, candidate, opening, entry, a.AppliedAt); err != nil {
				return err
			}
		}
		return nil
	})
}
