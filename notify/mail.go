package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"net/url"
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

// newSMTP reads the server's address.
func newSMTP(config Config) (*mail.Client, error) {
	u, err := url.Parse(config.SMTP.Reveal())
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		// The reason may hold the password.
		return nil, ErrBadSMTP
	}
	options := []mail.Option{mail.WithTimeout(config.Timeout)}
	secured, err := securing(u)
	if err != nil {
		return nil, err
	}
	options = append(options, secured...)
	if config.TLS != nil {
		roots := config.TLS.Clone()
		roots.ServerName = u.Hostname()
		options = append(options, mail.WithTLSConfig(roots))
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(user), mail.WithPassword(password))
	}
	client, err := mail.NewClient(u.Hostname(), options...)
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
		options, port = append(options, mail.WithSSL()), 465
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
	err = c.smtp.DialAndSendWithContext(ctx, message)
	if err == nil || message.IsDelivered() {
		// Whatever went wrong behind that, it has arrived.
		return nil
	}
	return notMailed(err)
}

// Greet says who we are to the mail server, as far as a login, and sends nothing. Its error is that of Mail.
func (c *Client) Greet(ctx context.Context) error {
	if c.smtp == nil {
		return &intake.SendError{Trouble: intake.TroubleNotSetUp}
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	session, err := c.smtp.DialToSMTPClientWithContext(ctx)
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		return &intake.SendError{Trouble: intake.TroubleRefused, Status: answer.Code, Err: fmt.Errorf("mail server answers with %d", answer.Code)}
	}
	if err != nil {
		return notMailed(err)
	}
	// It let us in, whatever it says to our leaving.
	_ = c.smtp.CloseWithSMTPClient(session)
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
