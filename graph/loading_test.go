package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

var queryName = regexp.MustCompile(`-- name: (\w+)`)

// nameOf is what sqlc calls a statement.
func nameOf(sql string) string {
	if m := queryName.FindStringSubmatch(sql); m != nil {
		return m[1]
	}
	return sql
}

// loadWait is long enough for a busy machine to start a page's resolvers.
const loadWait = 300 * time.Millisecond

// counted is a company whose statements are counted.
func counted(t *testing.T) (company, *statements) {
	t.Helper()
	sent := &statements{}
	return open(t, func(p *plan) {
		p.tracer = sent
		p.options = p.options.WithLoadWait(loadWait)
	}).company(t, "甲社"), sent
}

func TestTheNumberOfStatementsDoesNotDependOnThePageSize(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	account := c.link(t, "hr@example.com")
	var page intake.Page
	for n := range 50 {
		opening := c.opening(t, fmt.Sprint("求人 ", n))
		c.rule(t, fmt.Sprint("募集 ", n), opening.ID)
		page.Applications = append(page.Applications, application(fmt.Sprint("募集 ", n), n, n))
	}
	c.imports(t, account, page)
	for range 20 {
		c.importsAgain(t, account)
	}
	for _, list := range []string{
		`inbox(first: %d) { edges { node { id candidate { name } account { email } application { step { name } opening { name } }
			explanation { rule { positionName } summary decidedBy } } } }`,
		`inbox(first: %d) { nodes { account { hiddenApplications } application { history { by fromStep { name } toStep { name } }
			duplicates { id } entry { id } candidate { applications { id } } } } }`,
		`inbox(first: %d) { nodes { candidate { entries { id } possibleDuplicates { certainty } mergedFrom { name } merges { at } } } }`,
		`routingRules(first: %d) { nodes { matchedCount lastMatchedAt opening { name } } }`,
		`openings(first: %d) { nodes { steps { name } rules { positionName matchedCount } applicationCount } }`,
		`applications(first: %d) { nodes { candidate { name } opening { name } entry { account { email } } step { name } duplicates { id } } }`,
		`importRuns(first: %d) { nodes { account { email hiddenApplications } } }`,
		`waitingPositions(first: %d) { suggestions { score } }`,
	} {
		of := func(n int) []string {
			return sent.during(func() { c.ask(t, fmt.Sprintf(`{ `+list+` }`, n), nil) })
		}
		few, many := of(2), of(50)
		if !slices.Equal(few, unaudited(many)) {
			// A machine that stood still in the middle of a page asks in two goes: hardly twice running.
			few, many = of(2), of(50)
		}
		require.NotEmpty(t, few)
		// That many people have been read is one more, however many they are.
		require.LessOrEqual(t, len(many)-len(unaudited(many)), 1, list)
		require.Equal(t, few, unaudited(many), list)
	}
}

// unaudited leaves out what notes who was read.
func unaudited(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "AppendAudit" })
}

func TestAnItemThatIsNamedTwiceIsReadOnce(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	c.imports(t, c.link(t, "hr@example.com"), applied(waitingPosition, 1, 3))
	names := sent.during(func() {
		c.ask(t, `{ a: inbox { nodes { account { id } } } b: inbox { nodes { account { email } } } }`, nil)
	})
	require.Equal(t, []string{"AccountsByID", "ActorByToken", "InboxEntries", "InboxEntries"}, names)
}

func TestAListIsCountedOnlyWhereThatIsAsked(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	for field := range connections {
		connection := served(t).Query.Fields.ForName(field).Type.Name()
		for query, counted := range map[string]bool{
			`{ %s { nodes { id } } }`:                                             false,
			`{ %s { pageInfo { hasNextPage } } }`:                                 false,
			`{ %s { __typename totalCount @include(if: false) } }`:                false,
			`{ %s { __typename totalCount @skip(if: true) } }`:                    false,
			`{ %s { totalCount } }`:                                               true,
			`{ %s { n: totalCount } }`:                                            true,
			`{ %s { ... on ` + connection + ` { totalCount } } }`:                 true,
			`{ %s { ...all } } fragment all on ` + connection + ` { totalCount }`: true,
		} {
			query = fmt.Sprintf(query, field)
			names := sent.during(func() { c.ask(t, query, nil) })
			want := 2 // who asks, and the list
			if counted {
				want++
			}
			require.Len(t, names, want, "%s: %v", query, names)
		}
	}
}
