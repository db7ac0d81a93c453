package wantedly_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

func TestNoPasswordIsSentWhereItIsNotPermitted(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: 5})
	replaced := errors.New("replaced")
	login := intake.Login{Credentials: credentials("ok@acme.example"), Permit: func(context.Context) error { return replaced }}
	h := read(t.Context(), b.client, login, everything())
	require.ErrorIs(t, h.err, replaced)
	require.Zero(t, b.sim.Journal("ok@acme.example").SignIns)

	login.Permit = func(context.Context) error { return nil }
	h = read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	require.Equal(t, 1, b.sim.Journal("ok@acme.example").SignIns)
}

func TestTokenIsFoundHoweverItStands(t *testing.T) {
	t.Parallel()
	for name, meta := range map[string]string{
		"name first":    `<meta name="csrf-token" content="a+b/c&amp;d==">`,
		"content first": `<meta content="a+b/c&amp;d==" name="csrf-token" />`,
		"single quotes": `<meta name='csrf-token' content='a+b/c&amp;d=='>`,
		"no quotes":     `<meta name=csrf-token content=a+b/c&amp;d== >`,
		"entities":      `<meta name="csrf&#45;token" content="a&#43;b&#x2F;c&amp;d&#61;=">`,
		"upper case":    `<META NAME="CSRF-Token" CONTENT="a+b/c&amp;d==">`,
		"over lines":    "<meta\n\tcontent=\"a+b/c&amp;d==\"\n\tdata-x\n\tname=\"csrf-token\"\n>",
		"in a comment":  `<!-- <meta name="csrf-token" content="old"> --><meta name="csrf-token" content="a+b/c&amp;d==">`,
		"in a script":   `<script>'<meta name="csrf-token" content="old">'</script><meta name="csrf-token" content="a+b/c&amp;d==">`,
		"empty first":   `<meta name="csrf-token" content=""><meta name="csrf-token" content="a+b/c&amp;d==">`,
		"attribute twice": `<meta name="csrf-token" name="x" content="a+b/c&amp;d==" content="y">` +
			`<meta name="csrf-param" content="authenticity_token">`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 0)
			s.page = func(w http.ResponseWriter, _ *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "_huntr_session_production", Value: "anonymous", Path: "/", Secure: true})
				s.html(w, "<!doctype html><html><head>"+meta+"</head></html>")
			}
			s.password = func(w http.ResponseWriter, r *http.Request) {
				cookie, err := r.Cookie("_huntr_session_production")
				if err != nil || cookie.Value != "anonymous" || r.PostFormValue("authenticity_token") != "a+b/c&d==" ||
					r.PostFormValue("user[email]") != "ok@acme.example" || r.PostFormValue("user[password]") != "password" ||
					r.Header.Get("Origin") != url || r.Referer() != url+"/signin_or_signup" ||
					!strings.HasPrefix(r.UserAgent(), "renkei") {
					w.WriteHeader(http.StatusUnprocessableEntity)
					return
				}
				s.letIn(w, r)
			}
			_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
			require.NoError(t, err)
			require.Equal(t, 1, s.asked()["password"])
		})
	}
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func TestAnswersToAPassword(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		password http.HandlerFunc
		landing  http.HandlerFunc
		want     intake.FailureReason // "" is success
		tries    int
	}{
		"401":                           {password: answer(401, ""), want: intake.FailureInvalidCredentials, tries: 1},
		"the form again":                {password: answer(200, plainForm), want: intake.FailureInvalidCredentials, tries: 1},
		"the form with 422":             {password: answer(422, plainForm), want: intake.FailureInvalidCredentials, tries: 1},
		"the form with 401":             {password: answer(401, plainForm), want: intake.FailureInvalidCredentials, tries: 1},
		"a redirect to the form":        {password: redirect("/signin_or_signup?alert=1"), want: intake.FailureInvalidCredentials, tries: 1},
		"a redirect to sign_in":         {password: redirect("/users/sign_in"), want: intake.FailureInvalidCredentials, tries: 1},
		"a redirect to a page with it":  {password: redirect("/hello"), landing: answer(200, plainForm), want: intake.FailureInvalidCredentials, tries: 1},
		"two redirects to the form":     {password: redirect("/hello"), landing: redirect("/signin_or_signup"), want: intake.FailureInvalidCredentials, tries: 1},
		"422 without the form":          {password: answer(422, "rejected"), want: intake.FailureUnexpectedResponse, tries: 2},
		"a second step":                 {password: redirect("/user/two_factor_authentication"), want: intake.FailureTwoFactorRequired, tries: 1},
		"a second step under sign_in":   {password: redirect("/users/sign_in/verification"), want: intake.FailureTwoFactorRequired, tries: 1},
		"a challenge behind a redirect": {password: redirect("/hello"), landing: redirect("/challenge/1"), want: intake.FailureTwoFactorRequired, tries: 1},
		"a lock":                        {password: redirect("/account_locked"), want: intake.FailureAccountLocked, tries: 1},
		"423":                           {password: answer(423, ""), want: intake.FailureAccountLocked, tries: 1},
		"another host":                  {password: redirect("http://elsewhere.example/home"), want: intake.FailureUnexpectedResponse, tries: 1},
		"another host in the end":       {password: redirect("/hello"), landing: redirect("//elsewhere.example/"), want: intake.FailureUnexpectedResponse, tries: 1},
		"another scheme":                {password: redirect("ftp://127.0.0.1/"), want: intake.FailureUnexpectedResponse, tries: 1},
		"a redirect to nowhere":         {password: redirect("http://[::1"), want: intake.FailureUnexpectedResponse, tries: 1},
		"a redirect without end":        {password: redirect("/a"), landing: redirect("/a"), want: intake.FailureUnexpectedResponse, tries: 1},
		"a page that is no form":        {password: answer(200, "<p>…</p>"), want: intake.FailureUnexpectedResponse, tries: 1},
		"403":                           {password: answer(403, ""), want: intake.FailureUnexpectedResponse, tries: 1},
		"500":                           {password: answer(500, ""), want: intake.FailureMediumUnavailable, tries: 1},
		"502":                           {password: answer(502, ""), want: intake.FailureMediumUnavailable, tries: 1},
		"503":                           {password: answer(503, ""), want: intake.FailureMediumUnavailable, tries: 4},
		"429":                           {password: answer(429, ""), want: intake.FailureRateLimited, tries: 1},
		"a home that is not there":      {password: redirect("/hello"), landing: answer(404, "<p>not found</p>"), tries: 1},
		"a home for designers":          {password: redirect("/designing/unlocked"), tries: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 3)
			s.password = tc.password
			if tc.landing != nil {
				s.landing = tc.landing
			}
			_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				requireReason(t, tc.want, err)
			}
			require.Equal(t, tc.tries, s.asked()["password"])
		})
	}
}

func TestPasswordIsNotSentAgainWhenTheConnectionBreaks(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	s.password = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
	requireReason(t, intake.FailureMediumUnavailable, err)
	require.Equal(t, 1, s.asked()["password"])
}

func TestRefusedTokenIsFetchedAnew(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	var tries atomic.Int32
	s.password = func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) == 1 {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		s.letIn(w, r)
	}
	_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
	require.NoError(t, err)
	require.Equal(t, 2, s.asked()["page"])
}

func TestSignInPageThatIsNone(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]http.HandlerFunc{
		"no token":       answer(200, "<html></html>"),
		"not HTML":       answer(200, `{"csrf-token":"x"}`),
		"404":            answer(404, plainForm),
		"another host":   redirect("https://id.elsewhere.example/signin"),
		"a 50 MB page":   flood,
		"a cut-off page": func(w http.ResponseWriter, _ *http.Request) { cutOff(w, "<html>") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 3)
			s.page = page
			_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
			requireReason(t, intake.FailureUnexpectedResponse, err)
			require.Zero(t, s.asked()["password"])
		})
	}
}

func TestSignInPageBehindARedirect(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	s.page = redirect("/users/sign_in?locale=ja")
	s.landing = answer(200, plainForm)
	s.password = func(w http.ResponseWriter, r *http.Request) {
		s.landing = answer(200, "<p>home</p>")
		s.letIn(w, r)
	}
	_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
	require.NoError(t, err)
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	_, err := newClient(t, wantedly.Config{BaseURL: srv.URL}).Verify(t.Context(), credentials("ok@acme.example"))
	requireReason(t, intake.FailureMediumUnavailable, err)
}

func TestPathsOfASignIn(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/signin_or_signup", "/user/sign_in", "/users/sign-in", "/ja/SignIn", "/login"} {
		require.True(t, wantedly.IsSignInPath(path), path)
	}
	for _, path := range []string{"/", "/enterprise", "/designing", "/assigning/1", "/signup", "/catalogins"} {
		require.False(t, wantedly.IsSignInPath(path), path)
	}
	for _, path := range []string{"/blocked", "/unlocked", "/enterprise", "/factor"} {
		require.NoError(t, wantedly.Hurdle(path), path)
	}
	requireReason(t, intake.FailureAccountLocked, wantedly.Hurdle("/user/locked"))
	requireReason(t, intake.FailureTwoFactorRequired, wantedly.Hurdle("/reCAPTCHA"))
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for _, cfg := range []wantedly.Config{
		{},
		{BaseURL: "wantedly.com"},
		{BaseURL: "ftp://wantedly.com"},
		{BaseURL: "https://a:b@wantedly.com"},
		{BaseURL: "https://wantedly.com?x=1"},
		{BaseURL: "https://x", Rate: -1},
		{BaseURL: "https://x", UserAgent: "a\r\nb"},
		{BaseURL: "https://x", Contact: "連絡先"},
	} {
		_, err := wantedly.New(cfg)
		require.Error(t, err)
	}
}
