package graph

import (
	"context"
	"sync"
	"sync/atomic"
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
	counts                  *dataloadgen.Loader[uuid.UUID, intake.OpeningCounts]
	columns                 *dataloadgen.Loader[intake.ColumnPage, []intake.Application]
	steps                   *dataloadgen.Loader[uuid.UUID, intake.SelectionStep]
	stepsByOpening          *dataloadgen.Loader[uuid.UUID, []intake.SelectionStep]
	applications            *dataloadgen.Loader[uuid.UUID, intake.Application]
	applicationsByEntry     *dataloadgen.Loader[uuid.UUID, intake.Application]
	applicationsByCandidate *dataloadgen.Loader[uuid.UUID, []intake.Application]
	entriesByCandidate      *dataloadgen.Loader[uuid.UUID, []intake.InboxEntry]
	duplicates              *dataloadgen.Loader[uuid.UUID, []intake.PossibleDuplicate]
	duplicatesAndDismissed  *dataloadgen.Loader[uuid.UUID, []intake.PossibleDuplicate]
	mergedFrom              *dataloadgen.Loader[uuid.UUID, []intake.Candidate]
	ownProfiles             *dataloadgen.Loader[uuid.UUID, intake.Candidate]
	merges                  *dataloadgen.Loader[uuid.UUID, []intake.CandidateMerge]
	history                 *dataloadgen.Loader[uuid.UUID, []intake.SelectionEvent]
	decisions               *dataloadgen.Loader[uuid.UUID, []intake.RoutingDecision]
	actions                 *dataloadgen.Loader[uuid.UUID, intake.RoutingAction]
	members                 *dataloadgen.Loader[uuid.UUID, intake.Member]
	erasures                *dataloadgen.Loader[uuid.UUID, intake.Erasure]
	incidents               *dataloadgen.Loader[uuid.UUID, intake.Incident]
	endpoints               *dataloadgen.Loader[uuid.UUID, intake.Endpoint]
	deliveries              *dataloadgen.Loader[uuid.UUID, intake.Delivery]
	files                   *dataloadgen.Loader[uuid.UUID, intake.FileImport]
	tokens                  *dataloadgen.Loader[uuid.UUID, []intake.Token]
	suggestions             *dataloadgen.Loader[intake.PositionKey, []intake.RoutingSuggestion]
}

type loadersKey struct{}

// loading is one response's. Its loaders are made when the first of them is asked: subscribers wait for their next
// event in its midst, by the thousand, and most events ask none.
type loading struct {
	loaders func() *loaders
	// people is how many candidates have been read.
	people atomic.Int64
}

// withLoaders gives each response, and so each event of a subscription, loaders of its own: what they
// remember must not outlive it.
func withLoaders(s *intake.Service, loadWait time.Duration) graphql.ResponseMiddleware {
	wait := dataloadgen.WithWait(loadWait)
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		l := &loading{}
		l.loaders = sync.OnceValue(func() *loaders { return newLoaders(actor(ctx), s, wait, &l.people) })
		return next(context.WithValue(ctx, loadersKey{}, l))
	}
}

func newLoaders(a intake.Actor, s *intake.Service, wait dataloadgen.Option, people *atomic.Int64) *loaders {
	return &loaders{
		accounts:                byKey(a, wait, s.AccountsByID),
		hidden:                  orZero(a, wait, s.HiddenByAccount),
		runs:                    byKey(a, wait, s.RunsByID),
		invalidRecords:          byKey(a, wait, s.InvalidRecordsByID),
		candidates:              byKey(a, wait, counting(people, s.CandidatesByID)),
		entries:                 byKey(a, wait, s.InboxEntriesByID),
		rules:                   byKey(a, wait, s.RulesByID),
		rulesByOpening:          orZero(a, wait, s.RulesByOpening),
		matches:                 orZero(a, wait, s.RuleMatchesByID),
		openings:                byKey(a, wait, s.OpeningsByID),
		counts:                  orZero(a, wait, s.CountsByOpening),
		columns:                 columns(a, wait, s),
		steps:                   byKey(a, wait, s.StepsByID),
		stepsByOpening:          orZero(a, wait, s.StepsByOpening),
		applications:            byKey(a, wait, s.ApplicationsByID),
		applicationsByEntry:     byKey(a, wait, s.ApplicationsByEntry),
		applicationsByCandidate: orZero(a, wait, s.ApplicationsByCandidate),
		entriesByCandidate:      orZero(a, wait, s.EntriesByCandidate),
		duplicates:              orZero(a, wait, s.DuplicatesByID),
		duplicatesAndDismissed:  orZero(a, wait, s.DuplicatesAndDismissedByID),
		mergedFrom:              orZero(a, wait, countingEach(people, s.MergedFromByID)),
		ownProfiles:             byKey(a, wait, counting(people, s.OwnProfilesByID)),
		merges:                  orZero(a, wait, s.MergesByCandidate),
		history:                 orZero(a, wait, s.HistoryByApplication),
		decisions:               orZero(a, wait, s.DecisionsByEntry),
		actions:                 byKey(a, wait, s.RoutingActionsByID),
		members:                 byKey(a, wait, s.MembersByID),
		erasures:                byKey(a, wait, s.ErasuresByID),
		incidents:               byKey(a, wait, s.IncidentsByID),
		endpoints:               byKey(a, wait, s.EndpointsByID),
		deliveries:              byKey(a, wait, s.DeliveriesByID),
		files:                   byKey(a, wait, s.FileImportsByID),
		tokens:                  orZero(a, wait, s.TokensByMember),
		suggestions:             orZero(a, wait, s.SuggestionsByPosition),
	}
}

// load are the loaders of the response.
func load(ctx context.Context) *loaders { return loadingOf(ctx).loaders() }

func loadingOf(ctx context.Context) *loading { return ctx.Value(loadersKey{}).(*loading) } //nolint:forcetypeassert // withLoaders is always there

type (
	fetch[V any]                 = fetchBy[uuid.UUID, V]
	fetchBy[K comparable, V any] func(context.Context, intake.Actor, []K) (map[K]V, error)
)

// byKey loads things that may not exist: intake.ErrNotFound.
func byKey[V any](a intake.Actor, wait dataloadgen.Option, f fetch[V]) *dataloadgen.Loader[uuid.UUID, V] {
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
	}, wait)
}

// orZero loads lists and counts, of which nothing found means none.
func orZero[K comparable, V any](a intake.Actor, wait dataloadgen.Option, f fetchBy[K, V]) *dataloadgen.Loader[K, V] {
	return dataloadgen.NewLoader(func(ctx context.Context, ids []K) ([]V, []error) {
		found, err := f(ctx, a, ids)
		if err != nil {
			return nil, []error{err}
		}
		values := make([]V, len(ids))
		for i, id := range ids {
			values[i] = found[id]
		}
		return values, nil
	}, wait)
}

// memberName is the name of who decided something, where it was a member.
func memberName(ctx context.Context, id *uuid.UUID) (string, error) {
	m, err := optional(ctx, id, load(ctx).members.Load)
	if err != nil || m == nil {
		return "", err
	}
	return m.Name, nil
}
