package intake

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotFound says that there is no such thing in the actor's company.
var ErrNotFound = errors.New("not found")

// ErrBadCursor says that a cursor was not made by this program.
var ErrBadCursor = errors.New("cursor is not one of ours")

// ErrLongSearch says that somebody looks for more than MaxSearch characters.
var ErrLongSearch = errors.New("`search` is too long: 200 characters at most")

// ErrUnauthenticated says that a token is missing, unknown or expired.
var ErrUnauthenticated = errors.New("unauthenticated")

// ErrOccupied says that somebody else of the company changes what this needs to stand still, and takes their time.
var ErrOccupied = errors.New("occupied")

// ErrForbidden says that the member's roles do not allow this.
var ErrForbidden = errors.New("forbidden")

// UserErrorCode tells a program what a UserError is about.
type UserErrorCode string

// The codes of a UserError.
const (
	CodeRequired         UserErrorCode = "REQUIRED"
	CodeInvalid          UserErrorCode = "INVALID"
	CodeTooLong          UserErrorCode = "TOO_LONG"
	CodeNotFound         UserErrorCode = "NOT_FOUND"
	CodeAlreadyExists    UserErrorCode = "ALREADY_EXISTS"
	CodeInvalidState     UserErrorCode = "INVALID_STATE"
	CodeRevisionConflict UserErrorCode = "REVISION_CONFLICT"
)

// UserError is something that the person who asked can mend. Nothing was changed.
type UserError struct {
	Code UserErrorCode
	Text Text
	// Field is the path into the mutation's arguments, such as [input, email].
	Field []string
}

func (e UserError) Error() string {
	return fmt.Sprintf("%s at %s: %s", e.Code, strings.Join(e.Field, "."), e.Text.EN)
}

// UserErrors are all that is wrong with what somebody asked for.
type UserErrors []UserError

func (es UserErrors) Error() string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// check collects what is wrong with an input.
type check struct{ errs UserErrors }

func (c *check) add(code UserErrorCode, text Text, field ...string) {
	c.errs = append(c.errs, UserError{Code: code, Text: text, Field: field})
}

// err returns nil when nothing was wrong.
func (c *check) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs
}

// refuse is a single UserError as an error.
func refuse(code UserErrorCode, text Text, field ...string) error {
	return UserErrors{{Code: code, Text: text, Field: field}}
}

var textNotFound = Text{"見つかりません。", "Not found."}

func notFound(field ...string) error {
	return refuse(CodeNotFound, textNotFound, field...)
}

var textRevisionConflict = Text{"ほかの人が先に変更しました。最新の内容を確認してください。", "Somebody else changed this first. Look at it again."}

func revisionConflict() error {
	return refuse(CodeRevisionConflict, textRevisionConflict, "expectedRevision")
}
