// Package scalar writes and reads GraphQL's scalars where gqlgen would not as we do.
package scalar

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
)

// MarshalUUID writes an ID. To gqlgen the id of zeros is null, but who asks for it is told of it by that name.
func MarshalUUID(id uuid.UUID) graphql.Marshaler { return graphql.MarshalString(id.String()) }

// UnmarshalUUID reads an ID.
func UnmarshalUUID(v any) (uuid.UUID, error) { return graphql.UnmarshalUUID(v) }
