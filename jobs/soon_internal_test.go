package jobs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAJobThatCouldNotBeStoredRunsAgainWithinAMinute(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 6: time.Minute, 9: time.Minute, 1 << 40: time.Minute} {
		require.WithinDuration(t, time.Now().Add(want), soon(attempt), time.Second)
	}
}

func TestADelayThatIsNoneIsNow(t *testing.T) {
	t.Parallel()
	require.True(t, after(0).IsZero())
	require.True(t, after(-time.Hour).IsZero())
	require.WithinDuration(t, time.Now().Add(time.Hour), after(time.Hour), time.Minute)
}
