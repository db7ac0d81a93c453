package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// The page sizes where a query names none; the schema says the same.
const (
	fewByDefault  = 20
	manyByDefault = 50
)

// inOrderOfIDs is the cursor of a list that is sorted by id.
func inOrderOfIDs(id uuid.UUID) string { return intake.PlaceOf(time.Time{}, id) }

func (r *Resolver) runs(ctx context.Context, first *int, after *string, accountID *uuid.UUID) (graphgen.ImportRunConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.ImportRunConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.ImportRun, graphgen.ImportRunEdge]{
		read: func(k intake.Keyset) ([]intake.ImportRun, error) {
			return r.service.Runs(ctx, actor(ctx), accountID, k)
		},
		count: func() (int, error) { return r.service.CountRuns(ctx, actor(ctx), accountID) },
		place: func(run intake.ImportRun) string { return inOrderOfIDs(run.ID) },
		edge: func(cursor string, run intake.ImportRun) graphgen.ImportRunEdge {
			return graphgen.ImportRunEdge{Cursor: cursor, Node: run}
		},
	})
	return graphgen.ImportRunConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) invalidRecords(ctx context.Context, first *int, after *string, runID uuid.UUID) (graphgen.InvalidRecordConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.InvalidRecordConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.InvalidRecord, graphgen.InvalidRecordEdge]{
		read: func(k intake.Keyset) ([]intake.InvalidRecord, error) {
			return r.service.InvalidRecords(ctx, actor(ctx), runID, k)
		},
		count: func() (int, error) { return r.service.CountInvalidRecords(ctx, actor(ctx), runID) },
		place: func(rec intake.InvalidRecord) string { return inOrderOfIDs(rec.ID) },
		edge: func(cursor string, rec intake.InvalidRecord) graphgen.InvalidRecordEdge {
			return graphgen.InvalidRecordEdge{Cursor: cursor, Node: rec}
		},
	})
	return graphgen.InvalidRecordConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) entries(ctx context.Context, first *int, after *string, f intake.InboxFilter) (graphgen.InboxEntryConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.InboxEntryConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.InboxEntry, graphgen.InboxEntryEdge]{
		read: func(k intake.Keyset) ([]intake.InboxEntry, error) {
			return r.service.Inbox(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountInbox(ctx, actor(ctx), f) },
		place: func(e intake.InboxEntry) string { return intake.PlaceOf(e.AppliedAt, e.ID) },
		edge: func(cursor string, e intake.InboxEntry) graphgen.InboxEntryEdge {
			return graphgen.InboxEntryEdge{Cursor: cursor, Node: e}
		},
	})
	return graphgen.InboxEntryConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) ruleList(ctx context.Context, first *int, after *string, f intake.RuleFilter) (graphgen.RoutingRuleConnection, error) {
	k, err := keyset(first, after, manyByDefault)
	if err != nil {
		return graphgen.RoutingRuleConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.RoutingRule, graphgen.RoutingRuleEdge]{
		read: func(k intake.Keyset) ([]intake.RoutingRule, error) {
			return r.service.Rules(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountRules(ctx, actor(ctx), f) },
		place: func(rule intake.RoutingRule) string { return inOrderOfIDs(rule.ID) },
		edge: func(cursor string, rule intake.RoutingRule) graphgen.RoutingRuleEdge {
			return graphgen.RoutingRuleEdge{Cursor: cursor, Node: rule}
		},
	})
	return graphgen.RoutingRuleConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) openingList(ctx context.Context, first *int, after *string, f intake.OpeningFilter) (graphgen.OpeningConnection, error) {
	k, err := keyset(first, after, manyByDefault)
	if err != nil {
		return graphgen.OpeningConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Opening, graphgen.OpeningEdge]{
		read: func(k intake.Keyset) ([]intake.Opening, error) {
			return r.service.Openings(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountOpenings(ctx, actor(ctx), f) },
		place: func(o intake.Opening) string { return inOrderOfIDs(o.ID) },
		edge: func(cursor string, o intake.Opening) graphgen.OpeningEdge {
			return graphgen.OpeningEdge{Cursor: cursor, Node: o}
		},
	})
	return graphgen.OpeningConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) applicationList(ctx context.Context, first *int, after *string, f intake.ApplicationFilter) (graphgen.ApplicationConnection, error) {
	return applicationPages(ctx, first, after,
		func(k intake.Keyset) ([]intake.Application, error) {
			return r.service.Applications(ctx, actor(ctx), f, k)
		},
		func() (int, error) { return r.service.CountApplications(ctx, actor(ctx), f) })
}

func applicationPages(ctx context.Context, first *int, after *string, read func(intake.Keyset) ([]intake.Application, error), count func() (int, error)) (graphgen.ApplicationConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.ApplicationConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Application, graphgen.ApplicationEdge]{
		read:  read,
		count: count,
		place: func(a intake.Application) string { return intake.PlaceOf(a.AppliedAt, a.ID) },
		edge: func(cursor string, a intake.Application) graphgen.ApplicationEdge {
			return graphgen.ApplicationEdge{Cursor: cursor, Node: a}
		},
	})
	return graphgen.ApplicationConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) candidateList(ctx context.Context, first *int, after, search *string) (graphgen.CandidateConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.CandidateConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Candidate, graphgen.CandidateEdge]{
		read: func(k intake.Keyset) ([]intake.Candidate, error) {
			return r.service.Candidates(ctx, actor(ctx), search, k)
		},
		count: func() (int, error) { return r.service.CountCandidates(ctx, actor(ctx), search) },
		place: func(c intake.Candidate) string { return inOrderOfIDs(c.ID) },
		edge: func(cursor string, c intake.Candidate) graphgen.CandidateEdge {
			return graphgen.CandidateEdge{Cursor: cursor, Node: c}
		},
	})
	noteShown(ctx, p.nodes)
	return graphgen.CandidateConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) memberList(ctx context.Context, first *int, after, search *string) (graphgen.MemberConnection, error) {
	k, err := keyset(first, after, manyByDefault)
	if err != nil {
		return graphgen.MemberConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Member, graphgen.MemberEdge]{
		read: func(k intake.Keyset) ([]intake.Member, error) {
			return r.service.Members(ctx, actor(ctx), search, k)
		},
		count: func() (int, error) { return r.service.CountMembers(ctx, actor(ctx), search) },
		place: func(m intake.Member) string { return inOrderOfIDs(m.ID) },
		edge: func(cursor string, m intake.Member) graphgen.MemberEdge {
			return graphgen.MemberEdge{Cursor: cursor, Node: m}
		},
	})
	return graphgen.MemberConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) auditList(ctx context.Context, first *int, after *string, f intake.AuditFilter) (graphgen.AuditConnection, error) {
	k, err := keyset(first, after, manyByDefault)
	if err != nil {
		return graphgen.AuditConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.AuditLine, graphgen.AuditEdge]{
		read: func(k intake.Keyset) ([]intake.AuditLine, error) {
			return r.service.AuditLog(ctx, actor(ctx), f, k)
		},
		count: func() (int, error) { return r.service.CountAuditLog(ctx, actor(ctx), f) },
		place: func(l intake.AuditLine) string { return intake.NumberOf(l.N) },
		edge: func(cursor string, l intake.AuditLine) graphgen.AuditEdge {
			return graphgen.AuditEdge{Cursor: cursor, Node: l}
		},
	})
	return graphgen.AuditConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) receipts(ctx context.Context, first *int, after *string) (graphgen.ErasureConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.ErasureConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.Erasure, graphgen.ErasureEdge]{
		read: func(k intake.Keyset) ([]intake.Erasure, error) {
			return r.service.Erasures(ctx, actor(ctx), k)
		},
		count: func() (int, error) { return r.service.CountErasures(ctx, actor(ctx)) },
		place: func(e intake.Erasure) string { return inOrderOfIDs(e.ID) },
		edge: func(cursor string, e intake.Erasure) graphgen.ErasureEdge {
			return graphgen.ErasureEdge{Cursor: cursor, Node: e}
		},
	})
	return graphgen.ErasureConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

// duplicatePairs is a list of its own kind: a page of it may end anywhere.
func (r *Resolver) duplicatePairs(ctx context.Context, first *int, after *string) (graphgen.PossibleDuplicatePairConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.PossibleDuplicatePairConnection{}, err
	}
	p, err := r.service.PossibleDuplicates(ctx, actor(ctx), k)
	connection := graphgen.PossibleDuplicatePairConnection{
		Nodes: p.Pairs, PageInfo: graphgen.PageInfo{HasNextPage: p.More, HasPreviousPage: k.After != ""},
	}
	for i, pair := range p.Pairs {
		if i == 0 {
			connection.PageInfo.StartCursor = &p.Pairs[0].Cursor
		}
		connection.Edges = append(connection.Edges, graphgen.PossibleDuplicatePairEdge{Cursor: pair.Cursor, Node: pair})
	}
	if p.End != "" {
		connection.PageInfo.EndCursor = &p.End
	}
	return connection, err
}

func (r *Resolver) files(ctx context.Context, first *int, after *string) (graphgen.ApplicantFileImportConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.ApplicantFileImportConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.FileImport, graphgen.ApplicantFileImportEdge]{
		read: func(k intake.Keyset) ([]intake.FileImport, error) {
			return r.service.FileImports(ctx, actor(ctx), k)
		},
		count: func() (int, error) { return r.service.CountFileImports(ctx, actor(ctx)) },
		place: func(f intake.FileImport) string { return inOrderOfIDs(f.ID) },
		edge: func(cursor string, f intake.FileImport) graphgen.ApplicantFileImportEdge {
			return graphgen.ApplicantFileImportEdge{Cursor: cursor, Node: f}
		},
	})
	return graphgen.ApplicantFileImportConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}

func (r *Resolver) badLines(ctx context.Context, first *int, after *string, fileID uuid.UUID) (graphgen.FileBadLineConnection, error) {
	k, err := keyset(first, after, fewByDefault)
	if err != nil {
		return graphgen.FileBadLineConnection{}, err
	}
	p, err := paginate(ctx, k, list[intake.BadLine, graphgen.FileBadLineEdge]{
		read: func(k intake.Keyset) ([]intake.BadLine, error) {
			return r.service.FileBadLines(ctx, actor(ctx), fileID, k)
		},
		count: func() (int, error) { return r.service.CountFileBadLines(ctx, actor(ctx), fileID) },
		place: func(l intake.BadLine) string { return intake.NumberOf(l.Line) },
		edge: func(cursor string, l intake.BadLine) graphgen.FileBadLineEdge {
			return graphgen.FileBadLineEdge{Cursor: cursor, Node: l}
		},
	})
	return graphgen.FileBadLineConnection{Edges: p.edges, Nodes: p.nodes, PageInfo: p.info, TotalCount: p.total}, err
}
