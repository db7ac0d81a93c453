package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// misshapenPage is how many records without their shape make a page suspicious by themselves.
const misshapenPage = 5

// judge refuses a page of a medium that has changed: the source says so, or most of a good many records
// no longer have the shape they used to have. An odd record is an odd record, and holds back nobody.
func (im *importing) judge(page Page) error {
	misshapen := 0
	for _, r := range page.Invalid {
		if r.Reason == InvalidShape {
			misshapen++
			im.sample = r.Shape
		}
	}
	readable := len(page.Applications) + len(page.Invalid) - misshapen
	if page.Changed || misshapen >= misshapenPage && misshapen > readable {
		return &SourceError{
			Reason: FailureUnexpectedResponse,
			Err:    fmt.Errorf("%d of %d records no longer look as they did", misshapen, misshapen+readable),
		}
	}
	im.sample = nil
	return nil
}

// store writes a page in one transaction, or nothing where the lease, the epoch or the place in the
// medium is no longer ours.
func (im *importing) store(ctx context.Context, page Page) error {
	session, err := im.sealSession(page)
	if err != nil {
		return err
	}
	people, entries, err := im.columns(page.Applications)
	if err != nil {
		return err
	}
	holding := false
	defer func() {
		if holding {
			im.busy.Unlock()
		}
	}()
	var stored dbgen.StorePageRow
	err = im.s.begin(ctx, im.account.CompanyID, func(_ pgx.Tx, q *dbgen.Queries) error {
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
		})
		if err != nil {
			return fmt.Errorf("advance cursor: %w", err)
		}
		if n == 0 {
			return errLeaseLost
		}
		if stored, err = im.storeRecords(ctx, q, page, people, entries); err != nil {
			return err
		}
		var told events
		told.inboxChanged(im.account.CompanyID, int(stored.PageImported-stored.PageRouted), int(stored.PageRouted))
		// A page may hold no more than a new session.
		if after := importRun(stored.ImportRun); after.Seen != im.run.Seen || after.Hidden != im.run.Hidden {
			told.runChanged(im.account.CompanyID, after)
		}
		// While this transaction held the row, the lease could not be renewed.
		if _, err := q.RenewLease(ctx, im.s.leaseOf(im.account)); err != nil {
			return fmt.Errorf("renew lease: %w", err)
		}
		return told.append(ctx, q)
	})
	// Not before it is committed.
	if err == nil {
		im.moveOn(page, stored.ImportRun)
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

func (im *importing) storeRecords(
	ctx context.Context, q *dbgen.Queries, page Page, people dbgen.InsertCandidatesParams, entries dbgen.StorePageParams,
) (dbgen.StorePageRow, error) {
	var none dbgen.StorePageRow
	if len(page.Applications) > 0 {
		if err := q.InsertCandidates(ctx, people); err != nil {
			return none, fmt.Errorf("insert candidates: %w", err)
		}
	}
	if err := im.keepInvalid(ctx, q, page.Invalid); err != nil {
		return none, err
	}
	if len(page.Hidden)+len(im.again) > 0 {
		if err := q.NoteHidden(ctx, dbgen.NoteHiddenParams{
			CompanyID: im.account.CompanyID, AccountID: im.account.ID, Opened: opened(page), Hidden: page.Hidden,
		}); err != nil {
			return none, fmt.Errorf("note hidden applications: %w", err)
		}
	}
	entries.Invalid, entries.Hidden = int32(len(page.Invalid)), int32(len(page.Hidden)) //nolint:gosec // a page is small
	if im.run.Seen == 0 {
		// A run that goes on elsewhere has counted them already, or imported them itself.
		entries.Behind = page.Behind
	}
	stored, err := q.StorePage(ctx, entries)
	if db.IsNoRows(err) {
		return none, errLeaseLost
	}
	if err != nil {
		return none, fmt.Errorf("store page: %w", err)
	}
	return stored, nil
}

// opened are the external ids of what the medium let the account open, readable or not.
func opened(page Page) []string {
	ids := mapRows(page.Applications, func(a SourceApplication) string { return a.ExternalID })
	return append(ids, mapRows(page.Invalid, func(r SourceInvalid) string { return r.ExternalID })...)
}

// columns turns a page on its side: Postgres takes it as arrays. Each person is named and sealed once, as
// first seen.
func (im *importing) columns(applications []SourceApplication) (dbgen.InsertCandidatesParams, dbgen.StorePageParams, error) {
	c := dbgen.InsertCandidatesParams{CompanyID: im.account.CompanyID, Medium: im.account.Medium}
	e := dbgen.StorePageParams{
		CompanyID: im.account.CompanyID, Medium: im.account.Medium, AccountID: &im.account.ID, RunID: im.run.ID,
		ExternalIds: []string{},
	}
	met := make(map[string]int, len(applications))
	for _, a := range applications {
		n, known := met[a.Person.ExternalID]
		if !known {
			n = len(c.Ids)
			met[a.Person.ExternalID] = n
			if err := im.addPerson(&c, a); err != nil {
				return c, e, err
			}
		}
		if a.AppliedAt.After(c.LastAppliedAts[n]) {
			c.LastAppliedAts[n] = a.AppliedAt
		}
		e.ExternalIds = append(e.ExternalIds, a.ExternalID)
		e.Kinds = append(e.Kinds, string(a.Kind))
		e.PositionIds = append(e.PositionIds, a.PositionID)
		e.PositionNames = append(e.PositionNames, a.PositionName)
		e.NormalizedPositionNames = append(e.NormalizedPositionNames, NormalizePositionName(a.PositionName))
		e.PersonIds = append(e.PersonIds, a.Person.ExternalID)
		e.PersonHashes = append(e.PersonHashes, c.PersonHashes[n])
		e.Urls = append(e.Urls, a.URL)
		e.AppliedAts = append(e.AppliedAts, a.AppliedAt)
	}
	return c, e, nil
}

func (im *importing) addPerson(c *dbgen.InsertCandidatesParams, a SourceApplication) error {
	id := newID()
	stored, err := im.s.vault.sealProfile(im.account.CompanyID, a.Person.candidate(id))
	if err != nil {
		return err
	}
	c.Ids = append(c.Ids, id)
	c.PersonIds = append(c.PersonIds, a.Person.ExternalID)
	c.PersonHashes = append(c.PersonHashes, im.index.person(im.account.Medium, a.Person.ExternalID))
	c.LastAppliedAts = append(c.LastAppliedAts, a.AppliedAt)
	c.Names = append(c.Names, a.Person.Name)
	c.CurrentPositions = append(c.CurrentPositions, orEmpty(a.Person.CurrentPosition))
	c.WorkHistories = append(c.WorkHistories, stored.workHistories)
	c.Educations = append(c.Educations, stored.educations)
	c.Skills = append(c.Skills, stored.skills)
	c.Sealed = append(c.Sealed, stored.sealed)
	return nil
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

func (im *importing) keepInvalid(ctx context.Context, q *dbgen.Queries, invalid []SourceInvalid) error {
	if len(invalid) == 0 {
		return nil
	}
	p := dbgen.KeepInvalidRecordsParams{CompanyID: im.account.CompanyID, AccountID: im.account.ID, RunID: im.run.ID}
	for _, r := range invalid {
		sample, err := im.s.vault.Seal(NewSecret(string(r.Shape)), im.account.CompanyID, im.account.ID, sampleField)
		if err != nil {
			return err
		}
		p.Ids = append(p.Ids, newID())
		p.ExternalIds = append(p.ExternalIds, r.ExternalID)
		p.Reasons = append(p.Reasons, string(r.Reason))
		p.Details = append(p.Details, r.Detail)
		p.Urls = append(p.Urls, r.URL)
		p.Samples = append(p.Samples, sample)
	}
	return wrap("keep invalid records", q.KeepInvalidRecords(ctx, p))
}
