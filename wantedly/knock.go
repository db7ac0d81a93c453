package wantedly

import (
	"context"
	"net/http"
	"time"
)

// Knocked is what stood at the site's door.
type Knocked struct {
	Status int
	// Form tells whether the answer is a sign-in page as the connector knows it.
	Form bool
	// Took is how long the answer took.
	Took time.Duration
}

// Knock asks for the sign-in page, once, follows nothing and signs nobody in.
func (c *Client) Knock(ctx context.Context) (Knocked, error) {
	u := *c.base
	u.Path += formPath
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return Knocked{}, unexpected("an address that cannot be asked for")
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", acceptPage)
	began := c.now()
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return Knocked{}, err
	}
	defer func() { _ = resp.Body.Close() }() // what matters was read
	body, err := readBody(resp)
	if err != nil {
		return Knocked{}, err
	}
	page := readPage(&reply{status: resp.StatusCode, contentType: resp.Header.Get("Content-Type"), url: &u, body: body})
	return Knocked{
		Status: resp.StatusCode, Form: resp.StatusCode == http.StatusOK && page.token != "", Took: c.now().Sub(began),
	}, nil
}
