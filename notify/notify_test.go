package notify_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/notify"
)

func post(t *testing.T, private bool, address string) *intake.SendError {
	t.Helper()
	c, err := notify.New(notify.Config{Private: private})
	require.NoError(t, err)
	err = c.Webhook(t.Context(), intake.WebhookCall{ID: uuid.New(), URL: intake.NewSecret(address), Body: []byte(`{}`)})
	var trouble *intake.SendError
	require.ErrorAs(t, err, &trouble)
	require.NotContains(t, err.Error(), address)
	return trouble
}

func TestNobodyIsSentToAPrivateAddressOrFollowedElsewhere(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]"} {
		require.Equal(t, intake.TroublePrivateAddress, post(t, false, "https://"+address+"/").Trouble, address)
	}
	require.Equal(t, intake.TroubleInsecure, post(t, false, "http://example.com/").Trouble)
	reached := false
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer target.Close()
	elsewhere := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	trouble := post(t, true, elsewhere.URL)
	require.Equal(t, intake.TroubleRedirected, trouble.Trouble)
	require.Equal(t, http.StatusTemporaryRedirect, trouble.Status)
	require.False(t, reached)
}
