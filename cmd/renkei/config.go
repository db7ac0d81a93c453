package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"renkei/access"
	"renkei/db"
	"renkei/intake"
	"renkei/observe"
	"renkei/web"
)

// config is all that can be set.
type config struct {
	DatabaseURL    string
	DirectURL      string
	OwnerURL       string
	DataDir        string
	PostgresBin    string
	Listen         string
	Drain          time.Duration
	MetricsListen  string
	PublicURL      *url.URL
	AllowedOrigins []string
	MasterKeys     intake.Secret
	MasterKeysFile string
	WantedlyURL    string
	WantedlyRate   float64
	Contact        string
	ImportInterval time.Duration
	VerifyTimeout  time.Duration
	Workers        int
	Playground     bool
	// OperatingCompany runs this server; the zero id where none is named.
	OperatingCompany uuid.UUID
	LogLevel         zerolog.Level
	LogFormat        string
	TrustedProxies   []netip.Prefix
	OIDC             access.OIDC
	// Traces is how they are sent off, as OpenTelemetry's own variables say; empty where they are not.
	Traces        observe.Protocol
	SMTPURL       intake.Secret
	MailFrom      string
	NotifyWaiting time.Duration
	NotifyPrivate bool
	Support       string

	// demo is a sign-in that the console offers to anybody; nil but in a demo that only this machine reaches.
	demo *web.SignIn
	// given are the settings that the environment names.
	given map[string]bool
	// retryAfter is shorter, or longer, in tests.
	retryAfter func(failures int) time.Duration
	// lastWords is longer in tests: there it must not count how busy the machine is.
	lastWords time.Duration
	// traceTo takes the traces in tests.
	traceTo sdktrace.SpanExporter
}

// load reads the environment. Every bad value is named, with what it holds and what it should.
func load(getenv func(string) string) (config, error) {
	c := config{given: make(map[string]bool), lastWords: lastWords}
	var errs []error
	for _, s := range settings {
		value := getenv(s.name)
		c.given[s.name] = value != ""
		if value == "" {
			value = s.byDefault
			if s.computed != nil {
				value = s.computed()
			}
		}
		if value == "" {
			continue
		}
		if err := s.set(&c, value); err != nil {
			errs = append(errs, s.complain(value))
		}
	}
	if c.OwnerURL == "" {
		c.OwnerURL = c.direct()
	}
	for _, name := range []string{"RENKEI_MASTER_KEYS", "RENKEI_OIDC_CLIENT_SECRET"} {
		if file := name + "_FILE"; c.given[name] && c.given[file] {
			errs = append(errs, fmt.Errorf("%s and %s are both set; it should be one of them", name, file))
		}
	}
	if c.PublicURL == nil {
		c.PublicURL = &url.URL{Scheme: "http", Host: c.Listen}
	}
	errs = append(errs, c.checkOIDC(), c.checkMail())
	var err error
	c.Traces, err = observe.TracingWanted(getenv)
	errs = append(errs, err)
	return c, inSettings(errors.Join(errs...))
}

// checkOIDC finds settings of a provider that make no sense without each other.
func (c config) checkOIDC() error {
	o := c.OIDC
	named := o.Issuer != "" || c.given["RENKEI_OIDC_ISSUER"]
	switch uses := o.Audience != "" || o.ClientID != ""; {
	case named && !uses:
		return errors.New("RENKEI_OIDC_AUDIENCE and RENKEI_OIDC_CLIENT_ID are not set; with RENKEI_OIDC_ISSUER it should be one of them, or both")
	case uses && !named:
		return errors.New("RENKEI_OIDC_ISSUER is not set; with RENKEI_OIDC_AUDIENCE or RENKEI_OIDC_CLIENT_ID it should be the provider's URL")
	case o.ClientID == "" && !o.ClientSecret.IsZero():
		return errors.New("RENKEI_OIDC_CLIENT_ID is not set; with RENKEI_OIDC_CLIENT_SECRET it should be a client id")
	}
	return nil
}

// checkMail finds a mail server without a sender.
func (c config) checkMail() error {
	if !c.SMTPURL.IsZero() && !c.given["RENKEI_MAIL_FROM"] {
		return errors.New("RENKEI_MAIL_FROM is not set; with RENKEI_SMTP_URL it should be an address such as Renkei <renkei@example.com>")
	}
	return nil
}

// errSettings marks a setting that is bad or missing.
var errSettings = errors.New("setting")

// settingsError is one or more bad settings; it says no more than their complaints.
type settingsError struct{ error }

func (e settingsError) Is(target error) bool { return target == errSettings }

func inSettings(err error) error {
	if err == nil {
		return nil
	}
	return settingsError{err}
}

// require names the settings that a command cannot do without.
func (c config) require(names ...string) error {
	var errs []error
	for _, s := range settings {
		for _, n := range names {
			if s.name == n && !c.given[n] && !c.given[s.instead] {
				errs = append(errs, fmt.Errorf("%s is not set; it should be %s", n, s.expects))
			}
		}
	}
	return inSettings(errors.Join(errs...))
}

// direct leads to the database's server, past a pooler where there is one.
func (c config) direct() string {
	if c.DirectURL != "" {
		return c.DirectURL
	}
	return c.DatabaseURL
}

// open connects the program to its database.
func (c config) open(ctx context.Context, maxConns int, options ...db.Option) (*pgxpool.Pool, error) {
	open := db.Open
	if c.DirectURL != "" {
		open = db.OpenPooled
	}
	pool, err := open(ctx, c.DatabaseURL, maxConns, options...)
	if err != nil {
		return nil, fmt.Errorf("RENKEI_DATABASE_URL: %w", err)
	}
	return pool, nil
}

// keys are where the vault's keys are written down, and the setting that says so.
func (c config) keys() (setting string, source intake.KeySource) {
	if c.MasterKeysFile != "" {
		return "RENKEI_MASTER_KEYS_FILE", intake.KeysInFile(c.MasterKeysFile)
	}
	return "RENKEI_MASTER_KEYS", intake.KeysInText(c.MasterKeys)
}

// openVault reads the vault's keys.
func (c config) openVault(ctx context.Context) (*intake.Vault, error) {
	setting, source := c.keys()
	vault, err := intake.OpenVault(ctx, source)
	if err != nil {
		return nil, inSettings(fmt.Errorf("%s: %w", setting, err))
	}
	return vault, nil
}
