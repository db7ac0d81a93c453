package wantedly

import (
	"context"

	"renkei/intake"
)

// control is the record that is read again to tell odd records from a site that has changed.
type control struct {
	number int64 // 0: there is none
	known  bool  // it was read well in this visit
}

// odd reports whether most of the page could not be read. What was asked for again could not be read before either, and
// says nothing of the site.
func (t *tray) odd() bool { return len(t.page.Invalid)-t.aside > len(t.page.Applications) }

// changed reports whether the page is odd because the site has changed. An error is of neither.
func (t *tray) changed(ctx context.Context) (bool, error) {
	if !t.odd() {
		return false, nil
	}
	if t.control.number == 0 {
		return t.suspect(), nil
	}
	err := t.visit.tryOpen(ctx, t.control.number)
	inv, ok := asInvalid(err)
	switch {
	case err == nil:
		return false, nil
	case hidden(err):
		return t.suspect(), nil
	case !ok:
		return false, err
	}
	return inv.reason == intake.InvalidShape || t.control.known || t.mostly(inv.detail), nil
}

// suspect judges an odd page without a control: one value that cannot be is no sign of anything.
func (t *tray) suspect() bool {
	return len(t.page.Invalid)-t.aside > 1 || t.page.Invalid[0].Reason == intake.InvalidShape
}

// mostly reports whether most of the page, and more than one record, could not be read for this reason.
func (t *tray) mostly(detail string) bool {
	n := 0
	for _, inv := range t.page.Invalid {
		if inv.Detail == detail {
			n++
		}
	}
	return n > 1 && 2*n > len(t.page.Invalid)+len(t.page.Applications)
}
