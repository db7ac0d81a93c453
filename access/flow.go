package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"renkei/intake"
)

const (
	// flowTime is how long somebody may take at the provider.
	flowTime    = 10 * time.Minute
	flowSuffix  = "-oidc"
	maxReturnTo = 1000
)

// errBadReturn says that somebody comes back from the provider who did not go there from here, or not lately.
var errBadReturn = errors.New("the sign-in did not begin here")

// flow is what the browser keeps while it is at the provider.
type flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	ReturnTo string `json:"returnTo"`
	Company  string `json:"company,omitempty"`
}

func (p *Porter) startOIDC(w http.ResponseWriter, r *http.Request) error {
	if !p.provider.signsIn() {
		return errNoSuchPlace
	}
	f := flow{
		State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		ReturnTo: ownPath(r.URL.Query().Get("returnTo")), Company: r.URL.Query().Get("company"),
	}
	if _, ok := companyOf(f.Company); !ok {
		return errBadBody
	}
	known, err := p.provider.ask(r.Context())
	if err != nil {
		return err
	}
	if err := p.keepFlow(w, f); err != nil {
		return err
	}
	to := p.oauth(known).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier))
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

func (p *Porter) oauth(known *introduced) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.provider.ClientID, ClientSecret: p.provider.ClientSecret.Reveal(), Endpoint: known.Endpoint(),
		RedirectURL: p.options.PublicURL.JoinPath("auth", "oidc", "callback").String(), Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// ownPath is where to go after signing in: a path of ours, whatever was asked for.
func ownPath(to string) string {
	u, err := url.Parse(to)
	// A browser reads \ as /, drops tabs and line ends, and takes what begins with // for another host.
	odd := err != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || len(to) > maxReturnTo ||
		strings.ContainsFunc(to, func(c rune) bool { return c < ' ' || c == '\\' || c == 0x7f })
	if odd || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "/"
	}
	return to
}

// keepFlow gives the browser what it must come back with. Nobody else can give it such a cookie: where it is
// Secure, its name begins with __Host-.
func (p *Porter) keepFlow(w http.ResponseWriter, f flow) error {
	encoded, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode sign-in: %w", err)
	}
	http.SetCookie(w, p.flowCookie(base64.RawURLEncoding.EncodeToString(encoded), int(flowTime.Seconds())))
	return nil
}

func (p *Porter) flowCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever there is TLS
		Name: p.sessions.Cookie.Name + flowSuffix, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: p.secure(), SameSite: http.SameSiteLaxMode, // it comes back from another site
	}
}

func (p *Porter) finishOIDC(w http.ResponseWriter, r *http.Request) error {
	if !p.provider.signsIn() {
		return errNoSuchPlace
	}
	f, err := p.takeFlow(w, r)
	if err != nil {
		return err
	}
	companyID, ok := companyOf(f.Company)
	if !ok {
		return errBadReturn
	}
	id, err := p.exchange(r.Context(), f, r.URL.Query().Get("code"))
	if err != nil {
		return err
	}
	actor, err := p.service.SignInByIdentity(r.Context(), id, companyID, p.Address(r))
	if err != nil {
		return err
	}
	if err := p.begin(w, r, actor); err != nil {
		return err
	}
	http.Redirect(w, r, ownPath(f.ReturnTo), http.StatusSeeOther)
	return nil
}

// takeFlow takes back what the browser has kept, once, and makes sure that it comes from the provider.
func (p *Porter) takeFlow(w http.ResponseWriter, r *http.Request) (f flow, err error) {
	cookie, err := r.Cookie(p.sessions.Cookie.Name + flowSuffix)
	if err != nil {
		return f, errBadReturn
	}
	http.SetCookie(w, p.flowCookie("", -1))
	encoded, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(encoded, &f) != nil {
		return f, errBadReturn
	}
	q := r.URL.Query()
	issuer := q.Get("iss")
	switch {
	case f.State == "" || f.Nonce == "" || f.Verifier == "",
		subtle.ConstantTimeCompare([]byte(f.State), []byte(q.Get("state"))) != 1,
		issuer != "" && issuer != p.provider.Issuer: // RFC 9207: an answer of somebody else's
		return f, errBadReturn
	case q.Get("code") == "": // the provider, or the person there, refused
		return f, intake.ErrUnauthenticated
	}
	return f, nil
}

// exchange asks the provider who the code is about.
func (p *Porter) exchange(ctx context.Context, f flow, code string) (intake.Identity, error) {
	known, err := p.provider.ask(ctx)
	if err != nil {
		return intake.Identity{}, err
	}
	answer, err := p.oauth(known).Exchange(oidc.ClientContext(ctx, p.provider.client), code, oauth2.VerifierOption(f.Verifier))
	if _, unreachable := errors.AsType[*url.Error](err); unreachable {
		return intake.Identity{}, fmt.Errorf("%w: exchange code", ErrUnavailable)
	}
	if err != nil {
		if said, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			p.options.Log.Warn().Str("error", said.ErrorCode).Msg("the identity provider takes no code of ours")
		}
		return intake.Identity{}, intake.ErrUnauthenticated
	}
	raw, _ := answer.Extra("id_token").(string)
	token, c, err := p.provider.verify(ctx, raw, p.provider.ClientID)
	if err != nil {
		return intake.Identity{}, err
	}
	// A token for several must say that it was made for us; one that says for whom must mean us.
	ours := c.AuthorizedTo == p.provider.ClientID || c.AuthorizedTo == "" && len(token.Audience) == 1
	if !ours || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.Nonce)) != 1 {
		return intake.Identity{}, intake.ErrUnauthenticated
	}
	return p.provider.identity(token, c), nil
}
