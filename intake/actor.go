package intake

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// Company is a customer: everything belongs to one.
type Company struct {
	ID   uuid.UUID
	Name string
}

// Actor is who asks. Every method that reads or changes a company's data takes one, and sees that
// company alone.
type Actor struct {
	Company Company
	Member  Member
	// Credential is what let the actor in.
	Credential Credential
	// Address is the network address that the actor came from, where it is known.
	Address string
	// without says what the actor is where there is no member.
	without ActorKind
}

// ActorKind says what an actor is who is no member.
type ActorKind string

// Somebody at the server's console, the program itself, and somebody who was not let in.
const (
	ActorOperator ActorKind = "OPERATOR"
	ActorSystem   ActorKind = "SYSTEM"
	ActorNobody   ActorKind = "NOBODY"
)

// OperatorOf acts for a company at the server's console: by a command, without a member.
func OperatorOf(companyID uuid.UUID) Actor {
	return Actor{Company: Company{ID: companyID}, without: ActorOperator}
}

// kind is what an actor is who is no member.
func (a Actor) kind() ActorKind {
	if a.without == "" {
		return ActorSystem
	}
	return a.without
}

// CredentialKind is a way to be let in.
type CredentialKind string

// The ways: an API token, a session of the console, a token of the company's identity provider.
const (
	ByToken   CredentialKind = "TOKEN"
	BySession CredentialKind = "SESSION"
	ByOIDC    CredentialKind = "OIDC"
)

// Credential is what let somebody in; what it opened is closed when it ends.
type Credential struct {
	Kind CredentialKind
	// ID is the token's or session's; the zero ID for OIDC.
	ID uuid.UUID
	// ExpiresAt is nil for one that does not end by itself, or ends the later the more it is used.
	ExpiresAt *time.Time
	// MemberRevision is the member's at that time: another one ends what was opened too.
	MemberRevision int
}

// CreateCompany makes a company, at the server's console.
func (s *Service) CreateCompany(ctx context.Context, name string) (Company, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 200 || !storable(name) {
		return Company{}, refuse(CodeInvalid, Text{"会社名は1〜200文字で入力してください。", "A company's name has 1 to 200 characters."}, "name")
	}
	company := Company{ID: newID(), Name: name}
	err := s.begin(ctx, company.ID, "create company", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.CreateCompany(ctx, dbgen.CreateCompanyParams{ID: company.ID, Name: company.Name}); err != nil {
			return fmt.Errorf("create company: %w", err)
		}
		return audit(ctx, q, OperatorOf(company.ID), AuditCompanyCreated, &company.ID, nil)
	})
	if err != nil {
		return Company{}, err
	}
	return company, nil
}

// ActorByToken returns who a token stands for, or ErrUnauthenticated: it is not one of ours, has expired,
// was revoked, or its member is disabled.
func (s *Service) ActorByToken(ctx context.Context, token string) (Actor, error) {
	if !wellFormed(token) {
		return Actor{}, ErrUnauthenticated
	}
	row, err := s.across().ActorByToken(ctx, hashOf(token))
	if db.IsNoRows(err) {
		return Actor{}, ErrUnauthenticated
	}
	if err != nil {
		return Actor{}, fmt.Errorf("look up token: %w", err)
	}
	return Actor{
		Company: Company{ID: row.CompanyID, Name: row.CompanyName},
		Member:  Member{ID: row.MemberID, Name: row.MemberName, Email: row.Email, Roles: roles(row.Roles)},

		Credential: Credential{Kind: ByToken, ID: row.TokenID, ExpiresAt: row.ExpiresAt, MemberRevision: int(row.Revision)},
	}, nil
}

var textNotAnEmail = Text{"メールアドレスの形式が正しくありません。", "This is not an e-mail address."}

// isEmail accepts one bare address, as a sign-in form would, without white space of any script or
// characters that nobody sees.
func isEmail(s string) bool {
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || visible(r) < 0 }) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}
