package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"renkei/intake"
	"renkei/notify"
	"renkei/wantedly"
)

const (
	// Uploads lie in the folder while they are looked at, several of them at once.
	littleSpace = 1 << 30
	noSpace     = 64 << 20
	slowMedium  = 3 * time.Second
)

func (d *doctor) settings(context.Context) finding {
	err := errors.Join(d.unfit, d.config.require("RENKEI_DATABASE_URL", "RENKEI_MASTER_KEYS", "RENKEI_WANTEDLY_URL"))
	if err != nil {
		return broken("mend the environment of the process: docs/configuration.md", "%v", err)
	}
	given := 0
	for _, is := range d.config.given {
		if is {
			given++
		}
	}
	return fine("%d are set, all good", given)
}

// address looks at what the network would see.
func (d *doctor) address(context.Context) finding {
	switch {
	case d.config.PublicURL == nil || d.config.Listen == "":
		return doubtful("mend the settings first", "not known")
	case d.config.PublicURL.Scheme == "http" && !loopback(d.config.Listen):
		return doubtful("put a proxy with TLS in front and set RENKEI_PUBLIC_URL=https://…",
			"%s is open to the network, and RENKEI_PUBLIC_URL is not https: passwords and cookies would cross it in the clear", d.config.Listen)
	case d.config.PublicURL.Scheme == "https" && len(d.config.TrustedProxies) == 0:
		return doubtful("set RENKEI_TRUSTED_PROXIES to the networks of the proxy: until then everybody behind it counts as one address, and shares its tries to sign in",
			"%s, and no proxy is believed", d.config.PublicURL)
	}
	return fine("%s at %s", d.config.PublicURL, d.config.Listen)
}

func loopback(address string) bool {
	ip := net.ParseIP(hostOf(address))
	return hostOf(address) == "localhost" || ip != nil && ip.IsLoopback()
}

// folder looks at where uploads lie while they are looked at.
func (d *doctor) folder(context.Context) finding {
	folder := os.TempDir()
	if d.config.given["RENKEI_DATA_DIR"] {
		folder = d.config.DataDir
	}
	const do = "set RENKEI_DATA_DIR to a folder that the program may write to"
	there := folder
	stat, err := os.Stat(there)
	// The program makes it, where it may.
	for errors.Is(err, os.ErrNotExist) && filepath.Dir(there) != there {
		there = filepath.Dir(there)
		stat, err = os.Stat(there)
	}
	switch {
	case err != nil:
		return broken(do, "%v", err)
	case !stat.IsDir():
		return broken(do, "%s is not a folder", there)
	case !mayWrite(there):
		return broken(do, "%s may not be written to", there)
	}
	free, err := d.free(there)
	if err != nil {
		return doubtful("look at the disk", "how much room is in %s is not known: %v", folder, err)
	}
	text := fmt.Sprintf("%s has %d MB left", folder, free>>20)
	switch {
	case free < noSpace:
		return broken("make room: files cannot be uploaded", "%s", text)
	case free < littleSpace:
		return doubtful("make room soon: large files may not be uploaded", "%s", text)
	}
	return fine("%s", text)
}

func (d *doctor) keys(ctx context.Context) finding {
	const (
		put = "put it back beside the others, or, if it is lost, run `renkei keys forget ID`"
		see = "see `renkei keys status` and docs/operations.md#keys"
	)
	status, err := d.service.VaultOutline(ctx)
	if err != nil {
		return broken("run `renkei migrate status`", "%v", err)
	}
	learn := func() { d.vault = status }
	with := func(f finding) finding { f.learn = learn; return f }
	if name, _ := d.config.keys(); d.config.MasterKeys.IsZero() && d.config.MasterKeysFile == "" {
		return with(broken("set it to what the other processes have; `renkei keys new` makes the first one", "%s is not set", name))
	}
	vault, err := d.config.openVault(ctx)
	if err != nil {
		return with(broken("mend it: docs/configuration.md#the-vaults-keys", "%v", err))
	}
	held := vault.Keys()
	if missing := missingKeys(status, held); missing != nil {
		return with(broken(put, "%s is missing, under which something may be sealed", joined(missing)))
	}
	for _, h := range status.Holders {
		if lacks := missingKeys(status, h.Keys); lacks != nil {
			return with(doubtful(see, "the process %s lacks %s, under which something may be sealed", h.Name, joined(lacks)))
		}
	}
	for _, k := range status.Keys {
		switch {
		case k.Reseal == nil || k.Reseal.Finished != nil:
		case k.Reseal.Unreadable > 0:
			return with(doubtful(see, "%d values that key %s sealed do not open", k.Reseal.Unreadable, k.ID))
		case d.now().Sub(k.Reseal.Started) > longReseal:
			return with(doubtful(see, "what key %s sealed is being sealed anew since %s", k.ID, k.Reseal.Started.Format(time.RFC3339)))
		default:
			return with(fine("%d at hand; what key %s sealed is being sealed anew", len(held), k.ID))
		}
	}
	return with(fine("%d at hand, none is missing", len(held)))
}

// missingKeys are those that are needed and not held.
func missingKeys(status intake.VaultStatus, held []intake.KeyID) []intake.KeyID {
	var missing []intake.KeyID
	for _, k := range status.Keys {
		if k.Needed() && !slices.Contains(held, k.ID) {
			missing = append(missing, k.ID)
		}
	}
	return missing
}

func (d *doctor) members(ctx context.Context) finding {
	a, err := d.service.Administration(ctx, d.config.OperatingCompany, d.config.OIDC.ClientID != "")
	switch {
	case err != nil:
		return broken("run `renkei migrate status`", "%v", err)
	case d.config.OperatingCompany != uuid.Nil && !a.Operating:
		return broken("mend RENKEI_OPERATING_COMPANY: nobody can see /admin/jobs", "there is no company %s", d.config.OperatingCompany)
	case a.Companies == 0:
		return doubtful("run `renkei company create NAME`", "there is no company yet")
	case a.Unattended > 0:
		return doubtful("run `renkei member create --roles ADMIN` with a password, or let them choose one by an invitation",
			"%d of %d companies have no administrator who can sign in with a password or an identity provider", a.Unattended, a.Companies)
	}
	return fine("%d companies, each with an administrator who can sign in", a.Companies)
}

// operator looks whether anybody is told of what is no single company's; whether there is such a company, members says.
func (d *doctor) operator(context.Context) finding {
	if d.config.OperatingCompany == uuid.Nil {
		return doubtful("set RENKEI_OPERATING_COMPANY to the id of the company that runs this server: docs/operations.md#first-installation",
			"no company is named whose administrators are told of a medium that has changed or is away")
	}
	return fine("the administrators of %s are told of a medium that has changed or is away", d.config.OperatingCompany)
}

func (d *doctor) medium(ctx context.Context) finding {
	if d.config.WantedlyURL == "" {
		return broken("set RENKEI_WANTEDLY_URL", "there is no address of Wantedly")
	}
	client, err := wantedly.New(wantedly.Config{
		BaseURL: d.config.WantedlyURL, UserAgent: "renkei/" + version, Contact: d.config.Contact, Logger: quiet(),
	})
	if err != nil {
		return broken("mend RENKEI_WANTEDLY_URL or RENKEI_CONTACT", "%v", err)
	}
	defer client.Close()
	door, err := client.Knock(ctx)
	if err != nil {
		return broken("see that this machine may go out to it (DNS, firewall, HTTPS_PROXY, CA certificates)", "%s: %v", d.config.WantedlyURL, err)
	}
	text := fmt.Sprintf("%s answers %d in %s", d.config.WantedlyURL, door.Status, door.Took.Round(time.Millisecond))
	u, err := url.Parse(d.config.WantedlyURL)
	switch {
	case err != nil:
		return broken("mend RENKEI_WANTEDLY_URL", "%v", err)
	case door.Status >= http.StatusInternalServerError || door.Status == http.StatusTooManyRequests:
		return doubtful("wait: accounts stay linked, and imports are tried again by themselves", "%s", text)
	case door.Status >= http.StatusMultipleChoices && door.Status < http.StatusBadRequest:
		return doubtful("run `renkei medium check`: it goes where the site sends it", "%s, and sends on", text)
	case !door.Form:
		return broken("run `renkei medium check`; docs/operations.md#when-a-medium-changed", "%s, and that is no sign-in page", text)
	case u.Scheme != "https" && !loopback(net.JoinHostPort(u.Hostname(), "0")):
		return doubtful("use https: accounts' passwords cross the network in the clear", "%s", text)
	case door.Took > slowMedium:
		return doubtful("imports will take long; nothing else is wrong", "%s", text)
	}
	return fine("%s", text)
}

// mail says who it is to the mail server, and sends nothing.
func (d *doctor) mail(ctx context.Context) finding {
	if d.config.SMTPURL.IsZero() {
		return fine("no mail server is set: nobody is told by e-mail")
	}
	notifier, err := notify.New(notify.Config{SMTP: d.config.SMTPURL, From: d.config.MailFrom, UserAgent: "renkei/" + version})
	if err != nil {
		return broken("mend RENKEI_SMTP_URL or RENKEI_MAIL_FROM: docs/configuration.md", "%v", err)
	}
	if err := notifier.Greet(ctx); err != nil {
		return broken("see that this machine may go out to it, and that it takes the login of RENKEI_SMTP_URL (docs/operations.md#notifications)",
			"nobody can be told by e-mail: %v", err)
	}
	return fine("the mail server lets us in; nothing was sent")
}
