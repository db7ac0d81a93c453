package wantedly

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"renkei/intake"
)

// Verdict is what became of a fact.
type Verdict int

// The verdicts. NotSeen: there was nothing to see it by. Doubtful: what should be there is nowhere, and only somebody who has
// seen it before can tell whether it is gone. NotChecked: to see it would do harm, or takes an account of another kind.
const (
	Holds Verdict = iota
	Broken
	NotSeen
	Doubtful
	NotChecked
)

// Fact is something that is taken to be so of the site, and whether it still is.
type Fact struct {
	// Section is where the package's documentation has it.
	Section string
	Words   string
	Verdict Verdict
	// Why says what was found instead, or why nothing could be seen. It holds nothing of a person.
	Why string
}

// Check signs in once and looks, fact by fact, whether the site is still as it is taken to be. It reads some thirty answers at
// the account's rate and changes nothing. Its error says why it could not go on; the facts are all there, and those that it
// did not come to were not seen.
func (c *Client) Check(ctx context.Context, creds intake.Credentials) ([]Fact, error) {
	v, leave := c.visit(creds)
	defer leave()
	v.renewed = true // it signs in once
	k := &check{visit: v}
	k.run(ctx)
	return k.facts(), cmp.Or(ctx.Err(), k.stopped)
}

// check is one call of Check.
type check struct {
	visit *visit
	found map[string]Fact
	lines []listed // of page 1
	// profiles is how many could be read.
	profiles int
	// stopped is why it could not go on, where that is no fact's fault.
	stopped error
}

func (k *check) say(words string, verdict Verdict, why string) {
	if k.found == nil {
		k.found = map[string]Fact{}
	}
	if f, told := k.found[words]; told && f.Verdict == Broken {
		return // the first thing that is wrong is what is told
	}
	k.found[words] = Fact{Verdict: verdict, Why: why}
}

// is tells whether a fact holds.
func (k *check) is(words string, holds bool, format string, args ...any) bool {
	if holds {
		k.say(words, Holds, "")
	} else {
		k.say(words, Broken, fmt.Sprintf(format, args...))
	}
	return holds
}

// got tells whether there was an answer that holds a fact. That the account may not see something, or that the site is busy
// or away, says nothing of the fact.
func (k *check) got(words string, err error, holds bool, otherwise string) bool {
	if se, ok := intake.AsSourceError(err); ok && se.Reason != intake.FailureUnexpectedResponse {
		k.say(words, NotSeen, se.Err.Error())
		k.stopped = cmp.Or(k.stopped, err)
		return false
	}
	if err != nil {
		otherwise = problem(err, nil)
	}
	return k.is(words, err == nil && holds, "%s", otherwise)
}

// facts are all of them; what was not come to was not seen.
func (k *check) facts() []Fact {
	all := slices.Clone(factsInOrder)
	for i, f := range all {
		found, ok := k.found[f.Words]
		if !ok {
			found = Fact{Verdict: NotSeen, Why: "it was not come to"}
		}
		all[i].Verdict, all[i].Why = found.Verdict, found.Why
	}
	return all
}

func (k *check) run(ctx context.Context) {
	for words, why := range notChecked {
		k.say(words, NotChecked, why)
	}
	k.postings(ctx)
	k.dead(ctx)
	k.deadPage(ctx)
	if !k.signIn(ctx) || !k.listing(ctx) {
		return
	}
	k.records(ctx)
	k.gone(ctx)
}

// signIn looks at the sign-in page and signs in.
func (k *check) signIn(ctx context.Context) bool {
	v := k.visit
	form, err := v.openForm(ctx)
	if !k.got(factForm, err, err == nil && form.status == http.StatusOK && looksLikeHTML(form.body), problem(err, form)) {
		return false
	}
	before := k.cookie()
	k.is(factCookie, len(v.courier.jar.Cookies(v.at(formPath))) > 0, "there is none")
	page := readPage(form)
	k.form(page)
	if !k.is(factToken, page.token != "", "there is none") {
		return false
	}
	r, err := v.postPassword(ctx, form, page.token)
	switch {
	case err != nil:
	case tokenRefused(r):
		err = unexpected("the token of the sign-in page was refused")
	default:
		err = v.judge(ctx, r)
	}
	if !k.got(factSignIn, err, true, "") {
		if se, ok := intake.AsSourceError(err); ok && (se.Reason == intake.FailureTwoFactorRequired || se.Reason == intake.FailureAccountLocked) {
			k.say(factSteps, Holds, "")
		}
		return false
	}
	v.fresh, v.alive = true, true
	k.is(factSession, k.cookie() != "" && k.cookie() != before, "there is no such cookie, or the one from before")
	return true
}

func (k *check) form(page page) {
	if page.form == nil {
		k.say(factFields, NotSeen, "the page has no form of its own")
		return
	}
	for _, part := range []string{"POST " + signInPath, emailName, passwordName} {
		k.is(factFields, slices.Contains(page.form, part), "it has no %s", part)
	}
}

// cookie is the session's.
func (k *check) cookie() string {
	for _, c := range k.visit.courier.jar.Cookies(k.visit.at(listPath)) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

const (
	// maxChecked is how many tickets are opened: of so many people, one mostly has filled in what another left empty.
	maxChecked = 10
	// fewChecked are too few to say that what none of them has is gone.
	fewChecked = 5
)

// records opens the newest tickets and who made them.
func (k *check) records(ctx context.Context) {
	if len(k.lines) == 0 {
		for _, words := range []string{factRising, factTicket, factScout, factTimes, factPerson, factProfile} {
			k.say(words, NotSeen, "nobody has applied")
		}
		return
	}
	var tickets []ticket
	for _, line := range k.lines[:min(len(k.lines), maxChecked)] {
		if t, ok := k.ticket(ctx, line.number); ok {
			tickets = append(tickets, t)
			k.person(ctx, t)
		}
	}
	if len(tickets) < 2 {
		k.say(factRising, NotSeen, "fewer than two tickets could be read")
		return
	}
	rising := slices.IsSortedFunc(tickets, func(a, b ticket) int { return b.at.Compare(a.at) })
	k.is(factRising, rising, "a lower number is newer")
}

func (k *check) ticket(ctx context.Context, number int64) (ticket, bool) {
	v := k.visit
	body, err := v.ask(ctx, listPath+"/"+formatNumber(number), nil)
	if hidden(err) {
		return ticket{}, false
	}
	if !k.got(factTicket, err, true, "") {
		return ticket{}, false
	}
	t, err := parseTicket(body, number, v.client.now())
	if inv, ok := asInvalid(err); ok {
		words := factTicket
		if inv.detail == "data.created_at: a string, not a time as it was written" {
			words = factTimes
		}
		k.say(words, Broken, inv.detail+"; it looks like "+string(inv.shape))
		return ticket{}, false
	}
	k.say(factTicket, Holds, "")
	k.say(factTimes, Holds, "")
	if t.candidacy == "" {
		k.say(factTicket, Broken, "data.candidacy.id: missing")
	}
	var look looking
	look.at(kindTicket, ticketFields, body)
	if s := look.Fields["ticket.data.scout"]; s.There == 0 {
		k.scout(body)
	} else {
		k.say(factScout, Holds, "")
	}
	return t, true
}

// scout looks at what is neither an object nor null.
func (k *check) scout(body []byte) {
	root, _ := parseObject("", body) // it was read before
	data, _ := root.object("data")
	kind := typeName(data.members["scout"])
	k.is(factScout, kind == "", "it is of type %s", kind)
}

func (k *check) person(ctx context.Context, t ticket) {
	v := k.visit
	query := url.Values{}
	if t.candidacy != "" {
		query.Set("candidacy_id", t.candidacy)
	}
	body, err := v.ask(ctx, personPath+"/"+t.candidate, query)
	if hidden(err) {
		return
	}
	if !k.got(factPerson, err, true, "") {
		return
	}
	_, err = parsePerson(body, t.candidate)
	if inv, ok := asInvalid(err); ok {
		k.say(factPerson, Broken, inv.detail+"; it looks like "+string(inv.shape))
		return
	}
	k.say(factPerson, Holds, "")
	k.profile(body)
}

// profile looks at what a profile may hold. What one person left empty, another may have filled in.
func (k *check) profile(body []byte) {
	k.visit.look.at(kindProfile, profileFields, body)
	var missing []string
	for path, s := range k.visit.look.Fields {
		if s.There == 0 {
			missing = append(missing, path)
		}
	}
	slices.Sort(missing)
	k.profiles++
	switch {
	case len(missing) == 0:
		k.say(factProfile, Holds, "")
	case k.profiles < fewChecked:
		k.say(factProfile, NotSeen, fmt.Sprintf("in none of but %d looked at: %v", k.profiles, missing))
	default:
		k.say(factProfile, Doubtful, fmt.Sprintf("in none of %d: %v", k.profiles, missing))
	}
}

// gone asks for a ticket that there cannot be yet.
func (k *check) gone(ctx context.Context) {
	number := int64(maxNumber)
	_, err := k.visit.ask(ctx, listPath+"/"+formatNumber(number), nil)
	if hidden(err) {
		k.say(factGone, Holds, "")
		return
	}
	k.got(factGone, err, false, "there is an answer")
}

// postings looks at what is public.
func (k *check) postings(ctx context.Context) {
	v := k.visit
	u := v.at("/api/v1/projects")
	u.RawQuery = url.Values{"q": {""}, "page": {"1"}}.Encode()
	r, err := v.fetch(ctx, u, acceptJSON, onlySignedIn)
	if !k.got(factPostings, err, err == nil && r.status == http.StatusOK, problem(err, r)) {
		return
	}
	body, err := r.json()
	if !k.got(factPostings, err, true, "") {
		return
	}
	root, err := parseObject("", body)
	elements, ok := readElements(root.members["data"], 1)
	if !k.is(factPostings, err == nil && ok, "it looks like %s", shapeOf(body)) {
		return
	}
	if len(elements) == 0 {
		k.say(factPostings, NotSeen, "there are none")
		return
	}
	posting, err := parseObject("", elements[0])
	_, titleErr := posting.text("title")
	k.is(factPostings, err == nil && titleErr == nil && posting.optionalID("id") != "", "it looks like %s", shapeOf(body))
}

// dead looks at what somebody without a session gets.
func (k *check) dead(ctx context.Context) {
	v := k.visit
	u := v.at(listPath)
	u.RawQuery = listQuery(1).Encode()
	r, err := v.fetch(ctx, u, acceptJSON, onlySignedIn)
	signedOut := errors.Is(err, errSignedOut)
	if err == nil {
		signedOut = r.status == http.StatusUnauthorized || readPage(r).signInForm
	}
	if signedOut {
		k.say(factDead, Holds, "")
		return
	}
	k.got(factDead, err, false, problem(err, r))
}

// deadPage looks at what somebody without a session gets for a page.
func (k *check) deadPage(ctx context.Context) {
	v := k.visit
	r, err := v.fetch(ctx, v.at("/enterprise/tickets/1"), acceptPage, onlySignedIn)
	if errors.Is(err, errSignedOut) {
		k.say(factDeadPage, Holds, "")
		return
	}
	k.got(factDeadPage, err, false, problem(err, r))
}

// problem says what came in the place of what was expected.
func problem(err error, r *reply) string {
	se, ok := intake.AsSourceError(err)
	switch {
	case ok:
		return se.Err.Error()
	case err != nil:
		return err.Error()
	case r == nil:
		return "there is nothing"
	}
	return "status " + strconv.Itoa(r.status)
}
