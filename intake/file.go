package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
	"renkei/tabular"
)

// FileTask is one file for somebody to bring in.
type FileTask struct{ CompanyID, FileID uuid.UUID }

// FileStatus is how far the import of a file has come.
type FileStatus string

// The states of a file's import.
const (
	FileQueued    FileStatus = "QUEUED"
	FileRunning   FileStatus = "RUNNING"
	FileSucceeded FileStatus = "SUCCEEDED"
	FileFailed    FileStatus = "FAILED"
	FileCancelled FileStatus = "CANCELLED"
)

// FileFailureReason is why the import of a file ended before its end.
type FileFailureReason string

// The reasons; all but the last are those of package tabular, and found before anybody comes in.
const (
	FileUnreadable    = FileFailureReason(tabular.Unreadable)
	FileProtected     = FileFailureReason(tabular.Protected)
	FileEmpty         = FileFailureReason(tabular.Empty)
	FileUnclosedQuote = FileFailureReason(tabular.UnclosedQuote)
	FileLineTooLong   = FileFailureReason(tabular.LineTooLong)
	FileTooManyLines  = FileFailureReason(tabular.TooManyLines)
	FileTooLarge      = FileFailureReason(tabular.TooLarge)
	FileInternal      = FileFailureReason("INTERNAL")
)

// Text says what is wrong with a file, and what to do.
func (r FileFailureReason) Text() Text {
	switch r {
	case FileUnreadable:
		return Text{"ファイルを読み取れません。CSV、TSV、XLSXのいずれかで保存し直してください。", "This file cannot be read. Save it as CSV, TSV or XLSX."}
	case FileProtected:
		return Text{
			"パスワード付き、または古い形式（.xls）のファイルは読み取れません。パスワードのないXLSXかCSVで保存し直してください。",
			"A file with a password, or of the older kind (.xls), cannot be read. Save it as XLSX without a password, or as CSV.",
		}
	case FileEmpty:
		return Text{"ファイルが空です。", "The file is empty."}
	case FileUnclosedQuote:
		return Text{"引用符（\"）が閉じられていない行があります。", "A quotation mark is not closed."}
	case FileLineTooLong:
		return Text{"長すぎる行があります（256KBまで）。", "A line is longer than 256 KB."}
	case FileTooManyLines:
		return Text{"行が多すぎます。10万行までのファイルに分けてください。", "These are too many lines. Make it files of at most 100,000."}
	case FileTooLarge:
		return Text{"ファイルが大きすぎます（64MBまで）。", "The file is larger than 64 MB."}
	case FileInternal:
	}
	return Text{"取り込みに失敗しました。もう一度お試しください。続く場合はお問い合わせください。", "The import failed. Try again; contact support if this lasts."}
}

// FileFailure is why a file did not come in whole.
type FileFailure struct {
	Reason FileFailureReason `json:"reason"`
	// Line is where, if it is somewhere.
	Line *int `json:"line,omitempty"`
}

// FileImport is a file of applicants on its way in. Done = Known + Imported + Invalid, and Imported = Routed +
// Waiting, at each instant.
type FileImport struct {
	ID       uuid.UUID  `json:"id"`
	Medium   Medium     `json:"medium"`
	MemberID uuid.UUID  `json:"memberId"`
	Status   FileStatus `json:"status"`
	// FileName may name somebody: it is in no event, and forgotten with the bad lines.
	FileName *string `json:"-"`
	Size     int     `json:"size"`
	// Lines is nil until they are counted, which is before the first comes in.
	Lines      *int         `json:"lines,omitempty"`
	Done       int          `json:"done"`
	Known      int          `json:"known"`
	Imported   int          `json:"imported"`
	Routed     int          `json:"routed"`
	Waiting    int          `json:"waiting"`
	Invalid    int          `json:"invalid"`
	Failure    *FileFailure `json:"failure,omitempty"`
	UploadedAt time.Time    `json:"uploadedAt"`
	StartedAt  *time.Time   `json:"startedAt,omitempty"`
	FinishedAt *time.Time   `json:"finishedAt,omitempty"`
}

// FileImportEvent is the import of a file as it stood at an instant.
type FileImportEvent struct {
	Cursor string
	At     time.Time
	Import FileImport
}

// BadLine is a line of a file that could not come in.
type BadLine struct {
	ID     uuid.UUID
	Line   int
	Reason BadLineReason
	// Field is the one to blame, if one is.
	Field *FileField
	// Cells are what the line says, for those who export it.
	Cells []string
}

// FileImports returns the company's files, the latest first.
func (s *Service) FileImports(ctx context.Context, actor Actor, page Keyset) ([]FileImport, error) {
	if err := actor.must(recruiters); err != nil {
		return nil, err
	}
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiters).FileImports(ctx, dbgen.FileImportsParams{CompanyID: actor.Company.ID, After: after, MaxRows: page.maxRows()})
	if err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	return s.fileImports(rows)
}

// CountFileImports counts what FileImports would return in all.
func (s *Service) CountFileImports(ctx context.Context, actor Actor) (int, error) {
	n, err := s.as(actor, recruiters).CountFileImports(ctx, actor.Company.ID)
	return int(n), wrap("count files", err)
}

// FileImportsByID returns the files among ids, by id.
func (s *Service) FileImportsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]FileImport, error) {
	rows, err := s.as(actor, recruiters).FileImportsByID(ctx, dbgen.FileImportsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	files, err := s.fileImports(rows)
	return byID(files, func(f FileImport) uuid.UUID { return f.ID }), err
}

// WatchFileImports yields how the import of one file, or of all, goes on; see WatchAccounts. Without a cursor, the one
// file comes first, or those under way and the latest.
func (s *Service) WatchFileImports(ctx context.Context, actor Actor, id *uuid.UUID, after *string) (iter.Seq[FileImportEvent], error) {
	if err := actor.must(recruiters); err != nil {
		return nil, err
	}
	if id != nil {
		found, err := s.FileImportsByID(ctx, actor, []uuid.UUID{*id})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, ErrNotFound
		}
	}
	return watch(ctx, s, actor, stream[FileImportEvent]{
		kind: eventFile, subjectID: id,
		current: func(ctx context.Context, q *dbgen.Queries) ([]FileImportEvent, error) {
			rows, err := q.FileImportsAtWork(ctx, dbgen.FileImportsAtWorkParams{CompanyID: actor.Company.ID, ID: id})
			if err != nil {
				return nil, fmt.Errorf("read files: %w", err)
			}
			files, err := s.fileImports(rows)
			return mapRows(files, func(f FileImport) FileImportEvent { return FileImportEvent{Import: f} }), err
		},
		decode: s.decodeFileEvents(actor.Company.ID),
		stamp:  func(e *FileImportEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// decodeFileEvents adds what the log leaves out: the file's name.
func (s *Service) decodeFileEvents(companyID uuid.UUID) func(context.Context, []dbgen.EventsAfterRow) ([]FileImportEvent, error) {
	return func(ctx context.Context, rows []dbgen.EventsAfterRow) ([]FileImportEvent, error) {
		found, err := s.of(companyID).FileImportsByID(ctx, dbgen.FileImportsByIDParams{
			CompanyID: companyID, Ids: mapRows(rows, func(r dbgen.EventsAfterRow) uuid.UUID { return *r.SubjectID }),
		})
		if err != nil {
			return nil, fmt.Errorf("read files: %w", err)
		}
		files, err := s.fileImports(found)
		if err != nil {
			return nil, err
		}
		names := make(map[uuid.UUID]*string, len(files))
		for _, f := range files {
			names[f.ID] = f.FileName
		}
		out := make([]FileImportEvent, len(rows))
		for i, r := range rows {
			if err := json.Unmarshal(r.Payload, &out[i].Import); err != nil {
				return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
			}
			out[i].Import.FileName = names[*r.SubjectID]
		}
		return out, nil
	}
}

// CancelFileImport ends an import that is not over. What has come in stays.
func (s *Service) CancelFileImport(ctx context.Context, actor Actor, id uuid.UUID) (FileImport, error) {
	var ended dbgen.FileImport
	err := s.change(ctx, actor, recruiters, "cancel file import", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.LockFileImport(ctx, dbgen.LockFileImportParams{CompanyID: actor.Company.ID, ID: id})
		switch {
		case db.IsNoRows(err):
			return notFound("id")
		case err != nil:
			return fmt.Errorf("lock file: %w", err)
		}
		if why := whyNotCancel(row.FinishedAt); why != nil {
			return refuse(CodeInvalidState, *why, "id")
		}
		ended, err = q.FinishFileImport(ctx, dbgen.FinishFileImportParams{CompanyID: actor.Company.ID, ID: id, Status: string(FileCancelled)})
		if err != nil {
			return fmt.Errorf("cancel file: %w", err)
		}
		return s.endFile(ctx, q, actor, AuditFileCancelled, ended)
	})
	if err != nil {
		return FileImport{}, err
	}
	return s.fileImport(ended)
}

var textFileOver = Text{"取り込みはすでに終了しています。", "The import is over already."}

// whyNotCancel says why the import of a file cannot be cancelled, or nil.
func whyNotCancel(finishedAt *time.Time) *Text {
	if finishedAt != nil {
		return &textFileOver
	}
	return nil
}

// FileAction is something that can be done to the import of a file.
type FileAction string

// ActionCancelFile is the only one.
const ActionCancelFile FileAction = "CANCEL"

// FileActionState says whether an action is possible now.
type FileActionState struct {
	Action FileAction
	Possible
}

// AvailableActions lists every action and whether the import's state, and the actor's roles, allow it.
func (f FileImport) AvailableActions(actor Actor) []FileActionState {
	return []FileActionState{{ActionCancelFile, actor.forThose(recruiters, textForRecruiters, whyNotCancel(f.FinishedAt))}}
}

// endFile forgets the file itself and tells that its import is over.
func (s *Service) endFile(ctx context.Context, q *dbgen.Queries, actor Actor, action AuditAction, row dbgen.FileImport) error {
	if err := q.DropFileChunks(ctx, dbgen.DropFileChunksParams{CompanyID: row.CompanyID, FileID: row.ID}); err != nil {
		return fmt.Errorf("drop file: %w", err)
	}
	detail := map[string]any{
		"medium": row.Medium, "status": row.Status, "lines": row.Done, "known": row.Known, "imported": row.Imported,
		"routed": row.Routed, "waiting": row.Waiting, "invalid": row.Invalid,
	}
	if row.FailureReason != nil {
		detail["reason"] = *row.FailureReason
	}
	if err := audit(ctx, q, actor, action, &row.ID, detail); err != nil {
		return err
	}
	var told events
	told.fileChanged(row.CompanyID, fileAsStored(row))
	return told.append(ctx, q)
}

func (s *Service) fileImports(rows []dbgen.FileImport) ([]FileImport, error) {
	files := make([]FileImport, len(rows))
	for i, r := range rows {
		var err error
		if files[i], err = s.fileImport(r); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// fileImport is a file with its name, as long as that is kept.
func (s *Service) fileImport(r dbgen.FileImport) (FileImport, error) {
	f := fileAsStored(r)
	if r.Sealed == nil || s.lost(r.Sealed) {
		return f, nil
	}
	plan, err := s.openPlan(r)
	f.FileName = filled(&plan.FileName)
	return f, err
}

func fileAsStored(r dbgen.FileImport) FileImport {
	f := FileImport{
		ID: r.ID, Medium: Medium(r.Medium), MemberID: r.MemberID, Status: FileStatus(r.Status), Size: int(r.Size),
		Lines: number(r.Lines), Done: int(r.Done), Known: int(r.Known), Imported: int(r.Imported), Routed: int(r.Routed),
		Waiting: int(r.Waiting), Invalid: int(r.Invalid), UploadedAt: r.CreatedAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt,
	}
	if r.FailureReason != nil {
		f.Failure = &FileFailure{FileFailureReason(*r.FailureReason), number(r.FailureLine)}
	}
	return f
}

func number(n *int32) *int {
	if n == nil {
		return nil
	}
	wide := int(*n)
	return &wide
}
