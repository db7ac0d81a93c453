package main

import (
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"renkei/intake"
	"renkei/notify"
)

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
