package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

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
	err = w.s.begin(ctx, company, "commit page of file", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
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
