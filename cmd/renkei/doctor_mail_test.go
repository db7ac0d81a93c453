package main

import (
	"net"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// porter greets whoever comes to a mail server, and counts those who have more to say.
type porter struct {
	refuses error
	came    atomic.Int32
	letters atomic.Int32
}

// NewSession implements smtp.Backend.
func (p *porter) NewSession(*smtp.Conn) (smtp.Session, error) {
	p.came.Add(1)
	return &visit{porter: p}, p.refuses
}

type visit struct {
	smtp.Session
	porter *porter
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func (v *visit) Mail(string, *smtp.MailOptions) error {
	v.porter.letters.Add(1)
	return nil
}

func TestTheDoctorSaysWhoItIsToTheMailServerAndSendsNothing(t *testing.T) {
	t.Parallel()
	welcoming, refusing := &porter{}, &porter{refuses: &smtp.SMTPError{Code: 554, Message: "not you, c4nary"}}
	at := func(p *porter) string {
		server := smtp.NewServer(p)
		server.Domain = "localhost"
		socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(socket) }()
		t.Cleanup(func() {
			require.NoError(t, server.Close())
			require.NoError(t, <-ended)
		})
		return "smtp://" + socket.Addr().String() + "?tls=off"
	}
	found := func(address string) map[string]finding {
		return examined(t, environment("RENKEI_SMTP_URL", address, "RENKEI_MAIL_FROM", "renkei@example.com"))
	}
	requireFound(t, examined(t, environment()), "mail", verdictOK, "no mail server")
	requireFound(t, found(at(welcoming)), "mail", verdictOK, "nothing was sent")
	require.Positive(t, welcoming.came.Load())
	require.Zero(t, welcoming.letters.Load())
	refused := found(at(refusing))
	requireFound(t, refused, "mail", verdictFail, "554")
	require.NotContains(t, refused["mail"].line(), "c4nary", "what a server says may hold anything")
	requireFound(t, found("smtp://127.0.0.1:1?tls=off"), "mail", verdictFail, "NOT_REACHED", "docs/operations.md#notifications")
}
