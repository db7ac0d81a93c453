package graph

import (
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// maxMessage bounds a message, in which a name may stand that is as long as the request.
const maxMessage = 200

var (
	schemaName = regexp.MustCompile(`^[_A-Za-z][_0-9A-Za-z]{0,63}$`)
	// These have the value in front, unlike all others.
	noSuchValue    = regexp.MustCompile(`(?s)^Value ".*" does not exist in `)
	noSuchVariable = regexp.MustCompile(`(?s)^.* is not a valid `)
)

// withoutValues says what is wrong with a query without repeating a value of it, which may be a password:
// gqlgen v0.17.98 and gqlparser v2.5.64 quote the values that do not fit. It goes when they do not.
func withoutValues(e *gqlerror.Error) (string, ast.Path) {
	message, path := e.Message, e.Path
	code := e.Extensions["code"]
	switch {
	case e.Rule == rules.ValuesOfCorrectTypeRule.Name:
		message = noSuchValue.ReplaceAllString(message, "a value does not exist in ")
		message = before(message, ", found ", ": ")
	case e.Rule != "":
		// It names names.
	case code == errcode.ParseFailed:
		message = "syntax error: " + before(message, ` "`, ": ", ", found")
	case code == errcode.ValidationFailed && len(path) > 0:
		message = noSuchVariable.ReplaceAllString(message, "a value is not a valid ")
		path = namesOf(path)
	case code == errcode.ValidationFailed:
		message = "there is no such operation: `operationName` names one where there are several"
	default:
		message = "a value is not what the schema asks for"
	}
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return message, path
}

// before returns what stands before any of these.
func before(text string, marks ...string) string {
	for _, mark := range marks {
		text, _, _ = strings.Cut(text, mark)
	}
	return text
}

// namesOf leaves a path as far as it goes by names that the schema could have.
func namesOf(path ast.Path) ast.Path {
	for i, step := range path {
		if step, is := step.(ast.PathName); is && !schemaName.MatchString(string(step)) {
			return path[:i]
		}
	}
	return path
}
