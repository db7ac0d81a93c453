package graph_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

// explorer asks for every field that a type has and notes which have come back with something.
type explorer struct {
	schema *ast.Schema
	seen   map[string]bool
}

// selection is every field of a type, so many levels deep.
func (x *explorer) selection(of *ast.Definition, depth int) string {
	var fields []string
	for _, field := range of.Fields {
		target := x.schema.Types[field.Type.Name()]
		switch {
		case strings.HasPrefix(field.Name, "__"):
		case target.IsLeafType():
			fields = append(fields, field.Name)
		case depth > 0 && target.Kind == ast.Object:
			fields = append(fields, field.Name+" "+x.selection(target, depth-1))
		}
	}
	return "{ __typename " + strings.Join(fields, " ") + " }"
}

// note walks an answer and makes sure that each value is what the schema says.
func (x *explorer) note(t *testing.T, of *ast.Type, at string, value any) {
	t.Helper()
	if value == nil {
		require.False(t, of.NonNull, "%s is null", at)
		return
	}
	x.seen[at] = true
	if of.Elem != nil {
		for _, item := range value.([]any) {
			x.note(t, of.Elem, at, item)
		}
		return
	}
	definition := x.schema.Types[of.Name()]
	object, ok := value.(map[string]any)
	if !ok {
		requireLeaf(t, definition, at, value)
		return
	}
	require.Equal(t, definition.Name, object["__typename"], at)
	for name, inner := range object {
		if name != "__typename" {
			x.note(t, definition.Fields.ForName(name).Type, definition.Name+"."+name, inner)
		}
	}
}

func requireLeaf(t *testing.T, of *ast.Definition, at string, value any) {
	t.Helper()
	switch of.Name {
	case "ID":
		_, err := uuid.Parse(value.(string))
		require.NoError(t, err, at)
	case "DateTime":
		text := value.(string)
		instant, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err, at)
		require.True(t, strings.HasSuffix(text, "Z"), "%s is in UTC: %s", at, text)
		require.Zero(t, instant.Nanosecond()%1000, "%s has microseconds: %s", at, text)
	case "String":
		require.IsType(t, "", value, at)
	case "Int":
		require.Zero(t, math.Mod(value.(float64), 1), at)
	case "Float":
		require.IsType(t, 0.0, value, at)
	case "Boolean":
		require.IsType(t, true, value, at)
	default:
		require.NotNil(t, of.EnumValues.ForName(value.(string)), "%s: %s", at, value)
	}
}

// unseen are the fields that nothing in a full company fills.
var unseen = map[string]string{
	"AuditLine.address":             "whoever stands before the server may say it, and here nobody does",
	"RoutingRuleActionState.reason": "whoever sees a rule may change and delete it",
	"WaitingPosition.closedOpening": "what waits here has no rule; TestWhatWaitsSaysWhatNearlyFits has one",
	"WaitingPosition.rule":          "the same",
}

func TestEveryFieldOfTheSchemaResolves(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	x := &explorer{schema: served(t), seen: make(map[string]bool)}
	f.exploreNodes(t, x)
	f.exploreFiles(t, x)
	f.exploreQueries(t, x)
	f.exploreMutations(t, x)
	f.exploreSubscriptions(t, x)
	f.exploreAudit(t, x)
	f.exploreUploads(t, x)

	for _, name := range slices.Sorted(maps.Keys(x.schema.Types)) {
		definition := x.schema.Types[name]
		if definition.Kind != ast.Object || strings.HasPrefix(name, "__") {
			continue
		}
		for _, field := range definition.Fields {
			if _, excused := unseen[name+"."+field.Name]; !excused && !strings.HasPrefix(field.Name, "__") {
				require.True(t, x.seen[name+"."+field.Name], "%s.%s was never anything", name, field.Name)
			}
		}
	}
}

func (f *full) exploreNodes(t *testing.T, x *explorer) {
	t.Helper()
	nodes := f.nodes()
	for _, possible := range x.schema.PossibleTypes["Node"] {
		require.Contains(t, nodes, possible.Name, "each type with an id is fetched by it")
	}
	extra := map[string][]uuid.UUID{
		"MediumAccount": {f.failing, f.stopped}, "ImportRun": {f.failedRun}, "InboxEntry": {f.waiting.ID, f.byHand.ID}, "Application": {f.ended.ID},
		"Member": {f.invited.ID}, "Candidate": {f.person}, "Incident": {f.silence},
	}
	for kind, id := range nodes {
		for _, id := range append(extra[kind], id) {
			for _, field := range x.schema.Types[kind].Fields {
				// A field at a time, so that no query grows too long.
				part, depth := &ast.Definition{Fields: ast.FieldList{field}}, 2
				if strings.HasSuffix(field.Type.Name(), "Connection") || field.Name == "explanation" {
					depth = 3
				}
				data := f.ask(t, `query ($id: ID!) { node(id: $id) { id ... on `+kind+` `+x.selection(part, depth)+` } }`, vars{"id": id})
				require.Equal(t, id.String(), digString(t, data, "node", "id"))
				x.note(t, ast.NamedType(kind, nil), "Query.node", dig(t, data, "node"))
			}
		}
	}
}

func (f *full) exploreQueries(t *testing.T, x *explorer) {
	t.Helper()
	arguments := map[string]string{
		"account":            `(id: "` + f.account.String() + `")`,
		"previewErasure":     `(id: "` + f.candidate.String() + `")`,
		"previewMerge":       `(intoId: "` + f.candidate.String() + `", fromId: "` + f.person.String() + `")`,
		"previewRoutingRule": `(medium: WANTEDLY, positionName: "` + waitingPosition + `", openingId: "` + f.other.ID.String() + `")`,
	}
	conflict := f.ask(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "`+routedPosition+`", openingId: $id) `+
		x.selection(x.schema.Types["RoutingPreview"], 1)+` }`, vars{"id": f.opening.ID})
	x.note(t, x.schema.Query.Fields.ForName("previewRoutingRule").Type, "Query.previewRoutingRule", dig(t, conflict, "previewRoutingRule"))
	decorated := f.ask(t, `query ($id: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "【急募】`+waitingPosition+`", openingId: $id) `+
		x.selection(x.schema.Types["RoutingPreview"], 1)+` }`, vars{"id": f.other.ID})
	x.note(t, x.schema.Query.Fields.ForName("previewRoutingRule").Type, "Query.previewRoutingRule", dig(t, decorated, "previewRoutingRule"))
	dismissed := f.ask(t, `query ($id: ID!) { node(id: $id) { id ... on Candidate { __typename possibleDuplicates(includeDismissed: true) `+
		x.selection(x.schema.Types["PossibleDuplicate"], 1)+` } } }`, vars{"id": f.candidate})
	x.note(t, ast.NamedType("Candidate", nil), "Query.node", dig(t, dismissed, "node"))
	_, err := f.service.RouteEntry(t.Context(), f.actor, f.onceMore, f.opening.ID)
	require.NoError(t, err)
	for _, field := range x.schema.Query.Fields {
		if strings.HasPrefix(field.Name, "__") || field.Name == "node" || takesFile(x.schema, field.Arguments) {
			continue
		}
		selection := ""
		if target := x.schema.Types[field.Type.Name()]; !target.IsLeafType() {
			selection = x.selection(target, 2)
		}
		data := f.ask(t, `{ `+field.Name+arguments[field.Name]+selection+` }`, nil)
		x.note(t, field.Type, "Query."+field.Name, dig(t, data, field.Name))
	}
}

// toldEndpoint is a delivery to the endpoint that has come to its end.
func (f *full) toldEndpoint(t *testing.T) (id uuid.UUID) {
	t.Helper()
	require.NoError(t, f.pool.QueryRow(t.Context(), `UPDATE deliveries SET state = 'SENT', next_at = NULL, ended_at = now()
		WHERE id = (SELECT id FROM deliveries WHERE endpoint_id = $1 AND ended_at IS NULL OR state = 'OVERTAKEN' AND endpoint_id = $1 ORDER BY id LIMIT 1) RETURNING id`, f.endpoint).Scan(&id))
	return id
}

// exploreMutations does each once, and then something that cannot be.
func (f *full) exploreMutations(t *testing.T, x *explorer) {
	t.Helper()
	account, opening, other := f.account.String(), f.opening.ID.String(), f.other.ID.String()
	app, ended, invited := f.application.ID.String(), f.ended.ID.String(), f.invited.ID.String()
	for _, mutation := range []string{
		`registerAccount(input: {email: "wrong@example.com", password: "p"})`,
		`importNow(accountId: "` + account + `")`,
		`createRoutingRule(input: {medium: WANTEDLY, positionName: "` + otherPosition + `", openingId: "` + opening + `"})`,
		`updateRoutingRule(id: "` + f.rule.ID.String() + `", input: {medium: WANTEDLY, positionName: "x", openingId: "` + opening + `"}, expectedRevision: 1)`,
		`deleteRoutingRule(id: "` + f.rule.ID.String() + `")`,
		`routeEntry(id: "` + f.waiting.ID.String() + `", openingId: "` + opening + `")`,
		`restoreEntry(id: "` + f.excluded.ID.String() + `")`,
		`excludeEntry(id: "` + f.excluded.ID.String() + `")`,
		`restoreEntries(ids: ["` + f.excluded.ID.String() + `", "` + f.erased.String() + `"])`,
		`excludeEntries(ids: ["` + f.excluded.ID.String() + `"])`,
		`undoRoutingAction(id: "` + f.action.String() + `")`,
		`routeEntries(ids: ["` + f.byHand.ID.String() + `"], openingId: "` + opening + `")`,
		`createRoutingRule(input: {medium: WANTEDLY, positionName: "` + waitingPosition + `", openingId: "` + opening + `"})`,
		`retryInvalidRecords(ids: ["` + f.invalid.String() + `", "` + f.erased.String() + `"])`,
		`createOpening(input: {name: "x"})`,
		`updateOpening(id: "` + opening + `", input: {name: "y", capacity: 5}, expectedRevision: 1)`,
		`closeOpening(id: "` + opening + `")`,
		`reopenOpening(id: "` + opening + `")`,
		`moveApplication(id: "` + app + `", stepId: "` + f.step.String() + `", note: "n", expectedRevision: ` + fmt.Sprint(f.application.Revision) + `)`,
		`moveApplications(applications: [{id: "` + app + `"}], stepId: "` + f.step.String() + `")`,
		`rerouteApplication(id: "` + app + `", openingId: "` + other + `")`,
		`closeApplication(id: "` + app + `", outcome: WITHDRAWN, note: "n")`,
		`reopenApplication(id: "` + ended + `")`,
		`rerouteApplication(id: "` + ended + `", openingId: "` + other + `")`,
		`closeApplications(applications: [{id: "` + ended + `"}, {id: "` + app + `", expectedRevision: 1}], outcome: REJECTED, reasons: [SKILLS])`,
		`stopAccount(id: "` + account + `")`,
		`endSession(id: "` + f.session.String() + `")`,
		`endOtherSessions`,
		`inviteMember(input: {name: "高橋", email: "takahashi@example.com", roles: [RECRUITER]})`,
		`inviteMemberAgain(id: "` + invited + `")`,
		`updateMemberRoles(id: "` + invited + `", roles: [RECRUITER], expectedRevision: 1)`,
		`disableMember(id: "` + invited + `", expectedRevision: 2)`,
		`enableMember(id: "` + invited + `")`,
		`resetMemberPassword(id: "` + f.actor.Member.ID.String() + `")`,
		`createToken(input: {name: "n", expiresInDays: 1})`,
		`revokeToken(id: "` + f.spare.ID.String() + `")`,
		`updateCandidate(id: "` + f.candidate.String() + `", input: {email: null, note: "n"}, expectedRevision: 2)`,
		`restoreDuplicate(candidateId: "` + f.candidate.String() + `", otherId: "` + f.byHand.CandidateID.String() + `")`,
		`dismissDuplicate(candidateId: "` + f.candidate.String() + `", otherId: "` + f.person.String() + `")`,
		`undoMerge(id: "` + f.merge.String() + `")`,
		`mergeCandidates(intoId: "` + f.candidate.String() + `", fromId: "` + f.person.String() + `", expectedRevisions: {into: 3, from: 6})`,
		`eraseCandidate(id: "` + f.candidate.String() + `")`,
		`updateRetention(months: 24)`,
		`updateNotificationPreferences(input: {language: EN, mail: [STALE]})`,
		`addNotificationEndpoint(channel: WEBHOOK, input: {name: "n", url: "https://example.com/", kinds: [WAITING]})`,
		`updateNotificationEndpoint(id: "` + f.endpoint.String() + `", input: {name: "n", kinds: [STALE]}, expectedRevision: 1)`,
		`rotateNotificationSecret(id: "` + f.endpoint.String() + `")`,
		`sendTestNotification(endpointId: "` + f.endpoint.String() + `")`,
		`disableNotificationEndpoint(id: "` + f.endpoint.String() + `")`,
		`enableNotificationEndpoint(id: "` + f.endpoint.String() + `")`,
		`replayNotification(id: "` + f.toldEndpoint(t).String() + `")`,
		`removeNotificationEndpoint(id: "` + f.endpoint.String() + `")`,
	} {
		name, _, _ := strings.Cut(mutation, "(")
		kind := x.schema.Mutation.Fields.ForName(name).Type
		query := `mutation { ` + mutation + x.selection(x.schema.Types[kind.Name()], 1) + ` }`
		data := f.ask(t, query, nil)
		require.Empty(t, dig(t, data, name, "errors"), mutation)
		x.note(t, kind, "Mutation."+name, dig(t, data, name))
	}
	over := f.ask(t, `{ viewer { tokens `+x.selection(x.schema.Types["ApiToken"], 1)+` } invalidRecords { nodes `+x.selection(x.schema.Types["InvalidRecord"], 1)+` } }`, nil)
	x.note(t, x.schema.Types["Viewer"].Fields.ForName("tokens").Type, "Viewer.tokens", dig(t, over, "viewer", "tokens"))
	x.note(t, x.schema.Types["InvalidRecordConnection"].Fields.ForName("nodes").Type, "InvalidRecordConnection.nodes", dig(t, over, "invalidRecords", "nodes"))
	conflict := f.ask(t, `mutation { reopenApplication(id: "`+ended+`", expectedRevision: 1) { conflict `+x.selection(x.schema.Types["ApplicationConflict"], 2)+` } }`, nil)
	x.note(t, x.schema.Types["ApplicationPayload"].Fields.ForName("conflict").Type, "ApplicationPayload.conflict", dig(t, conflict, "reopenApplication", "conflict"))
	passed := f.ask(t, `mutation { closeApplications(applications: [{id: "`+ended+`", expectedRevision: 1}], outcome: REJECTED) { refused `+x.selection(x.schema.Types["ApplicationRefusal"], 1)+` } }`, nil)
	x.note(t, x.schema.Types["ApplicationsPayload"].Fields.ForName("refused").Type, "ApplicationsPayload.refused", dig(t, passed, "closeApplications", "refused"))
	moved := f.ask(t, `query ($id: ID!) { node(id: $id) { ... on Application { explanation { reroutings `+x.selection(x.schema.Types["Rerouting"], 1)+` } } } }`, vars{"id": ended})
	x.note(t, x.schema.Types["RoutingExplanation"].Fields.ForName("reroutings").Type, "RoutingExplanation.reroutings", dig(t, moved, "node", "explanation", "reroutings"))
	failed := f.ask(t, `mutation { stopAccount(id: "`+account+`") { __typename errors `+x.selection(x.schema.Types["UserError"], 0)+` } }`, nil)
	x.note(t, x.schema.Mutation.Fields.ForName("stopAccount").Type, "Mutation.stopAccount", dig(t, failed, "stopAccount"))
}

// exploreUploads sends a file in which all is well and one in which a line is wrong.
func (f *full) exploreUploads(t *testing.T, x *explorer) {
	t.Helper()
	field := x.schema.Mutation.Fields.ForName("importRoutingRules")
	for _, line := range []string{"doda,p," + f.other.Name, "doda,q,ない"} {
		query := `mutation ($file: Upload!) { importRoutingRules(file: $file) ` + x.selection(x.schema.Types[field.Type.Name()], 1) + ` }`
		a := read(t, f.client, f.upload(t, form(asked(query), theMap, ruleFile(ruleHead+line+"\n"))))
		require.Empty(t, a.Errors, a.raw)
		x.note(t, field.Type, "Mutation.importRoutingRules", dig(t, a.Data, "importRoutingRules"))
	}
}

// exploreAudit reads what the mutations have left in the log.
func (f *full) exploreAudit(t *testing.T, x *explorer) {
	t.Helper()
	data := f.ask(t, `{ auditLog(first: 100) `+x.selection(x.schema.Types["AuditConnection"], 2)+` }`, nil)
	x.note(t, x.schema.Query.Fields.ForName("auditLog").Type, "Query.auditLog", dig(t, data, "auditLog"))
}

// maybe puts arguments in parentheses, where there are any.
func maybe(arguments string) string {
	if arguments == "" {
		return ""
	}
	return "(" + arguments + ")"
}

func (f *full) exploreSubscriptions(t *testing.T, x *explorer) {
	t.Helper()
	s := f.connect(t, nil)
	for _, field := range x.schema.Subscription.Fields {
		named := map[bool]string{true: `openingId: "` + f.opening.ID.String() + `"`}[field.Name == "selectionChanged"]
		start := f.streamByPost(t, `subscription { `+field.Name+maybe(named)+x.selection(x.schema.Types[field.Type.Name()], 1)+` }`, nil)
		x.note(t, field.Type, "Subscription."+field.Name, dig(t, start.receive(t).answer(t).Data, field.Name))
		// From the beginning: what happened comes with what was before it.
		s.subscribe(t, field.Name, `subscription { `+field.Name+`(after: "MS4w" `+named+`) `+x.selection(x.schema.Types[field.Type.Name()], 1)+` }`, nil)
		for range 3 {
			x.note(t, field.Type, "Subscription."+field.Name, dig(t, s.receive(t).answer(t).Data, field.Name))
		}
		s.send(t, message{ID: field.Name, Type: "complete"})
		s.send(t, message{Type: "ping"})
		for m := s.receive(t); m.Type != "pong"; m = s.receive(t) {
			require.Equal(t, "next", m.Type)
		}
	}
}
