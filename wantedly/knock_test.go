package wantedly_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/wantedly"
)

func TestKnockingAsksOnceAndSendsNothing(t *testing.T) {
	t.Parallel()
	s, address := newSite(t, 1)
	c := newClient(t, wantedly.Config{BaseURL: address})
	door, err := c.Knock(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, door.Status)
	require.True(t, door.Form)
	require.Equal(t, map[string]int{"page": 1}, s.asked())

	s.page = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>maintenance</html>") }
	door, err = c.Knock(t.Context())
	require.NoError(t, err)
	require.False(t, door.Form)
	s.page = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	door, err = c.Knock(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.StatusBadGateway, door.Status)
	require.Equal(t, map[string]int{"page": 3}, s.asked())
}
