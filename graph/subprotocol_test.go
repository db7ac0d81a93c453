package graph_test

import (
	"net/http"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

func TestAWebSocketSpeaksTheLivingProtocolOrNone(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, offered := range [][]string{nil, {"graphql-ws"}, {"graphql-transport-ws-2"}} {
		_, response, err := websocket.Dial(t.Context(), c.url, &websocket.DialOptions{Subprotocols: offered}) //nolint:bodyclose // the dialer has read it
		require.Error(t, err)
		require.Equal(t, http.StatusBadRequest, response.StatusCode)
	}
}
