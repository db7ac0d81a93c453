package wantedly

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"

	"renkei/intake"
)

func newCookieJar() http.CookieJar {
	// Without options New has nothing to fail at; and only one host is ever asked, so that no
	// list of public suffixes is needed.
	jar, _ := cookiejar.New(nil)
	return jar
}

// SetCookies implements http.CookieJar.
func (j lenientJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Secure = false
	}
	j.CookieJar.SetCookies(u, cookies)
}

// session is what the next visit needs: the cookies, by name. It is empty when it is over.
func (v *visit) session() intake.Secret {
	if !v.alive {
		return intake.Secret{}
	}
	cookies := map[string]string{}
	for _, c := range v.courier.jar.Cookies(v.at(listPath)) {
		cookies[c.Name] = c.Value
	}
	if len(cookies) == 0 {
		return intake.Secret{}
	}
	// A map of strings always encodes.
	b, _ := json.Marshal(cookies)
	return intake.NewSecret(string(b))
}

// resume takes up an earlier session; it reports whether there was one.
func (v *visit) resume(session intake.Secret) bool {
	var cookies map[string]string
	if session.IsZero() || json.Unmarshal([]byte(session.Reveal()), &cookies) != nil || len(cookies) == 0 {
		return false
	}
	list := make([]*http.Cookie, 0, len(cookies))
	for name, value := range cookies {
		list = append(list, &http.Cookie{Name: name, Value: value, Path: "/"}) //nolint:gosec // it never meets a browser
	}
	v.courier.jar.SetCookies(v.client.base, list)
	v.alive = true
	return true
}
