package notify_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/notify"
)

// patience is more than any machine needs, and far less than the server's silence would last.
const patience = 30 * time.Second

// mute is a mail server that takes a whole letter and never says whether it has.
type mute struct {
	taken chan struct{}
	ended <-chan struct{}
}

// NewSession implements smtp.Backend.
func (m *mute) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }

func (m *mute) Reset()                               {}
func (m *mute) Logout() error                        { return nil }
func (m *mute) Mail(string, *smtp.MailOptions) error { return nil }
func (m *mute) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (m *mute) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	m.taken <- struct{}{}
	<-m.ended
	return err
}

// muted is a client of such a server.
func muted(t *testing.T, within time.Duration) (*notify.Client, *mute) {
	t.Helper()
	ended, end := context.WithCancel(context.WithoutCancel(t.Context()))
	m := &mute{taken: make(chan struct{}, 1), ended: ended.Done()}
	server := smtp.NewServer(m)
	server.Domain = "localhost"
	socket := listen(t)
	done := make(chan error, 1)
	go func() { done <- server.Serve(socket) }()
	t.Cleanup(func() {
		end()
		require.NoError(t, server.Close())
		require.NoError(t, <-done)
	})
	return client(t, notify.Config{SMTP: intake.NewSecret("smtp://" + socket.Addr().String() + "?tls=off"), Timeout: within}), m
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return socket
}

func client(t *testing.T, config notify.Config) *notify.Client {
	t.Helper()
	config.From = "Renkei <renkei@example.com>"
	c, err := notify.New(config)
	require.NoError(t, err)
	return c
}

func aMail() intake.Mail {
	return intake.Mail{ID: uuid.New(), To: "recruiter@example.com", Subject: "A test", Text: "There is nothing to do.\n"}
}

// sent is how sending ended; it fails the test where it does not end.
func sent(t *testing.T, result <-chan error) *intake.SendError {
	t.Helper()
	select {
	case err := <-result:
		var trouble *intake.SendError
		require.ErrorAs(t, err, &trouble)
		return trouble
	case <-time.After(patience):
		require.Fail(t, "still waits for a server that says nothing")
		return nil
	}
}

func TestAMailEndsAtOnceWhenToldToStopHoweverSilentTheServer(t *testing.T) {
	t.Parallel()
	c, server := muted(t, 10*patience)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	result := make(chan error, 1)
	go func() { result <- c.Mail(ctx, aMail()) }()
	select {
	case <-server.taken:
	case <-time.After(patience):
		require.Fail(t, "the server was sent nothing")
	}
	stop()
	trouble := sent(t, result)
	require.Equal(t, intake.TroubleTimedOut, trouble.Trouble)
	require.False(t, trouble.Final, "another try may do better")
}

func TestAMailTakesNoLongerThanItMayHoweverSilentTheServer(t *testing.T) {
	t.Parallel()
	c, _ := muted(t, 2*time.Second)
	result := make(chan error, 1)
	go func() { result <- c.Mail(t.Context(), aMail()) }()
	require.Equal(t, intake.TroubleTimedOut, sent(t, result).Trouble)
}

func TestAServerThatDoesNotGreetHoldsUpNobody(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"smtp", "smtps"} {
		for what, say := range map[string]func(context.Context, *notify.Client) error{
			"greet": func(ctx context.Context, c *notify.Client) error { return c.Greet(ctx) },
			"mail":  func(ctx context.Context, c *notify.Client) error { return c.Mail(ctx, aMail()) },
		} {
			t.Run(scheme+" "+what, func(t *testing.T) {
				t.Parallel()
				socket := listen(t)
				defer func() { require.NoError(t, socket.Close()) }()
				c := client(t, notify.Config{SMTP: intake.NewSecret(scheme + "://" + socket.Addr().String()), Timeout: 10 * patience})
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				result := make(chan error, 1)
				go func() { result <- say(ctx, c) }()
				caller, err := socket.Accept()
				require.NoError(t, err)
				defer func() { require.NoError(t, caller.Close()) }()
				stop()
				require.Equal(t, intake.TroubleTimedOut, sent(t, result).Trouble)
			})
		}
	}
}

// scripted answers each line that begins with a key by its value, on one connection.
func scripted(socket net.Listener, answers map[string]string) error {
	conn, err := socket.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprint(conn, "220 mail.example.com\r\n"); err != nil {
		return err
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		word, _, _ := strings.Cut(lines.Text(), " ")
		if answer := answers[word]; answer != "" {
			if _, err := fmt.Fprint(conn, answer+"\r\n"); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

func TestAServerOfSmtpsIsLoggedInToByPasswordInsideTLS(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	socket := tls.NewListener(listen(t), &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12})
	defer func() { require.NoError(t, socket.Close()) }()
	done := make(chan error, 1)
	go func() {
		done <- scripted(socket, map[string]string{
			"EHLO": "250-mail.example.com\r\n250 AUTH PLAIN LOGIN", "AUTH": "235 welcome", "NOOP": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
			".": "250 taken", "RSET": "250 ok", "QUIT": "221 bye",
		})
	}()
	config := notify.Config{SMTP: intake.NewSecret("smtps://renkei:c4nary@" + socket.Addr().String()), TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	require.NoError(t, client(t, config).Mail(t.Context(), aMail()))
	require.NoError(t, <-done)
}
