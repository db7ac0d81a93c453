package graph

import (
	"context"
	"iter"
)

// deliver sends what is watched to a subscriber, one event at a time: the next is read only when the
// last has been taken. Its goroutine ends with ctx.
func deliver[T any](ctx context.Context, events iter.Seq[T], err error) (<-chan T, error) {
	if err != nil {
		return nil, err
	}
	out := make(chan T)
	go func() {
		defer close(out)
		for event := range events {
			select {
			case out <- event:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}
