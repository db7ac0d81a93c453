package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"renkei/intake"
)

// What an operation may look like. How deep it looks into the schema does not count.
const (
	tokenLimit     = 1000
	maxDepth       = 12
	maxRootFields  = 10
	maxAliases     = 15
	maxDirectives  = 20
	maxFields      = 300
	maxAliasLength = 64
)

// guard looks at a query before anything else walks it. gqlparser v2.5.64 validates in time that grows
// with the square of the fields of a selection, and gqlgen v0.17.98 can count no more than tokens before
// that, nor directives, aliases and depth after it. It goes when they do better.
type guard struct{ known *queries }

// ExtensionName implements graphql.HandlerExtension.
func (guard) ExtensionName() string { return "Guard" }

// Validate implements graphql.HandlerExtension.
func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements graphql.OperationParameterMutator: what is known has been looked at.
func (g guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if doc, known := g.known.Get(ctx, params.Query); known {
		return misplacedFile(ctx, doc)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, tokenLimit)
	if err != nil {
		if strings.Contains(err.Error(), "token limit") {
			return tooComplex(fmt.Sprintf("at most %d tokens", tokenLimit))
		}
		return nil // the executor parses too, and says where
	}
	if !known(actor(ctx)) && (len(doc.Fragments) > 0 || !every(doc.Operations, asksForNothing)) {
		// Nobody is validated for who may not ask: that takes the longest of all.
		return strangersAnswer().Errors[0]
	}
	if err := misplacedFile(ctx, doc); err != nil {
		return err
	}
	m := measuring{fragments: doc.Fragments, known: make(map[string]shape)}
	for _, op := range doc.Operations {
		measured := m.selection(op.SelectionSet)
		measured.directives += len(op.Directives)
		for _, v := range op.VariableDefinitions {
			measured.directives += len(v.Directives)
		}
		if what := measured.excess(); what != "" {
			return tooComplex(what)
		}
		if measured.width > maxRootFields {
			return tooComplex(fmt.Sprintf("at most %d fields at the root", maxRootFields))
		}
	}
	for _, f := range doc.Fragments {
		// What nothing uses is validated too.
		if _, used := m.known[f.Name]; used {
			continue
		}
		if what := m.fragment(f.Name).excess(); what != "" {
			return tooComplex(what)
		}
	}
	return nil
}

// misplacedFile refuses a variable for a file that came some other way than an upload does.
func misplacedFile(ctx context.Context, doc *ast.QueryDocument) *gqlerror.Error {
	if uploadOf(ctx) != nil || !known(actor(ctx)) {
		return nil
	}
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			if v.Type.Name() == typeUpload {
				return &gqlerror.Error{Message: errUploadElsewhere.Error(), Extensions: map[string]any{"code": codeBadUserInput}}
			}
		}
	}
	return nil
}

func every[T any](all []T, is func(T) bool) bool {
	return !slices.ContainsFunc(all, func(one T) bool { return !is(one) })
}

// MutateOperationContext implements graphql.OperationContextMutator: it keeps the schema from those who
// need not explore it.
func (guard) MutateOperationContext(ctx context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	a := actor(ctx)
	oc.DisableIntrospection = !slices.Contains(a.Member.Roles, intake.RoleAdmin)
	if oc.DisableIntrospection && known(a) && introspects(oc.Operation.SelectionSet, make(map[string]bool)) {
		return &gqlerror.Error{
			Message:    "introspection is for administrators; everybody may read /schema.graphql",
			Extensions: map[string]any{"code": codeForbidden},
		}
	}
	return nil
}

func introspects(selection ast.SelectionSet, seen map[string]bool) bool {
	return slices.ContainsFunc(selection, func(s ast.Selection) bool {
		switch s := s.(type) {
		case *ast.Field:
			return isIntrospection(s)
		case *ast.InlineFragment:
			return introspects(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			first := !seen[s.Name]
			seen[s.Name] = true
			return first && introspects(s.Definition.SelectionSet, seen)
		}
		return false
	})
}

func isIntrospection(f *ast.Field) bool { return f.Name == "__schema" || f.Name == "__type" }

func tooComplex(what string) *gqlerror.Error {
	return &gqlerror.Error{
		Message: "this query is too complex: " + what, Extensions: map[string]any{"code": codeQueryTooComplex},
	}
}

// shape is how much a selection holds, with its fragments put in.
type shape struct{ depth, width, fields, aliases, directives, longest int }

// excess says what there may be no more of.
func (s shape) excess() string {
	for _, one := range []struct {
		what      string
		has, most int
	}{
		{"levels", s.depth, maxDepth},
		{"fields", s.fields, maxFields},
		{"aliases", s.aliases, maxAliases},
		{"directives", s.directives, maxDirectives},
		{"characters in an alias", s.longest, maxAliasLength},
	} {
		if one.has > one.most {
			return fmt.Sprintf("at most %d %s", one.most, one.what)
		}
	}
	return ""
}

// beside adds what stands in the same selection. No count grows further than any limit, since fragments
// can double each other again and again.
func (s shape) beside(t shape) shape {
	const enough = 10_000
	return shape{
		depth: max(s.depth, t.depth), width: min(s.width+t.width, enough), fields: min(s.fields+t.fields, enough),
		aliases: min(s.aliases+t.aliases, enough), directives: min(s.directives+t.directives, enough), longest: max(s.longest, t.longest),
	}
}

// measuring measures each fragment once, however often it is used.
type measuring struct {
	fragments ast.FragmentDefinitionList
	known     map[string]shape
}

func (m measuring) selection(selection ast.SelectionSet) shape {
	var total shape
	for _, s := range selection {
		var one shape
		switch s := s.(type) {
		case *ast.Field:
			one = m.field(s)
		case *ast.InlineFragment:
			one = m.selection(s.SelectionSet)
			one.directives += len(s.Directives)
		case *ast.FragmentSpread:
			one = m.fragment(s.Name)
			one.directives += len(s.Directives)
		}
		total = total.beside(one)
	}
	return total
}

func (m measuring) fragment(name string) shape {
	measured, known := m.known[name]
	definition := m.fragments.ForName(name)
	if known || definition == nil {
		return measured
	}
	// Within itself it counts for nothing; what holds itself is refused by the validator.
	m.known[name] = shape{}
	measured = m.selection(definition.SelectionSet)
	measured.directives += len(definition.Directives)
	m.known[name] = measured
	return measured
}

func (m measuring) field(f *ast.Field) shape {
	s := m.selection(f.SelectionSet)
	if isIntrospection(f) {
		s.depth = 0
	}
	s.depth, s.width, s.fields, s.directives = s.depth+1, 1, s.fields+1, s.directives+len(f.Directives)
	if f.Alias != f.Name {
		s.aliases, s.longest = s.aliases+1, max(s.longest, len(f.Alias))
	}
	return s
}

// queries are the latest valid queries, parsed. Long ones are few and would take much room.
type queries struct {
	*lru.LRU[*ast.QueryDocument]
}

const (
	queriesCached    = 1000
	cachedQueryBytes = 8 << 10
)

func newQueries() *queries { return &queries{lru.New[*ast.QueryDocument](queriesCached)} }

// Add implements graphql.Cache.
func (q *queries) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= cachedQueryBytes {
		q.LRU.Add(ctx, query, doc)
	}
}

// rulesWithoutSuggestions are gqlparser's rules, but for those that guess what was meant: they take long
// over a long name, and tell about the schema. gqlgen's option takes the guesses out of two of them.
func rulesWithoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return r
}
