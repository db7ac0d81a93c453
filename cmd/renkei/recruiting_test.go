package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"golang.org/x/text/encoding/japanese"

	"renkei/db/dbtest"
	"renkei/graph"
	"renkei/wantedly/wantedlysim"
)

// desk is where a recruiter works: a linked account, whose applicants are in the inbox.
type desk struct {
	*world
	client
	linked account
	runs   *stream
}

// applies is somebody who applies to a posting of this name.
func applies(position, name string) wantedlysim.TicketSpec {
	return wantedlysim.TicketSpec{Position: position, Name: name, Kind: "APPLIED"}
}

func sitDown(t *testing.T, applicants ...wantedlysim.TicketSpec) *desk {
	t.Helper()
	w := setup(t, wantedlysim.Options{Tickets: -1})
	for _, a := range applicants {
		w.sim.AddTicket(domain, a)
	}
	d := &desk{world: w, client: w.start(t).client}
	d.linked, d.runs = w.linkedAndImported(t, d.client, "ok@"+domain)
	require.Len(t, d.inbox(t), len(applicants))
	return d
}

// comes imports somebody who has just applied.
func (d *desk) comes(t *testing.T, applicant wantedlysim.TicketSpec) {
	t.Helper()
	d.sim.AddTicket(domain, applicant)
	d.importNow(t, d.linked.ID)
	told := until(t, d.runs, runEnded)
	require.Equal(t, 1, told[len(told)-1].Run.Imported)
}

type (
	opening struct {
		ID       string
		Revision int
		Steps    []struct{ ID, Name string }
	}
	named          struct{ ID, Name string }
	routingRule    struct{ ID, PositionName string }
	routingAction  struct{ ID string }
	routingPayload struct {
		Rule        *routingRule
		RoutedCount int
		Action      *routingAction
		Errors      userErrors
	}
	entriesPayload struct {
		ChangedEntries []entry
		Refused        []struct{ ID, Code, Message string }
		Action         *routingAction
		Errors         userErrors
	}
	undoPayload struct {
		UndoneCount, RefusedCount int
		Errors                    userErrors
	}
	nearName struct {
		PositionName string
		Count        int
	}
	suggestion struct {
		Kind, FromName, Reason string
		Score                  float64
		Opening                named
		Rule                   *routingRule
	}
	waitingPosition struct {
		PositionName string
		Count        int
		Suggestions  []suggestion
	}
	whyHere struct {
		Summary, RawPositionName, DecidedBy string
		RulePositionName, WaitingReason     *string
		RuleRevision                        *int
		Rule                                *routingRule
		Considered                          []struct{ PositionName, Reason, ReasonText string }
	}
	explained struct {
		ID, State   string
		Explanation whyHere
		Decisions   []struct{ State string }
	}
)

func (d *desk) makeOpening(t *testing.T, input vars) opening {
	t.Helper()
	made := ask[struct {
		Opening opening
		Errors  userErrors
	}](t, d.client, "createOpening", `mutation ($input: OpeningInput!) { createOpening(input: $input) {
		opening { id revision steps { id name } } errors { code } } }`, vars{"input": input})
	require.Empty(t, made.Errors)
	return made.Opening
}

const ruleFields = "{ rule { id positionName } routedCount action { id } errors { code message field } }"

func (d *desk) saveRule(t *testing.T, position, openingID string) routingPayload {
	t.Helper()
	saved := ask[routingPayload](t, d.client, "createRoutingRule",
		"mutation ($rule: RoutingRuleInput!) { createRoutingRule(input: $rule) "+ruleFields+" }", vars{"rule": ruleInput(position, openingID)})
	require.Empty(t, saved.Errors)
	return saved
}

func (d *desk) changeRule(t *testing.T, id, position, openingID string) routingPayload {
	t.Helper()
	saved := ask[routingPayload](t, d.client, "updateRoutingRule",
		"mutation ($id: ID!, $rule: RoutingRuleInput!) { updateRoutingRule(id: $id, input: $rule) "+ruleFields+" }",
		vars{"id": id, "rule": ruleInput(position, openingID)})
	require.Empty(t, saved.Errors)
	return saved
}

func ruleInput(position, openingID string) vars {
	return vars{"medium": "WANTEDLY", "positionName": position, "openingId": openingID}
}

// entriesOf are the ids of who applied to a position.
func (d *desk) entriesOf(t *testing.T, position string) []string {
	t.Helper()
	var ids []string
	for _, e := range d.inbox(t) {
		if e.PositionName == position {
			ids = append(ids, e.ID)
		}
	}
	require.NotEmpty(t, ids, position)
	return ids
}

const entriesFields = "{ changedEntries { id state } refused { id code message } action { id } errors { code field } }"

func (d *desk) route(t *testing.T, openingID string, ids ...string) entriesPayload {
	t.Helper()
	return ask[entriesPayload](t, d.client, "routeEntries",
		"mutation ($ids: [ID!]!, $opening: ID!) { routeEntries(ids: $ids, openingId: $opening) "+entriesFields+" }", vars{"ids": ids, "opening": openingID})
}

func (d *desk) exclude(t *testing.T, ids ...string) entriesPayload {
	t.Helper()
	return ask[entriesPayload](t, d.client, "excludeEntries",
		"mutation ($ids: [ID!]!) { excludeEntries(ids: $ids) "+entriesFields+" }", vars{"ids": ids})
}

func (d *desk) undo(t *testing.T, actionID string) undoPayload {
	t.Helper()
	return ask[undoPayload](t, d.client, "undoRoutingAction",
		"mutation ($id: ID!) { undoRoutingAction(id: $id) { undoneCount refusedCount errors { code } } }", vars{"id": actionID})
}

// why explains an entry.
func (d *desk) why(t *testing.T, id string) explained {
	t.Helper()
	return ask[explained](t, d.client, "node", `query ($id: ID!) { node(id: $id) { ... on InboxEntry { id state decisions { state } explanation {
		summary rawPositionName decidedBy rulePositionName waitingReason ruleRevision rule { id positionName }
		considered { positionName reason reasonText } } } } }`, vars{"id": id})
}

func (d *desk) waiting(t *testing.T) map[string]waitingPosition {
	t.Helper()
	positions := make(map[string]waitingPosition)
	for _, p := range ask[[]waitingPosition](t, d.client, "waitingPositions", `{ waitingPositions { positionName count
		suggestions { kind fromName reason score opening { id name } rule { id positionName } } } }`, nil) {
		positions[p.PositionName] = p
	}
	return positions
}

func TestAPreviewKeepsItsWordAndARuleIsTakenBack(t *testing.T) {
	t.Parallel()
	const plain, decorated = "バックエンドエンジニア", "【急募】バックエンドエンジニア"
	d := sitDown(t, applies(plain, "佐藤 一"), applies(plain, "佐藤 二"), applies(plain, "佐藤 三"),
		applies(decorated, "鈴木 一"), applies(decorated, "鈴木 二"), applies("経理", "高橋 一"))
	o := d.makeOpening(t, vars{"name": "サーバーサイド開発（中途）"})
	d.route(t, o.ID, d.entriesOf(t, plain)[0], d.entriesOf(t, decorated)[0])

	type preview struct {
		WouldRoute      int
		Entries         []entry
		NearNames       []nearName
		WouldHaveCaught struct{ Count int }
		WouldMiss       []nearName
		OpeningClosed   bool
	}
	would := ask[preview](t, d.client, "previewRoutingRule", `query ($opening: ID!) { previewRoutingRule(medium: WANTEDLY, positionName: "ﾊﾞｯｸｴﾝﾄﾞエンジニア", openingId: $opening) {
		wouldRoute entries { candidate { name } } nearNames { positionName count } wouldHaveCaught(days: 90) { count } wouldMiss(days: 90) { positionName count } openingClosed } }`,
		vars{"opening": o.ID})
	require.Equal(t, 2, would.WouldRoute)
	require.Len(t, would.Entries, 2)
	require.Equal(t, []nearName{{decorated, 1}}, would.NearNames)
	require.Equal(t, 1, would.WouldHaveCaught.Count)
	require.Equal(t, []nearName{{decorated, 1}}, would.WouldMiss)
	require.False(t, would.OpeningClosed)
	require.Equal(t, 2, d.waiting(t)[plain].Count, "nothing was written")

	saved := d.saveRule(t, "ﾊﾞｯｸｴﾝﾄﾞエンジニア", o.ID)
	require.Equal(t, would.WouldRoute, saved.RoutedCount)
	require.NotContains(t, d.waiting(t), plain)
	near := d.waiting(t)[decorated].Suggestions
	require.Len(t, near, 1)
	require.Equal(t, "NEAR_RULE", near[0].Kind)
	require.Equal(t, saved.Rule.ID, near[0].Rule.ID)
	require.Equal(t, o.ID, near[0].Opening.ID)
	require.Contains(t, near[0].Reason, "「【急募】」を除くと一致します")
	require.Empty(t, d.waiting(t)["経理"].Suggestions, "nothing is like it")

	require.Equal(t, undoPayload{UndoneCount: 2, Errors: userErrors{}}, d.undo(t, saved.Action.ID))
	require.Equal(t, 2, d.waiting(t)[plain].Count)
	require.Equal(t, "INVALID_STATE", d.undo(t, saved.Action.ID).Errors[0].Code, "once")
	var taken explained
	for _, id := range d.entriesOf(t, plain) {
		if e := d.why(t, id); e.State == "WAITING" {
			taken = e
		}
	}
	require.Equal(t, "UNDONE", *taken.Explanation.WaitingReason)
	require.Contains(t, taken.Explanation.Summary, "採用 花子さんが求人「サーバーサイド開発（中途）」への振り分けを取り消しました。")
	require.Len(t, taken.Decisions, 3, "nothing is deleted")
	// Who comes from now on is routed; who was taken back waits until the rule is saved again.
	d.comes(t, applies(plain, "佐藤 四"))
	require.Equal(t, 2, d.waiting(t)[plain].Count)
	require.Equal(t, 2, d.changeRule(t, saved.Rule.ID, plain, o.ID).RoutedCount)
}

func TestARenamedPostingSuggestsThatItsRuleIsRenamed(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("カスタマーサクセス", "田中 一"))
	o := d.makeOpening(t, vars{"name": "CS部"})
	rule := d.saveRule(t, "カスタマーサクセス", o.ID)
	require.Equal(t, 1, rule.RoutedCount)
	require.True(t, d.sim.RenamePosting(domain, "カスタマーサクセス", "お客様の成功をつくる仕事"))
	d.comes(t, applies("お客様の成功をつくる仕事", "田中 二"))

	p := d.waiting(t)["お客様の成功をつくる仕事"]
	require.Len(t, p.Suggestions, 1)
	s := p.Suggestions[0]
	require.Equal(t, "RENAMED_POSTING", s.Kind)
	require.Equal(t, "カスタマーサクセス", s.FromName)
	require.Equal(t, rule.Rule.ID, s.Rule.ID)
	require.InDelta(t, 1, s.Score, 0)
	require.Equal(t, 1, d.changeRule(t, s.Rule.ID, p.PositionName, o.ID).RoutedCount)
	require.Empty(t, d.waiting(t))
}

func TestBulkWorkDoesWhatItCanAndSaysWhyNotOfTheRest(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("SRE", "伊藤 一"), applies("SRE", "伊藤 二"), applies("SRE", "伊藤 三"))
	o := d.makeOpening(t, vars{"name": "インフラ"})
	ids, nobody := d.entriesOf(t, "SRE"), uuid.NewString()
	require.Len(t, d.exclude(t, ids[0]).ChangedEntries, 1)

	done := d.route(t, o.ID, ids[0], nobody, ids[1], ids[1], ids[2])
	require.Empty(t, done.Errors)
	require.Len(t, done.ChangedEntries, 2)
	require.Len(t, done.Refused, 2)
	require.Equal(t, []string{ids[0], "INVALID_STATE"}, []string{done.Refused[0].ID, done.Refused[0].Code})
	require.Equal(t, []string{nobody, "NOT_FOUND"}, []string{done.Refused[1].ID, done.Refused[1].Code})
	require.NotEmpty(t, done.Refused[0].Message)
	many := make([]string, 501)
	for i := range many {
		many[i] = uuid.NewString()
	}
	tooMany := d.exclude(t, many...)
	require.Empty(t, tooMany.ChangedEntries)
	require.NotEmpty(t, tooMany.Errors)

	// Whose selection has begun stays where they are.
	moved := ask[page[struct {
		ID, Outcome string
		Revision    int
	}]](t, d.client, "applications", "query ($id: ID!) { applications(openingId: $id) { totalCount nodes { id outcome revision } } }", vars{"id": o.ID})
	require.Equal(t, 2, moved.TotalCount)
	require.Empty(t, d.move(t, d.client, moved.Nodes[0].ID, o.Steps[1].ID, 1).Errors)
	require.Equal(t, undoPayload{UndoneCount: 1, RefusedCount: 1, Errors: userErrors{}}, d.undo(t, done.Action.ID))
	type summary struct{ Waiting, Routed, Excluded int }
	require.Equal(t, summary{1, 1, 1}, ask[summary](t, d.client, "inboxSummary", "{ inboxSummary { waiting routed excluded } }", nil))
}

func TestAnExplanationOutlivesTheRuleThatItTellsOf(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("データエンジニア", "渡辺 一"))
	o := d.makeOpening(t, vars{"name": "データ基盤"})
	near := d.saveRule(t, "【急募】データエンジニア", o.ID)
	require.Zero(t, near.RoutedCount, "a name that is nearly the same is another name")
	rule := d.saveRule(t, "データエンジニア", o.ID)
	id := d.entriesOf(t, "データエンジニア")[0]
	before := d.why(t, id)
	require.Equal(t, "募集ポジション名「データエンジニア」が振り分けルール「データエンジニア」（第1版）に一致したため、求人「データ基盤」に自動で振り分けました。", before.Explanation.Summary)
	require.Equal(t, rule.Rule, before.Explanation.Rule)
	require.Len(t, before.Explanation.Considered, 1)
	require.Equal(t, "DECORATION", before.Explanation.Considered[0].Reason)

	d.changeRule(t, rule.Rule.ID, "データアナリスト", o.ID)
	renamed := ask[struct{ Errors userErrors }](t, d.client, "updateOpening",
		`mutation ($id: ID!) { updateOpening(id: $id, input: {name: "分析"}) { errors { code } } }`, vars{"id": o.ID})
	require.Empty(t, renamed.Errors)
	for _, gone := range []string{rule.Rule.ID, near.Rule.ID} {
		deleted := ask[struct{ Errors userErrors }](t, d.client, "deleteRoutingRule", "mutation ($id: ID!) { deleteRoutingRule(id: $id) { errors { code } } }", vars{"id": gone})
		require.Empty(t, deleted.Errors)
	}
	after := d.why(t, id)
	require.Nil(t, after.Explanation.Rule)
	after.Explanation.Rule = before.Explanation.Rule
	require.Equal(t, before.Explanation.Considered, after.Explanation.Considered)
	after.Explanation.Considered = before.Explanation.Considered
	require.Equal(t, before, after, "word for word")
}

func TestAFullOpeningTakesPeopleAndTellsOnce(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("UIデザイナー", "山本 一"))
	o := d.makeOpening(t, vars{"name": "デザイン", "capacity": 1})
	type openingEvent struct {
		Kind     string
		Filled   int
		Capacity *int
		Opening  struct {
			ID     string
			IsFull bool
		}
	}
	told := overWebSocket(t, d.client, "openingChanged",
		"subscription ($id: ID!) { openingChanged(openingId: $id) { kind filled capacity opening { id isFull } } }", vars{"id": o.ID})
	until(t, told, func(e openingEvent) bool { return e.Kind == "CHANGED" && e.Filled == 0 })
	require.Equal(t, 1, d.saveRule(t, "UIデザイナー", o.ID).RoutedCount)
	full := until(t, told, func(e openingEvent) bool { return e.Kind == "CAPACITY_REACHED" })
	require.Equal(t, 1, full[len(full)-1].Filled)
	require.Equal(t, 1, *full[len(full)-1].Capacity)
	require.True(t, full[len(full)-1].Opening.IsFull)
	d.comes(t, applies("UIデザイナー", "山本 二"))
	require.Empty(t, d.waiting(t), "routed all the same")

	// Closing says which rules point here; who comes then waits for it to open again.
	closed := ask[struct {
		RulesPointingHere []routingRule
		Errors            userErrors
	}](t, d.client, "closeOpening", "mutation ($id: ID!) { closeOpening(id: $id) { rulesPointingHere { id positionName } errors { code } } }", vars{"id": o.ID})
	require.Empty(t, closed.Errors)
	require.Len(t, closed.RulesPointingHere, 1)
	since := until(t, told, func(e openingEvent) bool { return e.Kind == "CHANGED" })
	require.Len(t, since, 1, "full was told once, and not for the second")
	d.comes(t, applies("UIデザイナー", "山本 三"))
	late := d.why(t, d.entriesOf(t, "UIデザイナー")[0])
	require.Equal(t, "OPENING_CLOSED", *late.Explanation.WaitingReason)
	reopened := ask[struct{ Errors userErrors }](t, d.client, "reopenOpening", "mutation ($id: ID!) { reopenOpening(id: $id) { errors { code } } }", vars{"id": o.ID})
	require.Empty(t, reopened.Errors)
	require.Equal(t, "ROUTED", d.why(t, late.ID).State)
}

type (
	selectionLine struct {
		By     string
		ToStep *struct{ Name string }
		Note   *string
	}
	applicationPayload struct {
		Application *struct {
			ID, Outcome string
			Revision    int
		}
		Conflict *struct {
			Application struct{ Revision int }
			Changes     []selectionLine
		}
		Errors userErrors
	}
	boardColumn struct {
		Step         struct{ ID string }
		Count        int
		Applications page[struct {
			ID        string
			Revision  int
			Candidate named
		}]
	}
)

const applicationFields = "{ application { id outcome revision } conflict { application { revision } changes { by note toStep { name } } } errors { code message field } }"

func (d *desk) move(t *testing.T, c client, id, stepID string, expected int) applicationPayload {
	t.Helper()
	return ask[applicationPayload](t, c, "moveApplication", "mutation ($id: ID!, $step: ID!, $expected: Int) { moveApplication(id: $id, stepId: $step, note: \"電話で確認済み\", expectedRevision: $expected) "+
		applicationFields+" }", vars{"id": id, "step": stepID, "expected": expected})
}

func (d *desk) board(t *testing.T, openingID string, after *string) []boardColumn {
	t.Helper()
	return ask[struct{ Board []boardColumn }](t, d.client, "node", `query ($id: ID!, $after: String) { node(id: $id) { ... on Opening { board { step { id } count
		applications(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id revision candidate { id name } } } } } } }`,
		vars{"id": openingID, "after": after}).Board
}

func TestTwoAtOneBoardSeeEachOtherAndLoseNothing(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("インサイドセールス", "中村 一"), applies("インサイドセールス", "中村 二"), applies("インサイドセールス", "中村 三"),
		applies("インサイドセールス", "中村 四"), applies("インサイドセールス", "中村 五"))
	o := d.makeOpening(t, vars{"name": "営業"})
	require.Equal(t, 5, d.saveRule(t, "インサイドセールス", o.ID).RoutedCount)
	second := d.colleague(t, d.client, "採用 次郎", "COORDINATOR")

	var everybody []string
	first := d.board(t, o.ID, nil)[0]
	require.Equal(t, 5, first.Count)
	for column := first; ; column = d.board(t, o.ID, column.Applications.PageInfo.EndCursor)[0] {
		for _, a := range column.Applications.Nodes {
			everybody = append(everybody, a.ID)
		}
		if !column.Applications.PageInfo.HasNextPage {
			break
		}
	}
	require.Len(t, everybody, 5)

	type change struct {
		Action         *string
		ApplicationIDs []string
		Opening        struct{ StepCounts []struct{ Count int } }
	}
	seen := overWebSocket(t, second, "selectionChanged",
		"subscription ($id: ID!) { selectionChanged(openingId: $id) { action applicationIds opening { stepCounts { count } } } }", vars{"id": o.ID})
	until(t, seen, func(e change) bool { return e.Action == nil })
	require.Empty(t, d.move(t, d.client, everybody[0], o.Steps[1].ID, 1).Errors)
	moved := until(t, seen, func(e change) bool { return e.Action != nil })[0]
	require.Equal(t, "MOVED", *moved.Action)
	require.Equal(t, everybody[:1], moved.ApplicationIDs)
	require.Equal(t, 4, moved.Opening.StepCounts[0].Count)
	require.Equal(t, 1, moved.Opening.StepCounts[1].Count)

	// The second to act on what both have read sees what the first did.
	late := d.move(t, second, everybody[0], o.Steps[2].ID, 1)
	require.Nil(t, late.Application)
	require.Equal(t, "REVISION_CONFLICT", late.Errors[0].Code)
	require.Equal(t, 2, late.Conflict.Application.Revision)
	require.Len(t, late.Conflict.Changes, 1)
	require.Equal(t, "採用 花子", late.Conflict.Changes[0].By)
	require.Equal(t, o.Steps[1].Name, late.Conflict.Changes[0].ToStep.Name)
	require.Equal(t, "電話で確認済み", *late.Conflict.Changes[0].Note)
	require.Empty(t, d.move(t, second, everybody[0], o.Steps[2].ID, late.Conflict.Application.Revision).Errors)

	// A selection ends for reasons that fit how it ends.
	end := func(outcome string, reasons ...string) applicationPayload {
		return ask[applicationPayload](t, d.client, "closeApplication", "mutation ($id: ID!, $outcome: SelectionOutcome!, $reasons: [ClosingReason!]) { closeApplication(id: $id, outcome: $outcome, reasons: $reasons) "+
			applicationFields+" }", vars{"id": everybody[0], "outcome": outcome, "reasons": reasons})
	}
	require.Equal(t, "INVALID", end("REJECTED", "OTHER_OFFER").Errors[0].Code)
	require.NotEmpty(t, end("WITHDRAWN", "OTHER_OFFER", "CONDITIONS", "DURATION", "OTHER").Errors)
	require.Equal(t, "WITHDRAWN", end("WITHDRAWN", "OTHER_OFFER", "CONDITIONS").Application.Outcome)

	// Of several, one of which somebody else has put a note on, the rest go.
	require.Empty(t, d.move(t, second, everybody[1], o.Steps[0].ID, 1).Errors)
	bulk := ask[struct {
		Applications []struct{ ID string }
		Refused      []struct{ ApplicationID, Code string }
		Errors       userErrors
	}](t, d.client, "moveApplications", `mutation ($them: [ApplicationRevision!]!, $step: ID!) { moveApplications(applications: $them, stepId: $step) {
		applications { id } refused { applicationId code } errors { code } } }`,
		vars{"step": o.Steps[1].ID, "them": []vars{{"id": everybody[1], "expectedRevision": 1}, {"id": everybody[2], "expectedRevision": 1}, {"id": everybody[3]}}})
	require.Empty(t, bulk.Errors)
	require.Len(t, bulk.Applications, 2)
	require.Len(t, bulk.Refused, 1)
	require.Equal(t, everybody[1], bulk.Refused[0].ApplicationID)
	require.Equal(t, "REVISION_CONFLICT", bulk.Refused[0].Code)
	columns := d.board(t, o.ID, nil)
	require.Equal(t, []int{2, 2, 0}, []int{columns[0].Count, columns[1].Count, columns[2].Count})
}

type candidatePayload struct {
	Candidate *struct {
		ID       string
		Email    *string
		Revision int
	}
	Merge  *struct{ ID string }
	Errors userErrors
}

func (d *desk) duplicates(t *testing.T) []struct{ Candidate, Other named } {
	t.Helper()
	return ask[page[struct{ Candidate, Other named }]](t, d.client, "possibleDuplicates",
		"{ possibleDuplicates { nodes { candidate { id name } other { id name } } } }", nil).Nodes
}

func TestTwoOfOneNameAreShownAndPutTogetherAndParted(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("SRE", "小林 健太"), applies("PM", "小林健太"), applies("SRE", "加藤 葵"))
	pairs := d.duplicates(t)
	require.Len(t, pairs, 1)
	one, other := pairs[0].Candidate.ID, pairs[0].Other.ID

	change := func(field, arguments string) candidatePayload {
		merge := ""
		if field == "mergeCandidates" || field == "undoMerge" {
			merge = "merge { id } "
		}
		fields := "{ candidate { id email revision } " + merge + "errors { code message field } }"
		return ask[candidatePayload](t, d.client, field, "mutation { "+field+"("+arguments+") "+fields+" }", nil)
	}
	pair := fmt.Sprintf("candidateId: %q, otherId: %q", one, other)
	require.Empty(t, change("dismissDuplicate", pair).Errors)
	require.Empty(t, d.duplicates(t))
	require.Empty(t, change("restoreDuplicate", pair).Errors)
	require.Len(t, d.duplicates(t), 1)

	require.Equal(t, "INVALID", change("updateCandidate", fmt.Sprintf("id: %q, input: {email: \"no address\"}", one)).Errors[0].Code)
	edited := change("updateCandidate", fmt.Sprintf("id: %q, input: {email: \"Kenta@applicant.example\", phone: \"090-0000-0000\", note: \"紹介\"}, expectedRevision: 1", one))
	require.Empty(t, edited.Errors)
	require.Equal(t, 2, edited.Candidate.Revision)
	stale := change("updateCandidate", fmt.Sprintf("id: %q, input: {note: null}, expectedRevision: 1", one))
	require.Equal(t, "REVISION_CONFLICT", stale.Errors[0].Code)
	require.Empty(t, change("updateCandidate", fmt.Sprintf("id: %q, input: {email: \"kenta@APPLICANT.example\"}", other)).Errors)
	type hint struct {
		Certainty string
		Reasons   []string
	}
	require.Equal(t, []hint{{"CERTAIN", []string{"SAME_EMAIL", "SAME_NAME"}}}, ask[struct{ PossibleDuplicates []hint }](t, d.client, "node",
		"query ($id: ID!) { node(id: $id) { ... on Candidate { possibleDuplicates { certainty reasons } } } }", vars{"id": one}).PossibleDuplicates)

	pair = fmt.Sprintf("intoId: %q, fromId: %q", one, other)
	would := ask[struct {
		Allowed    bool
		EntryCount int
	}](t, d.client, "previewMerge", "{ previewMerge("+pair+") { allowed entryCount } }", nil)
	require.True(t, would.Allowed)
	require.Equal(t, 2, would.EntryCount)
	merged := change("mergeCandidates", pair)
	require.Empty(t, merged.Errors)
	type person struct {
		ID      string
		Entries []struct{ ID string }
	}
	who := func(id string) person {
		return ask[person](t, d.client, "node", "query ($id: ID!) { node(id: $id) { ... on Candidate { id entries { id } } } }", vars{"id": id})
	}
	require.Equal(t, one, who(other).ID, "an id that somebody wrote down leads on")
	require.Len(t, who(other).Entries, 2)
	undone := change("undoMerge", fmt.Sprintf("id: %q", merged.Merge.ID))
	require.Empty(t, undone.Errors)
	require.Equal(t, other, who(other).ID)
	require.Len(t, who(other).Entries, 1)
	require.Equal(t, "INVALID_STATE", change("undoMerge", fmt.Sprintf("id: %q", merged.Merge.ID)).Errors[0].Code)
	require.NotContains(t, strings.ToLower(d.dump(t)), "applicant.example", "how somebody is reached is sealed")
}

// upload sends an operation with a file by the GraphQL multipart request spec.
func upload(t *testing.T, c client, query string, v vars, at, name string, content []byte, headers ...string) (answered, string) {
	t.Helper()
	operations, err := json.Marshal(vars{"query": query, "variables": v})
	require.NoError(t, err)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("operations", string(operations)))
	require.NoError(t, form.WriteField("map", `{"0": ["variables.`+at+`"]}`))
	part, err := form.CreateFormFile("0", name)
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	return c.request(t, http.MethodPost, "/graphql", body.String(),
		append([]string{"Authorization", "Bearer " + c.token, "Content-Type", form.FormDataContentType(), "Accept", "application/json"}, headers...)...)
}

const preflight = "GraphQL-Require-Preflight"

// uploaded is what a field answers to an upload that is taken.
func uploaded[T any](t *testing.T, c client, field, query string, v vars, at, name string, content []byte) T {
	t.Helper()
	resp, text := upload(t, c, query, v, at, name, content, preflight, "1")
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	var answer struct {
		Data   map[string]T
		Errors graphErrors
	}
	require.NoError(t, json.Unmarshal([]byte(text), &answer), text)
	require.Empty(t, answer.Errors, text)
	return answer.Data[field]
}

// download gets a file for spreadsheets.
func (c client) download(t *testing.T, path string) [][]string {
	t.Helper()
	resp, text := c.request(t, http.MethodGet, path, "", "Authorization", "Bearer "+c.token)
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	require.Contains(t, resp.Header.Get("Content-Type"), "text/csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	require.NoError(t, err, text)
	return rows
}

type fileImport struct {
	ID, Status, FileName                            string
	Lines                                           *int
	Done, Known, Imported, Routed, Waiting, Invalid int
}

const (
	fileFields       = " id status fileName lines done known imported routed waiting invalid "
	importApplicants = "mutation ($file: Upload!) { importApplicants(input: {medium: RIKUNABI_NEXT, file: $file}) { alreadyImported import {" + fileFields + "} errors { code message field } } }"
)

func TestAFileInShiftJISComesInOnceAndShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	d := sitDown(t)
	const good = 450
	var lines strings.Builder
	lines.WriteString("応募No.,氏名,フリガナ,メールアドレス,応募求人名,応募日\r\n")
	for n := range good {
		fmt.Fprintf(&lines, "A-%d,髙﨑 %d,タカサキ,person%d@applicant.example,①営業（㈱サンプル）,2026/1/5 9:30\r\n", n, n, n)
	}
	lines.WriteString("A-9998,,,nobody@applicant.example,①営業（㈱サンプル）,2026/1/5\r\nA-9999,山口 光,,,①営業（㈱サンプル）,2026/13/45\r\n")
	encoded, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(lines.String()))
	require.NoError(t, err)
	o := d.makeOpening(t, vars{"name": "法人営業"})
	saved := ask[routingPayload](t, d.client, "createRoutingRule", "mutation ($rule: RoutingRuleInput!) { createRoutingRule(input: $rule) "+ruleFields+" }",
		vars{"rule": vars{"medium": "RIKUNABI_NEXT", "positionName": "1営業((株)ｻﾝﾌﾟﾙ)", "openingId": o.ID}})
	require.Empty(t, saved.Errors)

	preview := uploaded[struct {
		Encoding string
		Mapping  []struct{ Field, Header string }
		Rows     []struct{ Name, PositionName, Email *string }
		Problems userErrors
	}](t, d.client, "previewApplicantFile", `query ($file: Upload!) { previewApplicantFile(medium: RIKUNABI_NEXT, file: $file) {
		encoding mapping { field header } rows { name positionName email } problems { code message } } }`, vars{"file": nil}, "file", "応募者.csv", encoded)
	require.Equal(t, "CP932", preview.Encoding)
	require.Empty(t, preview.Problems)
	require.Len(t, preview.Mapping, 6)
	require.Equal(t, "髙﨑 0", *preview.Rows[0].Name)
	require.Equal(t, 0, d.inboxSize(t), "nothing was written")

	resp, text := upload(t, d.client, importApplicants, vars{"file": nil}, "file", "応募者.csv", encoded)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode, "a form of another site could send this: %s", text)
	coordinator := d.colleague(t, d.client, "採用 次郎", "COORDINATOR")
	_, text = upload(t, coordinator, importApplicants, vars{"file": nil}, "file", "応募者.csv", encoded, preflight, "1")
	require.Contains(t, text, `"FORBIDDEN"`)

	type payload struct {
		AlreadyImported bool
		Import          fileImport
		Errors          userErrors
	}
	type event struct{ Import fileImport }
	watched := overSSE(t, d.client, "fileImportChanged", "subscription { fileImportChanged { import {"+fileFields+"} } }", nil)
	begun := uploaded[payload](t, d.client, "importApplicants", importApplicants, vars{"file": nil}, "file", "応募者.csv", encoded)
	require.Empty(t, begun.Errors)
	require.False(t, begun.AlreadyImported)
	told := until(t, watched, func(e event) bool { return e.Import.Status == "SUCCEEDED" })
	before, partly := 0, false
	for _, e := range told {
		require.Equal(t, begun.Import.ID, e.Import.ID)
		require.Equal(t, e.Import.Done, e.Import.Known+e.Import.Imported+e.Import.Invalid)
		require.GreaterOrEqual(t, e.Import.Done, before)
		before = e.Import.Done
		partly = partly || before > 0 && e.Import.Status == "RUNNING"
	}
	require.True(t, partly, "its progress was live")
	done := told[len(told)-1].Import
	require.Equal(t, []int{good + 2, good + 2, good, good, 0, 2}, []int{*done.Lines, done.Done, done.Imported, done.Routed, done.Waiting, done.Invalid})

	again := uploaded[payload](t, d.client, "importApplicants", importApplicants, vars{"file": nil}, "file", "copy.csv", encoded)
	require.True(t, again.AlreadyImported)
	require.Equal(t, done, again.Import)
	require.Equal(t, good, d.inboxSize(t))
	// The same people in another file are known.
	more, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(lines.String()[:strings.Index(lines.String(), "A-9998")]))
	require.NoError(t, err)
	other := uploaded[payload](t, d.client, "importApplicants", importApplicants, vars{"file": nil}, "file", "応募者2.csv", more)
	require.False(t, other.AlreadyImported)
	told = until(t, watched, func(e event) bool { return e.Import.ID == other.Import.ID && e.Import.Status == "SUCCEEDED" })
	require.Equal(t, good, told[len(told)-1].Import.Known)
	require.Equal(t, good, d.inboxSize(t))

	bad := d.download(t, "/file-imports/"+done.ID+"/bad-lines.csv")
	require.Len(t, bad, 3)
	require.Equal(t, []string{strconv.Itoa(good + 2), "NAME_MISSING"}, bad[1][:2])
	require.Equal(t, []string{strconv.Itoa(good + 3), "DATE_UNREADABLE"}, bad[2][:2])
	require.Equal(t, "A-9999", bad[2][4], "the line itself, to be mended")
	refused, _ := coordinator.request(t, http.MethodGet, "/file-imports/"+done.ID+"/bad-lines.csv", "", "Authorization", "Bearer "+coordinator.token)
	require.Equal(t, http.StatusForbidden, refused.StatusCode)
	require.NotContains(t, d.dump(t), "applicant.example", "how somebody is reached is sealed, and so is a bad line")
}

func TestRulesGoOutAsAFileAndComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("経理, 総務", "吉田 一"))
	o := d.makeOpening(t, vars{"name": "管理部"})
	first, second := d.saveRule(t, "=経理", o.ID), d.saveRule(t, `人事"部"`, o.ID)
	resp, sheet := d.request(t, http.MethodGet, "/routing-rules.csv", "", "Authorization", "Bearer "+d.client.token)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, sheet, ",'=経理,")

	type result struct {
		Created, Updated, Unchanged, RoutedCount int
		LineErrors                               []struct {
			Line    int
			Message string
		}
		Errors userErrors
	}
	bring := func(text string) result {
		return uploaded[result](t, d.client, "importRoutingRules", `mutation ($file: Upload!) { importRoutingRules(file: $file) {
			created updated unchanged routedCount lineErrors { line message } errors { code message } } }`, vars{"file": nil}, "file", "rules.csv", []byte(text))
	}
	require.Equal(t, 2, bring(sheet).Unchanged)
	for _, rule := range []routingPayload{first, second} {
		deleted := ask[struct{ Errors userErrors }](t, d.client, "deleteRoutingRule", "mutation ($id: ID!) { deleteRoutingRule(id: $id) { errors { code } } }", vars{"id": rule.Rule.ID})
		require.Empty(t, deleted.Errors)
	}
	const more = "Wantedly,\"経理, 総務\",管理部,,,\r\n"
	wrong := bring(sheet + more + "Wantedly,広報,ない求人,,,\r\n")
	require.Zero(t, wrong.Created, "all or nothing")
	require.Len(t, wrong.LineErrors, 1)
	require.Equal(t, 5, wrong.LineErrors[0].Line)
	done := bring(sheet + more)
	require.Empty(t, done.LineErrors)
	require.Equal(t, []int{3, 1}, []int{done.Created, done.RoutedCount})
	names := make(map[string]bool)
	for _, rule := range ask[page[routingRule]](t, d.client, "routingRules", "{ routingRules { nodes { id positionName } } }", nil).Nodes {
		names[rule.PositionName] = true
	}
	require.Equal(t, map[string]bool{"=経理": true, `人事"部"`: true, "経理, 総務": true}, names)
}

func TestAnExportNeverCalculatesAndASearchFindsByTwoCharacters(t *testing.T) {
	t.Parallel()
	const evil = `=HYPERLINK("https://evil.example","賞金")`
	d := sitDown(t, applies("SRE", evil), applies("SRE", "山田 凛"), applies("広報", "佐々木 蓮"))
	rows := d.download(t, "/inbox.csv?positionName=SRE")
	require.Len(t, rows, 3)
	require.Equal(t, "氏名", rows[0][0])
	require.ElementsMatch(t, []string{"'" + evil, "山田 凛"}, []string{rows[1][0], rows[2][0]})
	require.Equal(t, "Name", d.download(t, "/inbox.csv?lang=en")[0][0])
	resp, _ := d.request(t, http.MethodGet, "/inbox.csv?position=SRE", "", "Authorization", "Bearer "+d.client.token)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode, "a filter that is not known is not passed over")

	for search, found := range map[string]int{"山田": 1, "田凛": 1, "ささ": 0, "佐々": 1, "%": 0, "_": 0, "山田 佐々": 0, "凛": 1, "ＨＹＰＥＲ": 1} {
		people := ask[page[named]](t, d.client, "candidates", "query ($search: String) { candidates(search: $search) { totalCount nodes { id name } } }", vars{"search": search})
		matching := 0
		for _, p := range people.Nodes {
			// A made-up career may hold the word as well.
			if p.Name == evil || p.Name == "山田 凛" || p.Name == "佐々木 蓮" {
				matching++
			}
		}
		require.Equal(t, found, matching, search)
	}
	require.Equal(t, 1, ask[page[entry]](t, d.client, "inbox", `{ inbox(search: "広報") { totalCount } }`, nil).TotalCount)
}

func TestACoordinatorWorksTheInboxAndTakesNothingOut(t *testing.T) {
	t.Parallel()
	d := sitDown(t, applies("SRE", "井上 湊"))
	o := d.makeOpening(t, vars{"name": "インフラ"})
	c := d.colleague(t, d.client, "採用 次郎", "COORDINATOR")
	administrator := d.colleague(t, d.client, "管理 太郎", "ADMIN")
	id := d.inbox(t)[0]
	refused := func(who client, query string) {
		resp, err := who.post(t.Context(), "application/json", query, nil)
		require.NoError(t, err)
		defer resp.Body.Close() //nolint:errcheck // read whole
		var answer struct {
			Errors []struct{ Extensions struct{ Code string } }
		}
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
		require.NotEmpty(t, answer.Errors, query)
		require.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code, query)
	}
	for _, query := range []string{
		"{ fileImports { totalCount } }", "{ auditLog { totalCount } }", "{ members { totalCount } }",
		fmt.Sprintf("mutation { eraseCandidate(id: %q) { errors { code } } }", id.Candidate.ID),
		fmt.Sprintf("mutation { stopAccount(id: %q) { errors { code } } }", d.linked.ID),
		`mutation { cancelApplicantFile(id: "` + uuid.NewString() + `") { errors { code } } }`,
	} {
		refused(c, query)
	}
	for _, path := range []string{"/inbox.csv", "/applications.csv", "/audit.csv"} {
		resp, _ := c.request(t, http.MethodGet, path, "", "Authorization", "Bearer "+c.token)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, path)
	}
	require.Len(t, c.download(t, "/routing-rules.csv"), 1)
	refused(administrator, "{ inbox { totalCount } }")
	refused(administrator, `{ candidates { totalCount } }`)
	routed := ask[entriesPayload](t, c, "routeEntries", "mutation ($ids: [ID!]!, $opening: ID!) { routeEntries(ids: $ids, openingId: $opening) "+entriesFields+" }",
		vars{"ids": []string{id.ID}, "opening": o.ID})
	require.Len(t, routed.ChangedEntries, 1)
	require.Equal(t, "採用 次郎", d.why(t, id.ID).Explanation.DecidedBy)
}

// requireUnderstood makes sure that the schema has whatever a document asks for.
func requireUnderstood(t *testing.T, document string) {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: graph.Schema()})
	require.NoError(t, err)
	_, wrong := gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules())
	require.Empty(t, wrong, document)
}

func TestTheDemoShowsWhatNearlyFitsAndGivesWhatWorks(t *testing.T) {
	t.Parallel()
	out, said, stop := background(t, environment("RENKEI_DATABASE_URL", dbtest.Empty(t), "RENKEI_DATA_DIR", t.TempDir(), "RENKEI_LISTEN", "127.0.0.1:0"), "demo")
	eventually(t, "the guide", func() bool { return strings.Contains(out.String(), "subscription Live") })
	require.Equal(t, exitDone, stop(), said.String())
	require.Contains(t, out.String(), "滞留中の「【急募】バックエンドエンジニア」 → 求人「サーバーサイド開発（中途）」？ 振り分けルール「バックエンドエンジニア」と、「【急募】」を除くと一致します。")
	_, queries, found := strings.Cut(out.String(), "Four to paste:")
	require.True(t, found)
	requireUnderstood(t, queries[:strings.LastIndex(queries, "}")+1])
}

func TestTheRecruitingPagesQueriesAreUnderstood(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```graphql\n(.*?)```")
	for page, least := range map[string]int{"README.md": 3, "docs/recruiting.md": 12} {
		text, err := os.ReadFile(filepath.Join(repository, page))
		require.NoError(t, err)
		found := block.FindAllStringSubmatch(string(text), -1)
		require.GreaterOrEqual(t, len(found), least, page)
		for _, query := range found {
			requireUnderstood(t, query[1])
		}
	}
}
