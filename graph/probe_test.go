package graph_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// leastProbes is how many questions about another company's things are asked at least.
const leastProbes = 2000

// TestAForeignIDIsLikeAMissingOne asks, for every field of the schema that an id leads to, with every kind of
// id, between two companies in both directions and for every role: what is answered about a thing of the
// other company must be, to the byte, what is answered about a thing that does not exist.
func TestAForeignIDIsLikeAMissingOne(t *testing.T) {
	t.Parallel()
	d := open(t)
	one, other := fill(t, d.company(t, "甲社")), fill(t, d.company(t, "乙社"))
	if os.Getenv(withoutWalls) != "" {
		d.tearDownWalls(t)
	}
	probes := 0
	for _, pair := range [][2]full{{one, other}, {other, one}} {
		ours, theirs := pair[0], pair[1]
		foreign := theirs.ids(t)
		require.Greater(t, len(foreign), 12, "an id of each table")
		for _, viewer := range ours.everyRole(t) {
			probes += viewer.probe(t, ours, foreign)
		}
	}
	require.Greater(t, probes, leastProbes)
	t.Log("probes:", probes)
}

// everyRole is a company with somebody of each role, and of all.
func (f *full) everyRole(t *testing.T) []company {
	t.Helper()
	var viewers []company
	all := []intake.Role{intake.RoleAdmin, intake.RoleRecruiter, intake.RoleCoordinator}
	for n, roles := range [][]intake.Role{all[:1], all[1:2], all[2:], all} {
		c := f.company
		var err error
		c.actor.Member, err = c.service.CreateMember(t.Context(), intake.NewMember{
			CompanyID: c.actor.Company.ID, Name: "探り", Email: fmt.Sprintf("probe-%d@example.com", n), Roles: roles,
		})
		require.NoError(t, err)
		c.token = c.newToken(t, 0)
		viewers = append(viewers, c)
	}
	return viewers
}

// ids are one of the company from every table that has any.
func (f *full) ids(t *testing.T) map[string]uuid.UUID {
	t.Helper()
	rows, err := f.pool.Query(t.Context(), `
		SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		AND 2 = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('company_id', 'id')) ORDER BY 1`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	ids := map[string]uuid.UUID{"companies": f.actor.Company.ID}
	for _, table := range tables {
		var id uuid.UUID
		err := f.pool.QueryRow(t.Context(), `SELECT id FROM `+table+` WHERE company_id = $1 ORDER BY id LIMIT 1`, f.actor.Company.ID).Scan(&id)
		if err == nil {
			ids[table] = id
		}
	}
	maps.Copy(ids, f.nodes())
	return ids
}

// probe asks a viewer's every question and returns how many there were.
func (c company) probe(t *testing.T, ours full, foreign map[string]uuid.UUID) int {
	t.Helper()
	schema, missing := served(t), uuid.New()
	probes := 0
	for _, q := range questions(schema, ours) {
		absent := c.probed(t, q, missing)
		for _, worthless := range []string{"BAD_USER_INPUT", "QUERY_TOO_COMPLEX", "INTERNAL", "UNAUTHENTICATED"} {
			require.NotContains(t, absent, worthless, q.text)
		}
		for _, table := range slices.Sorted(maps.Keys(foreign)) {
			probes++
			id := foreign[table]
			require.Equal(t, absent, strings.ReplaceAll(c.probed(t, q, id), id.String(), missing.String()),
				"%v asks with the id of a foreign %s: %s", c.actor.Member.Roles, table, q.text)
		}
	}
	// Each field of each type, of the very thing.
	for kind, id := range ours.nodes() {
		foreignID := foreign[kind]
		require.NotEqual(t, id, foreignID)
		for _, field := range schema.Types[kind].Fields {
			probes++
			q := question{ast.Query, `query ($id: ID!) { node(id: $id) { ... on ` + kind + ` { ` + selected(schema, field, 2) + ` } } }`}
			require.Equal(t, c.probed(t, q, missing), c.probed(t, q, foreignID), q.text)
		}
	}
	return probes
}

// question is an operation with an id in it.
type question struct {
	kind ast.Operation
	text string
}

func (c company) probed(t *testing.T, q question, id uuid.UUID) string {
	t.Helper()
	if q.kind == ast.Subscription {
		s := c.streamByPost(t, q.text, vars{"id": id})
		a := s.receive(t).answer(t)
		return string(encode(t, a.Data)) + string(encode(t, a.Errors))
	}
	return c.try(t, q.text, vars{"id": id}).raw
}

// questions are all the ways to say an id at the roots of the schema, each with everything selected.
func questions(schema *ast.Schema, ours full) []question {
	var all []question
	for kind, root := range map[ast.Operation]*ast.Definition{
		ast.Query: schema.Query, ast.Mutation: schema.Mutation, ast.Subscription: schema.Subscription,
	} {
		for _, field := range root.Fields {
			for _, arguments := range ways(schema, field.Arguments, ours, root == schema.Mutation, field) {
				text := fmt.Sprintf("%s ($id: ID!) { %s(%s) %s }", kind, field.Name, arguments, selection(schema, field.Type.Name(), 3))
				all = append(all, question{kind, text})
			}
		}
	}
	slices.SortFunc(all, func(a, b question) int { return cmp.Compare(a.text, b.text) })
	return all
}

// ways are the arguments with $id in each place that takes an id, and what belongs to the asker elsewhere.
func ways(schema *ast.Schema, arguments ast.ArgumentDefinitionList, ours full, changes bool, field *ast.FieldDefinition) []string {
	var found []string
	for n, probed := range arguments {
		for _, value := range places(schema, probed.Type, ours, field) {
			parts := []string{probed.Name + ": " + value}
			for m, rest := range arguments {
				if m != n && (rest.Type.NonNull || changes && rest.Type.Name() == "ID") {
					parts = append(parts, rest.Name+": "+literal(schema, rest.Type, rest.Name, ours, field))
				}
			}
			found = append(found, strings.Join(parts, ", "))
		}
	}
	return found
}

// places are the values of a type with $id somewhere in it.
func places(schema *ast.Schema, typ *ast.Type, ours full, field *ast.FieldDefinition) []string {
	if typ.Elem != nil {
		var found []string
		for _, v := range places(schema, typ.Elem, ours, field) {
			found = append(found, "["+v+"]")
		}
		return found
	}
	definition := schema.Types[typ.Name()]
	switch {
	case typ.Name() == "ID":
		return []string{"$id"}
	case definition.Kind != ast.InputObject:
		return nil
	}
	var found []string
	for n, probed := range definition.Fields {
		for _, value := range places(schema, probed.Type, ours, field) {
			parts := []string{probed.Name + ": " + value}
			for m, rest := range definition.Fields {
				if m != n && rest.Type.NonNull {
					parts = append(parts, rest.Name+": "+literal(schema, rest.Type, rest.Name, ours, field))
				}
			}
			found = append(found, "{"+strings.Join(parts, ", ")+"}")
		}
	}
	return found
}

// literal is a value that would do, of the asker's own.
func literal(schema *ast.Schema, typ *ast.Type, name string, ours full, field *ast.FieldDefinition) string {
	if typ.Elem != nil {
		return "[" + literal(schema, typ.Elem, name, ours, field) + "]"
	}
	definition := schema.Types[typ.Name()]
	switch {
	case typ.Name() == "ID":
		return `"` + ours.own(schema, name, field).String() + `"`
	case definition.Kind == ast.Enum:
		return definition.EnumValues[len(definition.EnumValues)-1].Name
	case definition.Kind == ast.InputObject:
		var parts []string
		for _, f := range definition.Fields {
			if f.Type.NonNull {
				parts = append(parts, f.Name+": "+literal(schema, f.Type, f.Name, ours, field))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	switch typ.Name() {
	case "Int", "Float":
		return "1"
	case "Boolean":
		return "true"
	case "DateTime":
		return `"2026-01-01T00:00:00Z"`
	}
	return `"probe"`
}

// own is an id of the asker's own that an argument of this name would take.
func (f *full) own(schema *ast.Schema, name string, field *ast.FieldDefinition) uuid.UUID {
	switch name {
	case "openingId":
		return f.opening.ID
	case "stepId":
		return f.step
	case "accountId":
		return f.account
	}
	// The id of what the payload holds.
	for _, part := range schema.Types[field.Type.Name()].Fields {
		if id, known := f.nodes()[part.Type.Name()]; known {
			return id
		}
	}
	return uuid.Nil
}

// selection selects everything of a type that takes no arguments, to a depth.
func selection(schema *ast.Schema, name string, depth int) string {
	definition := schema.Types[name]
	switch {
	case definition.IsLeafType():
		return ""
	case definition.IsAbstractType():
		return "{ __typename }"
	}
	parts := []string{"__typename"}
	for _, field := range definition.Fields {
		if part := selected(schema, field, depth-1); part != "" {
			parts = append(parts, part)
		}
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// selected selects a field, or nothing where it leads too deep.
func selected(schema *ast.Schema, field *ast.FieldDefinition, depth int) string {
	for _, a := range field.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			return ""
		}
	}
	composite := schema.Types[field.Type.Name()].IsCompositeType()
	if composite && depth <= 0 {
		return ""
	}
	return field.Name + " " + selection(schema, field.Type.Name(), depth)
}

// withoutWalls is set in the environment of a test binary whose database shall have no walls.
const withoutWalls = "RENKEI_TEST_WITHOUT_WALLS"

func (d *door) tearDownWalls(t *testing.T) {
	t.Helper()
	_, err := d.pool.Exec(t.Context(), `DO $$ DECLARE t regclass; BEGIN
		FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t); END LOOP;
	END $$`)
	require.NoError(t, err)
}

// ownCondition is how a statement keeps to its company by itself.
var ownCondition = regexp.MustCompile(`\b(?:\w+\.)?company_id = (\$\d+)`)

// TestTheWallsHoldWithoutTheStatementsOwnConditions takes the condition on the company out of every
// statement and asks all of TestAForeignIDIsLikeAMissingOne again: row-level security alone must give the
// same answers. With the walls down too, those questions must find something, or they would be worth nothing.
func TestTheWallsHoldWithoutTheStatementsOwnConditions(t *testing.T) {
	t.Parallel()
	if os.Getenv(withoutWalls) != "" {
		return
	}
	binary := filepath.Join(t.TempDir(), "probes.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, "-overlay", unconditioned(t), ".")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	run := func(walls string) (string, error) {
		probes := exec.CommandContext(t.Context(), binary, "-test.run", "^TestAForeignIDIsLikeAMissingOne$", "-test.v")
		probes.Env = append(os.Environ(), withoutWalls+"="+walls)
		out, err := probes.CombinedOutput()
		return string(out), err
	}
	said, err := run("")
	require.NoError(t, err, said)
	require.Contains(t, said, "probes:")
	said, err = run("1")
	require.Error(t, err, "neither conditions nor walls, and the probes find nothing")
	require.Contains(t, said, "the id of a foreign")
}

// unconditioned writes the statements' Go without their conditions, and how it takes the place of the real one.
func unconditioned(t *testing.T) (overlay string) {
	t.Helper()
	dbgen, err := filepath.Abs("../db/dbgen")
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(dbgen, "*.sql.go"))
	require.NoError(t, err)
	dir, replaced, taken := t.TempDir(), map[string]string{}, 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		taken += len(ownCondition.FindAll(source, -1))
		copied := filepath.Join(dir, filepath.Base(file))
		// The parameter stays, so that the statement still takes it.
		require.NoError(t, os.WriteFile(copied, ownCondition.ReplaceAll(source, []byte("(${1}::uuid IS NOT NULL)")), 0o600))
		replaced[file] = copied
	}
	require.Greater(t, taken, 80, "conditions that were taken out")
	overlay = filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(overlay, encode(t, map[string]any{"Replace": replaced}), 0o600))
	return overlay
}
