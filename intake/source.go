package intake

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
)

// Credentials are what a person signs in to a medium with.
type Credentials struct {
	Email    string
	Password Secret
}

// Login is what a Source needs to read on behalf of an account.
type Login struct {
	Credentials
	// Session is what an earlier sign-in left; empty when there is none.
	Session Secret
	// Permit is asked right before a password is sent, and its error ends the reading: whoever was frozen, and has been
	// replaced, must not sign in beside the other. nil permits it.
	Permit func(ctx context.Context) error `json:"-"`
}

// Source is a medium, as the domain sees it. An implementation makes one request at a time per
// call, keeps to the medium's manners, and never tries refused credentials again.
//
// Every error is a *SourceError, the context's, or Login.Permit's.
type Source interface {
	// Verify signs in and makes sure that the account may see candidates. It returns the session.
	Verify(ctx context.Context, c Credentials) (Secret, error)

	// Read yields what stands behind the position, oldest first, in pages. A page is yielded as
	// soon as it is full or a few seconds old, and once more before an error, so that what was
	// read is never read in vain. It reuses the session while that lives, then signs in once.
	Read(ctx context.Context, login Login, since Position) iter.Seq2[Page, error]
}

// Position is how far an account has been read.
type Position struct {
	// Cursor is that of the last page stored; empty before the first.
	Cursor string
	// ImportFrom is the instant before which applications are left alone.
	ImportFrom time.Time
	// Again lists external ids that could not be opened lately and are asked for once more.
	Again []string
	// Answered, where it is set, is to be called once the medium has answered, however long the first page then takes: others
	// may be waiting to hear that it is there. What anybody may fetch says nothing of that. It is called by whoever called Read.
	Answered func()
}

// Page is some applications of a medium, read whole.
type Page struct {
	// Applications rise by their external id, except for those that were asked for again.
	Applications []SourceApplication
	// Invalid are those that could not be read.
	Invalid []SourceInvalid
	// Hidden are the external ids that the medium does not let this account open.
	Hidden []string
	// Behind are the external ids that the listing showed at or before Position.Cursor.
	Behind []string
	// Cursor: everything up to here is settled once this page is stored.
	Cursor string
	// Session is the one in use, for the next import.
	Session Secret
	// Changed says that it is the medium that no longer looks as it did, not some record: most of the page
	// has lost its shape, and so has a record that could be read before.
	Changed bool
	// Look is how the medium looked since the page before.
	Look Look
}

// Look is how a medium looked while a page was read: which fields there were. It holds paths and counts, and no value.
type Look struct {
	// Fields are those that are read, by path, such as "profile.user.name", for the records that could be read.
	Fields map[string]Share
	// Others are the paths of fields that nothing is read from.
	Others []string
	// SignIn is what the form of the sign-in page is sent to and asks for, as "POST /path" and the names of its fields;
	// nil where the page was not looked at, or has no form of its own.
	SignIn []string
	// New and Known count the lines of the listing behind Position.Cursor, and those at or before it.
	New, Known int
	// Samples are shapes of records, by the first word of their fields' paths; see SourceInvalid.Shape.
	Samples map[string][]byte
}

// Share is how many of some records have a field.
type Share struct {
	There int `json:"there"`
	Of    int `json:"of"`
}

// SourceApplication is an application as the medium tells it.
type SourceApplication struct {
	// ExternalID is the medium's own number of the application.
	ExternalID string
	Kind       EntryKind
	// PositionID and PositionName are of the posting; the name is as the medium writes it.
	PositionID   string
	PositionName string
	AppliedAt    time.Time
	// URL is where a person sees the application on the medium.
	URL    string
	Person SourcePerson
}

// SourcePerson is an applicant as the medium tells them. E-mail addresses, ages, messages and
// comments have no place here: they never come in.
type SourcePerson struct {
	// ExternalID is the medium's own id of the person, the same for all their applications.
	ExternalID      string
	Name            string
	Location        *string
	CurrentPosition *string
	Tagline         *string
	Introduction    *string
	Aspiration      *string
	ProfileURL      *string
	WorkHistories   []WorkHistory
	Educations      []Education
	Skills          []string
	Links           []Link
}

// candidate is the person as we keep them, under an id of ours.
func (p SourcePerson) candidate(id uuid.UUID) Candidate {
	return Candidate{
		ID: id, Name: p.Name, Location: p.Location, CurrentPosition: p.CurrentPosition, Tagline: p.Tagline,
		Introduction: p.Introduction, Aspiration: p.Aspiration, ProfileURL: p.ProfileURL,
		WorkHistories: p.WorkHistories, Educations: p.Educations, Skills: p.Skills, Links: p.Links,
	}
}

// SourceInvalid is an application that could not be read.
type SourceInvalid struct {
	ExternalID string
	Reason     InvalidReason
	// Detail says what was wrong in words for an operator, such as "data.project.title: missing".
	// It never quotes a value.
	Detail string
	// Shape is what came with every value replaced by its type, as JSON: enough to see what the
	// medium changed, and nothing of the person.
	Shape []byte
	URL   string
}

// InvalidReason says why an application could not be read.
type InvalidReason string

const (
	// InvalidShape says that a field is missing or of another type. When most of a page is so, the medium
	// has changed and the run is quarantined.
	InvalidShape InvalidReason = "SHAPE"
	// InvalidValue says that the fields are there but a value cannot be: an empty name, a year 99999.
	InvalidValue InvalidReason = "VALUE"
)

// FailureReason says why a link, or one run of it, does not work.
type FailureReason string

// The reasons; see FailureReason.PersonCanMend for who can do something about each.
const (
	FailureInvalidCredentials    FailureReason = "INVALID_CREDENTIALS"
	FailureNoCandidatePermission FailureReason = "NO_CANDIDATE_PERMISSION"
	FailureTwoFactorRequired     FailureReason = "TWO_FACTOR_REQUIRED"
	FailureAccountLocked         FailureReason = "ACCOUNT_LOCKED"
	FailureMediumUnavailable     FailureReason = "MEDIUM_UNAVAILABLE"
	FailureRateLimited           FailureReason = "RATE_LIMITED"
	FailureUnexpectedResponse    FailureReason = "UNEXPECTED_RESPONSE"
	FailureTimedOut              FailureReason = "TIMED_OUT"
	FailureInternal              FailureReason = "INTERNAL"
)

// PersonCanMend reports whether whoever registered the account can mend it by registering again or
// by something they do on the medium: アカウント認証失敗 rather than エラーにより認証失敗.
func (r FailureReason) PersonCanMend() bool {
	switch r {
	case FailureInvalidCredentials, FailureNoCandidatePermission, FailureTwoFactorRequired, FailureAccountLocked:
		return true
	case FailureMediumUnavailable, FailureRateLimited, FailureUnexpectedResponse, FailureTimedOut, FailureInternal:
		return false
	}
	return false
}

// SourceError is a medium that did not do what was asked of it.
type SourceError struct {
	Reason FailureReason
	// RetryAfter is how long the medium asked to be left alone; zero when it did not say.
	RetryAfter time.Duration
	// Err is the cause, for the log. It holds no secret and nothing of a person.
	Err error
	// Sample is the shape of what was not understood, where there is one; see SourceInvalid.Shape.
	Sample []byte
}

func (e *SourceError) Error() string { return fmt.Sprintf("medium: %s: %v", e.Reason, e.Err) }

func (e *SourceError) Unwrap() error { return e.Err }

// AsSourceError finds the SourceError in err, if there is one.
func AsSourceError(err error) (*SourceError, bool) {
	var se *SourceError
	ok := errors.As(err, &se)
	return se, ok
}
