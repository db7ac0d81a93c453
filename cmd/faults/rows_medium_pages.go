package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"time"
)

var _ = register(
	&row{
		number: 9, name: "garbage", fault: "mutated answers: HTML, cut short, renamed, dropped and retyped fields, empty lists with a total",
		required: "nobody is emptied or deleted, runs are right, FAILED or QUARANTINED, and all is in once the medium is itself again",
		once:     20, figure: 200, setting: setting{records: 150, garbled: true}, play: mutateAnswers,
	},
	&row{
		number: 15, name: "shifting", fault: "applications come in at the head while the listing is paged; a listing that begins again for ever",
		required: "nothing is missed, nothing is in twice, and the run ends",
		once:     1, figure: 5, setting: setting{records: 1500}, play: shiftPages,
	},
	&row{
		number: 19, name: "poison", fault: "records with NUL, broken UTF-8, lone surrogates, the year 99999, right-to-left, emoji, no name, and fields of 10 MB",
		required: "those that cannot be read are kept with a reason, all others come in, the counters are true",
		once:     1, figure: 5, setting: setting{records: 1000, garbled: true}, play: poisonRecords,
	},
	&row{
		number: 20, name: "bomb", fault: "an answer of 100 MB, one of 100 MB that is 100 kB of gzip, and a listing of a million lines",
		required: "UNEXPECTED_RESPONSE, at most 64 MB more memory, and the next import is right",
		once:     3, figure: 12, setting: setting{records: 100}, cannot: noPeak, play: floodMedium,
	},
)

// mutateAnswers has an account of a company that knows the same people already import with one answer in three mutated.
func mutateAnswers(ctx context.Context, s *stage) error {
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return err
	}
	t, err := s.twin(ctx, l)
	if err != nil {
		return err
	}
	l.Twin, t.Twin = "", ""
	m := &mutated{s: s, l: t, ends: map[string]int{}, full: map[string]int{}}
	// The verification is let pass: it asks for a page, a ticket and a person.
	if err := errors.Join(m.mutate(ctx, 3), s.register(ctx, t)); err != nil {
		return err
	}
	l.Twin, t.Twin = t.Account, l.Account
	if err := m.play(ctx); err != nil {
		return err
	}
	unreadable, err := m.heal(ctx, l)
	if err != nil {
		return err
	}
	s.see("%d answers mutated in %d runs, which ended %v; %d records kept as unreadable, and read later", m.played, m.runs, m.ends, unreadable)
	return nil
}

// mutated is an account whose answers are mutated.
type mutated struct {
	s *stage
	l *link
	// played is how many answers were, ends how its runs ended.
	played, runs int
	ends         map[string]int
	// full is how much was known of each candidate, entries how many there were.
	full    map[string]int
	entries int
}

// mutate has some answers to a run mutated, one in as many as the seed says.
func (m *mutated) mutate(ctx context.Context, after int) error {
	const atOnce = 6
	return m.s.medium.breaks(ctx, m.l.Email,
		fault{"do": "mutate", "after": after, "oneIn": 2 + m.s.rand.IntN(8), "times": 1 + m.s.rand.IntN(atOnce), "seed": m.s.rand.Uint32()})
}

// play imports again and again, with new applications each time, until as many answers as wanted were mutated.
func (m *mutated) play(ctx context.Context) error {
	for m.played < m.s.times {
		st, err := m.s.until(ctx, m.l, time.Minute, "has run", func(st standing) bool { return st.over > m.runs && !st.leased })
		if err != nil {
			return err
		}
		m.runs = st.over
		m.ends[st.run+" "+st.reason]++
		switch {
		case st.account != "LINKED":
			return fmt.Errorf("%s is %s by %s, after a mutated answer", m.l.Email, st.account, st.reason)
		case st.run == "SUCCEEDED", st.reason == "UNEXPECTED_RESPONSE", st.reason == "MEDIUM_UNAVAILABLE":
		default:
			return fmt.Errorf("%s: a run %s by %s, after a mutated answer", m.l.Email, st.run, st.reason)
		}
		if err := m.nothingLess(ctx); err != nil {
			return err
		}
		played, err := m.s.medium.played(ctx, m.l.Email)
		if err != nil {
			return err
		}
		m.played += played
		if err := errors.Join(m.mutate(ctx, 0), m.s.arrive(ctx, m.l, 5), m.s.press(ctx, m.l)); err != nil {
			return err
		}
	}
	return nil
}

// nothingLess makes sure that nobody is gone, and nothing that was known of anybody.
func (m *mutated) nothingLess(ctx context.Context) error {
	var entries int
	var known map[string]int
	err := m.s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM inbox_entries WHERE company_id = $1),
		(SELECT coalesce(jsonb_object_agg(c.id, (SELECT count(*) FROM jsonb_each_text(to_jsonb(c)) f
			WHERE f.value IS NOT NULL AND f.value NOT IN ('', '[]', '{}', 'null'))), '{}') FROM candidates c WHERE company_id = $1)`, m.l.Company).Scan(&entries, &known)
	if err != nil {
		return err
	}
	for id, was := range m.full {
		if known[id] < was {
			return fmt.Errorf("of candidate %s %d things are known, and %d were", id, known[id], was)
		}
	}
	if entries < m.entries {
		return fmt.Errorf("%d entries are there, and %d were", entries, m.entries)
	}
	m.full, m.entries = known, entries
	return nil
}

// heal has the medium be itself again, and imports all that is left.
func (m *mutated) heal(ctx context.Context, other *link) (unreadable int, err error) {
	s := m.s
	if err := s.medium.breaks(ctx, m.l.Email); err != nil {
		return 0, err
	}
	if _, err := s.until(ctx, m.l, time.Minute, "has no run under way", func(st standing) bool { return !st.leased && st.over > m.runs }); err != nil {
		return 0, err
	}
	// What could not be opened is asked for again in the course of weeks; these are over.
	if _, err := s.pool.Exec(ctx, "UPDATE hidden_applications SET first_at = first_at - interval '29 days' WHERE company_id = $1", m.l.Company); err != nil {
		return 0, err
	}
	if _, err := s.imports(ctx, m.l); err != nil {
		return 0, err
	}
	if err := s.succeeded(ctx, m.l, time.Minute); err != nil {
		return 0, err
	}
	if _, err := s.retryUnreadable(ctx, m.l); err != nil {
		return 0, err
	}
	for _, l := range []*link{m.l, other} {
		if _, err := s.imports(ctx, l); err != nil {
			return 0, err
		}
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return 0, err
		}
	}
	if err := m.nothingLess(ctx); err != nil {
		return 0, err
	}
	left := 0
	err = s.pool.QueryRow(ctx, "SELECT count(*), count(*) FILTER (WHERE state IN ('OPEN', 'RETRYING')) FROM invalid_records WHERE account_id = $1", m.l.Account).
		Scan(&unreadable, &left)
	if err == nil && left > 0 {
		err = fmt.Errorf("%s: %d records are still unreadable", m.l.Email, left)
	}
	m.l.Invalid = unreadable
	return unreadable, err
}

// shiftPages has new applications come in with each page of the listing, and listings that never end.
func shiftPages(ctx context.Context, s *stage) error {
	for range s.times {
		shifting, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		looping, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		// Fewer than a page holds: a listing that grows faster than it is read has no end.
		many, pages := 1+s.rand.IntN(90), 1+s.rand.IntN(3)
		err = errors.Join(
			s.medium.breaks(ctx, shifting.Email, fault{"do": "shift", "kind": "list", "after": 1, "many": many}),
			s.medium.breaks(ctx, looping.Email, fault{"do": "loop", "kind": "list", "many": pages}),
			s.register(ctx, shifting), s.register(ctx, looping),
		)
		if err != nil {
			return err
		}
		for _, l := range []*link{shifting, looping} {
			if err := s.succeeded(ctx, l, time.Minute); err != nil {
				return err
			}
		}
		came, err := s.medium.played(ctx, shifting.Email)
		if err != nil {
			return err
		}
		asked, err := s.medium.ledger(ctx, looping.Email)
		if err != nil {
			return err
		}
		s.see("%d applications came with each of %d pages; a listing of %d pages for ever was asked for %d of them", many, came, pages, asked.count("list"))
		if lists := asked.count("list"); lists > 2*pages+3 {
			return fmt.Errorf("%s: a listing of %d pages was asked for %d", looping.Email, pages, lists)
		}
		// What came last is for the next import.
		if err := s.medium.breaks(ctx, shifting.Email); err != nil {
			return err
		}
		if _, err := s.imports(ctx, shifting); err != nil {
			return err
		}
	}
	return nil
}

// poisonRecords imports what is poison.
func poisonRecords(ctx context.Context, s *stage) error {
	for range s.times {
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		if err := s.medium.breaks(ctx, l.Email, fault{"do": "poison", "seed": s.rand.Uint32()}); err != nil {
			return err
		}
		resp, err := s.medium.get(ctx, "poisoned", url.Values{"email": {l.Email}})
		if err != nil {
			return err
		}
		var poisoned struct{ Numbers []int }
		if err := errors.Join(json.NewDecoder(resp.Body).Decode(&poisoned), resp.Body.Close()); err != nil {
			return err
		}
		l.Invalid = len(poisoned.Numbers)
		if err := s.register(ctx, l); err != nil {
			return err
		}
		if err := s.succeeded(ctx, l, 2*time.Minute); err != nil {
			return err
		}
		var other, counted int
		err = s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM invalid_records WHERE account_id = $1 AND NOT external_id = ANY($2::text[])),
			(SELECT sum(invalid) FROM import_runs WHERE account_id = $1)`, l.Account, words(poisoned.Numbers)).Scan(&other, &counted)
		if err != nil {
			return err
		}
		s.see("%d records, of which %d cannot be read; %d others were kept as unreadable, %d counted", s.each, l.Invalid, other, counted)
		if other > 0 || counted != l.Invalid || l.Invalid == 0 {
			return fmt.Errorf("%s: %d records that can be read were kept as unreadable, and %d counted", l.Email, other, counted)
		}
	}
	return nil
}

func words(numbers []int) []string {
	out := []string{}
	for _, n := range numbers {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

const (
	floodBytes = 100 << 20
	floodItems = 1_000_000
	// nearlyItems are as many lines as one answer may just have.
	nearlyItems = 170_000
	// moreMemory is how much more memory a flood may cost.
	moreMemory = 64 << 20
)

var floods = []fault{
	{"do": "huge", "kind": "list", "many": floodBytes},
	{"do": "bomb", "kind": "list", "many": floodBytes},
	{"do": "items", "kind": "list", "many": floodItems},
	{"do": "items", "kind": "list", "many": nearlyItems},
	{"do": "huge", "kind": "person", "many": floodBytes},
	{"do": "bomb", "kind": "ticket", "many": floodBytes},
}

// floodMedium has the medium answer with more than anybody could hold.
func floodMedium(ctx context.Context, s *stage) error {
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return err
	}
	for n := range s.times {
		f := floods[n%len(floods)]
		what := fmt.Sprintf("%s of %d for a %s", f["do"], f["many"], f["kind"])
		if err := errors.Join(s.medium.breaks(ctx, l.Email, f), s.arrive(ctx, l, 5)); err != nil {
			return err
		}
		before, err := s.resident()
		if err != nil {
			return err
		}
		st, err := s.imports(ctx, l)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if st.account != "LINKED" || st.reason != "UNEXPECTED_RESPONSE" {
			return fmt.Errorf("%s: %s is %s, its run %s by %s", what, l.Email, st.account, st.run, st.reason)
		}
		more, err := s.grown(before)
		if err != nil {
			return err
		}
		s.see("%s: %s, %d MB more", what, st.run, more>>20)
		if more > moreMemory {
			return fmt.Errorf("%s: a process took %d MB more", what, more>>20)
		}
		if err := s.medium.breaks(ctx, l.Email); err != nil {
			return err
		}
		if _, err := s.imports(ctx, l); err != nil {
			return err
		}
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return err
		}
	}
	return nil
}

// noPeak says why nobody can tell how much memory a process has had.
func noPeak(context.Context) string {
	if _, err := os.Stat("/proc/self/clear_refs"); err != nil {
		return "the system does not let a process's peak of memory begin anew"
	}
	return ""
}

var peakLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that a process has had.
func (p *process) peak() (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	found := peakLine.FindSubmatch(status)
	if found == nil {
		return 0, errors.New("the system does not say how much memory a process has had")
	}
	kB, err := strconv.Atoi(string(found[1]))
	return kB << 10, err
}

// resident has the system forget how much memory each process has had, and returns how much it has.
func (s *stage) resident() (map[*process]int, error) {
	out := map[*process]int{}
	for _, p := range s.alive() {
		// 5 is: begin anew with the peak.
		err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0o200)
		if err != nil {
			return nil, err
		}
		if out[p], err = p.peak(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// grown is by how much the one that took most has grown.
func (s *stage) grown(before map[*process]int) (most int, err error) {
	for p, was := range before {
		now, err := p.peak()
		if err != nil {
			return 0, err
		}
		most = max(most, now-was)
	}
	return most, nil
}
