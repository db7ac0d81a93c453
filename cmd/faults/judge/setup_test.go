package judge_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var tokenIn = regexp.MustCompile(`csrf-token" content="([^"]+)"`)

// signIn signs in as an account of the medium's and looks at tickets.
func signIn(t *testing.T, site, email string, numbers ...int) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	read := func(resp *http.Response, err error) string {
		require.NoError(t, err)
		defer resp.Body.Close() //nolint:errcheck // read whole
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s", body)
		return string(body)
	}
	form := read(browser.Get(site + "/signin_or_signup")) //nolint:bodyclose // read does
	token := html.UnescapeString(tokenIn.FindStringSubmatch(form)[1])
	read(browser.PostForm(site+"/user/sign_in", url.Values{"authenticity_token": {token}, "user[email]": {email}, "user[password]": {"password"}})) //nolint:bodyclose // read does
	for _, number := range numbers {
		read(browser.Get(fmt.Sprintf("%s/api/internal/enterprise/tickets/%d", site, number))) //nolint:bodyclose // read does
	}
}
