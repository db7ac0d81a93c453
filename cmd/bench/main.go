// Command bench measures what Renkei promises to be fast at, each against a reference point in the same
// run, and prints ratios: absolute figures are the machine's, ratios are ours. `make bench` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

	"renkei/db"
	"renkei/db/embedded"
	"renkei/intake"
	"renkei/jobs"
)

func main() {
	rounds := flag.Int("rounds", 7, "rounds; the median counts")
	before := flag.Int("before", 100_000, "applications that the tables hold before importing is measured")
	accounts := flag.Int("accounts", 1_000_000, "accounts that the sweep looks over, 1 % of them due")
	candidates := flag.Int("candidates", 20_000, "candidates of the largest company that is searched; 1,000,000 takes some minutes to make")
	lines := flag.Int("lines", 100_000, "lines of the files that are imported, one CSV and one XLSX")
	floods := flag.Duration("flood", 0, "instead of everything else, flood bin/renkei with subscribers for so long: 10m for the figure, 20s for a look")
	sockets := flag.Int("sockets", 5000, "subscribers of the flood, 5 % of whom never read")
	companies := flag.Int("companies", 1, "companies that share them")
	every := flag.Duration("every", time.Second, "time between two events of a company in the flood")
	program := flag.String("program", "bin/renkei", "the program that is flooded")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	var err error
	if *floods > 0 {
		err = onServer(ctx, func(url string) error { return measureFlood(ctx, *program, url, *sockets, *companies, *floods, *every) })
	} else {
		err = onServer(ctx, func(url string) error { return run(ctx, url, *rounds, *before, *accounts, *candidates, *lines) })
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// onServer does something with a database server, which then ends.
func onServer(ctx context.Context, f func(url string) error) (err error) {
	url, stop, err := server(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop(context.WithoutCancel(ctx))) }()
	return f(url)
}

func run(ctx context.Context, url string, rounds, before, accounts, candidates, lines int) error {
	if _, err := db.Migrate(ctx, url); err != nil {
		return err
	}
	pool, err := db.OpenOwner(ctx, url, 8)
	if err != nil {
		return err
	}
	defer pool.Close()

	var version string
	if err := pool.QueryRow(ctx, "SELECT split_part(version(), ' on ', 1)").Scan(&version); err != nil {
		return fmt.Errorf("ask for the version: %w", err)
	}
	fmt.Printf("%s, fsync on, medians of %d rounds, contestants by turns\n", version, rounds)
	importing, err := newImporting(ctx, pool, before)
	if err != nil {
		return err
	}
	for _, size := range []int{1000, 100} {
		if err := importing.measure(ctx, size, rounds); err != nil {
			return err
		}
	}
	if err := importing.measureFiles(ctx, lines); err != nil {
		return err
	}
	if err := measureWalls(ctx, pool, importing.actor.Company.ID, rounds); err != nil {
		return err
	}
	if err := measureSuggestions(ctx, pool, rounds); err != nil {
		return err
	}
	if err := measureBoard(ctx, pool, importing.actor, rounds); err != nil {
		return err
	}
	if err := measureSearch(ctx, pool, candidates); err != nil {
		return err
	}
	return measureSweep(ctx, pool, accounts, rounds)
}

// server is TEST_DATABASE_URL's, or a private one that loses nothing: fsync is on.
func server(ctx context.Context) (url string, stop func(context.Context) error, err error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return given, func(context.Context) error { return nil }, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", nil, fmt.Errorf("find a cache folder: %w", err)
	}
	dir, err := os.MkdirTemp("", "renkei-bench-")
	if err != nil {
		return "", nil, fmt.Errorf("make a data folder: %w", err)
	}
	// Started as root, Postgres runs as somebody else, who has to get in.
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the cluster inside is 0700
		return "", nil, fmt.Errorf("open the data folder: %w", err)
	}
	pg, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "postgres"), CacheDir: filepath.Join(cache, "renkei"), Bin: os.Getenv("RENKEI_POSTGRES_BIN"),
		Settings: map[string]string{"shared_buffers": "1GB", "max_wal_size": "4GB"},
	})
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return pg.URL(""), func(ctx context.Context) error { return errors.Join(pg.Stop(ctx), os.RemoveAll(dir)) }, nil
}

// newService makes the domain as serve does, with a medium that the benchmark feeds.
func newService(ctx context.Context, pool *pgxpool.Pool, source intake.Source) (*intake.Service, error) {
	program, err := db.Open(ctx, pool.Config().ConnString(), 8)
	if err != nil {
		return nil, err
	}
	queue, err := jobs.NewQueue()
	if err != nil {
		return nil, err
	}
	vault, err := intake.OpenVault(ctx, intake.KeysInText(intake.NewSecret(intake.NewMasterKey())))
	if err != nil {
		return nil, err
	}
	sources := map[intake.Medium]intake.Source{intake.MediumWantedly: source}
	return intake.New(program, queue, sources, vault, intake.Settings{}, zerolog.Nop()), nil
}

// contestant does the same work in its own way.
type contestant struct {
	name string
	// prepare, where there is something to, is not timed.
	prepare func(ctx context.Context) error
	run     func(ctx context.Context) error
}

// race runs the contestants by turns and returns the median time of each, in their order.
func race(ctx context.Context, rounds int, contestants ...contestant) ([]time.Duration, error) {
	times := make([][]time.Duration, len(contestants))
	for round := range rounds {
		for n := range contestants {
			// The order changes, so that nobody always goes first.
			i := (n + round) % len(contestants)
			if prepare := contestants[i].prepare; prepare != nil {
				if err := prepare(ctx); err != nil {
					return nil, fmt.Errorf("prepare %s: %w", contestants[i].name, err)
				}
			}
			began := time.Now()
			if err := contestants[i].run(ctx); err != nil {
				return nil, fmt.Errorf("%s: %w", contestants[i].name, err)
			}
			times[i] = append(times[i], time.Since(began))
		}
	}
	medians := make([]time.Duration, len(contestants))
	for i, ts := range times {
		slices.Sort(ts)
		medians[i] = ts[len(ts)/2]
	}
	return medians, nil
}

// report prints the contestants with their ratio to the first: 1.00 is as fast.
func report(title string, contestants []contestant, times []time.Duration, units int) {
	fmt.Printf("\n%s\n", title)
	for i, c := range contestants {
		rate := float64(units) / times[i].Seconds()
		fmt.Printf("  %-44s %12.0f /s  %8.2f ms  ratio %6.2f\n",
			c.name, rate, float64(times[i].Microseconds())/1000, float64(times[0])/float64(times[i]))
	}
}
