package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// takeFiles is the last to look at an operation before it is executed: whoever may not send a file is refused here,
// and whoever may has theirs read now, into a file without a name.
func takeFiles(schema *ast.Schema) graphql.OperationMiddleware {
	takers := typesWithFiles(schema)
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		oc, u := graphql.GetOperationContext(ctx), uploadOf(ctx)
		taken := false
		for _, f := range rootFields(oc.Operation.SelectionSet, make(map[string]bool)) {
			if !takesFile(takers, f) {
				continue
			}
			taken = true
			if !actor(ctx).Holds(rolesOf(f)...) {
				return graphql.OneShot(errorResponse(codeForbidden, "your roles do not allow this"))
			}
		}
		if u == nil {
			return next(ctx)
		}
		if !taken || count(oc.Variables) != u.places() {
			u.err = errNoFileTaken
		} else {
			u.err = u.spool()
		}
		if u.err != nil {
			// The endpoint says what.
			return graphql.OneShot(errorResponse(codeBadUserInput, errBadForm.Error()))
		}
		for name, value := range oc.Variables {
			oc.Variables[name] = arrived(value)
		}
		return next(ctx)
	}
}

// typesWithFiles are the input types that hold a file somewhere.
func typesWithFiles(schema *ast.Schema) map[string]bool {
	holds := map[string]bool{typeUpload: true}
	for grown := true; grown; {
		grown = false
		for name, definition := range schema.Types {
			for _, f := range definition.Fields {
				if definition.Kind == ast.InputObject && holds[f.Type.Name()] && !holds[name] {
					holds[name], grown = true, true
				}
			}
		}
	}
	return holds
}

const typeUpload = "Upload"

func takesFile(takers map[string]bool, f *ast.Field) bool {
	for _, a := range f.Definition.Arguments {
		if takers[a.Type.Name()] {
			return true
		}
	}
	return false
}

func rootFields(selection ast.SelectionSet, seen map[string]bool) []*ast.Field {
	var fields []*ast.Field
	for _, s := range selection {
		switch s := s.(type) {
		case *ast.Field:
			if s.Definition != nil {
				fields = append(fields, s)
			}
		case *ast.InlineFragment:
			fields = append(fields, rootFields(s.SelectionSet, seen)...)
		case *ast.FragmentSpread:
			if !seen[s.Name] {
				seen[s.Name] = true
				fields = append(fields, rootFields(s.Definition.SelectionSet, seen)...)
			}
		}
	}
	return fields
}

// places is how often a file is to stand among the variables.
func (u *upload) places() int {
	n := 0
	for _, f := range u.files {
		n += f.places
	}
	return n
}

// count counts the places where a file is waited for.
func count(value any) int {
	n := 0
	switch value := value.(type) {
	case waiting:
		return 1
	case []any:
		for _, one := range value {
			n += count(one)
		}
	case map[string]any:
		for _, one := range value {
			n += count(one)
		}
	}
	return n
}

// arrived puts the files where they were waited for.
func arrived(value any) any {
	switch value := value.(type) {
	case waiting:
		return value.upload
	case []any:
		for i, one := range value {
			value[i] = arrived(one)
		}
	case map[string]any:
		for name, one := range value {
			value[name] = arrived(one)
		}
	}
	return value
}

// rolesOf are the roles of which @hasRole asks for one.
func rolesOf(f *ast.Field) []intake.Role {
	var roles []intake.Role
	if d := f.Definition.Directives.ForName("hasRole"); d != nil {
		for _, role := range d.Arguments.ForName("any").Value.Children {
			roles = append(roles, intake.Role(role.Value.Raw))
		}
	}
	return roles
}
