package graph

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// deafConn is a WebSocket whose client does not read.
type deafConn struct {
	fullConn
	closed chan struct{}
}

func (c *deafConn) WriteJSON(any) error {
	<-c.closed
	return net.ErrClosed
}

func (c *deafConn) Close() error {
	close(c.closed)
	return nil
}

func TestASocketWhoseClientDoesNotReadIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		open := newStreams()
		conn := &countedConn{fullConn: &deafConn{closed: make(chan struct{})}}
		conn.left = open.add(func() {})
		began := time.Now()
		require.ErrorIs(t, conn.WriteJSON("hello"), net.ErrClosed)
		require.Equal(t, eventWrite, time.Since(began))
		require.Empty(t, open.open, "it is no longer kept account of")
	})
}

func TestAStreamIsKeptAccountOfWhileItIsOpen(t *testing.T) {
	t.Parallel()
	var ended []string
	all := newStreams()
	first := all.add(func() { ended = append(ended, "first") })
	all.add(func() { ended = append(ended, "second") })
	first()
	first()
	all.closeAll()
	require.Equal(t, []string{"second"}, ended)
	late := all.add(func() { ended = append(ended, "late") })
	late()
	all.closeAll()
	require.Equal(t, []string{"second", "late"}, ended, "each once")
}
