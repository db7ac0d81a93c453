package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/modules/postgres"

	"renkei/db/embedded"
)

const (
	image          = "postgres:17-alpine"
	maxConnections = "400"
)

// find takes the first server that is to be had.
func find(ctx context.Context) (*server, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return &server{admin: given, stop: func(context.Context) error { return nil }}, nil
	}
	if dockerAnswers(ctx) {
		return inContainer(ctx)
	}
	return onThisMachine(ctx)
}

// dockerAnswers never fails: no Docker is as good as a silent one.
func dockerAnswers(ctx context.Context) (answers bool) {
	// The library panics where it finds no trace of Docker at all.
	defer func() {
		if recover() != nil {
			answers = false
		}
	}()
	provider, err := testcontainers.ProviderDocker.GetProvider()
	if err != nil {
		return false
	}
	defer provider.Close() //nolint:errcheck // only asked whether it is there
	return provider.Health(ctx) == nil
}

func inContainer(ctx context.Context) (*server, error) {
	container, err := postgres.Run(ctx, image,
		postgres.WithDatabase("renkei"), postgres.BasicWaitStrategies(),
		testcontainers.WithCmd("postgres", "-c", "fsync=off", "-c", "max_connections="+maxConnections))
	if err != nil {
		return nil, fmt.Errorf("start Postgres in a container: %w", err)
	}
	address, err := container.ConnectionString(ctx, "sslmode=disable")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("find the container's Postgres: %w", err), container.Terminate(ctx))
	}
	return &server{admin: address, stop: func(ctx context.Context) error { return container.Terminate(ctx) }}, nil
}

func onThisMachine(ctx context.Context) (*server, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("find a cache folder: %w", err)
	}
	dir, err := os.MkdirTemp(parent(), prefix)
	if err != nil {
		return nil, fmt.Errorf("make a data folder: %w", err)
	}
	// Started as root, Postgres runs as somebody else, who has to get in.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	pg, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "postgres"), CacheDir: filepath.Join(cache, "renkei"),
		Bin: os.Getenv("RENKEI_POSTGRES_BIN"), Fast: true,
		Settings: map[string]string{"max_connections": maxConnections, "max_wal_size": "256MB"},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start Postgres: %w", err), os.RemoveAll(dir))
	}
	return &server{admin: pg.URL("postgres"), stop: func(ctx context.Context) error {
		return errors.Join(pg.Stop(ctx), os.RemoveAll(dir))
	}}, nil
}

const (
	prefix = "renkei-dbtest-"
	// memory is a folder that costs no disk: making and dropping a database for each test is most of what tests do.
	memory = "/dev/shm"
	// enough is more than the tests of two packages ever had at once.
	enough = 4 << 30
)

// parent is where data folders are made: in memory where there is room, else among temporary files.
func parent() string {
	sweep(memory)
	var room syscall.Statfs_t
	if err := syscall.Statfs(memory, &room); err != nil || room.Bavail*uint64(room.Bsize) < enough {
		return ""
	}
	return memory
}

// sweep removes the data folders of test binaries that were killed: nobody holds their lock any more.
func sweep(folder string) {
	locks, err := filepath.Glob(filepath.Join(folder, prefix+"*", "postgres.lock"))
	if err != nil {
		return // no folder that we name has characters that Glob takes for a pattern
	}
	for _, path := range locks {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue // somebody else's
		}
		info, err := f.Stat()
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			_ = f.Close() // it may be about to be locked
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(path)) // what resists only wastes space, until the next time
		}
		_ = f.Close()
	}
}
