// Package wantedly reads applications from Wantedly (https://www.wantedly.com): it implements
// intake.Source.
//
// Nobody who wrote it could reach the live site. Each fact below says how sure it is: seen (in
// working public code), told (in a help page of a product that does this), assumed (nothing public
// says; the connector does not break if it is otherwise). Before the first use on the live site,
// check those that are not seen, and read the site's terms.
//
// # Signing in
//
//	seen     GET /signin_or_signup answers HTML with <meta name="csrf-token" content="…"> and sets
//	         cookies, among them the session _huntr_session_production. Attributes may stand in
//	         any order, with any quotes and with entities.
//	seen     POST /user/sign_in takes a form with user[email], user[password] and
//	         authenticity_token, the page's cookies, Origin and Referer.
//	seen     A wrong address or password is a 401; assumed: or the sign-in form again, with 200,
//	         with 422, or after a redirect.
//	assumed  A 422 without the form means that the token was refused and the password not looked
//	         at: one more try with a new token.
//	seen     A right one is a redirect away from the sign-in pages, with a fresh session cookie.
//	seen     A page asked for without a session redirects to a path that holds signin or sign_in;
//	         assumed: an API path answers 401, or with that redirect, or with the form.
//	told     People who only signed in with Facebook have no password that works here.
//	assumed  A path that holds two_factor, verification, challenge (or captcha) is a second step,
//	         one that holds locked is a locked account; so is a 423.
//	told     管理者 sees every candidate, 担当 those assigned to them, メンバー cannot open the
//	         hiring pages.
//
// # Reading
//
//	seen     GET /api/internal/enterprise/tickets?sort_type=number_reverse answers
//	         {"data":{"tickets":[{"number":123}]}}, newest first; state=pending narrows it.
//	assumed  Without state it lists every ticket, page=N pages it, and past the end it is empty. A
//	         site that ignores page is noticed by a page without a new number; what it does not
//	         show is asked for by number. A line that comes twice or out of order is put right; when
//	         most lines rise it is no listing. Past the end there need be no data and no tickets.
//	assumed  Numbers rise by one per company, and created_at with them.
//	seen     GET …/tickets/{number} holds data.number, created_at, project.id and title,
//	         candidate.id, candidacy.id. assumed: data.scout is an object for a reply to a scout,
//	         null or absent otherwise.
//	seen     GET …/users/{candidate.id}?candidacy_id={candidacy.id} holds the profile; lists may be
//	         null or absent. Ids may be numbers or strings.
//	seen     created_at is written as in RFC 3339. Another way of writing it is a change of the site's.
//	assumed  An account that may not see candidates gets 403. A single ticket that answers 403, 404
//	         or 410 is one that this account may not see, or that is gone.
//	assumed  A single ticket or person may answer with an error, or not at all, while the site is
//	         well: it is put aside as hidden. Three in a row are the site's trouble.
//	seen     A person sees a ticket at /enterprise/tickets/{number}.
//
// When most of a page cannot be read, a record that could be is read again: where that one is odd too
// the site has changed, and Page.Changed says so.
//
// E-mail addresses, ages, messages and comments never leave this package, nor does any value of a
// record that could not be read: only its shape does. What looks like an e-mail address in a text is
// replaced; a link that tells one is dropped, as are links that are not http or https, volunteering
// and certificates.
//
// # Manners
//
// One request at a time for an account, at most Config.Rate a second, whatever Verify and Read do at
// once. Retry-After is waited for when it is short and handed to the caller when it is not; until
// it is over nothing is asked for the account. A session is used until it dies and then renewed
// once. A password is sent again only when the site said that it did not look at it.
package wantedly
