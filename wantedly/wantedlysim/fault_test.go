package wantedlysim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

func TestAFaultThatNobodyKnowsIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Control: true})
	status, _ := b.do(t, http.MethodPost, "/_control/faults", `{"email":"ok@acme.example","faults":[{"do":"nothing"}]}`)
	require.Equal(t, http.StatusBadRequest, status)
	require.Empty(t, b.sim.Faults("ok@acme.example"))
}

func TestAFaultHitsItsAccountAtItsPlaceSoOften(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Control: true})
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@acme.example", "password"))
	b.sim.SetFaults("other@acme.example", []wantedlysim.Fault{{Do: "status", Status: 500}})
	b.sim.SetFaults("ok@acme.example", []wantedlysim.Fault{{Do: "status", Status: 502, Kind: "ticket", From: 3, To: 3, After: 1, Times: 2}})
	var statuses []int
	for range 4 {
		status, _ := b.do(t, http.MethodGet, "/api/internal/enterprise/tickets/3", "")
		statuses = append(statuses, status)
	}
	require.Equal(t, []int{200, 502, 502, 200}, statuses)
	status, _ := b.do(t, http.MethodGet, "/api/internal/enterprise/tickets/4", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 2, b.sim.Faults("ok@acme.example")[0].Played)
	b.sim.SetFaults("ok@acme.example", nil)
	status, _ = b.do(t, http.MethodGet, listPath, "")
	require.Equal(t, http.StatusOK, status)
}

func TestWhatIsHeldIsAnsweredWhenItIsLetGo(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{})
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@acme.example", "password"))
	b.sim.SetFaults("ok@acme.example", []wantedlysim.Fault{{Do: "hold", Kind: "ticket"}})
	answered := make(chan int, 1)
	go func() {
		resp, err := b.http.Get(b.url + "/api/internal/enterprise/tickets/3")
		if err != nil {
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	require.Eventually(t, func() bool { return b.sim.Faults("ok@acme.example")[0].Played == 1 }, time.Minute, time.Millisecond)
	b.sim.SetFaults("other@acme.example", nil)
	status, _ := b.do(t, http.MethodGet, listPath, "")
	require.Equal(t, http.StatusOK, status, "the rest is answered")
	require.Empty(t, answered, "it is held")
	b.sim.SetFaults("ok@acme.example", nil)
	require.Equal(t, http.StatusOK, <-answered)
}

func TestAWindowSaysWhatIsLeftOfIt(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	began := time.Now()
	b := setup(t, wantedlysim.Options{Control: true, Now: func() time.Time { return began.Add(time.Duration(later.Load())) }})
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@acme.example", "password"))
	status, _ := b.do(t, http.MethodPost, "/_control/faults", `{"email":"ok@acme.example","faults":[{"do":"status","status":429,"pause":"10s","times":1}]}`)
	require.Equal(t, http.StatusOK, status)
	for _, left := range []string{"10", "4"} {
		resp, err := b.http.Get(b.url + listPath)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
		require.Equal(t, left, resp.Header.Get("Retry-After"))
		later.Add(int64(6 * time.Second))
	}
	status, _ = b.do(t, http.MethodGet, listPath, "")
	require.Equal(t, http.StatusOK, status)
}

func TestMutationsAreTheSameForASeedAndBreakSomething(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Control: true})
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@acme.example", "password"))
	_, right := b.do(t, http.MethodGet, listPath, "")
	mutated := func(seed uint64) (all []string) {
		b.sim.SetFaults("ok@acme.example", []wantedlysim.Fault{{Do: "mutate", Seed: seed}})
		for range 50 {
			_, body := b.do(t, http.MethodGet, listPath, "")
			all = append(all, body)
		}
		return all
	}
	once := mutated(7)
	require.Equal(t, once, mutated(7))
	require.NotEqual(t, once, mutated(8))
	for _, body := range once {
		require.NotEqual(t, right, body)
	}
}

func TestPoisonTellsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := setup(t, wantedlysim.Options{Control: true, Tickets: 40})
	require.Equal(t, http.StatusFound, b.signIn(t, "ok@acme.example", "password"))
	require.Empty(t, b.sim.Poisoned("ok@acme.example"))
	b.sim.SetFaults("ok@acme.example", []wantedlysim.Fault{{Do: "poison", Seed: 1}})
	poisoned := b.sim.Poisoned("ok@acme.example")
	require.Contains(t, poisoned, 7, "which has a field of 10 MB")
	require.Less(t, len(poisoned), 20)
	person := b.sim.Tickets("acme.example", 7, 1)[0].PersonID
	_, body := b.do(t, http.MethodGet, fmt.Sprintf("/api/internal/enterprise/users/%d", person), "")
	require.Greater(t, len(body), 10<<20)
	require.True(t, json.Valid([]byte(body)))
}
