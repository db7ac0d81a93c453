package access

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"renkei/intake"
)

// The cookie's names. A browser keeps __Host- from being set by other hosts or without TLS, and takes no such
// cookie over plain HTTP.
const (
	cookieName       = "renkei"
	secureCookieName = "__Host-" + cookieName
)

// What a session's data holds, besides its deadline.
const (
	companyKey = "company"
	memberKey  = "member"
)

func newSessions(service *intake.Service, secure bool) *scs.SessionManager {
	name := cookieName
	if secure {
		name = secureCookieName
	}
	// Not scs.New, which starts a goroutine that sweeps a store in memory and never ends.
	return &scs.SessionManager{
		Store: store{service}, HashTokenInStore: true, Codec: scs.GobCodec{},
		IdleTimeout: intake.SessionIdle, Lifetime: intake.SessionLifetime,
		Cookie: scs.SessionCookie{Name: name, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, Persist: true},
	}
}

// visit is what the porter and the store have to tell each other about one request: scs itself speaks of
// tokens and bytes alone.
type visit struct {
	// found is the session that the request came with.
	found intake.OpenSession
	// signsIn is who begins a session.
	signsIn   intake.Actor
	userAgent string
	// renews keeps the session that was found and changes its cookie; graciously for requests under way.
	renews, gracious bool
}

type visitKey struct{}

// store keeps scs's sessions in intake. When they end is intake's to say, on the database's clock.
type store struct{ service *intake.Service }

var _ scs.CtxStore = store{}

var errNoVisit = errors.New("a session needs a request")

func visitOf(ctx context.Context) (*visit, error) {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		return nil, errNoVisit
	}
	return v, nil
}

// hashOf is the hash that scs has made of a token.
func hashOf(token string) []byte {
	hash, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil
	}
	return hash
}

// FindCtx implements scs.CtxStore.
func (s store) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	v, err := visitOf(ctx)
	if err != nil {
		return nil, false, err
	}
	v.found, err = s.service.SessionByToken(ctx, hashOf(token))
	if errors.Is(err, intake.ErrUnauthenticated) {
		return nil, false, nil
	}
	return v.found.Data, err == nil, err
}

// CommitCtx implements scs.CtxStore.
func (s store) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	v, err := visitOf(ctx)
	if err != nil {
		return err
	}
	if v.renews {
		return s.service.RenewSession(ctx, v.found.Actor, intake.Renewal{
			OldHash: v.found.TokenHash, NewHash: hashOf(token), Data: data, Gracious: v.gracious,
		})
	}
	_, err = s.service.StartSession(ctx, v.signsIn, intake.NewSession{TokenHash: hashOf(token), Data: data, UserAgent: v.userAgent})
	return err
}

// DeleteCtx implements scs.CtxStore.
func (s store) DeleteCtx(ctx context.Context, _ string) error {
	v, err := visitOf(ctx)
	if err != nil {
		return err
	}
	if v.renews || v.found.TokenHash == nil {
		return nil
	}
	return s.service.SignOut(ctx, v.found.Actor)
}

// Find implements scs.Store.
func (store) Find(string) ([]byte, bool, error) { return nil, false, errNoVisit }

// Commit implements scs.Store.
func (store) Commit(string, []byte, time.Time) error { return errNoVisit }

// Delete implements scs.Store.
func (store) Delete(string) error { return errNoVisit }

// token is what stands in a request's cookie; empty without one.
func (p *Porter) token(r *http.Request) string {
	cookie, err := r.Cookie(p.sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// load finds the session that a request's cookie stands for, if any.
func (p *Porter) load(ctx context.Context, r *http.Request) (context.Context, *visit, error) {
	v := &visit{userAgent: r.UserAgent()}
	ctx, err := p.sessions.Load(context.WithValue(ctx, visitKey{}, v), p.token(r))
	if err != nil {
		return nil, nil, fmt.Errorf("load session: %w", err)
	}
	v.found.Actor.Address = p.Address(r)
	return ctx, v, nil
}

// byCookie returns whom a request's cookie lets in: the zero Actor where it has none.
func (p *Porter) byCookie(w http.ResponseWriter, r *http.Request) (intake.Actor, error) {
	if p.token(r) == "" {
		return intake.Actor{}, nil
	}
	ctx, v, err := p.load(r.Context(), r)
	if err != nil {
		return intake.Actor{}, err
	}
	if v.found.TokenHash == nil {
		return intake.Actor{}, intake.ErrUnauthenticated
	}
	if v.found.RolesChanged {
		v.gracious = true
		if err := p.renew(ctx, w, v); err != nil {
			return intake.Actor{}, err
		}
	}
	return v.found.Actor, nil
}

// renew changes the cookie of the session that a request came with.
func (p *Porter) renew(ctx context.Context, w http.ResponseWriter, v *visit) error {
	v.renews = true
	deadline := p.sessions.Deadline(ctx)
	if err := p.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	// A session that is renewed lives no longer.
	p.sessions.SetDeadline(ctx, deadline)
	err := p.commit(ctx, w)
	if errors.Is(err, intake.ErrNotFound) {
		return nil // another request at the same instant did it
	}
	return err
}

// begin signs the actor in: a session of its own, whatever cookie the request came with.
func (p *Porter) begin(w http.ResponseWriter, r *http.Request, actor intake.Actor) error {
	ctx, v, err := p.load(r.Context(), r)
	if err != nil {
		return err
	}
	v.signsIn = actor
	if err := p.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("renew session: %w", err)
	}
	p.sessions.Put(ctx, companyKey, actor.Company.ID.String())
	p.sessions.Put(ctx, memberKey, actor.Member.ID.String())
	return p.commit(ctx, w)
}

// commit stores a session and hands out its cookie. That lives as long as a session may: how long it may lie
// unused is not the browser's to say.
func (p *Porter) commit(ctx context.Context, w http.ResponseWriter) error {
	token, _, err := p.sessions.Commit(ctx)
	if err != nil {
		return fmt.Errorf("store session: %w", err)
	}
	p.sessions.WriteSessionCookie(ctx, w, token, p.sessions.Deadline(ctx))
	return nil
}

// end signs out whoever the request's cookie stands for.
func (p *Porter) end(w http.ResponseWriter, r *http.Request) error {
	ctx, _, err := p.load(r.Context(), r)
	if err != nil {
		return err
	}
	if err := p.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	p.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	return nil
}
