package graph_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// at is the address of a file for spreadsheets.
func (c company) at(file string, query url.Values) string {
	return strings.TrimSuffix(c.url, "/graphql") + "/" + file + "?" + query.Encode()
}

// rows is a file for spreadsheets, row by row.
func (c company) rows(t *testing.T, file string, query url.Values) [][]string {
	t.Helper()
	a := read(t, c.client, c.request(t, http.MethodGet, c.at(file, query), ""))
	require.Equal(t, http.StatusOK, a.status, a.raw)
	require.Equal(t, "text/csv; charset=utf-8; header=present", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Content-Disposition"), `attachment; filename="`+file+`"; filename*=UTF-8''%`)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	require.True(t, strings.HasPrefix(a.raw, "\ufeff"), "Excel takes it for UTF-8")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.raw, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	return rows
}

// column is the values of one, without its name.
func columnOf(t *testing.T, rows [][]string, name string) []string {
	t.Helper()
	n := slices.Index(rows[0], name)
	require.GreaterOrEqual(t, n, 0, "%v", rows[0])
	values := []string{}
	for _, row := range rows[1:] {
		values = append(values, row[n])
	}
	return values
}

// exports are the lines of the audit log about exports, as "ACTION detail".
func (c company) exports(t *testing.T) []string {
	t.Helper()
	rows, err := c.pool.Query(t.Context(), "SELECT action || ' ' || detail::text FROM audit_log WHERE company_id = $1 AND action LIKE 'CANDIDATES\\_EXPORT%' ORDER BY n", c.actor.Company.ID)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}

var peopleFiles = []string{"inbox.csv", "applications.csv"}

func TestExportsAreRefusedToAllOthers(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	nobody := f.company
	nobody.token = ""
	for _, roles := range everyMixOfRoles() {
		c := f.colleague(t, roles...)
		for _, file := range append(peopleFiles, "routing-rules.csv") {
			a := read(t, c.client, c.request(t, http.MethodGet, c.at(file, nil), ""))
			may := slices.Contains(roles, intake.RoleRecruiter) || file == "routing-rules.csv" && slices.Contains(roles, intake.RoleCoordinator)
			require.Equal(t, may, a.status == http.StatusOK, "%s as %v: %s", file, roles, a.raw)
			if !may {
				require.Equal(t, http.StatusForbidden, a.status)
				requireRefused(t, "FORBIDDEN", a)
			}
			require.Equal(t, http.StatusMethodNotAllowed, read(t, c.client, c.request(t, http.MethodPost, c.at(file, nil), "{}")).status)
			require.Equal(t, http.StatusUnauthorized, read(t, c.client, nobody.request(t, http.MethodGet, c.at(file, nil), "")).status)
		}
	}
	require.Len(t, f.exports(t), 2*2*4, "nobody else's is written down")
}

func TestExportsRefuseWhatIsNoFilter(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, bad := range []string{
		"inbox.csv?state=waiting", "inbox.csv?state=", "inbox.csv?medium=X", "inbox.csv?runId=1", "inbox.csv?stat=WAITING", "inbox.csv?stepId=" + uuid.NewString(),
		"inbox.csv?openingId=x", "inbox.csv?fileImportId=", "inbox.csv?waitingReason=RULE", "inbox.csv?appliedSince=2026-01-05", "inbox.csv?importedSince=" + canary,
		"inbox.csv?zone=Local", "inbox.csv?zone=", "inbox.csv?zone=../etc/passwd", "inbox.csv?zone=Mars", "inbox.csv?lang=fr", "inbox.csv?%zz", "inbox.csv?state=WAITING;x",
		"applications.csv?outcome=DONE", "applications.csv?openingId=x", "applications.csv?stepId=", "applications.csv?" + canary + "=" + canary,
		"routing-rules.csv?medium=DODA", "routing-rules.csv?lang=" + canary,
	} {
		a := read(t, c.client, c.request(t, http.MethodGet, strings.TrimSuffix(c.url, "graphql")+bad, ""))
		require.Equal(t, http.StatusBadRequest, a.status, bad)
		requireRefused(t, "BAD_USER_INPUT", a)
		require.NotContains(t, a.raw, canary)
	}
	require.Empty(t, c.exports(t))
}

func TestExportsHoldWhatTheListsHold(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	rows := f.rows(t, "inbox.csv", nil)
	require.Equal(t, []string{
		"氏名", "メールアドレス", "電話番号", "所在地", "現職", "プロフィールURL", "応募者ID", "募集ポジション名", "求人媒体", "種別", "応募日時", "取り込み日時",
		"応募情報URL", "状態", "理由", "求人", "選考ステップ", "選考結果", "応募情報ID", "応募ID",
	}, rows[0])
	var ids []string
	for _, e := range digList(t, f.ask(t, `{ inbox(first: 100) { nodes { id } } }`, nil), "inbox", "nodes") {
		ids = append(ids, digString(t, e, "id"))
	}
	require.Equal(t, ids, columnOf(t, rows, "応募情報ID"))
	at := slices.Index(ids, f.routed.ID.String())
	row := rows[1+at]
	require.Equal(t, []string{"応募者 6", "who@example.com", "090-0000-0000", "東京", "エンジニア", "https://example.com/people/6", f.candidate.String(), routedPosition, "Wantedly", "スカウト返信"}, row[:10])
	require.Equal(t, f.routed.AppliedAt.In(time.FixedZone("", 9*3600)).Format("2006-01-02 15:04:05"), row[10])
	require.Equal(t, []string{"振り分け済み", f.routed.Explanation.Summary("").JA, "サーバーサイド"}, row[13:16])
	require.Equal(t, []string{"選考中", f.routed.ID.String(), f.application.ID.String()}, row[17:])

	english := f.rows(t, "inbox.csv", url.Values{"lang": {"en"}, "zone": {"UTC"}, "state": {"EXCLUDED"}})
	require.Equal(t, []string{f.excluded.ID.String()}, columnOf(t, english, "Entry ID"))
	require.Equal(t, []string{"Excluded by 山田花子."}, columnOf(t, english, "Why"))
	require.Equal(t, []string{f.excluded.AppliedAt.UTC().Format("2006-01-02 15:04:05")}, columnOf(t, english, "Applied at"))
	require.Len(t, f.rows(t, "inbox.csv", url.Values{"positionName": {"ﾃﾞｻﾞｲﾅｰ"}, "state": {"WAITING"}, "runId": {f.run.String()}}), 1+3)
	require.Len(t, f.rows(t, "inbox.csv", url.Values{"medium": {"DODA"}}), 1+1)

	file := f.importFile(t, "氏名,求人名,応募日\n佐々木,経理,1999-01-05\n")
	imported := f.rows(t, "inbox.csv", url.Values{"fileImportId": {file.ID.String()}})
	require.Equal(t, []string{"佐々木"}, columnOf(t, imported, "氏名"))
	require.Equal(t, imported, f.rows(t, "inbox.csv", url.Values{"search": {"佐々木"}, "waitingReason": {"NO_RULE"}, "appliedSince": {"1999-01-05T00:00:00+09:00"}}))
	require.Equal(t, ids, columnOf(t, f.rows(t, "inbox.csv", url.Values{"appliedSince": {"1999-01-05T00:00:00.001+09:00"}}), "応募情報ID"))
	require.Len(t, f.rows(t, "inbox.csv", url.Values{"importedSince": {time.Now().Add(time.Hour).Format(time.RFC3339)}}), 1)
	require.Len(t, f.rows(t, "inbox.csv", url.Values{"search": {"佐々木"}, "waitingReason": {"OPENING_CLOSED"}}), 1)
	require.Contains(t, columnOf(t, f.rows(t, "inbox.csv", url.Values{"openingId": {f.opening.ID.String()}}), "応募情報ID"), f.routed.ID.String())
	require.NotContains(t, columnOf(t, f.rows(t, "inbox.csv", url.Values{"openingId": {f.opening.ID.String()}}), "応募情報ID"), f.waiting.ID.String())

	rows = f.rows(t, "applications.csv", nil)
	require.Len(t, rows, 1+4)
	at = slices.Index(columnOf(t, rows, "応募ID"), f.ended.ID.String())
	require.Equal(t, "不合格", columnOf(t, rows, "選考結果")[at])
	require.Equal(t, []string{f.application.ID.String()}, columnOf(t, f.rows(t, "applications.csv", url.Values{"stepId": {f.step.String()}, "openingId": {f.opening.ID.String()}, "search": {"応募者"}}), "応募ID"))
	require.Equal(t, []string{f.ended.ID.String()}, columnOf(t, f.rows(t, "applications.csv", url.Values{"outcome": {"REJECTED"}, "lang": {"en"}}), "Application ID"))

	told := f.exports(t)
	require.Len(t, told, 2*14)
	require.Equal(t, `CANDIDATES_EXPORTED {"file": "`+file.ID.String()+`", "kind": "INBOX"}`, told[8])
	require.Equal(t, `CANDIDATES_EXPORTED {"kind": "INBOX", "waitingReason": "NO_RULE"}`, told[10], "what is searched for stays out")
	require.Equal(t, `CANDIDATES_EXPORTED {"kind": "INBOX"}`, told[0])
	require.Equal(t, fmt.Sprintf(`CANDIDATES_EXPORT_ENDED {"kind": "INBOX", "count": %d, "whole": true}`, len(ids)), told[1])
	require.Equal(t, `CANDIDATES_EXPORTED {"run": "`+f.run.String()+`", "kind": "INBOX", "state": "WAITING"}`, told[4])
	require.Equal(t, `CANDIDATES_EXPORT_ENDED {"kind": "APPLICATIONS", "count": 1, "whole": true, "outcome": "REJECTED"}`, told[27])
}

func TestExportsByTheIDsOfOthersHoldNothing(t *testing.T) {
	t.Parallel()
	theirs, ours := twoCompanies(t)
	for _, missing := range []string{"applications.csv?openingId=" + uuid.NewString(), "inbox.csv?runId=" + uuid.NewString()} {
		require.Len(t, strings.Split(strings.TrimSpace(read(t, ours.client, ours.request(t, http.MethodGet, strings.TrimSuffix(ours.url, "graphql")+missing, "")).raw), "\n"), 1)
	}
	for _, rows := range [][][]string{
		ours.rows(t, "inbox.csv", nil), ours.rows(t, "applications.csv", nil), ours.rows(t, "routing-rules.csv", nil),
		ours.rows(t, "inbox.csv", url.Values{"runId": {theirs.run.String()}}),
		ours.rows(t, "inbox.csv", url.Values{"openingId": {theirs.opening.ID.String()}}),
		ours.rows(t, "applications.csv", url.Values{"openingId": {theirs.opening.ID.String()}}),
		ours.rows(t, "applications.csv", url.Values{"stepId": {theirs.step.String()}}),
	} {
		require.Len(t, rows, 1)
	}
	done := ours.importsRules(t, "medium,position name,opening,opening id\nWantedly,x,,"+theirs.opening.ID.String()+"\nWantedly,y,"+theirs.opening.Name+",\n")
	require.Equal(t, "NOT_FOUND", digString(t, done, "lineErrors", 0, "code"))
	require.Equal(t, "NOT_FOUND", digString(t, done, "lineErrors", 1, "code"))
}

func TestAnExportThatCannotBeWrittenDownShowsNobody(t *testing.T) {
	t.Parallel()
	c := applicants(t, open(t), 20)
	_, err := c.pool.Exec(t.Context(), "REVOKE INSERT ON audit_log FROM renkei_app")
	require.NoError(t, err)
	for _, file := range peopleFiles {
		a := read(t, c.client, c.request(t, http.MethodGet, c.at(file, nil), ""))
		require.Equal(t, http.StatusInternalServerError, a.status)
		require.NotContains(t, a.raw, "応募者")
	}
}

func TestExportsAreHarmlessToSpreadsheets(t *testing.T) {
	t.Parallel()
	c := applicants(t, open(t), 1)
	for _, name := range []string{`=HYPERLINK("http://example.com","x")`, "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "'=1", "改\r\n行, \"引用\""} {
		_, err := c.pool.Exec(t.Context(), "UPDATE candidates SET name = $1, current_position = $1", name)
		require.NoError(t, err)
		for _, file := range peopleFiles {
			for _, row := range c.rows(t, file, nil) {
				for _, cell := range row {
					require.False(t, cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]), "%q", cell)
				}
			}
		}
	}
}

// crowd fills a company with so many people at once, who all wait.
func (c company) crowd(t *testing.T, n int) {
	t.Helper()
	_, err := c.pool.Exec(t.Context(), `
		WITH people AS (
			INSERT INTO candidates (company_id, medium, external_person_id, name, work_histories, educations, skills)
			SELECT $1, 'DODA', 'crowd-' || n, '応募者' || n, '[]', '[]', '[]' FROM generate_series(1, $2) n
			RETURNING id, external_person_id
		)
		INSERT INTO inbox_entries (company_id, medium, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason)
		SELECT $1, 'DODA', 'APPLIED', external_person_id, 'デザイナー', 'デザイナー', id, '2026-01-01'::timestamptz + length(external_person_id) * interval '1 s', 'WAITING', 'SYSTEM', 'NO_RULE' FROM people`,
		c.actor.Company.ID, n)
	require.NoError(t, err)
}

func TestALongExportHoldsEverybodyOnceInLittleMemory(t *testing.T) { //nolint:paralleltest // it measures memory
	const people, between = 5000, 50
	var pieces, most atomic.Int64
	c := open(t, watchExports(func() {
		if pieces.Add(1)%between == 0 {
			most.Store(max(most.Load(), int64(heap())))
		}
	})).company(t, "甲社")
	c.crowd(t, people)
	require.Len(t, c.rows(t, "inbox.csv", url.Values{"state": {"EXCLUDED"}}), 1) // whatever stays is there by now
	before := int64(heap())
	response, err := c.client.Do(c.request(t, http.MethodGet, c.at("inbox.csv", nil), ""))
	require.NoError(t, err)
	defer response.Body.Close() //nolint:errcheck // read to its end below
	reader, seen := csv.NewReader(response.Body), make(map[[16]byte]bool)
	_, err = reader.Read()
	require.NoError(t, err)
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		seen[uuid.MustParse(row[18])] = true
	}
	require.Len(t, seen, people)
	t.Logf("%d pieces, %d KB of heap at most", pieces.Load(), (most.Load()-before)>>10)
	require.Greater(t, pieces.Load(), int64(3*between))
	require.Less(t, most.Load(), before+4<<20, "much less than everybody takes")
	require.Contains(t, c.exports(t)[3], fmt.Sprintf(`"count": %d`, people))
}

func TestAnExportEndsWithTheSignInOfWhoAskedForIt(t *testing.T) {
	t.Parallel()
	midway := make(chan func(), 1)
	c := open(t, watchExports(func() {
		select {
		case change := <-midway:
			change()
		default:
		}
	})).company(t, "甲社")
	c.crowd(t, threeBatches)
	for name, end := range map[string]string{
		"a token that is revoked":      "UPDATE api_tokens SET revoked_at = now() WHERE member_id = $1",
		"a member whose roles changed": "UPDATE members SET revision = revision + 1 WHERE id = $1",
		"a member who is disabled":     "UPDATE members SET disabled_at = now() WHERE id = $1",
	} {
		recruiter := c.colleague(t, intake.RoleRecruiter)
		midway <- func() {
			if _, err := c.pool.Exec(t.Context(), end, recruiter.actor.Member.ID); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		response, err := c.client.Do(recruiter.request(t, http.MethodGet, c.at("inbox.csv", nil), ""))
		require.NoError(t, err)
		half, err := io.ReadAll(response.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%s: half a file does not look whole", name)
		require.Contains(t, string(half), "応募者", name)
		require.NotContains(t, string(half), "UNAUTHENTICATED")
		require.NoError(t, response.Body.Close())
		require.Eventually(t, func() bool {
			lines := c.exports(t)
			return strings.HasPrefix(lines[len(lines)-1], "CANDIDATES_EXPORT_ENDED") && strings.Contains(lines[len(lines)-1], `"whole": false`)
		}, patience, 10*time.Millisecond, name)
	}
}

func TestAnExportThatBreaksOffDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.crowd(t, 2000)
	// Nobody can read this one any more.
	_, err := c.pool.Exec(t.Context(), "UPDATE inbox_entries SET imported_at = 'infinity' WHERE external_id = 'crowd-50'")
	require.NoError(t, err)
	response, err := c.client.Do(c.request(t, http.MethodGet, c.at("inbox.csv", nil), ""))
	require.NoError(t, err)
	_, err = io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, response.Body.Close())
	require.Contains(t, c.log.String(), "cut off")
	require.NotContains(t, c.log.String(), "応募者")
}

// clogged is a connection that takes what it is given and lets nothing out.
type clogged struct{ http.ResponseWriter }

func (clogged) FlushError() error { return io.ErrClosedPipe }

func TestAnExportIsWholeOnlyWhenAllOfItHasLeft(t *testing.T) {
	t.Parallel()
	c := applicants(t, open(t, func(p *plan) {
		p.around = func(inner http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, ".csv") {
					w = clogged{w}
				}
				inner.ServeHTTP(w, r)
			})
		}
	}), 3)
	for _, file := range peopleFiles {
		_, err := c.client.Do(c.request(t, http.MethodGet, c.at(file, nil), "")) //nolint:bodyclose // there is none
		require.ErrorIs(t, err, io.EOF, file)
		lines := c.exports(t)
		require.Contains(t, lines[len(lines)-1], `"whole": false`, file)
	}
}

func TestAMemberExportsOneFileAtATime(t *testing.T) {
	t.Parallel()
	c := open(t, narrow).company(t, "甲社").narrowly(t)
	c.crowd(t, threeBatches)
	other := c.colleague(t, intake.RoleRecruiter)
	response, err := c.client.Do(c.request(t, http.MethodGet, c.at("inbox.csv", nil), ""))
	require.NoError(t, err)
	a := read(t, c.client, c.request(t, http.MethodGet, c.at("applications.csv", nil), ""))
	require.Equal(t, http.StatusTooManyRequests, a.status)
	requireRefused(t, "RATE_LIMITED", a)
	requireRefused(t, "RATE_LIMITED", c.badLines(t, uuid.NewString()))
	require.Len(t, other.rows(t, "applications.csv", nil), 1)
	// Whoever does not read on is given up, and then may begin again.
	require.Eventually(t, func() bool {
		return read(t, c.client, c.request(t, http.MethodGet, c.at("applications.csv", nil), "")).status == http.StatusOK
	}, patience, 100*time.Millisecond)
	_, err = io.ReadAll(response.Body)
	require.Error(t, err)
	require.NoError(t, response.Body.Close())
}

func TestRulesAreExportedWithWhatTheyDidAndReadBack(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	twin := f.company.opening(t, "双子")
	f.company.opening(t, "双子")
	_, _, err := f.service.CreateRule(t.Context(), f.actor, intake.RuleInput{Medium: intake.MediumOther, PositionName: "=1+1", OpeningID: twin.ID})
	require.NoError(t, err)
	rows := f.rows(t, "routing-rules.csv", nil)
	require.Equal(t, []string{"求人媒体", "募集ポジション名", "振り分け先求人", "求人ID", "振り分け件数", "最終振り分け日時"}, rows[0])
	require.Equal(t, []string{"その他", "'=1+1", "双子", twin.ID.String(), "0", ""}, rows[1])
	require.Equal(t, []string{"Wantedly", routedPosition, "サーバーサイド", "", "3"}, rows[2][:5])
	require.Regexp(t, `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`, rows[2][5])
	for _, language := range []string{"ja", "en"} {
		raw := read(t, f.client, f.request(t, http.MethodGet, f.at("routing-rules.csv", url.Values{"lang": {language}}), "")).raw
		require.JSONEq(t, `{"created":0,"updated":0,"unchanged":2,"routedCount":0,"lineErrors":[],"errors":[]}`, string(encode(t, f.importsRules(t, raw))))
	}
	done := f.importsRules(t, ruleHead+"Wantedly,"+waitingPosition+",デザイン\n")
	require.JSONEq(t, `{"created":1,"updated":0,"unchanged":0,"routedCount":3,"lineErrors":[],"errors":[]}`, string(encode(t, done)))
	wrong := f.speaking("en").importsRules(t, ruleHead+"Wantedly,"+waitingPosition+",ない\n")
	require.JSONEq(t, `{"created":0,"updated":0,"unchanged":0,"routedCount":0,"errors":[],
		"lineErrors":[{"line":2,"code":"NOT_FOUND","message":"There is no such opening.","field":"OPENING"}]}`, string(encode(t, wrong)))
	none := f.importsRules(t, "")
	require.Equal(t, "REQUIRED", digString(t, none, "errors", 0, "code"))
	require.Equal(t, []any{"file"}, dig(t, none, "errors", 0, "field"))
}
