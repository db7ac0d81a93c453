package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/intake"
)

const (
	searchRounds = 25
	// secondsOfSearch bounds how long one kind of search is repeated.
	secondsOfSearch = 4 * time.Second
	// fiftieth is how many stand before the fiftieth page of twenty.
	fiftieth = 49 * 20
)

// searches are what people look for, from what everybody has to what nobody has.
var searches = []struct{ what, words string }{
	{"in every text", "株式会社"},
	{"three in ten", "エンジニア"},
	{"one in seventy", "佐藤"},
	{"one character", "藤"},
	{"a rare character", "遊"},
	{"two letters", "go"},
	{"a skill", "postgresql"},
	{"a rare skill", "cobol"},
	{"a whole name", "佐藤太郎"},
	{"a rare name", "小鳥遊"},
	{"two words", "佐藤 エンジニア"},
	{"three words", "鈴木 京都大学 kubernetes"},
	{"a common and a rare one", "エンジニア cobol"},
	{"in two spellings", "髙橋 ﾃﾞｻﾞｲﾅｰ"},
	{"nobody, known pairs", "エンジニアエンジニア営業"},
	{"nobody", "鳳凰院凶真"},
}

// measureSearch makes companies of size candidates, a tenth and a hundredth of it, in one database, and looks for people
// in each.
func measureSearch(ctx context.Context, pool *pgxpool.Pool, size int) error {
	service, err := newService(ctx, pool, &feed{})
	if err != nil {
		return err
	}
	began := time.Now()
	var actors []intake.Actor
	sizes := []int{size, size / 10, size / 100}
	for _, n := range sizes {
		actor := intake.Actor{}
		actor.Member.Roles = []intake.Role{intake.RoleRecruiter}
		if actor.Company, err = service.CreateCompany(ctx, fmt.Sprintf("search %d", n)); err != nil {
			return err
		}
		if err := fillCandidates(ctx, pool, actor.Company.ID, n); err != nil {
			return err
		}
		actors = append(actors, actor)
	}
	filled := time.Now()
	for {
		n, err := service.IndexSearch(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	indexed := time.Now()
	if err := vacuum(ctx, pool); err != nil {
		return err
	}
	var stored, texts string
	if err := pool.QueryRow(ctx, "SELECT pg_size_pretty(pg_total_relation_size('search_terms')), pg_size_pretty(pg_total_relation_size('candidate_search'))").Scan(&stored, &texts); err != nil {
		return fmt.Errorf("measure tables: %w", err)
	}
	fmt.Printf("\nsearch: %v candidates made in %.0f s, texts and index in %.0f s; lists %s, texts %s\n",
		sizes, filled.Sub(began).Seconds(), indexed.Sub(filled).Seconds(), stored, texts)
	for i, actor := range actors {
		if err := measureCompany(ctx, pool, service, actor, sizes[i]); err != nil {
			return err
		}
	}
	return nil
}

func vacuum(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	defer conn.Release()
	for _, sql := range []string{"SET statement_timeout = 0", "VACUUM ANALYZE", "RESET statement_timeout"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("vacuum: %w", err)
		}
	}
	return nil
}

// fillCandidates puts people into a company as an older version would have: search has to come to them by itself. Each
// applies once; nine in ten are routed.
func fillCandidates(ctx context.Context, pool *pgxpool.Pool, companyID uuid.UUID, size int) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	defer conn.Release()
	// What refers to what is known here; the trigger's history is not read.
	if _, err := conn.Exec(ctx, "SET statement_timeout = 0; SET session_replication_role = replica", pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	people, n, hourAgo := newCrowd(), 0, time.Now().Add(-time.Hour)
	columns := []string{"company_id", "id", "medium", "external_person_id", "name", "normalized_name", "current_position", "work_histories", "educations", "skills", "imported_at"}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"candidates"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if n == size {
			return nil, nil
		}
		n++
		p := people.person(n)
		return []any{
			companyID, p.ID, "WANTEDLY", fmt.Sprint(n), p.Name, intake.NormalizeName(p.Name), p.CurrentPosition,
			mustJSON(p.WorkHistories), mustJSON(p.Educations), mustJSON(p.Skills), hourAgo,
		}, nil
	})); err != nil {
		return fmt.Errorf("copy candidates: %w", err)
	}
	opening, step := uuid.New(), uuid.New()
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{"INSERT INTO openings (company_id, id, name) VALUES ($1, $2, 'bench')", []any{companyID, opening}},
		{"INSERT INTO selection_steps (company_id, id, opening_id, kind, name, position) VALUES ($1, $2, $3, 'ENTRY', 'bench', 1)", []any{companyID, step, opening}},
		{`INSERT INTO inbox_entries (company_id, id, medium, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason)
			SELECT company_id, new_id(), medium, 'APPLIED', external_person_id, x.name, lower(x.name), c.id, now() - (interval '1 minute' * (2000000 - external_person_id::int)), 'WAITING', 'SYSTEM', 'NO_RULE'
			FROM candidates c, LATERAL (SELECT '募集 ' || (external_person_id::int % 500) AS name) x WHERE company_id = $1`, []any{companyID}},
		{`INSERT INTO applications (company_id, id, candidate_id, opening_id, entry_id, step_id, applied_at)
			SELECT company_id, new_id(), candidate_id, $2, id, $3, applied_at FROM inbox_entries WHERE company_id = $1 AND external_id::int % 10 > 0`, []any{companyID, opening, step}},
		{"INSERT INTO search_backfills (company_id) VALUES ($1)", []any{companyID}},
		{"RESET session_replication_role", nil},
		{"RESET statement_timeout", nil},
		{"ANALYZE candidates, inbox_entries, applications", nil},
	} {
		if _, err := conn.Exec(ctx, s.sql, s.args...); err != nil {
			return fmt.Errorf("fill company: %w", err)
		}
	}
	return nil
}

// measureCompany looks for each of searches in one company.
func measureCompany(ctx context.Context, pool *pgxpool.Pool, service *intake.Service, actor intake.Actor, size int) error {
	fmt.Printf("\nsearch among %d candidates, median / p95 in ms\n", size)
	fmt.Printf("  %-26s %15s %15s %15s %15s %15s %11s %8s\n", "", "first page", "50th page", "count", "applications", "inbox", "strpos", "found")
	for _, s := range searches {
		words := s.words
		found, err := service.CountCandidates(ctx, actor, &words)
		if err != nil {
			return err
		}
		after, err := cursor(ctx, service, actor, &words)
		if err != nil {
			return err
		}
		fmt.Printf("  %-26s", s.what)
		for _, run := range []func() error{
			func() error { _, err := service.Candidates(ctx, actor, &words, intake.Keyset{First: 20}); return err },
			func() error {
				_, err := service.Candidates(ctx, actor, &words, intake.Keyset{First: 20, After: after})
				return err
			},
			func() error { _, err := service.CountCandidates(ctx, actor, &words); return err },
			func() error {
				_, err := service.Applications(ctx, actor, intake.ApplicationFilter{Search: &words}, intake.Keyset{First: 20})
				return err
			},
			func() error {
				_, err := service.Inbox(ctx, actor, intake.InboxFilter{Search: &words}, intake.Keyset{First: 20})
				return err
			},
		} {
			median, p95, err := repeated(searchRounds, run)
			if err != nil {
				return err
			}
			fmt.Printf(" %7.1f /%6.1f", median, p95)
		}
		sequential, _, err := repeated(3, func() error {
			_, err := pool.Exec(ctx, `SELECT candidate_id FROM candidate_search
				WHERE company_id = $1 AND (SELECT bool_and(strpos(text, w) > 0) FROM unnest(string_to_array($2, ' ')) w) ORDER BY candidate_id DESC`, actor.Company.ID, words)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Printf(" %11.0f %8d\n", sequential, found)
	}
	return nil
}

// cursor is behind what the fiftieth page begins after; the last cursor there is where there are fewer.
func cursor(ctx context.Context, service *intake.Service, actor intake.Actor, words *string) (string, error) {
	page := intake.Keyset{First: intake.MaxPage}
	for n := 0; n < fiftieth; n += page.First {
		page.First = min(page.First, fiftieth-n)
		found, err := service.Candidates(ctx, actor, words, page)
		if err != nil || len(found) == 0 {
			return page.After, err
		}
		page.After = intake.PlaceOf(time.Time{}, found[min(page.First, len(found))-1].ID)
		if len(found) <= page.First {
			break
		}
	}
	return page.After, nil
}

// repeated is the median and the 95th percentile, in milliseconds.
func repeated(rounds int, run func() error) (median, p95 float64, err error) {
	var times []time.Duration
	for began := time.Now(); len(times) < rounds && (len(times) < 3 || time.Since(began) < secondsOfSearch); {
		one := time.Now()
		if err := run(); err != nil {
			return 0, 0, err
		}
		times = append(times, time.Since(one))
	}
	slices.Sort(times)
	in := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return in(times[len(times)/2]), in(times[len(times)*95/100]), nil
}
