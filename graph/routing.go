package graph

import (
	"context"

	"github.com/google/uuid"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// lastDecision is why an entry is where it is, as the history tells it; nil without an entry.
func lastDecision(ctx context.Context, entryID *uuid.UUID) (*intake.RoutingExplanation, error) {
	decisions, err := optional(ctx, entryID, load(ctx).decisions.Load)
	if err != nil || decisions == nil || len(*decisions) == 0 {
		return nil, err
	}
	return &(*decisions)[len(*decisions)-1].Explanation, nil
}

func entriesPayload(done intake.EntriesDecided, err error) (graphgen.EntriesPayload, error) {
	decided, errs, err := payload(done, err)
	if decided == nil {
		decided = &intake.EntriesDecided{}
	}
	return graphgen.EntriesPayload{
		ChangedEntries: orNone(decided.Entries), Refused: orNone(decided.Refused), Action: decided.Action, Errors: errs,
	}, err
}

// orNone is a list that must not be null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (r *Resolver) actionList(ctx context.Context, first *int, after *string) (graphgen.RoutingActionConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.RoutingActionConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.RoutingAction, graphgen.RoutingActionEdge]{
		read: func(k intake.Keyset) ([]intake.RoutingAction, error) {
			return r.service.RoutingActions(ctx, actor(ctx), k)
		},
		count: func() (int, error) { return r.service.CountRoutingActions(ctx, actor(ctx)) },
		place: func(a intake.RoutingAction) string { return inOrderOfIDs(a.ID) },
		edge: func(cursor string, a intake.RoutingAction) graphgen.RoutingActionEdge {
			return graphgen.RoutingActionEdge{Cursor: cursor, Node: a}
		},
	})
	return graphgen.RoutingActionConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) allInvalidRecords(ctx context.Context, first *int, after *string, f intake.InvalidRecordFilter) (graphgen.InvalidRecordConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.InvalidRecordConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.InvalidRecord, graphgen.InvalidRecordEdge]{
		read: func(k intake.Keyset) ([]intake.InvalidRecord, error) {
			return r.service.AllInvalidRecords(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountAllInvalidRecords(ctx, actor(ctx), f) },
		place: func(rec intake.InvalidRecord) string { return inOrderOfIDs(rec.ID) },
		edge: func(cursor string, rec intake.InvalidRecord) graphgen.InvalidRecordEdge {
			return graphgen.InvalidRecordEdge{Cursor: cursor, Node: rec}
		},
	})
	return graphgen.InvalidRecordConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}
