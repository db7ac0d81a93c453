package jobs

import (
	"context"
	"testing"

	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/require"
)

// ends keeps how a job ended.
type ends struct {
	nobody
	outcome Outcome
}

func (e *ends) JobBegan(ctx context.Context, _ Job) (context.Context, func(Outcome)) {
	return ctx, func(o Outcome) { e.outcome = o }
}

func TestAPanicReachesTheQueueWithoutWhatItWasAbout(t *testing.T) {
	t.Parallel()
	type applicant struct{ name string }
	var none []int
	for want, cause := range map[string]func(){
		"a string":                             func() { panic("山田太郎") },
		"a jobs.applicant":                     func() { panic(applicant{"山田太郎"}) },
		"index out of range [0] with length 0": func() { _ = none[0] },
	} {
		seen := &ends{}
		var panicked any
		func() {
			defer func() { panicked = recover() }()
			_ = (&watching{observer: seen}).Work(t.Context(), &rivertype.JobRow{Metadata: []byte("{}")}, func(context.Context) error {
				cause()
				return nil
			})
		}()
		require.IsType(t, "", panicked)
		require.Contains(t, panicked, want)
		require.NotContains(t, panicked, "山田")
		require.Equal(t, OutcomePanicked, seen.outcome)
	}
}
