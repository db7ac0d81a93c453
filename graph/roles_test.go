package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// colleague is the same company with another member of it at the door.
func (c company) colleague(t *testing.T, roles ...intake.Role) company {
	t.Helper()
	member, err := c.service.CreateMember(t.Context(), intake.NewMember{
		CompanyID: c.actor.Company.ID, Name: fmt.Sprint(roles), Email: uuid.NewString() + "@example.com", Roles: roles,
	})
	require.NoError(t, err)
	c.actor = intake.Actor{Company: c.actor.Company, Member: member}
	c.token = c.newToken(t, 0)
	return c
}

// everyMixOfRoles are all that a member may be.
func everyMixOfRoles() [][]intake.Role {
	a, r, c := intake.RoleAdmin, intake.RoleRecruiter, intake.RoleCoordinator
	return [][]intake.Role{{a}, {r}, {c}, {a, r}, {a, c}, {r, c}, {a, r, c}}
}

// guarded is a field that only some roles may ask for.
type guarded struct {
	name string
	// operation asks for it, with arguments that fit but lead to nothing.
	operation string
	streams   bool
	roles     []intake.Role
}

// guardedFields are all those of the schema, wherever they stand.
func (f *full) guardedFields(t *testing.T) []guarded {
	t.Helper()
	schema := served(t)
	var all []guarded
	for _, definition := range own(schema) {
		for _, field := range definition.Fields {
			directive := field.Directives.ForName("hasRole")
			if directive == nil || takesFile(schema, field.Arguments) {
				// A file is no literal: see TestFilesAreForRecruitersAlone.
				continue
			}
			g := guarded{name: definition.Name + "." + field.Name, streams: definition == schema.Subscription}
			for _, role := range directive.Arguments.ForName("any").Value.Children {
				g.roles = append(g.roles, intake.Role(role.Value.Raw))
			}
			g.operation = f.operation(t, schema, definition, field)
			all = append(all, g)
		}
	}
	return all
}

func (f *full) operation(t *testing.T, schema *ast.Schema, of *ast.Definition, field *ast.FieldDefinition) string {
	t.Helper()
	asked := field.Name + sampleArguments(schema, field.Arguments)
	if !schema.Types[field.Type.Name()].IsLeafType() {
		asked += " { __typename }"
	}
	switch of {
	case schema.Query, schema.Mutation, schema.Subscription:
		return strings.ToLower(of.Name) + " { " + asked + " }"
	}
	id, known := f.nodes()[of.Name]
	require.True(t, known, "%s.%s: say here how it is reached", of.Name, field.Name)
	return `query { node(id: "` + id.String() + `") { ... on ` + of.Name + ` { ` + asked + ` } } }`
}

// sampleArguments are the least that a field takes.
func sampleArguments(schema *ast.Schema, arguments ast.ArgumentDefinitionList) string {
	var given []string
	for _, a := range arguments {
		if !optional(a.Type, a.DefaultValue) {
			given = append(given, a.Name+": "+sample(schema, a.Type))
		}
	}
	if given == nil {
		return ""
	}
	return "(" + strings.Join(given, ", ") + ")"
}

func sample(schema *ast.Schema, kind *ast.Type) string {
	if kind.Elem != nil {
		return "[" + sample(schema, kind.Elem) + "]"
	}
	definition := schema.Types[kind.Name()]
	switch {
	case definition.Kind == ast.Enum:
		return definition.EnumValues[0].Name
	case definition.Kind == ast.InputObject:
		var given []string
		for _, field := range definition.Fields {
			if !optional(field.Type, field.DefaultValue) {
				given = append(given, field.Name+": "+sample(schema, field.Type))
			}
		}
		return "{" + strings.Join(given, ", ") + "}"
	case definition.Name == "ID":
		return `"` + uuid.NewString() + `"`
	case definition.Name == "Int":
		return "1"
	}
	return `"x"`
}

// answerTo asks as a frontend would: what streams, by an event stream.
func (c company) answerTo(t *testing.T, g guarded) answer {
	t.Helper()
	if g.streams {
		return c.streamByPost(t, g.operation, nil).receive(t).answer(t)
	}
	return c.try(t, g.operation, nil)
}

// contents is all that the database holds but when tokens were used.
func (d *door) contents(t *testing.T) string {
	t.Helper()
	rows, err := d.pool.Query(t.Context(), "SELECT relname FROM pg_stat_user_tables ORDER BY relname")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	var all strings.Builder
	for _, table := range tables {
		var text string
		require.NoError(t, d.pool.QueryRow(t.Context(), fmt.Sprintf(
			"SELECT coalesce(string_agg((to_jsonb(x) - 'last_used_at')::text, E'\\n' ORDER BY to_jsonb(x)::text), '') FROM %s x", pgx.Identifier{table}.Sanitize())).Scan(&text))
		fmt.Fprintln(&all, table, text)
	}
	return all.String()
}

func TestEachFieldWithRolesIsForbiddenToAllOthersAndToNobodyElse(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	fields := f.guardedFields(t)
	require.Greater(t, len(fields), 30)
	var viewers []company
	for _, roles := range everyMixOfRoles() {
		viewers = append(viewers, f.colleague(t, roles...))
	}
	before, refused, let := f.contents(t), 0, 0
	for _, g := range fields {
		for _, viewer := range viewers {
			if viewer.actor.Holds(g.roles...) {
				continue
			}
			a := viewer.answerTo(t, g)
			require.Len(t, a.Errors, 1, "%s as %v: %s", g.name, viewer.actor.Member.Roles, a.raw)
			require.Equal(t, "FORBIDDEN", a.Errors[0].code(), "%s as %v: %s", g.name, viewer.actor.Member.Roles, a.raw)
			refused++
		}
	}
	require.Equal(t, before, f.contents(t), "nothing has changed")
	for _, g := range fields {
		for _, viewer := range viewers {
			if !viewer.actor.Holds(g.roles...) {
				continue
			}
			for _, e := range viewer.answerTo(t, g).Errors {
				require.NotEqual(t, "FORBIDDEN", e.code(), "%s as %v", g.name, viewer.actor.Member.Roles)
				require.NotEqual(t, "INTERNAL", e.code(), "%s as %v", g.name, viewer.actor.Member.Roles)
			}
			let++
		}
	}
	require.Equal(t, len(fields)*len(viewers), refused+let)
}

func TestAPureAdministratorSeesNothingOfWhoApplied(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	admin, recruiter := f.colleague(t, intake.RoleAdmin), f.colleague(t, intake.RoleRecruiter)
	adminsOwn := []string{"NotificationEndpoint", "NotificationDelivery"}
	hidden := []string{"Candidate", "InboxEntry", "RoutingRule", "Opening", "Application", "RoutingAction", "Erasure", "ApplicantFileImport"}
	for kind, id := range f.nodes() {
		query, v := `query ($id: ID!) { node(id: $id) { __typename id } }`, vars{"id": id}
		require.Equal(t, slices.Contains(adminsOwn, kind), dig(t, recruiter.ask(t, query, v), "node") == nil, kind)
		if node := dig(t, admin.ask(t, query, v), "node"); slices.Contains(hidden, kind) {
			require.Nil(t, node, kind)
		} else {
			require.Equal(t, kind, digString(t, node, "__typename"))
		}
	}
	entries := `query ($id: ID!) { node(id: $id) { ... on ImportRun { entries { nodes { candidate { name } } } } } }`
	require.NotContains(t, admin.refused(t, "FORBIDDEN", entries, vars{"id": f.run}).raw, "応募者")
	require.NotEmpty(t, digList(t, recruiter.ask(t, entries, vars{"id": f.run}), "node", "entries", "nodes"))
}

// duties are a field for each permission that has one: what a viewer is told fits what they are let do.
var duties = map[string][]string{
	"MANAGE_LINKS":         {"Mutation.registerAccount", "Mutation.stopAccount", "Mutation.importNow", "ImportRun.quarantine"},
	"MANAGE_MEMBERS":       {"Query.members", "Mutation.inviteMember", "Mutation.inviteMemberAgain", "Mutation.resetMemberPassword", "Mutation.updateMemberRoles", "Mutation.disableMember", "Mutation.enableMember"},
	"MANAGE_NOTIFICATIONS": {"Query.notificationEndpoints", "Incident.deliveries", "Mutation.addNotificationEndpoint", "Mutation.updateNotificationEndpoint", "Mutation.disableNotificationEndpoint", "Mutation.enableNotificationEndpoint", "Mutation.removeNotificationEndpoint", "Mutation.rotateNotificationSecret", "Mutation.sendTestNotification", "Mutation.replayNotification"},
	"MANAGE_RETENTION":     {"Company.retentionMonths", "Mutation.updateRetention"},
	"WORK_INBOX":           {"Query.inbox", "Query.candidates", "Query.waitingPositions", "Mutation.routeEntry", "Mutation.excludeEntry", "Mutation.restoreEntry", "Subscription.inboxChanged", "ImportRun.entries", "InvalidRecord.entry", "Query.inboxSummary", "Query.routingActions", "Mutation.routeEntries", "Mutation.excludeEntries", "Mutation.restoreEntries", "Mutation.undoRoutingAction"},
	"MANAGE_RULES":         {"Query.routingRules", "Query.previewRoutingRule", "Mutation.createRoutingRule", "Mutation.updateRoutingRule", "Mutation.deleteRoutingRule"},
	"MANAGE_OPENINGS":      {"Query.openings", "Query.busiestOpenings", "Mutation.createOpening", "Mutation.updateOpening", "Mutation.closeOpening", "Mutation.reopenOpening", "Subscription.openingChanged"},
	"CONDUCT_SELECTION":    {"Query.applications", "Query.selectionBegun", "Mutation.moveApplication", "Mutation.closeApplication", "Mutation.reopenApplication", "Mutation.rerouteApplication", "Mutation.moveApplications", "Mutation.closeApplications", "Query.closingReasons", "Subscription.selectionChanged", "Query.possibleDuplicates", "Query.previewMerge", "Mutation.updateCandidate", "Mutation.dismissDuplicate", "Mutation.restoreDuplicate", "Mutation.mergeCandidates", "Mutation.undoMerge"},
}

func TestAViewerIsToldWhatTheyMayDo(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	told := make(map[string][]intake.Role)
	for _, role := range []intake.Role{intake.RoleAdmin, intake.RoleRecruiter, intake.RoleCoordinator} {
		answer := f.colleague(t, role).ask(t, `{ viewer { roles permissions } }`, nil)
		require.Equal(t, []any{string(role)}, dig(t, answer, "viewer", "roles"))
		for _, p := range digList(t, answer, "viewer", "permissions") {
			told[fmt.Sprint(p)] = append(told[fmt.Sprint(p)], role)
		}
	}
	for _, value := range served(t).Types["Permission"].EnumValues {
		require.NotEmpty(t, told[value.Name], value.Name)
	}
	of := make(map[string]string)
	for permission, fields := range duties {
		for _, field := range fields {
			of[field] = permission
		}
	}
	for _, g := range f.guardedFields(t) {
		if permission, known := of[g.name]; known {
			require.ElementsMatch(t, g.roles, told[permission], g.name)
			delete(of, g.name)
		}
	}
	require.Empty(t, of, "fields that are gone, or that anybody may ask for")
	for _, recruiters := range []string{"ERASE_CANDIDATES", "EXPORT", "HANDLE_FILES"} {
		require.Equal(t, []intake.Role{intake.RoleRecruiter}, told[recruiters], recruiters)
	}
	require.Equal(t, []intake.Role{intake.RoleAdmin}, told["READ_AUDIT"])
}
