package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"

	"renkei/intake"
)

// bodyLimit is more than any request here needs.
const bodyLimit = 16 << 10

var (
	errBadBody   = errors.New("the body is not what it should be")
	errCrossSite = errors.New("the request comes from another site")
	errNotJSON   = errors.New("the body is not JSON")
)

// neverStored keeps answers out of caches: they are about one person.
func neverStored(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// read decodes a JSON body. Nothing of it is ever in an error: it holds passwords.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return errNotJSON
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return tooLarge
		}
		return errBadBody
	}
	if json.Unmarshal(body, into) != nil {
		return errBadBody
	}
	return nil
}

func write(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(value)
}

// shown is an error as a client sees it, in the shape of GraphQL's.
type shown struct {
	Message string   `json:"message"`
	Code    string   `json:"code"`
	Field   []string `json:"field,omitempty"`
}

// The codes of an answer that is an error.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeNotFound        = "NOT_FOUND"
	codeBadUserInput    = "BAD_USER_INPUT"
	codeRateLimited     = "RATE_LIMITED"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

// refusal is how an error is told: to programs, and to people.
type refusal struct {
	err    error
	status int
	code   string
	text   intake.Text
}

var refusals = []refusal{
	{intake.ErrWrongPassword, http.StatusUnauthorized, codeUnauthenticated, intake.Text{
		JA: "メールアドレスまたはパスワードが正しくありません。", EN: "The e-mail address or the password is wrong.",
	}},
	{intake.ErrUnauthenticated, http.StatusUnauthorized, codeUnauthenticated, intake.Text{
		JA: "サインインしてください。", EN: "Sign in first.",
	}},
	{intake.ErrForbidden, http.StatusForbidden, codeForbidden, intake.Text{
		JA: "この操作は許可されていません。", EN: "You may not do this.",
	}},
	{intake.ErrBadLink, http.StatusNotFound, codeNotFound, intake.Text{
		JA: "このリンクは使用済みか、有効期限が切れています。", EN: "This link has been used, or has expired.",
	}},
	{errCrossSite, http.StatusForbidden, codeForbidden, intake.Text{
		JA: "ほかのサイトからのリクエストは受け付けられません。", EN: "A request from another site is not taken.",
	}},
	{errNoSuchPlace, http.StatusNotFound, codeNotFound, intake.Text{
		JA: "見つかりません。", EN: "There is nothing here; or it wants another method, such as POST.",
	}},
	{errNotJSON, http.StatusUnsupportedMediaType, codeBadUserInput, intake.Text{
		JA: "Content-Type は application/json にしてください。", EN: "Send JSON, with Content-Type: application/json.",
	}},
	{errBadBody, http.StatusBadRequest, codeBadUserInput, intake.Text{
		JA: "リクエストの形式が正しくありません。", EN: "The body is not what it should be.",
	}},
	{errBadReturn, http.StatusBadRequest, codeBadUserInput, intake.Text{
		JA: "サインインを最初からやり直してください。", EN: "Begin signing in once more.",
	}},
	{intake.ErrBusy, http.StatusServiceUnavailable, codeUnavailable, intake.Text{
		JA: "混み合っています。しばらくしてからお試しください。", EN: "Too many people sign in at once. Try again in a while.",
	}},
	{ErrUnavailable, http.StatusServiceUnavailable, codeUnavailable, intake.Text{
		JA: "認証サービスに接続できません。しばらくしてからお試しください。", EN: "The identity provider does not answer. Try again in a while.",
	}},
}

// refuse answers with an error. What the client cannot mend is in the log with its cause.
func (p *Porter) refuse(w http.ResponseWriter, r *http.Request, err error) {
	language := Language(r.Header.Get("Accept-Language"))
	var mend intake.UserErrors
	var throttled *intake.ThrottledError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &mend):
		errs := make([]shown, len(mend))
		for i, e := range mend {
			errs[i] = shown{Message: e.Text.In(language), Code: codeBadUserInput, Field: e.Field}
		}
		writeErrors(w, http.StatusBadRequest, errs...)
		return
	case errors.As(err, &throttled):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(throttled.RetryAfter.Seconds()))))
		writeErrors(w, http.StatusTooManyRequests, shown{Code: codeRateLimited, Message: intake.Text{
			JA: "試行回数が多すぎます。しばらくしてからお試しください。", EN: "Too many tries. Try again in a while.",
		}.In(language)})
		return
	case errors.As(err, &tooLarge):
		writeErrors(w, http.StatusRequestEntityTooLarge, shown{Code: codeBadUserInput, Message: intake.Text{
			JA: fmt.Sprintf("リクエストは%dバイト以内にしてください。", tooLarge.Limit), EN: fmt.Sprintf("A request has at most %d bytes.", tooLarge.Limit),
		}.In(language)})
		return
	}
	for _, how := range refusals {
		if errors.Is(err, how.err) {
			writeErrors(w, how.status, shown{Code: how.code, Message: how.text.In(language)})
			return
		}
	}
	if intake.Unavailable(err) {
		p.options.Log.Warn().Err(err).Str("path", r.URL.Path).Msg("request cannot be answered now")
		writeErrors(w, http.StatusServiceUnavailable, shown{Code: codeUnavailable, Message: intake.Text{
			JA: "一時的に応答できません。しばらくしてからお試しください。", EN: "We cannot answer for a moment. Try again shortly.",
		}.In(language)})
		return
	}
	if !errors.Is(err, context.Canceled) {
		p.options.Log.Error().Err(err).Str("path", r.URL.Path).Msg("request failed")
	}
	writeErrors(w, http.StatusInternalServerError, shown{Code: codeInternal, Message: intake.Text{
		JA: "内部エラーが発生しました。", EN: "Internal error.",
	}.In(language)})
}

func writeErrors(w http.ResponseWriter, status int, errs ...shown) {
	write(w, status, map[string][]shown{"errors": errs})
}
