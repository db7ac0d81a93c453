package intake

import (
	"context"
	"fmt"

	"renkei/db/dbgen"
)

// sweepRule routes what waits for a rule as it now is.
func sweepRule(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, rule dbgen.RoutingRule) (int, error) {
	action := dbgen.InsertRoutingActionParams{
		Kind: string(ActionRule), RuleID: &rule.ID, RuleRevision: &rule.Revision, OpeningID: &rule.OpeningID,
	}
	return routeWaiting(ctx, q, told, actor, dbgen.RouteWaitingParams{RuleID: &rule.ID}, action)
}

// routeWaiting routes what waits and matches, as an action that can be undone, and tells of it.
func routeWaiting(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, which dbgen.RouteWaitingParams, action dbgen.InsertRoutingActionParams) (int, error) {
	action.ID = newID()
	which.CompanyID, which.ActionID = actor.Company.ID, action.ID
	routed, err := sweep(ctx, q, which)
	if err != nil || len(routed.ids) == 0 {
		return 0, err
	}
	if err := tellRouted(ctx, q, told, actor.Company.ID, routed); err != nil {
		return 0, err
	}
	n := len(routed.ids)
	told.inboxChanged(actor.Company.ID, -n, n)
	_, err = noteAction(ctx, q, actor, action, n)
	return n, err
}

// sweep routes what waits and matches, and keeps with it which other rules came near.
func sweep(ctx context.Context, q *dbgen.Queries, which dbgen.RouteWaitingParams) (newApplications, error) {
	rows, err := q.PositionsToRoute(ctx, dbgen.PositionsToRouteParams{
		CompanyID: which.CompanyID, RuleID: which.RuleID, OpeningID: which.OpeningID, EntryIds: which.EntryIds,
	})
	if err != nil {
		return newApplications{}, fmt.Errorf("look for what waits: %w", err)
	}
	if len(rows) == 0 {
		return newApplications{}, nil
	}
	near, err := consider(ctx, q, which.CompanyID, mapRows(rows, func(r dbgen.PositionsToRouteRow) PositionKey {
		return PositionKey{Medium(r.Medium), r.NormalizedPositionName}
	}))
	if err != nil {
		return newApplications{}, err
	}
	if which.Considered, err = near.byMedium(); err != nil {
		return newApplications{}, err
	}
	routed, err := q.RouteWaiting(ctx, which)
	return newApplications{routed.ApplicationIds, routed.ApplicationOpenings}, wrap("route what waits", err)
}

func explainWaiting(ctx context.Context, q *dbgen.Queries, rule dbgen.RoutingRule) error {
	near, err := considerOne(ctx, q, rule.CompanyID, rule.Medium, rule.NormalizedPositionName)
	if err != nil {
		return err
	}
	return wrap("explain what waits", q.ExplainWaiting(ctx, dbgen.ExplainWaitingParams{
		CompanyID: rule.CompanyID, Medium: rule.Medium, NormalizedPositionName: rule.NormalizedPositionName, Considered: near,
	}))
}
