package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

type invalidRecord struct {
	ID, ExternalID, State string
	Attempts              int
	Entry                 *struct{ ID, State string }
}

const (
	invalidRecords = `{ invalidRecords { totalCount nodes { id externalId state attempts entry { id state } } } }`
	retryInvalid   = `mutation ($ids: [ID!]!) { retryInvalidRecords(ids: $ids) { records { id state } refused { id code } errors { code } } }`
)

func TestARecordThatIsMendedOnTheMediumComesInWhenItIsAskedForAgain(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 6})
	p := w.start(t)
	for _, number := range []int{3, 5} {
		w.sim.SpoilTicket(domain, number, true)
	}
	linked, runs := w.linkedAndImported(t, p.client, "ok@"+domain)
	odd := ask[page[invalidRecord]](t, p.client, "invalidRecords", invalidRecords, nil)
	require.Equal(t, 2, odd.TotalCount)
	ids := []string{odd.Nodes[0].ID, odd.Nodes[1].ID}
	retry := func() importRun {
		payload := ask[struct {
			Records, Refused []struct{ ID, State string }
			Errors           userErrors
		}](t, p.client, "retryInvalidRecords", retryInvalid, vars{"ids": ids})
		require.Empty(t, payload.Errors)
		require.Empty(t, payload.Refused)
		require.Len(t, payload.Records, len(ids))
		require.Equal(t, "RETRYING", payload.Records[0].State)
		told := until(t, runs, runEnded)
		run := told[len(told)-1].Run
		require.Equal(t, "SUCCEEDED", run.Status)
		require.Equal(t, linked.ID, run.Account.ID)
		return run
	}
	require.Zero(t, retry().Imported, "still odd, and no reason to distrust the medium")
	w.sim.SpoilTicket(domain, 3, false)
	require.Equal(t, 1, retry().Imported)
	for _, record := range ask[page[invalidRecord]](t, p.client, "invalidRecords", invalidRecords, nil).Nodes {
		if record.ExternalID == "3" {
			require.Equal(t, "RESOLVED", record.State)
			require.Equal(t, "WAITING", record.Entry.State)
			continue
		}
		require.Equal(t, "OPEN", record.State)
		require.Equal(t, 3, record.Attempts)
		require.Nil(t, record.Entry)
	}
}
