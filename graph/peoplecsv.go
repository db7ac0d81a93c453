package graph

import (
	"context"
	"net/http"
	"time"

	"renkei/intake"
)

// serveInbox gives the inbox as a file for spreadsheets.
func serveInbox(service *intake.Service, exports *turns) http.Handler {
	return serveSheet(&sheetOf{name: "inbox.csv", local: "応募情報.csv"}, func(to *sheet, r *http.Request) error {
		p := readParameters(r)
		filter := intake.InboxFilter{
			State:        oneOf(p, "state", intake.StateRouted, intake.StateWaiting, intake.StateExcluded),
			Medium:       oneOf(p, "medium", intake.AllMedia()...),
			PositionName: p.text("positionName"), Search: p.text("search"),
			RunID: p.id("runId"), OpeningID: p.id("openingId"), FileImportID: p.id("fileImportId"),
			WaitingReason: oneOf(p, "waitingReason", intake.WaitingForRule, intake.WaitingForOpening, intake.WaitingUndone),
			AppliedSince:  p.instant("appliedSince"), ImportedSince: p.instant("importedSince"),
		}
		return exportPeople(to, r, p, exports, inboxColumns, func(ctx context.Context, rows func([]intake.ExportedEntry) error) error {
			return service.ExportInbox(ctx, actor(ctx), filter, rows)
		})
	})
}

// serveApplications gives the applications as a file for spreadsheets.
func serveApplications(service *intake.Service, exports *turns) http.Handler {
	return serveSheet(&sheetOf{name: "applications.csv", local: "応募一覧.csv"}, func(to *sheet, r *http.Request) error {
		p := readParameters(r)
		filter := intake.ApplicationFilter{
			OpeningID: p.id("openingId"), StepID: p.id("stepId"), Search: p.text("search"),
			Outcome: oneOf(p, "outcome", intake.OutcomeInProgress, intake.OutcomeJoined, intake.OutcomeRejected, intake.OutcomeWithdrawn,
				intake.OutcomeClosedAsDuplicate, intake.OutcomeRoutingUndone),
		}
		return exportPeople(to, r, p, exports, applicationColumns, func(ctx context.Context, rows func([]intake.ExportedApplication) error) error {
			return service.ExportApplications(ctx, actor(ctx), filter, rows)
		})
	})
}

// beginExport makes sure that the address is a recruiter's to ask for, and takes their turn: one export of a member at
// a time. Call over at its end.
func beginExport(r *http.Request, p *parameters, exports *turns) (over func(), err error) {
	if err := p.done(); err != nil {
		return nil, err
	}
	if !actor(r.Context()).Holds(intake.RoleRecruiter) {
		return nil, intake.ErrForbidden
	}
	return exports.take(actor(r.Context()).Member.ID)
}

// exportPeople writes what export hands over.
func exportPeople[T any](to *sheet, r *http.Request, p *parameters, exports *turns, columns []column[T], export func(context.Context, func([]T) error) error) error {
	says := speaker{language: p.language(), zone: p.zone()}
	over, err := beginExport(r, p, exports)
	if err != nil {
		return err
	}
	defer over()
	for _, c := range columns {
		to.columns = append(to.columns, c.name.In(says.language))
	}
	return export(r.Context(), func(all []T) error {
		rows := make([][]string, len(all))
		for i, one := range all {
			for _, c := range columns {
				rows[i] = append(rows[i], c.cell(says, one))
			}
		}
		return to.send(rows)
	})
}

// column is one of a file about people.
type column[T any] struct {
	name intake.Text
	cell func(speaker, T) string
}

var inboxColumns = append(candidateColumns(func(e intake.ExportedEntry) intake.Candidate { return e.Candidate }),
	append(entryColumns(func(e intake.ExportedEntry) *intake.InboxEntry { return &e.Entry }), []column[intake.ExportedEntry]{
		{intake.Text{JA: "状態", EN: "State"}, func(s speaker, e intake.ExportedEntry) string { return s.says(stateTexts[e.Entry.State]) }},
		{intake.Text{JA: "理由", EN: "Why"}, func(s speaker, e intake.ExportedEntry) string { return s.says(e.Entry.Explanation.Summary(e.Member)) }},
		{columnOpening, func(_ speaker, e intake.ExportedEntry) string { return e.Opening.Name }},
		{columnStep, func(_ speaker, e intake.ExportedEntry) string { return e.Step.Name }},
		{columnOutcome, func(s speaker, e intake.ExportedEntry) string {
			if e.Application == nil {
				return ""
			}
			return s.says(outcomeTexts[e.Application.Outcome])
		}},
		{intake.Text{JA: "応募情報ID", EN: "Entry ID"}, func(_ speaker, e intake.ExportedEntry) string { return e.Entry.ID.String() }},
		{columnApplicationID, func(_ speaker, e intake.ExportedEntry) string {
			if e.Application == nil {
				return ""
			}
			return e.Application.ID.String()
		}},
	}...)...)

var applicationColumns = append(append(candidateColumns(func(a intake.ExportedApplication) intake.Candidate { return a.Candidate }),
	[]column[intake.ExportedApplication]{
		{columnOpening, func(_ speaker, a intake.ExportedApplication) string { return a.Opening.Name }},
		{columnStep, func(_ speaker, a intake.ExportedApplication) string { return a.Step.Name }},
		{columnOutcome, func(s speaker, a intake.ExportedApplication) string {
			return s.says(outcomeTexts[a.Application.Outcome])
		}},
		{intake.Text{JA: "応募日時（求人）", EN: "Applied at (application)"}, func(s speaker, a intake.ExportedApplication) string { return s.at(a.Application.AppliedAt) }},
		{columnApplicationID, func(_ speaker, a intake.ExportedApplication) string { return a.Application.ID.String() }},
	}...), entryColumns(func(a intake.ExportedApplication) *intake.InboxEntry { return a.Entry })...)

var (
	columnOpening       = intake.Text{JA: "求人", EN: "Opening"}
	columnStep          = intake.Text{JA: "選考ステップ", EN: "Step"}
	columnOutcome       = intake.Text{JA: "選考結果", EN: "Outcome"}
	columnApplicationID = intake.Text{JA: "応募ID", EN: "Application ID"}
)

func candidateColumns[T any](of func(T) intake.Candidate) []column[T] {
	plain := func(name intake.Text, field func(intake.Candidate) *string) column[T] {
		return column[T]{name, func(_ speaker, row T) string { return orEmpty(field(of(row))) }}
	}
	return []column[T]{
		plain(intake.Text{JA: "氏名", EN: "Name"}, func(c intake.Candidate) *string { return &c.Name }),
		plain(intake.Text{JA: "メールアドレス", EN: "E-mail"}, func(c intake.Candidate) *string { return c.Email }),
		plain(intake.Text{JA: "電話番号", EN: "Phone"}, func(c intake.Candidate) *string { return c.Phone }),
		plain(intake.Text{JA: "所在地", EN: "Location"}, func(c intake.Candidate) *string { return c.Location }),
		plain(intake.Text{JA: "現職", EN: "Current position"}, func(c intake.Candidate) *string { return c.CurrentPosition }),
		plain(intake.Text{JA: "プロフィールURL", EN: "Profile URL"}, func(c intake.Candidate) *string { return c.ProfileURL }),
		plain(intake.Text{JA: "応募者ID", EN: "Candidate ID"}, func(c intake.Candidate) *string { return new(c.ID.String()) }),
	}
}

func entryColumns[T any](of func(T) *intake.InboxEntry) []column[T] {
	plain := func(name intake.Text, field func(speaker, *intake.InboxEntry) string) column[T] {
		return column[T]{name, func(s speaker, row T) string {
			if e := of(row); e != nil {
				return field(s, e)
			}
			return ""
		}}
	}
	return []column[T]{
		plain(intake.Text{JA: "募集ポジション名", EN: "Position name"}, func(_ speaker, e *intake.InboxEntry) string { return e.PositionName }),
		plain(intake.Text{JA: "求人媒体", EN: "Medium"}, func(s speaker, e *intake.InboxEntry) string { return s.says(e.Medium.Name()) }),
		plain(intake.Text{JA: "種別", EN: "Kind"}, func(s speaker, e *intake.InboxEntry) string { return s.says(kindTexts[e.Kind]) }),
		plain(intake.Text{JA: "応募日時", EN: "Applied at"}, func(s speaker, e *intake.InboxEntry) string { return s.at(e.AppliedAt) }),
		plain(intake.Text{JA: "取り込み日時", EN: "Imported at"}, func(s speaker, e *intake.InboxEntry) string { return s.at(e.ImportedAt) }),
		plain(intake.Text{JA: "応募情報URL", EN: "Entry URL"}, func(_ speaker, e *intake.InboxEntry) string { return orEmpty(e.ExternalURL) }),
	}
}

var (
	stateTexts = map[intake.RoutingState]intake.Text{
		intake.StateRouted: {JA: "振り分け済み", EN: "Routed"}, intake.StateWaiting: {JA: "滞留", EN: "Waiting"}, intake.StateExcluded: {JA: "対象外", EN: "Excluded"},
	}
	kindTexts = map[intake.EntryKind]intake.Text{
		intake.EntryApplied: {JA: "応募", EN: "Application"}, intake.EntryScoutReplied: {JA: "スカウト返信", EN: "Reply to a scout"},
	}
	outcomeTexts = map[intake.SelectionOutcome]intake.Text{
		intake.OutcomeInProgress: {JA: "選考中", EN: "In progress"}, intake.OutcomeJoined: {JA: "入社", EN: "Joined"},
		intake.OutcomeRejected: {JA: "不合格", EN: "Rejected"}, intake.OutcomeWithdrawn: {JA: "辞退", EN: "Withdrawn"},
		intake.OutcomeClosedAsDuplicate: {JA: "重複応募として終了", EN: "Closed as a duplicate"},
		intake.OutcomeRoutingUndone:     {JA: "振り分け取り消し", EN: "Routing taken back"},
	}
)

// speaker says things in a language and by a clock.
type speaker struct {
	language intake.Language
	zone     *time.Location
}

func (s speaker) says(t intake.Text) string { return t.In(s.language) }

func (s speaker) at(t time.Time) string { return t.In(s.zone).Format(forSheets) }

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
