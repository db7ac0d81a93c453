package main

import (
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/google/uuid"

	"renkei/intake"
)

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

func (s setting) complain(value string) error {
	if s.secret {
		return fmt.Errorf("%s is not %s", s.name, s.expects)
	}
	return fmt.Errorf("%s is %q; it should be %s", s.name, value, s.expects)
}
