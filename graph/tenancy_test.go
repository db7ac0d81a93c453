package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

// twoCompanies are one that has everything and one that has nothing.
func twoCompanies(t *testing.T) (full, company) {
	t.Helper()
	d := open(t)
	return fill(t, d.company(t, "甲社")), d.company(t, "乙社")
}

func TestNothingOfAnotherCompanyIsSeen(t *testing.T) {
	t.Parallel()
	theirs, ours := twoCompanies(t)
	for kind, id := range theirs.nodes() {
		require.Nil(t, dig(t, ours.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": id}), "node"), kind)
	}
	require.Nil(t, dig(t, ours.ask(t, `query ($id: ID!) { account(id: $id) { id } }`, vars{"id": theirs.account}), "account"))
	require.Nil(t, dig(t, ours.ask(t, `query ($id: ID!) { previewErasure(id: $id) { entries } }`, vars{"id": theirs.candidate}), "previewErasure"))

	require.Nil(t, dig(t, ours.ask(t, `query ($id: ID!) { previewMerge(intoId: $id, fromId: $id) { allowed } }`, vars{"id": theirs.candidate}), "previewMerge"))
	require.Empty(t, digList(t, ours.ask(t, `{ possibleDuplicates { nodes { certainty } } }`, nil), "possibleDuplicates", "nodes"))
	require.Empty(t, digList(t, ours.ask(t, `{ waitingPositions { count } }`, nil), "waitingPositions"))
	require.Empty(t, digList(t, ours.ask(t, `{ busiestOpenings { name } }`, nil), "busiestOpenings"))
	empty := `nodes { id } edges { cursor } totalCount pageInfo { hasNextPage endCursor } `
	require.Empty(t, digList(t, ours.ask(t, `{ fileImports { nodes { id } } }`, nil), "fileImports", "nodes"))
	answer := ours.ask(t, `query ($account: ID!, $opening: ID!, $step: ID!) {
		accounts { id }
		all: importRuns { `+empty+` }
		runs: importRuns(accountId: $account) { `+empty+` }
		inbox { `+empty+` }
		allRules: routingRules { `+empty+` }
		rules: routingRules(openingId: $opening) { `+empty+` }
		openings { `+empty+` }
		erasures { `+empty+` }
		allApplications: applications { `+empty+` }
		applications(openingId: $opening, stepId: $step) { `+empty+` }
	}`, vars{"account": theirs.account, "opening": theirs.opening.ID, "step": theirs.step})
	more := ours.ask(t, `query ($account: ID!) {
		routingActions { `+empty+` }
		invalidRecords { `+empty+` }
		theirInvalidRecords: invalidRecords(accountId: $account) { `+empty+` }
		incidents { `+empty+` }
		theirIncidents: incidents(accountId: $account) { `+empty+` }
		notificationEndpoints { id }
	}`, vars{"account": theirs.account})
	searched := ours.ask(t, `{
		candidates { `+empty+` }
		search: candidates(search: "応募者") { `+empty+` }
		searchInbox: inbox(search: "応募者") { `+empty+` }
		searchApplications: applications(search: "応募者") { `+empty+` }
	}`, nil)
	fields := answer.(map[string]any)
	maps.Copy(fields, more.(map[string]any))
	maps.Copy(fields, searched.(map[string]any))
	for field, value := range fields {
		if list, ok := value.([]any); ok {
			require.Empty(t, list, field)
			continue
		}
		require.JSONEq(t, `{"nodes":[],"edges":[],"totalCount":0,"pageInfo":{"hasNextPage":false,"endCursor":null}}`, string(encode(t, value)), field)
	}
}

func TestACursorOfAnotherCompanyLeadsToNothingOfTheirs(t *testing.T) {
	t.Parallel()
	theirs, ours := twoCompanies(t)
	for field := range connections {
		page := theirs.ask(t, `{ `+field+`(first: 1) { pageInfo { endCursor } } }`, nil)
		answer := ours.ask(t, `query ($after: String) { `+field+`(after: $after) { nodes { id } } }`,
			vars{"after": dig(t, page, field, "pageInfo", "endCursor")})
		require.Empty(t, digList(t, answer, field, "nodes"), field)
	}
}

// connections are the lists at the root.
var connections = map[string]bool{"importRuns": true, "inbox": true, "routingRules": true, "openings": true, "applications": true, "candidates": true, "members": true, "erasures": true, "fileImports": true, "routingActions": true, "invalidRecords": true, "incidents": true}

func TestASubscriptionToAThingOfAnotherCompanyFindsNothing(t *testing.T) {
	t.Parallel()
	theirs, ours := twoCompanies(t)
	s := ours.connect(t, nil)
	for field, of := range map[string]struct {
		argument string
		id       uuid.UUID
	}{
		"accountStatusChanged": {"accountId", theirs.account}, "importRunChanged": {"accountId", theirs.account},
		"openingChanged": {"openingId", theirs.opening.ID}, "selectionChanged": {"openingId", theirs.opening.ID},
		"fileImportChanged": {"id", theirs.file.ID},
	} {
		var got []string
		for _, id := range []uuid.UUID{of.id, uuid.New()} {
			query := `subscription ($id: ID!) { ` + field + `(` + of.argument + `: $id) { cursor } }`
			for _, a := range []answer{
				ours.streamByPost(t, query, vars{"id": id}).receive(t).answer(t),
				ours.streamByGet(t, query, vars{"id": id}).receive(t).answer(t),
				ours.overSocket(t, s, query, vars{"id": id}),
			} {
				requireRefused(t, "NOT_FOUND", a)
				got = append(got, a.raw)
			}
		}
		require.Len(t, compact(got), 1, "a foreign id and a missing one look alike")
	}
}

func compact(all []string) map[string]bool {
	set := make(map[string]bool)
	for _, one := range all {
		set[one] = true
	}
	return set
}

// overSocket asks for one answer on a WebSocket.
func (c company) overSocket(t *testing.T, s socket, query string, variables vars) answer {
	t.Helper()
	id := uuid.NewString()
	s.subscribe(t, id, query, variables)
	a := s.receive(t).answer(t)
	require.Equal(t, "complete", s.receive(t).Type)
	return a
}

func TestChangesOfAnotherCompanyAreNotHeard(t *testing.T) {
	t.Parallel()
	theirs, ours := twoCompanies(t)
	ours.listen(t)
	s := ours.connect(t, nil)
	s.subscribe(t, "inbox", `subscription { inboxChanged { waitingCount routedCount } }`, nil)
	require.JSONEq(t, `{"inboxChanged":{"waitingCount":0,"routedCount":0}}`, string(encode(t, s.receive(t).answer(t).Data)))
	s.subscribe(t, "accounts", `subscription { accountStatusChanged { account { email } } }`, nil)
	s.subscribe(t, "incidents", `subscription { incidentChanged { incident { account { email } } } }`, nil)
	theirs.fails(t, "theirs@example.com")
	ours.fails(t, "ours@example.com")
	heard := make(map[string]bool)
	for len(heard) < 2 {
		m := s.receive(t)
		heard[m.ID] = true
		require.Contains(t, string(encode(t, m.answer(t).Data)), "ours@example.com", m.ID)
	}
	require.Equal(t, map[string]bool{"accounts": true, "incidents": true}, heard)
}

// attempts are all the ways to name a thing of somebody else's in a mutation: the id stands in for
// theirs, or for one that nobody has.
func (f *full) attempts(ours full) map[string][]attempt {
	app, opening := ours.application.ID, ours.opening.ID
	return map[string][]attempt{
		"endSession":        {{`endSession(id: $id)`, f.session}},
		"stopAccount":       {{`stopAccount(id: $id)`, f.account}},
		"importNow":         {{`importNow(accountId: $id)`, f.account}},
		"createRoutingRule": {{`createRoutingRule(input: {medium: WANTEDLY, positionName: "x", openingId: $id})`, f.opening.ID}},
		"updateRoutingRule": {
			{`updateRoutingRule(id: $id, input: {medium: WANTEDLY, positionName: "x", openingId: "` + opening.String() + `"})`, f.rule.ID},
			{`updateRoutingRule(id: "` + ours.rule.ID.String() + `", input: {medium: WANTEDLY, positionName: "x", openingId: $id})`, f.opening.ID},
		},
		"deleteRoutingRule": {{`deleteRoutingRule(id: $id)`, f.rule.ID}},
		"routeEntry": {
			{`routeEntry(id: $id, openingId: "` + opening.String() + `")`, f.waiting.ID},
			{`routeEntry(id: "` + ours.waiting.ID.String() + `", openingId: $id)`, f.opening.ID},
		},
		"excludeEntry": {{`excludeEntry(id: $id)`, f.waiting.ID}},
		"restoreEntry": {{`restoreEntry(id: $id)`, f.excluded.ID}},
		"routeEntries": {
			{`routeEntries(ids: [$id], openingId: "` + opening.String() + `")`, f.waiting.ID},
			{`routeEntries(ids: ["` + ours.waiting.ID.String() + `"], openingId: $id)`, f.opening.ID},
		},
		"excludeEntries":      {{`excludeEntries(ids: [$id])`, f.waiting.ID}},
		"restoreEntries":      {{`restoreEntries(ids: [$id])`, f.excluded.ID}},
		"undoRoutingAction":   {{`undoRoutingAction(id: $id)`, f.action}},
		"retryInvalidRecords": {{`retryInvalidRecords(ids: [$id])`, f.invalid}},
		"createOpening":       {{`createOpening(input: {name: "x", steps: [{id: $id, kind: ENTRY, name: "x"}]})`, f.step}},
		"updateOpening": {
			{`updateOpening(id: $id, input: {name: "x"})`, f.opening.ID},
			{`updateOpening(id: "` + ours.other.ID.String() + `", input: {name: "x", steps: [{id: $id, kind: ENTRY, name: "x"}]})`, f.step},
		},
		"closeOpening":  {{`closeOpening(id: $id)`, f.opening.ID}},
		"reopenOpening": {{`reopenOpening(id: $id)`, f.closed.ID}},
		"moveApplication": {
			{`moveApplication(id: $id, stepId: "` + ours.step.String() + `")`, f.application.ID},
			{`moveApplication(id: "` + app.String() + `", stepId: $id)`, f.step},
		},
		"closeApplication":  {{`closeApplication(id: $id, outcome: REJECTED)`, f.application.ID}},
		"reopenApplication": {{`reopenApplication(id: $id)`, f.ended.ID}},
		"rerouteApplication": {
			{`rerouteApplication(id: $id, openingId: "` + opening.String() + `")`, f.application.ID},
			{`rerouteApplication(id: "` + app.String() + `", openingId: $id)`, f.other.ID},
		},
		"moveApplications": {
			{`moveApplications(applications: [{id: $id}], stepId: "` + ours.step.String() + `")`, f.application.ID},
			{`moveApplications(applications: [{id: "` + app.String() + `"}], stepId: $id)`, f.step},
		},
		"closeApplications":   {{`closeApplications(applications: [{id: $id}], outcome: REJECTED)`, f.application.ID}},
		"inviteMemberAgain":   {{`inviteMemberAgain(id: $id)`, f.invited.ID}},
		"resetMemberPassword": {{`resetMemberPassword(id: $id)`, f.actor.Member.ID}},
		"updateMemberRoles":   {{`updateMemberRoles(id: $id, roles: [ADMIN])`, f.invited.ID}},
		"disableMember":       {{`disableMember(id: $id)`, f.invited.ID}},
		"enableMember":        {{`enableMember(id: $id)`, f.invited.ID}},
		"revokeToken":         {{`revokeToken(id: $id)`, f.spare.ID}},
		"eraseCandidate":      {{`eraseCandidate(id: $id)`, f.candidate}},
		"updateCandidate":     {{`updateCandidate(id: $id, input: {note: "x"})`, f.candidate}},
		"dismissDuplicate": {
			{`dismissDuplicate(candidateId: $id, otherId: "` + ours.candidate.String() + `")`, f.candidate},
			{`dismissDuplicate(candidateId: "` + ours.candidate.String() + `", otherId: $id)`, f.candidate},
		},
		"restoreDuplicate": {
			{`restoreDuplicate(candidateId: $id, otherId: "` + ours.candidate.String() + `")`, f.candidate},
			{`restoreDuplicate(candidateId: "` + ours.candidate.String() + `", otherId: $id)`, f.candidate},
		},
		"mergeCandidates": {
			{`mergeCandidates(intoId: $id, fromId: "` + ours.candidate.String() + `")`, f.candidate},
			{`mergeCandidates(intoId: "` + ours.candidate.String() + `", fromId: $id)`, f.candidate},
		},
		"updateNotificationEndpoint":  {{`updateNotificationEndpoint(id: $id, input: {name: "x", kinds: [STALE]})`, f.endpoint}},
		"disableNotificationEndpoint": {{`disableNotificationEndpoint(id: $id)`, f.endpoint}},
		"enableNotificationEndpoint":  {{`enableNotificationEndpoint(id: $id)`, f.endpoint}},
		"removeNotificationEndpoint":  {{`removeNotificationEndpoint(id: $id)`, f.endpoint}},
		"rotateNotificationSecret":    {{`rotateNotificationSecret(id: $id)`, f.endpoint}},
		"sendTestNotification":        {{`sendTestNotification(endpointId: $id)`, f.endpoint}},
		"replayNotification":          {{`replayNotification(id: $id)`, f.delivery}},
		"undoMerge":                   {{`undoMerge(id: $id)`, f.merge}},
		"cancelApplicantFile":         {{`cancelApplicantFile(id: $id)`, f.file.ID}},
	}
}

type attempt struct {
	mutation string
	id       uuid.UUID
}

func TestAMutationOfAnotherCompanysThingsFindsNothing(t *testing.T) {
	t.Parallel()
	d := open(t)
	theirs, ours := fill(t, d.company(t, "甲社")), fill(t, d.company(t, "乙社"))
	before := theirs.everything(t) + ours.everything(t)
	all := theirs.attempts(ours)
	for name, attempts := range all {
		for _, a := range attempts {
			var got []string
			for _, id := range []uuid.UUID{a.id, uuid.New()} {
				selected := `errors { code message field }`
				many := strings.Contains(a.mutation, "(ids: [$id]") || strings.Contains(a.mutation, "(applications: [{id: $id}]")
				if many {
					selected += ` refused { code message }`
				}
				answer := ours.ask(t, `mutation ($id: ID!) { `+a.mutation+` { __typename `+selected+` } }`, vars{"id": id})
				errs := digList(t, answer, name, "errors")
				if many {
					require.Empty(t, errs)
					errs = digList(t, answer, name, "refused")
				}
				require.Equal(t, "NOT_FOUND", digString(t, errs, 0, "code"), "%s: %v", a.mutation, answer)
				got = append(got, string(encode(t, answer)))
			}
			require.JSONEq(t, got[1], got[0], "a foreign id and a missing one look alike: %s", a.mutation)
		}
	}
	require.JSONEq(t, `["NOT_FOUND"]`, ours.previewCodes(t, theirs.opening.ID))
	require.Equal(t, before, theirs.everything(t)+ours.everything(t), "nothing has changed")

	for _, field := range served(t).Mutation.Fields {
		if takesID(served(t), field.Arguments) {
			require.Contains(t, all, field.Name, "each mutation that takes an id is tried")
		}
	}
}

func (c company) previewCodes(t *testing.T, opening uuid.UUID) string {
	t.Helper()
	a := c.try(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "x", openingId: $id) { wouldRoute } }`, vars{"id": opening})
	codes := []string{}
	for _, e := range a.Errors {
		codes = append(codes, e.code())
	}
	return string(encode(t, codes))
}

// takesID reports whether an id can be named in the arguments.
func takesID(schema *ast.Schema, arguments ast.ArgumentDefinitionList) bool {
	for _, argument := range arguments {
		if argument.Type.Name() == "ID" || inputTakesID(schema, argument.Type.Name()) {
			return true
		}
	}
	return false
}

func inputTakesID(schema *ast.Schema, name string) bool {
	if schema.Types[name].Kind != ast.InputObject {
		return false
	}
	for _, field := range schema.Types[name].Fields {
		if field.Type.Name() == "ID" || inputTakesID(schema, field.Type.Name()) {
			return true
		}
	}
	return false
}

// everything is all that a company can see of itself and that may change.
func (c company) everything(t *testing.T) string {
	t.Helper()
	return strings.Join([]string{fmt.Sprint(c.ask(t, `{
		accounts { id status revision nextImportAt importRuns { nodes { id status seen } } }
		inbox { nodes { id state explanation { summary } decisions { at } application { id } } }
		routingActions { nodes { id undone } }
		invalidRecords { nodes { id state attempts } }
		routingRules { nodes { id positionName revision opening { id } } }
		openings { nodes { id name status revision steps { id name } applicationCount } }
		applications { nodes { id revision outcome step { id } opening { id } history { at by note } } }
		incidents { nodes { id resolvedAt deliveries { nodes { id state } } } }
		notificationEndpoints { id revision disabledAt }
		members { nodes { id status revision invitedAt roles tokens { id revokedAt } } }
	}`, nil))}, "\n")
}
