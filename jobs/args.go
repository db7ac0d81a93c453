package jobs

import (
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"renkei/intake"
)

// Every kind of job:
//
//	kind             queue     attempts  made by
//	verify_account   verify    10        a registration, a retry, a revival
//	import_account   import    10        a verification, the sweep, a person, a retry, a revival
//	import_file      import    10        an upload, a revival
//	sweep            default   1         periodically
//	prune            default   1         each hour
//	seal             upkeep    1         each hour
//	forget           upkeep    1         each day
//	index_search     upkeep    1         each two minutes
//	reseal           vault     1         a promoted key, and whoever finds that the last one says nothing more
//	deliver          notify    10        an incident, a person, a retry, whoever finds one that was left; to an endpoint: endpoint
//	notice           default   1         each minute
//
// None is unique in River's sense: an account's jobs carry the number of the wake-up they were made
// for, of which only the latest counts, a file's worker holds a lease, a delivery knows which try is the next, and the others may run any number of times. (River's own
// uniqueness would skip a new job for as long as one of a killed process looks as if it were running.)
// Attempts count only what could not be stored; what a medium does wrong is the domain's to retry.
const (
	// QueueVerify is the queue of verifications, which somebody waits for.
	QueueVerify = "verify"
	queueImport = "import"
	// queueUpkeep is for what takes its time and must not hold up a sweep.
	queueUpkeep = "upkeep"
	queueVault  = "vault"
	// queueNotify is for mail. What goes to endpoints waits for servers of companies' choice, and holds up only such.
	queueNotify   = "notify"
	queueEndpoint = "endpoint"

	accountAttempts = 10
)

// Queues are the names of all queues.
func Queues() []string { return slices.Sorted(maps.Keys(queues(0))) }

// queues are all there are, with how many jobs of each a process works at once; workers are those of verifications and imports.
func queues(workers int) map[string]river.QueueConfig {
	return map[string]river.QueueConfig{
		// Somebody looks on while a verification runs: it never waits behind imports.
		QueueVerify:        {MaxWorkers: max(2, workers/4), FetchCooldown: fetchCooldown},
		queueImport:        {MaxWorkers: max(1, workers-workers/4), FetchCooldown: fetchCooldown},
		river.QueueDefault: {MaxWorkers: 2},
		queueUpkeep:        {MaxWorkers: 1},
		// Two at once in a process would only take turns.
		queueVault: {MaxWorkers: 1},
		// Few enough for a mail server that takes few at once.
		queueNotify: {MaxWorkers: 8, FetchCooldown: fetchCooldown},
		// They wait for servers that may be slow.
		queueEndpoint: {MaxWorkers: 16, FetchCooldown: fetchCooldown},
	}
}

type taskArgs struct {
	CompanyID uuid.UUID `json:"company_id"`
	AccountID uuid.UUID `json:"account_id"`
	Epoch     int64     `json:"epoch"`
	Wake      int64     `json:"wake"`
}

func argsOf(t intake.Task) taskArgs {
	return taskArgs{CompanyID: t.CompanyID, AccountID: t.AccountID, Epoch: t.Epoch, Wake: t.Wake}
}

func (a taskArgs) task() intake.Task {
	return intake.Task{CompanyID: a.CompanyID, AccountID: a.AccountID, Epoch: a.Epoch, Wake: a.Wake}
}

type verifyAccountArgs struct{ taskArgs }

// Kind implements river.JobArgs.
func (verifyAccountArgs) Kind() string { return "verify_account" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (verifyAccountArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: QueueVerify, MaxAttempts: accountAttempts}
}

type importAccountArgs struct{ taskArgs }

// Kind implements river.JobArgs.
func (importAccountArgs) Kind() string { return "import_account" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (importAccountArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueImport, MaxAttempts: accountAttempts}
}

type importFileArgs struct {
	CompanyID uuid.UUID `json:"company_id"`
	FileID    uuid.UUID `json:"file_id"`
}

// Kind implements river.JobArgs.
func (importFileArgs) Kind() string { return "import_file" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (importFileArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueImport, MaxAttempts: accountAttempts}
}

type sweepArgs struct{}

// Kind implements river.JobArgs.
func (sweepArgs) Kind() string { return "sweep" }

// InsertOpts implements river.JobArgsWithInsertOpts. A sweep that fails is made good by the next one.
func (sweepArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

type pruneArgs struct{}

// Kind implements river.JobArgs.
func (pruneArgs) Kind() string { return "prune" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (pruneArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

type sealArgs struct{}

// Kind implements river.JobArgs.
func (sealArgs) Kind() string { return "seal" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (sealArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueUpkeep, MaxAttempts: 1}
}

type forgetArgs struct{}

// Kind implements river.JobArgs.
func (forgetArgs) Kind() string { return "forget" }

// InsertOpts implements river.JobArgsWithInsertOpts. What it did not come to is there the next day.
func (forgetArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueUpkeep, MaxAttempts: 1}
}

type indexSearchArgs struct{}

// Kind implements river.JobArgs.
func (indexSearchArgs) Kind() string { return "index_search" }

// InsertOpts implements river.JobArgsWithInsertOpts. What it did not come to is still there for the next.
func (indexSearchArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueUpkeep, MaxAttempts: 1}
}

type resealArgs struct{}

// Kind implements river.JobArgs.
func (resealArgs) Kind() string { return "reseal" }

// InsertOpts implements river.JobArgsWithInsertOpts. How far it came stands in a row of its own, and one that fails
// is followed by another.
func (resealArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueVault, MaxAttempts: 1}
}

type deliverArgs struct {
	CompanyID  uuid.UUID `json:"company_id"`
	DeliveryID uuid.UUID `json:"delivery_id"`
	Attempt    int       `json:"attempt"`
}

// Kind implements river.JobArgs.
func (deliverArgs) Kind() string { return "deliver" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (deliverArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueNotify, MaxAttempts: accountAttempts}
}

type noticeArgs struct{}

// Kind implements river.JobArgs.
func (noticeArgs) Kind() string { return "notice" }

// InsertOpts implements river.JobArgsWithInsertOpts. What it did not come to is still there for the next.
func (noticeArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

const (
	verifyTimeout = 10 * time.Minute
	// importTimeout bounds a first import of years at a request a second.
	importTimeout = 24 * time.Hour
	// fileTimeout bounds a file of a hundred thousand lines on a slow machine.
	fileTimeout   = 2 * time.Hour
	sweepTimeout  = 5 * time.Minute
	upkeepTimeout = time.Hour
	// deliverTimeout is more than the domain gives one try.
	deliverTimeout = 2 * time.Minute
	// resealTimeout is when a re-sealing is handed over to the next.
	resealTimeout = time.Hour
	// rescueAfter is when River takes a job for lost. The domain's leases have long given the work to
	// somebody else by then; this only tidies up.
	rescueAfter = importTimeout + time.Hour
)
