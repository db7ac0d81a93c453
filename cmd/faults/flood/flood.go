// Package flood holds thousands of WebSockets open against a real process, some of which never read, while things
// happen: no event may be lost, doubled or late, and the process must not grow.
package flood

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"renkei/db"
	"renkei/intake"
	"renkei/jobs"
)

// Options say how large a flood is. Program and DatabaseURL are required.
type Options struct {
	// Program is bin/renkei.
	Program string
	// DatabaseURL is the owner's of a database that the flood may fill; it is migrated.
	DatabaseURL string
	// Sockets are how many are open at once; 5,000 by default.
	Sockets int
	// Silent is the part of them that never reads; 0.05 by default.
	Silent float64
	// Companies are how many share the sockets; 1 by default.
	Companies int
	// For is how long things happen; 10 minutes by default.
	For time.Duration
	// Every lies between two events of a company; 1 second by default.
	Every time.Duration
	// Say, where it is set, is told how it goes.
	Say func(string)
}

// The promises.
const (
	maxLate = time.Second
	// maxGrowth is by how much more memory the process may hold in the last quarter than in the second.
	maxGrowth = 0.10
	// slack is how many goroutines and files may stay for other reasons: connections to the database, above all.
	slack = 40
	// dialAtOnce is how many sockets are opened at a time.
	dialAtOnce = 32
	// drain is how long everybody may take to have everything, and the process to let go.
	drain = 30 * time.Second
	// perMember is below what the program allows one person.
	perMember = 80
)

func (o *Options) complete() {
	if o.Sockets == 0 {
		o.Sockets = 5000
	}
	if o.Silent == 0 {
		o.Silent = 0.05
	}
	if o.Companies == 0 {
		o.Companies = 1
	}
	if o.For == 0 {
		o.For = 10 * time.Minute
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Say == nil {
		o.Say = func(string) {}
	}
}

// Report is what a flood showed.
type Report struct {
	Readers, Silent int
	Lasted          time.Duration
	// Events happened; Deliveries arrived.
	Events, Deliveries int64
	// Lost events never arrived, Doubled ones more than once, or out of their order.
	Lost, Doubled int64
	// Dropped are readers whose socket the process closed, or did not open.
	Dropped int64
	// LetGo are sockets that the process closed because nobody read.
	LetGo int64
	// P50, P99 and Max are how late deliveries were, from the transaction's beginning to the subscriber.
	P50, P99, Max time.Duration
	// CPU is what the process spent on a delivery, pings and all; Transactions is how many the database saw for an event.
	CPU          time.Duration
	Transactions float64
	// Before is the process without subscribers; Full with all of them; Early and Late are the medians of the second
	// and of the last quarter; After is when all have left.
	Before, Full, Early, Late, After Vitals
}

// Problems are the promises that were not kept.
func (r Report) Problems() []string {
	var out []string
	add := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(r.Deliveries == 0, "nothing arrived")
	add(r.Lost > 0, "%d events were lost", r.Lost)
	add(r.Doubled > 0, "%d events came twice or out of order", r.Doubled)
	add(r.Dropped > 0, "%d readers were dropped", r.Dropped)
	add(r.Max > maxLate, "an event was %s late", r.Max.Round(time.Millisecond))
	add(float64(r.Late.RSS) > float64(r.Early.RSS)*(1+maxGrowth), "memory grew from %s to %s", mega(r.Early.RSS), mega(r.Late.RSS))
	add(r.After.Goroutines > r.Before.Goroutines+slack, "%d goroutines are left of %d", r.After.Goroutines, r.Before.Goroutines)
	add(r.After.Files > r.Before.Files+slack, "%d files are left open, %d were", r.After.Files, r.Before.Files)
	return out
}

// String is the report for people.
func (r Report) String() string {
	return fmt.Sprintf(`%d subscribers who read and %d who never do, %s, %d events
  delivered %d, lost %d, doubled %d, readers dropped %d, silent ones let go %d
  late p50 %s, p99 %s, max %s; %s of the processor for a delivery, %.1f transactions for an event
  memory %s before, %s with all of them, then %s and at last %s, %s when they have left
  goroutines %d, %d, then %d; files %d, %d, then %d`,
		r.Readers, r.Silent, r.Lasted.Round(time.Second), r.Events,
		r.Deliveries, r.Lost, r.Doubled, r.Dropped, r.LetGo,
		r.P50, r.P99, r.Max.Round(time.Millisecond), r.CPU.Round(time.Microsecond), r.Transactions,
		mega(r.Before.RSS), mega(r.Full.RSS), mega(r.Early.RSS), mega(r.Late.RSS), mega(r.After.RSS),
		r.Before.Goroutines, r.Full.Goroutines, r.After.Goroutines, r.Before.Files, r.Full.Files, r.After.Files)
}

func mega(bytes int64) string { return fmt.Sprintf("%d MB", bytes>>20) }

// Run lets a flood come and go. The error says that it could not; whether the promises were kept, the report does.
func Run(ctx context.Context, o Options) (report Report, err error) {
	o.complete()
	if err := allowFiles(o.Sockets + 500); err != nil {
		return report, err
	}
	if _, err := db.Migrate(ctx, o.DatabaseURL); err != nil {
		return report, fmt.Errorf("migrate: %w", err)
	}
	pool, err := db.OpenOwner(ctx, o.DatabaseURL, 4)
	if err != nil {
		return report, err
	}
	defer pool.Close()
	key := intake.NewMasterKey()
	program, err := start(ctx, o.Program, o.DatabaseURL, key)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, program.stop()) }()
	world, err := newWorld(ctx, pool, key, o)
	if err != nil {
		return report, err
	}
	defer world.close()
	return world.flood(ctx, program, o)
}

// world is the companies, each with an opening that changes, and the sockets of their members.
type world struct {
	pool      *pgxpool.Pool
	program   *pgxpool.Pool
	service   *intake.Service
	companies []*company
	book      *book
}

type company struct {
	actor   intake.Actor
	opening intake.Opening
	tokens  []string
}

func newWorld(ctx context.Context, pool *pgxpool.Pool, key string, o Options) (*world, error) {
	queue, err := jobs.NewQueue()
	if err != nil {
		return nil, err
	}
	vault, err := intake.OpenVault(ctx, intake.KeysInText(intake.NewSecret(key)))
	if err != nil {
		return nil, err
	}
	program, err := db.Open(ctx, pool.Config().ConnString(), 4)
	if err != nil {
		return nil, err
	}
	w := &world{pool: pool, program: program, book: newBook()}
	w.service = intake.New(program, queue, nil, vault, intake.Settings{}, zerolog.Nop())
	for n := range o.Companies {
		c, err := w.company(ctx, n, (o.Sockets+o.Companies-1)/o.Companies/perMember+1)
		if err != nil {
			w.close()
			return nil, err
		}
		w.companies = append(w.companies, c)
	}
	return w, nil
}

func (w *world) close() { w.program.Close() }

func (w *world) company(ctx context.Context, n, members int) (*company, error) {
	c := &company{}
	var err error
	if c.actor.Company, err = w.service.CreateCompany(ctx, fmt.Sprintf("flood %d", n)); err != nil {
		return nil, fmt.Errorf("create company: %w", err)
	}
	for i := range members {
		c.actor.Member, err = w.service.CreateMember(ctx, intake.NewMember{
			CompanyID: c.actor.Company.ID, Name: "flood", Email: fmt.Sprintf("%d@flood.example", i), Roles: []intake.Role{intake.RoleRecruiter},
		})
		if err != nil {
			return nil, fmt.Errorf("create member: %w", err)
		}
		token, err := w.service.CreateToken(ctx, intake.NewToken{CompanyID: c.actor.Company.ID, MemberID: c.actor.Member.ID, Name: "flood"})
		if err != nil {
			return nil, fmt.Errorf("create token: %w", err)
		}
		c.tokens = append(c.tokens, token)
	}
	c.opening, err = w.service.CreateOpening(ctx, c.actor, intake.OpeningInput{Name: "flood"})
	return c, err
}

func (w *world) flood(ctx context.Context, p *process, o Options) (report Report, err error) {
	if report.Before, err = p.vitals(ctx); err != nil {
		return report, err
	}
	sockets, closeAll := context.WithCancel(ctx)
	defer closeAll()
	crowd, err := w.open(sockets, p, o)
	if err != nil {
		return report, err
	}
	report.Readers, report.Silent = len(crowd.readers), crowd.silent
	if report.Full, err = p.vitals(ctx); err != nil {
		return report, err
	}
	o.Say(fmt.Sprintf("%d sockets are open: %s, %d goroutines", o.Sockets, mega(report.Full.RSS), report.Full.Goroutines))

	began := time.Now()
	pulse := p.watch(ctx, time.Second)
	transactions, err := w.transactions(ctx)
	if err != nil {
		return report, errors.Join(err, pulse.stop())
	}
	if err := w.happen(ctx, o); err != nil {
		return report, errors.Join(err, pulse.stop())
	}
	report.Lasted = time.Since(began)
	told, err := w.told(ctx)
	if err != nil {
		return report, errors.Join(err, pulse.stop())
	}
	crowd.await(ctx, told)
	if err := pulse.stop(); err != nil {
		return report, err
	}
	report.Early, report.Late = pulse.quarter(1), pulse.quarter(3)
	spent, err := p.used()
	if err != nil {
		return report, err
	}
	more, err := w.transactions(ctx)
	if err != nil {
		return report, err
	}
	closeAll()
	crowd.left.Wait()
	crowd.count(&report, told)
	report.CPU = (spent - report.Full.CPU) / time.Duration(max(report.Deliveries, 1))
	report.Transactions = float64(more-transactions) / float64(max(report.Events, 1))
	w.book.count(&report)
	report.After, err = p.settled(ctx, report.Before)
	return report, err
}

// happen changes each company's opening again and again.
func (w *world) happen(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, o.For)
	defer cancel()
	var group errgroup.Group
	// A few at a time, as the service has few connections.
	group.SetLimit(4)
	ticker := time.NewTicker(o.Every)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return group.Wait()
		case <-ticker.C:
		}
		for _, c := range w.companies {
			group.Go(func() error {
				most := 1 + n%10_000
				in := intake.OpeningInput{Name: "flood", Capacity: &intake.Capacity{Most: &most}}
				if _, err := w.service.UpdateOpening(context.WithoutCancel(ctx), c.actor, c.opening.ID, in, nil); err != nil {
					return fmt.Errorf("change opening: %w", err)
				}
				return nil
			})
		}
	}
}

// transactions is how many the database has seen.
func (w *world) transactions(ctx context.Context) (n int64, err error) {
	err = w.pool.QueryRow(ctx, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count transactions: %w", err)
	}
	return n, nil
}

// told are the numbers of what every subscriber of a company is to get, in their order.
func (w *world) told(ctx context.Context) (map[uuid.UUID][]int64, error) {
	type event struct {
		CompanyID uuid.UUID
		Seq       int64
	}
	rows, err := w.pool.Query(ctx, "SELECT company_id, seq FROM events WHERE kind = 'OPENING' ORDER BY company_id, seq")
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[event])
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	told := make(map[uuid.UUID][]int64)
	for _, e := range all {
		told[e.CompanyID] = append(told[e.CompanyID], e.Seq)
	}
	return told, nil
}
