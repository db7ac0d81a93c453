package wantedly

import "context"

// probe opens a ticket and remembers what came of it. Its ok is false when that ends the run.
func (r *reading) probe(ctx context.Context, number int64) (o opened, ok bool) {
	if o, known := r.opened[number]; known {
		return o, true
	}
	o.ticket, o.err = r.visit.ticket(ctx, number)
	_, invalid := asInvalid(o.err)
	switch {
	case o.err == nil || invalid:
		r.failing = 0
	case hidden(o.err): // says nothing of the site
	case r.visit.recordFailed(o.err):
		r.failing++
		if r.failing >= maxFailing {
			return o, false
		}
	default:
		return o, false
	}
	r.opened[number] = o
	return o, true
}
