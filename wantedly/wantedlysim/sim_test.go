package wantedlysim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"renkei/wantedly/wantedlysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type testBundle struct {
	sim  *wantedlysim.Server
	url  string
	http *http.Client
}

func setup(t *testing.T, opts wantedlysim.Options) testBundle {
	t.Helper()
	sim := wantedlysim.New(opts)
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{
		Transport: &http.Transport{}, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	return testBundle{sim: sim, url: srv.URL, http: client}
}

func (b testBundle) do(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(t, err)
	if method == http.MethodPost && !strings.HasPrefix(path, "/_control") {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.http.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(answer)
}

func (b testBundle) get(t *testing.T, path string, into any) int {
	t.Helper()
	status, body := b.do(t, http.MethodGet, path, "")
	if into != nil {
		require.NoError(t, json.Unmarshal([]byte(body), into), body)
	}
	return status
}

var tokenPattern = regexp.MustCompile(`<meta name="csrf-token" content="([^"]*)" />`)

func (b testBundle) signIn(t *testing.T, email, password string) int {
	t.Helper()
	_, page := b.do(t, http.MethodGet, "/signin_or_signup", "")
	m := tokenPattern.FindStringSubmatch(page)
	require.Len(t, m, 2)
	form := url.Values{"user[email]": {email}, "user[password]": {password}, "authenticity_token": {html.UnescapeString(m[1])}}
	status, _ := b.do(t, http.MethodPost, "/user/sign_in", form.Encode())
	return status
}

type listing struct {
	Data struct {
		Tickets []struct {
			Number int
			State  string
		}
	}
}

const listPath = "/api/internal/enterprise/tickets?sort_type=number_reverse"

func (b testBundle) numbers(t *testing.T, query string) string {
	t.Helper()
	var l listing
	require.Equal(t, http.StatusOK, b.get(t, listPath+query, &l))
	numbers := []int{}
	for _, ticket := range l.Data.Tickets {
		numbers = append(numbers, ticket.Number)
	}
	return strings.Trim(fmt.Sprint(numbers), "[]")
}

func TestSignInNeedsTokenAndCookie(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{})
	form := url.Values{"user[email]": {"ok@a.example"}, "user[password]": {"password"}, "authenticity_token": {"x"}}
	status, _ := b.do(t, http.MethodPost, "/user/sign_in", form.Encode())
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, http.StatusUnauthorized, b.get(t, listPath, nil))
	require.Equal(t, http.StatusFound, b.get(t, "/enterprise", nil))

	require.Equal(t, http.StatusUnauthorized, b.signIn(t, "ok@a.example", "wrong"))
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@a.example", "password"))
	require.Equal(t, http.StatusOK, b.get(t, "/enterprise", nil))
	require.Equal(t, http.StatusOK, b.get(t, "/enterprise/tickets/3", nil))
	j := b.sim.Journal("ok@a.example")
	require.Equal(t, []int{1, 1, 1}, []int{j.SignIns, j.Refused, j.BadTokens})
}

func TestListing(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Tickets: 5, PageSize: 2})
	b.signIn(t, "ok@a.example", "password")
	require.Equal(t, "5 4", b.numbers(t, ""))
	require.Equal(t, "3 2", b.numbers(t, "&page=2"))
	require.Equal(t, "1", b.numbers(t, "&page=3"))
	require.Empty(t, b.numbers(t, "&page=4"))
	require.True(t, b.sim.HandleTicket("a.example", 4))
	require.Equal(t, "5 3", b.numbers(t, "&state=pending"))
	require.Equal(t, "2 1", b.numbers(t, "&state=pending&page=2"))
	require.Equal(t, "5 4", b.numbers(t, ""))
}

func TestAccountsOfADomainSeeTheSame(t *testing.T) {
	t.Parallel()
	one, two := wantedlysim.New(wantedlysim.Options{}), wantedlysim.New(wantedlysim.Options{})
	require.Equal(t, names(one.Tickets("a.example", 1, 0)), names(two.Tickets("a.example", 1, 0)), "made up the same each time")
	require.NotEqual(t, names(one.Tickets("a.example", 1, 0)), names(one.Tickets("b.example", 1, 0)))
	tickets := one.Tickets("a.example", 1, 0)
	people := map[int]bool{}
	for i, ticket := range tickets {
		people[ticket.PersonID] = true
		if i > 0 {
			require.True(t, ticket.At.After(tickets[i-1].At))
		}
	}
	require.Len(t, people, 20, "four apply twice")
	require.Less(t, time.Since(tickets[0].At), 26*24*time.Hour)
}

func names(tickets []wantedlysim.TicketInfo) []string {
	var list []string
	for _, t := range tickets {
		list = append(list, t.Name+t.Position)
	}
	return list
}

func TestTicketsArriveOverTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	sim := wantedlysim.New(wantedlysim.Options{Now: func() time.Time { return now }})
	require.Len(t, sim.Tickets("a.example", 1, 0), 24)
	sim.SetArrivalEvery("", time.Minute)
	now = now.Add(150 * time.Second)
	require.Len(t, sim.Tickets("a.example", 1, 0), 26)
	sim.SetArrivalEvery("a.example", 0)
	now = now.Add(time.Hour)
	require.Len(t, sim.Tickets("a.example", 1, 0), 26)
	require.Len(t, sim.Tickets("b.example", 25, 0), 62, "a company that comes later has the rate too")
}

func TestControl(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Control: true, Tickets: 3})
	order := func(path, body string, want int) string {
		t.Helper()
		status, answer := b.do(t, http.MethodPost, "/_control"+path, body)
		require.Equal(t, want, status, answer)
		return answer
	}
	require.JSONEq(t, `{"numbers":[4,5]}`, order("/tickets", `{"domain":"a.example","position":"新職種","name":"山田 花子","kind":"SCOUT_REPLIED","count":2}`, 200))
	order("/tickets", `{"domain":"a.example","kind":"x"}`, 400)
	order("/tickets", `{"domain":"a.example","surprise":1}`, 400)
	order("/postings/rename", `{"domain":"a.example","from":"新職種","to":"別の職種"}`, 200)
	order("/postings/rename", `{"domain":"a.example","from":"ない職種","to":"x"}`, 404)
	order("/tickets/handle", `{"domain":"a.example","number":5}`, 200)
	order("/tickets/handle", `{"domain":"a.example","number":50}`, 404)
	var all struct{ Tickets []wantedlysim.TicketInfo }
	b.get(t, "/_control/tickets?domain=a.example&from=5", &all)
	require.Len(t, all.Tickets, 1)
	require.Equal(t, "別の職種", all.Tickets[0].Position)
	require.Equal(t, "山田 花子", all.Tickets[0].Name)
	require.True(t, all.Tickets[0].Handled)
	require.Equal(t, "SCOUT_REPLIED", all.Tickets[0].Kind)

	order("/accounts", `{"email":"ok@a.example","password":"other","persona":"noperm"}`, 200)
	require.Equal(t, http.StatusUnauthorized, b.signIn(t, "ok@a.example", "password"))
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@a.example", "other"))
	require.Equal(t, http.StatusForbidden, b.get(t, listPath, nil))
	require.JSONEq(t, `{"expired":1}`, order("/sessions/expire", `{"email":"ok@a.example"}`, 200))
	order("/site", `{"signedOut":"redirect","token":false,"listingKept":true}`, 200)
	require.Equal(t, http.StatusFound, b.get(t, listPath, nil))
	_, page := b.do(t, http.MethodGet, "/signin_or_signup", "")
	require.NotContains(t, page, "csrf-token")
	order("/site", `{"refusal":"x"}`, 400)
	order("/latency", `{"email":"ok@a.example","delay":"1ms"}`, 200)
	order("/latency", `{}`, 400)
	order("/arrivals", `{"every":"1h"}`, 200)
	var j wantedlysim.Journal
	b.get(t, "/_control/journal?email=ok@a.example", &j)
	require.Equal(t, []int{1, 1, 1}, []int{j.SignIns, j.Refused, j.Lists})
	b.do(t, http.MethodDelete, "/_control/journal?email=ok@a.example", "")
	require.Zero(t, b.sim.Journal("ok@a.example").SignIns)
}

func TestControlIsOffByDefault(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{})
	require.Equal(t, http.StatusNotFound, b.get(t, "/_control/journal?email=ok@a.example", nil))
}

func TestProfilesAndPostings(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{})
	b.signIn(t, "ok@a.example", "password")
	var ticket struct {
		Data struct {
			Number     int
			Created_at time.Time //nolint:revive // the site's name
			Candidate  struct{ ID int }
			Candidacy  struct{ ID int }
		}
	}
	require.Equal(t, http.StatusOK, b.get(t, "/api/internal/enterprise/tickets/3", &ticket))
	require.Equal(t, 3, ticket.Data.Number)
	require.False(t, ticket.Data.Created_at.IsZero())
	path := fmt.Sprintf("/api/internal/enterprise/users/%d", ticket.Data.Candidate.ID)
	_, body := b.do(t, http.MethodGet, fmt.Sprintf("%s?candidacy_id=%d", path, ticket.Data.Candidacy.ID), "")
	for _, word := range []string{`"name"`, `"age"`, "mail.invalid", "秘密のメッセージ", "skill_taggings"} {
		require.Contains(t, body, word)
	}
	require.Equal(t, http.StatusOK, b.get(t, path, nil))
	require.Equal(t, http.StatusNotFound, b.get(t, path+"?candidacy_id=1", nil))
	require.Equal(t, http.StatusNotFound, b.get(t, "/api/internal/enterprise/tickets/99", nil))
	require.Equal(t, http.StatusNotFound, b.get(t, "/api/internal/enterprise/tickets/x", nil))

	var projects struct{ Data []struct{ Title string } }
	require.Equal(t, http.StatusOK, b.get(t, "/api/v1/projects?q="+url.QueryEscape("エンジニア"), &projects))
	require.Len(t, projects.Data, 3)
	_, index := b.do(t, http.MethodGet, "/", "")
	require.Contains(t, index, "ratelimit@")
}

func TestGarbageTakesTurns(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{})
	b.signIn(t, "garbage@a.example", "password")
	_, body := b.do(t, http.MethodGet, listPath, "")
	require.Contains(t, body, "<h1>")
	_, body = b.do(t, http.MethodGet, listPath, "")
	require.False(t, json.Valid([]byte(body)))
	_, body = b.do(t, http.MethodGet, listPath, "")
	require.Greater(t, len(body), 50<<20)
	_, body = b.do(t, http.MethodGet, listPath, "")
	require.True(t, json.Valid([]byte(body)))
}

func BenchmarkBig(b *testing.B) {
	sim := wantedlysim.New(wantedlysim.Options{})
	form := httptest.NewRecorder()
	sim.ServeHTTP(form, httptest.NewRequest(http.MethodGet, "/signin_or_signup", nil))
	m := tokenPattern.FindSubmatch(form.Body.Bytes())
	body := url.Values{"user[email]": {"big@a.example"}, "user[password]": {"password"}, "authenticity_token": {html.UnescapeString(string(m[1]))}}
	post := httptest.NewRequest(http.MethodPost, "/user/sign_in", bytes.NewBufferString(body.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.AddCookie(form.Result().Cookies()[0])
	in := httptest.NewRecorder()
	sim.ServeHTTP(in, post)
	cookie := in.Result().Cookies()[0]
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, "/api/internal/enterprise/tickets/5000", nil)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
