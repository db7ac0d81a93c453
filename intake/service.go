package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

	"renkei/db"
	"renkei/db/dbgen"
)

// Task is one wake-up of an account. It counts only while the account's epoch and wake are these.
type Task struct {
	CompanyID, AccountID uuid.UUID
	Epoch, Wake          int64
}

// Queue puts background work into the caller's transaction: it exists once that commits.
type Queue interface {
	VerifyAccount(ctx context.Context, tx pgx.Tx, task Task, delay time.Duration) error
	ImportAccounts(ctx context.Context, tx pgx.Tx, tasks []Task, delay time.Duration) error
	// ImportFile has somebody call Service.WorkFile.
	ImportFile(ctx context.Context, tx pgx.Tx, task FileTask) error
	// Reseal has somebody call Service.Reseal.
	Reseal(ctx context.Context, tx pgx.Tx) error
	// Deliver has somebody call Service.Deliver.
	Deliver(ctx context.Context, tx pgx.Tx, tasks []DeliveryTask, delay time.Duration) error
}

// Settings are the domain's own; the zero value of each means its default.
type Settings struct {
	// ImportInterval lies between two imports of an account; 8 hours by default.
	ImportInterval time.Duration
	// VerifyTimeout is when アカウント認証中 becomes エラーにより認証失敗; 8 hours by default.
	VerifyTimeout time.Duration
	// Lease is how long a silent worker keeps an account; 4 seconds by default.
	Lease time.Duration
	// RetryAfter says when a task that failed n times (from 1) is tried again; nil for the default.
	RetryAfter func(failures int) time.Duration
	// OutageWait is how long a medium that is away is left alone before one account tries; 30 seconds by default.
	OutageWait time.Duration
	// Patience is how long a member's change waits for somebody else's; 10 seconds by default.
	Patience time.Duration
	// KeyBeat lies between two looks at the vault's keys; 2 seconds by default.
	KeyBeat time.Duration
	// SearchSegment is how many candidates make a segment of the search's index; 8,192 by default and at most.
	SearchSegment int
	// FileChunk is how many bytes of an uploaded file are sealed together; a megabyte by default.
	FileChunk int
	// Pulse are the connections on which leases are renewed and dead workers' tasks found, so that no load of
	// readers costs a lease; nil for those that all else goes by.
	Pulse *pgxpool.Pool
	// PasswordHashed, where it is set, is told of each hashing of a password: they cost more than anything else
	// that a stranger can ask for.
	PasswordHashed func()
	// Observer, where it is set, is told what has happened.
	Observer Observer
	// Notifier sends what members and endpoints are told; nil where nothing is sent.
	Notifier Notifier
	// NotifyWaiting is how long people may wait to be routed before somebody is told; 24 hours by default.
	NotifyWaiting time.Duration
	// NotifyAgainAfter says when a delivery that failed n times (from 1) is tried again; nil for the default.
	NotifyAgainAfter func(failures int) time.Duration
	// NotifyPrivate lets endpoints be addresses that are not encrypted.
	NotifyPrivate bool
	// OperatingCompany runs this server; the zero id where none is named.
	OperatingCompany uuid.UUID
	// PublicURL is where people look at what they are told of, and Support whom they ask.
	PublicURL, Support string
}

// Service is the domain. Its methods may be called from many goroutines.
type Service struct {
	db       *pgxpool.Pool
	queue    Queue
	sources  map[Medium]Source
	gates    map[Medium]*mediumGate
	vault    *Vault
	settings Settings
	watchers *watchers
	hasher   *hasher
	log      zerolog.Logger
}

// New puts the domain together. sources may be nil in a process that never talks to a medium.
func New(pool *pgxpool.Pool, queue Queue, sources map[Medium]Source, vault *Vault, settings Settings, log zerolog.Logger) *Service {
	if settings.ImportInterval == 0 {
		settings.ImportInterval = 8 * time.Hour
	}
	if settings.VerifyTimeout == 0 {
		settings.VerifyTimeout = 8 * time.Hour
	}
	if settings.Lease == 0 {
		settings.Lease = 4 * time.Second
	}
	if settings.Patience == 0 {
		settings.Patience = 10 * time.Second
	}
	if settings.KeyBeat == 0 {
		settings.KeyBeat = 2 * time.Second
	}
	if settings.SearchSegment == 0 {
		settings.SearchSegment = segmentSize
	}
	if settings.FileChunk == 0 {
		settings.FileChunk = fileChunkSize
	}
	if settings.Pulse == nil {
		settings.Pulse = pool
	}
	if settings.Observer == nil {
		settings.Observer = nobody{}
	}
	if settings.OutageWait == 0 {
		settings.OutageWait = 30 * time.Second
	}
	if settings.NotifyWaiting == 0 {
		settings.NotifyWaiting = 24 * time.Hour
	}
	s := &Service{
		db: pool, queue: queue, sources: sources, gates: make(map[Medium]*mediumGate, len(sources)), vault: vault,
		settings: settings, watchers: newWatchers(), hasher: newHasher(settings.PasswordHashed), log: log,
	}
	for m := range sources {
		s.gates[m] = newMediumGate(m, settings.OutageWait, func(ctx context.Context, away bool) { s.outageTold(ctx, m, away) })
	}
	return s
}

// of asks the database for one company: whatever a statement says, it finds that company's rows alone.
func (s *Service) of(companyID uuid.UUID) *dbgen.Queries {
	return dbgen.New(db.Within(s.db, companyID))
}

// as asks for a member: see of. Every statement fails with ErrForbidden for somebody of other roles.
func (s *Service) as(actor Actor, roles []Role) *dbgen.Queries {
	if err := actor.must(roles); err != nil {
		return dbgen.New(closedDoor{err})
	}
	return s.of(actor.Company.ID)
}

// change acts for a member: see begin. It fails with ErrForbidden for somebody of other roles, and with ErrOccupied where
// somebody else's change takes too long to wait for.
func (s *Service) change(ctx context.Context, actor Actor, roles []Role, act Act, f func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error) error {
	if err := actor.must(roles); err != nil {
		return err
	}
	err := s.begin(ctx, actor.Company.ID, act, f)
	if db.IsBusy(err) {
		return fmt.Errorf("%w: %w", ErrOccupied, err)
	}
	return err
}

// shareRules has the company's rules stand still for somebody who sits and waits.
func (s *Service) shareRules(ctx context.Context, q *dbgen.Queries, actor Actor) error {
	return q.ShareRulesSoon(ctx, dbgen.ShareRulesSoonParams{CompanyID: actor.Company.ID, Patience: fmt.Sprint(s.settings.Patience.Milliseconds())})
}

// across asks for what keeps the house running for all companies: who is due, who is stuck, whom a
// token stands for. It sees no candidate and nothing that is sealed.
func (s *Service) across() *dbgen.Queries { return dbgen.New(db.Across(s.db)) }

// begin runs f in a transaction of one company, committed when f returns nil, as an act of its own.
func (s *Service) begin(ctx context.Context, companyID uuid.UUID, act Act, f func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error) error {
	return s.acting(ctx, act, func(ctx context.Context) error {
		return db.BeginWithin(ctx, s.db, companyID, db.ReadWrite, func(tx pgx.Tx) error { return f(ctx, tx, dbgen.New(tx)) })
	})
}

// beginAcross runs f in a transaction that keeps the house running; see across.
func (s *Service) beginAcross(ctx context.Context, act Act, f func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error) error {
	return s.acting(ctx, act, func(ctx context.Context) error {
		return db.BeginAcross(ctx, s.db, func(tx pgx.Tx) error { return f(ctx, tx, dbgen.New(tx)) })
	})
}

// beginPulse is beginAcross on the connections that keep leases: the dead are found however crowded it is.
// Nobody asked for it, and it is no act.
func (s *Service) beginPulse(ctx context.Context, f func(tx pgx.Tx, q *dbgen.Queries) error) error {
	return db.BeginAcross(ctx, s.settings.Pulse, func(tx pgx.Tx) error { return f(tx, dbgen.New(tx)) })
}

// beat asks for one company on the connections that keep leases.
func (s *Service) beat(companyID uuid.UUID) *dbgen.Queries {
	return dbgen.New(db.Within(s.settings.Pulse, companyID))
}

// newID makes a UUIDv7.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
