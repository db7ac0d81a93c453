package wantedly

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"renkei/intake"
)

// ErrBadContact says that Config.Contact, or Config.UserAgent, cannot stand in a request.
var ErrBadContact = errors.New("wantedly: user agent and contact must be printable ASCII")

const (
	defaultRate    = 1
	defaultTimeout = 30 * time.Second
)

// Config says where the site is and how to behave there.
type Config struct {
	// BaseURL is where the site is; it has no default.
	BaseURL string
	// Rate is how many requests a second an account may make; 1 when zero.
	Rate float64
	// UserAgent is how the connector calls itself, "renkei" when empty; Contact, an address or a
	// page of whoever runs it, is appended.
	UserAgent string
	Contact   string
	// RequestTimeout bounds one request with its answer; 30 s when zero.
	RequestTimeout time.Duration
	// Logger gets what an operator should know; it gets nothing of a person.
	Logger zerolog.Logger
	// Asking, where it is set, is told of each request that goes out, by its route, and returns what is called with the
	// answer's status, or 0 and the error.
	Asking func(ctx context.Context, method, route string) (context.Context, func(status int, err error))
	// SignedIn, where it is set, is told how each sign-in ended.
	SignedIn func(err error)

	now       func() time.Time
	transport http.RoundTripper
}

// Client is the intake.Source for Wantedly. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	agent     string
	timeout   time.Duration
	log       zerolog.Logger
	now       func() time.Time
	transport http.RoundTripper
	lanes     *lanes
	asking    func(context.Context, string, string) (context.Context, func(int, error))
	signedIn  func(error)
}

var _ intake.Source = (*Client)(nil)

// New makes a Client. It starts nothing; Close lets go of idle connections. Its error is
// ErrBadContact where that is what is wrong.
func New(cfg Config) (*Client, error) {
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	agent, err := userAgent(cfg.UserAgent, cfg.Contact)
	if err != nil {
		return nil, err
	}
	if cfg.Rate < 0 || cfg.RequestTimeout < 0 {
		return nil, errors.New("wantedly: rate and time-out must not be negative")
	}
	cfg.fill()
	return &Client{
		base: base, agent: agent, timeout: cfg.RequestTimeout, log: cfg.Logger,
		now: cfg.now, transport: cfg.transport, lanes: newLanes(rate.Limit(cfg.Rate), cfg.now),
		asking: cfg.Asking, signedIn: cfg.SignedIn,
	}, nil
}

func (cfg *Config) fill() {
	if cfg.Rate == 0 {
		cfg.Rate = defaultRate
	}
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = defaultTimeout
	}
	if cfg.Asking == nil {
		cfg.Asking = func(ctx context.Context, _, _ string) (context.Context, func(int, error)) {
			return ctx, func(int, error) {}
		}
	}
	if cfg.SignedIn == nil {
		cfg.SignedIn = func(error) {}
	}
	if cfg.now == nil {
		cfg.now = time.Now
	}
	if cfg.transport == nil {
		cfg.transport = newTransport()
	}
}

func parseBase(s string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSuffix(s, "/"))
	if err != nil {
		return nil, fmt.Errorf("wantedly: base URL: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil ||
		base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("wantedly: base URL must be http(s)://host, without user, query or fragment")
	}
	return base, nil
}

func userAgent(name, contact string) (string, error) {
	if name == "" {
		name = "renkei"
	}
	if contact != "" {
		name += " (+" + contact + ")"
	}
	for _, r := range name {
		if r < ' ' || r > '~' {
			return "", ErrBadContact
		}
	}
	return name, nil
}

// newTransport is shared by all accounts.
func newTransport() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    64,
		MaxResponseHeaderBytes: 1 << 20,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
	}
}

// Close closes connections that nobody uses.
func (c *Client) Close() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Verify implements intake.Source.
func (c *Client) Verify(ctx context.Context, creds intake.Credentials) (intake.Secret, error) {
	v, leave := c.visit(creds)
	defer leave()
	v.renewed = true // a session that dies here is no reason to sign in again
	if err := v.signIn(ctx); err != nil {
		return intake.Secret{}, err
	}
	if err := v.checkPermission(ctx); err != nil {
		return intake.Secret{}, err
	}
	return v.session(), nil
}

// Read implements intake.Source. The cursor is the highest ticket number that is settled.
func (c *Client) Read(ctx context.Context, login intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		v, leave := c.visit(login.Credentials)
		defer leave()
		v.permit = login.Permit
		v.heard = since.Answered
		r, err := newReading(v, since, yield)
		if err == nil {
			err = r.run(ctx, login.Session)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(intake.Page{}, err)
		}
	}
}
