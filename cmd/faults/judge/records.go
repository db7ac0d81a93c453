package judge

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// bits is a set of small numbers.
type bits []uint64

func (b *bits) add(n int) {
	if n < 0 || n > 1<<27 {
		return
	}
	for len(*b) <= n/64 {
		*b = append(*b, make([]uint64, max(1, len(*b)))...)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bits) has(n int) bool { return n >= 0 && n/64 < len(b) && b[n/64]&(1<<(n%64)) != 0 }

// record is an application as both sides know it.
type record struct {
	number, person, position int
	at                       time.Time
	kind, title, name        string
}

func (r record) hash() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d|%d|%d|%d|%q|%q|%q", r.number, r.person, r.position, r.at.UnixMilli(), r.kind, r.title, r.name))
}

// lost is I1: what the medium served is what came in.
func lost(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	shown := map[string]*bits{}
	err := c.ledger(ctx, func(s served) {
		if s.Kind != "ticket" || s.Status != 200 {
			return
		}
		if shown[s.Email] == nil {
			shown[s.Email] = &bits{}
		}
		shown[s.Email].add(s.Number)
	})
	if err != nil {
		return err
	}
	for _, l := range c.Links {
		if shown[l.Email] == nil {
			shown[l.Email] = &bits{}
		}
		if err := lostOf(ctx, conn, c, f, l, *shown[l.Email]); err != nil {
			return fmt.Errorf("%s: %w", l.Email, err)
		}
	}
	return otherProfiles(ctx, c, f)
}

func lostOf(ctx context.Context, conn *pgx.Conn, c Case, f *Finding, l Link, shown bits) error {
	stored, err := storedOf(ctx, conn, l)
	if err != nil {
		return err
	}
	missing, other, people := 0, 0, map[int]bool{}
	err = c.tickets(ctx, l.Domain, func(t ticket) {
		f.Checked++
		got, found := stored[t.Number]
		delete(stored, t.Number)
		if !found {
			missing++
			return
		}
		people[t.PersonID] = true
		want := record{t.Number, t.PersonID, t.PositionID, t.At, t.Kind, t.Position, t.Name}
		if got != want.hash() {
			other++
		}
		if !shown.has(t.Number) && l.Twin == "" {
			f.complain("%s: application %d came in and was never served", l.Email, t.Number)
		}
	})
	if err != nil {
		return err
	}
	if missing > l.Invalid && !l.Part {
		f.complain("%s: %d applications are missing", l.Email, missing)
	}
	if other > 0 {
		f.complain("%s: %d applications are not as the medium has them", l.Email, other)
	}
	if len(stored) > 0 {
		f.complain("%s: %d applications that the medium does not have", l.Email, len(stored))
	}
	var candidates int
	if err := conn.QueryRow(ctx, `SELECT count(DISTINCT candidate_id) FROM inbox_entries WHERE company_id = $1 AND account_id::text IN ($2, $3)`,
		l.Company, l.Account, l.Twin).Scan(&candidates); err != nil {
		return err
	}
	if candidates != len(people) {
		f.complain("%s: %d people came in as %d candidates", l.Email, len(people), candidates)
	}
	return nil
}

const storedQuery = `SELECT e.external_id::int, e.applied_at, e.kind, e.position_name, e.position_id::bigint, c.external_person_id::bigint, c.name
	FROM inbox_entries e JOIN candidates c ON c.company_id = e.company_id AND c.id = e.candidate_id
	WHERE e.company_id = $1 AND e.account_id::text IN ($2, $3)`

// storedOf are the hashes of an account's applications, by number.
func storedOf(ctx context.Context, conn *pgx.Conn, l Link) (map[int][sha256.Size]byte, error) {
	rows, err := conn.Query(ctx, storedQuery, l.Company, l.Account, l.Twin) //nolint:rowserrcheck // ForEachRow does
	if err != nil {
		return nil, err
	}
	stored := map[int][sha256.Size]byte{}
	var r record
	_, err = pgx.ForEachRow(rows, []any{&r.number, &r.at, &r.kind, &r.title, &r.position, &r.person, &r.name}, func() error {
		if _, twice := stored[r.number]; twice {
			return fmt.Errorf("application %d is in twice", r.number)
		}
		stored[r.number] = r.hash()
		return nil
	})
	return stored, err
}

// twice is I2: nothing came in twice, nobody wrote without the lease, and nobody is told twice.
func twice(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	const entries, pages = "SELECT count(*) FROM inbox_entries", "SELECT count(*) FROM witness.pages"
	err := errors.Join(
		zero(ctx, conn, f, "applications that are in twice", entries, `SELECT count(*) FROM
			(SELECT FROM inbox_entries GROUP BY company_id, account_id, external_id HAVING count(*) > 1) twice`),
		zero(ctx, conn, f, "applications that are in twice by their address", entries, `SELECT count(*) FROM
			(SELECT FROM inbox_entries WHERE external_url IS NOT NULL GROUP BY company_id, external_url HAVING count(*) > 1) twice`),
		zero(ctx, conn, f, "people who are in twice", "SELECT count(*) FROM candidates", `SELECT count(*) FROM
			(SELECT FROM candidates GROUP BY company_id, medium, external_person_id HAVING count(*) > 1) twice`),
		zero(ctx, conn, f, "entries with two applications", entries, `SELECT count(*) FROM
			(SELECT FROM applications WHERE entry_id IS NOT NULL GROUP BY company_id, entry_id HAVING count(*) > 1) twice`),
		zero(ctx, conn, f, "pages that somebody without the lease stored", pages, `SELECT count(*) FROM witness.pages p
			WHERE NOT EXISTS (SELECT FROM witness.leases l WHERE l.account_id = p.account_id AND l.owner = p.owner AND l.who = p.who)`),
		zero(ctx, conn, f, "places in the medium that were passed twice", pages, `SELECT count(*) FROM
			(SELECT FROM witness.pages WHERE place <> '' GROUP BY account_id, epoch, place HAVING count(*) > 1) twice`),
		toldTwice(ctx, conn, c, f),
	)
	for _, l := range c.Links {
		n, askErr := c.signIns(ctx, l.Email)
		if askErr != nil {
			return errors.Join(err, askErr)
		}
		f.Checked++
		if n > max(1, l.SignIns) {
			f.complain("%s: %d sign-ins, %d are explained", l.Email, n, max(1, l.SignIns))
		}
	}
	return err
}
