package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADatabaseThatIsAwayIsUnavailableAndNotInternal(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]string{
		"no room on its disk":     "53100",
		"too many connections":    "53300",
		"told to stop":            "57P01",
		"crashed":                 "57P02",
		"just starting":           "57P03",
		"a statement took long":   "57014",
		"read-only, as a replica": "25006",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := open(t).company(t, "甲社")
			_, err := c.pool.Exec(t.Context(), `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN RAISE EXCEPTION USING MESSAGE = $m$`+hidden+`$m$, ERRCODE = '`+state+`'; END $$`)
			require.NoError(t, err)
			_, err = c.pool.Exec(t.Context(), "CREATE TRIGGER fail BEFORE INSERT ON openings FOR EACH ROW EXECUTE FUNCTION fail()")
			require.NoError(t, err)
			a := c.try(t, `mutation { createOpening(input: {name: "求人"}) { opening { id } } }`, nil)
			requireRefused(t, "UNAVAILABLE", a)
			require.NotContains(t, a.raw, hidden)
			require.Contains(t, c.log.String(), hidden)
		})
	}
}

func TestWhoAsksWhileTheDatabaseIsAwayIsToldToTryAgain(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	_, err := c.pool.Exec(t.Context(), `CREATE FUNCTION fail() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
		BEGIN RAISE EXCEPTION 'crashed' USING ERRCODE = '57P02'; END $$;
		CREATE POLICY away ON api_tokens AS RESTRICTIVE USING (fail())`)
	require.NoError(t, err)
	a := c.try(t, `{ openings { totalCount } }`, nil)
	requireRefused(t, "UNAVAILABLE", a)
	require.Equal(t, 503, a.status)
}
