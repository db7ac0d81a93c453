package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"renkei/cmd/faults/judge"
)

// row is a line of the fault matrix.
type row struct {
	number int
	// name narrows a run to it: FAULTS=kill.
	name string
	// fault says what is broken, required what must come of it.
	fault, required string
	// once and figure are how many faults one stage sees: in a short pass, and when figures are wanted.
	once, figure int
	// setting is what the stage looks like before anything is broken.
	setting setting
	// cannot says why this machine cannot play the row; nil or "" where it can.
	cannot func(context.Context) string
	// play arranges, breaks, and returns when all should become calm. What it returns is what the row itself found wrong.
	play func(context.Context, *stage) error
}

// setting is what a stage looks like. The zero value: two processes, companies of s.records applications, and a database
// of its own on the shared cluster, reached directly.
type setting struct {
	// processes is how many there are at the start; 2 by default, none when negative.
	processes int
	// ownCluster has the row start a Postgres that it may break, with these settings.
	ownCluster bool
	postgres   map[string]string
	// dir makes the cluster's folder; nil: in the stage's own.
	dir func(context.Context, *stage) (string, error)
	// proxied leads every process to Postgres through a proxy of its own: s.proxies.
	proxied bool
	// env is further settings of the program.
	env map[string]string
	// records is how many applications a company has, where that is not left to the caller.
	records int
	// args are further words behind `renkei serve`.
	args []string
	// garbled says that people are not told of as the medium knows them: their profiles cannot be compared.
	garbled bool
	// takesAway says that the row breaks the database or the way to it, as the end of a process is seen by itself.
	takesAway bool
	// ownerless is longer than 10 seconds only where the row takes the database away.
	ownerless time.Duration
}

// result is what became of one run of a row.
type result struct {
	row    *row
	seed   uint64
	faults int
	took   time.Duration
	// cannot is why it was not played.
	cannot  string
	seen    []string
	verdict judge.Verdict
	err     error
	kept    string
}

// held reports whether the run was judged and all is whole.
func (r result) held() bool { return r.judged() && r.err == nil && r.verdict.Holds() }

// mayBeMissing are the rows that a machine need not be able to play: a small disk, a bound on memory and a measured peak
// are the system's to give, and the version before is in the history alone. Any other row that is not judged is a failure.
var mayBeMissing = []string{"disk", "memory", "bomb", "upgrade"}

// excused reports whether the row was not played, and need not have been.
func (r result) excused() bool { return !r.judged() && slices.Contains(mayBeMissing, r.row.name) }

// judged reports whether there is anything to say of the row: what was not played neither held nor broke.
func (r result) judged() bool { return r.cannot == "" }

func (r result) word() string {
	switch {
	case r.excused():
		return "cannot be played here"
	case !r.judged():
		return "NOT JUDGED"
	case r.held():
		return "holds"
	default:
		return "BROKEN"
	}
}

// said is what was seen, or what is wrong.
func (r result) said() string {
	if r.cannot != "" {
		return r.cannot
	}
	said := append([]string{}, r.seen...)
	if r.err != nil {
		said = append(said, "error: "+strings.ReplaceAll(r.err.Error(), "\n", " "))
	}
	if !r.verdict.Holds() {
		said = append(said, r.verdict.String())
	}
	if r.kept != "" {
		said = append(said, "logs in "+r.kept)
	}
	return strings.Join(said, "; ")
}

// String is a line for the terminal.
func (r result) String() string {
	return fmt.Sprintf("%2d %-10s ×%-4d seed %-6d %-9s %6.1fs  %s", r.row.number, r.row.name, r.faults, r.seed, r.word(), r.took.Seconds(), r.said())
}

// lastRow is the last number of the matrix, which begins with 1.
const lastRow = 28

// absent are the matrix's numbers for which there is no row.
func absent(rows []*row) (numbers []string) {
	for n := 1; n <= lastRow; n++ {
		if !slices.ContainsFunc(rows, func(r *row) bool { return r.number == n }) {
			numbers = append(numbers, strconv.Itoa(n))
		}
	}
	return numbers
}

// sum is the last line of a run, and an error where not everything that was asked for is known to hold. A row that cannot be
// played here is never said to hold, and is a failure unless it is one of mayBeMissing.
func sum(all []result) (line string, err error) {
	var held int
	var broken, unplayed, unjudged []string
	for _, r := range all {
		switch {
		case r.excused():
			unplayed = append(unplayed, r.row.name)
		case !r.judged():
			unjudged = append(unjudged, r.row.name)
		case r.held():
			held++
		default:
			broken = append(broken, fmt.Sprintf("%s (seed %d)", r.row.name, r.seed))
		}
	}
	line = fmt.Sprintf("%d runs hold", held)
	if unplayed != nil {
		line += fmt.Sprintf(", %d cannot be played here and are not judged: %s", len(unplayed), strings.Join(unplayed, ", "))
	}
	if unjudged != nil {
		line += fmt.Sprintf(", %d NOT JUDGED: %s", len(unjudged), strings.Join(unjudged, ", "))
	}
	if broken != nil {
		line += fmt.Sprintf(", %d BROKEN: %s", len(broken), strings.Join(broken, ", "))
	}
	switch {
	case broken != nil:
		err = errors.New("not all rows hold")
	case unjudged != nil:
		err = errors.New("not all rows were judged")
	case held == 0:
		err = errors.New("nothing could be judged")
	}
	return line, err
}

// rows are the matrix, in order. A row is registered where it is written.
var rows []*row

// register is called where a row is written; what it returns is only there for a variable to be.
//
//nolint:unparam // it is for the variable alone
func register(all ...*row) struct{} {
	rows = append(rows, all...)
	return struct{}{}
}
