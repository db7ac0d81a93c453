package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Observer is told what happens at the door, for those who count and trace. Its methods must not wait. What clients
// call an operation is not told: they may write anything there.
type Observer interface {
	// OperationBegan returns the context in which an operation of a kind (query, mutation, subscription) runs, and what
	// is called once with the codes of its errors: when it has been answered, or, for a subscription, when it has begun.
	OperationBegan(ctx context.Context, kind string) (within context.Context, ended func(codes []string))
	// SubscriptionOpened is told of one that has begun, and returns what is called when it has ended.
	SubscriptionOpened() (closed func())
	// EventSent is told of each event of a subscription.
	EventSent()
	// FieldBegan returns the context of a field of Query or Mutation, and what is called when it is there.
	FieldBegan(ctx context.Context, field string) (within context.Context, ended func())
	// ErrorShown is told of the code of each error that goes out.
	ErrorShown(code string)
	// StreamDropped is told of a client that does not take what is sent: "websocket" or "sse".
	StreamDropped(transport string)
	// TraceID is the trace that ctx belongs to; empty where nothing is traced.
	TraceID(ctx context.Context) string
}

// observeOperation tells of operations, their errors and their events.
func observeOperation(o Observer) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		op := graphql.GetOperationContext(ctx).Operation.Operation
		within, ended := o.OperationBegan(ctx, string(op))
		respond := next(within)
		if op == ast.Subscription {
			ended(nil)
			// Its context ends with it, whoever ends it.
			context.AfterFunc(ctx, o.SubscriptionOpened())
			return func(ctx context.Context) *graphql.Response {
				response := respond(ctx)
				if response != nil {
					o.EventSent()
					tellErrors(o, response.Errors)
				}
				return response
			}
		}
		return func(ctx context.Context) *graphql.Response {
			response := respond(ctx)
			if ended == nil {
				return response
			}
			var codes []string
			if response != nil {
				codes = tellErrors(o, response.Errors)
			}
			ended(codes)
			ended = nil
			return response
		}
	}
}

// tellErrors returns the codes of errors that go out.
func tellErrors(o Observer, errs gqlerror.List) []string {
	var codes []string
	for _, e := range few(errs) {
		code, _ := e.Extensions["code"].(string)
		o.ErrorShown(code)
		codes = append(codes, code)
	}
	return codes
}

// observeField tells of what stands at the root; fields below are too many.
func observeField(o Observer) graphql.RootFieldMiddleware {
	return func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		root := "Query"
		switch graphql.GetOperationContext(ctx).Operation.Operation {
		case ast.Subscription:
			return next(ctx)
		case ast.Mutation:
			root = "Mutation"
		case ast.Query:
		}
		ctx, ended := o.FieldBegan(ctx, root+"."+graphql.GetRootFieldContext(ctx).Field.Name)
		defer ended()
		return next(ctx)
	}
}

// nobody observes nothing.
type nobody struct{}

func (nobody) OperationBegan(ctx context.Context, _ string) (context.Context, func([]string)) {
	return ctx, func([]string) {}
}
func (nobody) SubscriptionOpened() func() { return func() {} }
func (nobody) EventSent()                 {}
func (nobody) FieldBegan(ctx context.Context, _ string) (context.Context, func()) {
	return ctx, func() {}
}
func (nobody) ErrorShown(string)              {}
func (nobody) StreamDropped(string)           {}
func (nobody) TraceID(context.Context) string { return "" }
