package graph_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// hidden is what only the log may say.
const hidden = "a cause that is nobody's business"

// hide makes the database fail at reading a table, with a message that gives something away.
func (d *door) hide(t *testing.T, table string) {
	t.Helper()
	_, err := d.pool.Exec(t.Context(), `ALTER TABLE `+table+` RENAME TO "`+hidden+`"`)
	require.NoError(t, err)
}

// requireInternal makes sure that the client learns an id alone, and that the log has the cause under it.
func requireInternal(t *testing.T, d *door, a answer, cause string) {
	t.Helper()
	requireRefused(t, "INTERNAL", a)
	for _, e := range a.Errors {
		require.Equal(t, "internal error", e.Message)
		id, ok := e.Extensions["requestId"].(string)
		require.True(t, ok, a.raw)
		if a.header != nil {
			require.Equal(t, a.header.Get("X-Request-Id"), id)
		}
		lines := d.log.of(t, id)
		require.Len(t, lines, len(a.Errors), d.log)
		require.Contains(t, lines[0]["error"], cause)
	}
	require.NotContains(t, a.raw, cause)
	require.NotContains(t, a.raw, "SQLSTATE")
	require.NotContains(t, a.raw, hidden)
}

func TestTheCauseOfAnInternalErrorIsInTheLogAlone(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s := c.connect(t, nil)
	c.hide(t, "inbox_entries")
	query := `{ inbox { nodes { id } } }`
	requireInternal(t, c.door, c.try(t, query, nil), "inbox_entries")
	requireInternal(t, c.door, read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, query, nil), "")), "inbox_entries")
	requireInternal(t, c.door, c.streamByPost(t, query, nil).receive(t).answer(t), "inbox_entries")
	requireInternal(t, c.door, c.overSocket(t, s, query, nil), "inbox_entries")
}

func TestALoaderThatFailsIsAnInternalError(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.imports(t, c.link(t, "hr@example.com"), applied(waitingPosition, 1, 1))
	c.hide(t, "candidates")
	requireInternal(t, c.door, c.try(t, `{ inbox { nodes { candidate { name } } } }`, nil), "candidates")
}

func TestASubscriptionThatCannotBeginIsAnInternalError(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	account := c.link(t, "hr@example.com")
	s := c.connect(t, nil)
	c.hide(t, "medium_accounts")
	query := `subscription ($id: ID) { importRunChanged(accountId: $id) { cursor } }`
	requireInternal(t, c.door, c.streamByPost(t, query, vars{"id": account}).receive(t).answer(t), "medium_accounts")
	requireInternal(t, c.door, c.overSocket(t, s, query, vars{"id": account}), "medium_accounts")
}

// panicking is a queue with a bug.
type panicking struct{ intake.Queue }

// VerifyAccount implements intake.Queue.
func (panicking) VerifyAccount(context.Context, pgx.Tx, intake.Task, time.Duration) error {
	panic(hidden)
}

func TestAPanicIsAnInternalError(t *testing.T) {
	t.Parallel()
	c := open(t, func(p *plan) { p.instead = panicking{} }).company(t, "甲社")
	s := c.connect(t, nil)
	const where = "panicking.VerifyAccount"
	mutation := `mutation { registerAccount(input: {email: "a@example.com", password: "` + canary + `"}) { account { id } errors { code } } }`
	requireInternal(t, c.door, c.try(t, mutation, nil), where)
	requireInternal(t, c.door, c.streamByPost(t, mutation, nil).receive(t).answer(t), where)
	requireInternal(t, c.door, c.overSocket(t, s, mutation, nil), where)
	require.Empty(t, digList(t, c.ask(t, `{ accounts { id } }`, nil), "accounts"), "nothing was changed")
	require.NotContains(t, c.log.String(), hidden, "what it panicked with may be somebody's name")
	require.NotContains(t, c.log.String(), canary)
}

func TestADatabaseThatIsGoneIsAnInternalError(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s := c.connect(t, nil)
	c.program.Close()
	cause := "closed pool"
	a := c.try(t, whoAmI, nil)
	require.Equal(t, http.StatusInternalServerError, a.status)
	requireInternal(t, c.door, a, cause)
	requireInternal(t, c.door, c.overSocket(t, s, `{ accounts { id } }`, nil), cause)
	by := c.streamByPost(t, watchAll, nil)
	require.Equal(t, http.StatusInternalServerError, by.response.StatusCode)

	late, response, err := c.dial(t, nil)
	require.NoError(t, err)
	late.send(t, message{Type: "connection_init", Payload: encode(t, vars{"authorization": "Bearer " + c.token})})
	require.Equal(t, websocket.StatusInternalError, late.closed(t))
	require.Len(t, c.log.of(t, response.header.Get("X-Request-Id")), 1, "why the socket was refused")
	require.NotContains(t, c.log.String(), c.token)
}

func TestWhatThePersonCanMendIsInThePayload(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	require.JSONEq(t, `{"registerAccount":{"account":null,"errors":[
		{"code":"INVALID","field":["input","email"]},
		{"code":"REQUIRED","field":["input","password"]},
		{"code":"INVALID","field":["input","importFrom"]}
	]}}`, string(encode(t, c.ask(t, `mutation {
		registerAccount(input: {email: "nobody", password: "", importFrom: "2020-01-01T00:00:00+09:00"}) { account { id } errors { code field } }
	}`, nil))))
	require.JSONEq(t, `{"createOpening":{"opening":null,"errors":[
		{"code":"TOO_LONG","field":["input","name"]},
		{"code":"REQUIRED","field":["input","steps","1","name"]}
	]}}`, string(encode(t, c.ask(t, `mutation ($name: String!) {
		createOpening(input: {name: $name, steps: [{kind: ENTRY, name: "a"}, {kind: OFFER, name: " "}]}) { opening { id } errors { code field } }
	}`, vars{"name": strings.Repeat("あ", 101)}))))
}

func TestEachUserErrorHasItsCode(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	opening, app := f.opening.ID.String(), f.application.ID.String()
	for want, mutation := range map[string]string{
		"REQUIRED":          `createOpening(input: {name: "x", steps: []})`,
		"INVALID":           `closeApplication(id: "` + app + `", outcome: IN_PROGRESS)`,
		"TOO_LONG":          `moveApplication(id: "` + app + `", stepId: "` + f.step.String() + `", note: "` + strings.Repeat("あ", 5001) + `")`,
		"ALREADY_EXISTS":    `createRoutingRule(input: {medium: WANTEDLY, positionName: " ﾊﾞｯｸｴﾝﾄﾞｴﾝｼﾞﾆｱ ", openingId: "` + opening + `"})`,
		"NOT_FOUND":         `closeOpening(id: "` + app + `")`,
		"INVALID_STATE":     `stopAccount(id: "` + f.stopped.String() + `")`,
		"REVISION_CONFLICT": `updateOpening(id: "` + opening + `", input: {name: "x"}, expectedRevision: 99)`,
	} {
		data := f.ask(t, `mutation { it: `+mutation+` { errors { code message field } } }`, nil)
		require.Equal(t, want, digString(t, data, "it", "errors", 0, "code"), mutation)
		require.NotEmpty(t, digString(t, data, "it", "errors", 0, "message"))
		require.NotEmpty(t, digList(t, data, "it", "errors", 0, "field"))
	}
	require.Len(t, served(t).Types["UserErrorCode"].EnumValues, 7, "each code of the contract is tried")
}

func TestADatabaseThatTakesNoChangesForAWhileIsNobodysFault(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	turn := func(readOnly string) {
		_, err := c.pool.Exec(t.Context(), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = `+readOnly+`', current_database()); END $$`)
		require.NoError(t, err)
	}
	change := func() answer {
		return c.try(t, `mutation { createOpening(input: {name: "営業"}) { opening { id } } }`, nil)
	}
	// As a replica is, before it is promoted.
	turn("on")
	c.program.Reset()
	a := change()
	requireRefused(t, "UNAVAILABLE", a)
	require.NotContains(t, a.raw, "SQLSTATE")
	turn("off")
	require.Eventually(t, func() bool { return len(change().Errors) == 0 }, 10*time.Second, 10*time.Millisecond)
}
