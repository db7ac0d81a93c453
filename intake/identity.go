package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// Identity is who somebody is to an identity provider whose word has been checked.
type Identity struct {
	Issuer, Subject string
	Email           string
	// EmailVerified says that the provider has seen that the address is theirs.
	EmailVerified bool
}

// ActorByIdentity returns the member whom an identity stands for, or ErrUnauthenticated. An identity that is
// nobody's yet is bound to the member of its verified e-mail address, unless that one has an identity
// already, or several have the address and no company is named. Where it is bound to members of several
// companies and none is named, it is the one who signed in last.
func (s *Service) ActorByIdentity(ctx context.Context, id Identity, companyID *uuid.UUID, address string) (Actor, error) {
	if id.Issuer == "" || id.Subject == "" || !storable(id.Issuer) || !storable(id.Subject) || !storable(id.Email) {
		return Actor{}, ErrUnauthenticated
	}
	actor, err := s.bound(ctx, id, companyID, address)
	if err == nil || !db.IsNoRows(err) {
		return actor, err
	}
	if !id.EmailVerified || id.Email == "" {
		return Actor{}, ErrUnauthenticated
	}
	if err := s.bind(ctx, id, companyID, address); err != nil {
		return Actor{}, err
	}
	// Whoever bound it, it is bound now, or somebody else has the member.
	actor, err = s.bound(ctx, id, companyID, address)
	if db.IsNoRows(err) {
		return Actor{}, ErrUnauthenticated
	}
	return actor, err
}

func (s *Service) bound(ctx context.Context, id Identity, companyID *uuid.UUID, address string) (Actor, error) {
	m, err := s.across().MemberByIdentity(ctx, dbgen.MemberByIdentityParams{Issuer: id.Issuer, Subject: id.Subject, CompanyID: companyID})
	if err != nil {
		return Actor{}, fmt.Errorf("look up identity: %w", err)
	}
	return Actor{
		Company: Company{ID: m.CompanyID, Name: m.CompanyName},
		Member:  Member{ID: m.ID, Name: m.Name, Email: m.Email, Roles: roles(m.Roles)},

		Credential: Credential{Kind: ByOIDC, MemberRevision: int(m.Revision)}, Address: address,
	}, nil
}

// bind binds an identity to the member of its e-mail address. It does nothing where there is none, where
// several companies have one and none is named, since any company can invite anybody, or where somebody was
// faster.
func (s *Service) bind(ctx context.Context, id Identity, companyID *uuid.UUID, address string) error {
	members, err := s.across().MembersToBind(ctx, dbgen.MembersToBindParams{Email: id.Email, CompanyID: companyID})
	if err != nil {
		return fmt.Errorf("look up member to bind: %w", err)
	}
	if len(members) != 1 {
		return nil
	}
	m := members[0]
	err = s.begin(ctx, m.CompanyID, "bind identity", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		bound, err := q.BindIdentity(ctx, dbgen.BindIdentityParams{CompanyID: m.CompanyID, ID: m.ID, Issuer: id.Issuer, Subject: id.Subject})
		if err != nil || bound == 0 {
			return err
		}
		// An invitation that is still about would let somebody else in.
		if _, err := q.SpendLinks(ctx, dbgen.SpendLinksParams{CompanyID: m.CompanyID, MemberID: m.ID}); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		actor := Actor{Company: Company{ID: m.CompanyID}, Member: Member{ID: m.ID}, Credential: Credential{Kind: ByOIDC}, Address: address}
		return audit(ctx, q, actor, AuditOIDCBound, &m.ID, nil)
	})
	if db.Violates(err, "members_one_per_identity") {
		return nil // to another member of the company, at the same instant
	}
	return wrap("bind identity", err)
}

// SignInByIdentity is ActorByIdentity for somebody who comes to begin a session.
func (s *Service) SignInByIdentity(ctx context.Context, id Identity, companyID *uuid.UUID, address string) (Actor, error) {
	if err := s.countAddress(ctx, address); err != nil {
		return Actor{}, err
	}
	actor, err := s.ActorByIdentity(ctx, id, companyID, address)
	if err != nil {
		return Actor{}, err
	}
	found, err := s.of(actor.Company.ID).SignedIn(ctx, dbgen.SignedInParams{CompanyID: actor.Company.ID, ID: actor.Member.ID})
	if err == nil && found == 0 {
		err = ErrUnauthenticated // disabled meanwhile
	}
	return actor, wrap("note sign-in", err)
}
