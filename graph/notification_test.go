package graph_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

const (
	watchIncidents = `subscription ($after: String) {
		incidentChanged(after: $after) { cursor at incident { kind reason resolution title account { email } } }
	}`
	// hook is an address of which all but the host opens doors.
	hook = "https://hooks.example.com/services/" + canary
)

// fails links an account of which the medium says that its password is wrong.
func (c company) fails(t *testing.T, email string) uuid.UUID {
	t.Helper()
	c.medium.refuses = fresh(intake.FailureInvalidCredentials)
	defer func() { c.medium.refuses = nil }()
	return c.link(t, email)
}

func failed(email, resolution string) string {
	return fmt.Sprintf(`{"incident":{"kind":"LINK_FAILED","reason":"INVALID_CREDENTIALS","resolution":%s,"title":"Wantedlyとの連携が止まりました","account":{"email":%q}}}`, resolution, email)
}

func TestAnIncidentIsHeardOfAsItIsOpenedAndAsItIsResolved(t *testing.T) {
	t.Parallel()
	for name, subscribe := range wires() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t).company(t, "甲社")
			c.listen(t)
			c.fails(t, "hr@example.com")
			live := subscribe(t, c, watchIncidents, nil)
			event, cursor := live.next(t, "incidentChanged")
			require.JSONEq(t, failed("hr@example.com", "null"), event)
			c.link(t, "hr@example.com")
			event, _ = live.next(t, "incidentChanged")
			require.JSONEq(t, failed("hr@example.com", `"MENDED"`), event)

			again := subscribe(t, c, watchIncidents, vars{"after": cursor})
			event, cursor = again.next(t, "incidentChanged")
			require.JSONEq(t, failed("hr@example.com", `"MENDED"`), event, "what was missed, and not what was heard")
			c.fails(t, "other@example.com")
			for _, from := range []source{live, again, subscribe(t, c, watchIncidents, vars{"after": cursor}), subscribe(t, c, watchIncidents, nil)} {
				event, _ = from.next(t, "incidentChanged")
				require.JSONEq(t, failed("other@example.com", "null"), event, "what is over does not come first")
			}
		})
	}
}

func TestEverybodyOfTheCompanyHearsOfItAndOnlyAdminsWhoWasTold(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	told, id := `query ($id: ID!) { node(id: $id) { ... on Incident { deliveries { totalCount } } } }`, vars{"id": f.silence}
	require.EqualValues(t, 1, dig(t, f.as(t, intake.RoleAdmin).ask(t, told, id), "node", "deliveries", "totalCount"))
	for _, role := range []intake.Role{intake.RoleRecruiter, intake.RoleCoordinator} {
		colleague := f.as(t, role)
		require.Equal(t, "LINK_FAILED", digString(t, colleague.ask(t, `{ incidents(accountId: "`+f.failing.String()+`") { nodes { kind } } }`, nil), "incidents", "nodes", 0, "kind"))
		require.Empty(t, colleague.streamByPost(t, watchIncidents, nil).receive(t).answer(t).Errors)
		requireRefused(t, "FORBIDDEN", colleague.try(t, told, id))
		requireRefused(t, "FORBIDDEN", colleague.try(t, `{ notificationEndpoints { id } }`, nil))
		hidden := colleague.ask(t, `query ($a: ID!, $b: ID!) { endpoint: node(id: $a) { id } delivery: node(id: $b) { id } }`, vars{"a": f.endpoint, "b": f.delivery})
		require.JSONEq(t, `{"endpoint":null,"delivery":null}`, string(encode(t, hidden)))
	}
}

func TestIncidentsAreThoseThatWereAskedFor(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	mended, failing := c.fails(t, "mended@example.com"), c.fails(t, "failing@example.com")
	c.link(t, "mended@example.com")
	for arguments, want := range map[string][]string{
		``:                                       {"failing@example.com", "mended@example.com"},
		`(open: true)`:                           {"failing@example.com"},
		`(open: false)`:                          {"mended@example.com"},
		`(accountId: "` + mended.String() + `")`: {"mended@example.com"},
		`(accountId: "` + mended.String() + `", open: true)`:   nil,
		`(accountId: "` + failing.String() + `", open: true)`:  {"failing@example.com"},
		`(accountId: "` + uuid.NewString() + `", open: false)`: nil,
	} {
		list := dig(t, c.ask(t, `{ incidents`+arguments+` { totalCount nodes { account { email } } } }`, nil), "incidents")
		var got []string
		for _, node := range digList(t, list, "nodes") {
			got = append(got, digString(t, node, "account", "email"))
		}
		require.Equal(t, want, got, arguments)
		require.EqualValues(t, len(want), dig(t, list, "totalCount"), arguments)
	}
}

func TestAnIncidentSaysWhatToDoInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	query := `query ($id: ID!) { node(id: $id) { ... on Incident { title what why whoCanMend whatToDo } } }`
	ja, en := f.ask(t, query, vars{"id": f.incident}), f.speaking("en").ask(t, query, vars{"id": f.incident})
	for part, want := range map[string][2]string{
		"title": {"連携が止まりました", "link to Wantedly"}, "what": {"wrong@example.com", "wrong@example.com"}, "why": {"パスワード", "password"},
		"whoCanMend": {"管理者", "administrator"}, "whatToDo": {"もう一度登録", "register it again"},
	} {
		require.Contains(t, digString(t, ja, "node", part), want[0], part)
		require.Contains(t, digString(t, en, "node", part), want[1], part)
	}
}

func TestHowManyIncidentsThereAreDoesNotChangeHowManyStatementsReadThem(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	_, _, err := c.service.AddEndpoint(t.Context(), c.actor, intake.ChannelSlack, intake.EndpointInput{
		Name: "監視", URL: new(hook), Kinds: []intake.IncidentKind{intake.IncidentLinkFailed},
	})
	require.NoError(t, err)
	for n := range 20 {
		c.fails(t, fmt.Sprintf("a%d@example.com", n))
	}
	for _, query := range []string{
		`{ incidents(first: %d) { nodes { title what account { email } } } }`,
		`{ notificationEndpoints { deliveries(first: %d) { nodes { channel endpoint { name } member { name } incident { title } } } } }`,
	} {
		few := sent.during(func() { c.ask(t, fmt.Sprintf(query, 2), nil) })
		require.NotEmpty(t, few)
		require.Equal(t, few, sent.during(func() { c.ask(t, fmt.Sprintf(query, 20), nil) }), query)
	}
}

func TestAnEndpointsSecretIsShownOnceAndItsAddressNever(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	add := `mutation ($channel: NotificationEndpointChannel!, $url: String!) {
		addNotificationEndpoint(channel: $channel, input: {name: "監視", url: $url, kinds: [STALE]}) { secret endpoint { id host } errors { code } }
	}`
	slack := c.ask(t, add, vars{"channel": "SLACK", "url": hook})
	require.Nil(t, dig(t, slack, "addNotificationEndpoint", "secret"), "Slack signs nothing")
	require.Equal(t, "hooks.example.com", digString(t, slack, "addNotificationEndpoint", "endpoint", "host"))
	webhook := c.ask(t, add, vars{"channel": "WEBHOOK", "url": hook})
	first := digString(t, webhook, "addNotificationEndpoint", "secret")
	require.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, first)
	id := digString(t, webhook, "addNotificationEndpoint", "endpoint", "id")
	rotated := c.ask(t, `mutation ($id: ID!) { rotateNotificationSecret(id: $id) { secret endpoint { revision } } }`, vars{"id": id})
	second := digString(t, rotated, "rotateNotificationSecret", "secret")
	require.NotEqual(t, first, second)
	require.EqualValues(t, 2, dig(t, rotated, "rotateNotificationSecret", "endpoint", "revision"))

	shown := string(encode(t, []any{slack, c.ask(t, `{ notificationEndpoints { id name host } auditLog { nodes { summary detail } } }`, nil)}))
	stored := c.contents(t)
	for _, hidden := range []string{canary, first, second} {
		require.NotContains(t, shown, hidden)
		require.NotContains(t, stored, hidden)
		require.NotContains(t, c.log.String(), hidden)
	}
}

func TestWhatIsWrongWithAnEndpointIsSaidOfEachField(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	add := `mutation ($input: NotificationEndpointInput!) { addNotificationEndpoint(channel: SLACK, input: $input) { secret endpoint { id } errors { code field message } } }`
	for language, words := range map[string][3]string{"ja": {"名前", "暗号化", "1つ以上"}, "en": {"name", "clear", "at least one"}} {
		answer := c.speaking(language).ask(t, add, vars{"input": vars{"name": " ", "url": "http://example.com/" + canary, "kinds": []string{}}})
		payload := dig(t, answer, "addNotificationEndpoint")
		require.Nil(t, dig(t, payload, "endpoint"))
		require.Nil(t, dig(t, payload, "secret"))
		for n, want := range []struct{ code, field string }{{"INVALID", "name"}, {"INVALID", "url"}, {"REQUIRED", "kinds"}} {
			e := dig(t, payload, "errors", n)
			require.Equal(t, want.code, digString(t, e, "code"))
			require.Equal(t, []any{"input", want.field}, dig(t, e, "field"))
			require.Contains(t, digString(t, e, "message"), words[n])
		}
		require.NotContains(t, string(encode(t, answer)), canary)
	}
	c.refused(t, "BAD_USER_INPUT", `mutation { addNotificationEndpoint(channel: MAIL, input: {name: "x", kinds: []}) { secret } }`, nil)
	c.refused(t, "BAD_USER_INPUT", `mutation { updateNotificationPreferences(input: {mail: [MOON_LANDED]}) { errors { code } } }`, nil)
	require.Empty(t, digList(t, c.ask(t, `{ notificationEndpoints { id } }`, nil), "notificationEndpoints"))
}

func TestWhatAnEndpointAllowsIsWhatItsMutationsDo(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	mutations := map[string]string{
		"UPDATE": `updateNotificationEndpoint(id: $id, input: {name: "x", kinds: [STALE]})`, "DISABLE": `disableNotificationEndpoint(id: $id)`,
		"ENABLE": `enableNotificationEndpoint(id: $id)`, "ROTATE_SECRET": `rotateNotificationSecret(id: $id)`, "TEST": `sendTestNotification(endpointId: $id)`,
	}
	id := vars{"id": f.endpoint}
	do := func(action string) []any {
		return digList(t, f.ask(t, `mutation ($id: ID!) { done: `+mutations[action]+` { errors { code message } } }`, id), "done", "errors")
	}
	for _, disabled := range []bool{false, true} {
		if disabled {
			require.Empty(t, do("DISABLE"))
		}
		states := digList(t, f.ask(t, `query ($id: ID!) { node(id: $id) { ... on NotificationEndpoint { availableActions { action enabled reason } } } }`, id), "node", "availableActions")
		require.Len(t, states, len(mutations)+1, "and REMOVE, which is always possible")
		for _, state := range states {
			if dig(t, state, "enabled") == true {
				continue
			}
			errs := do(digString(t, state, "action"))
			require.Equal(t, "INVALID_STATE", digString(t, errs, 0, "code"))
			require.Equal(t, dig(t, state, "reason"), dig(t, errs, 0, "message"))
		}
		for _, state := range states {
			// Whether it is disabled is what this goes through.
			if action := digString(t, state, "action"); dig(t, state, "enabled") == true && action != "DISABLE" && action != "ENABLE" && action != "REMOVE" {
				require.Empty(t, do(action), action)
			}
		}
	}
	require.Empty(t, do("ENABLE"))
	require.Empty(t, digList(t, f.ask(t, `mutation ($id: ID!) { removeNotificationEndpoint(id: $id) { errors { code } } }`, id), "removeNotificationEndpoint", "errors"))
	require.Empty(t, digList(t, f.ask(t, `{ notificationEndpoints { id } }`, nil), "notificationEndpoints"))
	for action := range mutations {
		require.Equal(t, "NOT_FOUND", digString(t, do(action), 0, "code"), action)
	}
}

func TestNotificationsAreWhatAMembersRolesSayUntilTheyChoose(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	all := []any{"LINK_FAILED", "STALE", "QUARANTINED", "MEDIUM_OUTAGE"}
	read := func(viewer company) any {
		return dig(t, viewer.ask(t, `{ viewer { notificationPreferences { mail byDefault language } } }`, nil), "viewer", "notificationPreferences")
	}
	update := func(viewer company, input string) any {
		return dig(t, viewer.ask(t, `mutation { updateNotificationPreferences(input: `+input+`) { preferences { mail byDefault language } errors { code field } } }`, nil), "updateNotificationPreferences")
	}
	admin, recruiter, coordinator := c.as(t, intake.RoleAdmin), c.as(t, intake.RoleRecruiter), c.as(t, intake.RoleCoordinator)
	for viewer, want := range map[*company][]any{&admin: all, &recruiter: {"WAITING"}, &coordinator: {}} {
		require.Equal(t, vars{"mail": want, "byDefault": true, "language": "JA"}, read(*viewer))
	}
	require.Equal(t, vars{"mail": all, "byDefault": true, "language": "EN"}, dig(t, update(admin, `{language: EN}`), "preferences"))
	for _, chosen := range []string{`{mail: [WAITING, STALE, STALE]}`, `{mail: null}`, `{byDefault: false}`} {
		require.Equal(t, vars{"mail": []any{"STALE", "WAITING"}, "byDefault": false, "language": "EN"}, dig(t, update(admin, chosen), "preferences"), chosen)
	}
	require.Equal(t, vars{"mail": []any{}, "byDefault": false, "language": "EN"}, dig(t, update(admin, `{mail: []}`), "preferences"))
	refused := update(admin, `{mail: [STALE], byDefault: true}`)
	require.Nil(t, dig(t, refused, "preferences"))
	require.JSONEq(t, `[{"code":"INVALID","field":["input","mail"]}]`, string(encode(t, dig(t, refused, "errors"))))
	require.Equal(t, vars{"mail": []any{}, "byDefault": false, "language": "EN"}, read(admin), "nothing was changed")
	require.Equal(t, vars{"mail": all, "byDefault": true, "language": "EN"}, dig(t, update(admin, `{byDefault: true}`), "preferences"))
	require.Equal(t, vars{"mail": []any{"WAITING"}, "byDefault": true, "language": "JA"}, read(recruiter), "everybody chooses for themselves")
}

func TestEachChangeOfNotificationsIsALineOfTheAuditLog(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	id, spent := f.endpoint.String(), f.toldEndpoint(t).String()
	for _, line := range []struct{ mutation, action, subject string }{
		{`updateNotificationPreferences(input: {mail: []}) { errors { code } }`, "NOTIFICATION_PREFERENCES_CHANGED", f.actor.Member.ID.String()},
		{`addNotificationEndpoint(channel: SLACK, input: {name: "n", url: "` + hook + `", kinds: [STALE]}) { made: endpoint { id } errors { code } }`, "ENDPOINT_ADDED", ""},
		{`updateNotificationEndpoint(id: "` + id + `", input: {name: "n", kinds: [STALE]}) { errors { code } }`, "ENDPOINT_UPDATED", id},
		{`rotateNotificationSecret(id: "` + id + `") { errors { code } }`, "ENDPOINT_SECRET_ROTATED", id},
		{`sendTestNotification(endpointId: "` + id + `") { errors { code } }`, "NOTIFICATION_TEST_SENT", id},
		{`replayNotification(id: "` + spent + `") { made: delivery { id } errors { code } }`, "NOTIFICATION_REPLAYED", ""},
		{`disableNotificationEndpoint(id: "` + id + `") { errors { code } }`, "ENDPOINT_DISABLED", id},
		{`enableNotificationEndpoint(id: "` + id + `") { errors { code } }`, "ENDPOINT_ENABLED", id},
		{`removeNotificationEndpoint(id: "` + id + `") { errors { code } }`, "ENDPOINT_REMOVED", id},
	} {
		done := dig(t, f.ask(t, `mutation { done: `+line.mutation+` }`, nil), "done")
		require.Empty(t, dig(t, done, "errors"), line.mutation)
		last := dig(t, f.ask(t, `{ auditLog(first: 1) { nodes { action summary subjectId member { id } } } }`, nil), "auditLog", "nodes", 0)
		require.Equal(t, line.action, digString(t, last, "action"))
		require.Contains(t, digString(t, last, "summary"), "山田花子さんが")
		require.Equal(t, f.actor.Member.ID.String(), digString(t, last, "member", "id"))
		if line.subject == "" {
			line.subject = digString(t, done, "made", "id")
		}
		require.Equal(t, line.subject, dig(t, last, "subjectId"), line.action)
	}
	lines := func() any {
		return dig(t, f.ask(t, `{ auditLog(first: 0) { totalCount } }`, nil), "auditLog", "totalCount")
	}
	before := lines()
	for _, refused := range []string{
		`updateNotificationPreferences(input: {mail: [], byDefault: true})`, `addNotificationEndpoint(channel: SLACK, input: {name: "", kinds: []})`,
		`disableNotificationEndpoint(id: "` + id + `")`, `rotateNotificationSecret(id: "` + id + `")`, `sendTestNotification(endpointId: "` + id + `")`, `replayNotification(id: "` + id + `")`,
	} {
		require.NotEmpty(t, digList(t, f.ask(t, `mutation { done: `+refused+` { errors { code } } }`, nil), "done", "errors"), refused)
	}
	require.Equal(t, before, lines(), "what is refused leaves none")
}
