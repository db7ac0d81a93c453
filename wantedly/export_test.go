package wantedly

import (
	"net/http"
	"time"
)

// WithClock gives the client another clock.
func WithClock(cfg Config, now func() time.Time) Config {
	cfg.now = now
	return cfg
}

// WithTransport puts something else in the network's place.
func WithTransport(cfg Config, rt http.RoundTripper) Config {
	cfg.transport = rt
	return cfg
}

// Enter begins and ends a visit of an account, and tells how many accounts are remembered.
func (c *Client) Enter(email string) int {
	_, leave := c.lanes.enter(email)
	leave()
	return len(c.lanes.byEmail)
}

// ParseTicket and ParsePerson read a record as Read does.
func ParseTicket(body []byte, number int64, now time.Time) error {
	_, err := parseTicket(body, number, now)
	return err
}

// ParseListing reads a page of the listing and returns its numbers.
func ParseListing(body []byte) ([]int64, error) {
	lines, err := parseListing(body, 1)
	numbers := make([]int64, 0, len(lines))
	for _, line := range lines {
		numbers = append(numbers, line.number)
	}
	return numbers, err
}

// ParsePage reads a page's token, and whether one can sign in there.
func ParsePage(body []byte, contentType string) (token string, form bool) {
	p := readPage(&reply{body: body, contentType: contentType})
	return p.token, p.signInForm
}

// InvalidOf tells what the error of a record says.
func InvalidOf(err error) (reason, detail string, shape []byte, ok bool) {
	inv, ok := asInvalid(err)
	if !ok {
		return "", "", nil, false
	}
	return string(inv.reason), inv.detail, inv.shape, true
}

// What tests call by their own names.
var (
	ParsePerson  = parsePerson
	ShapeOf      = shapeOf
	WebLink      = webLink
	Clean        = clean
	IsSignInPath = isSignInPath
	Hurdle       = hurdle
)
