package wantedly

// The facts, as they are told.
const (
	factForm       = "GET /signin_or_signup is a page"
	factToken      = "the page has a csrf-token"
	factCookie     = "the page sets a cookie"
	factFields     = "its form, where it has one, posts user[email] and user[password] to /user/sign_in"
	factNoToken    = "a form without a token is answered with 422"
	factSignIn     = "the right password is answered with a redirect away from the sign-in pages"
	factSession    = "that sets a fresh session cookie, " + sessionCookie
	factRefusal    = "a wrong password is a 401, or the form again"
	factPermission = "the account may open the hiring pages"
	factListing    = "the list of tickets is {data: {tickets: [{number}]}}"
	factOrder      = "it is newest first"
	factPages      = "page=2 goes on where page 1 ends"
	factPastEnd    = "a page past the end is empty"
	factTicket     = "a ticket has number, created_at, project.title, candidate.id and candidacy.id"
	factScout      = "a ticket tells of a scout by data.scout: an object, null or absent"
	factTimes      = "times are written as in RFC 3339"
	factRising     = "numbers rise with created_at"
	factPerson     = "a profile has user.name"
	factProfile    = "a profile has every field that is read"
	factGone       = "a ticket that there is not answers 404, 403 or 410"
	factPostings   = "GET /api/v1/projects lists postings, {data: [{id, title}]}"
	factDead       = "without a session the hiring API answers 401, or with the sign-in form or a redirect to it"
	factDeadPage   = "without a session a page redirects to a path with signin or sign_in"
	factSteps      = "a second step, a challenge or a lock is a redirect to a path that says so"
	factFacebook   = "who only ever signed in with Facebook has no password that works here"
	factForbidden  = "an account that may not see candidates is answered with 403"
	factPending    = "state=pending narrows the list to what nobody has handled"
	factStateless  = "without state, as it is read, the list holds what was handled too"
	factFirstPage  = "pages are numbered from 1: page=1 is what is shown without page"
	factOneByOne   = "numbers rise by one, and an account that is shown a part sees gaps"
	factSeenAt     = "a person sees a ticket at /enterprise/tickets/{number}"
)

// notChecked are the facts that are not looked at, and why. A few are seen all the same, by an account that they are of.
var notChecked = map[string]string{
	factRefusal:   "the account might be locked for it",
	factNoToken:   "it might count as a failed sign-in",
	factSteps:     "it takes an account that has one, and to bring it about might lock this one",
	factFacebook:  "it takes such an account",
	factForbidden: "it takes such an account",
	factSeenAt:    "opening it may mark it as read for the people of the company",
}

// sessionCookie is the name of the cookie that a sign-in leaves.
const sessionCookie = "_huntr_session_production"

const (
	sectionSignIn  = "signing in"
	sectionReading = "reading"
)

// factsInOrder are the facts in the order in which they are told.
var factsInOrder = []Fact{
	{Section: sectionSignIn, Words: factForm},
	{Section: sectionSignIn, Words: factToken},
	{Section: sectionSignIn, Words: factCookie},
	{Section: sectionSignIn, Words: factFields},
	{Section: sectionSignIn, Words: factNoToken},
	{Section: sectionSignIn, Words: factSignIn},
	{Section: sectionSignIn, Words: factSession},
	{Section: sectionSignIn, Words: factRefusal},
	{Section: sectionSignIn, Words: factPermission},
	{Section: sectionSignIn, Words: factForbidden},
	{Section: sectionSignIn, Words: factSteps},
	{Section: sectionSignIn, Words: factFacebook},
	{Section: sectionSignIn, Words: factDead},
	{Section: sectionSignIn, Words: factDeadPage},
	{Section: sectionReading, Words: factListing},
	{Section: sectionReading, Words: factOrder},
	{Section: sectionReading, Words: factFirstPage},
	{Section: sectionReading, Words: factPages},
	{Section: sectionReading, Words: factPastEnd},
	{Section: sectionReading, Words: factPending},
	{Section: sectionReading, Words: factStateless},
	{Section: sectionReading, Words: factOneByOne},
	{Section: sectionReading, Words: factRising},
	{Section: sectionReading, Words: factTicket},
	{Section: sectionReading, Words: factScout},
	{Section: sectionReading, Words: factTimes},
	{Section: sectionReading, Words: factGone},
	{Section: sectionReading, Words: factPerson},
	{Section: sectionReading, Words: factProfile},
	{Section: sectionReading, Words: factSeenAt},
	{Section: sectionReading, Words: factPostings},
}
