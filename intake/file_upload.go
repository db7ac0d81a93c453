package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
	"renkei/tabular"
)

const (
	// filePlanField and fileChunkField are what the vault knows a file by.
	filePlanField  = "file plan"
	fileChunkField = "file chunk"
	fileChunkSize  = 1 << 20
	// filesAtWork is how many files of a company may be on their way in at once.
	filesAtWork = 5
	maxFileName = 255
	// previewLines are shown before anything is written.
	previewLines = 5
)

// FileUpload is a file of applicants as somebody hands it in.
type FileUpload struct {
	Medium Medium
	// Name is the file's own.
	Name    string
	Content io.ReadSeeker
	// Columns say where each field stands; nil for what was remembered of the medium, or else what can be told.
	Columns []FileColumn
	// PositionName is that of lines that name none.
	PositionName *string
}

// filePlan is how a file is read.
type filePlan struct {
	FileName     string           `json:"fileName"`
	Kind         tabular.Kind     `json:"kind"`
	Encoding     tabular.Encoding `json:"encoding,omitempty"`
	Separator    rune             `json:"separator,omitempty"`
	Headers      []string         `json:"headers"`
	Columns      []FileColumn     `json:"columns"`
	PositionName string           `json:"positionName"`
}

func (p filePlan) format() tabular.Format {
	return tabular.Format{Kind: p.Kind, Encoding: p.Encoding, Separator: p.Separator}
}

// FileKind is what a file is; see package tabular.
type FileKind string

// FileEncoding is how a CSV writes its characters; see package tabular.
type FileEncoding string

// FilePreview is what would come of a file.
type FilePreview struct {
	// Kind is nil where the file cannot be read.
	Kind *FileKind
	// Encoding and Separator are of a CSV.
	Encoding  *FileEncoding
	Separator *string
	Headers   []string
	Columns   []FileColumn
	// Remembered says that the columns are those of the medium's last file.
	Remembered bool
	Lines      []FilePreviewLine
	// Problems are what to mend before the file can come in.
	Problems []UserError
}

// FilePreviewLine is a line as it would come in, or why it would not.
type FilePreviewLine struct {
	Line            int
	Bad             *BadLine
	Name            *string
	Email           *string
	Phone           *string
	PositionName    *string
	AppliedAt       *time.Time
	Kind            *EntryKind
	CurrentPosition *string
	CompanyName     *string
	SchoolName      *string
	Skills          []string
	Introduction    *string
	Location        *string
	ProfileURL      *string
}

// PreviewFile says what would come of a file. It writes nothing.
func (s *Service) PreviewFile(ctx context.Context, actor Actor, u FileUpload) (FilePreview, error) {
	preview := FilePreview{Headers: []string{}, Columns: []FileColumn{}, Lines: []FilePreviewLine{}}
	if err := actor.must(recruiters); err != nil {
		return preview, err
	}
	p, err := s.inspect(ctx, actor, u, "file")
	if mend, ok := errors.AsType[UserErrors](err); ok {
		preview.Problems = mend
		return preview, nil
	}
	if err != nil {
		return preview, err
	}
	preview.Kind, preview.Headers, preview.Columns, preview.Remembered = new(FileKind(p.plan.Kind)), p.plan.Headers, p.plan.Columns, p.remembered
	if p.plan.Kind == tabular.CSV {
		preview.Encoding, preview.Separator = new(FileEncoding(p.plan.Encoding)), new(string(p.plan.Separator))
	}
	var wrong check
	at := p.layout(&wrong, "mapping")
	preview.Problems = orNone(wrong.errs)
	key, err := s.indexKey(ctx, actor.Company.ID)
	if err != nil {
		return preview, err
	}
	reader := &fileReader{medium: u.Medium, at: at, position: p.plan.PositionName, uploaded: time.Now(), key: key, met: make(map[string]int)}
	for _, row := range p.first {
		preview.Lines = append(preview.Lines, previewOf(reader, row))
	}
	return preview, nil
}

func previewOf(reader *fileReader, row tabular.Row) FilePreviewLine {
	a, bad := reader.read(row)
	if bad != nil {
		return FilePreviewLine{Line: row.Line, Bad: &BadLine{Line: row.Line, Reason: bad.reason, Field: bad.to()}, Skills: []string{}}
	}
	p := a.Person
	line := FilePreviewLine{
		Line: row.Line, Name: &p.Name, Email: a.Email, Phone: a.Phone, PositionName: &a.PositionName, Kind: &a.Kind,
		CurrentPosition: p.CurrentPosition, Skills: orNone(p.Skills), Introduction: p.Introduction, Location: p.Location, ProfileURL: p.ProfileURL,
	}
	if !a.undated {
		line.AppliedAt = &a.AppliedAt
	}
	if p.WorkHistories != nil {
		line.CompanyName = p.WorkHistories[0].CompanyName
	}
	if p.Educations != nil {
		line.SchoolName = p.Educations[0].SchoolName
	}
	return line
}

// inspected is a file that was looked through.
type inspected struct {
	plan       filePlan
	remembered bool
	// first are the first lines behind the headers.
	first []tabular.Row
	hash  [sha256.Size]byte
}

// layout makes sure that the file can be read so.
func (p inspected) layout(c *check, field ...string) layout {
	return layoutOf(c, p.plan.Columns, p.plan.Headers, p.plan.PositionName != "", field...)
}

// inspect looks through a file: what it is, its first lines, and which column is which.
func (s *Service) inspect(ctx context.Context, actor Actor, u FileUpload, field ...string) (inspected, error) {
	p := inspected{plan: filePlan{FileName: fileName(u.Name), Columns: u.Columns}}
	var c check
	if !slices.Contains(media, u.Medium) {
		c.add(CodeInvalid, Text{"求人媒体が正しくありません。", "There is no such medium."}, within(field, "medium")...)
	}
	if u.Content == nil {
		c.add(CodeRequired, Text{"ファイルを選択してください。", "Choose a file."}, field...)
	}
	if u.PositionName != nil {
		p.plan.PositionName = strings.TrimSpace(*u.PositionName)
		if utf8.RuneCountInString(p.plan.PositionName) > maxPositionName || !storable(p.plan.PositionName) ||
			p.plan.PositionName != "" && NormalizePositionName(p.plan.PositionName) == "" {
			c.add(CodeInvalid, Text{"募集ポジション名は500文字以内で入力してください。", "A position's name has at most 500 characters."}, within(field, "defaultPositionName")...)
		}
	}
	if err := c.err(); err != nil {
		return p, err
	}
	if err := p.look(ctx, u.Content); err != nil {
		return p, refuseFile(err, field...)
	}
	remembered, err := s.rememberedColumns(ctx, actor, u.Medium)
	if err == nil && u.Columns == nil {
		p.plan.Columns, p.remembered = recall(remembered, proposeColumns(p.plan.Headers), p.plan.Headers)
	}
	return p, err
}

// within is a path beside the one of the file.
func within(file []string, name string) []string {
	return append(slices.Clone(file[:len(file)-1]), name)
}

// look reads the file to its end, and then its first lines.
func (p *inspected) look(ctx context.Context, content io.ReadSeeker) error {
	sum := sha256.New()
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	f, err := tabular.Detect(io.TeeReader(content, sum))
	if err != nil {
		return err
	}
	copy(p.hash[:], sum.Sum(nil))
	p.plan.Kind, p.plan.Encoding, p.plan.Separator = f.Kind, f.Encoding, f.Separator
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	for row, err := range tabular.Rows(content, f) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if p.plan.Headers == nil {
			if row.Fault != "" {
				return &tabular.Error{Reason: tabular.Unreadable, Line: row.Line}
			}
			p.plan.Headers = mapRows(row.Cells, strings.TrimSpace)
			continue
		}
		if p.first = append(p.first, row); len(p.first) == previewLines {
			break
		}
	}
	if p.plan.Headers == nil {
		return &tabular.Error{Reason: tabular.Empty}
	}
	return nil
}

// refuseFile says what is wrong with a file, where it is the file's fault.
func refuseFile(err error, field ...string) error {
	wrong, ok := tabular.AsError(err)
	if !ok {
		return err
	}
	text := FileFailureReason(wrong.Reason).Text()
	if wrong.Line > 0 {
		text = Text{fmt.Sprintf("%d行目: %s", wrong.Line, text.JA), fmt.Sprintf("Line %d: %s", wrong.Line, text.EN)}
	}
	code := CodeInvalid
	if wrong.Reason == tabular.TooLarge || wrong.Reason == tabular.TooManyLines || wrong.Reason == tabular.LineTooLong {
		code = CodeTooLong
	}
	return refuse(code, text, field...)
}

// fileName is a file's name without the folders that some browsers send, in characters that can be seen. Of a long one
// the end stays: it says what kind of file it is.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[len(runes)-maxFileName:])
	}
	if name == "." || name == "/" {
		return ""
	}
	return name
}

func (s *Service) rememberedColumns(ctx context.Context, actor Actor, medium Medium) ([]FileColumn, error) {
	raw, err := s.as(actor, recruiters).FileMapping(ctx, dbgen.FileMappingParams{CompanyID: actor.Company.ID, Medium: string(medium)})
	if db.IsNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	var columns []FileColumn
	return columns, wrap("decode mapping", json.Unmarshal(raw, &columns))
}

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
	err = s.change(ctx, actor, recruiters, func(tx pgx.Tx, q *dbgen.Queries) error {
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

func (s *Service) sealPlan(companyID, fileID uuid.UUID, plan filePlan) ([]byte, error) {
	encoded, err := json.Marshal(plan)
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return s.vault.Seal(NewSecret(string(encoded)), companyID, fileID, filePlanField)
}

func (s *Service) openPlan(r dbgen.FileImport) (filePlan, error) {
	opened, err := s.vault.Open(r.Sealed, r.CompanyID, r.ID, filePlanField)
	if err != nil {
		return filePlan{}, fmt.Errorf("file %s: %w", r.ID, err)
	}
	var plan filePlan
	return plan, wrap("decode plan", json.Unmarshal([]byte(opened.Reveal()), &plan))
}
