package wantedly

import (
	"context"
	"net/http"
	"net/url"

	"renkei/intake"
)

const (
	formPath   = "/signin_or_signup"
	signInPath = "/user/sign_in"

	emailName    = "user[email]"
	passwordName = "user[password]"
	tokenName    = "authenticity_token"
)

// signIn replaces the session of the visit. A password that was looked at is not sent again.
func (v *visit) signIn(ctx context.Context) (err error) {
	defer func() { v.client.signedIn(err) }()
	const tokens = 2
	v.alive = false
	for range tokens {
		r, err := v.sendPassword(ctx)
		if err != nil {
			return err
		}
		if tokenRefused(r) {
			continue
		}
		if err := v.judge(ctx, r); err != nil {
			return err
		}
		v.fresh, v.alive = true, true
		return nil
	}
	return unexpected("the token of the sign-in page was refused")
}

// tokenRefused reports whether the password was not looked at. A 422 that shows the form again is
// how newer Rails applications refuse a password.
func tokenRefused(r *reply) bool {
	return r.status == http.StatusUnprocessableEntity && !readPage(r).signInForm
}

func (v *visit) sendPassword(ctx context.Context) (*reply, error) {
	form, err := v.openForm(ctx)
	if err != nil {
		return nil, err
	}
	if form.status != http.StatusOK {
		return nil, unexpected("the sign-in page: status %d", form.status)
	}
	page := readPage(form)
	if page.token == "" {
		return nil, sampled(unexpected("the sign-in page has no token"), shapeOfForm(page.form))
	}
	return v.postPassword(ctx, form, page.token)
}

// openForm gets the sign-in page, as somebody who has never been there.
func (v *visit) openForm(ctx context.Context) (*reply, error) {
	v.courier.jar = v.client.newJar()
	form, err := v.fetch(ctx, v.at(formPath), acceptPage, hurdle)
	if err == nil {
		v.look.SignIn = readPage(form).form
	}
	return form, err
}

func (v *visit) postPassword(ctx context.Context, form *reply, token string) (*reply, error) {
	if v.permit != nil {
		if err := v.permit(ctx); err != nil {
			return nil, err
		}
	}
	return v.post(ctx, v.at(signInPath), form.url, url.Values{
		emailName:    {v.creds.Email},
		passwordName: {v.creds.Password.Reveal()},
		tokenName:    {token},
	})
}

// judge says what the answer to a password means.
func (v *visit) judge(ctx context.Context, r *reply) error {
	switch {
	case r.redirects():
		return v.land(ctx, r)
	case r.status == http.StatusUnauthorized:
		return refused()
	case r.status == http.StatusLocked:
		return fail(intake.FailureAccountLocked, "status 423")
	}
	if p := readPage(r); p.signInForm || r.status == http.StatusOK && p.token != "" {
		return refused()
	}
	return unexpected("the answer to the password: status %d", r.status)
}

// land follows the redirect after a password: away from the sign-in pages is a success.
func (v *visit) land(ctx context.Context, r *reply) error {
	u, err := v.target(r)
	if err != nil {
		return err
	}
	var verdict error
	may := func(path string) error {
		verdict = onlyAway(path)
		return verdict
	}
	if err := may(u.Path); err != nil {
		return err
	}
	page, err := v.fetch(ctx, u, acceptPage, may)
	switch {
	case verdict != nil:
		return verdict
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return v.landedNowhere(err)
	case page.status == http.StatusOK && readPage(page).passwordField:
		return refused()
	}
	return nil
}

// landedNowhere forgives a page behind the sign-in that does not come: whether there is a session
// the hiring API will tell.
func (v *visit) landedNowhere(err error) error {
	se, ok := intake.AsSourceError(err)
	if ok && se.Reason == intake.FailureUnexpectedResponse && !unreadable(err) {
		return err
	}
	v.client.log.Debug().Err(err).Msg("wantedly: no page behind the sign-in")
	return nil
}

// onlyAway says what a redirect after a password means.
func onlyAway(path string) error {
	if err := hurdle(path); err != nil {
		return err
	}
	if isSignInPath(path) {
		return refused()
	}
	return nil
}

func refused() error {
	return fail(intake.FailureInvalidCredentials, "the e-mail address or the password was refused")
}
