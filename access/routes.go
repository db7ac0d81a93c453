package access

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"renkei/intake"
)

// answerWithin is how long somebody waits, most of it for the turn of a password's hashing.
const answerWithin = 20 * time.Second

func (p *Porter) routes() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(http.ResponseWriter, *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
			defer cancel()
			r = r.WithContext(ctx)
			if err := f(w, r); err != nil {
				p.refuse(w, r, err)
			}
		})
	}
	handle("POST /auth/sign-in", p.signIn)
	handle("POST /auth/sign-out", p.signOut)
	handle("POST /auth/invitation/look", p.lookAtInvitation)
	handle("POST /auth/invitation", p.acceptInvitation)
	handle("POST /auth/password-reset", p.resetPassword)
	handle("POST /auth/password", p.changePassword)
	handle("GET "+invitationPage, p.showPage)
	handle("GET "+passwordResetPage, p.showPage)
	handle("GET /auth/methods", p.methods)
	handle("GET /auth/oidc/start", p.startOIDC)
	handle("GET /auth/oidc/callback", p.finishOIDC)
	handle("/auth/", func(http.ResponseWriter, *http.Request) error { return errNoSuchPlace })
	return mux
}

func (p *Porter) signIn(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email     string     `json:"email"`
		Password  string     `json:"password"`
		CompanyID *uuid.UUID `json:"companyId"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	actor, err := p.service.SignIn(r.Context(), in.Email, intake.NewSecret(in.Password), in.CompanyID, p.Address(r))
	if err != nil {
		return err
	}
	return p.welcome(w, r, actor)
}

// welcome begins a session and says whose it is.
func (p *Porter) welcome(w http.ResponseWriter, r *http.Request, actor intake.Actor) error {
	if err := p.begin(w, r, actor); err != nil {
		return err
	}
	write(w, http.StatusOK, whoOf(actor))
	return nil
}

// who says who is signed in.
type who struct {
	Company named         `json:"company"`
	Member  named         `json:"member"`
	Roles   []intake.Role `json:"roles"`
}

type named struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

func whoOf(a intake.Actor) who {
	return who{Company: named(a.Company), Member: named{a.Member.ID, a.Member.Name}, Roles: a.Member.Roles}
}

func (p *Porter) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := read(w, r, &struct{}{}); err != nil {
		return err
	}
	if err := p.end(w, r); err != nil {
		return err
	}
	write(w, http.StatusOK, struct{}{})
	return nil
}

func (p *Porter) lookAtInvitation(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Secret string `json:"secret"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	invitation, err := p.service.LookAtInvitation(r.Context(), intake.NewSecret(in.Secret), p.Address(r))
	if err != nil {
		return err
	}
	type person struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	write(w, http.StatusOK, struct {
		Company struct {
			Name string `json:"name"`
		} `json:"company"`
		Member person `json:"member"`
	}{
		Company: struct {
			Name string `json:"name"`
		}{invitation.Company},
		Member: person{invitation.Name, invitation.Email},
	})
	return nil
}

// secretAndPassword is what one sends with a one-time link.
type secretAndPassword struct {
	Secret   string `json:"secret"`
	Password string `json:"password"`
}

func (p *Porter) acceptInvitation(w http.ResponseWriter, r *http.Request) error {
	var in secretAndPassword
	if err := read(w, r, &in); err != nil {
		return err
	}
	actor, err := p.service.AcceptInvitation(r.Context(), intake.NewSecret(in.Secret), intake.NewSecret(in.Password), p.Address(r))
	if err != nil {
		return err
	}
	return p.welcome(w, r, actor)
}

func (p *Porter) resetPassword(w http.ResponseWriter, r *http.Request) error {
	var in secretAndPassword
	if err := read(w, r, &in); err != nil {
		return err
	}
	actor, err := p.service.ResetPassword(r.Context(), intake.NewSecret(in.Secret), intake.NewSecret(in.Password), p.Address(r))
	if err != nil {
		return err
	}
	return p.welcome(w, r, actor)
}

func (p *Porter) changePassword(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	ctx, v, err := p.load(r.Context(), r)
	if err != nil {
		return err
	}
	if v.found.TokenHash == nil {
		return intake.ErrUnauthenticated
	}
	if err := p.service.ChangePassword(ctx, v.found.Actor, intake.NewSecret(in.Current), intake.NewSecret(in.New)); err != nil {
		return err
	}
	if err := p.renew(ctx, w, v); err != nil {
		return err
	}
	write(w, http.StatusOK, whoOf(v.found.Actor))
	return nil
}

func (p *Porter) methods(w http.ResponseWriter, _ *http.Request) error {
	type provider struct {
		Issuer string `json:"issuer"`
		Start  string `json:"start"`
	}
	answer := struct {
		Password bool      `json:"password"`
		OIDC     *provider `json:"oidc"`
	}{Password: true}
	if p.provider.signsIn() {
		answer.OIDC = &provider{Issuer: p.options.OIDC.Issuer, Start: "/auth/oidc/start"}
	}
	write(w, http.StatusOK, answer)
	return nil
}

var errNoSuchPlace = errors.New("there is nothing here")
