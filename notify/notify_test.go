package notify_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

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

func TestAnEndpointIsLeftAloneAsLongAsItAsks(t *testing.T) {
	t.Parallel()
	for given, least := range map[string]time.Duration{
		"": 0, "soon": 0, "-1": 0, "Mon, 02 Jan 2006 15:04:05 GMT": 0, "90": 90 * time.Second, "99999999": 24 * time.Hour,
		time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat): 2*time.Hour - time.Minute, time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat): 24 * time.Hour,
	} {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", given)
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			defer busy.Close()
			asked := post(t, true, busy.URL).RetryAfter
			require.GreaterOrEqual(t, asked, least)
			require.LessOrEqual(t, asked, least+time.Minute)
		})
	}
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
