package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// KeySource is where the master keys are written down.
type KeySource struct {
	text Secret
	file string
	// KMSPatience is how long a KMS may take to unwrap a key; 10 seconds by default.
	KMSPatience time.Duration
}

// KeysInText are comma-separated keys.
func KeysInText(keys Secret) KeySource { return KeySource{text: keys, KMSPatience: kmsPatience} }

// KeysInFile are the keys of a file, one a line; lines that begin with # are comments. Others must not be
// able to read or change it. A Vault notices when it changes.
func KeysInFile(path string) KeySource { return KeySource{file: path, KMSPatience: kmsPatience} }

// read returns all that is written down.
func (k KeySource) read() (Secret, error) {
	if k.file == "" {
		return k.text, nil
	}
	file, err := os.Open(k.file)
	if err != nil {
		return Secret{}, fmt.Errorf("open the key file: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	stat, err := file.Stat()
	if err != nil {
		return Secret{}, fmt.Errorf("look at the key file: %w", err)
	}
	if err := guarded(k.file, stat); err != nil {
		return Secret{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return Secret{}, fmt.Errorf("read the key file: %w", err)
	}
	if len(text) > maxKeyFile {
		return Secret{}, fmt.Errorf("%s has more than %d bytes: it is no key file", k.file, maxKeyFile)
	}
	return NewSecret(string(text)), nil
}

// maxKeyFile bounds a key file, which holds a few lines.
const maxKeyFile = 64 << 10

// guarded refuses a file that more than its owner, and a group that may read it, can get at.
func guarded(path string, stat fs.FileInfo) error {
	if !stat.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	if stat.Mode().Perm()&0o027 != 0 {
		return fmt.Errorf("%s has mode %04o, so that others can get at the keys: chmod 0600 %s", path, stat.Mode().Perm(), path)
	}
	return nil
}

// entries takes what was read apart.
func (k KeySource) entries(text Secret) []keyEntry {
	if k.file == "" {
		parts := strings.Split(text.Reveal(), ",")
		entries := make([]keyEntry, len(parts))
		for i, part := range parts {
			entries[i] = keyEntry{fmt.Sprintf("key %d", i+1), part}
		}
		return entries
	}
	var entries []keyEntry
	n := 0
	for line := range strings.Lines(text.Reveal()) {
		n++
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			entries = append(entries, keyEntry{fmt.Sprintf("line %d", n), line})
		}
	}
	return entries
}

// AppendKey adds a key at the end of a key file, which is replaced as a whole and keeps its mode and its owner. A
// second one at the same time is refused.
func AppendKey(path string, key Secret) error {
	// What is there may be a link to it.
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return fmt.Errorf("find the key file: %w", err)
	}
	if err := replaceWith(path, key); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("the key is in %s, which may be the old one again after a power cut: %w", path, err)
	}
	return nil
}

// replaceWith puts a key file with one more key in the place of the one that is there.
func replaceWith(path string, key Secret) (err error) {
	stat, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at the key file: %w", err)
	}
	fresh := path + ".new"
	file, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, stat.Mode().Perm())
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there: another rotation is at work, or was cut off; delete it in that case", fresh)
	}
	if err != nil {
		return fmt.Errorf("write the key file anew: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(fresh))
		}
	}()
	// Not before the new file is ours: a twin may have added its key until then.
	old, err := os.ReadFile(path)
	if err != nil {
		return errors.Join(fmt.Errorf("read the key file: %w", err), file.Close())
	}
	if len(old) > 0 && !bytes.HasSuffix(old, []byte("\n")) {
		old = append(old, '\n')
	}
	_, err = file.Write(append(old, key.Reveal()+"\n"...))
	err = errors.Join(err, file.Chmod(stat.Mode().Perm()), giveTo(file, stat), file.Sync(), file.Close())
	if err != nil {
		return fmt.Errorf("write the key file anew: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put the new key file in place: %w", err)
	}
	return nil
}

// syncFolder makes sure that a file that was renamed in a folder has its new name after a power cut.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		// A folder is not synced there.
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
