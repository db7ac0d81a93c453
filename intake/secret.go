package intake

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/rs/zerolog"
)

// redacted is what a Secret shows of itself, wherever it is printed.
const redacted = "***"

// Secret holds a password, a session or anything else that must reach neither a log, an error, an
// event nor a job's arguments. Whichever way it is printed or encoded, it shows "***"; only Reveal
// gives the value. The zero Secret is empty.
//
// The value stands behind a pointer for the one way around Format: fmt asks no method about a verb
// that does not fit, such as %p.
type Secret struct{ value *string }

// NewSecret wraps value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value. Call it where the value leaves for the medium or the vault, nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.value == nil }

// Format prints "***" for every verb, %#v and %x included.
func (s Secret) Format(f fmt.State, _ rune) {
	// A fmt.State that refuses bytes is fmt's own to report.
	_, _ = io.WriteString(f, redacted)
}

// String returns "***".
func (s Secret) String() string { return redacted }

// GoString returns "***".
func (s Secret) GoString() string { return redacted }

// MarshalText encodes "***"; JSON, XML and slog use it too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue logs "***".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Value refuses to be a statement's parameter: a database gets what the vault sealed. Without it, pgx would store
// "***".
func (s Secret) Value() (driver.Value, error) {
	return nil, errors.New("a secret goes into the database sealed, or not at all")
}

// MarshalZerologObject logs "***".
func (s Secret) MarshalZerologObject(e *zerolog.Event) { e.Str("secret", redacted) }
