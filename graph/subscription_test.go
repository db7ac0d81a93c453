package graph_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	watchAccounts = `subscription ($id: ID, $after: String) {
		accountStatusChanged(accountId: $id, after: $after) { cursor at previousStatus account { email status failure { message } } }
	}`
	watchInbox = `subscription ($after: String) { inboxChanged(after: $after) { cursor at waitingCount routedCount } }`
	watchRuns  = `subscription ($id: ID, $after: String) {
		importRunChanged(accountId: $id, after: $after) { cursor at run { id status seen imported account { email } } }
	}`
)

// source is something to receive answers from, whatever brings them.
type source func(t *testing.T) answer

// wires are the ways to subscribe.
func wires() map[string]func(t *testing.T, c company, query string, variables vars) source {
	return map[string]func(t *testing.T, c company, query string, variables vars) source{
		"WebSocket": func(t *testing.T, c company, query string, variables vars) source {
			t.Helper()
			s := c.connect(t, nil)
			s.subscribe(t, "1", query, variables)
			return func(t *testing.T) answer {
				t.Helper()
				return s.receive(t).answer(t)
			}
		},
		"SSE by POST": func(t *testing.T, c company, query string, variables vars) source {
			t.Helper()
			s := c.streamByPost(t, query, variables)
			require.Equal(t, "text/event-stream", s.response.Header.Get("Content-Type"))
			return func(t *testing.T) answer {
				t.Helper()
				return s.receive(t).answer(t)
			}
		},
		"SSE by GET": func(t *testing.T, c company, query string, variables vars) source {
			t.Helper()
			s := c.streamByGet(t, query, variables)
			return func(t *testing.T) answer {
				t.Helper()
				return s.receive(t).answer(t)
			}
		},
	}
}

// next is the next event of a field, without what changes with the clock, and its cursor.
func (from source) next(t *testing.T, field string) (event, cursor string) {
	t.Helper()
	a := from(t)
	require.Empty(t, a.Errors, a.raw)
	object, ok := dig(t, a.Data, field).(map[string]any)
	require.True(t, ok)
	cursor = digString(t, object, "cursor")
	require.NotEmpty(t, digString(t, object, "at"))
	delete(object, "cursor")
	delete(object, "at")
	return string(encode(t, object)), cursor
}

func account(status, previous string) string {
	if previous != "null" {
		previous = fmt.Sprintf("%q", previous)
	}
	return fmt.Sprintf(`{"previousStatus":%s,"account":{"email":"hr@example.com","status":%q,"failure":null}}`, previous, status)
}

func TestASubscriberIsToldTheStateAndThenWhatChanges(t *testing.T) {
	t.Parallel()
	for name, subscribe := range wires() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t).company(t, "甲社")
			c.listen(t)
			id := c.register(t, "hr@example.com").ID
			accounts, inbox := subscribe(t, c, watchAccounts, vars{"id": id}), subscribe(t, c, watchInbox, nil)
			event, cursor := accounts.next(t, "accountStatusChanged")
			// There is no run yet to tell that this one watches: a cursor makes sure of where it begins.
			runs := subscribe(t, c, watchRuns, vars{"after": cursor})
			require.JSONEq(t, account("VERIFYING", "null"), event)
			event, _ = inbox.next(t, "inboxChanged")
			require.JSONEq(t, `{"waitingCount":0,"routedCount":0}`, event)

			c.verify(t, id)
			event, _ = accounts.next(t, "accountStatusChanged")
			require.JSONEq(t, account("LINKED", "VERIFYING"), event)
			c.imports(t, id, applied(waitingPosition, 1, 2), applied(waitingPosition, 3, 1))
			for _, waiting := range []int{2, 3} {
				event, _ = inbox.next(t, "inboxChanged")
				require.JSONEq(t, fmt.Sprintf(`{"waitingCount":%d,"routedCount":0}`, waiting), event)
			}
			for _, want := range []struct {
				status string
				seen   int
			}{{"QUEUED", 0}, {"RUNNING", 0}, {"RUNNING", 2}, {"RUNNING", 3}, {"SUCCEEDED", 3}} {
				run := dig(t, runs(t).Data, "importRunChanged", "run")
				require.Equal(t, want.status, dig(t, run, "status"))
				require.EqualValues(t, want.seen, dig(t, run, "seen"))
				require.Equal(t, "hr@example.com", dig(t, run, "account", "email"))
			}
			c.rule(t, waitingPosition, c.opening(t, "x").ID)
			event, _ = inbox.next(t, "inboxChanged")
			require.JSONEq(t, `{"waitingCount":0,"routedCount":3}`, event)
			_, err := c.service.Stop(t.Context(), c.actor, id)
			require.NoError(t, err)
			event, _ = accounts.next(t, "accountStatusChanged")
			require.JSONEq(t, account("UNLINKED", "LINKED"), event)
		})
	}
}

func TestASubscriberThatComesBackMissesNothingAndHearsNothingTwice(t *testing.T) {
	t.Parallel()
	for name, subscribe := range wires() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t).company(t, "甲社")
			c.listen(t)
			id := c.link(t, "hr@example.com")
			c.imports(t, id, applied(waitingPosition, 1, 1))
			_, cursor := subscribe(t, c, watchInbox, nil).next(t, "inboxChanged")

			var met []string
			for round := range 3 {
				for n := range 2 {
					c.importsAgain(t, id, applied(waitingPosition, 2+2*round+n, 1))
				}
				again := subscribe(t, c, watchInbox, vars{"after": cursor})
				for range 2 {
					var event string
					event, cursor = again.next(t, "inboxChanged")
					met = append(met, event)
				}
			}
			var want []string
			for waiting := 2; waiting <= 7; waiting++ {
				want = append(want, fmt.Sprintf(`{"routedCount":0,"waitingCount":%d}`, waiting))
			}
			require.Equal(t, want, met)
		})
	}
}

func TestASubscriberThatWasCutOffWithinTheStateIsToldAllOfItAgain(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	var emails []string
	for n := range 3 {
		emails = append(emails, fmt.Sprintf("a%d@example.com", n))
		c.register(t, emails[n])
	}
	subscribe := wires()["SSE by POST"]
	_, cursor := subscribe(t, c, watchAccounts, nil).next(t, "accountStatusChanged")
	again := subscribe(t, c, watchAccounts, vars{"after": cursor})
	var told []string
	for range emails {
		a := again(t)
		told = append(told, digString(t, a.Data, "accountStatusChanged", "account", "email"))
	}
	require.Equal(t, emails, told)
}

func TestSubscribersDoNotGetInEachOthersWay(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.listen(t)
	hr, other := c.link(t, "hr@example.com"), c.link(t, "other@example.com")
	s := c.connect(t, nil)
	s.subscribe(t, "hr", watchAccounts, vars{"id": hr})
	s.subscribe(t, "other", watchAccounts, vars{"id": other})
	s.subscribe(t, "all", watchAccounts, nil)
	count := map[string]int{}
	for range 4 {
		count[s.receive(t).ID]++
	}
	require.Equal(t, map[string]int{"hr": 1, "other": 1, "all": 2}, count)

	s.send(t, message{ID: "hr", Type: "complete"})
	s.send(t, message{Type: "ping"})
	require.Equal(t, message{Type: "pong"}, s.receive(t), "what a client has ended is not ended once more")
	for _, id := range []uuid.UUID{hr, other} {
		_, err := c.service.Stop(t.Context(), c.actor, id)
		require.NoError(t, err)
	}
	count = map[string]int{}
	for range 3 {
		count[s.receive(t).ID]++
	}
	require.Equal(t, map[string]int{"other": 1, "all": 2}, count)
}

func TestASubscriberIsSpokenToInItsLanguage(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.medium.refuses = fresh("INVALID_CREDENTIALS")
	c.link(t, "hr@example.com")
	message := func(from source) string {
		return digString(t, from(t).Data, "accountStatusChanged", "account", "failure", "message")
	}
	for name, subscribe := range wires() {
		ja, en := message(subscribe(t, c, watchAccounts, nil)), message(subscribe(t, c.speaking("en"), watchAccounts, nil))
		require.Contains(t, ja, "パスワード", name)
		require.Contains(t, en, "password", name)
	}
	s := c.connect(t, map[string]any{"acceptLanguage": "en"})
	s.subscribe(t, "1", watchAccounts, nil)
	require.Contains(t, message(func(t *testing.T) answer {
		t.Helper()
		return s.receive(t).answer(t)
	}), "password")
}

func TestAQueryOverAStreamEndsAsAQueryDoes(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, s := range []*stream{c.streamByPost(t, whoAmI, nil), c.streamByGet(t, whoAmI, nil)} {
		require.Equal(t, "甲社", digString(t, s.receive(t).answer(t).Data, "viewer", "company", "name"))
		require.Equal(t, "complete", s.receive(t).name)
		_, err := s.poll()
		require.ErrorIs(t, err, io.EOF)
	}
}

func TestAnEventBringsWhatIsLoadedAnew(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.listen(t)
	id := c.link(t, "hr@example.com")
	s := c.connect(t, nil)
	s.subscribe(t, "1", `subscription { importRunChanged { run { status account { status } entries { totalCount } } } }`, nil)
	state := func() any { return dig(t, s.receive(t).answer(t).Data, "importRunChanged", "run") }
	require.JSONEq(t, `{"status":"QUEUED","account":{"status":"LINKED"},"entries":{"totalCount":0}}`, string(encode(t, state())))
	_, err := c.service.Stop(t.Context(), c.actor, id)
	require.NoError(t, err)
	require.JSONEq(t, `{"status":"CANCELLED","account":{"status":"UNLINKED"},"entries":{"totalCount":0}}`, string(encode(t, state())))
}
