package observe

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
	"renkei/jobs"
)

func newDoor() *Door {
	return NewDoor(NewMetrics("v1", []intake.Medium{intake.MediumWantedly}, zerolog.Nop()), NoTracing())
}

func none(context.Context) (State, error) { return State{}, nil }

func TestFiguresAreNamedAsPrometheusNamesThem(t *testing.T) {
	t.Parallel()
	d := newDoor()
	d.ShowState(jobs.Queues(), none)
	d.ShowPools(nil)
	d.ShowAway([]intake.Medium{intake.MediumWantedly}, func() []intake.Medium { return nil })
	d.Gauge("renkei_ready", "Ready.", func() float64 { return 1 })
	problems, err := testutil.GatherAndLint(d.registry)
	require.NoError(t, err)
	require.Empty(t, problems)
	families, err := d.registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		require.Regexp(t, `^(renkei|go|process)_`, f.GetName())
		require.NotEmpty(t, f.GetHelp())
	}
}

func TestWhateverIsAskedForTheLabelsAreFew(t *testing.T) {
	t.Parallel()
	d := newDoor()
	h := d.HTTP(http.NotFoundHandler(), Route, func(*http.Request) bool { return false })
	for _, path := range []string{"/a", "/b/c.csv", "/applications.csv", "/auth/" + strings.Repeat("x", 100), "/admin/jobs/7", "/graphql", "/readyz"} {
		for _, method := range []string{http.MethodGet, "WHATEVER", "PROPFIND"} {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil))
		}
	}
	require.LessOrEqual(t, testutil.CollectAndCount(d.httpRequests), 6)
	before := testutil.CollectAndCount(d.operations)
	for range 100 {
		_, ended := d.OperationBegan(t.Context(), "query")
		ended([]string{"NOT_FOUND"})
	}
	for outcome, codes := range map[string][]string{
		"unavailable": {"NOT_FOUND", "UNAVAILABLE"}, "failed": {"UNAVAILABLE", "INTERNAL"}, "ok": nil,
	} {
		_, ended := d.OperationBegan(t.Context(), "query")
		ended(codes)
		require.InDelta(t, 1, testutil.ToFloat64(d.operations.WithLabelValues("query", outcome)), 0, outcome)
	}
	require.Equal(t, before, testutil.CollectAndCount(d.operations))
}

func TestARequestThatBreaksOffIsCountedToo(t *testing.T) {
	t.Parallel()
	d := newDoor()
	h := d.HTTP(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), Route, nil)
	require.Panics(t, func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil))
	})
	require.InDelta(t, 1, testutil.ToFloat64(d.httpRequests.WithLabelValues("graphql", "none")), 0)
}

func TestTheFirstOfARareKindIsAnIncrease(t *testing.T) {
	t.Parallel()
	d := newDoor()
	before := testutil.CollectAndCount(d.runs)
	quarantined := d.runs.WithLabelValues("WANTEDLY", "SCHEDULE", "QUARANTINED", "UNEXPECTED_RESPONSE")
	require.Zero(t, testutil.ToFloat64(quarantined))
	d.RunEnded(intake.RunEnd{Medium: intake.MediumWantedly, Trigger: intake.TriggerSchedule, Status: intake.RunQuarantined, Reason: intake.FailureUnexpectedResponse})
	require.Equal(t, before, testutil.CollectAndCount(d.runs))
	require.InDelta(t, 1, testutil.ToFloat64(quarantined), 0)
}

func TestAMediumThatIsLeftAloneIsShown(t *testing.T) {
	t.Parallel()
	for want, away := range map[string][]intake.Medium{"0": nil, "1": {intake.MediumWantedly}} {
		d := newDoor()
		d.ShowAway([]intake.Medium{intake.MediumWantedly}, func() []intake.Medium { return away })
		require.NoError(t, testutil.GatherAndCompare(d.registry, strings.NewReader(`
# HELP renkei_medium_away 1 where this process leaves a medium alone, since it did not answer several companies.
# TYPE renkei_medium_away gauge
renkei_medium_away{medium="WANTEDLY"} `+want+"\n"), "renkei_medium_away"))
	}
}

func TestAMediumsAnswersFallIntoClasses(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]struct {
		status int
		err    error
	}{
		"2xx": {status: 204}, "3xx": {status: 302}, "4xx": {status: 422}, "429": {status: 429}, "5xx": {status: 503},
		"timeout": {err: context.DeadlineExceeded}, "cancelled": {err: context.Canceled}, "unreachable": {err: errors.New("connection refused")},
	} {
		require.Equal(t, want, answerClass(answer.status, answer.err))
	}
	d := newDoor()
	for outcome, err := range map[string]error{
		"accepted": nil, "refused": &intake.SourceError{Reason: intake.FailureInvalidCredentials, Err: errors.New("no")},
		"failed": &intake.SourceError{Reason: intake.FailureTimedOut, Err: errors.New("late")},
	} {
		d.MediumSignedIn(intake.MediumWantedly, err)
		require.InDelta(t, 1, testutil.ToFloat64(d.mediumSignIns.WithLabelValues("WANTEDLY", outcome)), 0)
	}
	d.MediumSignedIn(intake.MediumWantedly, context.Canceled)
	require.InDelta(t, 1, testutil.ToFloat64(d.mediumSignIns.WithLabelValues("WANTEDLY", "failed")), 0, "who was told to stop has not failed")
}

func TestFiguresThatCannotBeReadAreMissingRatherThanOld(t *testing.T) {
	t.Parallel()
	state, trouble, asked := State{Vitals: intake.Vitals{Stale: 3}, Queue: []db.QueueState{{Queue: "import", State: "available", Jobs: 2, Oldest: time.Minute}}}, error(nil), 0
	clock, cost := time.Now(), time.Second
	s := newStateReader([]string{"import", "verify"}, func(context.Context) (State, error) {
		asked++
		clock = clock.Add(cost)
		return state, trouble
	}, zerolog.Nop())
	s.now = func() time.Time { return clock }
	require.NoError(t, testutil.CollectAndCompare(s, strings.NewReader(`
# HELP renkei_accounts_stale Linked accounts without an import for longer than an interval and a half. The same on every process: take max, not sum.
# TYPE renkei_accounts_stale gauge
renkei_accounts_stale 3
# HELP renkei_queue_oldest_available_seconds How long the first job that could run has waited for a worker. The same on every process: take max, not sum.
# TYPE renkei_queue_oldest_available_seconds gauge
renkei_queue_oldest_available_seconds{queue="import"} 60
renkei_queue_oldest_available_seconds{queue="verify"} 0
`), "renkei_accounts_stale", "renkei_queue_oldest_available_seconds"))
	require.Equal(t, 1, asked)
	clock = clock.Add(stateShare*time.Second - time.Millisecond)
	testutil.CollectAndCount(s)
	require.Equal(t, 1, asked, "what takes a second is not asked for within the next fifty")

	trouble = errors.New("canceling statement due to statement timeout")
	clock, cost = clock.Add(time.Second), stateWithin
	require.Zero(t, testutil.CollectAndCount(s, "renkei_accounts_stale"))
	require.Equal(t, 2, asked)
	require.NoError(t, testutil.CollectAndCompare(s, strings.NewReader(`
# HELP renkei_state_up 1 where the figures over all companies could be read. The same on every process: take max, not sum.
# TYPE renkei_state_up gauge
renkei_state_up 0
`), "renkei_state_up"))
	require.Equal(t, 2, asked, "after a failure it is left alone, too")

	trouble = nil
	clock = clock.Add(stateFresh + time.Millisecond)
	require.NotZero(t, testutil.CollectAndCount(s, "renkei_accounts_stale"), "but not for as long as it took to fail would say")
	require.Equal(t, 3, asked)
	clock = clock.Add(stateOldest + time.Millisecond)
	testutil.CollectAndCount(s)
	require.Equal(t, 4, asked, "and no figure is older than a minute")
}

func TestWhatIsToldIsCountedByChannelAndTrouble(t *testing.T) {
	t.Parallel()
	d := newDoor()
	before := testutil.CollectAndCount(d.deliveries)
	refused := d.deliveries.WithLabelValues("MAIL", "FAILED", "REFUSED")
	require.Zero(t, testutil.ToFloat64(refused))
	d.DeliveryTried(intake.DeliveryTry{Channel: intake.ChannelMail, State: intake.DeliveryFailed, Trouble: intake.TroubleRefused})
	for _, trouble := range []intake.DeliveryTrouble{intake.TroubleRedirected, intake.TroublePrivateAddress} {
		d.DeliveryTried(intake.DeliveryTry{Channel: intake.ChannelWebhook, State: intake.DeliveryGivenUp, Trouble: trouble})
	}
	require.Equal(t, before, testutil.CollectAndCount(d.deliveries), "the first of each is an increase")
	require.InDelta(t, 1, testutil.ToFloat64(refused), 0)
}
