package intake_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// auditLog is the actor's company's, in the order in which it was written.
func (b *testBundle) auditLog(t *testing.T, actor intake.Actor) []intake.AuditLine {
	t.Helper()
	var all []intake.AuditLine
	require.NoError(t, b.svc.ExportAudit(t.Context(), actor, nil, nil, func(lines []intake.AuditLine) error {
		all = append(all, lines...)
		return nil
	}))
	// But for the line that says so.
	return all[:len(all)-1]
}

// last is the latest line, as its action and what it tells.
func (b *testBundle) last(t *testing.T) (intake.AuditLine, map[string]any) {
	t.Helper()
	lines, err := b.svc.AuditLog(t.Context(), b.actor, intake.AuditFilter{}, intake.Keyset{First: 1})
	require.NoError(t, err)
	var detail map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0].Detail), &detail))
	return lines[0], detail
}

func TestAuditTellsNothingOfWhatWasRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	opening, entry := b.opening(t, "営業"), b.entries(t)[0]
	before := len(b.auditLog(t, b.actor))
	_, err := b.svc.ReopenOpening(t.Context(), b.actor, opening.ID)
	require.True(t, isUserError(err))
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "x"}, new(7))
	require.True(t, isUserError(err))
	_, err = b.svc.RestoreEntry(t.Context(), b.actor, entry.ID)
	require.True(t, isUserError(err))
	_, err = b.svc.RouteEntry(t.Context(), b.actor, entry.ID, uuid.New())
	require.True(t, isUserError(err))
	_, err = b.svc.ReopenApplication(t.Context(), b.actor, intake.Change{ID: uuid.New()})
	require.True(t, isUserError(err))
	require.NoError(t, b.svc.CandidatesRead(t.Context(), b.actor, 9), "few are nobody's business")
	// But for the line of the first look.
	require.Len(t, b.auditLog(t, b.actor), before+1)
}

func TestAuditThatCannotBeWrittenHoldsBackWhatItTellsOf(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	opening, entry := b.opening(t, "営業"), b.entries(t)[0]
	b.exec(t, "REVOKE INSERT ON audit_log FROM renkei_app")
	before := b.everything(t)
	for name, try := range map[string]func() error{
		"an opening": func() error {
			_, err := b.svc.CreateOpening(t.Context(), b.actor, intake.OpeningInput{Name: "x"})
			return err
		},
		"a closing": func() error { _, err := b.svc.CloseOpening(t.Context(), b.actor, opening.ID); return err },
		"a routing": func() error { _, err := b.svc.RouteEntry(t.Context(), b.actor, entry.ID, opening.ID); return err },
		"a reading": func() error { return b.svc.CandidatesRead(t.Context(), b.actor, 10) },
		"an export": func() error {
			return b.svc.ExportAudit(t.Context(), b.actor, nil, nil, func([]intake.AuditLine) error {
				require.Fail(t, "something was handed over")
				return nil
			})
		},
	} {
		require.ErrorContains(t, try(), "permission denied", name)
	}
	b.requireUnchanged(t, before)
}

func TestAuditTellsWhoDidWhatToWhat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := uuid.New()
	b.actor.Credential, b.actor.Address = intake.Credential{Kind: intake.ByToken, ID: token}, "192.0.2.7"
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業"), applied(2, "開発")))
	opening, other := b.opening(t, "営業"), b.opening(t, "開発")
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{opening.ID, other.ID})
	require.NoError(t, err)
	first, second, otherFirst := steps[opening.ID][0].ID, steps[opening.ID][1].ID, steps[other.ID][0].ID
	entries := b.entries(t)
	routed, rest := entries[1].ID, entries[0].ID
	// told requires that the last line is this, of whoever is acting.
	told := func(err error, action intake.AuditAction, subject uuid.UUID, want map[string]any) {
		t.Helper()
		require.NoError(t, err)
		line, detail := b.last(t)
		require.Equal(t, action, line.Action)
		require.Equal(t, &subject, line.SubjectID)
		require.JSONEq(t, encode(t, want), encode(t, detail))
		require.Equal(t, intake.ActorMember, line.Actor)
		require.Equal(t, &b.actor.Member.ID, line.MemberID)
		require.Equal(t, intake.ByToken, line.Credential)
		require.Equal(t, &token, line.CredentialID)
		require.Equal(t, "192.0.2.7", line.Address)
		require.WithinDuration(t, time.Now(), line.At, time.Minute)
		summary := line.Summary("佐藤")
		require.True(t, strings.HasPrefix(summary.JA, "佐藤さんが"), summary.JA)
		require.NotContains(t, summary.JA+summary.EN, "{")
	}
	told(nil, intake.AuditOpeningCreated, other.ID, vars{"steps": 8})
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, other.ID, intake.OpeningInput{Name: "開発部"}, nil)
	told(err, intake.AuditOpeningUpdated, other.ID, vars{"revision": 2, "renamed": true})
	_, err = b.svc.CloseOpening(t.Context(), b.actor, other.ID)
	told(err, intake.AuditOpeningClosed, other.ID, vars{"revision": 3})
	rule, _ := b.rule(t, "経理", opening.ID)
	told(nil, intake.AuditRuleCreated, rule.ID, vars{"opening": opening.ID, "routed": 0})
	_, err = b.svc.ReopenOpening(t.Context(), b.actor, other.ID)
	told(err, intake.AuditOpeningReopened, other.ID, vars{"revision": 4, "routed": 0})
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, rest)
	told(err, intake.AuditEntryExcluded, rest, vars{"from": "WAITING", "state": "EXCLUDED"})
	_, err = b.svc.RestoreEntry(t.Context(), b.actor, rest)
	told(err, intake.AuditEntryRestored, rest, vars{"from": "EXCLUDED", "state": "WAITING"})
	_, err = b.svc.RouteEntry(t.Context(), b.actor, routed, opening.ID)
	told(err, intake.AuditEntryRouted, routed, vars{"from": "WAITING", "state": "ROUTED", "opening": opening.ID})

	made, err := b.svc.ApplicationsByEntry(t.Context(), b.actor, []uuid.UUID{routed})
	require.NoError(t, err)
	id := made[routed].ID
	change := intake.Change{ID: id, Note: new("秘密のメモ")}
	moved := func(revision int, fromStep, step uuid.UUID, fromOutcome, outcome string, openings ...uuid.UUID) vars {
		return vars{
			"fromOpening": openings[0], "opening": openings[1], "fromStep": fromStep, "step": step,
			"fromOutcome": fromOutcome, "outcome": outcome, "revision": revision,
		}
	}
	_, err = b.svc.MoveApplication(t.Context(), b.actor, change, second)
	told(err, intake.AuditApplicationMoved, id, moved(2, first, second, "IN_PROGRESS", "IN_PROGRESS", opening.ID, opening.ID))
	_, err = b.svc.CloseApplication(t.Context(), b.actor, change, intake.OutcomeRejected)
	told(err, intake.AuditApplicationClosed, id, moved(3, second, second, "IN_PROGRESS", "REJECTED", opening.ID, opening.ID))
	_, err = b.svc.ReopenApplication(t.Context(), b.actor, change)
	told(err, intake.AuditApplicationReopened, id, moved(4, second, second, "REJECTED", "IN_PROGRESS", opening.ID, opening.ID))
	_, err = b.svc.RerouteApplication(t.Context(), b.actor, change, other.ID)
	told(err, intake.AuditApplicationRerouted, id, moved(5, second, otherFirst, "IN_PROGRESS", "IN_PROGRESS", opening.ID, other.ID))

	require.NoError(t, b.svc.CandidatesRead(t.Context(), b.actor, 20))
	line, detail := b.last(t)
	require.Equal(t, intake.AuditCandidatesRead, line.Action)
	require.JSONEq(t, `{"count": 20}`, encode(t, detail))
	require.Equal(t, intake.Text{JA: "佐藤さんが応募者20人の情報を閲覧しました。", EN: "佐藤 read 20 candidates."}, line.Summary("佐藤"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM audit_log l WHERE l::text LIKE '%秘密%' OR l::text LIKE '%開発%' OR l::text LIKE '%@%'"))
}

type vars = map[string]any

func encode(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}

func TestAuditNamesActorsWhoAreNoMembers(t *testing.T) {
	t.Parallel()
	for actor, want := range map[intake.ActorKind]string{
		intake.ActorMember: "メンバーが監査ログをCSVで出力しました。", intake.ActorOperator: "サーバーの運用者が監査ログをCSVで出力しました。",
		intake.ActorSystem: "システムが監査ログをCSVで出力しました。", intake.ActorNobody: "認証されていない利用者が監査ログをCSVで出力しました。",
	} {
		require.Equal(t, want, intake.AuditLine{Actor: actor, Action: intake.AuditExported, Detail: "{}"}.Summary("").JA)
	}
	strange := intake.AuditLine{Actor: intake.ActorMember, Action: "MOON_LANDED", Detail: "not JSON"}
	require.Equal(t, intake.Text{JA: "{who}さん: MOON_LANDED", EN: "{who}: MOON_LANDED"}, strange.Summary("{who}"))
	many := intake.AuditLine{Actor: intake.ActorMember, Action: intake.AuditCandidatesRead, Detail: `{"count": 12345678}`}
	require.Equal(t, "{count} read 12345678 candidates.", many.Summary("{count}").EN)
}

func TestAuditIsReadNewestFirstAndNarrowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stranger := b.company(t, "よその会社")
	_, err := b.svc.CreateOpening(t.Context(), stranger, intake.OpeningInput{Name: "よそ"})
	require.NoError(t, err)
	colleague := b.actor
	colleague.Member, err = b.svc.CreateMember(t.Context(), intake.NewMember{
		CompanyID: b.actor.Company.ID, Name: "鈴木", Email: "suzuki@example.com", Roles: []intake.Role{intake.RoleAdmin, intake.RoleRecruiter},
	})
	require.NoError(t, err)
	b.exec(t, "DELETE FROM audit_log WHERE action = 'MEMBER_CREATED'")
	var openings []uuid.UUID
	for n := range 7 {
		openings = append(openings, b.opening(t, fmt.Sprint("求人", n)).ID)
	}
	_, err = b.svc.CloseOpening(t.Context(), colleague, openings[3])
	require.NoError(t, err)

	numbers := func(f intake.AuditFilter, page intake.Keyset) []int {
		t.Helper()
		lines, err := b.svc.AuditLog(t.Context(), b.actor, f, page)
		require.NoError(t, err)
		got := []int{}
		for _, l := range lines[:min(len(lines), page.First)] {
			got = append(got, l.N)
		}
		return got
	}
	all := intake.Keyset{First: 100}
	lines, err := b.svc.AuditLog(t.Context(), b.actor, intake.AuditFilter{}, all)
	require.NoError(t, err)
	require.Equal(t, []int{8, 7, 6}, numbers(intake.AuditFilter{}, intake.Keyset{First: 3}))
	require.Equal(t, []int{5, 4, 3}, numbers(intake.AuditFilter{}, intake.Keyset{First: 3, After: intake.NumberOf(6)}))
	require.Empty(t, numbers(intake.AuditFilter{}, intake.Keyset{First: 3, After: intake.NumberOf(1)}))
	closed := intake.AuditOpeningClosed
	from, to := lines[5].At, lines[2].At // of the lines 3 and 6
	for _, c := range []struct {
		filter intake.AuditFilter
		want   []int
	}{
		{intake.AuditFilter{Action: &closed}, []int{8}},
		{intake.AuditFilter{MemberID: &colleague.Member.ID}, []int{8}},
		{intake.AuditFilter{MemberID: &stranger.Member.ID}, []int{}},
		{intake.AuditFilter{SubjectID: &openings[3]}, []int{8, 4}},
		{intake.AuditFilter{SubjectID: &openings[3], MemberID: &b.actor.Member.ID}, []int{4}},
		{intake.AuditFilter{From: &from}, []int{8, 7, 6, 5, 4, 3}},
		{intake.AuditFilter{To: &to}, []int{5, 4, 3, 2, 1}},
		{intake.AuditFilter{From: &from, To: &to}, []int{5, 4, 3}},
		{intake.AuditFilter{From: &to, To: &from}, []int{}},
		{intake.AuditFilter{Action: &closed, To: &to}, []int{}},
	} {
		require.Equal(t, c.want, numbers(c.filter, all), "%+v", c.filter)
		n, err := b.svc.CountAuditLog(t.Context(), b.actor, c.filter)
		require.NoError(t, err)
		require.Equal(t, len(c.want), n, "%+v", c.filter)
	}
	for _, bad := range []string{"x", "-1", intake.PlaceOf(time.Now(), uuid.New()), "LTE"} {
		_, err := b.svc.AuditLog(t.Context(), b.actor, intake.AuditFilter{}, intake.Keyset{First: 1, After: bad})
		require.ErrorIs(t, err, intake.ErrBadCursor, bad)
	}
}

func TestAuditFindsWhatWasWrittenWhileTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 5 {
		b.opening(t, fmt.Sprint("求人", n))
	}
	// Line 3 was written on the 4th of March, and line 4 on the 2nd.
	b.exec(t, "UPDATE audit_log SET at = '2026-03-01T00:00:00Z'::timestamptz + CASE n WHEN 4 THEN 1 ELSE n END * interval '1 day'")
	from, to := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	lines, err := b.svc.AuditLog(t.Context(), b.actor, intake.AuditFilter{From: &from, To: &to}, intake.Keyset{First: 10})
	require.NoError(t, err)
	var got []int
	for _, l := range lines {
		got = append(got, l.N)
	}
	require.Equal(t, []int{4, 2, 1}, got)
}

func TestAuditIsExportedInOrderWithTheLineThatSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const many = 2500
	b.exec(t, `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
		SELECT $1, 0, now(), 'SYSTEM', 'RULE_CREATED', '', '' FROM generate_series(1, $2)`, b.actor.Company.ID, many)
	var from time.Time
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT at FROM audit_log WHERE n = 1001").Scan(&from))
	var got []int
	var last intake.AuditLine
	require.NoError(t, b.svc.ExportAudit(t.Context(), b.actor, &from, nil, func(lines []intake.AuditLine) error {
		require.LessOrEqual(t, len(lines), 1000, "no more than that is held at a time")
		for _, l := range lines {
			got, last = append(got, l.N), l
		}
		return nil
	}))
	require.Len(t, got, many-1000+1)
	require.Equal(t, 1001, got[0])
	require.Equal(t, intake.AuditExported, last.Action)
	require.JSONEq(t, encode(t, vars{"from": from.UTC()}), last.Detail)
	stop := fmt.Errorf("enough")
	require.ErrorIs(t, b.svc.ExportAudit(t.Context(), b.actor, nil, nil, func([]intake.AuditLine) error { return stop }), stop)
}
