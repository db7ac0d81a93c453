package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"

	"renkei/intake"
)

// ErrBadSMTP says that the address of the mail server is none, and ErrBadSender that the sender is nobody.
var (
	ErrBadSMTP   = errors.New("not smtp://host:port or smtps://host:port")
	ErrBadSender = errors.New("not an e-mail address")
)

// mailServer is where e-mail is handed in.
type mailServer struct {
	host    string
	options []mail.Option
	// tls is set where TLS is spoken from the first byte.
	tls *tls.Config
}

// newSMTP reads the server's address.
func newSMTP(config Config) (*mailServer, error) {
	u, err := url.Parse(config.SMTP.Reveal())
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		// The reason may hold the password.
		return nil, ErrBadSMTP
	}
	secured, err := securing(u)
	if err != nil {
		return nil, err
	}
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if config.TLS != nil {
		trust = config.TLS.Clone()
	}
	trust.ServerName = u.Hostname()
	server := &mailServer{host: u.Hostname(), options: append(secured, mail.WithTimeout(config.Timeout), mail.WithTLSConfig(trust))}
	if u.Scheme == "smtps" {
		server.tls = trust
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		server.options = append(server.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password))
	}
	if _, err := mail.NewClient(server.host, server.options...); err != nil {
		return nil, ErrBadSMTP
	}
	return server, nil
}

// visit is one conversation with the server, which is over when ctx is: the library asks a context only until it is connected,
// and would wait for a server that has fallen silent since.
func (s *mailServer) visit(ctx context.Context) (*mail.Client, error) {
	dial := mail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dialing, network, address)
		if err != nil {
			return nil, fmt.Errorf("connect to mail server: %w", err)
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if s.tls == nil {
			return conn, nil
		}
		secured := tls.Client(conn, s.tls)
		if err := secured.HandshakeContext(dialing); err != nil {
			return nil, fmt.Errorf("speak TLS to mail server: %w", err)
		}
		return secured, nil
	})
	client, err := mail.NewClient(s.host, append(slices.Clip(s.options), dial)...)
	if err != nil {
		return nil, ErrBadSMTP
	}
	return client, nil
}

// securing says how the connection is encrypted, and its port.
func securing(u *url.URL) ([]mail.Option, error) {
	var options []mail.Option
	port := 587
	switch how := u.Query().Get("tls"); {
	case u.Scheme == "smtps" && how == "":
		// The connection is encrypted already, as the library sees for itself.
		options, port = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic)), 465
	case u.Scheme == "smtp" && how == "":
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case u.Scheme == "smtp" && how == "optional":
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case u.Scheme == "smtp" && how == "off" && u.User == nil:
		// Never with a password.
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		return nil, ErrBadSMTP
	}
	if u.Port() != "" {
		given, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || given == 0 {
			return nil, ErrBadSMTP
		}
		port = int(given)
	}
	return append(options, mail.WithPort(port)), nil
}

func senderDomain(from string) (string, error) {
	address, err := netmail.ParseAddress(from)
	if err != nil {
		return "", ErrBadSender
	}
	_, domain, found := strings.Cut(address.Address, "@")
	if !found {
		return "", ErrBadSender
	}
	return domain, nil
}

// Mail implements intake.Notifier.
func (c *Client) Mail(ctx context.Context, m intake.Mail) error {
	if c.smtp == nil {
		return &intake.SendError{Trouble: intake.TroubleNotSetUp}
	}
	message, err := c.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	visit, err := c.smtp.visit(ctx)
	if err != nil {
		return err
	}
	err = visit.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		// Whatever went wrong behind that, it has arrived.
		return nil
	}
	return notMailed(errors.Join(ctx.Err(), err))
}

// Greet says who we are to the mail server, as far as a login, and sends nothing. Its error is that of Mail.
func (c *Client) Greet(ctx context.Context) error {
	if c.smtp == nil {
		return &intake.SendError{Trouble: intake.TroubleNotSetUp}
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	visit, err := c.smtp.visit(ctx)
	if err != nil {
		return err
	}
	session, err := visit.DialToSMTPClientWithContext(ctx)
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		return &intake.SendError{Trouble: intake.TroubleRefused, Status: answer.Code, Err: fmt.Errorf("mail server answers with %d", answer.Code)}
	}
	if err != nil {
		return notMailed(errors.Join(ctx.Err(), err))
	}
	// It let us in, whatever it says to our leaving.
	_ = visit.CloseWithSMTPClient(session)
	return nil
}

func (c *Client) compose(m intake.Mail) (*mail.Msg, error) {
	message := mail.NewMsg()
	if err := message.From(c.config.From); err != nil {
		return nil, &intake.SendError{Trouble: intake.TroubleInternal, Final: true, Err: ErrBadSender}
	}
	if err := message.To(m.To); err != nil {
		return nil, &intake.SendError{Trouble: intake.TroubleRefused, Final: true, Err: errors.New("the member's address is none")}
	}
	message.SetMessageIDWithValue(m.ID.String() + "@" + c.domain)
	message.SetDate()
	message.Subject(oneLine(m.Subject))
	// Nobody's "I am on holiday" shall come back.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetUserAgent(c.config.UserAgent)
	message.SetBodyString(mail.TypeTextPlain, m.Text)
	return message, nil
}

// oneLine keeps a header from becoming two.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// notMailed says why a mail was not taken. Its text holds no address.
func notMailed(err error) error {
	if refusal, ok := errors.AsType[*mail.SendError](err); ok && refusal.ErrorCode() != 0 {
		code := refusal.ErrorCode()
		return &intake.SendError{
			Trouble: intake.TroubleRefused, Status: code, Err: fmt.Errorf("mail server answers with %d", code),
			// There is nobody of that name. Anything else may be the server's own trouble.
			Final: refusal.Reason == mail.ErrSMTPRcptTo && !refusal.IsTemp(),
		}
	}
	if _, noTLS := errors.AsType[tls.RecordHeaderError](err); !noTLS && strings.Contains(err.Error(), "STARTTLS") {
		return &intake.SendError{Trouble: intake.TroubleInsecure, Err: errors.New("mail server does not go over to TLS")}
	}
	return notSent(err)
}
