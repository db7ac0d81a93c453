package graph

import (
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestAStreamIsKeptAccountOfWhileItIsOpen(t *testing.T) {
	t.Parallel()
	var ended []string
	all := newStreams()
	ending := func(name string) func(websocket.StatusCode, string) {
		return func(code websocket.StatusCode, _ string) {
			require.Equal(t, websocket.StatusServiceRestart, code)
			ended = append(ended, name)
		}
	}
	first := all.add(ending("first"))
	all.add(ending("second"))
	first.left()
	first.left()
	all.closeAll()
	require.Equal(t, []string{"second"}, ended)
	late := all.add(ending("late"))
	late.left()
	all.closeAll()
	require.Equal(t, []string{"second", "late"}, ended, "each once")
}

func TestStreamsAreEndedByWhoOpenedThem(t *testing.T) {
	t.Parallel()
	var ended []string
	all := newStreams()
	one, other := somebody(), somebody()
	for name, a := range map[string]intake.Actor{"one's": one, "other's": other, "nobody's": {}} {
		o := all.add(func(code websocket.StatusCode, reason string) {
			ended = append(ended, name)
			require.Equal(t, closeUnauthorized, code)
			require.Equal(t, "signed out", reason)
		})
		require.True(t, o.openedBy(a))
	}
	all.endOf(func(a intake.Actor) bool { return a.Member.ID == other.Member.ID }, closeUnauthorized, "signed out")
	require.Equal(t, []string{"other's"}, ended)
}

func TestOneMemberHoldsAHundredStreamsAndNoMore(t *testing.T) {
	t.Parallel()
	all := newStreams()
	one := somebody()
	open := make([]*openStream, streamsPerMember)
	for i := range open {
		open[i] = all.add(nil)
		require.True(t, open[i].openedBy(one))
	}
	more := all.add(nil)
	require.False(t, more.openedBy(one))
	require.True(t, all.add(nil).openedBy(somebody()), "another has their own")
	more.left()
	require.False(t, all.add(nil).openedBy(one), "what was refused frees nothing")
	open[0].left()
	require.True(t, all.add(nil).openedBy(one))
}

func somebody() intake.Actor {
	return intake.Actor{Member: intake.Member{ID: uuid.New(), Roles: []intake.Role{intake.RoleAdmin}}}
}
