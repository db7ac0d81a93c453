package graph_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestWhatIsNotThereIsNullAndNoError(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	nobody := vars{"id": uuid.New()}
	require.JSONEq(t, `{"node":null}`, string(encode(t, f.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, nobody))))
	require.JSONEq(t, `{"account":null}`, string(encode(t, f.ask(t, `query ($id: ID!) { account(id: $id) { id } }`, nobody))))
	require.JSONEq(t, `{"node":{"application":null,"explanation":{"rule":null,"ruleRevision":null,"rulePositionName":null}}}`,
		string(encode(t, f.ask(t, `query ($id: ID!) { node(id: $id) { ... on InboxEntry {
			application { id } explanation { rule { id } ruleRevision rulePositionName } } } }`, vars{"id": f.waiting.ID}))))
	require.JSONEq(t, `{"account":{"failure":null,"linkedAt":null,"lastImportedAt":null,"nextImportAt":null,"stoppedAt":null,"status":"VERIFYING"}}`,
		string(encode(t, f.ask(t, `query ($id: ID!) { account(id: $id) { failure { reason } linkedAt lastImportedAt nextImportAt stoppedAt status } }`,
			vars{"id": f.register(t, "new@example.com").ID}))))
}

func TestARuleThatIsGoneLeavesItsExplanation(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	query, id := `query ($id: ID!) { node(id: $id) { ... on InboxEntry { explanation { rulePositionName ruleRevision summary } } } }`, vars{"id": f.routed.ID}
	before := f.ask(t, query, id)
	f.ask(t, `mutation ($id: ID!) { deleteRoutingRule(id: $id) { deletedId errors { code } } }`, vars{"id": f.rule.ID})
	require.Equal(t, before, f.ask(t, query, id))
	gone := f.ask(t, `query ($id: ID!) { node(id: $id) { ... on InboxEntry { explanation { rule { id } } } } }`, id)
	require.Nil(t, dig(t, gone, "node", "explanation", "rule"))
}

func TestAnArgumentThatIsNullIsOneThatIsLeftOut(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	for with, without := range map[string]string{
		`importRuns(first: null, after: null, accountId: null) { nodes { id } pageInfo { hasPreviousPage } }`:                            `importRuns { nodes { id } pageInfo { hasPreviousPage } }`,
		`inbox(first: null, after: null, state: null, medium: null, positionName: null) { nodes { id } totalCount }`:                     `inbox { nodes { id } totalCount }`,
		`routingRules(first: null, after: null, medium: null, openingId: null, search: null) { nodes { id } totalCount }`:                `routingRules { nodes { id } totalCount }`,
		`openings(first: null, after: null, status: null, search: null) { nodes { id } totalCount }`:                                     `openings { nodes { id } totalCount }`,
		`applications(first: null, after: null, openingId: null, stepId: null, outcome: null, search: null) { nodes { id } totalCount }`: `applications { nodes { id } totalCount }`,
		`incidents(first: null, after: null, open: null, accountId: null) { nodes { id } totalCount }`:                                   `incidents { nodes { id } totalCount }`,
		`accounts(medium: null) { id }`:           `accounts { id }`,
		`waitingPositions(first: null) { count }`: `waitingPositions { count }`,
	} {
		require.Equal(t, f.ask(t, `{ `+without+` }`, nil), f.ask(t, `{ `+with+` }`, nil), with)
	}
	changed := f.ask(t, `mutation ($id: ID!) {
		updateOpening(id: $id, input: {name: "別名", steps: null}, expectedRevision: null) { opening { name steps { name } } errors { code } }
	}`, vars{"id": f.opening.ID})
	require.Len(t, digList(t, changed, "updateOpening", "opening", "steps"), 8)
	require.Equal(t, "別名", digString(t, changed, "updateOpening", "opening", "name"))
	registered := f.ask(t, `mutation { registerAccount(input: {medium: WANTEDLY, email: "n@example.com", password: "p", importFrom: null}) { account { importFrom } errors { code } } }`, nil)
	require.NotEmpty(t, digString(t, registered, "registerAccount", "account", "importFrom"))
	require.Equal(t, []any{}, dig(t, registered, "registerAccount", "errors"))
}

func TestAnEmptyListOfStepsIsNotOneThatIsLeftOut(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	answer := f.ask(t, `mutation ($id: ID!) { updateOpening(id: $id, input: {name: "x", steps: []}) { opening { id } errors { code } } }`, vars{"id": f.opening.ID})
	require.Equal(t, "REQUIRED", digString(t, answer, "updateOpening", "errors", 0, "code"))
}
