package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"renkei/cmd/faults/judge"
)

var _ = register(&row{
	number: 22, name: "upgrade", fault: "the schema is migrated while the version before imports, and both work side by side",
	required: "both are green; nothing is lost between them",
	once:     1, cannot: noHistory, setting: setting{processes: -1}, play: upgrade,
})

// lastMigration is the newest, and the commit before it came.
func lastMigration(ctx context.Context) (name, before string, err error) {
	root, err := git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", "", err
	}
	all, err := filepath.Glob(filepath.Join(root, "db/migrations/*.sql"))
	if err != nil || len(all) == 0 {
		return "", "", fmt.Errorf("no migrations in %s: %w", root, err)
	}
	name = all[len(all)-1]
	added, err := git(ctx, "log", "--diff-filter=A", "--format=%H", "-1", "--", name)
	if err != nil || added == "" {
		return name, "", fmt.Errorf("%s is in no commit: %w", filepath.Base(name), err)
	}
	before, err = git(ctx, "rev-parse", added+"^")
	return filepath.Base(name), before, err
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output() //nolint:gosec // our own words
	return strings.TrimSpace(string(out)), err
}

func noHistory(ctx context.Context) string {
	if _, _, err := lastMigration(ctx); err != nil {
		return "the history with the version before the last migration is not here: " + err.Error()
	}
	return ""
}

// upgrade builds the version before the last migration, has it import, and migrates and starts ours beside it.
func upgrade(ctx context.Context, s *stage) error {
	name, before, err := lastMigration(ctx)
	if err != nil {
		return err
	}
	tree, former := filepath.Join(s.dir, "before"), filepath.Join(s.dir, "renkei-before")
	if _, err := git(ctx, "worktree", "add", "--detach", tree, before); err != nil {
		return fmt.Errorf("check %s out: %w", before, err)
	}
	s.undo = append(s.undo, func(ctx context.Context) error {
		_, err := git(ctx, "worktree", "remove", "--force", tree)
		return err
	})
	build := exec.CommandContext(ctx, "go", "build", "-o", former, "./cmd/renkei") //nolint:gosec // our own words
	build.Dir, build.Stderr = tree, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the version before: %w", err)
	}
	// The stage's database has our schema: begin with theirs.
	if err := s.emptyDatabase(ctx); err != nil {
		return err
	}
	env := map[string]string{"RENKEI_DATABASE_URL": s.cluster.url(s.database, "migrate")}
	if _, err := call(ctx, former, env, "migrate", "up"); err != nil {
		return err
	}
	if err := judge.Install(ctx, s.cluster.url(s.database, "faults")); err != nil {
		return err
	}
	s.program = former
	old, err := s.startAs(ctx, former, nil)
	if err != nil {
		return err
	}
	first, err := s.linked(ctx)
	if err != nil {
		return err
	}
	s.program = s.bench.program
	began := time.Now()
	if _, err := s.command(ctx, "migrate", "up"); err != nil {
		return err
	}
	migrated := time.Since(began)
	if _, err := s.start(ctx); err != nil {
		return err
	}
	second, err := s.linked(ctx)
	if err != nil {
		return err
	}
	for _, l := range []*link{first, second} {
		if err := s.ended(ctx, l); err != nil {
			return err
		}
	}
	if old.status(ctx, "/healthz") != 200 {
		return fmt.Errorf("the version before is not alive on the new schema")
	}
	s.see("%s came in %.1f s under an import of %.7s, which went on beside ours", name, migrated.Seconds(), before)
	return nil
}

// emptyDatabase gives the stage a database with nothing in it.
func (s *stage) emptyDatabase(ctx context.Context) error {
	s.pool.Reset()
	return s.cluster.exec(ctx, "postgres", "DROP DATABASE "+s.database+" WITH (FORCE)", "CREATE DATABASE "+s.database)
}
