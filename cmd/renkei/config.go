package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"renkei/access"
	"renkei/db"
	"renkei/intake"
	"renkei/notify"
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
	// Traces are sent off, as OpenTelemetry's own variables say.
	Traces        bool
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
	// traceTo takes the traces in tests.
	traceTo sdktrace.SpanExporter
}

// setting is one line of `renkei help` and docs/configuration.md.
type setting struct {
	name string
	// instead may be set in its place, where a command requires it.
	instead string
	// byDefault is taken where the variable is missing or empty; text for people where it depends.
	byDefault string
	computed  func() string
	meaning   string
	// secret values are not repeated in an error.
	secret bool
	// expects says what a value should be.
	expects string
	set     func(*config, string) error
}

var settings = []setting{
	{
		name: "RENKEI_DATABASE_URL", byDefault: "none: embedded Postgres under RENKEI_DATA_DIR in demo; required in serve",
		meaning: "Postgres to use, as a pgx connection string.", secret: true, expects: "a connection string such as postgres://user@host/renkei",
		computed: empty, set: text(func(c *config) *string { return &c.DatabaseURL }),
	},
	{
		name: "RENKEI_DIRECT_DATABASE_URL", byDefault: "none: RENKEI_DATABASE_URL leads to the server itself",
		meaning: "The same database past the pooler to which RENKEI_DATABASE_URL leads: for listening, heartbeats and migrations.",
		secret:  true, expects: "a connection string such as postgres://user@host/renkei",
		computed: empty, set: text(func(c *config) *string { return &c.DirectURL }),
	},
	{
		name: "RENKEI_OWNER_DATABASE_URL", byDefault: "RENKEI_DIRECT_DATABASE_URL, else RENKEI_DATABASE_URL", meaning: "The same database for the schema's owner, who migrates it; the program itself needs no more than its two roles.",
		secret: true, expects: "a connection string such as postgres://owner@host/renkei",
		computed: empty, set: text(func(c *config) *string { return &c.OwnerURL }),
	},
	{
		name: "RENKEI_DATA_DIR", byDefault: "$XDG_DATA_HOME/renkei", meaning: "Embedded cluster and demo keys; uploads while they are looked at.",
		expects: "a folder", computed: dataDir, set: text(func(c *config) *string { return &c.DataDir }),
	},
	{
		name: "RENKEI_POSTGRES_BIN", byDefault: "none: looked for", meaning: "Folder of the Postgres binaries that the demo runs, 15 or newer.",
		expects: "a folder", computed: empty, set: text(func(c *config) *string { return &c.PostgresBin }),
	},
	{
		name: "RENKEI_LISTEN", byDefault: "127.0.0.1:8080", meaning: "Address of the API.",
		expects: "host:port", set: address(func(c *config) *string { return &c.Listen }),
	},
	{
		name: "RENKEI_DRAIN", byDefault: "0s", meaning: "How long a process that is told to stop still answers, while /readyz says so: as long as the load balancer before it takes to look away.",
		expects: "a duration of at most 5s, such as 2s", set: setDrain,
	},
	{
		name: "RENKEI_METRICS_LISTEN", byDefault: "off", meaning: "Address of health, metrics (/metrics) and pprof; never a public one.",
		expects: "host:port, or nothing", computed: empty, set: address(func(c *config) *string { return &c.MetricsListen }),
	},
	{
		name: "RENKEI_PUBLIC_URL", byDefault: "http:// + RENKEI_LISTEN", meaning: "Where people reach the API: its origin may open WebSockets, and one-time links begin with it.",
		expects: "an http or https URL", computed: empty, set: setPublicURL,
	},
	{
		name: "RENKEI_ALLOWED_ORIGINS", byDefault: "none", meaning: "Origins of single-page frontends, comma-separated, for CORS and WebSockets.",
		expects: "origins such as https://app.example.com", computed: empty, set: setOrigins,
	},
	{
		name: "RENKEI_TRUSTED_PROXIES", byDefault: "none", meaning: "Networks whose X-Forwarded-For is believed, comma-separated; without them everybody behind a proxy counts as one address.",
		expects: "networks such as 10.0.0.0/8,fd00::/8", computed: empty, set: setProxies,
	},
	{
		name: "RENKEI_OIDC_ISSUER", byDefault: "off", meaning: "Identity provider through which members sign in, or whose tokens open the API.",
		expects: "an https URL, exactly as the provider's tokens say it", computed: empty, set: setIssuer,
	},
	{
		name: "RENKEI_OIDC_AUDIENCE", byDefault: "off", meaning: "Accept the provider's JWTs as bearer tokens when they are made for this audience.",
		expects: "an audience", computed: empty, set: text(func(c *config) *string { return &c.OIDC.Audience }),
	},
	{
		name: "RENKEI_OIDC_CLIENT_ID", byDefault: "off", meaning: "Our client id with the provider, for signing in; its redirect URL is RENKEI_PUBLIC_URL/auth/oidc/callback.",
		expects: "a client id", computed: empty, set: text(func(c *config) *string { return &c.OIDC.ClientID }),
	},
	{
		name: "RENKEI_OIDC_CLIENT_SECRET", byDefault: "none", meaning: "Our client secret with the provider, where it gave us one.", secret: true,
		expects: "a client secret", computed: empty,
		set: func(c *config, v string) error { c.OIDC.ClientSecret = intake.NewSecret(v); return nil },
	},
	{
		name: "RENKEI_OIDC_CLIENT_SECRET_FILE", byDefault: "none", meaning: "File that holds RENKEI_OIDC_CLIENT_SECRET.",
		expects: "a file that can be read", computed: empty, set: setOIDCSecretFile,
	},
	{
		name: "RENKEI_MASTER_KEYS", instead: "RENKEI_MASTER_KEYS_FILE", byDefault: "none; required in serve, made and kept by demo",
		meaning: "Keys of the vault, comma-separated; the first seals once every process has it, all open. `renkei keys new` makes one.", secret: true,
		expects: "base64 of 32 bytes each, or aws-kms://ARN# and base64 of a wrapped key", computed: empty,
		set: func(c *config, v string) error { c.MasterKeys = intake.NewSecret(v); return nil },
	},
	{
		name: "RENKEI_MASTER_KEYS_FILE", byDefault: "none",
		meaning: "File of such keys, in place of RENKEI_MASTER_KEYS: one a line, # comments, mode 0600; read again when it changes.",
		expects: "a file that others cannot read", computed: empty, set: text(func(c *config) *string { return &c.MasterKeysFile }),
	},
	{
		name: "RENKEI_WANTEDLY_URL", byDefault: "none; required in serve, the simulator in demo",
		meaning: "Base URL of Wantedly. Read the site's terms before you set it.", expects: "an http or https URL",
		computed: empty, set: setWantedlyURL,
	},
	{
		name: "RENKEI_WANTEDLY_RATE", byDefault: "1", meaning: "Requests a second to Wantedly, per account.",
		expects: "a number above 0", set: setRate,
	},
	{
		name: "RENKEI_CONTACT", byDefault: "none", meaning: "Address or page at which Wantedly can reach you; part of the User-Agent.",
		expects: "an e-mail address or URL", computed: empty, set: text(func(c *config) *string { return &c.Contact }),
	},
	{
		name: "RENKEI_IMPORT_INTERVAL", byDefault: "8h", meaning: "Between two imports of one account.",
		expects: "a duration of at least 1s, such as 8h", set: duration(func(c *config) *time.Duration { return &c.ImportInterval }),
	},
	{
		name: "RENKEI_VERIFY_TIMEOUT", byDefault: "8h", meaning: "After this, アカウント認証中 becomes エラーにより認証失敗.",
		expects: "a duration of at least 1s, such as 8h", set: duration(func(c *config) *time.Duration { return &c.VerifyTimeout }),
	},
	{
		name: "RENKEI_WORKERS", byDefault: "cores × 10", meaning: "Jobs that run at once.",
		expects: "a whole number from 1 to 10000", computed: func() string { return strconv.Itoa(10 * runtime.NumCPU()) }, set: setWorkers,
	},
	{
		name: "RENKEI_PLAYGROUND", byDefault: "true", meaning: "Serve GraphQL Playground (GraphiQL) to browsers at /graphql.",
		expects: "true or false", set: boolean(func(c *config) *bool { return &c.Playground }),
	},
	{
		name: "RENKEI_OPERATING_COMPANY", byDefault: "none", meaning: "Id of the company that runs this server: its administrators see the job queue, of all companies, at /admin/jobs, and are told where a medium is in trouble.",
		expects: "a company's id", computed: empty,
		set: func(c *config, v string) (err error) { c.OperatingCompany, err = uuid.Parse(v); return err },
	},
	{
		name: "RENKEI_SMTP_URL", byDefault: "none: no e-mail is sent", meaning: "Mail server by which members are told; smtp goes over to TLS unless it ends with ?tls=optional or ?tls=off.",
		secret: true, expects: "an address such as smtp://user:password@host:587 or smtps://host:465", computed: empty, set: setSMTP,
	},
	{
		name: "RENKEI_MAIL_FROM", byDefault: "none; required with RENKEI_SMTP_URL", meaning: "Sender of e-mail.",
		expects: "an address such as Renkei <renkei@example.com>", computed: empty, set: setSender,
	},
	{
		name: "RENKEI_NOTIFY_WAITING", byDefault: "24h", meaning: "How long people may wait to be routed before somebody is told.",
		expects: "a duration of at least 1s, such as 24h", set: duration(func(c *config) *time.Duration { return &c.NotifyWaiting }),
	},
	{
		name: "RENKEI_NOTIFY_PRIVATE", byDefault: "false", meaning: "Let companies be notified at http URLs and at addresses of this machine and its network: only where all of them are yours.",
		expects: "true or false", set: boolean(func(c *config) *bool { return &c.NotifyPrivate }),
	},
	{
		name: "RENKEI_SUPPORT", byDefault: "none", meaning: "Whom members can ask: part of what they are told, and where the console's お問い合わせ leads.",
		expects: "an e-mail address or URL", computed: empty, set: text(func(c *config) *string { return &c.Support }),
	},
	{
		name: "RENKEI_LOG_LEVEL", byDefault: "info", meaning: "Least important message to log.",
		expects: "trace, debug, info, warn or error", set: setLogLevel,
	},
	{
		name: "RENKEI_LOG_FORMAT", byDefault: "json (console on a terminal)", meaning: "How messages are written.",
		expects: "json or console", computed: logFormat, set: setLogFormat,
	},
}

// load reads the environment. Every bad value is named, with what it holds and what it should.
func load(getenv func(string) string) (config, error) {
	c := config{given: make(map[string]bool)}
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

func (s setting) complain(value string) error {
	if s.secret {
		return fmt.Errorf("%s is not %s", s.name, s.expects)
	}
	return fmt.Errorf("%s is %q; it should be %s", s.name, value, s.expects)
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

var errBad = errors.New("bad value")

func empty() string { return "" }

func text(field func(*config) *string) func(*config, string) error {
	return func(c *config, v string) error { *field(c) = v; return nil }
}

func address(field func(*config) *string) func(*config, string) error {
	return func(c *config, v string) error {
		_, port, err := net.SplitHostPort(v)
		if err != nil {
			return err
		}
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return err
		}
		*field(c) = v
		return nil
	}
}

func duration(field func(*config) *time.Duration) func(*config, string) error {
	return func(c *config, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil {
			return err
		}
		if d < time.Second {
			return errBad
		}
		*field(c) = d
		return nil
	}
}

func boolean(field func(*config) *bool) func(*config, string) error {
	return func(c *config, v string) (err error) {
		*field(c), err = strconv.ParseBool(v)
		return err
	}
}

// setDrain leaves time for all else: everything is over ten seconds after the first word.
func setDrain(c *config, v string) (err error) {
	c.Drain, err = time.ParseDuration(v)
	if err == nil && (c.Drain < 0 || c.Drain > 5*time.Second) {
		return errBad
	}
	return err
}

func webURL(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, errBad
	}
	return u, nil
}

func setPublicURL(c *config, v string) (err error) {
	c.PublicURL, err = webURL(v)
	return err
}

func setWantedlyURL(c *config, v string) error {
	c.WantedlyURL = v
	_, err := webURL(v)
	return err
}

func setOrigins(c *config, v string) error {
	for origin := range strings.SplitSeq(v, ",") {
		u, err := webURL(strings.TrimSpace(origin))
		if err != nil {
			return err
		}
		// A star would be taken for a pattern.
		if u.Path != "" || u.RawQuery != "" || strings.ContainsAny(u.Host, "*?[]") && net.ParseIP(u.Hostname()) == nil {
			return errBad
		}
		c.AllowedOrigins = append(c.AllowedOrigins, originOf(u))
	}
	return nil
}

// originOf is an origin as browsers say it.
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}

func setProxies(c *config, v string) error {
	for network := range strings.SplitSeq(v, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(network))
		if err != nil {
			return err
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix.Masked())
	}
	return nil
}

// setIssuer takes plain HTTP from this machine alone: whoever can change an answer on its way signs in as
// anybody.
func setIssuer(c *config, v string) error {
	u, err := webURL(v)
	if err != nil {
		return err
	}
	address, err := netip.ParseAddr(u.Hostname())
	local := u.Hostname() == "localhost" || err == nil && address.IsLoopback()
	if u.Scheme != "https" && !local || u.RawQuery != "" || u.Fragment != "" {
		return errBad
	}
	c.OIDC.Issuer = v
	return nil
}

func setOIDCSecretFile(c *config, v string) error {
	secret, err := os.ReadFile(v)
	if err != nil {
		return err
	}
	c.OIDC.ClientSecret = intake.NewSecret(strings.TrimSpace(string(secret)))
	return nil
}

func setRate(c *config, v string) (err error) {
	c.WantedlyRate, err = strconv.ParseFloat(v, 64)
	// Not-a-number is not above 0 either.
	if err == nil && (!(c.WantedlyRate > 0) || c.WantedlyRate > 1e9) {
		return errBad
	}
	return err
}

func setWorkers(c *config, v string) (err error) {
	c.Workers, err = strconv.Atoi(v)
	if err == nil && (c.Workers < 1 || c.Workers > 10_000) {
		return errBad
	}
	return err
}

func setSMTP(c *config, v string) error {
	c.SMTPURL = intake.NewSecret(v)
	_, err := notify.New(notify.Config{SMTP: c.SMTPURL, From: "renkei@example.com"})
	return err
}

func setSender(c *config, v string) error {
	c.MailFrom = v
	_, err := mail.ParseAddress(v)
	return err
}

func setLogLevel(c *config, v string) (err error) {
	c.LogLevel, err = zerolog.ParseLevel(strings.ToLower(v))
	return err
}

func setLogFormat(c *config, v string) error {
	if v != "json" && v != "console" {
		return errBad
	}
	c.LogFormat = v
	return nil
}

func dataDir() string {
	if base := os.Getenv("XDG_DATA_HOME"); base != "" {
		return filepath.Join(base, "renkei")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, ".local", "share", "renkei")
}

func logFormat() string {
	if stat, err := os.Stderr.Stat(); err == nil && stat.Mode()&os.ModeCharDevice != 0 {
		return "console"
	}
	return "json"
}
