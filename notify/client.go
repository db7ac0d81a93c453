package notify

import (
	"crypto/tls"
	"net/http"
	"time"

	"renkei/intake"
)

// Config says how messages are sent.
type Config struct {
	// SMTP is smtp://user:password@host:port or smtps://…; nothing where no e-mail is sent. smtp goes over to TLS by STARTTLS, and
	// refuses a server that does not, unless ?tls=optional or ?tls=off says otherwise; smtps speaks TLS from the first byte.
	SMTP intake.Secret
	// From is the sender, such as Renkei <renkei@example.com>; required with SMTP.
	From string
	// Private lets endpoints have addresses of this machine and its network.
	Private bool
	// UserAgent is what endpoints see.
	UserAgent string
	// Timeout bounds each message; 20 seconds by default.
	Timeout time.Duration
	// TLS is for e-mail; nil for the system's own roots.
	TLS *tls.Config
}

// Client sends messages. Its methods may be called from many goroutines.
type Client struct {
	config Config
	http   *http.Client
	smtp   *mailServer
	// domain stands behind the @ of a message's id.
	domain string
}

var _ intake.Notifier = (*Client)(nil)

// New prepares a Client; nothing is connected to yet. What is wrong with the settings wraps ErrBadSMTP or ErrBadSender.
func New(config Config) (*Client, error) {
	if config.Timeout == 0 {
		config.Timeout = 20 * time.Second
	}
	c := &Client{config: config, http: newHTTP(config)}
	if config.SMTP.IsZero() {
		return c, nil
	}
	var err error
	if c.smtp, err = newSMTP(config); err != nil {
		return nil, err
	}
	c.domain, err = senderDomain(config.From)
	return c, err
}

// Mails implements intake.Notifier.
func (c *Client) Mails() bool { return c.smtp != nil }
