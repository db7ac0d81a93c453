package intake

import (
	"context"
	"crypto/sha256"
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
