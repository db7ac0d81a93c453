package graph

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// ownOnly leaves what is a candidate's own where somebody else stands for them, and the whole person's otherwise.
func ownOnly[T any](of *intake.Candidate, all []T, whose func(T) uuid.UUID) []T {
	if of.MergedInto == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return whose(one) != of.ID })
}

// edit tells what was left out from what is null.
func edit(given graphql.Omittable[*string]) intake.Edit {
	value, ok := given.ValueOK()
	return intake.Edit{Given: ok, Value: value}
}

func candidatePayload(changed intake.Candidate, err error) (graphgen.CandidatePayload, error) {
	candidate, errs, err := payload(changed, err)
	return graphgen.CandidatePayload{Candidate: candidate, Errors: errs}, err
}
