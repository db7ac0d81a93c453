package intake

import (
	"context"
	"time"
)

// Observer is told what has happened, once it is stored, by the process that did it: so that whoever adds up what all
// processes say counts each thing once; and of each act, as it begins. Its methods must not wait.
type Observer interface {
	// ActBegan returns the context in which an act goes on, and what is called once when it has ended: whether it failed,
	// which it did not where it was refused.
	ActBegan(ctx context.Context, act Act) (within context.Context, ended func(failed bool))
	RunEnded(RunEnd)
	PageStored(PageCount)
	VerificationEnded(VerificationEnd)
	FileEnded(FileStatus)
	// LeaseLost is told of work that a worker had to leave to another.
	LeaseLost(Work)
	// WorkRevived is told how much work of others goes on.
	WorkRevived(work Work, n int)
	DeliveryTried(DeliveryTry)
}

// Act is what a part of the domain's work is called: a transaction that changes something, or a longer walk. It is a few
// constant words, so that it can be told to anybody.
type Act string

// Work is what leases are held on.
type Work string

// The kinds of work.
const (
	WorkVerification Work = "verification"
	WorkImport       Work = "import"
	WorkAccount      Work = "account" // a verification or an import
	WorkFile         Work = "file"
)

// RunEnd is how a run ended. Reason is empty where it succeeded.
type RunEnd struct {
	Medium  Medium
	Trigger ImportTrigger
	Status  ImportRunStatus
	Reason  FailureReason
	Took    time.Duration
}

// PageCount is what a page brought in.
type PageCount struct {
	Medium                    Medium
	Imported, Routed, Invalid int
}

// VerificationEnd is what a verification led to. Reason is empty where it is LINKED.
type VerificationEnd struct {
	Medium Medium
	Status LinkStatus
	Reason FailureReason
	Took   time.Duration
}

// DeliveryTry is how a try of a delivery ended. Trouble is empty where there was none.
type DeliveryTry struct {
	Channel NotificationChannel
	State   DeliveryState
	Trouble DeliveryTrouble
}

// nobody observes nothing.
type nobody struct{}

func (nobody) ActBegan(ctx context.Context, _ Act) (context.Context, func(bool)) {
	return ctx, func(bool) {}
}

func (nobody) RunEnded(RunEnd)                   {}
func (nobody) PageStored(PageCount)              {}
func (nobody) VerificationEnded(VerificationEnd) {}
func (nobody) FileEnded(FileStatus)              {}
func (nobody) LeaseLost(Work)                    {}
func (nobody) WorkRevived(Work, int)             {}
func (nobody) DeliveryTried(DeliveryTry)         {}
