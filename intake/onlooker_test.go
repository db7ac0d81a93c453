package intake_test

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// onlooker looks at what others do, each time that they have done a few things more.
type onlooker struct {
	acts  atomic.Int64
	due   chan struct{}
	ended <-chan error
}

// betweenLooks is how many things are done from one look to the next, if looking keeps up.
const betweenLooks = 8

func newOnlooker(t *testing.T, look func() error) *onlooker {
	t.Helper()
	o := &onlooker{due: make(chan struct{}, 1)}
	o.ended = start(t, func() error {
		for range o.due {
			if err := look(); err != nil {
				return err
			}
		}
		return nil
	})
	return o
}

// acted says that one thing more is done.
func (o *onlooker) acted() {
	if o.acts.Add(1)%betweenLooks > 0 {
		return
	}
	select {
	case o.due <- struct{}{}:
	default: // one is due as it is
	}
}

// requireNothingWrong ends the looking, which must have found nothing.
func (o *onlooker) requireNothingWrong(t *testing.T) {
	t.Helper()
	close(o.due)
	require.NoError(t, await(t, o.ended))
}
