package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAnOperationThatAsksForTooMuchIsRefusedBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	for name, query := range map[string]string{
		"rules of openings of rules": `{openings(first:1){nodes{rules{opening{rules{opening{rules{opening{rules{id}}}}}}}}}}`,
		"duplicates of duplicates":   `{applications(first:100){nodes{duplicates{duplicates{duplicates{duplicates{id}}}}}}}`,
		"runs of accounts of runs":   `{importRuns{nodes{account{importRuns{nodes{account{importRuns{nodes{account{importRuns{nodes{id}}}}}}}}}}}}`,
		"pages of pages":             `{importRuns(first:100){nodes{entries(first:100){nodes{account{importRuns(first:100){nodes{id}}}}}}}}`,
		"deliveries of deliveries":   `{notificationEndpoints{deliveries(first:100){nodes{incident{deliveries(first:100){nodes{id}}}}}}}`,
		"by null":                    `{importRuns(first:null){nodes{entries(first:null){nodes{account{importRuns(first:null){nodes{id}}}}}}}}`,
		"by a variable":              `query ($n: Int = 100) {importRuns(first:$n){nodes{entries(first:$n){nodes{account{importRuns(first:$n){nodes{id}}}}}}}}`,
		"all that was changed":       `mutation {moveApplications(applications:[],stepId:"` + uuid.NewString() + `"){applications{duplicates{duplicates{duplicates{duplicates{id}}}}}}}`,
		"all that was passed over":   `mutation {moveApplications(applications:[],stepId:"` + uuid.NewString() + `"){refused{conflict{application{duplicates{duplicates{duplicates{duplicates{id}}}}}}}}}`,
		"by inline fragments":        `{importRuns(first:100){...{nodes{entries(first:100){edges{node{account{... on MediumAccount{importRuns(first:100){nodes{id}}}}}}}}}}}`,
	} {
		require.Nil(t, f.refused(t, "QUERY_TOO_COMPLEX", query, nil).Data, name)
	}
	changes := `subscription ($id: ID!) {selectionChanged(openingId:$id){applications{duplicates{duplicates{duplicates{duplicates{id}}}}}}}`
	requireRefused(t, "QUERY_TOO_COMPLEX", f.streamByPost(t, changes, vars{"id": f.opening.ID}).receive(t).answer(t))
}

func TestFragmentsThatDoubleEachOtherAreCountedOnce(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	var query strings.Builder
	query.WriteString("{openings(first:1){nodes{...f0}}}")
	for i := range 28 {
		fmt.Fprintf(&query, " fragment f%d on Opening {...f%d ...f%d}", i, i+1, i+1)
	}
	query.WriteString(" fragment f28 on Opening {rules{id}}")
	f.refused(t, "QUERY_TOO_COMPLEX", query.String(), nil)
}

func TestAThousandMistakesGetTenErrors(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	answer := c.refused(t, "BAD_USER_INPUT", "{viewer{"+strings.Repeat("x ", 290)+"}}", nil)
	require.Len(t, answer.Errors, 10)
}

func TestWhatAFrontendAsksForIsNotTooMuch(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	f.ask(t, `{
		inbox(first: 100) { nodes {
			candidate { name workHistories { companyName } applications { opening { name steps { name } } step { name } } }
			account { email availableActions { action } } explanation { summary rule { opening { name } } }
		} }
		openings(first: 100) { nodes { steps { name } rules { positionName } } }
	}`, nil)
}
