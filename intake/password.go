package intake

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	minPassword = 8
	maxPassword = 128
	// Each hashing takes 19 MiB and some 65 ms of a core; more at once would take the machine from the others.
	hashingsAtOnce = 2
)

// hashParams are OWASP's first choice for argon2id.
var hashParams = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hasher hashes passwords, a few at once.
type hasher struct {
	slots *semaphore.Weighted
	// hashed, where it is set, is told of each hashing.
	hashed func()
}

func newHasher(hashed func()) *hasher {
	return &hasher{slots: semaphore.NewWeighted(hashingsAtOnce), hashed: hashed}
}

// hash makes a password's hash in argon2id's own notation. It waits for its turn as long as ctx allows.
func (h *hasher) hash(ctx context.Context, password Secret) (hash string, err error) {
	err = h.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(normalPassword(password), &hashParams)
		return err
	})
	return hash, wrap("hash password", err)
}

// verify tells whether the hash is the password's, and whether it should be made anew. Without a hash it takes
// as long to say no.
func (h *hasher) verify(ctx context.Context, password Secret, hash string) (right, outdated bool, err error) {
	known := hash != ""
	if !known {
		hash = nobodysHash()
	}
	err = h.inTurn(ctx, func() error {
		match, params, err := argon2id.CheckHash(normalPassword(password), hash)
		if err != nil {
			return err
		}
		right = known && match
		outdated = *params != hashParams
		return nil
	})
	return right, outdated, wrap("check password", err)
}

// ErrBusy says that so many passwords are being checked that there was no turn for one in time.
var ErrBusy = errors.New("too many passwords are being checked")

func (h *hasher) inTurn(ctx context.Context, f func() error) error {
	if err := h.slots.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	defer h.slots.Release(1)
	if h.hashed != nil {
		h.hashed()
	}
	return f()
}

// nobodysHash is no password's: what should be a key is chance.
var nobodysHash = sync.OnceValue(func() string {
	chance := make([]byte, hashParams.SaltLength+hashParams.KeyLength)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(chance)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashParams.Memory, hashParams.Iterations, hashParams.Parallelism,
		base64.RawStdEncoding.EncodeToString(chance[:hashParams.SaltLength]), base64.RawStdEncoding.EncodeToString(chance[hashParams.SaltLength:]))
})

// normalPassword is what is hashed: the same characters, however a keyboard composed them.
func normalPassword(password Secret) string { return norm.NFKC.String(password.Reveal()) }

//go:embed passwords.txt
var commonPasswords string

// isCommon knows the passwords that everybody tries first.
var isCommon = sync.OnceValue(func() map[string]bool {
	known := make(map[string]bool)
	for line := range strings.Lines(commonPasswords) {
		known[strings.TrimSpace(line)] = true
	}
	return known
})

// checkPassword says why a password will not do for somebody with this e-mail address.
func checkPassword(password Secret, email, field string) error {
	normal := normalPassword(password)
	folded := cases.Fold().String(normal)
	var c check
	switch n := utf8.RuneCountInString(normal); {
	case !storable(password.Reveal()):
		c.add(CodeInvalid, textBadCharacters, field)
	case n < minPassword:
		c.add(CodeInvalid, Text{"パスワードは8文字以上で入力してください。", "A password has at least 8 characters."}, field)
	case n > maxPassword:
		c.add(CodeTooLong, Text{"パスワードは128文字以内で入力してください。", "A password has at most 128 characters."}, field)
	case isCommon()[folded]:
		c.add(CodeInvalid, Text{"このパスワードはよく使われているため、推測されやすいです。", "This password is among those that everybody tries first."}, field)
	case folded == cases.Fold().String(norm.NFKC.String(email)):
		c.add(CodeInvalid, Text{"メールアドレスと同じパスワードは使えません。", "A password is not one's e-mail address."}, field)
	}
	return c.err()
}

// firstHash is the hash of a new member's password; nil without one.
func (s *Service) firstHash(ctx context.Context, password Secret, email string) (*string, error) {
	if password.IsZero() {
		return nil, nil //nolint:nilnil // null in the database
	}
	if err := checkPassword(password, email, "password"); err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, password)
	return &hash, err
}
