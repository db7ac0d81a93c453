package access_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/access"
	"renkei/intake"
)

func TestSignInThatFailsSaysTheSameWhateverIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.browser()
	known := at.refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "/auth/sign-in", credentials(email, wrongPassword))
	unknown := at.refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "/auth/sign-in", credentials("nobody@example.com", wrongPassword))
	require.Equal(t, known.raw, unknown.raw)
	require.Contains(t, known.raw, "正しくありません")
	require.Empty(t, at.cookies)
	at.headers["Accept-Language"] = "en"
	require.Contains(t, at.post(t, "/auth/sign-in", credentials(email, wrongPassword)).raw, "wrong")
}

func TestSignInTakesSmallJSONByPostAndNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.browser()
	for _, bad := range []string{"", "null x", "[]", `"c4nary"`, `{"email":1}`, `{"password":["c4nary"]}`, `{"email":"a"} {}`, `{"companyId":"c4nary"}`, "\xff"} {
		a := at.refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "/auth/sign-in", bad)
		require.NotContains(t, a.raw, "c4nary")
		require.Equal(t, []string{"no-store"}, a.Header.Values("Cache-Control"))
	}
	at.refused(t, http.StatusRequestEntityTooLarge, "BAD_USER_INPUT", "/auth/sign-in", credentials(email, strings.Repeat("x", 17<<10)))
	for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/jsonx", " "} {
		at.headers["Content-Type"] = kind
		at.refused(t, http.StatusUnsupportedMediaType, "BAD_USER_INPUT", "/auth/sign-in", credentials(email, goodPassword))
	}
	delete(at.headers, "Content-Type")
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		a := at.send(t, method, "/auth/sign-in", credentials(email, goodPassword))
		require.Equal(t, http.StatusNotFound, a.StatusCode, method)
	}
	at.refused(t, http.StatusNotFound, "NOT_FOUND", "/auth/elsewhere", "{}")
	require.Empty(t, at.cookies)
}

func TestSignInGivesACookieThatOpensGraphQL(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.browser()
	at.requireUnknown(t, http.StatusOK)
	a := at.post(t, "/auth/sign-in", credentials("TANAKA@example.com", goodPassword))
	require.Equal(t, http.StatusOK, a.StatusCode, a.raw)
	require.JSONEq(t, fmt.Sprintf(`{"company":{"id":%q,"name":"株式会社サンプル"},"member":{"id":%q,"name":"田中"},"roles":["ADMIN"]}`, b.company.ID, b.member.ID), a.raw)
	require.Contains(t, a.Header.Values("Cache-Control"), "no-store")
	set := a.Cookies()
	require.Len(t, set, 1)
	require.Equal(t, "__Host-renkei", set[0].Name)
	require.True(t, set[0].Secure)
	require.True(t, set[0].HttpOnly)
	require.Equal(t, "/", set[0].Path)
	require.Empty(t, set[0].Domain)
	require.Equal(t, http.SameSiteLaxMode, set[0].SameSite)
	require.InDelta(t, 7*24*3600, set[0].MaxAge, 60)
	at.requireKnown(t)
	require.Zero(t, b.number(t, "SELECT count(*) FROM sessions WHERE encode(token_hash, 'escape') LIKE $1 OR encode(data, 'escape') LIKE $1", "%"+at.cookie()+"%"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM sessions WHERE address = '192.0.2.1' AND user_agent = 'Browser/1.0'"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'SIGNED_IN' AND credential = 'SESSION' AND address = '192.0.2.1'"))
}

func TestOverPlainHTTPTheCookieIsAnOrdinaryOne(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *access.Options) { o.PublicURL.Scheme = "http" })
	at := b.browser()
	at.headers["Origin"] = "http://renkei.example.com"
	a := at.post(t, "/auth/sign-in", credentials(email, goodPassword))
	require.Equal(t, "renkei", a.Cookies()[0].Name)
	require.False(t, a.Cookies()[0].Secure)
	at.requireKnown(t)
}

func TestACookieOfSomebodyElsesMakingIsNeverTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.browser()
	fixed := &http.Cookie{Name: "__Host-renkei", Value: strings.Repeat("A", 43)}
	at.cookies[fixed.Name] = fixed
	at.requireUnknown(t, http.StatusUnauthorized)
	at.post(t, "/auth/sign-in", credentials(email, goodPassword))
	require.NotEqual(t, fixed.Value, at.cookie())
	at.requireKnown(t)

	// Nor does one session become another: whoever signs in again leaves the first behind.
	first := at.cookie()
	at.post(t, "/auth/sign-in", credentials(email, goodPassword))
	require.NotEqual(t, first, at.cookie())
	old := b.browser()
	old.cookies[fixed.Name] = &http.Cookie{Name: fixed.Name, Value: first}
	old.requireUnknown(t, http.StatusUnauthorized)
}

func TestACookieIsDeadAfterSigningOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at, elsewhere := b.signedIn(t), b.signedIn(t)
	replayed := at.cookies["__Host-renkei"]
	require.Equal(t, http.StatusOK, at.post(t, "/auth/sign-out", "{}").StatusCode)
	require.Empty(t, at.cookies)
	at.requireUnknown(t, http.StatusOK)
	at.cookies[replayed.Name] = replayed
	at.requireUnknown(t, http.StatusUnauthorized)
	at.refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "/auth/password", `{"current":"`+goodPassword+`","new":"`+nextPassword+`"}`)
	elsewhere.requireKnown(t)
	require.Equal(t, http.StatusOK, b.browser().post(t, "/auth/sign-out", "{}").StatusCode, "nobody may sign out too")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'SIGNED_OUT'"))
}

func TestASessionIsOverAtOnceWhenItsMemberIsDisabled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.signedIn(t)
	b.exec(t, "UPDATE members SET disabled_at = now()")
	at.requireUnknown(t, http.StatusUnauthorized)
	at.refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "/auth/sign-in", credentials(email, goodPassword))
}

func TestChangedRolesGiveTheSessionAnotherCookieAndThrowNobodyOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.signedIn(t)
	before := at.cookies["__Host-renkei"]
	b.exec(t, "UPDATE members SET roles = '{COORDINATOR}', revision = revision + 1")
	// A page asks for many things at once.
	var known atomic.Int64
	var twins sync.WaitGroup
	var renewed sync.Map
	for range 10 {
		one := b.browser()
		one.cookies[before.Name] = before
		twins.Go(func() {
			if a := one.post(t, "/graphql", whoAmI); a.StatusCode == http.StatusOK && strings.Contains(a.raw, "COORDINATOR") {
				known.Add(1)
			}
			if one.cookie() != before.Value {
				renewed.Store(one.cookie(), true)
			}
		})
	}
	twins.Wait()
	require.EqualValues(t, 10, known.Load())
	n := 0
	renewed.Range(func(cookie, _ any) bool {
		n++
		at.cookies[before.Name] = &http.Cookie{Name: before.Name, Value: cookie.(string)}
		return true
	})
	require.Equal(t, 1, n)
	b.exec(t, "UPDATE sessions SET renewed_at = now() - interval '1 minute'")
	at.requireKnown(t)
	at.cookies[before.Name] = before
	at.requireUnknown(t, http.StatusUnauthorized)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM sessions"))
}

func TestTooManyTriesAreToldWhenToComeAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var slow, wrong atomic.Int64
	var tries sync.WaitGroup
	for i := range 60 {
		at := b.browser()
		at.from = fmt.Sprintf("198.51.100.%d:1", i)
		tries.Go(func() {
			a := at.post(t, "/auth/sign-in", credentials(email, wrongPassword))
			after, _ := strconv.Atoi(a.Header.Get("Retry-After"))
			switch {
			case a.StatusCode == http.StatusTooManyRequests && after > 0 && after <= 900 && a.code(t) == "RATE_LIMITED":
				slow.Add(1)
			case a.StatusCode == http.StatusUnauthorized:
				wrong.Add(1)
			}
		})
	}
	tries.Wait()
	require.EqualValues(t, 5, wrong.Load())
	require.EqualValues(t, 55, slow.Load())
}

func TestAnInvitationIsLookedAtAcceptedAndSpent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, "UPDATE members SET password_hash = NULL, joined_at = NULL")
	b.makeLink(t, "INVITATION", "c4nary-link")
	at := b.browser()
	at.refused(t, http.StatusNotFound, "NOT_FOUND", "/auth/invitation/look", `{"secret":"c4nary-other"}`)
	look := at.post(t, "/auth/invitation/look", `{"secret":"c4nary-link"}`)
	require.JSONEq(t, `{"company":{"name":"株式会社サンプル"},"member":{"name":"田中","email":"tanaka@example.com"}}`, look.raw)
	weak := at.refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "/auth/invitation", `{"secret":"c4nary-link","password":"password"}`)
	require.Contains(t, weak.raw, `"field":["password"]`)
	at.refused(t, http.StatusNotFound, "NOT_FOUND", "/auth/password-reset", `{"secret":"c4nary-link","password":"`+goodPassword+`"}`)
	require.Equal(t, http.StatusOK, at.post(t, "/auth/invitation", `{"secret":"c4nary-link","password":"`+goodPassword+`"}`).StatusCode)
	at.requireKnown(t)
	at.refused(t, http.StatusNotFound, "NOT_FOUND", "/auth/invitation", `{"secret":"c4nary-link","password":"`+nextPassword+`"}`)
	at.refused(t, http.StatusNotFound, "NOT_FOUND", "/auth/invitation/look", `{"secret":"c4nary-link"}`)
	b.signedIn(t).requireKnown(t)
}

func TestAResetByLinkSignsInHereAndOutEverywhereElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	elsewhere, at := b.signedIn(t), b.browser()
	b.makeLink(t, "PASSWORD_RESET", "c4nary-link")
	require.Equal(t, http.StatusOK, at.post(t, "/auth/password-reset", `{"secret":"c4nary-link","password":"`+nextPassword+`"}`).StatusCode)
	at.requireKnown(t)
	elsewhere.requireUnknown(t, http.StatusUnauthorized)
	at.refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", "/auth/sign-in", credentials(email, goodPassword))
}

func TestAChangedPasswordKeepsThisSessionUnderAnotherCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at, elsewhere := b.signedIn(t), b.signedIn(t)
	before := at.cookies["__Host-renkei"]
	wrong := at.refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "/auth/password", `{"current":"`+wrongPassword+`","new":"`+nextPassword+`"}`)
	require.Contains(t, wrong.raw, `"field":["current"]`)
	require.Equal(t, http.StatusOK, at.post(t, "/auth/password", `{"current":"`+goodPassword+`","new":"`+nextPassword+`"}`).StatusCode)
	at.requireKnown(t)
	require.NotEqual(t, before.Value, at.cookie())
	elsewhere.requireUnknown(t, http.StatusUnauthorized)
	at.cookies[before.Name] = before
	at.requireUnknown(t, http.StatusUnauthorized)
}

func TestSessionsAreListedAndEndedByGraphQL(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at, elsewhere := b.signedIn(t), b.signedIn(t)
	list := at.post(t, "/graphql", `{"query":"{ viewer { sessions { id createdAt lastSeenAt address userAgent current } } }"}`).raw
	require.Equal(t, 1, strings.Count(list, `"current":true`))
	require.Equal(t, 1, strings.Count(list, `"current":false`))
	require.Equal(t, 2, strings.Count(list, `"address":"192.0.2.1","userAgent":"Browser/1.0"`))
	require.JSONEq(t, `{"data":{"endOtherSessions":{"endedCount":1,"errors":[]}}}`,
		at.post(t, "/graphql", `{"query":"mutation { endOtherSessions { endedCount errors { code } } }"}`).raw)
	elsewhere.requireUnknown(t, http.StatusUnauthorized)
	var id string
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id::text FROM sessions WHERE ended_at IS NULL").Scan(&id))
	end := `{"query":"mutation { endSession(id: \"` + id + `\") { sessionId errors { code } } }"}`
	require.JSONEq(t, `{"data":{"endSession":{"sessionId":"`+id+`","errors":[]}}}`, at.post(t, "/graphql", end).raw)
	at.requireUnknown(t, http.StatusUnauthorized)
	token, err := b.service.CreateToken(t.Context(), intake.NewToken{CompanyID: b.company.ID, MemberID: b.member.ID, Name: "CI", Expires: time.Hour})
	require.NoError(t, err)
	at.headers["Authorization"] = "Bearer " + token
	require.JSONEq(t, `{"data":{"endSession":{"sessionId":null,"errors":[{"code":"NOT_FOUND"}]}}}`, at.post(t, "/graphql", end).raw)
}

func TestATokenCountsBeforeACookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.signedIn(t)
	at.headers["Authorization"] = "Bearer renkei_nobody"
	at.requireUnknown(t, http.StatusUnauthorized)
	token, err := b.service.CreateToken(t.Context(), intake.NewToken{
		CompanyID: b.company.ID, MemberID: b.join(t, b.company.ID, "bot@example.com").ID, Name: "CI", Expires: time.Hour,
	})
	require.NoError(t, err)
	at.headers["Authorization"] = "Bearer " + token
	require.Contains(t, at.post(t, "/graphql", whoAmI).raw, "bot@example.com")
}

func TestMethodsSayWhatThereIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.browser().send(t, http.MethodGet, "/auth/methods", "")
	require.JSONEq(t, `{"password":true,"oidc":null}`, a.raw)
	for _, path := range []string{"/auth/oidc/start", "/auth/oidc/callback?code=x&state=y"} {
		require.Equal(t, http.StatusNotFound, b.browser().send(t, http.MethodGet, path, "").StatusCode, path)
	}
}
