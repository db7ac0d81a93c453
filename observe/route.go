package observe

import (
	"net/http"
	"strings"
)

const (
	routeHealth = "health"
	routeSocket = "websocket"
)

// Route is the class that a request counts under: a word of a short list, whatever was asked for.
func Route(r *http.Request) string {
	path := r.URL.Path
	switch {
	case path == "/healthz", path == "/readyz":
		return routeHealth
	case path == "/graphql" && strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		return routeSocket
	case path == "/graphql" && strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		return "events"
	case path == "/graphql" && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/"):
		return "upload"
	case path == "/graphql":
		return "graphql"
	case path == "/schema.graphql":
		return "schema"
	case strings.HasSuffix(path, ".csv"):
		return "csv"
	case strings.HasPrefix(path, "/auth/"):
		return "auth"
	case strings.HasPrefix(path, "/admin/jobs"):
		return "console"
	}
	return "other"
}
