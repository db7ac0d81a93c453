package wantedly

import (
	"context"
	"errors"
	"time"

	"renkei/intake"
)

const (
	pageSize = 50
	pageAge  = 5 * time.Second

	// maxFailing is how many records in a row that are not even JSON, or are not answered for, end a run.
	maxFailing = 3
	// maxRefused is how many listed tickets may be forbidden before any is opened; at the end of a
	// run minRefused is enough when none was.
	maxRefused = 20
	minRefused = 3
)

// outcome is what came of asking for one number. With none of the fields set it is left alone.
type outcome struct {
	number      int64
	application *intake.SourceApplication
	invalid     *invalid
	failed      error // the site did not answer for it
	hidden      bool
	forbidden   bool
	listed      bool
	again       bool
}

// trouble is what ends the run when it comes several times in a row. What is asked for again has
// been in trouble before, and nothing waits for it.
func (o outcome) trouble() error {
	switch {
	case o.failed != nil && !o.again:
		return o.failed
	case o.invalid != nil && o.invalid.noJSON && !o.again:
		return unexpected("%d records in a row: %w", maxFailing, errNotJSON)
	}
	return nil
}

// tray gathers a page. What may yet turn out to be the site's fault rather than the record's is held
// back in doubt, so that the cursor does not pass it.
type tray struct {
	visit   *visit
	yield   func(intake.Page, error) bool
	page    intake.Page
	aside   int       // of page.Invalid, those that were asked for again
	since   time.Time // of the last page
	cursor  int64     // 0: none
	told    int64     // the last page's cursor
	pages   int
	settled map[int64]bool
	session intake.Secret // of the last page, or that Read was given

	control control

	doubt   []outcome
	failing int  // in a row
	refused int  // listed and forbidden, while none was opened
	opened  bool // some listed ticket was not forbidden
}

func newTray(v *visit, cursor int64, yield func(intake.Page, error) bool) *tray {
	return &tray{
		visit: v, yield: yield, cursor: cursor, told: cursor, since: v.client.now(), settled: map[int64]bool{},
	}
}

// put takes an outcome and yields a page when it is time.
func (t *tray) put(ctx context.Context, o outcome) error {
	t.doubt = append(t.doubt, o)
	trouble := o.trouble()
	switch {
	case trouble != nil:
		t.failing++
	case o.forbidden && o.listed && !o.again && !t.opened:
		t.refused++
	case !o.hidden && o.failed == nil:
		t.failing, t.refused, t.opened = 0, 0, true
	}
	switch {
	case t.failing >= maxFailing:
		return trouble
	case t.refused >= maxRefused:
		return noPermission()
	case t.failing > 0 || t.refused > 0:
		return nil
	}
	t.settle()
	if t.due() {
		return t.flush(ctx)
	}
	return nil
}

// due reports whether it is time for the page.
func (t *tray) due() bool {
	switch {
	case len(t.page.Applications)+len(t.page.Invalid) >= pageSize:
		return true
	case t.odd() && t.control.number == 0:
		return false // what comes next may be the control, or outweigh it
	}
	return t.visit.client.now().Sub(t.since) >= pageAge
}

func noPermission() error {
	return fail(intake.FailureNoCandidatePermission, "every ticket of the listing: %w", errForbidden)
}

// settle puts what is no longer in doubt on the page.
func (t *tray) settle() {
	for _, o := range t.doubt {
		id := formatNumber(o.number)
		switch {
		case o.application != nil:
			t.page.Applications = append(t.page.Applications, *o.application)
			t.control = control{number: o.number, known: true}
		case o.invalid != nil:
			t.page.Invalid = append(t.page.Invalid, intake.SourceInvalid{
				ExternalID: id, Reason: o.invalid.reason, Detail: o.invalid.detail, Shape: o.invalid.shape,
				URL: t.visit.ticketURL(o.number),
			})
			if o.again {
				t.aside++
			}
		case o.hidden || o.failed != nil:
			t.page.Hidden = append(t.page.Hidden, id)
		}
		t.settled[o.number] = true
		if !o.again {
			t.cursor = max(t.cursor, o.number)
		}
	}
	t.doubt = nil
}

// settleAll ends the doubts when everything up to cursor has been asked for.
func (t *tray) settleAll(cursor int64) error {
	if t.refused >= minRefused {
		return noPermission()
	}
	t.failing, t.refused, t.opened = 0, 0, true
	t.settle()
	t.cursor = max(t.cursor, cursor)
	return nil
}

// flush yields the page and begins another. A page that cannot be judged is left to the next run.
func (t *tray) flush(ctx context.Context) error {
	changed, err := t.changed(ctx)
	look := t.visit.look.take()
	if err != nil {
		t.page, t.aside, t.cursor = intake.Page{}, 0, t.told
		return err
	}
	p := t.page
	if t.cursor > 0 {
		p.Cursor = formatNumber(t.cursor)
	}
	p.Session, p.Changed, p.Look = t.visit.session(), changed, look
	t.page, t.aside, t.since, t.told, t.session = intake.Page{}, 0, t.visit.client.now(), t.cursor, p.Session
	t.pages++
	if !t.yield(p, nil) || changed {
		return errStopped
	}
	return nil
}

// end yields what is left; a reading that found nothing yields one page all the same.
func (t *tray) end(ctx context.Context) error {
	t.settle()
	if t.pages > 0 && t.empty() {
		return nil
	}
	return t.flush(ctx)
}

// rescue yields what was read before an error, also a session that is new.
func (t *tray) rescue(ctx context.Context) error {
	if session := t.visit.session(); t.empty() && (session.IsZero() || session.Reveal() == t.session.Reveal()) {
		return nil
	}
	err := t.flush(ctx)
	if err == nil || errors.Is(err, errStopped) {
		return err
	}
	return t.rescue(ctx) // the page is gone now, but there may be the session
}

func (t *tray) empty() bool {
	p := t.page
	return len(p.Applications) == 0 && len(p.Invalid) == 0 && len(p.Hidden) == 0 && len(p.Behind) == 0 &&
		t.cursor == t.told
}
