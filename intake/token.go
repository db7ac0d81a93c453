package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// A token is tokenPrefix, 43 characters of base64url, "_" and the CRC-32 of all that as 8 digits in base 16:
// renkei_pat_[A-Za-z0-9_-]{43}_[0-9a-f]{8}. Secret scanners know it when they see one, and can be sure. Those
// made before have oldTokenPrefix and the 43 characters alone.
const (
	tokenPrefix    = "renkei_pat_"
	oldTokenPrefix = "renkei_"
	checksumLength = 8
)

const (
	// maxLiveTokens is how many tokens of a member may work at once.
	maxLiveTokens = 50
	// maxTokensShown bounds the list of a member's tokens.
	maxTokensShown = 100
	maxTokenDays   = 366
	day            = 24 * time.Hour
)

// Token is an API token, without what opens the door.
type Token struct {
	ID       uuid.UUID
	MemberID uuid.UUID
	Name     string
	// ExpiresAt is nil for one that works until it is revoked.
	ExpiresAt *time.Time
	CreatedAt time.Time
	// LastUsedAt is true to a minute.
	LastUsedAt *time.Time
	RevokedAt  *time.Time
}

// NewToken is what CreateToken takes.
type NewToken struct {
	CompanyID, MemberID uuid.UUID
	Name                string
	// Expires is how long the token lives; zero means until it is revoked.
	Expires time.Duration
}

// CreateToken makes an API token for a member, at the server's console. Only its hash is kept: it cannot be
// shown again.
func (s *Service) CreateToken(ctx context.Context, n NewToken) (string, error) {
	if n.Expires < 0 {
		return "", refuse(CodeInvalid, Text{"有効期間は正の値で指定してください。", "A token cannot expire before it is made."}, "expires")
	}
	var c check
	name := c.tokenName(n.Name, "name")
	if err := c.err(); err != nil {
		return "", err
	}
	secret := newToken()
	params := dbgen.InsertTokenParams{CompanyID: n.CompanyID, ID: newID(), MemberID: n.MemberID, Name: name, Hash: hashOf(secret)}
	if n.Expires > 0 {
		params.Expires = &n.Expires
	}
	err := s.begin(ctx, n.CompanyID, "create token", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		_, err := insertToken(ctx, q, OperatorOf(n.CompanyID), params, "member")
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// TokenInput is what CreateOwnToken takes.
type TokenInput struct {
	Name string
	// ExpiresInDays is nil for a token that works until it is revoked.
	ExpiresInDays *int
}

// CreateOwnToken makes an API token of the actor's own. A token cannot make one that outlives it. UserErrors:
// INVALID at name or expiresInDays, INVALID_STATE when too many work already.
func (s *Service) CreateOwnToken(ctx context.Context, actor Actor, in TokenInput) (Token, Secret, error) {
	if err := actor.must(anyMember); err != nil {
		return Token{}, Secret{}, err
	}
	var c check
	params := dbgen.InsertTokenParams{
		CompanyID: actor.Company.ID, ID: newID(), MemberID: actor.Member.ID, Name: c.tokenName(in.Name, fieldInput, "name"),
		Expires: c.tokenLife(in.ExpiresInDays), CreatedBy: &actor.Member.ID,
	}
	if outlives(params.Expires, actor.Credential, time.Now()) {
		c.add(CodeInvalid, Text{"トークンで作成するトークンの有効期限は、元のトークンより後にはできません。", "A token that is made with a token cannot outlive it."}, fieldInput, "expiresInDays")
	}
	if err := c.err(); err != nil {
		return Token{}, Secret{}, err
	}
	secret := newToken()
	params.Hash = hashOf(secret)
	var token Token
	err := s.change(ctx, actor, anyMember, "create own token", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) (err error) {
		token, err = insertToken(ctx, q, actor, params, fieldInput)
		return err
	})
	if err != nil {
		return Token{}, Secret{}, err
	}
	return token, NewSecret(secret), nil
}

// tokenName is a token's name as it is kept.
func (c *check) tokenName(name string, field ...string) string {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || utf8.RuneCountInString(name) > 200:
		c.add(CodeInvalid, Text{"トークン名は1〜200文字で入力してください。", "A token's name has 1 to 200 characters."}, field...)
	case !storable(name):
		c.add(CodeInvalid, textBadCharacters, field...)
	}
	return name
}

func (c *check) tokenLife(days *int) *time.Duration {
	if days == nil {
		return nil
	}
	if *days < 1 || *days > maxTokenDays {
		c.add(CodeInvalid, Text{"有効期間は1〜366日で指定してください。", "A token lives 1 to 366 days."}, fieldInput, "expiresInDays")
		return nil
	}
	life := time.Duration(*days) * day
	return &life
}

// outlives reports whether what a token makes would live longer than it does.
func outlives(life *time.Duration, made Credential, now time.Time) bool {
	if made.Kind == BySession || made.ExpiresAt == nil {
		return false
	}
	return life == nil || now.Add(*life).After(*made.ExpiresAt)
}

// insertToken keeps a token, for a member who can come in and has not too many of them. field is what is to
// blame otherwise.
func insertToken(ctx context.Context, q *dbgen.Queries, actor Actor, p dbgen.InsertTokenParams, field string) (Token, error) {
	// So that neither a twin nor a DisableMember comes in between.
	m, err := q.LockMember(ctx, dbgen.LockMemberParams{CompanyID: p.CompanyID, ID: p.MemberID})
	if db.IsNoRows(err) {
		return Token{}, notFound(field)
	}
	if err != nil {
		return Token{}, fmt.Errorf("lock member: %w", err)
	}
	switch statusOf(m.JoinedAt, m.DisabledAt) {
	case MemberDisabled:
		return Token{}, refuse(CodeInvalidState, textIsDisabled, field)
	case MemberInvited:
		return Token{}, refuse(CodeInvalidState, textHasNotJoined, field)
	case MemberActive:
	}
	live, err := q.CountLiveTokens(ctx, dbgen.CountLiveTokensParams{CompanyID: p.CompanyID, MemberID: p.MemberID})
	if err != nil {
		return Token{}, fmt.Errorf("count tokens: %w", err)
	}
	if live >= maxLiveTokens {
		return Token{}, refuse(CodeInvalidState, Text{"有効なトークンは50個までです。使わないものを取り消してください。", "A member has at most 50 tokens that work. Revoke those that are not used."}, field)
	}
	row, err := q.InsertToken(ctx, p)
	if err != nil {
		return Token{}, fmt.Errorf("insert token: %w", err)
	}
	token := Token{ID: p.ID, MemberID: p.MemberID, Name: p.Name, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt}
	return token, audit(ctx, q, actor, AuditTokenCreated, &p.ID, map[string]any{"member": p.MemberID, "expiresAt": row.ExpiresAt})
}

// RevokeToken makes a token open nothing from now on: one's own, or anybody's for an ADMIN. UserErrors:
// NOT_FOUND, INVALID_STATE when it is revoked already.
func (s *Service) RevokeToken(ctx context.Context, actor Actor, id uuid.UUID) (Token, error) {
	var whose *uuid.UUID
	if !actor.may(admins) {
		whose = &actor.Member.ID
	}
	var token Token
	err := s.change(ctx, actor, anyMember, "revoke token", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.RevokeToken(ctx, dbgen.RevokeTokenParams{CompanyID: actor.Company.ID, ID: id, MemberID: whose})
		if db.IsNoRows(err) {
			return whyNotRevoked(ctx, q, dbgen.TokenExistsParams{CompanyID: actor.Company.ID, ID: id, MemberID: whose})
		}
		if err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		token = tokenOf(dbgen.TokensByMemberRow(row))
		return audit(ctx, q, actor, AuditTokenRevoked, &id, map[string]any{"member": token.MemberID})
	})
	return token, err
}

func whyNotRevoked(ctx context.Context, q *dbgen.Queries, p dbgen.TokenExistsParams) error {
	exists, err := q.TokenExists(ctx, p)
	switch {
	case err != nil:
		return fmt.Errorf("look up token: %w", err)
	case !exists:
		return notFound("id")
	}
	return refuse(CodeInvalidState, textTokenRevoked, "id")
}

var (
	textTokenRevoked = Text{"このトークンはすでに取り消されています。", "This token is revoked already."}
	textNotYourToken = Text{"ほかのメンバーのトークンを取り消せるのは管理者だけです。", "Only an administrator can revoke another member's token."}
)

// TokenAction is something that can be done to a token.
type TokenAction string

// ActionRevokeToken is the only one.
const ActionRevokeToken TokenAction = "REVOKE" // #nosec G101 -- an action, not a token

// TokenActionState says whether an action is possible now.
type TokenActionState struct {
	Action TokenAction
	Possible
}

// AvailableActions lists every action and whether the token's state, and the actor, allow it. One that has expired can
// be revoked all the same.
func (t Token) AvailableActions(actor Actor) []TokenActionState {
	state := TokenActionState{Action: ActionRevokeToken}
	switch {
	case !actor.may(admins) && actor.Member.ID != t.MemberID:
		state.WhyNot = &textNotYourToken
	case t.RevokedAt != nil:
		state.WhyNot = &textTokenRevoked
	}
	return []TokenActionState{state}
}

// TokensByMember returns the tokens of each member: those that work first, the latest first, 100 at most.
// Only an ADMIN sees those of others.
func (s *Service) TokensByMember(ctx context.Context, actor Actor, memberIDs []uuid.UUID) (map[uuid.UUID][]Token, error) {
	if !actor.may(admins) {
		memberIDs = only(memberIDs, actor.Member.ID)
	}
	rows, err := s.as(actor, anyMember).TokensByMember(ctx, dbgen.TokensByMemberParams{
		CompanyID: actor.Company.ID, MemberIds: memberIDs, MaxRows: maxTokensShown,
	})
	if err != nil {
		return nil, fmt.Errorf("read tokens: %w", err)
	}
	return group(mapRows(rows, tokenOf), func(t Token) uuid.UUID { return t.MemberID }), nil
}

// only returns those of ids that are id.
func only(ids []uuid.UUID, id uuid.UUID) []uuid.UUID {
	kept := []uuid.UUID{}
	for _, i := range ids {
		if i == id {
			kept = append(kept, i)
		}
	}
	return kept
}

func tokenOf(r dbgen.TokensByMemberRow) Token {
	return Token{
		ID: r.ID, MemberID: r.MemberID, Name: r.Name, ExpiresAt: r.ExpiresAt, CreatedAt: r.CreatedAt,
		LastUsedAt: r.LastUsedAt, RevokedAt: r.RevokedAt,
	}
}

func newToken() string {
	body := tokenPrefix + randomText()
	return body + "_" + checksum(body)
}

// wellFormed reports whether a token can be one of ours: nobody asks the database about others.
func wellFormed(token string) bool {
	if body, ok := strings.CutPrefix(token, oldTokenPrefix); ok && len(body) == randomLength {
		return isRandomText(body)
	}
	at := len(tokenPrefix) + randomLength
	return len(token) == at+1+checksumLength && strings.HasPrefix(token, tokenPrefix) && token[at] == '_' &&
		isRandomText(token[len(tokenPrefix):at]) && token[at+1:] == checksum(token[:at])
}

func checksum(body string) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))) }

// randomLength is how long randomText is.
const randomLength = 43

// randomText is 256 random bits in base64url.
func randomText() string {
	random := make([]byte, 32)
	// crypto/rand.Read never fails; it ends the program instead.
	_, _ = rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random)
}

func isRandomText(s string) bool {
	random, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(random) == 32
}

// hashOf is what is kept of a token or a link's secret: SHA-256 of its text. It has 256 random bits, so a slow
// hash would add nothing.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
