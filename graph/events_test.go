package graph_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/graph"
	"renkei/intake"
)

// hurried keeps streams alive so often that many a keep-alive falls on the end of its stream.
const hurried = 50 * time.Microsecond

// hammer opens many short event streams, which need neither a token nor a database.
func hammer(ctx context.Context, client *http.Client, url string, each int) error {
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for range each {
				if errs[i] = shortStream(ctx, client, url); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func shortStream(ctx context.Context, client *http.Client, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"query":"{ __typename }"}`))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end below
	body, err := io.ReadAll(response.Body)
	if err == nil && !strings.Contains(string(body), "event: complete") {
		err = fmt.Errorf("a stream without an end: %q", body)
	}
	return err
}

func impatient() graph.Options { return graph.Options{Log: zerolog.Nop()}.WithKeepAlive(hurried) }

func nowhere() *intake.Service {
	return intake.New(nil, nil, nil, nil, intake.Settings{}, zerolog.Nop())
}

func TestKeepAlivesThatFallOnTheEndOfAStreamDoNoHarm(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(graph.NewServer(nowhere(), impatient()))
	t.Cleanup(server.Close)
	require.NoError(t, hammer(t.Context(), server.Client(), server.URL+"/graphql", 250))
}
