// Package graph is the GraphQL door: it says who asks, makes one call of the domain a field, and puts
// the answer into words. The schema is in schema, gqlgen's code in graphgen.
package graph

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"renkei/intake"
)

// Resolver is the root of all resolvers.
type Resolver struct {
	service *intake.Service
	// publicURL is where people reach the program, without a slash at its end.
	publicURL string
}

// pointer returns what a nullable field holds: nil where there is no such thing.
func pointer[T any](value T, err error) (*T, error) {
	if errors.Is(err, intake.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &value, nil
}

// optional loads what an optional reference points at.
func optional[T any](ctx context.Context, id *uuid.UUID, load func(context.Context, uuid.UUID) (T, error)) (*T, error) {
	if id == nil {
		return nil, nil
	}
	value, err := load(ctx, *id)
	return pointer(value, err)
}

// filled returns what a nullable field holds: nil where there is nothing in it.
func filled[T ~string](value T) *T {
	if value == "" {
		return nil
	}
	return &value
}

// payload splits what a mutation returned: the object, or what the person can mend, or neither.
func payload[T any](value T, err error) (*T, []intake.UserError, error) {
	var mend intake.UserErrors
	switch {
	case err == nil:
		return &value, []intake.UserError{}, nil
	case errors.As(err, &mend):
		return nil, mend, nil
	default:
		return nil, nil, err
	}
}
