package judge

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// ticket is what a perfect importer would know.
type ticket struct {
	Number     int
	At         time.Time
	Position   string
	PositionID int
	PersonID   int
	Name       string
	Kind       string
}

// served is an answer of the medium.
type served struct {
	Email, Kind    string
	Number, Status int
	Bytes          int
}

const ticketsAtOnce = 5000

// get asks the medium's control API.
func (c Case) get(ctx context.Context, path string, query url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Medium+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the medium answered %s with %s", path, resp.Status)
	}
	return resp, nil
}

func (c Case) ask(ctx context.Context, path string, query url.Values, into any) error {
	resp, err := c.get(ctx, path, query)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	return json.NewDecoder(resp.Body).Decode(into)
}

// tickets yields a company's tickets from the lowest number on.
func (c Case) tickets(ctx context.Context, domain string, each func(ticket)) error {
	for from := 1; ; {
		var some struct{ Tickets []ticket }
		query := url.Values{"domain": {domain}, "from": {strconv.Itoa(from)}, "limit": {strconv.Itoa(ticketsAtOnce)}}
		if err := c.ask(ctx, "/_control/tickets", query, &some); err != nil {
			return fmt.Errorf("read the medium's tickets: %w", err)
		}
		if len(some.Tickets) == 0 {
			return nil
		}
		for _, t := range some.Tickets {
			each(t)
			from = t.Number + 1
		}
	}
}

// ledger yields every answer of the medium, in order.
func (c Case) ledger(ctx context.Context, each func(served)) error {
	resp, err := c.get(ctx, "/_control/ledger", nil)
	if err != nil {
		return fmt.Errorf("read the medium's ledger: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	lines := json.NewDecoder(bufio.NewReaderSize(resp.Body, 1<<20))
	for lines.More() {
		var s served
		if err := lines.Decode(&s); err != nil {
			return fmt.Errorf("read the medium's ledger: %w", err)
		}
		each(s)
	}
	return nil
}

// signIns is how often the medium let an account in.
func (c Case) signIns(ctx context.Context, email string) (int, error) {
	var journal struct{ SignIns int }
	err := c.ask(ctx, "/_control/journal", url.Values{"email": {email}}, &journal)
	return journal.SignIns, err
}
