package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"renkei/intake"
)

// Observer is told of jobs, for those who count and trace. Its methods must not wait.
type Observer interface {
	// Carry returns what a job that is inserted under ctx takes along of its trace; empty for nothing.
	Carry(ctx context.Context) string
	// JobBegan returns the context in which a job is worked, and what is called once with how it ended.
	JobBegan(ctx context.Context, job Job) (within context.Context, ended func(Outcome))
	// TraceID is the trace that ctx belongs to; empty where nothing is traced.
	TraceID(ctx context.Context) string
}

// Job is one that begins.
type Job struct {
	Kind, Queue string
	// Waited is how long ago it could have begun.
	Waited time.Duration
	// Trace is what Carry returned when the job was inserted. Own: it was inserted by a job, whose trace it is not a
	// part of: one job follows another for as long as an account lives.
	Trace string
	Own   bool
}

// Outcome is how a job ended.
type Outcome string

// The outcomes. What a medium does wrong is no failure of a job: it is stored.
const (
	OutcomeOK       Outcome = "ok"
	OutcomeFailed   Outcome = "failed"
	OutcomePanicked Outcome = "panicked"
)

// The keys in a job's metadata.
const (
	metadataTrace = "renkei_trace"
	metadataOwn   = "renkei_trace_own"
)

type atWorkKey struct{}

// carrying puts the trace into the jobs that are inserted.
type carrying struct {
	river.MiddlewareDefaults
	observer Observer
}

// InsertMany implements rivertype.JobInsertMiddleware.
func (c *carrying) InsertMany(ctx context.Context, jobs []*rivertype.JobInsertParams, insert func(context.Context) ([]*rivertype.JobInsertResult, error)) ([]*rivertype.JobInsertResult, error) {
	trace := c.observer.Carry(ctx)
	if trace == "" {
		return insert(ctx)
	}
	_, own := ctx.Value(atWorkKey{}).(bool)
	for _, job := range jobs {
		metadata := make(map[string]any)
		if len(job.Metadata) > 0 {
			if err := json.Unmarshal(job.Metadata, &metadata); err != nil {
				return nil, fmt.Errorf("read a job's metadata: %w", err)
			}
		}
		metadata[metadataTrace], metadata[metadataOwn] = trace, own
		var err error
		if job.Metadata, err = json.Marshal(metadata); err != nil {
			return nil, fmt.Errorf("write a job's metadata: %w", err)
		}
	}
	return insert(ctx)
}

// watching tells of the jobs that are worked.
type watching struct {
	river.MiddlewareDefaults
	observer Observer
}

// Work implements rivertype.WorkerMiddleware.
func (w *watching) Work(ctx context.Context, row *rivertype.JobRow, work func(context.Context) error) error {
	var metadata struct {
		Trace string `json:"renkei_trace"`
		Own   bool   `json:"renkei_trace_own"`
	}
	// A trace that cannot be read is none.
	_ = json.Unmarshal(row.Metadata, &metadata)
	ctx, ended := w.observer.JobBegan(context.WithValue(ctx, atWorkKey{}, true), Job{
		Kind: row.Kind, Queue: row.Queue, Waited: max(0, time.Since(row.ScheduledAt)), Trace: metadata.Trace, Own: metadata.Own,
	})
	outcome := OutcomePanicked
	defer func() {
		ended(outcome)
		if p := recover(); p != nil {
			// River logs and keeps the value, which may be anything.
			panic(intake.PanicText(p))
		}
	}()
	err := work(ctx)
	if outcome = OutcomeOK; err == nil {
		return nil
	}
	outcome = OutcomeFailed
	return &tracedError{err, w.observer.TraceID(ctx)}
}

// tracedError tells the log of which trace a job was: River handles its error outside.
type tracedError struct {
	error
	trace string
}

func (e *tracedError) Unwrap() error { return e.error }

// nobody observes nothing.
type nobody struct{}

func (nobody) TraceID(context.Context) string { return "" }

func (nobody) Carry(context.Context) string { return "" }

func (nobody) JobBegan(ctx context.Context, _ Job) (context.Context, func(Outcome)) {
	return ctx, func(Outcome) {}
}
