package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"renkei/cmd/faults/judge"
)

const (
	// profiled is of how many accounts profiles are read back, each the latest people's.
	profiled = 5

	readProfiles = `query { inbox(first: 50) { nodes { externalUrl candidate {
		location currentPosition tagline introduction aspiration skills links { title url }
		workHistories { companyName position description startedOn endedOn } educations { schoolName major description graduatedOn } } } } }`
)

var lastNumber = regexp.MustCompile(`[0-9]+$`)

// profiles are what clients are told of people, of some accounts.
func (s *stage) profiles(ctx context.Context) (all []judge.Profile, err error) {
	if s.row.setting.garbled {
		return nil, nil
	}
	step := max(1, len(s.links)/profiled)
	for i := 0; i < len(s.links); i += step {
		l := s.links[i]
		if l.Account == "" {
			continue
		}
		var answer struct {
			Nodes []struct {
				ExternalURL string
				Candidate   judge.Profile
			}
		}
		if err := l.ask(ctx, s.any(), "inbox", readProfiles, nil, &answer); err != nil {
			return nil, fmt.Errorf("read profiles: %w", err)
		}
		for _, n := range answer.Nodes {
			n.Candidate.Domain = l.Domain
			if n.Candidate.Number, err = strconv.Atoi(lastNumber.FindString(n.ExternalURL)); err != nil {
				return nil, fmt.Errorf("an address without a number: %s", n.ExternalURL)
			}
			all = append(all, n.Candidate)
		}
	}
	return all, nil
}
