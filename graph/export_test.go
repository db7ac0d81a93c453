package graph

import (
	"net/http"
	"time"

	"renkei/intake"
)

// WithKeepAlive sets how often event streams are kept alive.
func (o Options) WithKeepAlive(every time.Duration) Options {
	o.sseKeepAlive = every
	return o
}

// WithLoadWait sets how long loaders gather ids.
func (o Options) WithLoadWait(wait time.Duration) Options {
	o.loadWait = wait
	return o
}

// NewUnguarded is the door without what stands between gqlgen's event streams and the connection.
func NewUnguarded(service *intake.Service, o Options) http.Handler {
	return authenticate(service, acceptBody(newExecutor(service, o, newStreams())))
}
