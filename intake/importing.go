package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	sweepBatch = 1000
	// importTries is how often an import is tried within one slot.
	importTries = 5
	// Applications that could not be opened are asked for again within this age, ever more rarely: their
	// numbers may have been given out before they could be seen, or somebody is put in charge of them.
	hiddenAge   = 30 * 24 * time.Hour
	hiddenBatch = 100
)

// Sweep queues the imports that are due, each once, and reports how many. It is called every so
// often, by any number of processes.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.sweepBatch(ctx)
		total += n
		if err != nil || n < sweepBatch {
			return total, err
		}
	}
}

func (s *Service) sweepBatch(ctx context.Context) (int, error) {
	taken := 0
	err := s.begin(ctx, func(tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.TakeDueAccounts(ctx, dbgen.TakeDueAccountsParams{
			MaxRows: sweepBatch, Every: s.settings.ImportInterval, Jitter: s.jitter(),
		})
		if err != nil {
			return fmt.Errorf("take due accounts: %w", err)
		}
		taken = len(rows)
		var told events
		tasks := make([]Task, 0, len(rows))
		for _, r := range rows {
			// One that is still at its last import only has its schedule moved on.
			if !r.Queued {
				continue
			}
			tasks = append(tasks, Task{CompanyID: r.CompanyID, AccountID: r.ID, Epoch: r.Epoch, Wake: r.Wake})
			told.runChanged(r.CompanyID, ImportRun{
				ID: r.RunID, AccountID: r.ID, Trigger: TriggerSchedule, Status: RunQueued, DueAt: r.SweptAt,
			})
		}
		if len(tasks) == 0 {
			return nil
		}
		if err := s.queue.ImportAccounts(ctx, tx, tasks, 0); err != nil {
			return fmt.Errorf("queue imports: %w", err)
		}
		return told.append(ctx, q)
	})
	return taken, err
}

// Import works an account's run, from wherever it stands. A task that no longer counts does nothing.
// What the medium does wrong ends the run and is stored; an error means that nothing could be stored.
func (s *Service) Import(ctx context.Context, task Task) error {
	im, err := s.startImport(ctx, task)
	if errors.Is(err, ErrNotFound) {
		s.log.Debug().Stringer("account", task.AccountID).Int64("epoch", task.Epoch).Msg("import is out of date")
		return nil
	}
	if err != nil {
		return err
	}
	readErr := s.underLease(ctx, im.account, &im.busy, im.read)
	switch {
	case errors.Is(readErr, errLeaseLost):
		s.log.Info().Stringer("run", im.run.ID).Msg("import left to another, or stopped")
		return nil
	case readErr != nil && ctx.Err() != nil && !refused(readErr):
		return s.ignoringLostLease(s.handOver(ctx, im.account))
	}
	ctx, cancel := storing(ctx)
	defer cancel()
	if readErr == nil {
		return s.ignoringLostLease(im.succeed(ctx))
	}
	if _, ok := AsSourceError(readErr); !ok && passing(readErr) {
		// The lease runs out, and whoever revives the account goes on where this run stands.
		return readErr
	}
	return s.ignoringLostLease(im.fail(ctx, asSourceError(readErr)))
}

// importing is one run while somebody works on it.
type importing struct {
	s *Service
	// busy is held while a page is being stored.
	busy    sync.Mutex
	account dbgen.MediumAccount
	run     ImportRun
	// again are the ids still to be asked for again.
	again []string
	// sample is the shape of what made the run be quarantined.
	sample []byte
}

func (s *Service) startImport(ctx context.Context, task Task) (*importing, error) {
	im := &importing{s: s}
	err := s.begin(ctx, func(_ pgx.Tx, q *dbgen.Queries) error {
		claimed, err := s.claim(ctx, q, task, StatusLinked)
		if err != nil {
			return err
		}
		im.account = claimed.MediumAccount
		run, err := q.StartRun(ctx, dbgen.StartRunParams{CompanyID: task.CompanyID, AccountID: task.AccountID, Epoch: task.Epoch})
		if db.IsNoRows(err) {
			return ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("start run: %w", err)
		}
		im.run = importRun(run)
		im.again, err = q.HiddenToAskAgain(ctx, dbgen.HiddenToAskAgainParams{
			CompanyID: task.CompanyID, AccountID: task.AccountID, Every: s.settings.ImportInterval, Age: hiddenAge, MaxRows: hiddenBatch,
		})
		if err != nil {
			return fmt.Errorf("read hidden applications: %w", err)
		}
		var told events
		told.runChanged(task.CompanyID, im.run)
		return told.append(ctx, q)
	})
	return im, err
}

// read brings in what is new, page by page.
func (im *importing) read(ctx context.Context) error {
	login, err := im.s.login(im.account)
	if err != nil {
		return &SourceError{Reason: FailureInternal, Err: err}
	}
	since := Position{Cursor: im.account.Cursor, ImportFrom: im.account.ImportFrom, Again: slices.Clone(im.again)}
	for page, err := range im.s.sources[Medium(im.account.Medium)].Read(ctx, login, since) {
		if err != nil {
			return err
		}
		if err := im.judge(page); err != nil {
			return err
		}
		if err := im.store(ctx, page); err != nil {
			return err
		}
	}
	return ctx.Err()
}

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
	im.busy.Lock()
	defer im.busy.Unlock()
	return im.s.begin(ctx, func(_ pgx.Tx, q *dbgen.Queries) error {
		// First, and not under the account's lock: whoever changes the rules may take a while.
		if err := q.ShareRules(ctx, im.account.CompanyID); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
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
		stored, err := im.storeRecords(ctx, q, page)
		if err != nil {
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
		if err := told.append(ctx, q); err != nil {
			return err
		}
		im.stored(page, stored.ImportRun)
		return nil
	})
}

// stored moves on behind a page.
func (im *importing) stored(page Page, run dbgen.ImportRun) {
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

func (im *importing) storeRecords(ctx context.Context, q *dbgen.Queries, page Page) (dbgen.StorePageRow, error) {
	var none dbgen.StorePageRow
	people, entries, err := im.columns(page.Applications)
	if err != nil {
		return none, err
	}
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

// columns turns a page on its side: Postgres takes it as arrays.
func (im *importing) columns(applications []SourceApplication) (dbgen.InsertCandidatesParams, dbgen.StorePageParams, error) {
	c := dbgen.InsertCandidatesParams{CompanyID: im.account.CompanyID, Medium: im.account.Medium}
	e := dbgen.StorePageParams{
		CompanyID: im.account.CompanyID, Medium: im.account.Medium, AccountID: &im.account.ID, RunID: im.run.ID,
		ExternalIds: []string{},
	}
	for _, a := range applications {
		lists, err := encodeLists(a.Person)
		if err != nil {
			return c, e, fmt.Errorf("encode person: %w", err)
		}
		c.PersonIds = append(c.PersonIds, a.Person.ExternalID)
		c.Names = append(c.Names, a.Person.Name)
		c.Locations = append(c.Locations, orEmpty(a.Person.Location))
		c.CurrentPositions = append(c.CurrentPositions, orEmpty(a.Person.CurrentPosition))
		c.Taglines = append(c.Taglines, orEmpty(a.Person.Tagline))
		c.Introductions = append(c.Introductions, orEmpty(a.Person.Introduction))
		c.Aspirations = append(c.Aspirations, orEmpty(a.Person.Aspiration))
		c.ProfileUrls = append(c.ProfileUrls, orEmpty(a.Person.ProfileURL))
		c.WorkHistories = append(c.WorkHistories, lists[0])
		c.Educations = append(c.Educations, lists[1])
		c.Skills = append(c.Skills, lists[2])
		c.Links = append(c.Links, lists[3])

		e.ExternalIds = append(e.ExternalIds, a.ExternalID)
		e.Kinds = append(e.Kinds, string(a.Kind))
		e.PositionIds = append(e.PositionIds, a.PositionID)
		e.PositionNames = append(e.PositionNames, a.PositionName)
		e.NormalizedPositionNames = append(e.NormalizedPositionNames, NormalizePositionName(a.PositionName))
		e.PersonIds = append(e.PersonIds, a.Person.ExternalID)
		e.Urls = append(e.Urls, a.URL)
		e.AppliedAts = append(e.AppliedAts, a.AppliedAt)
	}
	return c, e, nil
}

func encodeLists(p SourcePerson) (encoded [4]string, err error) {
	for i, list := range []any{orNone(p.WorkHistories), orNone(p.Educations), orNone(p.Skills), orNone(p.Links)} {
		b, err := json.Marshal(list)
		if err != nil {
			return encoded, err
		}
		encoded[i] = string(b)
	}
	return encoded, nil
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

const sampleField = "sample"

// succeed ends the run and gives the account back until its next slot.
func (im *importing) succeed(ctx context.Context) error {
	return im.s.begin(ctx, func(_ pgx.Tx, q *dbgen.Queries) error {
		account, err := q.RestAccount(ctx, dbgen.RestAccountParams{
			CompanyID: im.account.CompanyID, ID: im.account.ID, LeaseOwner: im.account.LeaseOwner,
		})
		if err != nil {
			return fenced("rest account", err)
		}
		if err := q.ForgetHidden(ctx, dbgen.ForgetHiddenParams{
			CompanyID: im.account.CompanyID, AccountID: im.account.ID, ExternalIds: im.again,
		}); err != nil {
			return fmt.Errorf("forget hidden applications: %w", err)
		}
		var told events
		if err := im.s.endRun(ctx, q, &told, account, RunSucceeded, nil, nil); err != nil {
			return err
		}
		return told.append(ctx, q)
	})
}

// fail ends the run with its reason. What a person can mend ends the link too; anything else is tried
// again within the slot, as a run of its own, and then at the next slot.
func (im *importing) fail(ctx context.Context, trouble *SourceError) error {
	im.s.log.Info().Err(trouble.Err).Stringer("account", im.account.ID).Stringer("run", im.run.ID).
		Str("reason", string(trouble.Reason)).Msg("import failed")
	status := RunFailed
	if trouble.Reason == FailureUnexpectedResponse && im.run.Imported == 0 && im.run.Invalid == 0 {
		status = RunQuarantined
	}
	sample, err := im.sealSample()
	if err != nil {
		return err
	}
	delay := max(im.s.retryAfter(int(im.account.Attempts)+1), trouble.RetryAfter)
	return im.s.begin(ctx, func(tx pgx.Tx, q *dbgen.Queries) error {
		var told events
		account, err := im.release(ctx, q, &told, trouble, delay)
		if err != nil {
			return err
		}
		if err := im.s.endRun(ctx, q, &told, account, status, &trouble.Reason, sample); err != nil {
			return err
		}
		if account.WakeAt != nil {
			if err := im.queueRetry(ctx, tx, q, &told, account, delay); err != nil {
				return err
			}
		}
		return told.append(ctx, q)
	})
}

// release gives the account back after a failed run: for good, until the next slot, or, with a wake-up
// to come, until a retry.
func (im *importing) release(ctx context.Context, q *dbgen.Queries, told *events, trouble *SourceError, delay time.Duration) (dbgen.MediumAccount, error) {
	reason := string(trouble.Reason)
	switch {
	case trouble.Reason.PersonCanMend():
		row, err := move(ctx, q, im.account.CompanyID, im.account.ID, dbgen.MoveAccountParams{
			ToStatus: string(StatusAuthFailed), FailureReason: &reason, LeaseOwner: im.account.LeaseOwner,
		})
		if err == nil {
			told.accountMoved(row.CompanyID, previousStatus(&im.account), im.s.account(row))
		}
		return row, err
	case int(im.account.Attempts)+1 >= importTries:
		row, err := q.RestAccount(ctx, dbgen.RestAccountParams{
			FailureReason: &reason, CompanyID: im.account.CompanyID, ID: im.account.ID, LeaseOwner: im.account.LeaseOwner,
		})
		return row, fenced("rest account", err)
	}
	row, err := q.WakeAccountLater(ctx, dbgen.WakeAccountLaterParams{
		FailureReason: &reason, Delay: delay, CompanyID: im.account.CompanyID, ID: im.account.ID,
		LeaseOwner: im.account.LeaseOwner,
	})
	return row, fenced("put import off", err)
}

// queueRetry queues the next run and the job that wakes somebody for it.
func (im *importing) queueRetry(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount, delay time.Duration) error {
	if err := im.s.queue.ImportAccounts(ctx, tx, []Task{taskOf(account)}, delay); err != nil {
		return fmt.Errorf("queue retry: %w", err)
	}
	next, err := q.QueueRun(ctx, dbgen.QueueRunParams{
		CompanyID: account.CompanyID, AccountID: account.ID, Epoch: account.Epoch, Trigger: string(im.run.Trigger), Delay: delay,
	})
	if err != nil {
		return fmt.Errorf("queue retry's run: %w", err)
	}
	told.runChanged(account.CompanyID, importRun(next))
	return nil
}

func (im *importing) sealSample() ([]byte, error) {
	if len(im.sample) == 0 {
		return nil, nil
	}
	return im.s.vault.Seal(NewSecret(string(im.sample)), im.account.CompanyID, im.account.ID, sampleField)
}
