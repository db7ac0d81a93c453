package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"renkei/intake"
)

// Options say how people get in.
type Options struct {
	// PublicURL is where people reach the program: cookies count from its origin alone, and are Secure where it
	// is https.
	PublicURL *url.URL
	// AllowedOrigins are the origins from which frontends may sign somebody in, besides PublicURL's.
	AllowedOrigins []string
	// TrustedProxies may say in X-Forwarded-For whom they pass on.
	TrustedProxies []netip.Prefix
	// OIDC is the identity provider; the zero value means none.
	OIDC OIDC
	Log  zerolog.Logger
}

// Porter knows who asks. It serves /auth/, and the pages that one-time links lead to.
type Porter struct {
	http.Handler
	service  *intake.Service
	options  Options
	origin   string
	sessions *scs.SessionManager
	provider *provider
	pages    pages
}

// New makes the porter of a service; the caller closes it.
func New(service *intake.Service, o Options) (*Porter, error) {
	p := &Porter{service: service, options: o, origin: o.PublicURL.Scheme + "://" + o.PublicURL.Host}
	p.sessions = newSessions(service, p.secure())
	var err error
	if p.pages, err = newPages(); err != nil {
		return nil, err
	}
	if o.OIDC.Issuer != "" {
		p.provider = newProvider(o.OIDC)
	}
	guard := http.NewCrossOriginProtection()
	for _, origin := range append([]string{p.origin}, o.AllowedOrigins...) {
		if err := guard.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trust %s: %w", origin, err)
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.refuse(w, r, errCrossSite) }))
	p.Handler = neverStored(guard.Handler(p.routes()))
	return p, nil
}

// Close lets go of the connections to the identity provider.
func (p *Porter) Close() {
	if p.provider != nil {
		p.provider.close()
	}
}

func (p *Porter) secure() bool { return p.options.PublicURL.Scheme == "https" }

// ErrUnavailable says that the identity provider does not answer: nobody can say whether its tokens are good.
var ErrUnavailable = errors.New("the identity provider does not answer")

// companyHeader names one of the companies that an identity is a member of.
const companyHeader = "Renkei-Company"

// Request returns who a request is from, by its Authorization header or else its cookie: the zero Actor where it
// has neither, intake.ErrUnauthenticated where it has one that lets nobody in. A cookie counts only from
// our own origin; with it the response may get a newer one.
func (p *Porter) Request(w http.ResponseWriter, r *http.Request) (intake.Actor, error) {
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		return p.Bearer(r.Context(), authorization, r.Header.Get(companyHeader), p.Address(r))
	}
	if !p.fromOwnOrigin(r) {
		return intake.Actor{}, nil
	}
	actor, err := p.byCookie(w, r)
	if errors.Is(err, intake.ErrUnauthenticated) && r.Header.Get("Upgrade") != "" {
		// A browser sends its cookie whether it believes in it or not, and a WebSocket may yet bring a token.
		return intake.Actor{}, nil
	}
	return actor, err
}

// Bearer returns whom an Authorization header, or what stands for one, lets in from an address. company is the id
// of one of the companies that an identity is a member of, or empty.
func (p *Porter) Bearer(ctx context.Context, authorization, company, address string) (intake.Actor, error) {
	token, err := bearer(authorization)
	if err != nil {
		return intake.Actor{}, err
	}
	if p.provider.takesTokens() && strings.Count(token, ".") == 2 {
		return p.byJWT(ctx, token, company, address)
	}
	actor, err := p.service.ActorByToken(ctx, token)
	actor.Address = address
	return actor, err
}

func bearer(authorization string) (string, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", intake.ErrUnauthenticated
	}
	return strings.TrimSpace(token), nil
}

// companyOf reads the id of a company, which nil stands for where none is named. It is not ok where what is
// named is no id.
func companyOf(id string) (companyID *uuid.UUID, ok bool) {
	if id == "" {
		return nil, true
	}
	parsed, err := uuid.Parse(id)
	return &parsed, err == nil
}

// Tokens knows API tokens alone: for who serves without sessions.
type Tokens struct{ Service *intake.Service }

// Request returns who a request is from by its Authorization header; see Porter.Request.
func (t Tokens) Request(_ http.ResponseWriter, r *http.Request) (intake.Actor, error) {
	authorization := r.Header.Get("Authorization")
	if authorization == "" {
		return intake.Actor{}, nil
	}
	return t.Bearer(r.Context(), authorization, "", t.Address(r))
}

// Bearer returns whom an Authorization header lets in; see Porter.Bearer.
func (t Tokens) Bearer(ctx context.Context, authorization, _, address string) (intake.Actor, error) {
	token, err := bearer(authorization)
	if err != nil {
		return intake.Actor{}, err
	}
	actor, err := t.Service.ActorByToken(ctx, token)
	actor.Address = address
	return actor, err
}

// Address returns where a request came from.
func (Tokens) Address(r *http.Request) string { return inText(peer(r)) }
