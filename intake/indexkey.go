package intake

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	// keyForIndex is the purpose of a company's index key.
	keyForIndex     = "INDEX"
	companyKeyField = "key"
	companyKeyBytes = 32
)

// indexKey hashes what must be found again but not read: it is a company's own, so that equal people and
// addresses of two companies have nothing in common, and stays the same for as long as the company does.
type indexKey struct{ key Secret }

// indexKey returns a company's key, and makes it when it is first needed.
func (s *Service) indexKey(ctx context.Context, companyID uuid.UUID) (indexKey, error) {
	q, which := s.of(companyID), dbgen.CompanyKeyParams{CompanyID: companyID, Purpose: keyForIndex}
	row, err := q.CompanyKey(ctx, which)
	if db.IsNoRows(err) {
		if err := s.makeIndexKey(ctx, q, companyID); err != nil {
			return indexKey{}, err
		}
		// Somebody else may have been faster.
		row, err = q.CompanyKey(ctx, which)
	}
	if err != nil {
		return indexKey{}, fmt.Errorf("read index key: %w", err)
	}
	key, err := s.vault.Open(row.Sealed, companyID, row.ID, companyKeyField)
	if err != nil {
		return indexKey{}, err
	}
	return indexKey{key}, nil
}

func (s *Service) makeIndexKey(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID) error {
	raw := make([]byte, companyKeyBytes)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(raw)
	id := newID()
	sealed, err := s.vault.Seal(NewSecret(string(raw)), companyID, id, companyKeyField)
	if err != nil {
		return err
	}
	return wrap("keep index key", q.InsertCompanyKey(ctx, dbgen.InsertCompanyKeyParams{
		CompanyID: companyID, ID: id, Purpose: keyForIndex, Sealed: sealed,
	}))
}

// person stands for somebody whom a medium knows by this id.
func (k indexKey) person(medium, externalID string) []byte {
	return k.hash("person:" + medium + ":" + externalID)
}

// email stands for an address, however it is written.
func (k indexKey) email(address string) []byte {
	return k.hash("email:" + strings.ToLower(strings.TrimSpace(address)))
}

// phone stands for a number, however it is written: its digits, with Japan's +81 as 0.
func (k indexKey) phone(number string) []byte {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, norm.NFKC.String(number))
	if national, ok := strings.CutPrefix(digits, "+81"); ok {
		digits = "0" + strings.TrimPrefix(national, "0")
	}
	return k.hash("phone:" + digits)
}

// content stands for all that a medium tells of somebody. The number in it changes with what is told to us of
// everybody: a hash of before says nothing about one of now.
func (k indexKey) content(p SourcePerson) ([]byte, error) {
	told, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode person: %w", err)
	}
	return k.hash("content:1:" + string(told)), nil
}

// maybe hashes what is there.
func (indexKey) maybe(value *string, hash func(string) []byte) []byte {
	if filled(value) == nil {
		return nil
	}
	return hash(*value)
}

func (k indexKey) hash(text string) []byte {
	mac := hmac.New(sha256.New, []byte(k.key.Reveal()))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
