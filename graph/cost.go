package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// maxRows bounds how many objects an operation may ask for, list within list.
const maxRows = 20_000

const (
	// listSize is taken for a list that says nothing of its size.
	listSize        = 20
	connectionTypes = "Connection"
)

// listSizes are the lists known to be shorter, or longer, than that: of one type, or of whichever has a field of the name.
var listSizes = map[string]int{
	"applications": 5, "entries": 5, "mergedFrom": 2, "merges": 2, "sameOpenings": 2, "duplicates": 5, "history": 10, "steps": 10,
	"workHistories": 5, "educations": 5, "links": 5, "errors": 2, "accounts": 5, "media": 2, "availableActions": 4,
	"suggestions": 3, "nearNames": 10, "wouldMiss": 10, "examples": 5,
	"decisions": 5, "considered": 5, "byMedium": 8, "changedEntries": 500, "records": 100,
	"board": 10, "stepCounts": 10, "outcomeCounts": 5, "reasons": 3, "changes": 3, "rulesPointingHere": 5,
	"rows": 5, "problems": 2, "notificationEndpoints": 5,
	// As many as a file has lines; nothing is read for them.
	"lineErrors": 10_000,
	// What a change brings back is longer than what hangs on one object.
	"SelectionChange.applications": 100, "ApplicationsPayload.applications": 50, "ApplicationsPayload.refused": 50,
	"EntriesPayload.refused": 500, "UndoRoutingPayload.refused": 500, "RetryInvalidRecordsPayload.refused": 100,
}

// limitCost refuses an operation that asks for too much, before anything is read. gqlgen's own limit
// counts a list as one, and walks a fragment anew for each of its uses: 28 fragments that double each
// other keep it busy for a minute.
func limitCost(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	c := costing{variables: oc.Variables, fragments: make(map[*ast.FragmentDefinition]int)}
	if rows := c.rows(oc.Operation.SelectionSet); rows > maxRows {
		return graphql.OneShot(errorResponse(codeQueryTooComplex,
			fmt.Sprintf("this may ask for more than %d objects: ask for smaller pages, or for fewer lists within lists", maxRows)))
	}
	return next(ctx)
}

// costing counts an operation's objects.
type costing struct {
	variables map[string]any
	fragments map[*ast.FragmentDefinition]int
}

// rows is how many objects a selection may bring, at most one more than maxRows.
func (c *costing) rows(selection ast.SelectionSet) int {
	total := 0
	for _, s := range selection {
		switch s := s.(type) {
		case *ast.Field:
			total += c.field(s)
		case *ast.InlineFragment:
			total += c.rows(s.SelectionSet)
		case *ast.FragmentSpread:
			total += c.fragment(s.Definition)
		}
		if total > maxRows {
			return maxRows + 1
		}
	}
	return total
}

// fragment counts each fragment once, however often it is used.
func (c *costing) fragment(f *ast.FragmentDefinition) int {
	rows, known := c.fragments[f]
	if !known {
		rows = c.rows(f.SelectionSet)
		c.fragments[f] = rows
	}
	return rows
}

func (c *costing) field(f *ast.Field) int {
	if len(f.SelectionSet) == 0 || strings.HasPrefix(f.Name, "__") {
		// A look at the schema reads nothing, and gqlparser bounds its depth.
		return 0
	}
	// Both factors are small enough for their product.
	return min(c.size(f)*(1+c.rows(f.SelectionSet)), maxRows+1)
}

// size is how many objects a field holds.
func (c *costing) size(f *ast.Field) int {
	inConnection := f.ObjectDefinition != nil && strings.HasSuffix(f.ObjectDefinition.Name, connectionTypes)
	isList := f.Definition.Type.Elem != nil
	if inConnection || !isList && !strings.HasSuffix(f.Definition.Type.Name(), connectionTypes) {
		// The connection above, if there is one, has been multiplied already.
		return 1
	}
	if first, given := f.ArgumentMap(c.variables)["first"]; given {
		return asked(first)
	}
	if f.ObjectDefinition != nil {
		if size, known := listSizes[f.ObjectDefinition.Name+"."+f.Name]; known {
			return size
		}
	}
	if size, known := listSizes[f.Name]; known {
		return size
	}
	return listSize
}

// asked reads a page size. What is out of bounds is refused where it is used.
func asked(first any) int {
	if first == nil {
		return manyByDefault
	}
	n, err := graphql.UnmarshalInt(first)
	if err != nil || n < 0 {
		return 0
	}
	return min(n, intake.MaxPage)
}
