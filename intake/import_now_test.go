package intake_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestImportNowReturnsTheRunThatIsQueuedOrUnderWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	first := b.runs(t, account.ID)[0]
	lost := b.task(t, account.ID)
	run, already, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	require.True(t, already)
	require.Equal(t, first.ID, run.ID)
	require.Len(t, b.runs(t, account.ID), 1)
	require.Equal(t, lost.Wake+1, b.task(t, account.ID).Wake, "its job may have been lost: another is on its way")
	before := b.everything(t)
	require.NoError(t, b.svc.Import(t.Context(), lost))
	b.requireUnchanged(t, before)

	g := newGate(t)
	b.source.read = stopsAfter(0, g)
	task := b.task(t, account.ID)
	ended := start(t, func() error { return b.svc.Import(t.Context(), task) })
	await(t, g.reached)
	run, already, err = b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	require.True(t, already)
	require.Equal(t, first.ID, run.ID)
	require.Equal(t, intake.RunRunning, run.Status)
	require.Equal(t, task, b.task(t, account.ID), "nobody is woken for what is under way")
	close(g.open)
	require.NoError(t, await(t, ended))

	slot := *b.account(t, account.ID).NextImportAt
	run, already, err = b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	require.False(t, already)
	require.NotEqual(t, first.ID, run.ID)
	require.Equal(t, intake.TriggerManual, run.Trigger)
	b.source.read = nil
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	require.Equal(t, slot, *b.account(t, account.ID).NextImportAt, "the schedule stays as it is")
	b.requireInvariants(t)
}

func TestImportNowBringsAWaitingRetryForward(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.RetryAfter = func(int) time.Duration { return time.Hour } })
	account := b.linked(t, "a@example.com")
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable))
	b.importNext(t, account.ID)
	waiting := b.runs(t, account.ID)[0]
	require.WithinDuration(t, time.Now().Add(time.Hour), waiting.DueAt, time.Minute)
	late := b.task(t, account.ID)

	run, already, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	require.True(t, already)
	require.Equal(t, waiting.ID, run.ID)
	require.WithinDuration(t, time.Now(), run.DueAt, time.Minute)
	_, at := b.queued(t, account.ID)
	require.WithinDuration(t, time.Now(), at, time.Minute)
	b.source.read = nil
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	before := b.everything(t)
	require.NoError(t, b.svc.Import(t.Context(), late), "the retry's own job comes an hour later, for nothing")
	b.requireUnchanged(t, before)
	b.requireInvariants(t)
}

func TestImportNowNeedsALinkedAccountOfTheCompany(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	before := b.everything(t)
	_, _, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
	requireUserErrors(t, err, "INVALID_STATE accountId")
	_, _, err = b.svc.ImportNow(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND accountId")
	b.requireUnchanged(t, before)
}

func TestManyWhoImportAtOnceGetOneRun(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com")
	ids, fresh := make([]uuid.UUID, 16), make([]bool, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			run, already, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
			if err == nil {
				ids[i], fresh[i] = run.ID, !already
			}
		})
	}
	wg.Wait()
	made := 0
	for i := range ids {
		require.Equal(t, ids[0], ids[i])
		if fresh[i] {
			made++
		}
	}
	require.Equal(t, 1, made)
	require.Len(t, b.runs(t, account.ID), 2)
}

func TestAnAccountSaysWhatCanBeDoneWithIt(t *testing.T) {
	t.Parallel()
	for status, want := range map[intake.LinkStatus][3]bool{
		intake.StatusUnlinked:    {true, false, false},
		intake.StatusVerifying:   {false, true, false},
		intake.StatusLinked:      {false, true, true},
		intake.StatusAuthFailed:  {true, true, false},
		intake.StatusSystemError: {true, true, false},
	} {
		states := intake.MediumAccount{Status: status}.AvailableActions(intake.Actor{Member: intake.Member{Roles: []intake.Role{intake.RoleAdmin}}})
		require.Len(t, states, 3)
		for i, action := range []intake.AccountAction{intake.ActionRegister, intake.ActionStop, intake.ActionImportNow} {
			require.Equal(t, action, states[i].Action)
			require.Equal(t, want[i], states[i].WhyNot == nil, "%s when %s", action, status)
		}
	}
}
