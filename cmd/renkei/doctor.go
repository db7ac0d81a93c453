package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

	"renkei/db"
	"renkei/intake"
)

const (
	doctorName = "doctor"
	// checkPatience bounds each check, lastWord what one that was told to stop may still say.
	checkPatience = 5 * time.Second
	lastWordTime  = 200 * time.Millisecond
)

// verdict is what a check comes to.
type verdict string

const (
	verdictOK      verdict = "ok"
	verdictWarn    verdict = "warn"
	verdictFail    verdict = "fail"
	verdictSkipped verdict = "skipped"
)

// finding is what a check found, and what to do about it.
type finding struct {
	Check string  `json:"check"`
	State verdict `json:"state"`
	Found string  `json:"found"`
	Do    string  `json:"do,omitempty"`
	// learn keeps what later checks need to know.
	learn func()
}

func fine(format string, args ...any) finding {
	return finding{State: verdictOK, Found: fmt.Sprintf(format, args...)}
}

func doubtful(do, format string, args ...any) finding {
	return finding{State: verdictWarn, Found: fmt.Sprintf(format, args...), Do: do}
}

func broken(do, format string, args ...any) finding {
	return finding{State: verdictFail, Found: fmt.Sprintf(format, args...), Do: do}
}

// check is one question; needs names another that has to be answered well before.
type check struct {
	name, needs string
	run         func(context.Context) finding
}

// doctor looks at all that the program stands on, and changes none of it.
type doctor struct {
	config config
	// unfit is what is wrong with the settings.
	unfit    error
	now      func() time.Time
	free     func(folder string) (uint64, error)
	patience time.Duration

	// What checks have learned.
	server  db.Server
	pool    *pgxpool.Pool
	service *intake.Service
	vault   intake.VaultStatus
}

func doctorCommand(ctx context.Context, i *invocation) error {
	asJSON := i.flags.Bool("json", false, "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	d := &doctor{config: i.config, unfit: i.unfit, now: time.Now, free: freeSpace, patience: checkPatience}
	if *asJSON {
		return reportJSON(i.out, d.examine(ctx, func(finding) {}))
	}
	return failures(d.examine(ctx, func(f finding) { fmt.Fprintln(i.out, f.line()) }))
}

func (d *doctor) checks() []check {
	return []check{
		{"settings", "", d.settings},
		{"address", "", d.address},
		{"folder", "", d.folder},
		{"database", "", d.database},
		{"clock", "database", d.clock},
		{"listen", "database", d.listen},
		{"login", "database", d.login},
		{"schema", "login", d.schema},
		{"keys", "schema", d.keys},
		{"connections", "schema", d.connections},
		{"members", "schema", d.members},
		{"operator", "", d.operator},
		{"queue", "schema", d.queue},
		{"work", "schema", d.work},
		{"medium", "", d.medium},
		{"mail", "", d.mail},
	}
}

// examine makes every check in turn, and goes on behind one that fails; it tells each as it comes.
func (d *doctor) examine(ctx context.Context, tell func(finding)) []finding {
	var all []finding
	// Which check stands in the way of those that need this one.
	obstacle := make(map[string]string)
	hide := d.hider()
	for _, c := range d.checks() {
		f := finding{State: verdictSkipped, Found: obstacle[c.needs]}
		if f.Found == "" {
			f = d.bounded(ctx, c)
		}
		f.Check, f.Found = c.name, hide.Replace(oneLine(errors.New(f.Found)))
		switch f.State {
		case verdictFail:
			obstacle[c.name] = c.name
		case verdictSkipped:
			obstacle[c.name] = f.Found
		default: // what needs it can be looked at
		}
		tell(f)
		all = append(all, f)
	}
	if d.pool != nil {
		// A check that was given up may still hold a connection; nobody waits for it.
		go d.pool.Close()
	}
	return all
}

// bounded makes a check, and gives it up where it takes too long: a file system or a server may never answer.
func (d *doctor) bounded(ctx context.Context, c check) finding {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	answer := make(chan finding, 1)
	go func() { answer <- c.run(ctx) }()
	given := func(f finding) finding {
		if f.learn != nil {
			f.learn()
		}
		return f
	}
	select {
	case f := <-answer:
		return given(f)
	case <-ctx.Done():
	}
	select {
	case f := <-answer:
		return given(f)
	case <-time.After(lastWordTime):
		return broken("look at what it would have to answer: a network that drops packets, a disk that hangs, a server that is overloaded",
			"no answer within %s", d.patience)
	}
}

// hider takes out of a text what must not be shown. No check means to say any of it: this is for what libraries say.
func (d *doctor) hider() *strings.Replacer {
	var pairs []string
	hide := func(secret string) {
		// A word as short as this says nothing, and stands everywhere.
		if len(secret) >= 4 {
			pairs = append(pairs, secret, "…")
		}
	}
	for _, address := range []string{d.config.DatabaseURL, d.config.DirectURL, d.config.OwnerURL} {
		if parsed, err := pgx.ParseConfig(address); err == nil {
			hide(parsed.Password)
		}
		hide(address)
	}
	smtp := d.config.SMTPURL.Reveal()
	if parsed, err := url.Parse(smtp); err == nil {
		given, _ := parsed.User.Password()
		hide(given)
	}
	hide(smtp)
	for key := range strings.SplitSeq(d.config.MasterKeys.Reveal(), ",") {
		hide(strings.TrimSpace(key))
	}
	hide(d.config.OIDC.ClientSecret.Reveal())
	return strings.NewReplacer(pairs...)
}

func (f finding) line() string {
	line := fmt.Sprintf("%-7s %-11s ", f.State, f.Check)
	switch {
	case f.State == verdictSkipped:
		return fmt.Sprintf("%-7s %-11s skipped: %s", f.State, f.Check, f.Found)
	case f.Do != "":
		return line + f.Found + " → " + f.Do
	}
	return line + f.Found
}

// failures is an error where a check failed.
func failures(all []finding) error {
	var names []string
	for _, f := range all {
		if f.State == verdictFail {
			names = append(names, f.Check)
		}
	}
	if names == nil {
		return nil
	}
	return fmt.Errorf("%d of %d checks failed: %s", len(names), len(all), strings.Join(names, ", "))
}

func reportJSON(w io.Writer, all []finding) error {
	failed := failures(all)
	text := json.NewEncoder(w)
	text.SetIndent("", "  ")
	text.SetEscapeHTML(false)
	err := text.Encode(struct {
		Version string    `json:"version"`
		Healthy bool      `json:"healthy"`
		Checks  []finding `json:"checks"`
	}{version, failed == nil, all})
	return errors.Join(err, failed)
}

// quiet is the log of what the doctor borrows: it says itself what is wrong.
func quiet() zerolog.Logger { return zerolog.Nop() }
