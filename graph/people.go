package graph

import (
	"context"

	"github.com/google/uuid"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// linkTo is where a one-time link leads. The secret stands behind the #, which browsers keep to themselves:
// it reaches no server's log.
func (r *Resolver) linkTo(path string, link intake.OneTimeLink) *string {
	return new(r.publicURL + path + "#" + link.Secret.Reveal())
}

func (r *Resolver) invitationPayload(invited intake.Member, link intake.OneTimeLink, err error) (graphgen.InvitationPayload, error) {
	member, errs, err := payload(invited, err)
	p := graphgen.InvitationPayload{Member: member, Errors: errs}
	if member != nil {
		p.InvitationURL, p.ExpiresAt = r.linkTo("/invitation", link), &link.ExpiresAt
	}
	return p, err
}

func memberPayload(changed intake.Member, err error) (graphgen.MemberPayload, error) {
	member, errs, err := payload(changed, err)
	return graphgen.MemberPayload{Member: member, Errors: errs}, err
}

// tokensOf are a member's tokens, as far as the actor may see them; never nil.
func tokensOf(ctx context.Context, memberID uuid.UUID) ([]intake.Token, error) {
	tokens, err := load(ctx).tokens.Load(ctx, memberID)
	if tokens == nil {
		tokens = []intake.Token{}
	}
	return tokens, err
}
