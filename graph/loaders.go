package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"renkei/intake"
)

// loadWait is how long a loader gathers ids before it asks for them all at once.
const loadWait = time.Millisecond

// loaders turn the many small questions of one response into one each.
type loaders struct {
	accounts                *dataloadgen.Loader[uuid.UUID, intake.MediumAccount]
	hidden                  *dataloadgen.Loader[uuid.UUID, int]
	runs                    *dataloadgen.Loader[uuid.UUID, intake.ImportRun]
	invalidRecords          *dataloadgen.Loader[uuid.UUID, intake.InvalidRecord]
	candidates              *dataloadgen.Loader[uuid.UUID, intake.Candidate]
	entries                 *dataloadgen.Loader[uuid.UUID, intake.InboxEntry]
	rules                   *dataloadgen.Loader[uuid.UUID, intake.RoutingRule]
	rulesByOpening          *dataloadgen.Loader[uuid.UUID, []intake.RoutingRule]
	matches                 *dataloadgen.Loader[uuid.UUID, intake.RuleMatches]
	openings                *dataloadgen.Loader[uuid.UUID, intake.Opening]
	applicationCounts       *dataloadgen.Loader[uuid.UUID, int]
	steps                   *dataloadgen.Loader[uuid.UUID, intake.SelectionStep]
	stepsByOpening          *dataloadgen.Loader[uuid.UUID, []intake.SelectionStep]
	applications            *dataloadgen.Loader[uuid.UUID, intake.Application]
	applicationsByEntry     *dataloadgen.Loader[uuid.UUID, intake.Application]
	applicationsByCandidate *dataloadgen.Loader[uuid.UUID, []intake.Application]
	history                 *dataloadgen.Loader[uuid.UUID, []intake.SelectionEvent]
	members                 *dataloadgen.Loader[uuid.UUID, intake.Member]
}

type loadersKey struct{}

// withLoaders gives each response, and so each event of a subscription, loaders of its own: what they
// remember must not outlive it.
func withLoaders(s *intake.Service) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		a := actor(ctx)
		return next(context.WithValue(ctx, loadersKey{}, &loaders{
			accounts:                byKey(a, s.AccountsByID),
			hidden:                  orZero(a, s.HiddenByAccount),
			runs:                    byKey(a, s.RunsByID),
			invalidRecords:          byKey(a, s.InvalidRecordsByID),
			candidates:              byKey(a, s.CandidatesByID),
			entries:                 byKey(a, s.InboxEntriesByID),
			rules:                   byKey(a, s.RulesByID),
			rulesByOpening:          orZero(a, s.RulesByOpening),
			matches:                 orZero(a, s.RuleMatchesByID),
			openings:                byKey(a, s.OpeningsByID),
			applicationCounts:       orZero(a, s.ApplicationCounts),
			steps:                   byKey(a, s.StepsByID),
			stepsByOpening:          orZero(a, s.StepsByOpening),
			applications:            byKey(a, s.ApplicationsByID),
			applicationsByEntry:     byKey(a, s.ApplicationsByEntry),
			applicationsByCandidate: orZero(a, s.ApplicationsByCandidate),
			history:                 orZero(a, s.HistoryByApplication),
			members:                 byKey(a, s.MembersByID),
		}))
	}
}

func load(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) } //nolint:forcetypeassert // withLoaders is always there

type fetch[V any] func(context.Context, intake.Actor, []uuid.UUID) (map[uuid.UUID]V, error)

// byKey loads things that may not exist: intake.ErrNotFound.
func byKey[V any](a intake.Actor, f fetch[V]) *dataloadgen.Loader[uuid.UUID, V] {
	return dataloadgen.NewLoader(func(ctx context.Context, ids []uuid.UUID) ([]V, []error) {
		found, err := f(ctx, a, ids)
		if err != nil {
			return nil, []error{err}
		}
		values, errs := make([]V, len(ids)), make([]error, len(ids))
		for i, id := range ids {
			value, ok := found[id]
			if !ok {
				errs[i] = intake.ErrNotFound
			}
			values[i] = value
		}
		return values, errs
	}, dataloadgen.WithWait(loadWait))
}

// orZero loads lists and counts, of which nothing found means none.
func orZero[V any](a intake.Actor, f fetch[V]) *dataloadgen.Loader[uuid.UUID, V] {
	return dataloadgen.NewLoader(func(ctx context.Context, ids []uuid.UUID) ([]V, []error) {
		found, err := f(ctx, a, ids)
		if err != nil {
			return nil, []error{err}
		}
		values := make([]V, len(ids))
		for i, id := range ids {
			values[i] = found[id]
		}
		return values, nil
	}, dataloadgen.WithWait(loadWait))
}

// memberName is the name of who decided something, where it was a member.
func memberName(ctx context.Context, id *uuid.UUID) (string, error) {
	m, err := optional(ctx, id, load(ctx).members.Load)
	if err != nil || m == nil {
		return "", err
	}
	return m.Name, nil
}
