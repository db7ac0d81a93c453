package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/intake"
)

const (
	// nearRules is how many rules a company has at most.
	nearRules = 10_000
	// nearPositions is how many positions wait on a page.
	nearPositions = 50
)

// measureSuggestions races the suggestions for a page of waiting positions against what they would cost without
// choosing first what is worth being compared: pg_trgm with every rule, as the owner whom no wall holds, for all positions at once and for one each.
func measureSuggestions(ctx context.Context, owner *pgxpool.Pool, rounds int) error {
	service, err := newService(ctx, owner, &feed{})
	if err != nil {
		return err
	}
	actor, err := manyRules(ctx, owner, service)
	if err != nil {
		return err
	}
	keys, names := make([]intake.PositionKey, nearPositions), make([]string, nearPositions)
	for i := range keys {
		// Most are near one rule, and share an エンジニア with a third of all.
		keys[i] = intake.PositionKey{Medium: intake.MediumWantedly, NormalizedName: "【急募】" + nearTitle(i*97) + "(東京)"}
	}
	// As rules are stored.
	const stored = "SELECT trigram_name FROM routing_rules WHERE company_id = $2 ORDER BY id OFFSET $1 LIMIT 1"
	for i := range names {
		if err := owner.QueryRow(ctx, stored, i*97, actor.Company.ID).Scan(&names[i]); err != nil {
			return fmt.Errorf("read a name: %w", err)
		}
	}
	const everyRule = `SELECT count(*) FROM (SELECT unnest($1::text[]) AS name) n JOIN LATERAL (
		SELECT similarity(r.trigram_name, n.name) AS score FROM routing_rules r WHERE r.company_id = $2 ORDER BY score DESC LIMIT 3
	) near ON near.score >= 0.4`
	withEvery := func(ctx context.Context, names []string) error {
		var n int
		err := owner.QueryRow(ctx, everyRule, names, actor.Company.ID).Scan(&n)
		if err == nil && n < len(names) {
			err = errors.New("nothing is near")
		}
		return err
	}
	contestants := []contestant{
		{name: "renkei: chosen in Go, measured by pg_trgm", run: func(ctx context.Context) error {
			found, err := service.SuggestionsByPosition(ctx, actor, keys)
			for _, key := range keys {
				if err == nil && len(found[key]) == 0 {
					err = errors.New("nothing is suggested")
				}
			}
			return err
		}},
		{name: "pg_trgm with every rule, in one query", run: func(ctx context.Context) error { return withEvery(ctx, names) }},
		{name: "pg_trgm with every rule, a query a position", run: func(ctx context.Context) error {
			for i := range names {
				if err := withEvery(ctx, names[i:i+1]); err != nil {
					return err
				}
			}
			return nil
		}},
	}
	times, err := race(ctx, rounds, contestants...)
	if err == nil {
		report(fmt.Sprintf("suggestions for %d waiting positions among %d rules", nearPositions, nearRules), contestants, times, nearPositions)
	}
	return err
}

// manyRules makes a company with as many rules as there may be, to a hundred openings.
func manyRules(ctx context.Context, owner *pgxpool.Pool, service *intake.Service) (intake.Actor, error) {
	var actor intake.Actor
	var err error
	if actor.Company, err = service.CreateCompany(ctx, "many rules"); err != nil {
		return actor, err
	}
	member, err := service.CreateMember(ctx, intake.NewMember{
		CompanyID: actor.Company.ID, Name: "bench", Email: "bench@example.com", Roles: []intake.Role{intake.RoleRecruiter},
	})
	if err != nil {
		return actor, err
	}
	actor.Member = member
	openings := make([]uuid.UUID, 100)
	for i := range openings {
		opening, err := service.CreateOpening(ctx, actor, intake.OpeningInput{Name: fmt.Sprint("求人 ", i)})
		if err != nil {
			return actor, err
		}
		openings[i] = opening.ID
	}
	columns := []string{"company_id", "medium", "position_name", "normalized_position_name", "folded_name", "trigram_name", "opening_id"}
	if _, err := owner.CopyFrom(ctx, pgx.Identifier{"routing_rules"}, columns, pgx.CopyFromSlice(nearRules, func(i int) ([]any, error) {
		name := nearTitle(i)
		folded, trigrams := intake.NearForms(name)
		return []any{
			actor.Company.ID, string(intake.MediumWantedly), name, intake.NormalizePositionName(name), folded, trigrams, openings[i%len(openings)],
		}, nil
	})); err != nil {
		return actor, fmt.Errorf("copy rules: %w", err)
	}
	if _, err := owner.Exec(ctx, "ANALYZE routing_rules, openings"); err != nil {
		return actor, fmt.Errorf("analyze: %w", err)
	}
	return actor, nil
}

// nearTitle is the name of the nth position, as companies name them.
func nearTitle(n int) string {
	places := []string{"東京", "大阪", "名古屋", "福岡", "札幌", "仙台", "広島", "京都", "神戸", "横浜"}
	fields := []string{"決済", "物流", "教育", "医療", "不動産", "広告", "金融", "製造", "飲食", "旅行"}
	grades := []string{"", "シニア", "リード", "ジュニア", "チーフ", "アソシエイト", "マネージャー候補", "第二新卒", "業務委託", "副業"}
	job := positions[n%9]
	return fmt.Sprintf("%s%s %s領域 %s第%d", grades[n/9%10], job, fields[n/90%10], places[n/900%10], n/9000)
}
