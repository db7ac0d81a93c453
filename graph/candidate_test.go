package graph_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsLeftOutOfAnEditStaysAndWhatIsNullGoes(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	update := func(input string) any {
		return dig(t, f.ask(t, `mutation ($id: ID!) { updateCandidate(id: $id, input: `+input+`) { candidate { email phone note } errors { code field } } }`,
			vars{"id": f.candidate}), "updateCandidate")
	}
	require.JSONEq(t, `{"candidate":{"email":"who@example.com","phone":null,"note":"メモ"},"errors":[]}`, string(encode(t, update(`{phone: null}`))))
	require.JSONEq(t, `{"candidate":{"email":"new@example.com","phone":null,"note":"メモ"},"errors":[]}`, string(encode(t, update(`{email: "new@example.com"}`))))
	require.JSONEq(t, `{"candidate":{"email":"new@example.com","phone":null,"note":"メモ"},"errors":[]}`, string(encode(t, update(`{}`))))
	require.JSONEq(t, `{"candidate":null,"errors":[{"code":"INVALID","field":["input","email"]},{"code":"INVALID","field":["input","phone"]}]}`,
		string(encode(t, update(`{email: "x", phone: "x", note: null}`))))
	byVariable := f.ask(t, `mutation ($id: ID!, $input: UpdateCandidateInput!) { updateCandidate(id: $id, input: $input) { candidate { email note } } }`,
		vars{"id": f.candidate, "input": map[string]any{"note": nil}})
	require.JSONEq(t, `{"email":"new@example.com","note":null}`, string(encode(t, dig(t, byVariable, "updateCandidate", "candidate"))))
}

func TestALinkToSomebodyWhoWasMergedLeadsToWhoStands(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	merge := f.ask(t, `mutation ($into: ID!, $from: ID!) { mergeCandidates(intoId: $into, fromId: $from) { candidate { id } merge { id from { id } } errors { code } } }`,
		vars{"into": f.candidate, "from": f.person})
	require.Empty(t, dig(t, merge, "mergeCandidates", "errors"))
	require.Equal(t, f.candidate.String(), digString(t, merge, "mergeCandidates", "candidate", "id"))
	require.Equal(t, f.person.String(), digString(t, merge, "mergeCandidates", "merge", "from", "id"))

	answer := f.ask(t, `query ($id: ID!) { node(id: $id) { id ... on Candidate { applications { id duplicates { id } } entries { id } mergedFrom { id entries { id } mergedFrom { id } } } } }`, vars{"id": f.person})
	require.Equal(t, f.candidate.String(), digString(t, answer, "node", "id"))
	require.Len(t, digList(t, answer, "node", "mergedFrom"), 2)
	require.Len(t, digList(t, answer, "node", "entries"), 4)
	for n := range 2 {
		require.Len(t, digList(t, answer, "node", "mergedFrom", n, "entries"), 1, "their own")
		require.Empty(t, digList(t, answer, "node", "mergedFrom", n, "mergedFrom"))
	}

	// Two applications to one opening both stay, as duplicates of each other.
	_, err := f.service.RouteEntry(t.Context(), f.actor, f.onceMore, f.opening.ID)
	require.NoError(t, err)
	both := f.ask(t, `query ($id: ID!) { node(id: $id) { ... on InboxEntry { candidate { id } application { duplicates { id candidate { id } } } } } }`, vars{"id": f.onceMore})
	require.Equal(t, f.candidate.String(), digString(t, both, "node", "candidate", "id"))
	require.Len(t, digList(t, both, "node", "application", "duplicates"), 2)
	require.Equal(t, f.candidate.String(), digString(t, both, "node", "application", "duplicates", 0, "candidate", "id"))

	undone := f.ask(t, `mutation ($id: ID!) { undoMerge(id: $id) { merge { undoneAt } errors { code } } }`, vars{"id": digString(t, merge, "mergeCandidates", "merge", "id")})
	require.NotNil(t, dig(t, undone, "undoMerge", "merge", "undoneAt"))
	require.Equal(t, f.person.String(), digString(t, f.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": f.person}), "node", "id"))
}

func TestPairsArePagedAndACursorThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	var met []string
	for after, more := any(nil), true; more; {
		page := dig(t, f.ask(t, `query ($after: String) { possibleDuplicates(first: 1, after: $after) { nodes { candidate { id } other { id } certainty reasons } edges { cursor } pageInfo { hasNextPage endCursor } } }`,
			vars{"after": after}), "possibleDuplicates")
		for _, node := range digList(t, page, "nodes") {
			met = append(met, fmt.Sprint(dig(t, node, "certainty"), dig(t, node, "reasons")))
		}
		after, more = dig(t, page, "pageInfo", "endCursor"), dig(t, page, "pageInfo", "hasNextPage") == true
	}
	require.Equal(t, []string{"CERTAIN[SAME_EMAIL SAME_PHONE]", "CERTAIN[SAME_EMAIL SAME_PHONE]"}, met, "of three, two were dismissed")
	f.refused(t, "BAD_USER_INPUT", `{ possibleDuplicates(after: "x") { nodes { certainty } } }`, nil)
	f.refused(t, "BAD_USER_INPUT", `{ possibleDuplicates(first: 101) { nodes { certainty } } }`, nil)
}
