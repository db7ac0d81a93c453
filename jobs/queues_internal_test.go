package jobs

import (
	"testing"

	"github.com/riverqueue/river"
	"github.com/stretchr/testify/require"
)

func TestEveryKindOfJobHasAQueueThatIsWorkedAndWatched(t *testing.T) {
	t.Parallel()
	named := []string{queueEndpoint}
	for _, args := range []river.JobArgsWithInsertOpts{
		verifyAccountArgs{}, importAccountArgs{}, importFileArgs{}, sweepArgs{}, pruneArgs{}, sealArgs{}, forgetArgs{}, indexSearchArgs{}, resealArgs{}, deliverArgs{}, noticeArgs{},
	} {
		queue := args.InsertOpts().Queue
		if queue == "" {
			queue = river.QueueDefault
		}
		named = append(named, queue)
	}
	require.Subset(t, Queues(), named)
	require.Subset(t, named, Queues())
	for name, q := range queues(1) {
		require.Positive(t, q.MaxWorkers, name)
	}
}
