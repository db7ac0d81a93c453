package wantedly

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"

	"renkei/intake"
)

const (
	listPath   = "/api/internal/enterprise/tickets"
	personPath = "/api/internal/enterprise/users"

	acceptPage = "text/html,application/xhtml+xml"
	acceptJSON = "application/json"

	maxRedirects = 5
	// renewAfter answers show that a session lives: when it dies after that, it has come of age.
	renewAfter = 100
)

// visit is one call of Verify or Read on the site.
type visit struct {
	client  *Client
	creds   intake.Credentials
	courier *courier
	reads   *retryablehttp.Client
	posts   *retryablehttp.Client

	permit   func(context.Context) error // intake.Login.Permit
	renewed  bool                        // a session died and was replaced
	fresh    bool                        // signed in, and nothing was answered since
	alive    bool                        // the cookies are those of a session that is not known to be over
	answered int                         // answers since a session was replaced

	// heard is called at the first answer of the hiring API, if it is not nil; the sign-in page may well come from elsewhere.
	heard func()

	look looking // how the site looked since it was last told
}

// reply is an answer, read whole.
type reply struct {
	status      int
	location    string
	contentType string
	url         *url.URL
	body        []byte
}

func (c *Client) visit(creds intake.Credentials) (v *visit, leave func()) {
	l, leave := c.lanes.enter(creds.Email)
	v = &visit{client: c, creds: creds, courier: &courier{client: c, lane: l, jar: c.newJar()}}
	v.reads = c.retries(v.courier, c.retryRead)
	v.posts = c.retries(v.courier, c.retryCredentials)
	return v, leave
}

// at is the address of a path.
func (v *visit) at(path string) *url.URL {
	u := *v.client.base
	u.Path += path
	return &u
}

// ask gets a path of the hiring API as JSON. It renews a session that has died: once in a visit, and
// again when the new one had lived for a good while.
// 403 is errForbidden, 404 and 410 are errGone.
func (v *visit) ask(ctx context.Context, path string, query url.Values) ([]byte, error) {
	body, err := v.askOnce(ctx, path, query)
	if !errors.Is(err, errSignedOut) {
		v.fresh = false
		v.answered++
		return body, err
	}
	if v.fresh || v.renewed && v.answered < renewAfter {
		return nil, unexpected("%w, although it is new", errSignedOut)
	}
	v.renewed, v.answered = true, 0
	v.client.log.Debug().Msg("wantedly: session is over, signing in again")
	if err := v.signIn(ctx); err != nil {
		return nil, err
	}
	return v.ask(ctx, path, query)
}

func (v *visit) askOnce(ctx context.Context, path string, query url.Values) ([]byte, error) {
	u := v.at(path)
	u.RawQuery = query.Encode()
	r, err := v.fetch(ctx, u, acceptJSON, onlySignedIn)
	if err != nil {
		return nil, err
	}
	if v.heard != nil && r.status < http.StatusInternalServerError {
		v.heard()
		v.heard = nil
	}
	switch {
	case r.status == http.StatusUnauthorized:
		return nil, errSignedOut
	case r.status == http.StatusForbidden:
		return nil, errForbidden
	case r.status == http.StatusNotFound, r.status == http.StatusGone:
		return nil, errGone
	case r.status < 200 || r.status > 299:
		return nil, unexpected("%w %d", errStatus, r.status)
	}
	return r.json()
}

// onlySignedIn says what a redirect of an API path means.
func onlySignedIn(path string) error {
	if err := hurdle(path); err != nil {
		return err
	}
	if isSignInPath(path) {
		return errSignedOut
	}
	return nil
}

// fetch gets a page, through the site's own redirects as far as each may be followed.
func (v *visit) fetch(ctx context.Context, u *url.URL, accept string, may func(path string) error) (*reply, error) {
	for range maxRedirects + 1 {
		r, err := v.get(ctx, u, accept)
		if err != nil || !r.redirects() {
			return r, err
		}
		if u, err = v.target(r); err != nil {
			return nil, err
		}
		if err := may(u.Path); err != nil {
			return nil, err
		}
	}
	return nil, unexpected("more than %d redirects", maxRedirects)
}

func (r *reply) redirects() bool {
	switch r.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// target is where a redirect leads; it must be on the site.
func (v *visit) target(r *reply) (*url.URL, error) {
	u, err := r.url.Parse(r.location)
	if err != nil || r.location == "" {
		return nil, unexpected("a redirect to nowhere")
	}
	base := v.client.base
	if u.Scheme != base.Scheme || !strings.EqualFold(hostPort(u), hostPort(base)) {
		return nil, unexpected("a redirect to another host")
	}
	u.User, u.Fragment = nil, ""
	return u, nil
}

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Hostname() + ":" + port
}

func (v *visit) get(ctx context.Context, u *url.URL, accept string) (*reply, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, unexpected("an address that cannot be asked for")
	}
	req.Header.Set("Accept", accept)
	return v.do(ctx, v.reads, req)
}

// post sends a form, as the page at referer would.
func (v *visit) post(ctx context.Context, u, referer *url.URL, form url.Values) (*reply, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, u.String(), []byte(form.Encode()))
	if err != nil {
		return nil, unexpected("an address that cannot be asked for")
	}
	req.Header.Set("Accept", acceptPage)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", u.Scheme+"://"+u.Host)
	req.Header.Set("Referer", referer.String())
	return v.do(ctx, v.posts, req)
}

func (v *visit) do(ctx context.Context, client *retryablehttp.Client, req *retryablehttp.Request) (*reply, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, transportError(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }() // in memory since the courier
	if err := statusError(resp.StatusCode, retryAfter(resp, v.client.now())); err != nil {
		return nil, err
	}
	body, err := readBody(resp)
	if err != nil {
		return nil, transportError(ctx, err)
	}
	return &reply{
		status: resp.StatusCode, location: resp.Header.Get("Location"),
		contentType: resp.Header.Get("Content-Type"), url: req.URL, body: body,
	}, nil
}
