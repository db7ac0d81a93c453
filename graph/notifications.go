package graph

import (
	"context"

	"renkei/graph/graphgen"
	"renkei/intake"
)

func (r *Resolver) incidentList(ctx context.Context, first *int, after *string, f intake.IncidentFilter) (graphgen.IncidentConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.IncidentConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Incident, graphgen.IncidentEdge]{
		read: func(k intake.Keyset) ([]intake.Incident, error) {
			return r.service.Incidents(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountIncidents(ctx, actor(ctx), f) },
		place: func(i intake.Incident) string { return inOrderOfIDs(i.ID) },
		edge: func(cursor string, i intake.Incident) graphgen.IncidentEdge {
			return graphgen.IncidentEdge{Cursor: cursor, Node: i}
		},
	})
	return graphgen.IncidentConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) deliveryList(ctx context.Context, first *int, after *string, f intake.DeliveryFilter) (graphgen.NotificationDeliveryConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.NotificationDeliveryConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Delivery, graphgen.NotificationDeliveryEdge]{
		read: func(k intake.Keyset) ([]intake.Delivery, error) {
			return r.service.Deliveries(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountDeliveries(ctx, actor(ctx), f) },
		place: func(d intake.Delivery) string { return inOrderOfIDs(d.ID) },
		edge: func(cursor string, d intake.Delivery) graphgen.NotificationDeliveryEdge {
			return graphgen.NotificationDeliveryEdge{Cursor: cursor, Node: d}
		},
	})
	return graphgen.NotificationDeliveryConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

// incidentText is one of an incident's words, which name the account that it is about.
func (r *Resolver) incidentText(ctx context.Context, i *intake.Incident, which func(intake.IncidentWords) intake.Text) (string, error) {
	account, err := optional(ctx, i.AccountID, load(ctx).accounts.Load)
	if err != nil {
		return "", err
	}
	login := ""
	if account != nil {
		login = account.Email
	}
	return in(ctx, which(r.service.Words(*i, login))), nil
}

func endpointPayload(changed intake.Endpoint, err error) (graphgen.NotificationEndpointPayload, error) {
	endpoint, errs, err := payload(changed, err)
	return graphgen.NotificationEndpointPayload{Endpoint: endpoint, Errors: errs}, err
}

func secretPayload(changed intake.Endpoint, shownOnce intake.Secret, err error) (graphgen.NotificationSecretPayload, error) {
	endpoint, errs, err := payload(changed, err)
	p := graphgen.NotificationSecretPayload{Endpoint: endpoint, Errors: errs}
	if endpoint != nil && !shownOnce.IsZero() {
		p.Secret = new(shownOnce.Reveal())
	}
	return p, err
}

func deliveryPayload(made intake.Delivery, err error) (graphgen.NotificationDeliveryPayload, error) {
	delivery, errs, err := payload(made, err)
	return graphgen.NotificationDeliveryPayload{Delivery: delivery, Errors: errs}, err
}
