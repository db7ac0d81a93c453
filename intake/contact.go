package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	// maxCandidateNote is how many characters are noted on a person.
	maxCandidateNote = 10_000
	// A phone number has so many digits.
	minDigits, maxDigits = 6, 20
)

// Edit is a new value of something, or none where Value is nil. The zero Edit leaves it as it is.
type Edit struct {
	Given bool
	Value *string
}

// ContactEdit is what people change of a candidate: how to reach them, and a note. What the medium tells is never changed.
type ContactEdit struct{ Email, Phone, Note Edit }

// UpdateCandidate changes how a candidate is reached and what is noted on them. Of a person in several rows it is
// the row of this id that changes. UserErrors: NOT_FOUND, INVALID, TOO_LONG, INVALID_STATE where the key is lost that
// sealed the rest of them, REVISION_CONFLICT.
func (s *Service) UpdateCandidate(ctx context.Context, actor Actor, id uuid.UUID, edit ContactEdit, expectedRevision *int) (Candidate, error) {
	if err := actor.must(recruiting); err != nil {
		return Candidate{}, err
	}
	edit, err := edit.checked()
	if err != nil {
		return Candidate{}, err
	}
	key, err := s.indexKey(ctx, actor.Company.ID)
	if err != nil {
		return Candidate{}, err
	}
	var row dbgen.Candidate
	err = s.change(ctx, actor, recruiting, "update candidate", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		// Nobody is merged or erased meanwhile.
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		row, err = q.LockCandidate(ctx, dbgen.LockCandidateParams{CompanyID: actor.Company.ID, ID: id})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock candidate: %w", err)
		}
		if expectedRevision != nil && *expectedRevision != int(row.Revision) {
			return revisionConflict()
		}
		row, err = s.editCandidate(ctx, q, actor, key, row, edit)
		return err
	})
	if err != nil {
		return Candidate{}, err
	}
	if row.MergedInto != nil {
		return s.candidate(row)
	}
	return s.candidateNow(ctx, actor, id, "id")
}

// candidateNow is a person after a change; they may have been erased since.
func (s *Service) candidateNow(ctx context.Context, actor Actor, id uuid.UUID, field string) (Candidate, error) {
	people, err := s.CandidatesByID(ctx, actor, []uuid.UUID{id})
	if err != nil {
		return Candidate{}, err
	}
	c, still := people[id]
	if !still {
		return Candidate{}, notFound(field)
	}
	return c, nil
}

// editCandidate writes an edit into a locked row, sealed, where it changes anything.
func (s *Service) editCandidate(ctx context.Context, q *dbgen.Queries, actor Actor, key indexKey, row dbgen.Candidate, edit ContactEdit) (dbgen.Candidate, error) {
	if row.Sealed != nil && s.lost(row.Sealed) {
		return row, refuse(CodeInvalidState, Text{
			"この応募者の情報は失われた鍵で暗号化されており、変更すると復元できなくなるため、編集できません。",
			"What is known of this candidate was sealed with a key that is lost. It cannot be edited without giving that up for good.",
		}, "id")
	}
	c, err := s.candidate(row)
	if err != nil {
		return row, err
	}
	fields := edit.apply(&c)
	if len(fields) == 0 {
		return row, nil
	}
	stored, err := s.vault.sealProfile(row.CompanyID, c)
	if err != nil {
		return row, err
	}
	row, err = q.EditCandidate(ctx, dbgen.EditCandidateParams{
		CompanyID: row.CompanyID, ID: row.ID, Sealed: stored.sealed,
		EmailIndex: key.maybe(c.Email, key.email), PhoneIndex: key.maybe(c.Phone, key.phone),
		WorkHistories: json.RawMessage(stored.workHistories), Educations: json.RawMessage(stored.educations),
	})
	if err != nil {
		return row, fmt.Errorf("edit candidate: %w", err)
	}
	return row, audit(ctx, q, actor, AuditCandidateUpdated, &row.ID, map[string]any{"fields": fields, "revision": row.Revision})
}

// apply changes a candidate and names what has changed.
func (e ContactEdit) apply(c *Candidate) (fields []string) {
	for _, f := range []struct {
		name string
		edit Edit
		into **string
	}{{"EMAIL", e.Email, &c.Email}, {"PHONE", e.Phone, &c.Phone}, {"NOTE", e.Note, &c.Note}} {
		if f.edit.Given && orEmpty(f.edit.Value) != orEmpty(*f.into) {
			*f.into = f.edit.Value
			fields = append(fields, f.name)
		}
	}
	return fields
}

// checked is the edit as it is stored; what is blank is nothing.
func (e ContactEdit) checked() (ContactEdit, error) {
	var c check
	e.Email.trim()
	if v := e.Email.Value; v != nil {
		address, ok := emailAddress(*v)
		if !ok {
			c.add(CodeInvalid, textNotAnEmail, "input", "email")
		}
		e.Email.Value = &address
	}
	e.Phone.trim()
	if v := e.Phone.Value; v != nil {
		number, ok := phoneNumber(*v)
		if !ok {
			c.add(CodeInvalid, Text{"電話番号は6〜20桁の数字で入力してください。+、ハイフン、空白も使えます。", "A phone number has 6 to 20 digits; +, - and spaces may stand in it."}, "input", "phone")
		}
		e.Phone.Value = &number
	}
	e.Note.trim()
	if v := e.Note.Value; v != nil {
		switch {
		case utf8.RuneCountInString(*v) > maxCandidateNote:
			c.add(CodeTooLong, Text{"メモは10,000文字までです。", "A note has at most 10,000 characters."}, "input", "note")
		case !storable(*v):
			c.add(CodeInvalid, textBadCharacters, "input", "note")
		}
	}
	return e, c.err()
}

func (e *Edit) trim() {
	if e.Value == nil {
		return
	}
	v := strings.TrimSpace(*e.Value)
	e.Value = filled(&v)
}

// emailAddress is an address in half width, however it was typed or filed.
func emailAddress(s string) (string, bool) {
	address := norm.NFKC.String(s)
	return address, isEmail(address)
}

// phoneNumber is a number in half width with plain dashes and single spaces, those of brackets among them, however it
// was typed or filed: 03(1234)5678.
func phoneNumber(s string) (string, bool) {
	digits := 0
	number := strings.Map(func(r rune) rune {
		switch {
		case isDash(r) || r == 'ー':
			return '-'
		case unicode.IsSpace(r) || r == '(' || r == ')':
			return ' '
		case r >= '0' && r <= '9':
			digits++
		case r != '+' && r != '-':
			// Too many of anything is no number.
			digits += maxDigits + 1
		}
		return r
	}, norm.NFKC.String(s))
	number = strings.Join(strings.Fields(number), " ")
	return number, digits >= minDigits && digits <= maxDigits && len(number) <= 2*maxDigits
}
