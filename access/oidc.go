package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"renkei/intake"
)

// OIDC is an identity provider.
type OIDC struct {
	// Issuer is its URL, exactly as its tokens say it.
	Issuer string
	// Audience must be among a bearer token's; empty: no bearer tokens are taken.
	Audience string
	// ClientID and ClientSecret are ours with the provider; without an id nobody signs in through it.
	ClientID     string
	ClientSecret intake.Secret
	// Transport reaches the provider; nil for http.DefaultTransport's like.
	Transport http.RoundTripper
}

const (
	// skew is how much our clock and the provider's may differ.
	skew = time.Minute
	// providerTimeout bounds each request to the provider.
	providerTimeout = 5 * time.Second
	// providerAnswer bounds what it may say.
	providerAnswer = 1 << 20
	// rediscoverAfter keeps a provider that is down from being asked at each request.
	rediscoverAfter = 2 * time.Second
	// maxJWT bounds a bearer token.
	maxJWT = 16 << 10
)

// Keys are looked up anew for a token of a key that we do not know, which anybody can make up: that often.
var keyLookups = rate.Every(time.Second)

const keyLookupsAtOnce = 5

// algorithms are those whose keys a provider can publish.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// provider is an identity provider that is asked about itself when it is needed first, and again while it
// does not answer.
type provider struct {
	OIDC
	client *http.Client
	asking singleflight.Group

	mu       sync.Mutex
	known    *introduced
	failedAt time.Time
}

// introduced is a provider that has told about itself.
type introduced struct {
	*oidc.Provider
	keys oidc.KeySet
}

func newProvider(o OIDC) *provider {
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: providerTimeout, IdleConnTimeout: time.Minute,
		}
	}
	return &provider{OIDC: o, client: &http.Client{Timeout: providerTimeout, Transport: modest{next: o.Transport}}}
}

func (p *provider) close() { p.client.CloseIdleConnections() }

// signsIn reports whether people can sign in through it.
func (p *provider) signsIn() bool { return p != nil && p.ClientID != "" }

// takesTokens reports whether it makes bearer tokens for us.
func (p *provider) takesTokens() bool { return p != nil && p.Audience != "" }

// ask returns what the provider says of itself, or ErrUnavailable.
func (p *provider) ask(ctx context.Context) (*introduced, error) {
	p.mu.Lock()
	known, failedAt := p.known, p.failedAt
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	if time.Since(failedAt) < rediscoverAfter {
		return nil, ErrUnavailable
	}
	// For all who wait, and so not with the patience of one.
	asked := p.asking.DoChan("", func() (any, error) { return nil, p.introduce(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case answer := <-asked:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.known, answer.Err
	}
}

func (p *provider) introduce(ctx context.Context) error {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	var said struct {
		Keys string `json:"jwks_uri"`
	}
	if err == nil {
		err = found.Claims(&said)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failedAt = time.Now()
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	rarely := &http.Client{
		Timeout:   providerTimeout,
		Transport: modest{next: p.Transport, often: rate.NewLimiter(keyLookups, keyLookupsAtOnce)},
	}
	p.known = &introduced{found, watchedKeys{oidc.NewRemoteKeySet(oidc.ClientContext(ctx, rarely), said.Keys)}}
	return nil
}

// modest keeps a provider from saying more than we can hold, and from being asked too often. A provider in
// trouble does not answer.
type modest struct {
	next  http.RoundTripper
	often *rate.Limiter
}

var errTooOften = errors.New("the provider's keys were asked for too often")

// RoundTrip implements http.RoundTripper.
func (m modest) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.often != nil && !m.often.Allow() {
		return nil, errTooOften
	}
	response, err := m.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusInternalServerError {
		return nil, errors.Join(fmt.Errorf("answered %s", response.Status), response.Body.Close())
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, providerAnswer), response.Body}
	return response, nil
}

// CloseIdleConnections lets http.Client's reach the transport.
func (m modest) CloseIdleConnections() {
	if t, ok := m.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

type unreachableKey struct{}

// watchedKeys tells apart a bad signature from keys that could not be had: go-oidc makes one text of both.
type watchedKeys struct{ oidc.KeySet }

// VerifySignature implements oidc.KeySet.
func (k watchedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	_, unreachable := errors.AsType[*url.Error](err)
	if said, ok := ctx.Value(unreachableKey{}).(*error); ok && unreachable {
		*said = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return payload, err
}

// claims are what a token says that is checked here.
type claims struct {
	Email string `json:"email"`
	// EmailVerified is true, or with some providers "true".
	EmailVerified any      `json:"email_verified"`
	NotBefore     *float64 `json:"nbf"`
	AuthorizedTo  string   `json:"azp"`
}

// verify checks a token of the provider's: whose it is, for whom, and since and until when. It fails with
// intake.ErrUnauthenticated or ErrUnavailable.
func (p *provider) verify(ctx context.Context, raw, audience string) (*oidc.IDToken, claims, error) {
	var c claims
	known, err := p.ask(ctx)
	if err != nil {
		return nil, c, err
	}
	// One signature, in the compact form: JSON forms have room for more.
	if len(raw) > maxJWT || strings.Count(raw, ".") != 2 || strings.ContainsAny(raw, "{} \t\r\n") {
		return nil, c, intake.ErrUnauthenticated
	}
	var unreachable error
	token, err := oidc.NewVerifier(p.Issuer, known.keys, &oidc.Config{
		ClientID: audience, SupportedSigningAlgs: algorithms, SkipExpiryCheck: true, // checked below, within our skew
	}).Verify(context.WithValue(ctx, unreachableKey{}, &unreachable), raw)
	if unreachable != nil {
		return nil, c, unreachable
	}
	if err != nil {
		// Why is the provider's and the client's to find out; the error holds parts of the token.
		return nil, c, intake.ErrUnauthenticated
	}
	if err := token.Claims(&c); err != nil {
		return nil, c, intake.ErrUnauthenticated
	}
	now := time.Now()
	early := c.NotBefore != nil && float64(now.Add(skew).Unix()) < *c.NotBefore
	late := token.Expiry.IsZero() || token.Expiry.Unix() <= 0 || !now.Add(-skew).Before(token.Expiry)
	if token.Subject == "" || early || late {
		return nil, c, intake.ErrUnauthenticated
	}
	return token, c, nil
}

// identity is who a token is about.
func (p *provider) identity(token *oidc.IDToken, c claims) intake.Identity {
	return intake.Identity{
		Issuer: p.Issuer, Subject: token.Subject, Email: c.Email, EmailVerified: c.EmailVerified == true || c.EmailVerified == "true",
	}
}

// byJWT returns whom a bearer token of the provider's lets in.
func (p *Porter) byJWT(ctx context.Context, raw, company, address string) (intake.Actor, error) {
	companyID, ok := companyOf(company)
	if !ok {
		return intake.Actor{}, intake.ErrUnauthenticated
	}
	token, c, err := p.provider.verify(ctx, raw, p.provider.Audience)
	if err != nil {
		return intake.Actor{}, err
	}
	actor, err := p.service.ActorByIdentity(ctx, p.provider.identity(token, c), companyID, address)
	actor.Credential.ExpiresAt = &token.Expiry
	return actor, err
}
