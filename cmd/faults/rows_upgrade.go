package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"renkei/cmd/faults/judge"
)

var _ = register(&row{
	number: 22, name: "upgrade", fault: "the schema is migrated while the version before imports and mutates, both work side by side, each on what the other began, " +
		"and the version before is started again on the new schema",
	required: "both are green: no mutation is refused, lost or done twice, nothing is lost between them",
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
	m, err := s.mutate(ctx, 10*time.Millisecond)
	if err != nil {
		return err
	}
	first, err := s.linked(ctx)
	if err != nil {
		return errors.Join(err, m.stop(ctx))
	}
	links, migrated, err := s.sideBySide(ctx, former, old, first)
	if err := errors.Join(err, m.stop(ctx)); err != nil {
		return err
	}
	delete(m.refused, "network") // of a process that ends: what was cut off is looked for
	if len(m.refused) > 0 {
		return fmt.Errorf("mutations were refused: %v", m.refused)
	}
	s.see("%s came in %.1f s under an import of %.7s; %d accounts registered, stopped and imported by both, the version before started again",
		name, migrated.Seconds(), before, links)
	return nil
}

// sideBySide migrates under the older version, starts ours beside it, has each go on with what the other began, and starts
// the older one again on the newer schema.
func (s *stage) sideBySide(ctx context.Context, former string, old *process, first *link) (links int, migrated time.Duration, err error) {
	s.program = s.bench.program
	began := time.Now()
	if _, err := s.command(ctx, "migrate", "up"); err != nil {
		return 0, 0, err
	}
	migrated = time.Since(began)
	ours, err := s.start(ctx)
	if err != nil {
		return 0, migrated, err
	}
	if err := errors.Join(s.ended(ctx, first), s.crossed(ctx, old, ours, first)); err != nil {
		return 0, migrated, err
	}
	if _, err := old.stop(ctx); err != nil {
		return 0, migrated, fmt.Errorf("stop the version before: %w", err)
	}
	again, err := s.startAs(ctx, former, nil)
	if err != nil {
		return 0, migrated, fmt.Errorf("start the version before on the new schema: %w", err)
	}
	return len(s.links), migrated, s.crossed(ctx, again, ours, first)
}

// crossed has two versions mutate what the other made: an account registered at the one is imported and stopped at the
// other, and registered there again.
func (s *stage) crossed(ctx context.Context, old, ours *process, before *link) error {
	for _, pair := range [][2]*process{{old, ours}, {ours, old}} {
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		if err := errors.Join(s.registerAt(ctx, pair[0], l), s.underWay(ctx, l, 1), s.ended(ctx, l)); err != nil {
			return err
		}
		if err := l.ask(ctx, pair[1], "importNow", importNow, vars{"id": l.Account}, nil); err != nil {
			return fmt.Errorf("import at the other: %w", err)
		}
		if err := s.ended(ctx, l); err != nil {
			return err
		}
		if err := l.ask(ctx, pair[1], "stopAccount", stopAccount, vars{"id": l.Account}, nil); err != nil {
			return fmt.Errorf("stop at the other: %w", err)
		}
		l.SignIns = 2 // a stop ends the session
		if err := errors.Join(s.registerAt(ctx, pair[1], l), s.underWay(ctx, l, 0), s.ended(ctx, l)); err != nil {
			return err
		}
		if err := before.ask(ctx, pair[0], "importNow", importNow, vars{"id": before.Account}, nil); err != nil {
			return fmt.Errorf("import what was there before: %w", err)
		}
		if err := s.ended(ctx, before); err != nil {
			return err
		}
	}
	for _, p := range []*process{old, ours} {
		if p.status(ctx, "/healthz") != 200 || p.status(ctx, "/readyz") != 200 {
			return fmt.Errorf("%s is not well on the new schema", p.name)
		}
	}
	return nil
}

// emptyDatabase gives the stage a database with nothing in it.
func (s *stage) emptyDatabase(ctx context.Context) error {
	s.pool.Reset()
	return s.cluster.exec(ctx, "postgres", "DROP DATABASE "+s.database+" WITH (FORCE)", "CREATE DATABASE "+s.database)
}
