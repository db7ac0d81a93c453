package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"renkei/intake"
	"renkei/wantedly"
)

var (
	// errFactsBroken ends a check that found the medium changed.
	errFactsBroken = errors.New("the medium is no longer as it is taken to be")
	// errFactsDoubtful ends one that found something nowhere that may well be gone.
	errFactsDoubtful = errors.New("something was nowhere to be seen that may be gone")
)

// mediumCheck looks at the live site, fact by fact, as an operator does before the first use and after each run that was
// quarantined. It needs no database.
func mediumCheck(ctx context.Context, i *invocation) error {
	base := i.flags.String("url", "", "")
	email := i.flags.String("email", "", "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	if *email == "" {
		return fmt.Errorf("%w: --email is missing", errUsage)
	}
	if *base == "" {
		if err := i.config.require("RENKEI_WANTEDLY_URL"); err != nil {
			return err
		}
		*base = i.config.WantedlyURL
	}
	password, err := i.askPasswordOnce()
	if err != nil {
		return err
	}
	if password.IsZero() {
		return fmt.Errorf("%w: the password is expected on standard input", errUsage)
	}
	client, err := wantedly.New(wantedly.Config{
		BaseURL: *base, Rate: i.config.WantedlyRate, UserAgent: "renkei/" + version, Contact: i.config.Contact, Logger: i.log,
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	defer client.Close()
	facts, stopped := client.Check(ctx, intake.Credentials{Email: *email, Password: password})
	if err := i.tellFacts(facts); err != nil {
		return err
	}
	if stopped != nil {
		return fmt.Errorf("the check could not be finished: %w", stopped)
	}
	return nil
}

// tellFacts prints a line for each fact.
func (i *invocation) tellFacts(facts []wantedly.Fact) error {
	broken, doubtful := 0, 0
	section := ""
	for _, f := range facts {
		if f.Section != section {
			section = f.Section
			fmt.Fprintf(i.out, "%s\n", section)
		}
		line := "holds"
		switch f.Verdict {
		case wantedly.Holds:
		case wantedly.Broken:
			broken++
			line = "NO LONGER HOLDS: " + f.Why
		case wantedly.NotSeen:
			line = "not seen: " + f.Why
		case wantedly.NotChecked:
			line = "not checked: " + f.Why
		case wantedly.Doubtful:
			doubtful++
			line = "MAY BE GONE: " + f.Why + ": was it there before?"
		}
		fmt.Fprintf(i.out, "  %s: %s\n", f.Words, strings.ReplaceAll(line, "\n", " "))
	}
	if broken > 0 {
		return fmt.Errorf("%w: %d of %d facts", errFactsBroken, broken, len(facts))
	}
	if doubtful > 0 {
		return fmt.Errorf("%w: %d of %d facts", errFactsDoubtful, doubtful, len(facts))
	}
	return nil
}

// mediumAccept has the medium's present look be the usual one, once an operator has looked at it.
func mediumAccept(ctx context.Context, i *invocation) error {
	words, err := i.parse(1)
	if err != nil {
		return err
	}
	medium := intake.Medium(strings.ToUpper(words[0]))
	if medium != intake.MediumWantedly {
		return fmt.Errorf("%w: no account of %s can be linked", errUsage, words[0])
	}
	return i.withService(ctx, func(s *intake.Service) error {
		err := s.AcceptLook(ctx, medium)
		if err == nil {
			fmt.Fprintf(i.out, "from now on, what %s looks like is taken for usual\n", medium)
		}
		return err
	})
}
