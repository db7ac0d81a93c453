package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// board is a company with n applications at the first step of an opening, and the ids of both.
func board(t *testing.T, n int) (c company, opening string, ids []string) {
	t.Helper()
	c = open(t).company(t, "甲社")
	o := c.opening(t, "求人")
	c.rule(t, routedPosition, o.ID)
	c.imports(t, c.link(t, "hr@example.com"), applied(routedPosition, 1, n))
	for _, id := range digList(t, c.ask(t, `query ($o: ID!) { applications(openingId: $o, first: 100) { nodes { id } } }`, vars{"o": o.ID}), "applications", "nodes") {
		ids = append(ids, digString(t, id, "id"))
	}
	require.Len(t, ids, n)
	return c, o.ID.String(), ids
}

func (c company) stepOf(t *testing.T, opening string, n int) string {
	t.Helper()
	return digString(t, c.ask(t, `query ($o: ID!) { node(id: $o) { ... on Opening { steps { id } } } }`, vars{"o": opening}), "node", "steps", n, "id")
}

func TestTwoBrowsersWithABoardSeeEachOthersChangesWithoutPolling(t *testing.T) {
	t.Parallel()
	c, opening, ids := board(t, 3)
	c.listen(t)
	step := c.stepOf(t, opening, 1)
	var browsers []socket
	for range 2 {
		s := c.connect(t, nil)
		s.subscribe(t, "board", `subscription ($o: ID!) { selectionChanged(openingId: $o) {
			action count applicationIds applications { id step { name } revision } opening { stepCounts { step { name } inProgress } } } }`, vars{"o": opening})
		require.Nil(t, dig(t, s.receive(t).answer(t).Data, "selectionChanged", "action"), "where the log stands")
		browsers = append(browsers, s)
	}
	began := time.Now()
	c.ask(t, `mutation ($id: ID!, $s: ID!) { moveApplication(id: $id, stepId: $s) { errors { code } } }`, vars{"id": ids[0], "s": step})
	for _, s := range browsers {
		change := dig(t, s.receive(t).answer(t).Data, "selectionChanged")
		require.Less(t, time.Since(began), 5*time.Second, "well before a watcher looks by itself")
		require.Equal(t, "MOVED", digString(t, change, "action"))
		require.JSONEq(t, fmt.Sprintf(`[{"id": %q, "step": {"name": "書類選考"}, "revision": 2}]`, ids[0]), string(encode(t, dig(t, change, "applications"))))
		require.InDelta(t, 2, dig(t, change, "opening", "stepCounts", 0, "inProgress"), 0)
		require.InDelta(t, 1, dig(t, change, "opening", "stepCounts", 1, "inProgress"), 0)
	}
}

func TestAConflictShowsWhatTheOtherDidAndAReroutingBothOpenings(t *testing.T) {
	t.Parallel()
	c, opening, ids := board(t, 1)
	other := c.opening(t, "別の求人").ID.String()
	c.ask(t, `mutation ($id: ID!, $o: ID!) { rerouteApplication(id: $id, openingId: $o) { errors { code } } }`, vars{"id": ids[0], "o": other})
	c.ask(t, `mutation ($id: ID!) { closeApplication(id: $id, outcome: WITHDRAWN, reasons: [OTHER_OFFER, DURATION]) { errors { code } } }`, vars{"id": ids[0]})
	payload := dig(t, c.speaking("en").ask(t, `mutation ($id: ID!) { reopenApplication(id: $id, expectedRevision: 1) { application { id } errors { code }
		conflict { application { revision outcome availableActions { action enabled reason } }
			changes { revision by outcome reasons { reason name } fromOpening { id } toOpening { id } } } } }`, vars{"id": ids[0]}), "reopenApplication")
	require.Nil(t, dig(t, payload, "application"))
	require.Equal(t, "REVISION_CONFLICT", digString(t, payload, "errors", 0, "code"))
	require.JSONEq(t, `{"revision": 3, "outcome": "WITHDRAWN", "availableActions": [
		{"action": "MOVE", "enabled": false, "reason": "This application's selection has ended."}, {"action": "CLOSE", "enabled": false, "reason": "This application's selection has ended."},
		{"action": "REOPEN", "enabled": true, "reason": null}, {"action": "REROUTE", "enabled": false, "reason": "This application's selection has ended."}]}`,
		string(encode(t, dig(t, payload, "conflict", "application"))))
	require.JSONEq(t, fmt.Sprintf(`[
		{"revision": 2, "by": "山田花子", "outcome": "IN_PROGRESS", "reasons": [], "fromOpening": {"id": %q}, "toOpening": {"id": %q}},
		{"revision": 3, "by": "山田花子", "outcome": "WITHDRAWN", "fromOpening": null, "toOpening": null,
		 "reasons": [{"reason": "OTHER_OFFER", "name": "Another company's offer or selection"}, {"reason": "DURATION", "name": "The selection took too long"}]}]`, opening, other),
		string(encode(t, dig(t, payload, "conflict", "changes"))))
}

func TestABulkChangeAnswersForEachApplication(t *testing.T) {
	t.Parallel()
	c, opening, ids := board(t, 3)
	answer := dig(t, c.ask(t, `mutation ($s: ID!, $a: ID!, $b: ID!, $c: ID!) {
		moveApplications(applications: [{id: $a, expectedRevision: 1}, {id: $b, expectedRevision: 4}, {id: $c}], stepId: $s, note: "通過") {
			applications { id step { name } history { note } } refused { id applicationId code message conflict { application { revision } changes { revision } } } errors { code } } }`,
		vars{"s": c.stepOf(t, opening, 2), "a": ids[0], "b": ids[1], "c": ids[2]}), "moveApplications")
	require.Empty(t, dig(t, answer, "errors"))
	require.JSONEq(t, fmt.Sprintf(`[{"id": %q, "step": {"name": "一次面接"}, "history": [{"note": null}, {"note": "通過"}]}, {"id": %q, "step": {"name": "一次面接"}, "history": [{"note": null}, {"note": "通過"}]}]`, ids[0], ids[2]),
		string(encode(t, dig(t, answer, "applications"))))
	require.JSONEq(t, fmt.Sprintf(`[{"id": %[1]q, "applicationId": %[1]q, "code": "REVISION_CONFLICT", "message": "ほかの人が先に変更しました。最新の内容を確認してください。", "conflict": {"application": {"revision": 1}, "changes": []}}]`, ids[1]),
		string(encode(t, dig(t, answer, "refused"))))
	several := dig(t, c.ask(t, `mutation ($a: ID!, $b: ID!) { closeApplications(applications: [{id: $a}, {id: $b}], outcome: REJECTED) {
		applications { id } refused { code } errors { code field } } }`, vars{"a": ids[0], "b": ids[1]}), "closeApplications")
	require.JSONEq(t, `{"applications": [], "refused": [], "errors": [{"code": "INVALID", "field": ["applications"]}]}`, string(encode(t, several)))
}

func TestACapacityLeftOutIsAnotherThanNull(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	made := c.ask(t, `mutation { createOpening(input: {name: "経理", capacity: 2}) { opening { id capacity filled isFull } } }`, nil)
	id := digString(t, made, "createOpening", "opening", "id")
	for _, step := range []struct{ input, want string }{
		{`{name: "経理部"}`, `2`}, {`{name: "経理部", capacity: null}`, `null`}, {`{name: "経理部", capacity: 7}`, `7`},
	} {
		changed := c.ask(t, `mutation ($id: ID!) { updateOpening(id: $id, input: `+step.input+`) { opening { capacity } errors { code } } }`, vars{"id": id})
		require.JSONEq(t, step.want, string(encode(t, dig(t, changed, "updateOpening", "opening", "capacity"))), step.input)
	}
	byVariable := c.ask(t, `mutation ($id: ID!, $in: OpeningInput!) { updateOpening(id: $id, input: $in) { opening { capacity } } }`, vars{"id": id, "in": vars{"name": "x", "capacity": nil}})
	require.Nil(t, dig(t, byVariable, "updateOpening", "opening", "capacity"))
	refused := c.ask(t, `mutation ($id: ID!) { updateOpening(id: $id, input: {name: "x", capacity: 0}) { opening { id } errors { code field } } }`, vars{"id": id})
	require.JSONEq(t, `{"opening": null, "errors": [{"code": "INVALID", "field": ["input", "capacity"]}]}`, string(encode(t, dig(t, refused, "updateOpening"))))
}

func TestAnOpeningThatIsClosedTellsWhichRulesPointAtIt(t *testing.T) {
	t.Parallel()
	c, opening, _ := board(t, 1)
	query := `mutation ($id: ID!) { %s(id: $id) { rulesPointingHere { positionName } errors { code } } }`
	require.JSONEq(t, fmt.Sprintf(`{"rulesPointingHere": [{"positionName": %q}], "errors": []}`, routedPosition),
		string(encode(t, dig(t, c.ask(t, fmt.Sprintf(query, "closeOpening"), vars{"id": opening}), "closeOpening"))))
	again := dig(t, c.ask(t, fmt.Sprintf(query, "closeOpening"), vars{"id": opening}), "closeOpening")
	require.JSONEq(t, `{"rulesPointingHere": [], "errors": [{"code": "INVALID_STATE"}]}`, string(encode(t, again)))
	require.Empty(t, dig(t, c.ask(t, fmt.Sprintf(query, "reopenOpening"), vars{"id": opening}), "reopenOpening", "rulesPointingHere"))
}

func TestABoardAndItsCountsAreReadInOneStatementEach(t *testing.T) {
	t.Parallel()
	c, sent := counted(t)
	page := applied(routedPosition, 1, 30)
	opening := c.opening(t, "求人")
	for n := range 9 {
		c.opening(t, fmt.Sprint("求人 ", n))
	}
	c.rule(t, routedPosition, opening.ID)
	c.imports(t, c.link(t, "hr@example.com"), page)
	names := sent.during(func() {
		answer := c.ask(t, `query ($id: ID!) { node(id: $id) { ... on Opening { applicationCount isFull filled outcomeCounts { outcome count } stepCounts { count }
			steps { applicationCount } board { step { name } count applications(first: 3) { totalCount nodes { id } pageInfo { hasNextPage } } } } } }`, vars{"id": opening.ID})
		require.Len(t, digList(t, answer, "node", "board"), 8)
		require.Len(t, digList(t, answer, "node", "board", 0, "applications", "nodes"), 3)
		require.InDelta(t, 30, dig(t, answer, "node", "board", 0, "applications", "totalCount"), 0)
		require.Empty(t, digList(t, answer, "node", "board", 1, "applications", "nodes"))
	})
	require.Equal(t, []string{"ActorByToken", "ApplicationsInColumns", "KindOf", "OpeningCounts", "OpeningsByID", "StepsByOpening"}, names)
	list := sent.during(func() {
		c.ask(t, `{ openings { nodes { applicationCount filled isFull stepCounts { inProgress } outcomeCounts { count } } } }`, nil)
	})
	require.Equal(t, []string{"ActorByToken", "OpeningCounts", "Openings"}, list)
}

func TestTheReasonsAreOfferedByOutcomeInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	require.Len(t, digList(t, c.ask(t, `{ closingReasons { reason } }`, nil), "closingReasons"), len(intake.ClosingReasons(nil)))
	offered := digList(t, c.speaking("en").ask(t, `{ closingReasons(outcome: REJECTED) { reason name outcomes } }`, nil), "closingReasons")
	require.JSONEq(t, `{"reason": "SKILLS", "name": "Experience and skills", "outcomes": ["REJECTED"]}`, string(encode(t, offered[0])))
	require.Empty(t, digList(t, c.ask(t, `{ closingReasons(outcome: JOINED) { reason } }`, nil), "closingReasons"))
}
