package intake_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// slow is a receiver that answers the first call once it may.
func slow(t *testing.T, status int) (r *receiver, asked chan struct{}, answer chan struct{}) {
	t.Helper()
	r, asked, answer = newReceiver(t), make(chan struct{}), make(chan struct{})
	r.answer = func(n int) int {
		if n > 1 {
			return http.StatusOK
		}
		close(asked)
		<-answer
		return status
	}
	return r, asked, answer
}

func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.calls)
}

// toEndpoints are the queued deliveries to endpoints; the others are taken out.
func (b informed) toEndpoints(t *testing.T) []intake.DeliveryTask {
	t.Helper()
	var tasks []intake.DeliveryTask
	for _, task := range b.deliveries(t) {
		if b.number(t, "SELECT count(*) FROM deliveries WHERE id = $1 AND endpoint_id IS NOT NULL", task.DeliveryID) == 1 {
			tasks = append(tasks, task)
		}
	}
	return tasks
}

func TestAnEndpointIsToldOneThingAtATimeAndNoTryIsLostByWaiting(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	r, asked, answer := slow(t, http.StatusOK)
	b.endpoint(t, intake.ChannelWebhook, r.URL)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	b.fails(t, "second@example.com", intake.FailureInvalidCredentials)
	tasks := b.toEndpoints(t)
	require.Len(t, tasks, 2)
	first := start(t, func() error { return b.svc.Deliver(t.Context(), tasks[0]) })
	<-asked
	require.NoError(t, b.svc.Deliver(t.Context(), tasks[1]))
	require.Equal(t, 1, r.count())
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'deliver' AND queue = 'endpoint' AND scheduled_at > now() + interval '5 seconds'")+
		b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'deliver' AND queue = 'notify' AND scheduled_at > now() + interval '5 seconds'"))
	waiting := b.toEndpoints(t)
	require.Equal(t, tasks[1:], waiting)
	close(answer)
	require.NoError(t, await(t, first))
	require.NoError(t, b.svc.Deliver(t.Context(), waiting[0]))
	require.Equal(t, 2, r.count())
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM deliveries WHERE state = 'SENT' AND attempts = 1"))
}

func TestMailAndEndpointsHaveQueuesOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.endpoint(t, intake.ChannelWebhook, "http://127.0.0.1:1/")
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	for queue, channel := range map[string]string{"notify": "member_id", "endpoint": "endpoint_id"} {
		require.Equal(t, 1, b.number(t, "SELECT count(*) FROM river_job j JOIN deliveries d ON d.id = (j.args->>'delivery_id')::uuid WHERE j.queue = $1 AND d."+channel+" IS NOT NULL", queue), queue)
	}
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'deliver'"))
}

func TestAProcessThatIsToldToStopCostsNoTry(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	r, asked, answer := slow(t, http.StatusOK)
	b.endpoint(t, intake.ChannelWebhook, r.URL)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	tasks := b.toEndpoints(t)
	ctx, stop := context.WithCancel(t.Context())
	sent := start(t, func() error { return b.svc.Deliver(ctx, tasks[0]) })
	<-asked
	stop()
	require.NoError(t, await(t, sent))
	close(answer)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE id = $1 AND state = 'PENDING' AND attempts = 0 AND trouble IS NULL AND lease_owner IS NULL", tasks[0].DeliveryID))
	again := b.toEndpoints(t)
	require.Equal(t, tasks, again, "another process goes on at once")
	require.NoError(t, b.svc.Deliver(t.Context(), again[0]))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE id = $1 AND state = 'SENT' AND attempts = 1", tasks[0].DeliveryID))
}

// tries keeps what is told of deliveries.
type tries struct {
	acts
	all []intake.DeliveryTry
}

func (o *tries) DeliveryTried(d intake.DeliveryTry) { o.all = append(o.all, d) }

func TestADeliveryThatNoWorkerSurvivesIsCountedByItsChannel(t *testing.T) {
	t.Parallel()
	seen := &tries{}
	b := setupTold(t, func(s *intake.Settings) { s.Observer = seen })
	e, _ := b.endpoint(t, intake.ChannelSlack, "https://hooks.example.com/")
	for channel, endpoint := range map[intake.NotificationChannel]*uuid.UUID{intake.ChannelMail: nil, intake.ChannelSlack: &e.ID} {
		seen.all = nil
		test, err := b.svc.SendTest(t.Context(), b.actor, endpoint)
		require.NoError(t, err)
		_, err = b.pool.Exec(t.Context(), "UPDATE deliveries SET attempts = 8 WHERE id = $1", test.ID)
		require.NoError(t, err)
		task := intake.DeliveryTask{CompanyID: b.actor.Company.ID, DeliveryID: test.ID, Attempt: 8, ToEndpoint: endpoint != nil}
		require.NoError(t, b.svc.Deliver(t.Context(), task))
		require.Equal(t, []intake.DeliveryTry{{Channel: channel, State: intake.DeliveryGivenUp, Trouble: intake.TroubleInternal}}, seen.all)
	}
}

func TestAnAddressThatIsGoneDoesNotDisableTheOneThatCameAfterIt(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	r, asked, answer := slow(t, http.StatusGone)
	e, _ := b.endpoint(t, intake.ChannelWebhook, r.URL+"/old")
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	task := b.toEndpoints(t)[0]
	sent := start(t, func() error { return b.svc.Deliver(t.Context(), task) })
	<-asked
	changed := r.URL + "/new"
	_, err := b.svc.UpdateEndpoint(t.Context(), b.actor, e.ID, intake.EndpointInput{Name: e.Name, URL: &changed, Kinds: e.Kinds}, nil)
	require.NoError(t, err)
	close(answer)
	require.NoError(t, await(t, sent))
	endpoints, err := b.svc.Endpoints(t.Context(), b.actor)
	require.NoError(t, err)
	require.Nil(t, endpoints[0].DisabledAt)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM deliveries WHERE id = $1 AND status = 410", task.DeliveryID))
}

func TestACompanySendsFewTestsAMinute(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	e, _ := b.endpoint(t, intake.ChannelWebhook, "http://127.0.0.1:1/")
	for range 5 {
		_, err := b.svc.SendTest(t.Context(), b.actor, &e.ID)
		require.NoError(t, err)
	}
	_, err := b.svc.SendTest(t.Context(), b.actor, &e.ID)
	requireUserErrors(t, err, "INVALID_STATE endpointId")
	b.exec(t, "UPDATE deliveries SET created_at = now() - interval '1 minute'")
	_, err = b.svc.SendTest(t.Context(), b.actor, &e.ID)
	require.NoError(t, err)
}

func TestOldEventsGoAlsoWhereIncidentsCannot(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	b.fails(t, "hr@example.com", intake.FailureInvalidCredentials)
	b.exec(t, "UPDATE events SET at = now() - interval '31 days'")
	b.exec(t, "ALTER TABLE incidents RENAME TO elsewhere")
	require.Error(t, b.svc.Prune(t.Context()))
	require.Zero(t, b.number(t, "SELECT count(*) FROM events"))
}

func TestHoweverManyIncidentsAreOpenAWatcherSeesThemAll(t *testing.T) {
	t.Parallel()
	b := setupTold(t)
	const many = 230
	b.exec(t, `WITH a AS (
		INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from)
		SELECT $1, gen_random_uuid(), 'WANTEDLY', n || '@example.com', 'UNLINKED', now() FROM generate_series(1, $2::int) AS n RETURNING company_id, id)
		INSERT INTO incidents (company_id, kind, account_id, medium, reason) SELECT company_id, 'LINK_FAILED', id, 'WANTEDLY', 'ACCOUNT_LOCKED' FROM a`, b.actor.Company.ID, many)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	incidents, err := b.svc.WatchIncidents(ctx, b.actor, nil)
	require.NoError(t, err)
	seen := make(map[uuid.UUID]bool)
	for i := range incidents {
		if seen[i.Incident.ID] = true; len(seen) == many {
			break
		}
	}
	require.Len(t, seen, many)
}
