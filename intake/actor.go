package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"renkei/db"
	"renkei/db/dbgen"
)

// Company is a customer: everything belongs to one.
type Company struct {
	ID   uuid.UUID
	Name string
}

// Member is a person of a company.
type Member struct {
	ID    uuid.UUID
	Name  string
	Email string
	Roles []Role
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
	// ExpiresAt is nil for one that does not end by itself.
	ExpiresAt *time.Time
}

// tokenPrefix lets people and secret scanners know a token when they see one.
const tokenPrefix = "renkei_"

// CreateCompany makes a company.
func (s *Service) CreateCompany(ctx context.Context, name string) (Company, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 200 {
		return Company{}, refuse(CodeInvalid, Text{"会社名は1〜200文字で入力してください。", "A company's name has 1 to 200 characters."}, "name")
	}
	company := Company{ID: newID(), Name: name}
	if err := s.of(company.ID).CreateCompany(ctx, dbgen.CreateCompanyParams{ID: company.ID, Name: company.Name}); err != nil {
		return Company{}, fmt.Errorf("create company: %w", err)
	}
	return company, nil
}

// NewMember is what CreateMember takes.
type NewMember struct {
	CompanyID   uuid.UUID
	Name, Email string
	Roles       []Role
}

// CreateMember adds a member to a company. A second one of the same e-mail is ALREADY_EXISTS.
func (s *Service) CreateMember(ctx context.Context, n NewMember) (Member, error) {
	member := Member{ID: newID(), Name: strings.TrimSpace(n.Name), Email: strings.TrimSpace(n.Email), Roles: n.Roles}
	if err := checkMember(member); err != nil {
		return Member{}, err
	}
	roles := make([]string, len(n.Roles))
	for i, r := range n.Roles {
		roles[i] = string(r)
	}
	made, err := s.of(n.CompanyID).CreateMember(ctx, dbgen.CreateMemberParams{
		CompanyID: n.CompanyID, ID: member.ID, Name: member.Name, Email: member.Email, Roles: roles,
	})
	switch {
	case db.Violates(err, "members_one_per_email"):
		return Member{}, refuse(CodeAlreadyExists, Text{"このメールアドレスのメンバーはすでにいます。", "There is a member with this e-mail address already."}, "email")
	case err != nil:
		return Member{}, fmt.Errorf("create member: %w", err)
	case made == 0:
		return Member{}, notFound("company")
	}
	return member, nil
}

func checkMember(m Member) error {
	var c check
	if m.Name == "" || utf8.RuneCountInString(m.Name) > 200 {
		c.add(CodeInvalid, Text{"氏名は1〜200文字で入力してください。", "A member's name has 1 to 200 characters."}, "name")
	}
	if !isEmail(m.Email) {
		c.add(CodeInvalid, textNotAnEmail, "email")
	}
	if len(m.Roles) == 0 {
		c.add(CodeRequired, Text{"役割を1つ以上指定してください。", "A member has at least one role."}, "roles")
	}
	for _, r := range m.Roles {
		if !slices.Contains([]Role{RoleAdmin, RoleRecruiter, RoleCoordinator}, r) {
			c.add(CodeInvalid, Text{"役割は ADMIN、RECRUITER、COORDINATOR から選んでください。", "A role is ADMIN, RECRUITER or COORDINATOR."}, "roles")
		}
	}
	return c.err()
}

// NewToken is what CreateToken takes.
type NewToken struct {
	CompanyID, MemberID uuid.UUID
	Name                string
	// Expires is how long the token lives; zero means until it is revoked.
	Expires time.Duration
}

// CreateToken makes an API token. Only its hash is kept: it cannot be shown again.
func (s *Service) CreateToken(ctx context.Context, n NewToken) (string, error) {
	if n.Expires < 0 {
		return "", refuse(CodeInvalid, Text{"有効期間は正の値で指定してください。", "A token cannot expire before it is made."}, "expires")
	}
	if n.Name == "" || utf8.RuneCountInString(n.Name) > 200 {
		return "", refuse(CodeInvalid, Text{"トークン名は1〜200文字で入力してください。", "A token's name has 1 to 200 characters."}, "name")
	}
	random := make([]byte, 32)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(random)
	token := tokenPrefix + base64.RawURLEncoding.EncodeToString(random)
	var expires *time.Duration
	if n.Expires > 0 {
		expires = &n.Expires
	}
	made, err := s.of(n.CompanyID).CreateToken(ctx, dbgen.CreateTokenParams{
		CompanyID: n.CompanyID, ID: newID(), MemberID: n.MemberID, Name: n.Name, Hash: tokenHash(token), Expires: expires,
	})
	if err != nil {
		return "", fmt.Errorf("create token: %w", err)
	}
	if made == 0 {
		return "", notFound("member")
	}
	return token, nil
}

// ActorByToken returns who a token stands for, or ErrUnauthenticated.
func (s *Service) ActorByToken(ctx context.Context, token string) (Actor, error) {
	hash, ok := lookupToken(token)
	if !ok {
		return Actor{}, ErrUnauthenticated
	}
	row, err := s.across().ActorByToken(ctx, hash)
	if db.IsNoRows(err) {
		return Actor{}, ErrUnauthenticated
	}
	if err != nil {
		return Actor{}, fmt.Errorf("look up token: %w", err)
	}
	return Actor{
		Company: Company{ID: row.CompanyID, Name: row.CompanyName},
		Member:  Member{ID: row.MemberID, Name: row.MemberName, Email: row.Email, Roles: roles(row.Roles)},

		Credential: Credential{Kind: ByToken, ID: row.TokenID, ExpiresAt: row.ExpiresAt},
	}, nil
}

// MembersByID returns the members among ids, by id.
func (s *Service) MembersByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Member, error) {
	rows, err := s.as(actor, anyMember).MembersByID(ctx, dbgen.MembersByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	members := make(map[uuid.UUID]Member, len(rows))
	for _, r := range rows {
		members[r.ID] = Member{ID: r.ID, Name: r.Name, Email: r.Email, Roles: roles(r.Roles)}
	}
	return members, nil
}

func roles(names []string) []Role {
	out := make([]Role, len(names))
	for i, n := range names {
		out[i] = Role(n)
	}
	return out
}

// lookupToken is what a token is found by; false for what cannot be one.
func lookupToken(token string) (hash []byte, ok bool) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return nil, false
	}
	return tokenHash(token), true
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
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
