package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"renkei/wantedly/wantedlysim"
)

func simulateCommand(ctx context.Context, i *invocation) error {
	listen := i.flags.String("listen", "127.0.0.1:8081", "")
	tickets := i.flags.Int("tickets", 0, "")
	every := i.flags.Duration("every", 0, "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	fmt.Fprintf(i.out, "Wantedly's simulator: http://%s (who does what: the page there; control: /_control)\n", socket.Addr())
	sim := wantedlysim.New(wantedlysim.Options{Tickets: *tickets, ArrivalEvery: *every, Control: true})
	return serveUntil(ctx, socket, newHTTPServer(sim, i.log))
}

// serveUntil serves until ctx ends.
func serveUntil(ctx context.Context, socket net.Listener, s *http.Server) error {
	done := context.AfterFunc(ctx, func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if err := s.Shutdown(closing); err != nil {
			// Whoever has not finished by now is cut off.
			_ = s.Close()
		}
	})
	defer done()
	if err := s.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", socket.Addr(), err)
	}
	return nil
}
