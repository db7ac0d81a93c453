package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/term"

	"renkei/db"
	"renkei/intake"
	"renkei/jobs"
)

func migrateUp(ctx context.Context, i *invocation) error {
	if err := i.plain(); err != nil {
		return err
	}
	applied, err := db.Migrate(ctx, i.config.OwnerURL)
	for _, m := range applied {
		fmt.Fprintln(i.out, "applied", m.Name)
	}
	if err == nil {
		fmt.Fprintln(i.out, "the schema is current")
	}
	return err
}

func migrateStatus(ctx context.Context, i *invocation) error {
	if err := i.plain(); err != nil {
		return err
	}
	pool, err := db.OpenOwner(ctx, i.config.OwnerURL, 2)
	if err != nil {
		return fmt.Errorf("RENKEI_DATABASE_URL: %w", err)
	}
	defer pool.Close()
	all, err := db.Migrations(ctx, pool)
	for _, m := range all {
		state := "missing"
		if m.Applied {
			state = "applied"
		}
		fmt.Fprintln(i.out, state, m.Name)
	}
	return err
}

// plain is a command that takes no words and needs the database.
func (i *invocation) plain() error {
	if _, err := i.parse(0); err != nil {
		return err
	}
	return i.config.require("RENKEI_DATABASE_URL")
}

// withService runs f on a domain that neither talks to a medium nor seals.
func (i *invocation) withService(ctx context.Context, f func(*intake.Service) error) error {
	if err := i.config.require("RENKEI_DATABASE_URL"); err != nil {
		return err
	}
	pool, err := i.config.open(ctx, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := db.CheckSchema(ctx, pool); err != nil {
		return err
	}
	queue, err := jobs.NewQueue()
	if err != nil {
		return err
	}
	return said(f(intake.New(pool, queue, nil, nil, intake.Settings{}, i.log)))
}

// said turns what a person can mend into a line.
func said(err error) error {
	var mend intake.UserErrors
	if !errors.As(err, &mend) {
		return err
	}
	lines := make([]string, len(mend))
	for n, e := range mend {
		lines[n] = strings.Join(e.Field, ".") + ": " + e.Text.EN
	}
	return errors.New(strings.Join(lines, "; "))
}

func companyCreate(ctx context.Context, i *invocation) error {
	words, err := i.parse(1)
	if err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		company, err := s.CreateCompany(ctx, words[0])
		if err == nil {
			fmt.Fprintf(i.out, "created company %s %s\n", company.Name, company.ID)
		}
		return err
	})
}

func memberCreate(ctx context.Context, i *invocation) error {
	company := i.id("company")
	email := i.flags.String("email", "", "")
	name := i.flags.String("name", "", "")
	roles := i.flags.String("roles", "", "")
	if err := i.parseIDs(); err != nil {
		return err
	}
	n := intake.NewMember{CompanyID: company.value, Name: *name, Email: *email}
	for role := range strings.SplitSeq(*roles, ",") {
		if role = strings.TrimSpace(role); role != "" {
			n.Roles = append(n.Roles, intake.Role(strings.ToUpper(role)))
		}
	}
	var err error
	if n.Password, err = i.askPassword(); err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		member, err := s.CreateMember(ctx, n)
		if err == nil {
			fmt.Fprintf(i.out, "created member %s %s\n", member.Email, member.ID)
		}
		return err
	})
}

var errPasswordsDiffer = errors.New("the two passwords differ")

// askPassword asks a person at the terminal twice, and otherwise takes the first line of standard input. It is
// empty for a member who does not sign in with one.
func (i *invocation) askPassword() (intake.Secret, error) {
	if terminal, ok := i.in.(*os.File); ok && term.IsTerminal(int(terminal.Fd())) {
		return i.askTwice(func(question string) (string, error) {
			fmt.Fprint(i.err, question)
			answer, err := term.ReadPassword(int(terminal.Fd()))
			fmt.Fprintln(i.err)
			return string(answer), err
		})
	}
	return i.readPassword()
}

// askPasswordOnce asks for a password that there is already.
func (i *invocation) askPasswordOnce() (intake.Secret, error) {
	terminal, ok := i.in.(*os.File)
	if !ok || !term.IsTerminal(int(terminal.Fd())) {
		return i.readPassword()
	}
	fmt.Fprint(i.err, "Password: ")
	answer, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(i.err)
	return intake.NewSecret(string(answer)), err
}

// readPassword takes the first line of standard input.
func (i *invocation) readPassword() (intake.Secret, error) {
	line, err := bufio.NewReader(i.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return intake.Secret{}, fmt.Errorf("read password: %w", err)
	}
	return intake.NewSecret(strings.TrimRight(line, "\r\n")), nil
}

func (*invocation) askTwice(ask func(string) (string, error)) (intake.Secret, error) {
	first, err := ask("Password (empty for none): ")
	if err != nil || first == "" {
		return intake.Secret{}, err
	}
	again, err := ask("Once more: ")
	if err == nil && again != first {
		err = errPasswordsDiffer
	}
	return intake.NewSecret(first), err
}

func tokenCreate(ctx context.Context, i *invocation) error {
	company, member := i.id("company"), i.id("member")
	name := i.flags.String("name", "token", "")
	expires := i.flags.Duration("expires", 0, "")
	if err := i.parseIDs(); err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		token, err := s.CreateToken(ctx, intake.NewToken{CompanyID: company.value, MemberID: member.value, Name: *name, Expires: *expires})
		if err == nil {
			until := "until it is revoked"
			if *expires > 0 {
				until = "until " + time.Now().Add(*expires).UTC().Format(time.RFC3339)
			}
			fmt.Fprintf(i.out, "created token, good %s, shown only this once: %s\n", until, token)
		}
		return err
	})
}

// idFlag is a flag that holds an id and must be given.
type idFlag struct {
	value uuid.UUID
	given bool
}

func (f *idFlag) String() string { return "" }

// Set implements flag.Value.
func (f *idFlag) Set(v string) (err error) {
	if f.value, err = uuid.Parse(v); err != nil {
		return errors.New("not an id")
	}
	f.given = true
	return nil
}

func (i *invocation) id(name string) *idFlag {
	f := &idFlag{}
	i.flags.Var(f, name, "")
	return f
}

// parseIDs reads flags only, and insists on every id.
func (i *invocation) parseIDs() error {
	if _, err := i.parse(0); err != nil {
		return err
	}
	for _, name := range []string{"company", "member"} {
		if f := i.flags.Lookup(name); f != nil {
			if id, ok := f.Value.(*idFlag); ok && !id.given {
				return fmt.Errorf("%w: --%s is missing", errUsage, name)
			}
		}
	}
	return nil
}
