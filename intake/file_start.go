package intake

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// StartFileImport takes a file in and has somebody bring its applicants in. The same file of the same medium, read the
// same way, comes in once: another time the first import is returned, and already says so.
func (s *Service) StartFileImport(ctx context.Context, actor Actor, u FileUpload) (f FileImport, already bool, err error) {
	if err := actor.must(recruiters); err != nil {
		return FileImport{}, false, err
	}
	p, err := s.inspect(ctx, actor, u, "input", "file")
	if err != nil {
		return FileImport{}, false, err
	}
	var c check
	p.layout(&c, "input", "mapping")
	if err := c.err(); err != nil {
		return FileImport{}, false, err
	}
	key, err := s.indexKey(ctx, actor.Company.ID)
	if err != nil {
		return FileImport{}, false, err
	}
	var row dbgen.FileImport
	err = s.change(ctx, actor, recruiters, "start file import", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		row, already, err = s.takeFile(ctx, tx, q, actor, u, p, key)
		return err
	})
	if err != nil {
		return FileImport{}, false, err
	}
	f, err = s.fileImport(row)
	return f, already, err
}

func (s *Service) takeFile(
	ctx context.Context, tx pgx.Tx, q *dbgen.Queries, actor Actor, u FileUpload, p inspected, key indexKey,
) (row dbgen.FileImport, already bool, err error) {
	company := actor.Company.ID
	if err := q.LockFiles(ctx, company); err != nil {
		return row, false, fmt.Errorf("lock files: %w", err)
	}
	fingerprint, err := p.fingerprint(key, u.Medium)
	if err != nil {
		return row, false, err
	}
	row, err = q.FileImportOnce(ctx, dbgen.FileImportOnceParams{CompanyID: company, Fingerprint: fingerprint})
	if err == nil || !db.IsNoRows(err) {
		return row, err == nil, wrap("look for the file", err)
	}
	if n, err := q.CountFilesAtWork(ctx, company); err != nil {
		return row, false, fmt.Errorf("count files at work: %w", err)
	} else if n >= filesAtWork {
		return row, false, refuse(CodeInvalidState, Text{
			"取り込み中のファイルが多すぎます。終わるまでお待ちください。", "Too many files are on their way in. Wait until one has ended.",
		}, "input", "file")
	}
	id := newID()
	size, err := u.Content.Seek(0, io.SeekEnd)
	if err != nil {
		return row, false, fmt.Errorf("measure file: %w", err)
	}
	sealed, err := s.sealPlan(company, id, p.plan)
	if err != nil {
		return row, false, err
	}
	err = q.InsertFileImport(ctx, dbgen.InsertFileImportParams{
		CompanyID: company, ID: id, Medium: string(u.Medium), MemberID: actor.Member.ID, Fingerprint: fingerprint, Sealed: sealed,
		Size: size, Patience: wakePatience,
	})
	if err != nil {
		return row, false, fmt.Errorf("insert file: %w", err)
	}
	if err := s.keepFile(ctx, q, company, id, u.Content); err != nil {
		return row, false, err
	}
	columns, err := json.Marshal(p.plan.Columns)
	if err != nil {
		return row, false, fmt.Errorf("encode mapping: %w", err)
	}
	if err := q.RememberFileMapping(ctx, dbgen.RememberFileMappingParams{CompanyID: company, Medium: string(u.Medium), Columns: columns}); err != nil {
		return row, false, fmt.Errorf("remember mapping: %w", err)
	}
	if err := s.queue.ImportFile(ctx, tx, FileTask{company, id}); err != nil {
		return row, false, fmt.Errorf("queue file: %w", err)
	}
	if row, err = q.LockFileImport(ctx, dbgen.LockFileImportParams{CompanyID: company, ID: id}); err != nil {
		return row, false, fmt.Errorf("read file: %w", err)
	}
	if err := audit(ctx, q, actor, AuditFileStarted, &id, map[string]any{"medium": u.Medium, "size": size}); err != nil {
		return row, false, err
	}
	var told events
	told.fileChanged(company, fileAsStored(row))
	return row, false, told.append(ctx, q)
}

// fingerprint stands for the file and how it is read.
func (p inspected) fingerprint(key indexKey, medium Medium) ([]byte, error) {
	columns := slices.Clone(p.plan.Columns)
	slices.SortFunc(columns, func(a, b FileColumn) int { return strings.Compare(string(a.Field), string(b.Field)) })
	read, err := json.Marshal(columns)
	if err != nil {
		return nil, fmt.Errorf("encode mapping: %w", err)
	}
	return key.hash(fmt.Sprintf("file:%s:%s:%s:%q", medium, hex.EncodeToString(p.hash[:]), read, p.plan.PositionName)), nil
}

// keepFile seals a file in parts.
func (s *Service) keepFile(ctx context.Context, q *dbgen.Queries, companyID, fileID uuid.UUID, content io.ReadSeeker) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	part := make([]byte, s.settings.FileChunk)
	for n := int32(0); ; n++ {
		read, err := io.ReadFull(content, part)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return fmt.Errorf("read file: %w", err)
		}
		if read == 0 {
			return nil
		}
		id := chunkID(fileID, n)
		sealed, err := s.vault.Seal(NewSecret(string(part[:read])), companyID, id, fileChunkField)
		if err != nil {
			return err
		}
		if err := q.InsertFileChunk(ctx, dbgen.InsertFileChunkParams{CompanyID: companyID, ID: id, FileID: fileID, N: n, Sealed: sealed}); err != nil {
			return fmt.Errorf("keep part of a file: %w", err)
		}
		if last {
			return nil
		}
	}
}

// chunkID is the id of a file's part in its place.
func chunkID(fileID uuid.UUID, n int32) uuid.UUID {
	return uuid.NewSHA1(fileID, fmt.Appendf(nil, "%d", n))
}
