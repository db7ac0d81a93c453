package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"renkei/intake"
	"renkei/tabular"
)

// upload is a file of doda's.
func upload(content string) intake.FileUpload {
	return intake.FileUpload{Medium: intake.MediumDoda, Name: "応募者.csv", Content: strings.NewReader(content)}
}

// table is a CSV of n applicants; the position is 営業.
func table(n int) string {
	var b strings.Builder
	b.WriteString("氏名,求人名,応募日,応募ID,会員番号\n")
	for i := range n {
		fmt.Fprintf(&b, "応募者 %d,営業,2026-01-05,A%d,M%d\n", i, i, i)
	}
	return b.String()
}

func (b *testBundle) startFile(t *testing.T, u intake.FileUpload) intake.FileImport {
	t.Helper()
	f, already, err := b.svc.StartFileImport(t.Context(), b.actor, u)
	require.NoError(t, err)
	require.False(t, already)
	return f
}

// fileTask is the latest that was queued for a file.
func (b *testBundle) fileTask(t *testing.T, id uuid.UUID) intake.FileTask {
	t.Helper()
	var raw []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT args FROM river_job WHERE kind = 'import_file' AND args->>'file_id' = $1 ORDER BY id DESC LIMIT 1", id).Scan(&raw))
	var args struct {
		CompanyID uuid.UUID `json:"company_id"`
		FileID    uuid.UUID `json:"file_id"`
	}
	require.NoError(t, json.Unmarshal(raw, &args))
	return intake.FileTask(args)
}

// workFile brings a file in that was started.
func (b *testBundle) workFile(t *testing.T, id uuid.UUID) intake.FileImport {
	t.Helper()
	require.NoError(t, b.svc.WorkFile(t.Context(), b.fileTask(t, id)))
	return b.file(t, id)
}

func (b *testBundle) importFile(t *testing.T, u intake.FileUpload) intake.FileImport {
	t.Helper()
	return b.workFile(t, b.startFile(t, u).ID)
}

func (b *testBundle) file(t *testing.T, id uuid.UUID) intake.FileImport {
	t.Helper()
	found, err := b.svc.FileImportsByID(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	require.Contains(t, found, id)
	return found[id]
}

// tally is a file's numbers: lines, known, imported, routed, waiting, invalid.
func tally(f intake.FileImport) [6]int {
	lines := -1
	if f.Lines != nil {
		lines = *f.Lines
	}
	return [6]int{lines, f.Known, f.Imported, f.Routed, f.Waiting, f.Invalid}
}

func TestFilesThatCannotBeReadAreRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.svc.PreviewFile(t.Context(), b.actor, upload(table(1))) // makes the company's index key
	require.NoError(t, err)
	before := b.everything(t)
	with := func(change func(*intake.FileUpload)) intake.FileUpload {
		u := upload(table(1))
		change(&u)
		return u
	}
	long := strings.Repeat("職", 501)
	for want, u := range map[string]intake.FileUpload{
		"INVALID input.medium":              with(func(u *intake.FileUpload) { u.Medium = "INDEED" }),
		"REQUIRED input.file":               with(func(u *intake.FileUpload) { u.Content = nil }),
		"INVALID input.defaultPositionName": with(func(u *intake.FileUpload) { u.PositionName = &long }),
		"INVALID input.file":                upload(""),
		"REQUIRED input.mapping":            upload("氏名,x\n山田,y\n"),
		"TOO_LONG input.file":               upload("氏名,求人名\n" + strings.Repeat("x", 300<<10)),
		"NOT_FOUND input.mapping": with(func(u *intake.FileUpload) {
			u.Columns = []intake.FileColumn{{Field: intake.FieldName, Header: "氏名"}, {Field: intake.FieldPositionName, Header: "求人名"}, {Field: intake.FieldEmail, Header: "メール"}}
		}),
	} {
		_, _, err := b.svc.StartFileImport(t.Context(), b.actor, u)
		requireUserErrors(t, err, want)
	}
	columns := []intake.FileColumn{{Field: intake.FieldName, Header: "氏名"}, {Field: intake.FieldPositionName, Header: "氏名"}, {Field: "AGE", Header: "求人名"}}
	_, _, err = b.svc.StartFileImport(t.Context(), b.actor, with(func(u *intake.FileUpload) { u.Columns = columns }))
	requireUserErrors(t, err, "INVALID input.mapping", "INVALID input.mapping", "REQUIRED input.mapping")
	broken := upload("")
	broken.Content = failingFile{}
	_, _, err = b.svc.StartFileImport(t.Context(), b.actor, broken)
	require.ErrorIs(t, err, io.ErrClosedPipe, "nobody's mistake")
	b.requireUnchanged(t, before)
}

type failingFile struct{}

func (failingFile) Read([]byte) (int, error)       { return 0, io.ErrClosedPipe }
func (failingFile) Seek(int64, int) (int64, error) { return 0, nil }

func TestFileThatBreaksOffBringsInNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, test := range map[string]struct {
		file   string
		reason intake.FileFailureReason
		line   int
	}{
		"a quote":       {table(500) + "\"山田,営業\n佐藤,営業\n", intake.FileUnclosedQuote, 502},
		"a long line":   {table(500) + strings.Repeat("x", 300<<10), intake.FileLineTooLong, 502},
		"one line more": {table(tabular.MaxLines + 1), intake.FileTooManyLines, tabular.MaxLines + 2},
	} {
		f := b.importFile(t, upload(test.file))
		require.Equal(t, intake.FileFailed, f.Status, name)
		require.Equal(t, &intake.FileFailure{Reason: test.reason, Line: &test.line}, f.Failure)
		require.Equal(t, [6]int{-1, 0, 0, 0, 0, 0}, tally(f))
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidates"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM file_chunks"), "the files are forgotten")
	b.startFile(t, upload(table(500)+"\"山田,営業\n佐藤,営業\n")) // may be tried again
}

func TestFileBringsApplicantsInAsAMediumDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	_, _, err := b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{Medium: intake.MediumDoda, PositionName: "営業", OpeningID: opening.ID})
	require.NoError(t, err)
	f := b.importFile(t, upload("氏名,メール,電話番号,求人名,応募日,応募経路\n"+
		"山田 太郎,taro@example.com,090-1234-5678,営業,2026/1/5 9:30,スカウト\n\n,x@example.com,,営業,,\n佐藤,,,開発,2026-01-06,\n鈴木,,,営業,2999-01-01,\n田中\n"))
	require.Equal(t, intake.FileSucceeded, f.Status)
	require.Equal(t, [6]int{5, 0, 2, 1, 1, 3}, tally(f))
	require.Equal(t, 5, f.Done)
	require.Equal(t, "応募者.csv", *f.FileName)
	require.NotNil(t, f.FinishedAt)

	entries, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{FileImportID: &f.ID}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.Equal(t, []intake.RoutingState{intake.StateWaiting, intake.StateRouted}, []intake.RoutingState{entries[0].State, entries[1].State})
	routed := entries[1]
	require.Equal(t, intake.EntryScoutReplied, routed.Kind)
	require.Equal(t, intake.MediumDoda, routed.Medium)
	require.True(t, routed.AppliedAt.Equal(time.Date(2026, 1, 5, 0, 30, 0, 0, time.UTC)))
	people, err := b.svc.CandidatesByID(t.Context(), b.actor, []uuid.UUID{routed.CandidateID})
	require.NoError(t, err)
	require.Equal(t, []string{"山田 太郎", "taro@example.com", "090-1234-5678"},
		[]string{people[routed.CandidateID].Name, *people[routed.CandidateID].Email, *people[routed.CandidateID].Phone})

	bad, err := b.svc.FileBadLines(t.Context(), b.actor, f.ID, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Equal(t, []int{4, 6, 7}, []int{bad[0].Line, bad[1].Line, bad[2].Line})
	require.Equal(t, []intake.BadLineReason{intake.BadNameMissing, intake.BadInstant, intake.BadPositionMissing},
		[]intake.BadLineReason{bad[0].Reason, bad[1].Reason, bad[2].Reason})
	require.Zero(t, b.number(t, "SELECT count(*) FROM file_chunks"))
	var told []string
	rows, err := b.pool.Query(t.Context(), "SELECT action FROM audit_log WHERE action LIKE 'FILE%' ORDER BY n")
	require.NoError(t, err)
	told, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{"FILE_IMPORT_STARTED", "FILE_IMPORT_ENDED"}, told)
	b.requireInvariants(t)
}

func TestFileComesInOnceHoweverOftenItIsUploaded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.startFile(t, upload(table(3)))
	for range 2 {
		again, already, err := b.svc.StartFileImport(t.Context(), b.actor, upload(table(3)))
		require.NoError(t, err)
		require.True(t, already)
		require.Equal(t, first.ID, again.ID)
		b.workFile(t, first.ID)
	}
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'import_file'"))
	require.Equal(t, [6]int{3, 0, 3, 0, 3, 0}, tally(b.file(t, first.ID)))

	other := upload(table(3))
	other.Medium = intake.MediumGreen
	require.Equal(t, 3, b.importFile(t, other).Imported, "of another medium they are others")
	undated := "氏名,求人名\n" + strings.Repeat("山田,営業\n", 2) + "佐藤,営業\n"
	require.Equal(t, [6]int{3, 0, 3, 0, 3, 0}, tally(b.importFile(t, upload(undated))))
	require.Equal(t, [6]int{4, 3, 1, 0, 1, 0}, tally(b.importFile(t, upload(undated+"山田,営業\n"))), "the same lines in another file are known, whenever that comes")
	require.Equal(t, [6]int{4, 3, 1, 0, 1, 0}, tally(b.importFile(t, upload(table(4)))))
	b.requireInvariants(t)
}

func TestFileComesInOnceHoweverItsColumnsAreMapped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mapped := func(fields map[intake.FileField]string) intake.FileUpload {
		u := upload("氏名,職種,会社,連絡先\n" + strings.Repeat("山田,営業,例社,taro@example.com\n", 2) + "佐藤,営業,例社,\n,営業,,\n")
		for field, header := range fields {
			u.Columns = append(u.Columns, intake.FileColumn{Field: field, Header: header})
		}
		return u
	}
	first := map[intake.FileField]string{intake.FieldName: "氏名", intake.FieldPositionName: "職種"}
	require.Equal(t, [6]int{4, 0, 3, 0, 3, 1}, tally(b.importFile(t, mapped(first))))
	first[intake.FieldEmployer] = "会社"
	require.Equal(t, [6]int{4, 3, 0, 0, 0, 1}, tally(b.importFile(t, mapped(first))))
	first[intake.FieldEmail] = "連絡先"
	require.Equal(t, [6]int{4, 3, 0, 0, 0, 1}, tally(b.importFile(t, mapped(first))), "also where it tells people apart in another way")
	require.Equal(t, 3, b.number(t, "SELECT count(*) FROM candidates"))
	b.requireInvariants(t)
}

func TestAFileIsNoOtherStoryThanItsMedium(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	u := upload("氏名,求人名,応募ID,会員番号\n別の名前,営業,7,person-1\n応募者,営業,8,person-2\n")
	u.Medium = intake.MediumWantedly
	require.Equal(t, 2, b.importFile(t, u).Imported)
	require.Nil(t, b.candidate(t, *b.person(t, "person-1")).ChangedAt, "a file tells less than the medium does")

	comes := func(n int, change func(*intake.SourcePerson)) intake.Candidate {
		again := appliedBy(n, "person-2", "営業")
		change(&again.Person)
		b.source.read = reads(pageOf(fmt.Sprint(n-1)), pageOf(fmt.Sprint(n), again))
		require.Equal(t, 1, b.importAgain(t, account.ID).Imported)
		return b.candidate(t, *b.person(t, "person-2"))
	}
	same := func(*intake.SourcePerson) {}
	require.Nil(t, comes(2, same).ChangedAt, "the first story that the medium tells")
	require.NotNil(t, comes(3, func(p *intake.SourcePerson) { p.Name = "改名" }).ChangedAt, "another")
	require.Nil(t, comes(4, same).ChangedAt)
}

func TestOfManyWhoUploadOneFileAtOnceOneIsFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const many = 8
	results := make(chan bool, many)
	for range many {
		start(t, func() error {
			_, already, err := b.svc.StartFileImport(t.Context(), b.actor, upload(table(2)))
			if err == nil {
				results <- already
			}
			return err
		})
	}
	first := 0
	for range many {
		if !await(t, results) {
			first++
		}
	}
	require.Equal(t, 1, first)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM file_imports"))
}

func TestFilesAtWorkAreFiveAtMost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var f intake.FileImport
	for n := range 5 {
		f = b.startFile(t, upload(table(n+1)))
	}
	_, _, err := b.svc.StartFileImport(t.Context(), b.actor, upload(table(6)))
	requireUserErrors(t, err, "INVALID_STATE input.file")
	_, err = b.svc.CancelFileImport(t.Context(), b.actor, f.ID)
	require.NoError(t, err)
	b.startFile(t, upload(table(6)))
}

// breaking is a queue whose transactions' owner is cut off after so many statements of a kind.
func (b *testBundle) failAfterPages(t *testing.T, pages int) {
	t.Helper()
	b.exec(t, fmt.Sprintf(`CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN IF NEW.done > %d THEN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$`, pages*200))
	b.exec(t, "CREATE TRIGGER break_off BEFORE UPDATE ON file_imports FOR EACH ROW EXECUTE FUNCTION break_off()")
}

func TestFileWhoseWorkerDiesGoesOnBehindItsLastPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.startFile(t, upload("氏名,求人名\n"+strings.Repeat("山田,営業\n", 1000)))
	b.failAfterPages(t, 3)
	require.ErrorContains(t, b.svc.WorkFile(t.Context(), b.fileTask(t, f.ID)), "disk is full")
	f = b.file(t, f.ID)
	require.Equal(t, intake.FileRunning, f.Status)
	require.Equal(t, [6]int{1000, 0, 600, 0, 600, 0}, tally(f))
	require.Equal(t, 600, b.number(t, "SELECT count(*) FROM inbox_entries"))

	b.exec(t, "DROP TRIGGER break_off ON file_imports")
	require.NoError(t, b.svc.WorkFile(t.Context(), b.fileTask(t, f.ID)), "somebody seems to be at work")
	require.Equal(t, 600, b.file(t, f.ID).Done)
	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	b.exec(t, "UPDATE file_imports SET lease_until = now() - interval '1 second'")
	n, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "it is given to one")
	f = b.workFile(t, f.ID)
	require.Equal(t, intake.FileSucceeded, f.Status)
	require.Equal(t, [6]int{1000, 0, 1000, 0, 1000, 0}, tally(f), "equal lines are told apart also by another worker")
	b.requireInvariants(t)
}

func TestFileThatKillsWhoeverTakesItUpIsGivenUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.startFile(t, upload(table(1)))
	b.exec(t, "UPDATE file_imports SET attempts = 10, status = 'RUNNING', lease_until = now() - interval '1 second'")
	f = b.workFile(t, f.ID)
	require.Equal(t, intake.FileFailed, f.Status)
	require.Equal(t, intake.FileInternal, f.Failure.Reason)
}

func TestOfTwoWorkersOfAFileOneBringsItIn(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.Lease = 50 * time.Millisecond })
	f := b.startFile(t, upload(table(2000)))
	task := b.fileTask(t, f.ID)
	// Whoever has it seems dead to the others now and then.
	var over atomic.Bool
	thief := start(t, func() error {
		for !over.Load() {
			if _, err := b.pool.Exec(context.Background(), "UPDATE file_imports SET attempts = 0, lease_until = now() - interval '1 second' WHERE lease_owner IS NOT NULL"); err != nil {
				return err
			}
		}
		return nil
	})
	var workers []<-chan error
	for range 4 {
		workers = append(workers, start(t, func() error {
			for range 20 {
				if err := b.svc.WorkFile(t.Context(), task); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, w := range workers {
		require.NoError(t, <-w, "however long a busy machine takes")
	}
	over.Store(true)
	require.NoError(t, await(t, thief))
	b.exec(t, "UPDATE file_imports SET lease_until = now() - interval '1 second', attempts = 0 WHERE status = 'RUNNING'")
	require.NoError(t, b.svc.WorkFile(t.Context(), task))
	f = b.file(t, f.ID)
	require.Equal(t, intake.FileSucceeded, f.Status, "%+v", f.Failure)
	require.Equal(t, [6]int{2000, 0, 2000, 0, 2000, 0}, tally(f))
	require.Equal(t, 2000, b.number(t, "SELECT count(*) FROM inbox_entries"))
	b.requireInvariants(t)
}

func TestWorkerThatIsToldToStopHandsItsFileOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.startFile(t, upload(table(1000)))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	changes, err := b.svc.WatchFileImports(t.Context(), b.actor, &f.ID, nil)
	require.NoError(t, err)
	task := b.fileTask(t, f.ID)
	worker := start(t, func() error { return b.svc.WorkFile(ctx, task) })
	for e := range changes {
		b.svc.WakeAllWatchers()
		if e.Import.Done > 0 {
			break
		}
	}
	stop()
	require.NoError(t, await(t, worker))
	if b.file(t, f.ID).Status == intake.FileRunning {
		require.Zero(t, b.number(t, "SELECT count(lease_owner) FROM file_imports"))
		require.Zero(t, b.number(t, "SELECT attempts FROM file_imports"), "to stop is no failure")
		n, err := b.svc.Revive(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	f = b.workFile(t, f.ID)
	require.Equal(t, [6]int{1000, 0, 1000, 0, 1000, 0}, tally(f))
}

func TestCancelledFileBringsInNobodyMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.startFile(t, upload(table(10)))
	task := b.fileTask(t, f.ID)
	cancelled, err := b.svc.CancelFileImport(t.Context(), b.actor, f.ID)
	require.NoError(t, err)
	require.Equal(t, intake.FileCancelled, cancelled.Status)
	require.NotNil(t, cancelled.FileName)
	_, err = b.svc.CancelFileImport(t.Context(), b.actor, f.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.CancelFileImport(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
	require.NoError(t, b.svc.WorkFile(t.Context(), task))
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidates"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM file_chunks"))
	require.Equal(t, intake.FileSucceeded, b.importFile(t, upload(table(10))).Status, "who changes their mind uploads it again")
}

func TestFileThatIsCancelledInTheMiddleKeepsWhatIsIn(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.Lease = 50 * time.Millisecond })
	f := b.startFile(t, upload(table(1000)))
	holder, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, holder.Rollback(context.Background())) }()
	// The rules are being changed: the worker waits before its first page.
	_, err = holder.Exec(t.Context(), "SELECT pg_advisory_xact_lock(hashtextextended('rules:' || $1::text, 0))", b.actor.Company.ID)
	require.NoError(t, err)
	worker := start(t, func() error { return b.svc.WorkFile(t.Context(), b.fileTask(t, f.ID)) })
	require.Eventually(t, func() bool { return b.file(t, f.ID).Lines != nil }, patience, time.Millisecond)
	_, err = b.svc.CancelFileImport(t.Context(), b.actor, f.ID)
	require.NoError(t, err)
	require.NoError(t, await(t, worker), "it notices by itself")
	f = b.file(t, f.ID)
	require.Equal(t, intake.FileCancelled, f.Status)
	require.Equal(t, [6]int{1000, 0, 0, 0, 0, 0}, tally(f))
}

func TestWhatTheLinkBroughtInAFileDoesNotBringTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "営業")))
	u := upload("氏名,求人名,応募日,応募ID,会員番号\n応募者,営業,2026-01-05,1,person-1\n応募者,営業,,3,person-3\n応募者,営業,,1,\n")
	u.Medium = intake.MediumWantedly
	require.Equal(t, [6]int{3, 1, 2, 0, 2, 0}, tally(b.importFile(t, u)), "by both numbers it is the same application, with one it cannot be told")
	b.source.read = reads(pageOf("2"), pageOf("4", applied(3, "営業"), applied(4, "営業")))
	run := b.importAgain(t, account.ID)
	require.Equal(t, []int{1, 1}, []int{run.Known, run.Imported}, "nor the link what a file did, at whatever instant")
	b.requireInvariants(t)
}

func TestWhoWasErasedDoesNotComeBackByFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.importFile(t, upload("氏名,求人名,メール,応募日\n山田,営業,taro@example.com,2026-01-05\n佐藤,営業,,2026-01-05\n"))
	for _, e := range b.entries(t) {
		_, err := b.svc.EraseCandidate(t.Context(), b.actor, e.CandidateID, intake.ErasedOnRequest)
		require.NoError(t, err)
	}
	f := b.importFile(t, upload("氏名,求人名,メール,応募日\n山田,営業,Taro@example.com,2026-01-05\n佐藤,営業,,2026-01-05\n山田,開発,taro@example.com,\n鈴木,営業,,\n"))
	require.Equal(t, [6]int{4, 3, 1, 0, 1, 0}, tally(f), "nor without a day, which might be any")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM candidates"))
	b.exec(t, "UPDATE erased_people SET erased_at = '2026-01-06'")
	f = b.importFile(t, upload("氏名,求人名,メール,応募日\n山田,営業,taro@example.com,2026-01-07\n山田,開発,taro@example.com,\n"))
	require.Equal(t, [6]int{2, 1, 1, 0, 1, 0}, tally(f), "who applied anew comes in")
}

func TestPreviewShowsWhatWouldComeOfAFileAndWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.svc.PreviewFile(t.Context(), b.actor, upload(table(1))) // makes the company's index key
	require.NoError(t, err)
	before := b.everything(t)
	p, err := b.svc.PreviewFile(t.Context(), b.actor, upload("\"x"))
	require.NoError(t, err)
	require.Equal(t, intake.CodeInvalid, p.Problems[0].Code)
	require.Nil(t, p.Kind)
	p, err = b.svc.PreviewFile(t.Context(), b.actor, upload("お名前\t職種\tメモ\n山田\t営業\t\n,x\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"お名前", "職種", "メモ"}, p.Headers)
	require.Equal(t, []intake.FileColumn{{Field: intake.FieldName, Header: "お名前"}, {Field: intake.FieldCurrentPosition, Header: "職種"}}, p.Columns)
	require.Equal(t, "\t", *p.Separator)
	require.Equal(t, intake.FileEncoding(tabular.UTF8), *p.Encoding)
	require.Equal(t, intake.CodeRequired, p.Problems[0].Code)
	require.False(t, p.Remembered)

	position := "営業"
	u := upload("お名前,応募日\n" + strings.Repeat("山田,2026-01-05\n佐藤,\n,\n鈴木,いつか\n", 3))
	u.PositionName = &position
	p, err = b.svc.PreviewFile(t.Context(), b.actor, u)
	require.NoError(t, err)
	require.Empty(t, p.Problems)
	require.Len(t, p.Lines, 5)
	require.Equal(t, "山田", *p.Lines[0].Name)
	require.Equal(t, "営業", *p.Lines[0].PositionName)
	require.NotNil(t, p.Lines[0].AppliedAt)
	require.Nil(t, p.Lines[1].AppliedAt)
	require.Equal(t, intake.BadDate, p.Lines[2].Bad.Reason)
	require.Equal(t, 5, p.Lines[2].Line)
	b.requireUnchanged(t, before)
}

func TestMappingOfAMediumIsRememberedAndOverruled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u := upload("名称,職種,氏名\n山田,営業,x\n")
	u.Columns = []intake.FileColumn{{Field: intake.FieldName, Header: "名称"}, {Field: intake.FieldPositionName, Header: "職種"}}
	require.Equal(t, 1, b.importFile(t, u).Imported)
	p, err := b.svc.PreviewFile(t.Context(), b.actor, upload("メール,職種,名 称\nx,y,z\n"))
	require.NoError(t, err)
	require.True(t, p.Remembered)
	require.Equal(t, []intake.FileColumn{{Field: intake.FieldName, Header: "名 称"}, {Field: intake.FieldPositionName, Header: "職種"}, {Field: intake.FieldEmail, Header: "メール"}}, p.Columns)
	other := upload("名称,職種,氏名\nx,y,z\n")
	other.Medium = intake.MediumGreen
	p, err = b.svc.PreviewFile(t.Context(), b.actor, other)
	require.NoError(t, err)
	require.False(t, p.Remembered, "it is the medium's")
	other.Medium = intake.MediumDoda
	other.Columns = []intake.FileColumn{{Field: intake.FieldName, Header: "氏名"}}
	p, err = b.svc.PreviewFile(t.Context(), b.actor, other)
	require.NoError(t, err)
	require.Equal(t, other.Columns, p.Columns)
}

func TestBadLinesAreHandedOverWholeAndForgottenAfterAMonth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.importFile(t, upload("氏名,求人名,備考\n,営業,秘密のメモ\n山\"田,営業\n"+strings.Repeat(",営業\n", 1200)))
	require.Equal(t, 1202, f.Invalid)
	export := func() (headers []string, lines []intake.BadLine) {
		require.NoError(t, b.svc.BadLines(t.Context(), b.actor, f.ID, func(h []string, batch []intake.BadLine) error {
			headers, lines = h, append(lines, batch...)
			return nil
		}))
		return headers, lines
	}
	headers, lines := export()
	require.Equal(t, []string{"氏名", "求人名", "備考"}, headers)
	require.Len(t, lines, 1202)
	require.Equal(t, []string{"", "営業", "秘密のメモ"}, lines[0].Cells)
	require.Equal(t, intake.BadQuotes, lines[1].Reason)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'FILE_BAD_LINES_EXPORTED' AND detail->>'count' = '1202'"))
	require.ErrorIs(t, b.svc.BadLines(t.Context(), b.actor, uuid.New(), nil), intake.ErrNotFound)
	for table, contents := range b.everything(t) {
		require.NotContains(t, contents, "秘密のメモ", table)
		require.NotContains(t, contents, "応募者.csv", table)
	}

	require.ErrorIs(t, b.svc.BadLines(t.Context(), b.actor, f.ID, func([]string, []intake.BadLine) error {
		b.exec(t, "UPDATE members SET revision = revision + 1 WHERE id = $1", b.actor.Member.ID)
		return nil
	}), intake.ErrUnauthenticated, "it ends with the sign-in")
	b.exec(t, "UPDATE members SET revision = revision - 1 WHERE id = $1", b.actor.Member.ID)

	b.exec(t, "UPDATE file_imports SET finished_at = now() - interval '29 days'")
	require.NoError(t, b.svc.Prune(t.Context()))
	_, lines = export()
	require.Len(t, lines, 1202)
	b.exec(t, "UPDATE file_imports SET finished_at = now() - interval '31 days'")
	require.NoError(t, b.svc.Prune(t.Context()))
	headers, lines = export()
	require.Empty(t, headers)
	require.Empty(t, lines)
	f = b.file(t, f.ID)
	require.Nil(t, f.FileName)
	require.Equal(t, 1202, f.Invalid, "the numbers stay")
}

func TestAFilesPartsOpenInTheirPlacesAlone(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.FileChunk = 1 << 10 })
	f := b.startFile(t, upload(table(200)))
	require.Greater(t, b.number(t, "SELECT count(*) FROM file_chunks"), 3)
	b.exec(t, "UPDATE file_chunks SET sealed = (SELECT sealed FROM file_chunks WHERE n = 1) WHERE n = 0")
	f = b.workFile(t, f.ID)
	require.Equal(t, intake.FileFailed, f.Status)
	require.Equal(t, intake.FileInternal, f.Failure.Reason)
	f = b.startFile(t, upload(table(199)))
	b.exec(t, "DELETE FROM file_chunks WHERE n = (SELECT max(n) FROM file_chunks)")
	require.Equal(t, intake.FileFailed, b.workFile(t, f.ID).Status, "half a file is not the file")
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidates"))
}

func TestWhoWatchesAFileSeesItsLinesComeIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.startFile(t, upload(table(450)))
	_, err := b.svc.WatchFileImports(t.Context(), b.actor, new(uuid.New()), nil)
	require.ErrorIs(t, err, intake.ErrNotFound)
	b.workFile(t, f.ID)
	b.importFile(t, upload(table(1)))
	changes, err := b.svc.WatchFileImports(t.Context(), b.actor, &f.ID, new(firstCursor))
	require.NoError(t, err)
	var seen []string
	for e := range changes {
		require.Equal(t, "応募者.csv", *e.Import.FileName)
		seen = append(seen, fmt.Sprint(e.Import.Status, " ", e.Import.Done))
		if e.Import.Status == intake.FileSucceeded {
			break
		}
	}
	require.Equal(t, []string{"QUEUED 0", "RUNNING 0", "RUNNING 0", "RUNNING 200", "RUNNING 400", "RUNNING 450", "SUCCEEDED 450"}, seen)
	require.Zero(t, b.number(t, "SELECT count(*) FROM events WHERE payload::text LIKE '%応募者%'"))
}

// firstCursor is the place before everything.
const firstCursor = "MS4w"

// A hundred thousand lines are cmd/bench's, and take minutes.
func TestManyLinesComeInWithoutMuchMemory(t *testing.T) { //nolint:paralleltest // the heap is everybody's
	const lines = 2000
	b := setup(t)
	for name, content := range map[string]string{"csv": table(lines), "xlsx": sheet(t, lines)} {
		u := upload(content)
		u.Name, u.Medium = "応募者."+name, map[string]intake.Medium{"csv": intake.MediumDoda, "xlsx": intake.MediumGreen}[name]
		began := time.Now()
		heap := heapDuring(func() {
			f := b.importFile(t, u)
			require.Equal(t, [6]int{lines, 0, lines, 0, lines, 0}, tally(f), "%s: %+v", name, f.Failure)
		})
		t.Logf("%s: %d KB of file, %d MB of heap, %.0f lines/s", name, len(content)>>10, heap>>20, lines/time.Since(began).Seconds())
		require.Less(t, heap, uint64(16<<20), name)
	}
}

// heapDuring is how much more lives on the heap, at most, while f runs: what is dead does not count, whenever it is
// collected.
func heapDuring(f func()) uint64 {
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, over, most := live(), make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(200 * time.Millisecond)
		defer ticker.Stop()
		highest := before
		for {
			select {
			case <-ticker.C:
				highest = max(highest, live())
			case <-over:
				most <- highest - before
				return
			}
		}
	}()
	f()
	close(over)
	return <-most
}

// sheet is table as XLSX.
func sheet(t *testing.T, n int) string {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	for i, line := range strings.Split(strings.TrimSpace(table(n)), "\n") {
		cells := []any{}
		for cell := range strings.SplitSeq(line, ",") {
			cells = append(cells, cell)
		}
		name, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, w.SetRow(name, cells))
	}
	require.NoError(t, w.Flush())
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.String()
}
