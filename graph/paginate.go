package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"renkei/graph/graphgen"
	"renkei/intake"
)

var errPageSize = errors.New("`first` is out of bounds")

// keyset reads the arguments of a list.
func keyset(first *int, after *string, byDefault int) (intake.Keyset, error) {
	k := intake.Keyset{First: byDefault}
	if first != nil {
		k.First = *first
	}
	if k.First < 0 || k.First > intake.MaxPage {
		return k, fmt.Errorf("%w: it is 0 to %d", errPageSize, intake.MaxPage)
	}
	if after != nil {
		k.After = *after
	}
	return k, nil
}

// page is what the connections have in common.
type page[T, E any] struct {
	edges []E
	nodes []T
	info  graphgen.PageInfo
	total int
}

// list is how one kind of list is read.
type list[T, E any] struct {
	read  func(intake.Keyset) ([]T, error)
	count func() (int, error)
	// place is an item's cursor.
	place func(T) string
	edge  func(cursor string, node T) E
}

// paginate reads a page. It counts the whole list only where the query asks for that.
func paginate[T, E any](ctx context.Context, k intake.Keyset, l list[T, E]) (page[T, E], error) {
	var p page[T, E]
	items, err := l.read(k)
	if err != nil {
		return p, err
	}
	p.info = graphgen.PageInfo{HasNextPage: len(items) > k.First, HasPreviousPage: k.After != ""}
	items = items[:min(len(items), k.First)]
	p.nodes, p.edges = items, make([]E, len(items))
	for i, item := range items {
		p.edges[i] = l.edge(l.place(item), item)
	}
	if len(items) > 0 {
		start, end := l.place(items[0]), l.place(items[len(items)-1])
		p.info.StartCursor, p.info.EndCursor = &start, &end
	}
	if slices.Contains(graphql.CollectAllFields(ctx), "totalCount") {
		p.total, err = l.count()
	}
	return p, err
}
