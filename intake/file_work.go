package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
	"renkei/tabular"
)

const (
	// filePage is how many lines are stored in one transaction.
	filePage = 200
	// fileTries is how many workers in a row may die, or lose the database, without coming a page further.
	fileTries = 10
	// fileRevivals is how many files are given to somebody else in one transaction.
	fileRevivals = 200
	badLineField = "bad line"
	// filesKept is how long the lines are kept that could not come in, and the names of files.
	filesKept = 30 * 24 * time.Hour
	// unpackedKept is how old a workbook is that a process unpacked and left when it was killed.
	unpackedKept = 10 * time.Minute
)

// errFileLost ends the work of somebody who has been replaced, or whose file was given up.
var errFileLost = errors.New("the file is no longer ours")

// WorkFile brings a file's applicants in, from wherever it stands. A task that no longer counts does nothing. What is
// wrong with the file ends its import and is stored; an error means that nothing could be stored.
func (s *Service) WorkFile(ctx context.Context, task FileTask) error {
	w, err := s.claimFile(ctx, task)
	if errors.Is(err, errFileLost) {
		s.log.Debug().Stringer("file", task.FileID).Msg("the file is over, or somebody else's")
		return nil
	}
	if err != nil {
		return err
	}
	readErr := fmt.Errorf("no worker has come further in %d tries", fileTries)
	if w.row.Attempts <= fileTries {
		readErr = s.acting(ctx, "read file", func(ctx context.Context) error { return s.underLease(ctx, w.heartbeat(), &w.busy, w.read) })
	}
	storeCtx, cancel := storing(ctx)
	defer cancel()
	switch {
	case errors.Is(readErr, errFileLost):
		s.settings.Observer.LeaseLost(WorkFile)
		s.log.Info().Stringer("file", task.FileID).Msg("file left to another, or given up")
		return nil
	case readErr == nil:
		err = w.end(storeCtx, FileSucceeded, nil)
	case ctx.Err() != nil:
		err = s.of(task.CompanyID).HandOverFileImport(storeCtx, dbgen.HandOverFileImportParams{
			CompanyID: task.CompanyID, ID: task.FileID, LeaseOwner: w.row.LeaseOwner,
		})
	case passing(readErr):
		// The lease runs out, and whoever takes the file up goes on where it stands.
		return readErr
	default:
		err = w.end(storeCtx, FileFailed, readErr)
	}
	if errors.Is(err, errFileLost) {
		return nil
	}
	return err
}

// fileWork is a file while somebody works on it.
type fileWork struct {
	s *Service
	// busy is held while a page is being stored.
	busy sync.Mutex
	row  dbgen.FileImport
	// done is how many lines are dealt with.
	done   int
	plan   filePlan
	reader *fileReader
	// alone: the medium can be linked too, and what a link brings in at this moment must be seen.
	alone bool
}

func (s *Service) claimFile(ctx context.Context, task FileTask) (*fileWork, error) {
	owner := uuid.New()
	w := &fileWork{s: s}
	err := s.begin(ctx, task.CompanyID, "claim file", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.ClaimFileImport(ctx, dbgen.ClaimFileImportParams{
			CompanyID: task.CompanyID, ID: task.FileID, LeaseOwner: &owner, Lease: s.settings.Lease,
		})
		if db.IsNoRows(err) {
			return errFileLost
		}
		if err != nil {
			return fmt.Errorf("claim file: %w", err)
		}
		w.row, w.done = row, int(row.Done)
		_, w.alone = s.sources[Medium(row.Medium)]
		var told events
		told.fileChanged(task.CompanyID, fileAsStored(row))
		return told.append(ctx, q)
	})
	return w, err
}

func (w *fileWork) heartbeat() heartbeat {
	renewal := dbgen.RenewFileImportParams{
		CompanyID: w.row.CompanyID, ID: w.row.ID, LeaseOwner: w.row.LeaseOwner, Lease: w.s.settings.Lease,
	}
	return heartbeat{lease: renewal.Lease, lost: errFileLost, renew: func(ctx context.Context) (int64, error) {
		return w.s.beat(renewal.CompanyID).RenewFileImport(ctx, renewal)
	}}
}

// read counts the lines, where nobody has, and brings in those that are left. A file that cannot be read to its end
// brings in nobody.
func (w *fileWork) read(ctx context.Context) (err error) {
	if w.plan, err = w.s.openPlan(w.row); err != nil {
		return err
	}
	if w.row.Lines == nil {
		if err := w.countLines(ctx); err != nil {
			return err
		}
	}
	key, err := w.s.indexKey(ctx, w.row.CompanyID)
	if err != nil {
		return err
	}
	var wrong check
	at := layoutOf(&wrong, w.plan.Columns, w.plan.Headers, w.plan.PositionName != "", "mapping")
	if err := wrong.err(); err != nil {
		return err
	}
	w.reader = &fileReader{
		medium: Medium(w.row.Medium), at: at, position: w.plan.PositionName, uploaded: w.row.CreatedAt, key: key, met: make(map[string]int),
	}
	return w.readPages(ctx)
}

func (w *fileWork) countLines(ctx context.Context) error {
	lines := int32(-1) // the first names the columns
	for _, err := range w.rows(ctx) {
		if err != nil {
			return err
		}
		lines++
	}
	return w.s.begin(ctx, w.row.CompanyID, "keep count of lines", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.CountFileLines(ctx, dbgen.CountFileLinesParams{
			CompanyID: w.row.CompanyID, ID: w.row.ID, LeaseOwner: w.row.LeaseOwner, Lines: max(lines, 0),
		})
		if db.IsNoRows(err) {
			return errFileLost
		}
		if err != nil {
			return fmt.Errorf("note the number of lines: %w", err)
		}
		var told events
		told.fileChanged(w.row.CompanyID, fileAsStored(row))
		return told.append(ctx, q)
	})
}

// rows are the file's, until ctx ends.
func (w *fileWork) rows(ctx context.Context) func(yield func(tabular.Row, error) bool) {
	return func(yield func(tabular.Row, error) bool) {
		content := &fileContent{ctx: ctx, s: w.s, row: w.row}
		for row, err := range tabular.Rows(content, w.plan.format()) {
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// end ends the import, for the reason that is in err, if it is the file's.
func (w *fileWork) end(ctx context.Context, status FileStatus, err error) error {
	p := dbgen.FinishFileImportParams{CompanyID: w.row.CompanyID, ID: w.row.ID, Status: string(status), LeaseOwner: w.row.LeaseOwner}
	if err != nil {
		reason := string(FileInternal)
		if wrong, ok := tabular.AsError(err); ok {
			reason = string(wrong.Reason)
			if wrong.Line > 0 {
				p.FailureLine = new(int32(wrong.Line)) //nolint:gosec // the file is at most 64 MB
			}
		} else {
			w.s.log.Error().Ctx(ctx).Err(err).Stringer("file", w.row.ID).Msg("a file cannot be imported")
		}
		p.FailureReason = &reason
	}
	err = w.s.begin(ctx, w.row.CompanyID, "end file import", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.FinishFileImport(ctx, p)
		if db.IsNoRows(err) {
			return errFileLost
		}
		if err != nil {
			return fmt.Errorf("finish file: %w", err)
		}
		return w.s.endFile(ctx, q, Actor{Company: Company{ID: w.row.CompanyID}}, AuditFileEnded, row)
	})
	if err == nil {
		w.s.settings.Observer.FileEnded(status)
	}
	return err
}
