package wantedlysim

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
)

const formPage = `<!DOCTYPE html>
<html lang="ja">
<head>
  <meta charset="utf-8">
  <title>ログイン - Wantedly（シミュレーター）</title>
  <meta name="csrf-param" content="authenticity_token" />
  %s
</head>
<body>
  <h1>ログイン</h1>
  %s
  <form action="%s" accept-charset="UTF-8" method="post">
    <input type="hidden" name="authenticity_token" value="%s" autocomplete="off" />
    <p><label>メールアドレス <input type="email" name="user[email]" autocomplete="email"></label></p>
    <p><label>パスワード <input type="password" name="user[password]" autocomplete="off"></label></p>
    <p><input type="submit" name="commit" value="ログイン"></p>
  </form>
</body>
</html>
`

// signInPage shows the form. Somebody who is signed in is sent away, as on the site.
func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ses := s.sessionOf(r)
	if ses != nil && ses.account != nil && !ses.dead && !ses.account.drifted() {
		http.Redirect(w, r, "/enterprise", http.StatusFound)
		return
	}
	s.writeForm(w, ses, http.StatusOK, "")
}

// writeForm shows the form with the token of the session, or of a new one. The caller holds s.mu.
func (s *Server) writeForm(w http.ResponseWriter, ses *session, status int, message string) {
	drifted := ses != nil && ses.account != nil && ses.account.drifted()
	if ses == nil || ses.account != nil {
		ses = s.newSession(w, nil)
	}
	token := html.EscapeString(ses.token)
	meta := `<meta name="csrf-token" content="` + token + `" />`
	if drifted || s.site.NoToken {
		meta, token = "", ""
	}
	if message != "" {
		message = `<p role="alert">` + message + `</p>`
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	action := s.site.FormAction
	if action == "" {
		action = signInPost
	}
	fmt.Fprintf(w, formPage, meta, message, html.EscapeString(action), token)
}

// signIn takes the form.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "400 Bad Request", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	a := s.account(r.PostForm.Get("user[email]"))
	s.mu.Unlock()
	rec := s.begin(w, a)
	defer s.end(a, rec)
	if !wait(r, s.delay(a)) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.troubled(rec, a) {
		return
	}
	ses := s.sessionOf(r)
	if ses == nil || ses.dead || ses.account != nil || r.PostForm.Get("authenticity_token") != ses.token {
		a.journal.BadTokens++
		http.Error(rec, "422 The change you wanted was rejected.", http.StatusUnprocessableEntity)
		return
	}
	if !a.accepts(r.PostForm.Get("user[password]")) {
		a.journal.Refused++
		s.refuse(rec, r, ses, s.site.Refusal)
		return
	}
	a.journal.SignIns++
	delete(s.sessions, ses.id)
	s.letIn(rec, r, a)
}

// letIn sends somebody whose password is right to where their persona leads. The caller holds s.mu.
func (s *Server) letIn(w http.ResponseWriter, r *http.Request, a *account) {
	to := map[string]string{
		"twofactor": "/user/two_factor",
		"locked":    "/user/locked",
		"captcha":   "/challenge",
	}[a.persona]
	if to == "" {
		to = "/enterprise"
		s.newSession(w, a)
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// refuse says in one of three ways that somebody has to sign in. The caller holds s.mu.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, ses *session, how string) {
	const message = "メールアドレスかパスワードが正しくありません"
	switch how {
	case RefuseForm:
		s.writeForm(w, ses, http.StatusOK, message)
	case RefuseRedirect:
		http.Redirect(w, r, signInPath, http.StatusFound)
	default:
		if r.Method == http.MethodPost {
			s.writeForm(w, ses, http.StatusUnauthorized, message)
			return
		}
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "unauthorized"})
	}
}

// stepPage is the second step, the lock or the challenge; nobody gets past it here.
func (s *Server) stepPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><title>%[1]s</title><h1>%[1]s</h1>", html.EscapeString(r.URL.Path))
}

// home is where a sign-in leads.
func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	if s.signedInPage(w, r) == nil {
		return
	}
	fmt.Fprint(w, `<!DOCTYPE html><meta charset="utf-8"><title>会社管理ページ</title><h1>会社管理ページ</h1>`)
}

// ticketPage is what a person sees of a ticket.
func (s *Server) ticketPage(w http.ResponseWriter, r *http.Request) {
	a := s.signedInPage(w, r)
	if a == nil {
		return
	}
	number, _ := strconv.Atoi(r.PathValue("number"))
	s.mu.Lock()
	t, ok := a.company.ticket(number)
	s.mu.Unlock()
	if !ok || !a.sees(number) {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintf(w, `<!DOCTYPE html><meta charset="utf-8"><title>応募 %d</title><h1>応募 %d</h1><p>%s — %s</p>`,
		number, number, html.EscapeString(t.name), html.EscapeString(t.title))
}

// signedInPage finds who asks for a page; it sends strangers to the form and returns nil.
func (s *Server) signedInPage(w http.ResponseWriter, r *http.Request) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	ses := s.sessionOf(r)
	if ses == nil || ses.dead || ses.account == nil {
		http.Redirect(w, r, signInPath, http.StatusFound)
		return nil
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return ses.account
}
