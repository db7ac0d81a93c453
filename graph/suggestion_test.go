package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestAPreviewRefusesToLookBackFurtherThanItDoes(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	opening := c.opening(t, "営業")
	for _, field := range []string{"wouldHaveCaught(days: 0) { count }", "wouldHaveCaught(days: 366) { count }", "wouldMiss(days: -1) { count }"} {
		a := c.try(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "x", openingId: $id) { `+field+` } }`, vars{"id": opening.ID})
		require.Len(t, a.Errors, 1, a.raw)
		require.Equal(t, "BAD_USER_INPUT", a.Errors[0].Extensions["code"], field)
	}
	c.ask(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "x", openingId: $id) { wouldMiss(days: null) { count } } }`, vars{"id": opening.ID})
}

func TestWhatWaitsSaysWhatNearlyFits(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	opening, closed := c.opening(t, "セールス"), c.opening(t, "終了した求人")
	rule := c.rule(t, "営業", opening.ID)
	c.rule(t, "経理", closed.ID)
	_, err := c.service.CloseOpening(t.Context(), c.actor, closed.ID)
	require.NoError(t, err)
	page := applied("【急募】営業", 1, 2)
	page.Applications = append(page.Applications, application("経理", 3, 3))
	c.imports(t, c.link(t, "hr@example.com"), page)
	data := c.ask(t, `{ waitingPositions { normalizedPositionName rule { positionName } closedOpening { id } suggestions { kind fromName score reason opening { name } rule { id health } } } }`, nil)
	require.Equal(t, []any{
		map[string]any{
			"normalizedPositionName": "【急募】営業", "rule": nil, "closedOpening": nil, "suggestions": []any{map[string]any{
				"kind": "NEAR_RULE", "fromName": "営業", "score": 1.0, "reason": "振り分けルール「営業」と、「【急募】」を除くと一致します。",
				"opening": map[string]any{"name": "セールス"}, "rule": map[string]any{"id": rule.ID.String(), "health": "NEVER_MATCHED"},
			}},
		},
		map[string]any{"normalizedPositionName": "経理", "rule": map[string]any{"positionName": "経理"}, "closedOpening": map[string]any{"id": closed.ID.String()}, "suggestions": []any{}},
	}, digList(t, data, "waitingPositions"))
	shut := c.ask(t, `{ routingRules(health: OPENING_CLOSED) { totalCount nodes { positionName health } } }`, nil)
	require.Equal(t, map[string]any{
		"totalCount": 1.0, "nodes": []any{map[string]any{"positionName": "経理", "health": "OPENING_CLOSED"}},
	}, dig(t, shut, "routingRules"))
}

func TestSuggestionsForAPageAreLoadedAtOnce(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	var page intake.Page
	for n := range 50 {
		c.rule(t, fmt.Sprint("募集 ", n), c.opening(t, fmt.Sprint("求人 ", n)).ID)
		page.Applications = append(page.Applications, application(fmt.Sprintf("【急募】募集 %d", n), n, n))
	}
	c.imports(t, c.link(t, "hr@example.com"), page)
	list := `{ waitingPositions(first: %d) { suggestions { reason opening { name } rule { positionName health } } } }`
	few := sent.during(func() { require.Len(t, digList(t, c.ask(t, fmt.Sprintf(list, 2), nil), "waitingPositions"), 2) })
	many := sent.during(func() { require.Len(t, digList(t, c.ask(t, fmt.Sprintf(list, 50), nil), "waitingPositions"), 50) })
	require.Contains(t, few, "Likenesses")
	require.Equal(t, few, many)
}

func TestAPreviewSaysOfWhatWasEnteredWhatSavingItWouldSay(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	opening := c.opening(t, "営業")
	for _, name := range []string{"", "　", strings.Repeat("営", 501)} {
		v := vars{"name": name, "id": opening.ID}
		preview := c.ask(t, `query ($name: String!, $id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: $name, openingId: $id) { wouldRoute errors { code message field } } }`, v)
		saved := c.ask(t, `mutation ($name: String!, $id: ID!) { createRoutingRule(input: { medium: WANTEDLY, positionName: $name, openingId: $id }) { errors { code message field } } }`, v)
		errs := digList(t, saved, "createRoutingRule", "errors")
		require.Len(t, errs, 1)
		require.Equal(t, errs, digList(t, preview, "previewRoutingRule", "errors"))
	}
	fine := c.ask(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "x", openingId: $id) { errors { code } } }`, vars{"id": opening.ID})
	require.Empty(t, digList(t, fine, "previewRoutingRule", "errors"))
}

func TestTheIDOfZerosIsRefusedByItsName(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	v := vars{"id": uuid.Nil}
	moved := c.ask(t, `mutation ($id: ID!) { moveApplications(applications: [{id: $id}], stepId: $id) { refused { id applicationId code } errors { code } } }`, v)
	require.Equal(t, map[string]any{
		"refused": []any{map[string]any{"id": uuid.Nil.String(), "applicationId": uuid.Nil.String(), "code": "NOT_FOUND"}},
		"errors":  []any{},
	}, dig(t, moved, "moveApplications"))
	require.Nil(t, dig(t, c.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, v), "node"))
}
