package graph_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestALongSearchIsRefusedWhereverOneMaySearch(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, field := range []string{"candidates", "inbox", "applications"} {
		query := `query ($s: String) { ` + field + `(search: $s) { nodes { id } totalCount } }`
		c.refused(t, "BAD_USER_INPUT", query, vars{"s": strings.Repeat("髙", intake.MaxSearch+1)})
		require.Empty(t, digList(t, c.ask(t, query, vars{"s": strings.Repeat("髙", intake.MaxSearch)}), field, "nodes"))
	}
}

func TestCandidatesInAListAreWrittenDownAsReadOnceEach(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.imports(t, c.link(t, "hr@example.com"), applied("募集", 1, 15))
	c.ask(t, `{ candidates(first: 9) { nodes { name } } }`, nil)
	require.Empty(t, c.readings(t), "few are nobody's business")
	c.ask(t, `{ candidates(first: 12, search: "応募者") { nodes { name } totalCount } }`, nil)
	require.Equal(t, []int{12}, c.readings(t))
	c.ask(t, `{ a: candidates(first: 12) { nodes { name } } b: candidates { nodes { name } } inbox { nodes { candidate { name } } } }`, nil)
	require.Equal(t, []int{12, 15}, c.readings(t))
}
