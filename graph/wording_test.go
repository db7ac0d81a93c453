package graph

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func TestAMessageIsNoLongerThanItNeedsToBe(t *testing.T) {
	t.Parallel()
	message, _ := withoutValues(&gqlerror.Error{Rule: "FieldsOnCorrectType", Message: strings.Repeat("あ", 1000)})
	require.Equal(t, strings.Repeat("あ", 66)+"…", message)
}

func TestAPathGoesNoFurtherThanTheSchema(t *testing.T) {
	t.Parallel()
	for _, unknown := range []string{"a b", "", "1", "あ", strings.Repeat("a", 65), "a\n"} {
		_, path := withoutValues(&gqlerror.Error{
			Message: "unknown field", Extensions: map[string]any{"code": errcode.ValidationFailed},
			Path: ast.Path{ast.PathName("variable"), ast.PathIndex(3), ast.PathName(unknown), ast.PathName("id")},
		})
		require.Equal(t, ast.Path{ast.PathName("variable"), ast.PathIndex(3)}, path)
	}
}

func TestANullThatMayNotBeIsOurOwnMistake(t *testing.T) {
	t.Parallel()
	shown := present(Options{Log: zerolog.Nop(), Observer: nobody{}})(t.Context(), gqlerror.Wrap(graphql.ErrInvalidNull))
	require.Equal(t, codeInternal, shown.Extensions["code"])
	require.Equal(t, "internal error", shown.Message)
}

func TestAPanicOfTheDoorItselfIsAnInternalError(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{kindJSON, kindResponse, kindEvents} {
		var log strings.Builder
		r := httptest.NewRequestWithContext(zerolog.New(&log).WithContext(t.Context()), http.MethodPost, "/graphql", strings.NewReader(`{"query":"{ a }"}`))
		r.Header.Set("Content-Type", kindJSON)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		// It has nothing to execute with.
		(&endpoint{streams: newStreams()}).ServeHTTP(w, r)
		require.Equal(t, http.StatusInternalServerError, w.Code)
		require.Contains(t, w.Body.String(), codeInternal)
		require.NotContains(t, w.Body.String(), "nil pointer")
		require.Contains(t, log.String(), "nil pointer")
	}
}

func TestAPanicInTheMiddleOfAStreamBreaksItOff(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	r := httptest.NewRequestWithContext(zerolog.New(&log).WithContext(t.Context()), http.MethodPost, "/graphql", nil)
	w := httptest.NewRecorder()
	require.PanicsWithValue(t, http.ErrAbortHandler, func() {
		defer (&endpoint{}).survive(w, r)
		w.Header().Set("Content-Type", kindEvents)
		panic("in the middle")
	})
	require.Empty(t, w.Body.String())
	require.Contains(t, log.String(), "panic: a string")
	require.NotContains(t, log.String(), "in the middle", "it may be somebody's name")
}
