package graph

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"renkei/intake"
)

// noteReading writes down how many people a response shows, before it goes out. Where that fails, it does not
// go out.
func noteReading(service *intake.Service, o Options) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		response := next(ctx)
		people := int(loadingOf(ctx).people.Load())
		if people == 0 {
			return response
		}
		if err := service.CandidatesRead(ctx, actor(ctx), people); err != nil {
			return &graphql.Response{Errors: gqlerror.List{present(o)(ctx, &resolverError{err})}}
		}
		return response
	}
}

// counting counts what a loader finds. A loader asks for nothing twice, so these are different things.
func counting[V any](n *atomic.Int64, f fetch[V]) fetch[V] {
	return func(ctx context.Context, a intake.Actor, ids []uuid.UUID) (map[uuid.UUID]V, error) {
		found, err := f(ctx, a, ids)
		n.Add(int64(len(found)))
		return found, err
	}
}

// countingEach is counting for a loader of lists.
func countingEach[V any](n *atomic.Int64, f fetch[[]V]) fetch[[]V] {
	return func(ctx context.Context, a intake.Actor, ids []uuid.UUID) (map[uuid.UUID][]V, error) {
		found, err := f(ctx, a, ids)
		for _, list := range found {
			n.Add(int64(len(list)))
		}
		return found, err
	}
}

// noteShown counts candidates who were read without their loader, which does not ask for them again.
func noteShown(ctx context.Context, shown []intake.Candidate) {
	l := load(ctx)
	for _, c := range shown {
		// Under the id of somebody who was merged stands another.
		if c.MergedInto != nil || l.candidates.Prime(c.ID, c) {
			loadingOf(ctx).people.Add(1)
		}
	}
}

// refuseDefer refuses @defer, which gqlgen's schema brings along: it answers null for what must not be null,
// over POST it never sends the rest, and it would show people in parts too small to be noted.
func refuseDefer(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	deferred := defers(oc.Operation.SelectionSet)
	for _, f := range oc.Doc.Fragments {
		deferred = deferred || defers(f.SelectionSet)
	}
	if deferred {
		return graphql.OneShot(errorResponse(codeBadUserInput, "@defer is not served"))
	}
	return next(ctx)
}

// defers looks at a selection without following its fragments.
func defers(selection ast.SelectionSet) bool {
	return slices.ContainsFunc(selection, func(s ast.Selection) bool {
		switch s := s.(type) {
		case *ast.Field:
			return defers(s.SelectionSet)
		case *ast.InlineFragment:
			return s.Directives.ForName("defer") != nil || defers(s.SelectionSet)
		case *ast.FragmentSpread:
			return s.Directives.ForName("defer") != nil
		}
		return false
	})
}
