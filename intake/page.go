package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// misshapenMost is how many records without their shape are no odd ones any more: most of a page, or all in a row, over
// as many pages and runs as it takes; imports of one to four people are the usual ones.
const misshapenMost = 5

// shapes are how many of a page's records have lost their shape, and how many have not. What is asked for again has been in
// trouble before, and says nothing of the others.
type shapes struct {
	misshapen, readable int
	// last is the shape of the last that has lost its own.
	last []byte
}

func (im *importing) countShapes(page Page) shapes {
	s := shapes{readable: len(page.Applications)}
	for _, r := range page.Invalid {
		switch {
		case slices.Contains(im.again, r.ExternalID):
		case r.Reason == InvalidShape:
			s.misshapen, s.last = s.misshapen+1, r.Shape
		default:
			s.readable++
		}
	}
	return s
}

// since is how many there are in a row with the page.
func (s shapes) since(usual usualLook) int {
	if s.readable > 0 {
		return 0
	}
	return usual.Misshapen + s.misshapen
}

// judge refuses a page of a medium that has changed: the source says so, or most of a good many records
// no longer have the shape they used to have, or their fields are beyond the bounds. An odd record is an odd record, and
// holds back nobody.
func (im *importing) judge(ctx context.Context, page Page) error {
	s := im.countShapes(page)
	most := s.misshapen >= misshapenMost && s.misshapen > s.readable
	row := s.misshapen > 0 && s.since(im.usual) >= misshapenMost
	if page.Changed || most || row {
		im.sample, im.changes = s.last, details(page.Invalid)
		return &SourceError{
			Reason: FailureUnexpectedResponse,
			Err:    fmt.Errorf("%d of %d records no longer look as they did, nor did the %d before", s.misshapen, s.misshapen+s.readable, im.usual.Misshapen),
		}
	}
	changes, err := im.drift(ctx, page.Look)
	if err != nil {
		return err
	}
	if len(changes) > 0 {
		return im.drifted(changes, page.Look)
	}
	return nil
}

// details are what was wrong, each once.
func details(invalid []SourceInvalid) []string {
	all := mapRows(invalid, func(r SourceInvalid) string { return r.Detail })
	slices.Sort(all)
	return slices.Compact(all)
}

// store writes a page in one transaction, or nothing where the lease, the epoch or the place in the
// medium is no longer ours.
func (im *importing) store(ctx context.Context, page Page) error {
	session, err := im.sealSession(page)
	if err != nil {
		return err
	}
	in, err := im.s.arrivals(im.index, im.origin(), mapRows(page.Applications, func(a SourceApplication) arrival {
		return arrival{SourceApplication: a}
	}))
	if err != nil {
		return err
	}
	look, err := im.looked(page)
	if err != nil {
		return err
	}
	holding := false
	release := func() {
		if holding {
			im.busy.Unlock()
		}
		holding = false
	}
	defer release()
	var run dbgen.ImportRun
	// A page may bring a new session: to drop it would be to sign in once more.
	err = im.s.insist(ctx, im.account, rolledBack, "commit page", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		release()
		// First, and not under the account's lock: whoever changes the rules may take a while.
		if err := q.ShareRules(ctx, im.account.CompanyID); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		// Until then the lease is renewed as ever.
		im.busy.Lock()
		holding = true
		n, err := q.AdvanceCursor(ctx, dbgen.AdvanceCursorParams{
			NewCursor: page.Cursor, NewSession: session, CompanyID: im.account.CompanyID, ID: im.account.ID,
			LeaseOwner: im.account.LeaseOwner, Epoch: im.account.Epoch, OldCursor: im.account.Cursor,
			Medium: im.account.Medium, Generation: im.generation, Look: look.rawUsual,
		})
		if err != nil {
			return fmt.Errorf("advance cursor: %w", err)
		}
		if n == 0 {
			return errLeaseLost
		}
		invalid, err := im.keepInvalid(ctx, q, page.Invalid)
		if err != nil {
			return err
		}
		stored, err := im.storeRecords(ctx, q, page, in)
		if err != nil {
			return err
		}
		if run, err = im.count(ctx, q, page, stored, invalid, look.rawRun); err != nil {
			return err
		}
		var told events
		told.inboxChanged(im.account.CompanyID, int(stored.Imported-stored.Routed), int(stored.Routed))
		// A page may hold no more than a new session.
		if after := importRun(run); after.Seen != im.run.Seen || after.Hidden != im.run.Hidden {
			told.runChanged(im.account.CompanyID, after)
		}
		if err := tellRouted(ctx, q, &told, im.account.CompanyID, newApplications{stored.ApplicationIds, stored.ApplicationOpenings}); err != nil {
			return err
		}
		// While this transaction held the row, the lease could not be renewed.
		if _, err := q.RenewLease(ctx, im.s.leaseOf(im.account)); err != nil {
			return fmt.Errorf("renew lease: %w", err)
		}
		return told.append(ctx, q)
	})
	// Not before it is committed.
	if err == nil {
		before := im.run
		im.moveOn(page, run)
		im.usual, im.look = look.usual, look.run
		im.s.settings.Observer.PageStored(PageCount{
			Medium: Medium(im.account.Medium), Imported: im.run.Imported - before.Imported,
			Routed: im.run.Routed - before.Routed, Invalid: im.run.Invalid - before.Invalid,
		})
	}
	return err
}

// moveOn goes on behind a page.
func (im *importing) moveOn(page Page, run dbgen.ImportRun) {
	im.run, im.account.Cursor = importRun(run), page.Cursor
	im.again = slices.DeleteFunc(im.again, func(id string) bool {
		return slices.Contains(page.Hidden, id) ||
			slices.ContainsFunc(page.Applications, func(a SourceApplication) bool { return a.ExternalID == id }) ||
			slices.ContainsFunc(page.Invalid, func(r SourceInvalid) bool { return r.ExternalID == id })
	})
}

// sealSession seals the session in use where it is a new one.
func (im *importing) sealSession(page Page) ([]byte, error) {
	if page.Session.IsZero() {
		return nil, nil
	}
	return im.s.vault.Seal(page.Session, im.account.CompanyID, im.account.ID, sessionField)
}

func (im *importing) origin() origin {
	return origin{companyID: im.account.CompanyID, medium: Medium(im.account.Medium), accountID: &im.account.ID, runID: &im.run.ID}
}

func (im *importing) storeRecords(ctx context.Context, q *dbgen.Queries, page Page, in arrivals) (dbgen.StorePageRow, error) {
	var none dbgen.StorePageRow
	if len(page.Hidden)+len(im.again) > 0 {
		if err := q.NoteHidden(ctx, dbgen.NoteHiddenParams{
			CompanyID: im.account.CompanyID, AccountID: im.account.ID, Opened: opened(page), Hidden: page.Hidden,
		}); err != nil {
			return none, fmt.Errorf("note hidden applications: %w", err)
		}
	}
	if im.run.Seen == 0 {
		// A run that goes on elsewhere has counted them already, or imported them itself.
		in.entries.Behind = page.Behind
	}
	stored, err := in.store(ctx, q)
	if err != nil {
		return none, err
	}
	return stored, im.settleRecords(ctx, q, page)
}

// count adds a page to the run's numbers. A run that is over counts no more.
func (im *importing) count(ctx context.Context, q *dbgen.Queries, page Page, stored dbgen.StorePageRow, invalid int, look []byte) (dbgen.ImportRun, error) {
	run, err := q.CountPage(ctx, dbgen.CountPageParams{
		CompanyID: im.account.CompanyID, ID: im.run.ID,
		Behind: int32(stored.Behind), Given: int32(stored.Given), Imported: int32(stored.Imported), Routed: int32(stored.Routed), //nolint:gosec // a page is small
		Invalid: int32(invalid), Hidden: int32(len(page.Hidden)), Look: look, //nolint:gosec // a page is small
	})
	if db.IsNoRows(err) {
		return run, errLeaseLost
	}
	return run, wrap("count page", err)
}

// opened are the external ids of what the medium let the account open, readable or not.
func opened(page Page) []string {
	ids := mapRows(page.Applications, func(a SourceApplication) string { return a.ExternalID })
	return append(ids, mapRows(page.Invalid, func(r SourceInvalid) string { return r.ExternalID })...)
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// keepInvalid keeps what could not be read, and returns how many of these had not been kept before.
func (im *importing) keepInvalid(ctx context.Context, q *dbgen.Queries, invalid []SourceInvalid) (int, error) {
	if len(invalid) == 0 {
		return 0, nil
	}
	p := dbgen.KeepInvalidRecordsParams{CompanyID: im.account.CompanyID, AccountID: im.account.ID, RunID: im.run.ID}
	for _, r := range invalid {
		sample, err := im.s.vault.Seal(NewSecret(string(r.Shape)), im.account.CompanyID, im.account.ID, sampleField)
		if err != nil {
			return 0, err
		}
		p.Ids = append(p.Ids, newID())
		p.ExternalIds = append(p.ExternalIds, r.ExternalID)
		p.Reasons = append(p.Reasons, string(r.Reason))
		p.Details = append(p.Details, r.Detail)
		p.Urls = append(p.Urls, r.URL)
		p.Samples = append(p.Samples, sample)
	}
	n, err := q.KeepInvalidRecords(ctx, p)
	return int(n), wrap("keep invalid records", err)
}
