package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// How long a session of the console lives.
const (
	// SessionIdle is how long it may lie unused.
	SessionIdle = 12 * time.Hour
	// SessionLifetime is how long it lives at most.
	SessionLifetime = 7 * 24 * time.Hour
	// renewalGrace is how long requests may be under way with the cookie before the last.
	renewalGrace = 30 * time.Second
	sessionsKept = 30 * 24 * time.Hour
	// maxSessions are shown of one member.
	maxSessions              = 100
	maxUserAgent, maxAddress = 200, 100
)

// Session is somebody's sign-in at the console from one browser.
type Session struct {
	ID                    uuid.UUID
	CreatedAt, LastSeenAt time.Time
	Address, UserAgent    string
	// Current marks the one that asks.
	Current bool
}

// NewSession is what StartSession takes.
type NewSession struct {
	// TokenHash is the SHA-256 of what stands in the cookie.
	TokenHash []byte
	Data      []byte
	UserAgent string
}

// OpenSession is a session that somebody comes with.
type OpenSession struct {
	Actor Actor
	Data  []byte
	// TokenHash is of the cookie as it should be; somebody may still come with the one before.
	TokenHash []byte
	// RolesChanged says that the cookie should be renewed: the member may do other things than when it was made.
	RolesChanged bool
}

// StartSession begins a session of a member who has just signed in.
func (s *Service) StartSession(ctx context.Context, actor Actor, n NewSession) (id uuid.UUID, err error) {
	err = s.change(ctx, actor, anyMember, "start session", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		id, err = q.StartSession(ctx, dbgen.StartSessionParams{
			CompanyID: actor.Company.ID, MemberID: actor.Member.ID, TokenHash: n.TokenHash, Data: n.Data, Idle: SessionIdle,
			MemberRevision: int32(actor.Credential.MemberRevision), //nolint:gosec // it came from such a column
			Address:        cut(actor.Address, maxAddress), UserAgent: cut(n.UserAgent, maxUserAgent),
		})
		if db.IsNoRows(err) {
			return ErrUnauthenticated // disabled, or with another password, meanwhile
		}
		if err != nil {
			return fmt.Errorf("start session: %w", err)
		}
		signedIn := actor
		signedIn.Credential = Credential{Kind: BySession, ID: id}
		return audit(ctx, q, signedIn, AuditSignedIn, &actor.Member.ID, nil)
	})
	return id, err
}

// SessionByToken returns the session that a cookie's hash stands for, or ErrUnauthenticated. What the member may
// do is as of now. It notes that the session was seen.
func (s *Service) SessionByToken(ctx context.Context, tokenHash []byte) (OpenSession, error) {
	row, err := s.across().SessionByToken(ctx, dbgen.SessionByTokenParams{
		Hash: tokenHash, Grace: renewalGrace, Lifetime: SessionLifetime, Idle: SessionIdle,
	})
	if db.IsNoRows(err) {
		return OpenSession{}, ErrUnauthenticated
	}
	if err != nil {
		return OpenSession{}, fmt.Errorf("look up session: %w", err)
	}
	return OpenSession{
		Actor: Actor{
			Company: Company{ID: row.CompanyID, Name: row.CompanyName},
			Member:  Member{ID: row.MemberID, Name: row.MemberName, Email: row.Email, Roles: roles(row.Roles)},

			Credential: Credential{Kind: BySession, ID: row.ID, MemberRevision: int(row.Revision)},
		},
		Data: row.Data, TokenHash: row.TokenHash, RolesChanged: row.Revision != row.MemberRevision,
	}, nil
}

// Renewal is what RenewSession takes.
type Renewal struct {
	OldHash, NewHash, Data []byte
	// Gracious lets the old cookie work for the seconds that requests may be under way with it.
	Gracious bool
}

// RenewSession gives the actor's session another cookie. It fails with ErrNotFound where somebody else was
// faster.
func (s *Service) RenewSession(ctx context.Context, actor Actor, r Renewal) error {
	renewed, err := s.as(actor, anyMember).RenewSession(ctx, dbgen.RenewSessionParams{
		CompanyID: actor.Company.ID, ID: actor.Credential.ID, OldHash: r.OldHash, NewHash: r.NewHash, Data: r.Data, KeepsOld: r.Gracious,
	})
	if err == nil && renewed == 0 {
		err = ErrNotFound
	}
	return wrap("renew session", err)
}

// Sessions lists a member's, the latest seen first: one's own, or for an ADMIN anybody's in the company.
func (s *Service) Sessions(ctx context.Context, actor Actor, memberID uuid.UUID) ([]Session, error) {
	q := s.as(actor, anyMember)
	if memberID != actor.Member.ID {
		q = s.as(actor, admins)
	}
	rows, err := q.Sessions(ctx, dbgen.SessionsParams{CompanyID: actor.Company.ID, MemberID: memberID, MaxRows: maxSessions})
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	sessions := make([]Session, len(rows))
	for i, r := range rows {
		sessions[i] = Session{
			ID: r.ID, CreatedAt: r.CreatedAt, LastSeenAt: r.LastSeenAt, Address: r.Address, UserAgent: r.UserAgent,
			Current: r.ID == actor.Credential.ID,
		}
	}
	return sessions, nil
}

// SignOut ends the session that asks. Without one it does nothing.
func (s *Service) SignOut(ctx context.Context, actor Actor) error {
	if err := actor.must(anyMember); err != nil {
		return err
	}
	if actor.Credential.Kind != BySession {
		return nil
	}
	_, err := s.endSession(ctx, actor, actor.Credential.ID, AuditSignedOut, "sign out")
	return err
}

// EndSession ends one of one's own sessions, or as an ADMIN anybody's in the company. It is NOT_FOUND where it has
// ended already.
func (s *Service) EndSession(ctx context.Context, actor Actor, id uuid.UUID) error {
	ended, err := s.endSession(ctx, actor, id, AuditSessionEnded, "end session")
	if err == nil && !ended {
		err = notFound("id")
	}
	return err
}

func (s *Service) endSession(ctx context.Context, actor Actor, id uuid.UUID, action AuditAction, act Act) (ended bool, err error) {
	owner := &actor.Member.ID
	if actor.Holds(RoleAdmin) {
		owner = nil
	}
	err = s.change(ctx, actor, anyMember, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		member, err := q.EndSession(ctx, dbgen.EndSessionParams{CompanyID: actor.Company.ID, ID: id, MemberID: owner})
		if db.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		ended = true
		return audit(ctx, q, actor, action, &id, map[string]any{"memberId": member})
	})
	return ended, err
}

// EndOtherSessions ends all of one's own sessions but the one that asks, and returns how many.
func (s *Service) EndOtherSessions(ctx context.Context, actor Actor) (n int, err error) {
	err = s.change(ctx, actor, anyMember, "end other sessions", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		ended, err := q.EndSessions(ctx, dbgen.EndSessionsParams{
			CompanyID: actor.Company.ID, MemberID: actor.Member.ID, But: actor.Credential.ID,
		})
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		n = len(ended)
		for _, id := range ended {
			if err := audit(ctx, q, actor, AuditSessionEnded, &id, map[string]any{"memberId": actor.Member.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// Held is what an actor came with; what it opened is to be closed when it ends.
type Held struct {
	CompanyID, MemberID uuid.UUID
	MemberRevision      int
	Kind                CredentialKind
	CredentialID        uuid.UUID
	// ExpiresAt is the zero time for one that does not end by itself.
	ExpiresAt time.Time
}

// Held is what the actor came with.
func (a Actor) Held() Held {
	h := Held{
		CompanyID: a.Company.ID, MemberID: a.Member.ID, MemberRevision: a.Credential.MemberRevision,
		Kind: a.Credential.Kind, CredentialID: a.Credential.ID,
	}
	if a.Credential.ExpiresAt != nil {
		h.ExpiresAt = *a.Credential.ExpiresAt
	}
	return h
}

// never is later than any time that a credential may name.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// EndedCredentials returns those that let nobody in any more: the session was ended or lay unused too long, the
// token was revoked, the time is up, or the member was disabled or may do other things than before. One
// query, whatever their number.
func (s *Service) EndedCredentials(ctx context.Context, held []Held) ([]Held, error) {
	if len(held) == 0 {
		return []Held{}, nil
	}
	var p dbgen.EndedCredentialsParams
	for _, h := range held {
		p.CompanyIds, p.MemberIds = append(p.CompanyIds, h.CompanyID), append(p.MemberIds, h.MemberID)
		p.Revisions = append(p.Revisions, int32(h.MemberRevision)) //nolint:gosec // it came from such a column
		p.Kinds, p.Ids = append(p.Kinds, string(h.Kind)), append(p.Ids, h.CredentialID)
		expires := h.ExpiresAt
		if expires.IsZero() || expires.After(never) {
			expires = never
		}
		p.Expires = append(p.Expires, expires)
	}
	places, err := s.across().EndedCredentials(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("look for ended credentials: %w", err)
	}
	ended := make([]Held, len(places))
	for i, n := range places {
		ended[i] = held[n-1]
	}
	return ended, nil
}

// cut shortens what a stranger says of himself to what the database holds.
func cut(s string, most int) string {
	s = *searched(&s)
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}
