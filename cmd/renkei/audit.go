package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"renkei/intake"
)

// notedHeads are the heads that somebody kept, by company.
type notedHeads map[uuid.UUID][]intake.AuditHead

func (notedHeads) String() string { return "" }

// Set implements flag.Value.
func (h notedHeads) Set(v string) error {
	company, noted, _ := strings.Cut(v, "=")
	id, err := uuid.Parse(company)
	if err != nil {
		return fmt.Errorf("%q is not an id", company)
	}
	head, err := intake.ParseAuditHead(noted)
	h[id] = append(h[id], head)
	return err
}

// auditVerify reads every log whole. It goes on behind a broken one, so that one run tells of all.
func auditVerify(ctx context.Context, i *invocation) error {
	company, noted := i.id("company"), make(notedHeads)
	i.flags.Var(noted, "head", "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	return i.withService(ctx, func(s *intake.Service) error {
		companies, err := s.CompanyIDs(ctx)
		if err != nil {
			return err
		}
		if company.given {
			companies = slices.DeleteFunc(companies, func(id uuid.UUID) bool { return id != company.value })
			maps.DeleteFunc(noted, func(id uuid.UUID, _ []intake.AuditHead) bool { return id != company.value })
			if len(companies) == 0 {
				return fmt.Errorf("there is no company %s", company.value)
			}
		}
		return i.verifyLogs(ctx, s, companies, noted)
	})
}

func (i *invocation) verifyLogs(ctx context.Context, s *intake.Service, companies []uuid.UUID, noted notedHeads) error {
	var broken []error
	for _, id := range companies {
		head, err := s.VerifyAudit(ctx, id, noted[id]...)
		delete(noted, id)
		if _, is := errors.AsType[*intake.BrokenLogError](err); is {
			broken = append(broken, fmt.Errorf("the audit log of company %s is broken at %w", id, err))
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(i.out, "company %s: %d lines, unbroken, head %s=%s\n", id, head.N, id, head)
	}
	for id := range noted {
		broken = append(broken, fmt.Errorf("the audit log of company %s is gone with the company", id))
	}
	return errors.Join(broken...)
}
