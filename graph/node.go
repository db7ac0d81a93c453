package graph

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// node fetches any object by its id alone.
func (r *Resolver) node(ctx context.Context, id uuid.UUID) (graphgen.Node, error) {
	kind, err := r.service.KindOf(ctx, actor(ctx), id)
	if errors.Is(err, intake.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l := load(ctx)
	switch kind {
	case "MediumAccount":
		return found(l.accounts.Load(ctx, id))
	case "ImportRun":
		return found(l.runs.Load(ctx, id))
	case "InvalidRecord":
		return found(l.invalidRecords.Load(ctx, id))
	case "Candidate":
		return found(l.candidates.Load(ctx, id))
	case "InboxEntry":
		return found(l.entries.Load(ctx, id))
	case "RoutingRule":
		return found(l.rules.Load(ctx, id))
	case "Opening":
		return found(l.openings.Load(ctx, id))
	case "Application":
		return found(l.applications.Load(ctx, id))
	case "RoutingAction":
		return found(l.actions.Load(ctx, id))
	case "Erasure":
		return found(l.erasures.Load(ctx, id))
	case "ApplicantFileImport":
		return found(l.files.Load(ctx, id))
	case "Incident":
		return found(l.incidents.Load(ctx, id))
	case "NotificationEndpoint":
		return found(l.endpoints.Load(ctx, id))
	case "NotificationDelivery":
		return found(l.deliveries.Load(ctx, id))
	case "Member":
		return found(l.members.Load(ctx, id))
	case "Company":
		return actor(ctx).Company, nil
	}
	return nil, errors.New("unknown kind " + kind)
}

// found returns a node, or null where it has gone meanwhile.
func found[T graphgen.Node](value T, err error) (graphgen.Node, error) {
	if errors.Is(err, intake.ErrNotFound) {
		return nil, nil
	}
	return value, err
}

func applicationPayload(changed intake.Application, err error) (graphgen.ApplicationPayload, error) {
	application, errs, failure := payload(changed, err)
	conflict, _ := errors.AsType[*intake.ApplicationConflict](err)
	return graphgen.ApplicationPayload{Application: application, Conflict: conflict, Errors: errs}, failure
}

func applicationsPayload(result intake.BulkResult, err error) (graphgen.ApplicationsPayload, error) {
	done, errs, failure := payload(result, err)
	out := graphgen.ApplicationsPayload{Applications: []intake.Application{}, Refused: []intake.ApplicationRefusal{}, Errors: errs}
	if done != nil {
		out.Applications, out.Refused = done.Applications, done.Refused
	}
	return out, failure
}

func openingPayload(changed intake.Opening, err error) (graphgen.OpeningPayload, error) {
	opening, errs, failure := payload(changed, err)
	return graphgen.OpeningPayload{Opening: opening, RulesPointingHere: []intake.RoutingRule{}, Errors: errs}, failure
}
