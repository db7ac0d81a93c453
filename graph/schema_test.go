package graph_test

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/graph"
)

//go:embed contract.graphqls
var contract string

func parse(t *testing.T, name, sdl string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: sdl})
	require.NoError(t, err)
	return schema
}

// served is the schema as /schema.graphql gives it.
func served(t *testing.T) *ast.Schema {
	t.Helper()
	return parse(t, "served", graph.Schema())
}

// own are the types that a schema itself brings.
func own(schema *ast.Schema) []*ast.Definition {
	var types []*ast.Definition
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		if !schema.Types[name].BuiltIn {
			types = append(types, schema.Types[name])
		}
	}
	return types
}

func TestTheSchemaHoldsTheWholeContract(t *testing.T) {
	t.Parallel()
	ours := served(t)
	for _, promised := range own(parse(t, "contract", contract)) {
		kept := ours.Types[promised.Name]
		require.NotNil(t, kept, "type %s", promised.Name)
		require.Equal(t, promised.Kind, kept.Kind, promised.Name)
		require.Subset(t, kept.Interfaces, promised.Interfaces, promised.Name)
		for _, value := range promised.EnumValues {
			require.NotNil(t, kept.EnumValues.ForName(value.Name), "%s.%s", promised.Name, value.Name)
		}
		for _, field := range promised.Fields {
			requireKept(t, promised.Name, field, kept.Fields.ForName(field.Name))
		}
		for _, field := range kept.Fields {
			if promised.Kind == ast.InputObject && promised.Fields.ForName(field.Name) == nil {
				require.True(t, optional(field.Type, field.DefaultValue), "%s.%s is asked of clients that do not know it", promised.Name, field.Name)
			}
		}
	}
}

func requireKept(t *testing.T, of string, promised, kept *ast.FieldDefinition) {
	t.Helper()
	at := of + "." + promised.Name
	require.NotNil(t, kept, at)
	require.Equal(t, promised.Type.String(), kept.Type.String(), at)
	require.Equal(t, promised.DefaultValue.String(), kept.DefaultValue.String(), at)
	for _, argument := range promised.Arguments {
		has := kept.Arguments.ForName(argument.Name)
		require.NotNil(t, has, "%s(%s)", at, argument.Name)
		require.Equal(t, argument.Type.String(), has.Type.String(), "%s(%s)", at, argument.Name)
		require.Equal(t, argument.DefaultValue.String(), has.DefaultValue.String(), "%s(%s)", at, argument.Name)
	}
	for _, argument := range kept.Arguments {
		if promised.Arguments.ForName(argument.Name) == nil {
			require.True(t, optional(argument.Type, argument.DefaultValue), "%s(%s) is asked of clients that do not know it", at, argument.Name)
		}
	}
}

func optional(kind *ast.Type, byDefault *ast.Value) bool { return !kind.NonNull || byDefault != nil }

func TestEverythingInTheSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	for _, definition := range own(served(t)) {
		require.NotEmpty(t, definition.Description, definition.Name)
		for _, value := range definition.EnumValues {
			require.NotEmpty(t, value.Description, "%s.%s", definition.Name, value.Name)
		}
	}
}

func TestTheServedSchemaIsWhatIntrospectionTells(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	stranger := c
	stranger.token = ""
	response := read(t, c.client, stranger.request(t, http.MethodGet, strings.TrimSuffix(c.url, "/graphql")+"/schema.graphql", ""))
	require.Equal(t, http.StatusOK, response.status)
	require.Contains(t, response.header.Get("Content-Type"), "text/plain; charset=utf-8")

	var want []string
	for _, definition := range own(parse(t, "served", response.raw)) {
		want = append(want, told(definition)...)
	}
	var got []string
	for _, one := range digList(t, c.ask(t, introspection, nil), "__schema", "types") {
		if name := digString(t, one, "name"); !strings.HasPrefix(name, "__") && !slices.Contains([]string{"Int", "Float", "String", "Boolean", "ID"}, name) {
			got = append(got, introspected(t, one)...)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got)
}

// told are a type's lines, one for each thing that it has.
func told(d *ast.Definition) []string {
	lines := []string{fmt.Sprint(d.Name, " ", d.Kind, " ", d.Description)}
	for _, name := range d.Interfaces {
		lines = append(lines, d.Name+" is "+name)
	}
	for _, value := range d.EnumValues {
		lines = append(lines, fmt.Sprint(d.Name, ".", value.Name, " ", value.Description))
	}
	for _, field := range d.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		at := d.Name + "." + field.Name
		lines = append(lines, fmt.Sprint(at, ": ", field.Type, defaultOf(field.DefaultValue), " ", field.Description))
		for _, argument := range field.Arguments {
			lines = append(lines, fmt.Sprint(at, "(", argument.Name, ": ", argument.Type, defaultOf(argument.DefaultValue), ") ", argument.Description))
		}
	}
	return lines
}

func defaultOf(value *ast.Value) string {
	if value == nil {
		return ""
	}
	return " = " + value.String()
}

const introspection = `
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
fragment input on __InputValue { name description defaultValue type { ...type } }
{ __schema { types {
	kind name description interfaces { name }
	enumValues(includeDeprecated: true) { name description }
	inputFields { ...input }
	fields(includeDeprecated: true) { name description type { ...type } args { ...input } }
} } }`

// introspected are the same lines from an introspection.
func introspected(t *testing.T, one any) []string {
	t.Helper()
	name := digString(t, one, "name")
	lines := []string{fmt.Sprint(name, " ", dig(t, one, "kind"), " ", text(t, one))}
	for _, of := range some(t, one, "interfaces") {
		lines = append(lines, name+" is "+digString(t, of, "name"))
	}
	for _, value := range some(t, one, "enumValues") {
		lines = append(lines, fmt.Sprint(name, ".", dig(t, value, "name"), " ", text(t, value)))
	}
	for _, field := range some(t, one, "inputFields") {
		lines = append(lines, fmt.Sprint(name, ".", input(t, field), " ", text(t, field)))
	}
	for _, field := range some(t, one, "fields") {
		at := name + "." + digString(t, field, "name")
		lines = append(lines, fmt.Sprint(at, ": ", typeOf(t, dig(t, field, "type")), " ", text(t, field)))
		for _, argument := range some(t, field, "args") {
			lines = append(lines, fmt.Sprint(at, "(", input(t, argument), ") ", text(t, argument)))
		}
	}
	return lines
}

func input(t *testing.T, value any) string {
	t.Helper()
	line := digString(t, value, "name") + ": " + typeOf(t, dig(t, value, "type"))
	if byDefault, ok := dig(t, value, "defaultValue").(string); ok {
		line += " = " + byDefault
	}
	return line
}

func some(t *testing.T, value any, name string) []any {
	t.Helper()
	list, _ := dig(t, value, name).([]any)
	return list
}

func text(t *testing.T, value any) string {
	t.Helper()
	description, _ := dig(t, value, "description").(string)
	return description
}

func typeOf(t *testing.T, value any) string {
	t.Helper()
	switch digString(t, value, "kind") {
	case "NON_NULL":
		return typeOf(t, dig(t, value, "ofType")) + "!"
	case "LIST":
		return "[" + typeOf(t, dig(t, value, "ofType")) + "]"
	}
	return digString(t, value, "name")
}
