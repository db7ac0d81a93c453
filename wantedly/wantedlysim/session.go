package wantedlysim

import (
	"crypto/rand"
	"net/http"
	"time"
)

const (
	cookieName = "_huntr_session_production"
	signInPath = "/signin_or_signup"
	signInPost = "/user/sign_in"

	// maxSessions bounds what strangers who only look at the form leave behind.
	maxSessions = 20_000
)

// session is what a cookie stands for.
type session struct {
	id      string
	token   string
	account *account // nil until signed in
	dead    bool     // died, but we still know whose it was
	answers int
	at      time.Time
}

// newSession makes a session and sets its cookie. The caller holds s.mu.
func (s *Server) newSession(w http.ResponseWriter, a *account) *session {
	if len(s.sessions) >= maxSessions {
		s.forgetSessions()
	}
	// The second half keeps the token's letters in need of escaping in HTML.
	ses := &session{id: rand.Text(), token: rand.Text() + "+/&\"<'" + rand.Text()[:8] + "==", account: a, at: s.opts.Now()}
	s.sessions[ses.id] = ses
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: ses.id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return ses
}

func (s *Server) forgetSessions() {
	for id, ses := range s.sessions {
		if ses.account == nil || ses.dead {
			delete(s.sessions, id)
		}
	}
}

// sessionOf finds the session of a request, also a dead one. The caller holds s.mu.
func (s *Server) sessionOf(r *http.Request) *session {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	return s.sessions[c.Value]
}

// expire ends the sessions of an account, or of everybody. The caller holds s.mu.
func (s *Server) expire(a *account) int {
	n := 0
	for _, ses := range s.sessions {
		if ses.account != nil && !ses.dead && (a == nil || ses.account == a) {
			ses.dead = true
			n++
		}
	}
	return n
}
