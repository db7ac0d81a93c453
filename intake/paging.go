package intake

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// MaxPage is the most that a page may hold.
const MaxPage = 100

// lastInstant is the year 9999 in microseconds: Postgres knows later ones, but no list holds one.
const lastInstant = 253_402_300_799_999_999

// Keyset asks for the First items behind the one that After names; After is empty for the first page.
// Readers return up to First+1 items: the one more says that there is a next page.
type Keyset struct {
	First int
	After string
	// most is what First may be where it is more than MaxPage.
	most int
}

func (k Keyset) maxRows() int32 {
	return int32(max(0, min(k.First, max(MaxPage, k.most))) + 1) //nolint:gosec // a few hundred
}

// id reads After as the cursor of a list in the order of ids.
func (k Keyset) id() (*uuid.UUID, error) {
	_, id, err := k.place()
	return id, err
}

// place reads After as the cursor of a list in the order of instants.
func (k Keyset) place() (*time.Time, *uuid.UUID, error) {
	if k.After == "" {
		return nil, nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(k.After)
	if err != nil {
		return nil, nil, ErrBadCursor
	}
	micros, rest, _ := strings.Cut(string(raw), ".")
	n, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || n < 0 || n > lastInstant {
		return nil, nil, ErrBadCursor
	}
	id, err := uuid.Parse(rest)
	if err != nil {
		return nil, nil, ErrBadCursor
	}
	at := time.UnixMicro(n).UTC()
	return &at, &id, nil
}

// behind is place, but that the first page begins behind an instant that is later than all.
func (k Keyset) behind() (time.Time, uuid.UUID, error) {
	at, id, err := k.place()
	if err != nil || at == nil {
		return time.UnixMicro(lastInstant).UTC(), uuid.Max, err
	}
	return *at, *id, nil
}

// number reads After as the cursor of a list in the order of numbers.
func (k Keyset) number() (after *int64, err error) {
	if k.After == "" {
		return after, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(k.After)
	if err != nil {
		return nil, ErrBadCursor
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < 0 {
		return nil, ErrBadCursor
	}
	return &n, nil
}

// NumberOf is the cursor of an item in a list in the order of numbers.
func NumberOf(n int) string { return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

// PlaceOf is the cursor of an item in a list in the order of instants; the zero instant serves for a
// list in the order of ids.
func PlaceOf(at time.Time, id uuid.UUID) string {
	micros := int64(0)
	if !at.IsZero() {
		micros = at.UnixMicro()
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(micros, 10) + "." + id.String()))
}

func mapRows[R, T any](rows []R, f func(R) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = f(r)
	}
	return out
}

func byID[T any](items []T, id func(T) uuid.UUID) map[uuid.UUID]T {
	out := make(map[uuid.UUID]T, len(items))
	for _, it := range items {
		out[id(it)] = it
	}
	return out
}

// group gathers items under a key, in their order.
func group[K comparable, T any](items []T, key func(T) K) map[K][]T {
	out := make(map[K][]T)
	for _, it := range items {
		out[key(it)] = append(out[key(it)], it)
	}
	return out
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
