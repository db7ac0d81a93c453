package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"renkei/tabular"
)

// What a file of rules may hold.
const (
	maxRuleLines = 10_000
	maxRuleFile  = 16 << 20
)

// RuleColumn is one of a file of rules.
type RuleColumn string

// The columns that are read.
const (
	RuleColumnMedium   RuleColumn = "MEDIUM"
	RuleColumnPosition RuleColumn = "POSITION_NAME"
	RuleColumnOpening  RuleColumn = "OPENING"
	RuleColumnID       RuleColumn = "OPENING_ID"
)

// RuleColumns are those that are read, in the order in which they are written.
var RuleColumns = []RuleColumn{RuleColumnMedium, RuleColumnPosition, RuleColumnOpening, RuleColumnID}

// Name heads the column.
func (c RuleColumn) Name() Text {
	switch c {
	case RuleColumnMedium:
		return Text{"求人媒体", "Medium"}
	case RuleColumnPosition:
		return Text{"募集ポジション名", "Position name"}
	case RuleColumnOpening:
		return Text{"振り分け先求人", "Opening"}
	case RuleColumnID:
	}
	return Text{"求人ID", "Opening ID"}
}

// RuleLine is a rule as a line of a file.
type RuleLine struct {
	Rule RoutingRule
	// Opening is its opening's name. Ambiguous says that the name alone does not lead to it.
	Opening   string
	Ambiguous bool
	Matches   RuleMatches
}

// RuleLineError is what is wrong with a line of a file of rules.
type RuleLineError struct {
	Line  int
	Code  UserErrorCode
	Text  Text
	Field *RuleColumn
}

// ruleFile is a file of rules on its way into the database.
type ruleFile struct {
	lines []*ruleLine
	wrong []RuleLineError
	// columns are where each stands; -1 where it does not.
	columns map[RuleColumn]int
	// seen are the lines of the positions so far.
	seen map[[2]string]int
	// doubtful: see tabular.Format.
	doubtful bool
}

// ruleLine is one line of it.
type ruleLine struct {
	line       int
	in         RuleInput
	normalized string
	// opening is the name, id what stands in 求人ID.
	opening string
	id      *uuid.UUID
	// does says what becomes of it.
	does ruleDeed
}

type ruleDeed int

const (
	ruleWrong ruleDeed = iota
	ruleCreated
	ruleUpdated
	ruleUnchanged
)

// refuseRuleFile says what is wrong with the file as a whole, where it is the file's fault.
func refuseRuleFile(err error) error {
	wrong, ok := tabular.AsError(err)
	switch {
	case !ok:
		return wrap("read file", err)
	case wrong.Reason == tabular.TooLarge:
		return refuse(CodeTooLong, Text{"ファイルは16MBまでです。", "The file has at most 16 MB."}, "file")
	case wrong.Reason == tabular.TooManyLines:
		return refuse(CodeTooLong, Text{"振り分けルールは1ファイル10,000行までです。", "A file has at most 10,000 rules."}, "file")
	case wrong.Reason == tabular.Empty:
		return refuse(CodeRequired, FileEmpty.Text(), "file")
	}
	return refuseFile(err, "file")
}

// readRuleFile reads what can be told without the database.
func readRuleFile(ctx context.Context, file io.ReadSeeker) (*ruleFile, error) {
	format, err := ruleFormat(file)
	if err != nil {
		return nil, refuseRuleFile(err)
	}
	f := &ruleFile{seen: make(map[[2]string]int), doubtful: format.Doubtful}
	read := 0
	for row, err := range tabular.Rows(file, format) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil && f.columns != nil && f.breaksOff(err) {
			return f, nil
		}
		if err != nil {
			return nil, refuseRuleFile(err)
		}
		if f.columns == nil {
			if err := f.head(row); err != nil {
				return nil, err
			}
			continue
		}
		if read++; read > maxRuleLines {
			return nil, refuseRuleFile(&tabular.Error{Reason: tabular.TooManyLines})
		}
		f.read(row)
	}
	switch {
	case f.columns == nil:
		return nil, refuseRuleFile(&tabular.Error{Reason: tabular.Empty})
	case read == 0:
		return nil, refuse(CodeRequired, Text{"振り分けルールが1行もありません。", "There is no rule in the file."}, "file")
	}
	return f, nil
}

// ruleFormat looks through the file, and goes back to its beginning.
func ruleFormat(file io.ReadSeeker) (tabular.Format, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return tabular.Format{}, fmt.Errorf("measure file: %w", err)
	}
	if size > maxRuleFile {
		return tabular.Format{}, &tabular.Error{Reason: tabular.TooLarge}
	}
	format, err := tabular.Detect(file)
	if err != nil {
		return tabular.Format{}, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return format, wrap("read file", err)
}

// breaksOff notes where a file cannot be read any further; what stands before is told as well.
func (f *ruleFile) breaksOff(err error) bool {
	wrong, _ := tabular.AsError(err)
	switch {
	case wrong == nil:
		return false
	case wrong.Reason == tabular.UnclosedQuote:
		f.refuse(wrong.Line, CodeInvalid, Text{"この行から先は読み取れません。引用符（\"）を確認してください。", "Nothing can be read from this line on: look at its quotation marks."}, "")
	case wrong.Reason == tabular.LineTooLong:
		f.refuse(wrong.Line, CodeTooLong, FileLineTooLong.Text(), "")
	default:
		return false
	}
	return true
}

// head takes the first line in.
func (f *ruleFile) head(row tabular.Row) (err error) {
	switch {
	case row.Fault != "":
		return refuseRuleFile(&tabular.Error{Reason: tabular.Unreadable, Line: row.Line})
	case f.broken(row):
		return refuse(CodeInvalid, Text{"文字コードはUTF-8かShift_JISにしてください。", "Save the file as UTF-8 or Shift_JIS."}, "file")
	}
	f.columns, err = ruleColumns(row.Cells)
	return err
}

// broken reports whether a line holds what is no character.
func (f *ruleFile) broken(row tabular.Row) bool {
	return f.doubtful && slices.ContainsFunc(row.Cells, isBroken)
}

func isBroken(cell string) bool { return strings.ContainsRune(cell, utf8.RuneError) }

// ruleColumns finds where each column stands; -1 where it does not.
func ruleColumns(header []string) (map[RuleColumn]int, error) {
	columns := make(map[RuleColumn]int)
	var c check
	for _, column := range RuleColumns {
		name, at := column.Name(), -1
		for i, cell := range header {
			if cell = NormalizeName(cell); cell != NormalizeName(name.JA) && cell != NormalizeName(name.EN) {
				continue
			}
			if at >= 0 {
				c.add(CodeInvalid, Text{fmt.Sprintf("「%s」の列が複数あります。", name.JA), fmt.Sprintf("There are several columns “%s”.", name.EN)}, "file")
			}
			at = i
		}
		columns[column] = at
	}
	for _, column := range []RuleColumn{RuleColumnMedium, RuleColumnPosition, RuleColumnOpening} {
		if columns[column] >= 0 || column == RuleColumnOpening && columns[RuleColumnID] >= 0 {
			continue
		}
		name := column.Name()
		c.add(CodeRequired, Text{fmt.Sprintf("1行目に「%s」の列がありません。", name.JA), fmt.Sprintf("The first line has no column “%s”.", name.EN)}, "file")
	}
	return columns, c.err()
}

func (f *ruleFile) refuse(line int, code UserErrorCode, text Text, field RuleColumn) {
	wrong := RuleLineError{Line: line, Code: code, Text: text}
	if field != "" {
		wrong.Field = &field
	}
	f.wrong = append(f.wrong, wrong)
}

// inputColumns say which column holds what a rule is made of.
var inputColumns = map[string]RuleColumn{"medium": RuleColumnMedium, "positionName": RuleColumnPosition}

// cell is a column's in a line; empty where the line is shorter, or the file has no such column.
func (f *ruleFile) cell(row tabular.Row, column RuleColumn) string {
	at := f.columns[column]
	if at < 0 || at >= len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(PlainCell(row.Cells[at]))
}

// readable reports whether a line can be trusted, and says why not.
func (f *ruleFile) readable(row tabular.Row) bool {
	switch {
	case row.Fault == tabular.BadQuotes:
		f.refuse(row.Line, CodeInvalid, BadQuotes.Text(), "")
	case row.Fault != "":
		f.refuse(row.Line, CodeTooLong, BadLineReason(row.Fault).Text(), "")
	case f.broken(row):
		var field RuleColumn
		if i := slices.IndexFunc(RuleColumns, func(c RuleColumn) bool { return isBroken(f.cell(row, c)) }); i >= 0 {
			field = RuleColumns[i]
		}
		f.refuse(row.Line, CodeInvalid, textBadCharacters, field)
	default:
		return true
	}
	return false
}

// read takes a line in.
func (f *ruleFile) read(row tabular.Row) {
	if !f.readable(row) {
		return
	}
	cell := func(c RuleColumn) string { return f.cell(row, c) }
	l := &ruleLine{line: row.Line, in: RuleInput{Medium: mediumCalled(cell(RuleColumnMedium)), PositionName: cell(RuleColumnPosition)}, opening: cell(RuleColumnOpening)}
	l.normalized = NormalizePositionName(l.in.PositionName)
	before := len(f.wrong)
	// The same words as for one rule.
	if errs, wrong := errors.AsType[UserErrors](checkRule(l.in)); wrong {
		for _, e := range errs {
			f.refuse(l.line, e.Code, e.Text, inputColumns[e.Field[1]])
		}
	}
	switch id := cell(RuleColumnID); {
	case id != "":
		parsed, err := uuid.Parse(id)
		if err != nil {
			f.refuse(l.line, CodeInvalid, Text{"求人IDの形式が正しくありません。", "This is not an opening's id."}, RuleColumnID)
		}
		l.id = &parsed
	case l.opening == "":
		f.refuse(l.line, CodeRequired, Text{"振り分け先求人を入力してください。", "Enter the opening."}, RuleColumnOpening)
	case utf8.RuneCountInString(l.opening) > maxOpeningName:
		f.refuse(l.line, CodeTooLong, Text{"求人名は100文字までです。", "An opening's name has at most 100 characters."}, RuleColumnOpening)
	case !storable(l.opening):
		f.refuse(l.line, CodeInvalid, textBadCharacters, RuleColumnOpening)
	}
	if len(f.wrong) > before {
		return
	}
	position := [2]string{string(l.in.Medium), l.normalized}
	if first, twice := f.seen[position]; twice {
		f.refuse(l.line, CodeAlreadyExists, Text{
			fmt.Sprintf("%d行目と同じ求人媒体・募集ポジション名です。", first), fmt.Sprintf("Line %d is about the same position.", first),
		}, RuleColumnPosition)
		return
	}
	f.seen[position] = l.line
	f.lines = append(f.lines, l)
}

// mediumCalled is the medium that somebody calls so; none that there is where nobody does.
func mediumCalled(name string) Medium {
	name = NormalizeName(name)
	for _, m := range media {
		if called := m.Name(); slices.Contains([]string{NormalizeName(string(m)), NormalizeName(called.JA), NormalizeName(called.EN)}, name) {
			return m
		}
	}
	return ""
}
