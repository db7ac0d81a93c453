package wantedly

import (
	"time"

	"renkei/intake"
)

const (
	pageSize = 50
	pageAge  = 5 * time.Second

	// maxUnreadable is how many records in a row that are not even JSON end a run.
	maxUnreadable = 3
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
	hidden      bool
	forbidden   bool
	listed      bool
	again       bool
}

func (o outcome) unreadable() bool { return o.invalid != nil && o.invalid.noJSON }

// tray gathers a page. What may yet turn out to be the site's fault rather than the record's is held
// back in doubt, so that the cursor does not pass it.
type tray struct {
	visit   *visit
	yield   func(intake.Page, error) bool
	page    intake.Page
	since   time.Time // of the last page
	cursor  int64     // 0: none
	told    int64     // the last page's cursor
	pages   int
	settled map[int64]bool
	session intake.Secret // of the last page, or that Read was given

	doubt      []outcome
	unreadable int  // in a row
	refused    int  // listed and forbidden, while none was opened
	opened     bool // some listed ticket was not forbidden
}

func newTray(v *visit, cursor int64, yield func(intake.Page, error) bool) *tray {
	return &tray{
		visit: v, yield: yield, cursor: cursor, told: cursor, since: v.client.now(), settled: map[int64]bool{},
	}
}

// put takes an outcome and yields a page when it is time.
func (t *tray) put(o outcome) error {
	t.doubt = append(t.doubt, o)
	switch {
	case o.unreadable():
		t.unreadable++
	case o.forbidden && o.listed && !o.again && !t.opened:
		t.refused++
	case !o.hidden:
		t.unreadable, t.refused, t.opened = 0, 0, true
	}
	switch {
	case t.unreadable >= maxUnreadable:
		return unexpected("%d records in a row: %w", t.unreadable, errNotJSON)
	case t.refused >= maxRefused:
		return noPermission()
	case t.unreadable > 0 || t.refused > 0:
		return nil
	}
	t.settle()
	if len(t.page.Applications) >= pageSize || t.visit.client.now().Sub(t.since) >= pageAge {
		return t.flush()
	}
	return nil
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
		case o.invalid != nil:
			t.page.Invalid = append(t.page.Invalid, intake.SourceInvalid{
				ExternalID: id, Reason: o.invalid.reason, Detail: o.invalid.detail, Shape: o.invalid.shape,
				URL: t.visit.ticketURL(o.number),
			})
		case o.hidden:
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
	t.refused, t.opened = 0, true
	t.settle()
	t.cursor = max(t.cursor, cursor)
	return nil
}

// flush yields the page and begins another.
func (t *tray) flush() error {
	p := t.page
	if t.cursor > 0 {
		p.Cursor = formatNumber(t.cursor)
	}
	p.Session = t.visit.session()
	t.page, t.since, t.told, t.session = intake.Page{}, t.visit.client.now(), t.cursor, p.Session
	t.pages++
	if !t.yield(p, nil) {
		return errStopped
	}
	return nil
}

// end yields what is left; a reading that found nothing yields one page all the same.
func (t *tray) end() error {
	t.settle()
	if t.pages > 0 && t.empty() {
		return nil
	}
	return t.flush()
}

// rescue yields what was read before an error, also a session that is new.
func (t *tray) rescue() error {
	if session := t.visit.session(); t.empty() && (session.IsZero() || session == t.session) {
		return nil
	}
	return t.flush()
}

func (t *tray) empty() bool {
	p := t.page
	return len(p.Applications) == 0 && len(p.Invalid) == 0 && len(p.Hidden) == 0 && len(p.Behind) == 0 &&
		t.cursor == t.told
}
