package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// What every answer says to browsers. Whoever serves a page sets its own Content-Security-Policy over this
// one, which lets a document do nothing at all.
const (
	policyNothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// policyQueue lets River's own page run its own script; it keeps its styles in the page.
	policyQueue = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// twoYears is what browsers ask of a site that is to be known as https only.
	twoYears = "max-age=63072000; includeSubDomains"
)

// withHeaders tells browsers to take nothing for more than it is, to keep nothing, and to show nothing of
// ours within another's page.
func withHeaders(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policyNothing)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if https {
			h.Set("Strict-Transport-Security", twoYears)
		}
		next.ServeHTTP(w, r)
	})
}

// refuseForged turns away what a page of another origin makes a browser send: it would come with the
// cookies of whoever looks at that page. A program, which names no origin, has none of theirs.
func refuseForged(origins []string, next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusForbidden, "this came from a page of another origin; RENKEI_ALLOWED_ORIGINS names those that may")
	}))
	return protection.Handler(next), nil
}

// fromOurPages lets a WebSocket be opened, and an event stream be read, by pages of the origins alone: both
// begin with a GET, which refuseForged lets through. As there, a page of the very host that is asked is ours,
// by whichever of its names it was reached.
func fromOurPages(origins []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		streams := r.Header.Get("Upgrade") != "" || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
		if streams && origin != "" && !slices.Contains(origins, origin) && !sameHost(origin, r.Host) {
			answer(w, http.StatusForbidden, "this came from a page of another origin; RENKEI_ALLOWED_ORIGINS names those that may")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}
