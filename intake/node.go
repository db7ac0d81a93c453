package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"renkei/db"
	"renkei/db/dbgen"
)

// KindOf names the type of what an id stands for in the actor's company, such as "InboxEntry", or
// returns ErrNotFound.
func (s *Service) KindOf(ctx context.Context, actor Actor, id uuid.UUID) (string, error) {
	kind, err := s.as(actor, anyMember).KindOf(ctx, dbgen.KindOfParams{CompanyID: actor.Company.ID, ID: id})
	if db.IsNoRows(err) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("look up id: %w", err)
	}
	if !actor.may(seenBy(kind)) {
		// As if it were not there: what one may not see one may not look for either.
		return "", ErrNotFound
	}
	return kind, nil
}

// seenBy are the roles that see things of a kind.
func seenBy(kind string) []Role {
	switch kind {
	case "Candidate", "InboxEntry", "RoutingRule", "Opening", "Application", "RoutingAction":
		return recruiting
	case "Erasure", "ApplicantFileImport":
		return recruiters
	case "NotificationEndpoint", "NotificationDelivery":
		return admins
	}
	return anyMember
}

// IsNode marks what can be fetched again by its id alone.
func (Company) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Member) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (MediumAccount) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (ImportRun) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (InvalidRecord) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Candidate) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (InboxEntry) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (RoutingRule) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Opening) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Application) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (RoutingAction) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Erasure) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (FileImport) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Incident) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Endpoint) IsNode() {}

// IsNode marks what can be fetched again by its id alone.
func (Delivery) IsNode() {}
