// Command faults breaks things around real processes of the program, and has a comparator that shares no code with it
// say whether its promises held. `make faults` runs it; docs/operations.md has the table of a whole run.
//
//	FAULTS=kill,freeze   only these rows, by name or number
//	SEEDS=20             as many runs of each row, with seeds that follow each other
//	SEED=7               the first of them; drawn, and printed, where it is not given
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"renkei/cmd/faults/judge"
)

// asMedium makes this program the medium: tests cannot pass a word.
const asMedium = "RENKEI_FAULTS_AS_MEDIUM"

// template is the database that stages copy.
const template = "renkei"

// bench is what all stages share.
type bench struct {
	dir     string
	program string
	cluster *cluster
	// records is how many applications the medium has for a stage.
	records int
	// figures wants each row's full number of faults.
	figures bool
	out     io.Writer
	// kept is set where a stage left its folder behind, for somebody to look at.
	kept *atomic.Bool
}

type options struct {
	faults   string
	seeds    int
	seed     uint64
	records  int
	short    bool
	markdown string
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "medium" {
		if err := mediumCommand(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "medium:", err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.StringVar(&o.faults, "faults", "", "rows to play, by name or number, comma-separated; all by default")
	flag.IntVar(&o.seeds, "seeds", 1, "runs of each row")
	flag.Uint64Var(&o.seed, "seed", 0, "the first run's seed; drawn where it is 0")
	flag.IntVar(&o.records, "records", 0, "applications in all; 2,000 with -short, else 1,000,000 where many faults hit one import, and 20,000 elsewhere")
	flag.BoolVar(&o.short, "short", false, "each fault once, on small imports")
	flag.StringVar(&o.markdown, "markdown", "", "file to write the table to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}

// run plays the rows that are asked for, and returns an error where they are not known to hold.
func run(ctx context.Context, o options, out io.Writer) (err error) {
	played, err := choose(o.faults)
	if err != nil {
		return err
	}
	if o.seed == 0 {
		o.seed = 1 + rand.Uint64N(1_000_000) //nolint:gosec // it is printed
	}
	b, err := newBench(ctx, o, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close(context.WithoutCancel(ctx))) }()
	fmt.Fprintf(out, "seed %d, %d rows, %d runs of each\n", o.seed, len(played), max(1, o.seeds))
	var all []result
	for _, r := range played {
		for i := range max(1, o.seeds) {
			got := b.play(ctx, o, r, o.seed+uint64(i))
			fmt.Fprintln(out, got)
			all = append(all, got)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	if o.markdown != "" {
		if err := os.WriteFile(o.markdown, []byte(markdown(all)), 0o644); err != nil { //nolint:gosec // it is to be read
			return err
		}
	}
	line, err := sum(all)
	fmt.Fprintln(out, line)
	return err
}

// choose finds rows by name or number, in the matrix's order.
func choose(words string) ([]*row, error) {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b *row) int { return a.number - b.number })
	if words == "" {
		if none := absent(sorted); none != nil {
			return nil, fmt.Errorf("the matrix has no row %s", strings.Join(none, ", "))
		}
		return sorted, nil
	}
	var chosen []*row
	for word := range strings.SplitSeq(words, ",") {
		word = strings.TrimSpace(word)
		n := len(chosen)
		for _, r := range sorted {
			if r.name == word || strconv.Itoa(r.number) == word {
				chosen = append(chosen, r)
			}
		}
		if len(chosen) == n {
			return nil, fmt.Errorf("there is no row %q", word)
		}
	}
	return chosen, nil
}

// newBench builds the program and runs the cluster that most stages share.
func newBench(ctx context.Context, o options, out io.Writer) (b *bench, err error) {
	b = &bench{records: o.records, figures: !o.short, out: out, kept: &atomic.Bool{}}
	if b.dir, err = os.MkdirTemp("", "renkei-faults-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(b.dir, 0o755); err != nil { //nolint:gosec // Postgres, which is somebody else, has to get in
		return nil, err
	}
	b.program = filepath.Join(b.dir, "renkei")
	build := exec.CommandContext(ctx, "go", "build", "-o", b.program, "renkei/cmd/renkei") //nolint:gosec // our own folder
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build the program: %w", err)
	}
	if b.cluster, err = startCluster(ctx, b.dir, map[string]string{
		"max_connections": "300", "shared_buffers": "512MB", "max_wal_size": "4GB",
	}); err != nil {
		return nil, err
	}
	return b, b.migrate(ctx, b.cluster)
}

// migrate brings a cluster's database up to date and has it watched.
func (b *bench) migrate(ctx context.Context, c *cluster) error {
	if _, err := call(ctx, b.program, map[string]string{"RENKEI_DATABASE_URL": c.url(template, "migrate")}, "migrate", "up"); err != nil {
		return err
	}
	return judge.Install(ctx, c.url(template, "faults"))
}

func (b *bench) close(ctx context.Context) error {
	err := b.cluster.stop(ctx)
	if b.kept.Load() {
		return errors.Join(err, os.Remove(b.program), os.RemoveAll(filepath.Join(b.dir, "postgres")))
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}

const (
	shortRecords  = 2000
	figureRecords = 1_000_000
	manyRecords   = 20_000
)

// play runs a row once.
func (b *bench) play(ctx context.Context, o options, r *row, seed uint64) (got result) {
	began := time.Now()
	got = result{row: r, seed: seed}
	if r.cannot != nil {
		if got.cannot = r.cannot(ctx); got.cannot != "" {
			return got
		}
	}
	stageOf := *b
	switch {
	case o.records > 0:
	case o.short:
		stageOf.records = shortRecords
	case r.figure >= 100:
		stageOf.records = figureRecords
	default:
		stageOf.records = manyRecords
	}
	s, err := newStage(ctx, &stageOf, r, seed)
	if err == nil {
		got.err = errors.Join(r.play(ctx, s), s.calm(ctx))
		var judging error
		got.verdict, judging = s.judged(ctx)
		got.err = errors.Join(got.err, judging)
		got.seen, got.faults = s.seen, s.times
	} else {
		got.err = err
	}
	got.took = time.Since(began)
	if s != nil {
		if err := s.tearDown(context.WithoutCancel(ctx), !got.held()); err != nil {
			got.err = errors.Join(got.err, fmt.Errorf("clear the stage: %w", err))
		}
		if !got.held() {
			got.kept = s.dir
			b.kept.Store(true)
		}
	}
	return got
}

// markdown is the table for docs/operations.md.
func markdown(all []result) string {
	var b strings.Builder
	b.WriteString("| # | fault | required | faults | seed | verdict | seen |\n|---|---|---|---|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| %d | %s | %s | %d | %d | %s | %s |\n", r.row.number, r.row.fault, r.row.required, r.faults, r.seed, r.word(),
			strings.ReplaceAll(r.said(), "|", "/"))
	}
	return b.String()
}
