package judge

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Names are the invariants' names, in order.
var Names = [...]string{"I1", "I2", "I3", "I4", "I5", "I6"}

// Case is what there is to judge.
type Case struct {
	// Database is a superuser's connection string.
	Database string
	// Medium is the base URL of the medium, whose control API is open.
	Medium string
	Links  []Link
	Heard  []Heard
	// Profiles are what clients were told of some of the people.
	Profiles []Profile
	// Letters are those that came to members; Repeated is how many of them may have come twice, as where a process
	// died when it had sent one and had not said so yet.
	Letters  []Letter
	Repeated int
	// Companies are the companies' marks: each's own name, people and addresses hold it, and nobody else's may. Mark is
	// the pattern of all of them.
	Companies map[string]string
	Mark      *regexp.Regexp
	// Logs and Metrics are files of what the processes wrote and what they tell of themselves, Answers of what they
	// answered each company.
	Logs, Metrics []string
	Answers       map[string]string
	// Canaries are the secrets that may be nowhere.
	Canaries []string
	// Watched is what a Watcher saw.
	Watched Watched
	// Disturbed says that processes or the database were taken away, which explains an upkeep job that was given up.
	Disturbed bool
	// OwnerlessAllowed is 10 seconds unless the case has a reason.
	OwnerlessAllowed time.Duration
}

// Link is an account whose import is judged.
type Link struct {
	Company, Account string
	Email, Domain    string
	// Status and Run are how the link and its latest run must stand; empty: any that is an end.
	Status, Run string
	// Reason is what the latest run must have failed by; empty: it must not have failed, unless Run says so.
	Reason string
	// Part allows that not everything is in, as where a link was stopped.
	Part bool
	// Twin is another account of the company that sees the same applications: either may have brought them in.
	Twin string
	// Invalid is how many records must have been kept as unreadable.
	Invalid int
	// SignIns is how many are explained.
	SignIns int
}

// Heard is what a client that watched a company's runs, coming back by cursor, was told.
type Heard struct {
	Company string
	Events  []Event
}

// Event is one event of a run.
type Event struct {
	Cursor, Run, Status string
	Seen, Imported      int
}

// Finding is what became of an invariant.
type Finding struct {
	// Judged is false where it could not be looked into, which counts as broken; Broken then says why.
	Judged bool
	// Checked is how many things were looked at.
	Checked int
	// Broken says what is wrong; of many alike, the first few.
	Broken []string
}

// Holds reports whether the invariant was judged and is whole.
func (f Finding) Holds() bool { return f.Judged && f.Checked > 0 && len(f.Broken) == 0 }

const maxComplaints = 10

func (f *Finding) complain(format string, args ...any) {
	if len(f.Broken) < maxComplaints {
		f.Broken = append(f.Broken, fmt.Sprintf(format, args...))
	}
}

// Verdict is one finding for each invariant.
type Verdict [len(Names)]Finding

// Holds reports whether all invariants do.
func (v Verdict) Holds() bool {
	for _, f := range v {
		if !f.Holds() {
			return false
		}
	}
	return true
}

// String names what is broken.
func (v Verdict) String() string {
	var said []string
	for i, f := range v {
		switch {
		case f.Holds():
		case len(f.Broken) > 0:
			said = append(said, Names[i]+": "+strings.Join(f.Broken, "; "))
		default:
			said = append(said, Names[i]+": nothing was there to be judged")
		}
	}
	if said == nil {
		return "I1–I6 hold"
	}
	return strings.Join(said, " | ")
}

// Judge looks into every invariant. What cannot be looked into is broken.
func Judge(ctx context.Context, c Case) Verdict {
	conn, err := pgx.Connect(ctx, c.Database)
	if err != nil {
		var v Verdict
		for i := range v {
			v[i].complain("not judged: %v", err)
		}
		return v
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read from
	return judgeOn(ctx, conn, c)
}

// judgeOn sees what the connection sees.
func judgeOn(ctx context.Context, conn *pgx.Conn, c Case) (v Verdict) {
	look := []func(context.Context, *pgx.Conn, Case, *Finding) error{lost, twice, untrue, backwards, queue, secrets}
	for i, f := range look {
		if err := f(ctx, conn, c, &v[i]); err != nil {
			v[i].complain("not judged: %v", err)
			continue
		}
		v[i].Judged = true
	}
	return v
}

// zero complains where a count of what must not be is not 0; of says how many things were looked at.
func zero(ctx context.Context, conn *pgx.Conn, f *Finding, what, of, query string) error {
	var n, all int
	if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := conn.QueryRow(ctx, of).Scan(&all); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	f.Checked += all
	if n > 0 {
		f.complain("%d of %d: %s", n, all, what)
	}
	return nil
}
