package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"renkei/db/dbgen"
)

// The bounds beyond which a medium has changed. They are wide: a run that is quarantined for nothing holds applicants
// back, and what is missed by one run the next ones find. What judge finds by itself, records that cannot be read, needs none
// of these.
const (
	// usualRecords is how many records a field's usual share is known from. Fewer, as at a first import, say nothing.
	usualRecords = 20
	// usualShare is the least share that a field must have had: what many leave empty, where the medium leaves out what is
	// empty, is no sign of anything.
	usualShare = 0.8
	// lostAfter is how many records in a row, over as many runs as it takes, must lack such a field. One odd record does
	// not, nor a handful: at the least share that counts, chance has so many lack it once in 10^13 times. It is not fewer,
	// since a class of graduates may apply together, none of them with a career.
	lostAfter = 20
	// sureShare is the least share that a field must have had to be lost where a few records still have it, and fewShare what
	// these few are less than, of lostAfter records or more: of 20, chance leaves three or fewer once in 10^14 times. Between
	// the two lies a week of other people.
	sureShare = 0.9
	fewShare  = 0.2
	// usualForms is how often the sign-in form must have looked the same before another look means anything. A session
	// lasts for weeks, so that it is seen rarely; the accounts of the medium count together.
	usualForms = 3
	// strangers is how many new lines a listing must show, and not one that is known, to be of somebody else's
	// applications; a busy day has as many, but the day before is on the same list.
	strangers = 20
	// usualListings is how many listings must have been seen before that, and knownListings the least share of them with a
	// known line: there may be media that list only what nobody has handled. No other share of known lines says anything: the
	// listing is read until the first of them, so that it tells how busy the day was.
	usualListings = 5
	knownListings = 0.9
	// looksCompared is how many accounts' looks stand in for that of an account which has not seen enough itself. One that
	// has seen so many records as a field's usual share is known from, and never the field, is shown less than the others
	// are: its plan, say, is another.
	looksCompared = 20
	// usualMost bounds the memory of a field: what it was long ago counts less and less.
	usualMost = 1000
	// maxOthers bounds how many fields that nothing is read from are remembered.
	maxOthers = 200
	// maxChanges bounds what is told of a run.
	maxChanges = 20
)

// signInWord is what changes of the sign-in form begin with.
const signInWord = "signIn"

// usualField is how often a field was there.
type usualField struct {
	Share
	// Missed are the records since it was last usual, and Few those of them that have it all the same. They are not counted
	// as usual until it is back.
	Missed int `json:"missed,omitempty"`
	Few    int `json:"few,omitempty"`
}

// with are the records since the field was last usual, and those of a page.
func (f usualField) with(s Share) Share { return Share{There: f.Few + s.There, Of: f.Missed + s.Of} }

// learn takes a page's records for usual, unless the field may be about to be lost.
func (f usualField) learn(s Share) usualField {
	since := f.with(s)
	if since.There == 0 || since.few() && f.atLeast(sureShare) {
		f.Missed, f.Few = since.Of, since.There
		return f
	}
	f = usualField{Share: Share{There: f.There + since.There, Of: f.Of + since.Of}}
	if f.Of > usualMost {
		f.There, f.Of = f.There/2, f.Of/2
	}
	return f
}

// atLeast reports whether the field was there in such a share of enough records.
func (f usualField) atLeast(share float64) bool {
	return f.Of >= usualRecords && float64(f.There) >= share*float64(f.Of)
}

// few reports whether hardly any of the records have the field.
func (s Share) few() bool { return float64(s.There) < fewShare*float64(s.Of) }

// usualLook is how a medium has looked to an account so far.
type usualLook struct {
	Fields map[string]usualField `json:"fields,omitempty"`
	Others []string              `json:"others,omitempty"`
	// SignIn is the form as it was last seen, and Forms how often in a row.
	SignIn []string `json:"signIn,omitempty"`
	Forms  int      `json:"forms,omitempty"`
	// Listings are those with new lines, and those of them that showed known ones too.
	Listings Share `json:"listings"`
	// Misshapen are the records without their shape since one could last be read.
	Misshapen int `json:"misshapen,omitempty"`
}

// runLook is how it looked to a run.
type runLook struct {
	Fields map[string]Share `json:"fields,omitempty"`
	SignIn []string         `json:"signIn,omitempty"`
	New    int              `json:"new,omitempty"`
	Known  int              `json:"known,omitempty"`
	// Added are fields that there had not been before: noted, and no reason for anything.
	Added []string `json:"added,omitempty"`
}

// remember takes up how the medium looked before.
func (im *importing) remember(started dbgen.StartRunRow) error {
	im.generation, im.settled = started.Generation, started.Settled
	if err := decodeLook(started.Looked, &im.usual); err != nil {
		return err
	}
	return decodeLook(started.ImportRun.Look, &im.look)
}

func decodeLook(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		return nil
	}
	return wrap("decode look", json.Unmarshal(raw, into))
}

// drift is what of the page's look is beyond the bounds, in words for an operator.
func (im *importing) drift(ctx context.Context, look Look) ([]string, error) {
	changes := im.usual.drift(look, im.usual)
	if len(changes) > 0 || !im.usual.thin(look, im.settled) {
		return changes, nil
	}
	raw, err := im.s.across().LooksOfMedium(ctx, dbgen.LooksOfMediumParams{
		Medium: im.account.Medium, Generation: im.generation, MaxRows: looksCompared,
	})
	if err != nil {
		return nil, fmt.Errorf("read how the medium looks to others: %w", err)
	}
	everybody, err := merged(raw)
	if err != nil {
		return nil, err
	}
	return im.usual.drift(look, im.usual.filled(everybody, im.settled)), nil
}

// merged is how a medium has looked to several accounts.
func merged(raw []json.RawMessage) (usualLook, error) {
	all := usualLook{Fields: make(map[string]usualField)}
	forms := make(map[string]int)
	for _, r := range raw {
		var one usualLook
		if err := decodeLook(r, &one); err != nil {
			return all, err
		}
		for path, f := range one.Fields {
			sum := all.Fields[path]
			sum.There, sum.Of = sum.There+f.There, sum.Of+f.Of
			all.Fields[path] = sum
		}
		if one.Forms > 0 {
			key := strings.Join(one.SignIn, "\n")
			forms[key] += one.Forms
			if forms[key] > all.Forms {
				all.SignIn, all.Forms = one.SignIn, forms[key]
			}
		}
	}
	return all, nil
}

// thin reports whether something is amiss that the account alone has not seen enough to judge. One that is settled is judged
// by its own fields alone: an operator has seen what the medium shows it.
func (u usualLook) thin(look Look, settled bool) bool {
	for path, s := range look.Fields {
		if own := u.Fields[path]; !settled && s.few() && own.thin() && own.with(s).Of >= lostAfter {
			return true
		}
	}
	return len(look.SignIn) > 0 && u.Forms < usualForms && !slices.Equal(u.SignIn, look.SignIn)
}

// thin reports whether the account alone cannot say how usual the field is. That it was never there, in so many
// records, says enough.
func (f usualField) thin() bool {
	return f.Of < usualRecords && (f.There > 0 || f.Of+f.Missed < usualRecords)
}

// filled is the look with the others' in the place of what is thin. The form is the same for all, whatever an account is shown.
func (u usualLook) filled(others usualLook, settled bool) usualLook {
	all := u.clone()
	if all.Forms < usualForms {
		all.SignIn, all.Forms = others.SignIn, others.Forms
	}
	if settled {
		return all
	}
	if all.Fields == nil {
		all.Fields = make(map[string]usualField)
	}
	for path, f := range others.Fields {
		if u.Fields[path].thin() {
			all.Fields[path] = f
		}
	}
	return all
}

// drift compares a look with what is usual for the account, and for the medium where the account has not seen enough.
func (u usualLook) drift(look Look, usual usualLook) []string {
	var changes []string
	for _, path := range slices.Sorted(maps.Keys(look.Fields)) {
		// A page that has the field is how it comes back, whatever was before.
		s, known := look.Fields[path], usual.Fields[path]
		switch since := u.Fields[path].with(s); {
		case !s.few() || since.Of < lostAfter:
		case since.There == 0 && known.atLeast(usualShare):
			changes = append(changes, fmt.Sprintf("%s: missing in the last %d, there in %d of %d before", path, since.Of, known.There, known.Of))
		case since.few() && known.atLeast(sureShare):
			changes = append(changes, fmt.Sprintf("%s: there in %d of the last %d, and in %d of %d before", path, since.There, since.Of, known.There, known.Of))
		}
	}
	if usual.Forms >= usualForms && look.SignIn != nil {
		for _, part := range usual.SignIn {
			if !slices.Contains(look.SignIn, part) {
				changes = append(changes, signInWord+": no longer "+part)
			}
		}
	}
	listings := usual.Listings
	if look.New >= strangers && look.Known == 0 && listings.Of >= usualListings && float64(listings.There) >= knownListings*float64(listings.Of) {
		changes = append(changes, fmt.Sprintf("listing: %d new lines and none that is known", look.New))
	}
	return changes
}

// learn takes a page's look for usual, and returns the fields that are new.
func (u *usualLook) learn(look Look) (added []string) {
	if u.Fields == nil {
		u.Fields = make(map[string]usualField)
	}
	seen := make(map[string]bool)
	for path := range u.Fields {
		seen[wordOf(path)] = true
	}
	for path, s := range look.Fields {
		u.Fields[path] = u.Fields[path].learn(s)
	}
	for _, path := range look.Others {
		if !slices.Contains(u.Others, path) && len(u.Others) < maxOthers {
			u.Others = append(u.Others, path)
			if seen[wordOf(path)] {
				added = append(added, path)
			}
		}
	}
	u.learnForm(look.SignIn)
	if look.New > 0 {
		u.Listings.Of++
		if look.Known > 0 {
			u.Listings.There++
		}
	}
	return added
}

// wordOf is what kind of record a path, or what is told of it, is of.
func wordOf(path string) string {
	if i := strings.IndexAny(path, ".:"); i >= 0 {
		return path[:i]
	}
	return path
}

func (u *usualLook) learnForm(form []string) {
	switch {
	case form == nil:
	case slices.Equal(u.SignIn, form):
		u.Forms++
	default:
		u.SignIn, u.Forms = form, 1
	}
}

// empty reports whether there was nothing to look at.
func (l Look) empty() bool {
	return len(l.Fields) == 0 && len(l.Others) == 0 && l.SignIn == nil && l.New == 0 && l.Known == 0
}

// looked is how the medium looks with a page that is about to be stored: to the account from now on, and to the run.
type looked struct {
	usual            usualLook
	run              runLook
	rawUsual, rawRun []byte // nil where there was nothing to look at
}

func (im *importing) looked(page Page) (looked, error) {
	l := looked{usual: im.usual, run: im.look}
	misshapen := im.countShapes(page).since(im.usual)
	if page.Look.empty() && misshapen == im.usual.Misshapen {
		return l, nil
	}
	l.usual, l.run = im.usual.clone(), im.look.with(page.Look)
	l.usual.Misshapen = misshapen
	added := l.usual.learn(page.Look)
	if len(added) > 0 {
		im.s.log.Info().Strs("fields", added).Stringer("account", im.account.ID).Msg("the medium shows fields that it did not show before")
	}
	l.run.Added = append(l.run.Added, added...)
	var err error
	if l.rawUsual, err = json.Marshal(l.usual); err != nil {
		return l, fmt.Errorf("encode look: %w", err)
	}
	l.rawRun, err = json.Marshal(l.run)
	return l, wrap("encode run's look", err)
}

func (u usualLook) clone() usualLook {
	u.Fields, u.Others = maps.Clone(u.Fields), slices.Clone(u.Others)
	return u
}

// with adds a page's look to a run's.
func (r runLook) with(look Look) runLook {
	r.Fields, r.Added = maps.Clone(r.Fields), slices.Clone(r.Added)
	if r.Fields == nil {
		r.Fields = make(map[string]Share)
	}
	for path, s := range look.Fields {
		sum := r.Fields[path]
		r.Fields[path] = Share{There: sum.There + s.There, Of: sum.Of + s.Of}
	}
	if look.SignIn != nil {
		r.SignIn = look.SignIn
	}
	r.New, r.Known = r.New+look.New, r.Known+look.Known
	return r
}

// drifted is the run's end for what no longer looks as it did.
func (im *importing) drifted(changes []string, look Look) error {
	im.changes = changes
	im.sample = look.sample(wordOf(changes[0]))
	return &SourceError{
		Reason: FailureUnexpectedResponse,
		Err:    fmt.Errorf("the medium no longer looks as it did: %s", strings.Join(changes, "; ")),
	}
}

// sample is the shape of a kind of record. Of the sign-in form that is where it is sent to and the names of its fields.
func (l Look) sample(word string) []byte {
	if word != signInWord {
		return l.Samples[word]
	}
	// Strings always encode.
	form, _ := json.Marshal(map[string][]string{signInWord: l.SignIn})
	return form
}

// Quarantine is why a run was held back: what no longer looked as it did, and nothing of anybody.
type Quarantine struct {
	// Changes are paths with what became of them, in English, for an operator.
	Changes []string `json:"changes"`
}

// Text says what it means.
func (Quarantine) Text() Text {
	return Text{
		"媒体の応答がこれまでと変わったため、取り込みを止めました。この応答からは何も取り込んでいません。運用担当者が renkei medium check で確認してください。",
		"Importing was held back, since the medium no longer answers as it did. Nothing of that answer was imported. An operator should run renkei medium check.",
	}
}

// AcceptLook has a medium's present look be the usual one from now on, for all companies. Accounts that are there now are
// from then on compared with what they themselves are shown, and no longer with others. It is for an operator who has looked.
func (s *Service) AcceptLook(ctx context.Context, m Medium) error {
	return wrap("accept how the medium looks", s.across().AcceptLook(ctx, string(m)))
}
