package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"renkei/intake"
)

// hasRole is the directive of that name. The domain asks again; here a request is turned away before it
// costs anything.
func hasRole(ctx context.Context, _ any, next graphql.Resolver, anyOf []intake.Role) (any, error) {
	if !actor(ctx).Holds(anyOf...) {
		return nil, intake.ErrForbidden
	}
	return next(ctx)
}
