package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"renkei/db/dbgen"
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

// RuleImport is what a file of rules did. Where a line was wrong, it did nothing.
type RuleImport struct {
	Created, Updated, Unchanged, Routed int
	Lines                               []RuleLineError
}

// exportBatch is how many rows of an export are read, and lie in memory, at a time.
const exportBatch = 500

// ExportRules hands over the rules, the latest first and a batch at a time.
func (s *Service) ExportRules(ctx context.Context, actor Actor, batch func([]RuleLine) error) error {
	page := Keyset{First: exportBatch, most: exportBatch}
	for {
		rules, err := s.Rules(ctx, actor, RuleFilter{}, page)
		if err != nil {
			return err
		}
		more := len(rules) > exportBatch
		rules = rules[:min(len(rules), exportBatch)]
		lines, err := s.ruleLines(ctx, actor, rules)
		if err == nil && len(lines) > 0 {
			err = batch(lines)
		}
		if err != nil || !more {
			return err
		}
		page.After = PlaceOf(time.Time{}, rules[len(rules)-1].ID)
	}
}

func (s *Service) ruleLines(ctx context.Context, actor Actor, rules []RoutingRule) ([]RuleLine, error) {
	var ids, openingIDs []uuid.UUID
	for _, r := range rules {
		ids, openingIDs = append(ids, r.ID), append(openingIDs, r.OpeningID)
	}
	openings, err := s.OpeningsByID(ctx, actor, openingIDs)
	if err != nil {
		return nil, err
	}
	matches, err := s.RuleMatchesByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range openings {
		names = append(names, o.Name)
	}
	named, err := s.as(actor, recruiting).OpeningsNamed(ctx, dbgen.OpeningsNamedParams{CompanyID: actor.Company.ID, Names: names})
	if err != nil {
		return nil, fmt.Errorf("look up openings: %w", err)
	}
	bearers := make(map[string]int)
	for _, o := range named {
		bearers[o.Name]++
	}
	lines := make([]RuleLine, len(rules))
	for i, r := range rules {
		name := openings[r.OpeningID].Name
		// A CSV does not tell the ends of lines apart.
		lines[i] = RuleLine{Rule: r, Opening: name, Ambiguous: bearers[name] > 1 || strings.Contains(name, "\r"), Matches: matches[r.ID]}
	}
	return lines, nil
}

// errOnlyTried takes back what was only tried.
var errOnlyTried = errors.New("only tried")

// ImportRules reads a file of rules and routes what waits for them, in one transaction; where a line is wrong,
// nothing is changed and all that are wrong are returned. dryRun takes everything back. UserErrors at file:
// REQUIRED, INVALID, TOO_LONG.
func (s *Service) ImportRules(ctx context.Context, actor Actor, file io.ReadSeeker, dryRun bool) (RuleImport, error) {
	if err := actor.must(recruiting); err != nil {
		return RuleImport{}, err
	}
	f, err := readRuleFile(ctx, file)
	if err != nil {
		return RuleImport{}, err
	}
	var out RuleImport
	err = s.changeRules(ctx, actor, func(q *dbgen.Queries, told *events) error {
		if err := f.resolve(ctx, q, actor); err != nil {
			return err
		}
		if out = f.result(); len(out.Lines) > 0 || out.Created+out.Updated == 0 {
			return nil
		}
		if err := q.PutRules(ctx, f.changes(actor)); err != nil {
			return fmt.Errorf("put rules: %w", err)
		}
		// Nothing else waits that a rule would route: one sweep will do, and every rule that changed has an open
		// opening, so that nothing of theirs goes on waiting.
		if out.Routed, err = routeWaiting(ctx, q, told, actor, dbgen.RouteWaitingParams{}, dbgen.InsertRoutingActionParams{Kind: string(ActionRulesImported)}); err != nil {
			return err
		}
		if dryRun {
			return errOnlyTried
		}
		return audit(ctx, q, actor, AuditRulesImported, nil, map[string]any{
			"created": out.Created, "updated": out.Updated, "unchanged": out.Unchanged, "routed": out.Routed,
		})
	})
	if err != nil && !errors.Is(err, errOnlyTried) {
		return RuleImport{}, err
	}
	return out, nil
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

// resolve finds each line's opening and says what becomes of the line.
func (f *ruleFile) resolve(ctx context.Context, q *dbgen.Queries, actor Actor) error {
	at := dbgen.RulesAtParams{CompanyID: actor.Company.ID}
	byName := dbgen.OpeningsNamedParams{CompanyID: actor.Company.ID}
	byID := dbgen.OpeningsByIDParams{CompanyID: actor.Company.ID}
	for _, l := range f.lines {
		at.Media, at.NormalizedPositionNames = append(at.Media, string(l.in.Medium)), append(at.NormalizedPositionNames, l.normalized)
		if l.id != nil {
			byID.Ids = append(byID.Ids, *l.id)
		} else {
			byName.Names = append(byName.Names, l.opening)
		}
	}
	rules, err := q.RulesAt(ctx, at)
	if err != nil {
		return fmt.Errorf("look up rules: %w", err)
	}
	named, err := q.OpeningsNamed(ctx, byName)
	if err != nil {
		return fmt.Errorf("look up openings: %w", err)
	}
	known, err := q.OpeningsByID(ctx, byID)
	if err != nil {
		return fmt.Errorf("look up openings: %w", err)
	}
	pointsAt := make(map[[2]string]uuid.UUID, len(rules))
	for _, r := range rules {
		pointsAt[[2]string{r.Medium, r.NormalizedPositionName}] = r.OpeningID
	}
	namesakes, openings := make(map[string][]dbgen.Opening), make(map[uuid.UUID][]dbgen.Opening)
	for _, o := range named {
		namesakes[o.Name] = append(namesakes[o.Name], o)
	}
	for _, o := range known {
		openings[o.ID] = []dbgen.Opening{o}
	}
	for _, l := range f.lines {
		candidates := namesakes[l.opening]
		if l.id != nil {
			candidates = openings[*l.id]
		}
		now, exists := pointsAt[[2]string{string(l.in.Medium), l.normalized}]
		f.decide(l, candidates, now, exists)
	}
	slices.SortStableFunc(f.wrong, func(a, b RuleLineError) int { return a.Line - b.Line })
	return nil
}

// decide chooses among the openings that a line may mean. A rule that points at one of them stays as it is, be
// that opening closed or not; a rule that is made or changed needs an open one.
func (f *ruleFile) decide(l *ruleLine, candidates []dbgen.Opening, now uuid.UUID, exists bool) {
	field := RuleColumnOpening
	if l.id != nil {
		field = RuleColumnID
	}
	if exists && slices.ContainsFunc(candidates, func(o dbgen.Opening) bool { return o.ID == now }) {
		l.does = ruleUnchanged
		return
	}
	open := slices.DeleteFunc(slices.Clone(candidates), func(o dbgen.Opening) bool { return o.Status != string(OpeningOpen) })
	switch {
	case len(candidates) == 0:
		f.refuse(l.line, CodeNotFound, Text{"この求人は見つかりません。", "There is no such opening."}, field)
	case len(open) == 0:
		f.refuse(l.line, CodeInvalidState, textOpeningClosed, field)
	case len(open) > 1:
		f.refuse(l.line, CodeInvalid, Text{
			fmt.Sprintf("同じ名前の求人が%d件あります。「求人ID」の列で指定してください。", len(open)),
			fmt.Sprintf("%d openings bear this name: say which in the column “Opening ID”.", len(open)),
		}, field)
	case exists:
		l.in.OpeningID, l.does = open[0].ID, ruleUpdated
	default:
		l.in.OpeningID, l.does = open[0].ID, ruleCreated
	}
}

func (f *ruleFile) result() RuleImport {
	if len(f.wrong) > 0 {
		return RuleImport{Lines: f.wrong}
	}
	var out RuleImport
	for _, l := range f.lines {
		switch l.does {
		case ruleCreated:
			out.Created++
		case ruleUpdated:
			out.Updated++
		case ruleUnchanged:
			out.Unchanged++
		case ruleWrong:
		}
	}
	return out
}

// changes are the lines that change something.
func (f *ruleFile) changes(actor Actor) dbgen.PutRulesParams {
	p := dbgen.PutRulesParams{CompanyID: actor.Company.ID}
	for _, l := range f.lines {
		if l.does == ruleUnchanged {
			continue
		}
		p.Media, p.PositionNames = append(p.Media, string(l.in.Medium)), append(p.PositionNames, l.in.PositionName)
		near := nearNameOf(l.in.PositionName)
		p.FoldedNames, p.TrigramNames = append(p.FoldedNames, near.folded), append(p.TrigramNames, near.trigrams)
		p.NormalizedPositionNames, p.OpeningIds = append(p.NormalizedPositionNames, l.normalized), append(p.OpeningIds, l.in.OpeningID)
	}
	return p
}
