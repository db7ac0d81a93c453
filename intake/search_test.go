package intake_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"renkei/db"
	"renkei/db/dbgen"
	"renkei/intake"
)

// smallSegments makes an index of segments that a test can fill.
func smallSegments(n int) func(*intake.Settings) {
	return func(s *intake.Settings) { s.SearchSegment = n }
}

// people are applications of somebody each, called as names say.
func people(from int, names ...string) []intake.SourceApplication {
	all := make([]intake.SourceApplication, len(names))
	for i, name := range names {
		all[i] = applied(from+i, "募集")
		all[i].Person.Name, all[i].Person.Skills = name, nil
	}
	return all
}

// found are the names of those who are found, the latest first, page by page.
func (b *testBundle) found(t *testing.T, search string, size int) []string {
	t.Helper()
	names := []string{}
	page := intake.Keyset{First: size}
	for {
		candidates, err := b.svc.Candidates(t.Context(), b.actor, &search, page)
		require.NoError(t, err, "%q", search)
		for _, c := range candidates[:min(size, len(candidates))] {
			names = append(names, c.Name)
			page.After = intake.PlaceOf(time.Time{}, c.ID)
		}
		if len(candidates) <= size {
			return names
		}
	}
}

func (b *testBundle) index(t *testing.T) int {
	t.Helper()
	n, err := b.svc.IndexSearch(t.Context())
	require.NoError(t, err)
	return n
}

func TestSearchRefusesWhatIsTooLongAndWhoMayNotLook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	long := strings.Repeat("探", 201)
	_, err := b.svc.Candidates(t.Context(), b.actor, &long, intake.Keyset{First: 1})
	require.ErrorIs(t, err, intake.ErrLongSearch)
	_, err = b.svc.CountCandidates(t.Context(), b.actor, &long)
	require.ErrorIs(t, err, intake.ErrLongSearch)
	_, err = b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{Search: &long}, intake.Keyset{First: 1})
	require.ErrorIs(t, err, intake.ErrLongSearch)
	_, err = b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{Search: &long}, intake.Keyset{First: 1})
	require.ErrorIs(t, err, intake.ErrLongSearch)
	_, err = b.svc.Candidates(t.Context(), b.actor, nil, intake.Keyset{First: 1, After: "?"})
	require.ErrorIs(t, err, intake.ErrBadCursor)

	fits := strings.Repeat("探", 200)
	require.Empty(t, b.found(t, fits, 1))
	b.actor.Member.Roles = []intake.Role{intake.RoleAdmin}
	_, err = b.svc.Candidates(t.Context(), b.actor, &fits, intake.Keyset{First: 1})
	require.ErrorIs(t, err, intake.ErrForbidden)
}

func TestSearchTakesWhateverIsTypedLiterally(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(4))
	names := []string{"100%", "a_b", `back\slash`, "佐藤 太郎", "😀子", "'; DROP TABLE candidates; --", "[a-z]*", "山田"}
	b.imported(t, "a@example.com", pageOf("1", people(1, names...)...))
	all := slices.Clone(names)
	slices.Reverse(all)
	check := func() {
		for search, want := range map[string][]string{
			"": all, " 　\t\n": all, "\u200b\u200d": all, "・": all,
			"%": {"100%"}, "_": {"a_b"}, `\`: {`back\slash`}, `\\`: {}, "%%": {}, "__": {}, "a%b": {}, "0%": {"100%"}, "😀": {"😀子"}, "👨‍👩‍👧": {},
			"';": {"'; DROP TABLE candidates; --"}, "drop table": {"'; DROP TABLE candidates; --"}, "*": {"[a-z]*"}, "[a-z]": {"[a-z]*"}, ".": {}, "?": {}, "!!!": {},
			"\x00": all, "\xff": {}, "田": {"山田"}, "$1": {}, "NULL": {}, strings.Repeat("% ", 100): {"100%"},
		} {
			require.Equal(t, want, b.found(t, search, 3), "%q", search)
		}
	}
	check()
	require.Equal(t, 8, b.index(t))
	check()
}

func TestSearchFoldsWhatPeopleWriteInSeveralWays(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(2))
	b.imported(t, "a@example.com", pageOf("1", people(1, "髙橋 サトシ", "山﨑　さとし", "渡邉ｻﾄｼ", "ジョン・スミス", "Ｊｏｈｎ ＭＣＤＯＮＡＬＤ", "葛󠄀城")...))
	for _, indexed := range []bool{false, true} {
		if indexed {
			require.Equal(t, 6, b.index(t))
		}
		for search, want := range map[string]int{
			"さとし": 3, "サトシ": 3, "ｻﾄｼ": 3, "高橋": 1, "髙橋サトシ": 1, "高橋さと": 1, "山崎": 1, "山崎さとし": 1, "渡辺": 1, "渡邊 サトシ": 1,
			"サトシ 髙橋": 1, "じょんすみす": 1, "スミス": 1, "ジョン・スミス": 1, "mcdonald": 1, "JOHN": 1, "ohnmc": 1, "葛城": 1, "サトシ スミス": 0,
		} {
			require.Len(t, b.found(t, search, 10), want, "%q, indexed: %v", search, indexed)
		}
	}
}

func TestSearchLooksAtEachPlainFieldAndAtNothingThatIsSealed(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(1))
	text := func(s string) *string { return &s }
	a := people(1, "名前")[0]
	a.Person = intake.SourcePerson{
		ExternalID: "p", Name: "名前", CurrentPosition: text("現職"), Location: text("住所"), Tagline: text("一言"), Introduction: text("紹介"), Aspiration: text("志望"),
		WorkHistories: []intake.WorkHistory{{CompanyName: text("勤務先"), Position: text("役職"), Description: text("業務")}},
		Educations:    []intake.Education{{SchoolName: text("学校"), Major: text("専攻"), Description: text("研究")}},
		Skills:        []string{"技能", "特技"}, Links: []intake.Link{{URL: "https://example.com/link"}},
	}
	b.imported(t, "a@example.com", pageOf("1", a))
	for range 2 {
		for _, known := range []string{"名前", "現職", "勤務先", "役職", "学校", "専攻", "技能", "特技", "技", "特技 学校 名前"} {
			require.Len(t, b.found(t, known, 1), 1, known)
		}
		for _, hidden := range []string{"住所", "一言", "紹介", "志望", "業務", "研究", "link", "前現", "名前現職"} {
			require.Empty(t, b.found(t, hidden, 1), hidden)
		}
		b.index(t)
	}
}

func TestSearchFindsACandidateOnceTheImportIsCommitted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = reads(pageOf("1", people(1, "佐藤")...))
	var names []string
	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(tx pgx.Tx) error {
		// Whoever stores a page waits for the counters at its end.
		if _, err := tx.Exec(t.Context(), "SELECT FROM company_counters FOR UPDATE"); err != nil {
			return err
		}
		done := start(t, func() error { return b.svc.Import(t.Context(), b.task(t, account.ID)) })
		t.Cleanup(func() { require.NoError(t, await(t, done)) })
		names = b.found(t, "佐藤", 10)
		return nil
	}))
	require.Empty(t, names)
	require.Eventually(t, func() bool { return len(b.found(t, "佐藤", 10)) == 1 }, patience, 10*time.Millisecond)
	// Once, however often the person applies.
	b.source.read = reads(pageOf("1"), pageOf("2", appliedBy(9, "person-1", "別の募集")))
	b.importAgain(t, account.ID)
	require.Equal(t, []string{"佐藤"}, b.found(t, "佐藤", 10))
}

func TestSearchNeverLeavesTheCompany(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(2))
	b.imported(t, "a@example.com", pageOf("1", people(1, "佐藤一", "佐藤二", "佐藤三")...))
	b.index(t)
	mine := b.actor
	b.actor = b.company(t, "乙社")
	for _, search := range []string{"佐藤", "佐", "佐藤一", "", "%", "募集"} {
		require.Empty(t, b.found(t, search, 10), search)
		n, err := b.svc.CountCandidates(t.Context(), b.actor, &search)
		require.NoError(t, err)
		require.Zero(t, n)
		entries, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{Search: &search}, intake.Keyset{First: 10})
		require.NoError(t, err)
		require.Empty(t, entries)
	}
	// The tables themselves, without any condition.
	for _, table := range []string{"candidate_search", "search_terms", "search_segments"} {
		for company, some := range map[uuid.UUID]bool{mine.Company.ID: true, b.actor.Company.ID: false} {
			var n int
			require.NoError(t, db.Within(b.program, company).QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
			require.Equal(t, some, n > 0, table)
		}
	}
}

func TestSearchForgetsWhoIsErasedAndNobodyElse(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(3))
	names := []string{"鈴木鳳凰", "佐藤鳳凰", "山田麒麟", "鈴木麒麟"}
	account := b.imported(t, "a@example.com", pageOf("1", people(1, names...)...))
	require.Equal(t, 3, b.index(t))
	for i, name := range names {
		candidates, err := b.svc.Candidates(t.Context(), b.actor, &name, intake.Keyset{First: 10})
		require.NoError(t, err)
		require.Len(t, candidates, 1)
		_, err = b.svc.EraseCandidate(t.Context(), b.actor, candidates[0].ID, intake.ErasedOnRequest)
		require.NoError(t, err)
		for j, other := range names {
			require.Len(t, b.found(t, other, 10), map[bool]int{true: 0, false: 1}[j <= i], other)
		}
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidate_search"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM search_terms"), "the lists' places would say which characters stood in a name")
	require.Zero(t, b.number(t, "SELECT count(*) FROM search_segments"))
	b.source.read = reads(pageOf("1"), pageOf("2", people(11, "甲", "乙", "丙")...))
	b.importAgain(t, account.ID)
	require.Equal(t, 3, b.index(t), "who comes later stands where they stood")
	require.Len(t, b.found(t, "乙", 10), 1)
}

func TestSegmentsEndWithThoseWhoAreLeftInThem(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(4))
	b.imported(t, "a@example.com", pageOf("1", people(1, "佐藤一", "佐藤二", "佐藤三", "佐藤四", "佐藤五", "佐藤六", "佐藤七", "佐藤八")...))
	require.Equal(t, 8, b.index(t))
	left := []string{"佐藤八", "佐藤七", "佐藤六", "佐藤五", "佐藤四", "佐藤三", "佐藤二", "佐藤一"}
	for _, name := range []string{"佐藤四", "佐藤五", "佐藤一", "佐藤三", "佐藤七"} {
		gone, err := b.svc.Candidates(t.Context(), b.actor, &name, intake.Keyset{First: 1})
		require.NoError(t, err)
		b.erase(t, gone[0].ID)
		require.Empty(t, slices.DeleteFunc(b.tablesWith(t, gone[0].ID.String()), func(table string) bool { return table == "audit_log" || table == "events" }))
		left = slices.DeleteFunc(left, func(other string) bool { return other == name })
		for size := range 3 {
			require.Equal(t, left, b.found(t, "佐藤", size+1))
		}
	}
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM search_segments"))
}

// beforeSearch makes candidates look as if they had come in before there was a search, their names folded by SQL.
func (b *testBundle) beforeSearch(t *testing.T) {
	t.Helper()
	b.exec(t, "DELETE FROM candidate_search")
	b.exec(t, `UPDATE candidates SET imported_at = now() - interval '1 hour',
		normalized_name = regexp_replace(lower(normalize(name, NFKC)), '[[:space:]　・]', '', 'g')`)
	b.exec(t, "INSERT INTO search_backfills (company_id, until) SELECT id, now() + interval '1 day' FROM companies")
}

func TestThoseOfBeforeGetTheirTextsBesideWhoeverLocksThemInAnotherOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.namesakes(t, "佐藤 一", "佐藤 二", "佐藤 三")
	b.beforeSearch(t)
	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(page pgx.Tx) error {
		for _, id := range []uuid.UUID{ids[1], ids[0]} {
			if _, err := page.Exec(t.Context(), "SELECT FROM candidates WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
				return err
			}
			indexed := start(t, func() error { _, err := b.svc.IndexSearch(t.Context()); return err })
			require.NoError(t, await(t, indexed), "it waits for nobody")
		}
		return nil
	}))
	require.Len(t, b.found(t, "佐藤", 10), 3)
	b.requireNoDeadlock(t)
}

func TestNamesOfBeforeAreComparedLikeThoseOfNowEvenOfThoseWhoAreBusy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	names := []string{"山田 花子", "山田\u200b花子", "葛󠄀城", "ÉMILE", "émile", "葛城"}
	ids := b.namesakes(t, names...)
	b.beforeSearch(t)
	wrong := func() int {
		n := 0
		for i, name := range names {
			n += b.number(t, "SELECT count(*) FROM candidates WHERE id = $1 AND normalized_name <> $2", ids[i], intake.NormalizeName(name))
		}
		return n
	}
	before := wrong()
	require.Greater(t, before, 1)
	var last uuid.UUID
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id FROM candidates WHERE name = '葛󠄀城'").Scan(&last))
	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(page pgx.Tx) error {
		if _, err := page.Exec(t.Context(), "SELECT FROM candidates WHERE id = $1 FOR NO KEY UPDATE", last); err != nil {
			return err
		}
		indexed := start(t, func() error { _, err := b.svc.IndexSearch(t.Context()); return err })
		require.NoError(t, await(t, indexed))
		require.Equal(t, 1, wrong(), "the others are done")
		return nil
	}))
	b.index(t)
	require.Zero(t, wrong())
	require.Equal(t, 6, b.number(t, "SELECT count(*) FROM candidates WHERE revision = 1"), "nobody has edited them")
	require.Len(t, b.duplicates(t, ids, 2), 1, "and so they are found to be like each other")
}

func TestPositionsAreLookedThroughUpToABound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var page []intake.SourceApplication
	for n, position := range []string{"丙", "甲", "乙", "甲"} {
		page = append(page, applied(n+1, position))
	}
	b.imported(t, "a@example.com", pageOf("1", page...))
	for most, want := range [][]string{{}, {"丙"}, {"丙", "乙"}, {"丙", "乙", "甲"}, {"丙", "乙", "甲"}} {
		names, err := dbgen.New(b.pool).PositionNames(t.Context(), dbgen.PositionNamesParams{CompanyID: b.actor.Company.ID, MaxRows: int32(most)})
		require.NoError(t, err)
		require.ElementsMatch(t, want, names)
	}
}

func TestSearchFindsThoseWhoCameInBeforeThereWasASearch(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(2))
	a := people(1, "佐藤 一", "佐藤 二", "鈴木 三", "佐藤 四")
	a[2].Person.Skills = []string{"ＧＯ"}
	b.imported(t, "a@example.com", pageOf("1", a...))
	b.exec(t, "DELETE FROM candidate_search")
	b.exec(t, "UPDATE candidates SET imported_at = now() - interval '1 hour'")
	b.exec(t, "INSERT INTO search_backfills (company_id, until) SELECT id, now() + interval '1 day' FROM companies")
	require.Empty(t, b.found(t, "佐藤", 10))
	require.Equal(t, 8, b.index(t), "four get their texts, and come into two segments")
	require.Equal(t, []string{"佐藤 四", "佐藤 二", "佐藤 一"}, b.found(t, "佐藤", 10))
	require.Equal(t, []string{"鈴木 三"}, b.found(t, "go", 10))
	require.Zero(t, b.index(t))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM search_backfills"), "an older process may bring in somebody yet")
	b.exec(t, "UPDATE search_backfills SET until = now()")
	require.Zero(t, b.index(t))
	require.Zero(t, b.number(t, "SELECT count(*) FROM search_backfills"))
}

func TestSearchNarrowsApplicationsAndEntries(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(2))
	opening := b.opening(t, "開発")
	b.rule(t, "エンジニア", opening.ID)
	a := people(1, "佐藤", "鈴木", "佐藤", "田中", "営業太郎")
	for i, position := range []string{"エンジニア", "エンジニア", "営業", "ｴﾝｼﾞﾆｱ", "エンジニア"} {
		a[i].PositionName = position
	}
	b.imported(t, "a@example.com", pageOf("1", a...))
	waiting := intake.StateWaiting
	for _, few := range []bool{true, false} {
		if !few {
			// So many that nobody looks them up one by one.
			b.exec(t, `INSERT INTO candidate_search (company_id, candidate_id, text)
				SELECT $1, gen_random_uuid(), w FROM generate_series(1, 2000), unnest(ARRAY['佐藤', 'さとう', '営業', 'えんじにあ']) w`, b.actor.Company.ID)
		}
		for _, c := range []struct {
			search                   string
			applications, entries, w int
		}{
			{"佐藤", 1, 2, 1}, {"営業", 1, 2, 1}, {"エンジニア", 0, 4, 0}, {"えんじ ニア", 0, 4, 0}, {"佐藤 営業", 0, 0, 0}, {"いない", 0, 0, 0}, {" ", 4, 5, 1},
		} {
			byOpening := intake.ApplicationFilter{OpeningID: &opening.ID, Search: &c.search}
			applications, err := b.svc.Applications(t.Context(), b.actor, byOpening, intake.Keyset{First: 10})
			require.NoError(t, err)
			require.Len(t, applications, c.applications, c.search)
			n, err := b.svc.CountApplications(t.Context(), b.actor, byOpening)
			require.NoError(t, err)
			require.Equal(t, c.applications, n, c.search)
			for f, want := range map[intake.InboxFilter]int{{Search: &c.search}: c.entries, {Search: &c.search, State: &waiting}: c.w} {
				entries, err := b.svc.Inbox(t.Context(), b.actor, f, intake.Keyset{First: 10})
				require.NoError(t, err)
				require.Len(t, entries, want, c.search)
				require.True(t, slices.IsSortedFunc(entries, func(a, b intake.InboxEntry) int { return b.AppliedAt.Compare(a.AppliedAt) }))
				n, err := b.svc.CountInbox(t.Context(), b.actor, f)
				require.NoError(t, err)
				require.Equal(t, want, n, c.search)
				if want > 1 {
					after := intake.Keyset{First: 10, After: intake.PlaceOf(entries[0].AppliedAt, entries[0].ID)}
					rest, err := b.svc.Inbox(t.Context(), b.actor, f, after)
					require.NoError(t, err)
					require.Equal(t, entries[1:], rest)
				}
			}
		}
	}
}

// randomText is made of a few characters that meet often, in the ways in which people write them.
func randomText(r *rand.Rand, characters []rune, most int) string {
	var s strings.Builder
	for range 1 + r.IntN(most) {
		s.WriteRune(characters[r.IntN(len(characters))])
	}
	return s.String()
}

var (
	written = []rune("佐藤田中髙高﨑崎さサｻとトﾄうウｳーアエンジニァgoGOＧＯrust+#% _　・\\あ゙か")
	typed   = []rune("佐藤田中髙高﨑崎さサｻとトﾄうウｳーアエンジニァgoGOＧＯrust+#% _\\かが")
)

// kanaAndVariants folds by a table what search folds by rules.
func kanaAndVariants() *strings.Replacer {
	var pairs []string
	for k := 'ァ'; k <= 'ヶ'; k++ {
		pairs = append(pairs, string(k), string(k-0x60))
	}
	return strings.NewReplacer(append(pairs, "髙", "高", "﨑", "崎", "・", "")...)
}

func naivelyFinds(folded, words []string) bool {
	for _, word := range words {
		if !slices.ContainsFunc(folded, func(f string) bool { return strings.Contains(f, word) }) {
			return false
		}
	}
	return true
}

func TestSearchFindsWhatANaiveFilterFinds(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	if given := os.Getenv("RENKEI_TEST_SEED"); given != "" {
		var err error
		seed, err = strconv.ParseUint(given, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("RENKEI_TEST_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	b := setup(t, smallSegments(70))
	account := b.linked(t, "a@example.com")
	var pages []intake.Page
	table := kanaAndVariants()
	naive := func(s string) []string { return strings.Fields(table.Replace(strings.ToLower(norm.NFKC.String(s)))) }
	type person struct {
		name   string
		folded []string
	}
	var everybody []person
	grow := func(n int) {
		var page intake.Page
		for range n {
			k := len(everybody) + 1
			a := applied(k, "募集")
			a.Person.Name, a.Person.Skills = randomText(r, written, 6)+"名", nil
			for range r.IntN(4) {
				a.Person.Skills = append(a.Person.Skills, randomText(r, written, 8))
			}
			p := person{name: a.Person.Name}
			for _, f := range append([]string{a.Person.Name}, a.Person.Skills...) {
				p.folded = append(p.folded, strings.Join(naive(f), ""))
			}
			everybody = append(everybody, p)
			page.Applications = append(page.Applications, a)
		}
		page.Cursor = fmt.Sprint(len(everybody))
		pages = append(pages, page)
		b.source.read = reads(pages...)
		require.Equal(t, intake.RunSucceeded, b.importAgainOrFirst(t, account.ID, len(pages) == 1).Status)
	}
	const rounds, growth = 300, 60
	hits := 0
	for round := range rounds {
		if round%growth == 0 {
			grow(100)
		}
		if round%growth == growth/2 {
			b.index(t)
		}
		query := randomText(r, typed, 1+r.IntN(6))
		var want []string
		for _, p := range slices.Backward(everybody) {
			if naivelyFinds(p.folded, naive(query)) {
				want = append(want, p.name)
			}
		}
		size := intake.MaxPage
		if round%8 == 0 {
			size = min(size, 1+len(want)/3) // four pages
		}
		require.ElementsMatch(t, want, b.found(t, query, size), "query %q, round %d, seed %d", query, round, seed)
		if round%10 == 0 {
			n, err := b.svc.CountCandidates(t.Context(), b.actor, &query)
			require.NoError(t, err)
			require.Equal(t, len(want), n, "query %q, round %d, seed %d", query, round, seed)
		}
		if len(want) > 0 {
			hits++
		}
	}
	require.Greater(t, hits, rounds/4)
	require.Less(t, hits, rounds)
	require.Positive(t, b.number(t, "SELECT count(*) FROM search_segments"))
}

func (b *testBundle) importAgainOrFirst(t *testing.T, accountID uuid.UUID, first bool) intake.ImportRun {
	t.Helper()
	if first {
		return b.importNext(t, accountID)
	}
	return b.importAgain(t, accountID)
}

// explained is the plan of one statement as the program sees it.
func (b *testBundle) explained(t *testing.T, sql string, args ...any) string {
	t.Helper()
	var plan []string
	require.NoError(t, db.BeginWithin(t.Context(), b.program, b.actor.Company.ID, db.ReadWrite, func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), "EXPLAIN "+sql, args...)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	return strings.Join(plan, "\n")
}

func TestSearchReachesItsIndexesBehindTheWalls(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO candidate_search (company_id, candidate_id, text, segment, place)
		SELECT $1, gen_random_uuid(), 'さとう' || n, CASE WHEN n < 16000 THEN n / 8000 END, CASE WHEN n < 16000 THEN n % 8000 END FROM generate_series(0, 20000) n`, b.actor.Company.ID)
	b.exec(t, `INSERT INTO search_terms (company_id, term, segment, places)
		SELECT $1, chr(20000 + n), s, '\x0000' FROM generate_series(0, 9999) n, generate_series(0, 1) s`, b.actor.Company.ID)
	b.exec(t, "VACUUM ANALYZE candidate_search, search_terms")
	company := b.actor.Company.ID
	require.Regexp(t, `Index Scan.* using search_terms_pkey`, b.explained(t,
		"SELECT places FROM search_terms WHERE company_id = $1 AND term = ANY($2::text[]) AND segment = ANY($3::int[])", company, []string{"佐藤", "藤太"}, []int32{0, 1}))
	require.Regexp(t, `Index Scan Backward using candidate_search_loose`, b.explained(t,
		`SELECT l.candidate_id FROM (
			SELECT s.candidate_id, s.text FROM candidate_search s WHERE s.company_id = $1 AND s.segment IS NULL AND s.candidate_id < $2 ORDER BY s.candidate_id DESC OFFSET 0
		) l WHERE l.text LIKE ALL ($3::text[]) ORDER BY l.candidate_id DESC LIMIT 21`, company, uuid.Max, []string{"%さとう%"}))
	require.Regexp(t, `Index Scan.* using candidate_search_by_place`, b.explained(t,
		"SELECT text LIKE '%x%' FROM candidate_search WHERE company_id = $1 AND segment = $2 AND place = $3::smallint LIMIT 1", company, 1, 7))
}

func TestSearchIsIndexedWhileOthersImportAndErase(t *testing.T) {
	t.Parallel()
	b := setup(t, smallSegments(5))
	account := b.linked(t, "a@example.com")
	var pages []intake.Page
	for n := range 20 {
		pages = append(pages, pageOf(fmt.Sprint(n), people(10*n, "佐藤一", "佐藤二", "佐藤三", "鈴木", "山田")...))
	}
	b.source.read = reads(pages...)
	var over atomic.Bool
	other := b.process(b.source, smallSegments(5))
	indexed := start(t, func() error {
		for !over.Load() {
			if _, err := other.IndexSearch(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	require.Len(t, b.found(t, "佐藤", 7), 60)
	search := "佐藤二"
	gone, err := b.svc.Candidates(t.Context(), b.actor, &search, intake.Keyset{First: 100})
	require.NoError(t, err)
	for _, c := range gone {
		_, err := b.svc.EraseCandidate(t.Context(), b.actor, c.ID, intake.ErasedOnRequest)
		require.NoError(t, err)
	}
	over.Store(true)
	require.NoError(t, await(t, indexed))
	b.index(t)
	require.Len(t, b.found(t, "佐藤", 7), 40)
	require.Empty(t, b.found(t, "藤二", 7))
	require.Less(t, b.number(t, "SELECT count(*) FROM candidate_search WHERE segment IS NULL"), 5)
}
