package graph_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	// threeBatches are so many people that an export reads them in three goes.
	threeBatches = 1100
	// narrowness is what a connection holds where a test wants it to hold little.
	narrowness = 16 << 10
)

// onTheWay lets a test in behind each piece of an export.
type onTheWay struct {
	http.ResponseWriter
	next func()
}

// Write implements io.Writer.
func (w onTheWay) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.next()
	return n, err
}

// Unwrap is for http.ResponseController.
func (w onTheWay) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// watchExports has a test let in whenever a piece of an export was written.
func watchExports(next func()) func(*plan) {
	return func(p *plan) {
		p.around = func(inner http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, ".csv") {
					w = onTheWay{w, next}
				}
				inner.ServeHTTP(w, r)
			})
		}
	}
}

// narrow has connections hold little of what is under way, so that who reads no further soon stops who writes.
func narrow(p *plan) {
	p.tune = func(server *httptest.Server) {
		server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
			if tcp, ok := conn.(*net.TCPConn); ok && state == http.StateNew {
				_ = tcp.SetWriteBuffer(narrowness) // the test finds out
			}
		}
	}
}

// narrowly is c behind a client whose connections hold little too.
func (c company) narrowly(t *testing.T) company {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok {
			err = tcp.SetReadBuffer(narrowness)
		}
		return conn, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	d := *c.door
	d.client, c.door = &http.Client{Transport: transport}, &d
	return c
}
