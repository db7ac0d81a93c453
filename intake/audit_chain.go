package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// AuditHead is where a log ends, or ended when somebody noted it: that a log is cut off behind an older
// head can only be seen by who kept a newer one. The zero head is that of a log without lines.
type AuditHead struct {
	N    int
	Hash []byte
}

// String is how a head is noted.
func (h AuditHead) String() string { return strconv.Itoa(h.N) + ":" + hex.EncodeToString(h.Hash) }

// ParseAuditHead reads what String wrote.
func ParseAuditHead(noted string) (AuditHead, error) {
	number, hash, _ := strings.Cut(noted, ":")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return AuditHead{}, fmt.Errorf("%q is not the number of a line", number)
	}
	sum, err := hex.DecodeString(hash)
	if err != nil || len(sum) != sha256.Size && n > 0 {
		return AuditHead{}, fmt.Errorf("%q is not a line's hash", hash)
	}
	return AuditHead{N: n, Hash: sum}, nil
}

// BrokenLogError says at which line a log is no longer what was written, and why one can tell.
type BrokenLogError struct {
	N    int
	What string
}

func (e *BrokenLogError) Error() string { return fmt.Sprintf("line %d: %s", e.N, e.What) }

// VerifyAudit reads a company's whole log and returns its head, or a BrokenLogError that names the first
// line which is not what was written. It takes no word of the database's for it: every hash is made anew.
// noted are heads from earlier, which must still be in the log.
func (s *Service) VerifyAudit(ctx context.Context, companyID uuid.UUID, noted ...AuditHead) (AuditHead, error) {
	var c auditChain
	err := wholeLog(ctx, s.of(companyID), companyID, func(lines []AuditLine) error {
		for _, l := range lines {
			if err := c.follow(l, noted); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = c.reaches(noted)
	}
	return c.head, err
}

// auditChain follows a log line by line.
type auditChain struct{ head AuditHead }

// follow takes the next line.
func (c *auditChain) follow(l AuditLine, noted []AuditHead) error {
	switch next := c.head.N + 1; {
	case l.N < next:
		return &BrokenLogError{l.N, "no line has this number: lines are numbered from 1"}
	case l.N == next+1:
		return &BrokenLogError{next, "it is missing"}
	case l.N > next:
		return &BrokenLogError{next, fmt.Sprintf("it is missing, and so is all before line %d", l.N)}
	}
	sum := l.Sum()
	switch {
	case !bytes.Equal(l.Hash, sum[:]):
		return &BrokenLogError{l.N, "it does not have the hash of what it says: it was changed, or never written by the program"}
	case !bytes.Equal(l.Previous, c.head.Hash):
		return &BrokenLogError{l.N, "it does not go on from the line before: one of the two was put in the place of another"}
	}
	c.head = AuditHead{N: l.N, Hash: l.Hash}
	for _, h := range noted {
		if h.N == l.N && !bytes.Equal(h.Hash, l.Hash) {
			return &BrokenLogError{l.N, "it is not the line whose hash was noted: the log was written anew"}
		}
	}
	return nil
}

// reaches makes sure that the log goes as far as it did when its heads were noted.
func (c *auditChain) reaches(noted []AuditHead) error {
	for _, h := range noted {
		if h.N > c.head.N {
			return &BrokenLogError{c.head.N + 1, fmt.Sprintf("it is missing: the log went as far as line %d when its head was noted", h.N)}
		}
	}
	return nil
}

// Sum is the hash that a line should have. What it is made of is the same as in the database's audit_text:
// every value with its length, so that nothing can be moved from one into the next.
func (l AuditLine) Sum() [sha256.Size]byte {
	values := []string{
		l.CompanyID.String(), strconv.Itoa(l.N), strconv.FormatInt(l.At.UnixMicro(), 10), string(l.Actor), idText(l.MemberID),
		string(l.Credential), idText(l.CredentialID), l.Address, string(l.Action), idText(l.SubjectID), l.Detail,
		hex.EncodeToString(l.Previous),
	}
	for i, v := range values {
		values[i] = strconv.Itoa(utf8.RuneCountInString(v)) + ":" + v
	}
	return sha256.Sum256([]byte(strings.Join(values, ",")))
}

func idText(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// CompanyIDs are all companies, for a command that looks after each.
func (s *Service) CompanyIDs(ctx context.Context) ([]uuid.UUID, error) {
	const batch = 1000
	var all []uuid.UUID
	after := uuid.Nil
	for {
		ids, err := s.across().CompanyIDs(ctx, dbgen.CompanyIDsParams{After: after, MaxRows: batch})
		if err != nil {
			return nil, fmt.Errorf("list companies: %w", err)
		}
		all = append(all, ids...)
		if len(ids) < batch {
			return all, nil
		}
		after = ids[len(ids)-1]
	}
}
