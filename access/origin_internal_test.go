package access

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnOnesOwnMachineEachOfItsNamesIsOurs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		public, host, origin string
		own                  bool
	}{
		{"http://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080", true},
		{"http://127.0.0.1:8080", "localhost:8080", "http://localhost:8080", true},
		{"http://127.0.0.1:0", "127.0.0.1:40123", "http://127.0.0.1:40123", true},
		{"http://localhost:8080", "[::1]:8080", "http://[::1]:8080", true},
		{"http://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:5173", false},
		{"http://127.0.0.1:8080", "127.0.0.1:8080", "http://evil.example", false},
		// A name of somebody else's that leads to this machine.
		{"http://127.0.0.1:8080", "evil.example:8080", "http://evil.example:8080", false},
		{"http://127.0.0.1:8080", "localhost.evil.example:8080", "http://localhost.evil.example:8080", false},
		{"https://renkei.example", "127.0.0.1:8080", "http://127.0.0.1:8080", false},
		{"https://renkei.example", "renkei.example", "http://renkei.example", false},
	} {
		public, err := url.Parse(tc.public)
		require.NoError(t, err)
		p := &Porter{options: Options{PublicURL: public}, origin: tc.public}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", http.NoBody)
		r.Host = tc.host
		r.Header.Set("Origin", tc.origin)
		require.Equal(t, tc.own, p.fromOwnOrigin(r), "%+v", tc)
	}
}
