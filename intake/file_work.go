package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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
		readErr = s.underLease(ctx, w.heartbeat(), &w.busy, w.read)
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
	err := s.begin(ctx, task.CompanyID, func(_ pgx.Tx, q *dbgen.Queries) error {
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
	return w.s.begin(ctx, w.row.CompanyID, func(_ pgx.Tx, q *dbgen.Queries) error {
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

func (w *fileWork) readPages(ctx context.Context) error {
	var page fileLines
	n := -1
	for row, err := range w.rows(ctx) {
		if err != nil {
			return err
		}
		if n++; n == 0 {
			continue
		}
		// Those that are in already are read all the same: equal lines are told apart by their order.
		a, bad := w.reader.read(row)
		if n <= w.done {
			continue
		}
		if page.add(a, bad); page.len() == filePage {
			if err := w.store(ctx, page); err != nil {
				return err
			}
			page = fileLines{}
		}
	}
	if page.len() == 0 {
		return nil
	}
	return w.store(ctx, page)
}

// fileLines are some lines of a file.
type fileLines struct {
	good []arrival
	bad  []badLine
}

func (p *fileLines) len() int { return len(p.good) + len(p.bad) }

func (p *fileLines) add(a arrival, bad *badLine) {
	if bad != nil {
		p.bad = append(p.bad, *bad)
	} else {
		p.good = append(p.good, a)
	}
}

// store writes a page in one transaction, or nothing where somebody else has, or the file was given up.
func (w *fileWork) store(ctx context.Context, page fileLines) error {
	company := w.row.CompanyID
	fresh, err := w.unknown(ctx, page.good)
	if err != nil {
		return err
	}
	in, err := w.s.arrivals(w.reader.key, origin{companyID: company, medium: Medium(w.row.Medium), fileID: &w.row.ID}, fresh)
	if err != nil {
		return err
	}
	bad, err := w.badLines(page.bad)
	if err != nil {
		return err
	}
	holding := false
	defer func() {
		if holding {
			w.busy.Unlock()
		}
	}()
	err = w.s.begin(ctx, company, func(_ pgx.Tx, q *dbgen.Queries) error {
		if err := w.holdRules(ctx, q); err != nil {
			return err
		}
		// Until then the lease is renewed as ever.
		w.busy.Lock()
		holding = true
		n, err := q.AdvanceFileImport(ctx, dbgen.AdvanceFileImportParams{
			CompanyID: company, ID: w.row.ID, LeaseOwner: w.row.LeaseOwner, Lease: w.s.settings.Lease, Done: int32(w.done), //nolint:gosec // at most 100,000
		})
		if err != nil {
			return fmt.Errorf("advance file: %w", err)
		}
		if n == 0 {
			return errFileLost
		}
		if err := w.withhold(ctx, q, fresh, &in); err != nil {
			return err
		}
		if len(page.bad) > 0 {
			if err := q.KeepBadLines(ctx, bad); err != nil {
				return fmt.Errorf("keep bad lines: %w", err)
			}
		}
		stored, err := in.store(ctx, q)
		if err != nil {
			return err
		}
		stored.Given = int64(len(page.good))
		return w.count(ctx, q, page, stored)
	})
	if err == nil {
		w.done += page.len()
	}
	return err
}

// unknown leaves out the lines that a file has brought in before. Under another mapping they would be other people's.
func (w *fileWork) unknown(ctx context.Context, page []arrival) ([]arrival, error) {
	var lines []string
	for _, a := range page {
		if strings.HasPrefix(a.ExternalID, ourLine) {
			lines = append(lines, a.ExternalID)
		}
	}
	if lines == nil {
		return page, nil
	}
	known, err := w.s.of(w.row.CompanyID).KnownLines(ctx, dbgen.KnownLinesParams{CompanyID: w.row.CompanyID, Medium: w.row.Medium, ExternalIds: lines})
	if err != nil {
		return nil, fmt.Errorf("look for known lines: %w", err)
	}
	fresh := make([]arrival, 0, len(page))
	for _, a := range page {
		if _, has := slices.BinarySearch(known, a.ExternalID); !has {
			fresh = append(fresh, a)
		}
	}
	return fresh, nil
}

// holdRules has the rules stand still while a page is stored.
func (w *fileWork) holdRules(ctx context.Context, q *dbgen.Queries) error {
	if w.alone {
		return wrap("lock rules", q.LockRules(ctx, w.row.CompanyID))
	}
	return wrap("share rules", q.ShareRules(ctx, w.row.CompanyID))
}

// withhold keeps those out who were erased and of whom the file does not say when they applied: that may well have
// been before.
func (w *fileWork) withhold(ctx context.Context, q *dbgen.Queries, page []arrival, in *arrivals) error {
	var undated [][]byte
	for i, a := range page {
		if a.undated {
			undated = append(undated, in.entries.PersonHashes[i])
		}
	}
	if undated == nil {
		return nil
	}
	erased, err := q.ErasedAmong(ctx, dbgen.ErasedAmongParams{CompanyID: w.row.CompanyID, Medium: w.row.Medium, PersonHashes: undated})
	if err != nil || len(erased) == 0 {
		return wrap("look for the erased", err)
	}
	long := time.Unix(0, 0)
	for _, hash := range erased {
		latest := long
		for i, a := range page {
			switch {
			case !bytes.Equal(in.entries.PersonHashes[i], hash):
			case a.undated:
				in.entries.AppliedAts[i] = long
			case a.AppliedAt.After(latest):
				latest = a.AppliedAt
			}
		}
		for n := range in.people.PersonHashes {
			if bytes.Equal(in.people.PersonHashes[n], hash) {
				in.people.LastAppliedAts[n] = latest
			}
		}
	}
	return nil
}

// count adds a page to the file's numbers, and tells of it.
func (w *fileWork) count(ctx context.Context, q *dbgen.Queries, page fileLines, stored dbgen.StorePageRow) error {
	row, err := q.CountFilePage(ctx, dbgen.CountFilePageParams{
		CompanyID: w.row.CompanyID, ID: w.row.ID,
		Given: int32(stored.Given), Imported: int32(stored.Imported), Routed: int32(stored.Routed), Invalid: int32(len(page.bad)), //nolint:gosec // a page is small
	})
	if err != nil {
		return fmt.Errorf("count page: %w", err)
	}
	var told events
	if err := tellRouted(ctx, q, &told, w.row.CompanyID, newApplications{stored.ApplicationIds, stored.ApplicationOpenings}); err != nil {
		return err
	}
	told.inboxChanged(w.row.CompanyID, int(stored.Imported-stored.Routed), int(stored.Routed))
	told.fileChanged(w.row.CompanyID, fileAsStored(row))
	return told.append(ctx, q)
}

func (w *fileWork) badLines(bad []badLine) (dbgen.KeepBadLinesParams, error) {
	p := dbgen.KeepBadLinesParams{CompanyID: w.row.CompanyID, FileID: w.row.ID}
	for _, b := range bad {
		cells, err := json.Marshal(orNone(b.cells))
		if err != nil {
			return p, fmt.Errorf("encode line: %w", err)
		}
		id := newID()
		sealed, err := w.s.vault.Seal(NewSecret(string(cells)), w.row.CompanyID, id, badLineField)
		if err != nil {
			return p, err
		}
		p.Ids = append(p.Ids, id)
		p.Lines = append(p.Lines, int32(b.line)) //nolint:gosec // the file is at most 64 MB
		p.Reasons = append(p.Reasons, string(b.reason))
		p.Fields = append(p.Fields, string(b.field))
		p.Sealed = append(p.Sealed, sealed)
	}
	return p, nil
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
	err = w.s.begin(ctx, w.row.CompanyID, func(_ pgx.Tx, q *dbgen.Queries) error {
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

// fileContent opens a file's parts one after the other.
type fileContent struct {
	ctx  context.Context //nolint:containedctx // of one reading, as its signature is io.Reader's
	s    *Service
	row  dbgen.FileImport
	next int32
	left []byte
	read int64
}

// Read implements io.Reader.
func (c *fileContent) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		if c.read == c.row.Size {
			return 0, io.EOF
		}
		part, err := c.part()
		if err != nil {
			return 0, err
		}
		c.left = part
		c.next++
		c.read += int64(len(part))
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

func (c *fileContent) part() ([]byte, error) {
	row, err := c.s.of(c.row.CompanyID).FileChunk(c.ctx, dbgen.FileChunkParams{CompanyID: c.row.CompanyID, FileID: c.row.ID, N: c.next})
	if err != nil {
		return nil, fmt.Errorf("read part %d of a file: %w", c.next, err)
	}
	part, err := c.s.vault.Open(row.Sealed, c.row.CompanyID, chunkID(c.row.ID, c.next), fileChunkField)
	if err != nil {
		return nil, err
	}
	if part.IsZero() || c.read+int64(len(part.Reveal())) > c.row.Size {
		return nil, fmt.Errorf("part %d of a file is not the one that was kept", c.next)
	}
	return []byte(part.Reveal()), nil
}

// reviveFiles gives the files whose worker died, or whose job was lost, to somebody else.
func (s *Service) reviveFiles(ctx context.Context) (int, error) {
	n := 0
	err := s.beginPulse(ctx, func(tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.ReviveFileImports(ctx, dbgen.ReviveFileImportsParams{Patience: wakePatience, MaxRows: fileRevivals})
		if err != nil {
			return fmt.Errorf("find dead workers' files: %w", err)
		}
		n = len(rows)
		for _, r := range rows {
			if err := s.queue.ImportFile(ctx, tx, FileTask{r.CompanyID, r.ID}); err != nil {
				return fmt.Errorf("wake somebody: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// pruneFiles forgets what files left of people who did not come in.
func (s *Service) pruneFiles(ctx context.Context) error {
	if err := tabular.Sweep("", unpackedKept); err != nil {
		return fmt.Errorf("remove what was unpacked: %w", err)
	}
	for {
		companies, err := s.across().CompaniesWithOldFiles(ctx, dbgen.CompaniesWithOldFilesParams{Age: filesKept, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("find old files: %w", err)
		}
		for _, id := range companies {
			// A file may have many lines that did not come in.
			if _, err := s.of(id).PruneFiles(ctx, dbgen.PruneFilesParams{CompanyID: id, Age: filesKept, MaxRows: 1}); err != nil {
				return fmt.Errorf("prune files: %w", err)
			}
		}
		if len(companies) == 0 {
			return nil
		}
	}
}
