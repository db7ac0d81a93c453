package judge

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Letter is one that arrived at somebody's. Text is all of it that can be read, decoded.
type Letter struct{ To, ID, Text string }

// message is what the database says of one: to whom, and whether it says that it was sent.
type message struct {
	to   string
	sent bool
}

// messages are those that go by mail, by the number that their Message-ID begins with.
func messages(ctx context.Context, conn *pgx.Conn) (map[string]message, error) {
	//nolint:rowserrcheck // ForEachRow does
	rows, err := conn.Query(ctx, `SELECT coalesce(d.repeats, d.id)::text, m.email, bool_or(d.state = 'SENT')
		FROM deliveries d JOIN members m ON m.company_id = d.company_id AND m.id = d.member_id GROUP BY 1, 2`)
	if err != nil {
		return nil, err
	}
	all := map[string]message{}
	var id string
	var m message
	_, err = pgx.ForEachRow(rows, []any{&id, &m.to, &m.sent}, func() error {
		all[id] = m
		return nil
	})
	return all, err
}

// toldTwice is the part of I2 that is about those who are told: once of each thing, and of nothing that is not.
func toldTwice(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	if err := zero(ctx, conn, f, "things that somebody is told twice", "SELECT count(*) FROM deliveries", `SELECT count(*) FROM
		(SELECT FROM deliveries WHERE phase <> 'TEST' AND repeats IS NULL
			GROUP BY company_id, incident_id, phase, member_id, endpoint_id HAVING count(*) > 1) twice`); err != nil {
		return err
	}
	written, err := messages(ctx, conn)
	if err != nil {
		return err
	}
	times, again := map[string]int{}, 0
	for _, letter := range c.Letters {
		f.Checked++
		id, _, _ := strings.Cut(strings.Trim(letter.ID, "<>"), "@")
		if m, known := written[id]; !known || m.to != letter.To {
			f.complain("a letter %s to %s that nobody wrote", letter.ID, letter.To)
		}
		if times[id]++; times[id] > 1 {
			again++
		}
	}
	if again > c.Repeated {
		f.complain("%d letters came once more, %d are explained", again, c.Repeated)
	}
	return nil
}

// notTold is the part of I3 that is about those who are told: what is said to be sent has arrived.
func notTold(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	written, err := messages(ctx, conn)
	if err != nil {
		return err
	}
	arrived := map[string]bool{}
	for _, letter := range c.Letters {
		id, _, _ := strings.Cut(strings.Trim(letter.ID, "<>"), "@")
		arrived[id] = true
	}
	for id, m := range written {
		f.Checked++
		if m.sent && !arrived[id] {
			f.complain("a letter to %s is said to be sent, and did not come: %s", m.to, id)
		}
	}
	if err := zero(ctx, conn, f, "open incidents of which nobody is told", "SELECT count(*) FROM incidents", `SELECT count(*) FROM incidents i
		WHERE NOT EXISTS (SELECT FROM deliveries d WHERE d.company_id = i.company_id AND d.incident_id = i.id)`); err != nil {
		return fmt.Errorf("incidents: %w", err)
	}
	return nil
}
