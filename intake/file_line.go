package intake

import (
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"renkei/tabular"
)

// BadLineReason is why a line of a file did not come in.
type BadLineReason string

// The reasons. The last ones are those of package tabular.
const (
	BadNameMissing     BadLineReason = "NAME_MISSING"
	BadNameTooLong     BadLineReason = "NAME_TOO_LONG"
	BadPositionMissing BadLineReason = "POSITION_MISSING"
	BadPositionTooLong BadLineReason = "POSITION_TOO_LONG"
	BadIDTooLong       BadLineReason = "ID_TOO_LONG"
	BadDate            BadLineReason = "DATE_UNREADABLE"
	BadInstant         BadLineReason = "DATE_IMPOSSIBLE"
	BadCharacters      BadLineReason = "BAD_CHARACTERS"
	BadQuotes                        = BadLineReason(tabular.BadQuotes)
	BadFieldTooLong                  = BadLineReason(tabular.FieldTooBig)
	BadTooManyColumns                = BadLineReason(tabular.TooManyCols)
)

// Text says what is wrong with a line.
func (r BadLineReason) Text() Text {
	switch r {
	case BadNameMissing:
		return Text{"氏名がありません。", "The name is missing."}
	case BadNameTooLong:
		return Text{"氏名が長すぎます（200文字まで）。", "The name is longer than 200 characters."}
	case BadPositionMissing:
		return Text{"募集ポジション名がありません。", "The position's name is missing."}
	case BadPositionTooLong:
		return Text{"募集ポジション名が長すぎます（500文字まで）。", "The position's name is longer than 500 characters."}
	case BadIDTooLong:
		return Text{"番号が長すぎます（200文字まで）。", "The number is longer than 200 characters."}
	case BadDate:
		return Text{"日付を読み取れません。2026-11-23 のように入力してください。", "This is no date; write it like 2026-11-23."}
	case BadInstant:
		return Text{"応募日が未来の日付か、1990年より前の日付です。", "The day lies in the future, or before 1990."}
	case BadCharacters:
		return textBadCharacters
	case BadQuotes:
		return Text{"引用符（\"）の使い方が正しくありません。", "A quotation mark stands where none may be."}
	case BadFieldTooLong:
		return Text{"長すぎる項目があります（64KBまで）。", "A cell is longer than 64 KB."}
	case BadTooManyColumns:
		return Text{"列が多すぎます（1,000列まで）。", "There are more than 1,000 cells."}
	}
	return Text{"読み取れませんでした。", "This could not be read."}
}

// badLine is a line that cannot come in.
type badLine struct {
	line   int
	reason BadLineReason
	field  FileField
	cells  []string
}

// fileReader makes applications of lines.
type fileReader struct {
	medium Medium
	at     layout
	// position is that of the whole file, for lines that name none.
	position string
	// uploaded is when the file came: the instant of who has none.
	uploaded time.Time
	key      indexKey
	// met counts equal lines.
	met map[string]int
}

const (
	maxApplicantName = 200
	maxExternalID    = 200
	maxFileSkills    = 50
	maxSkill         = 100
	maxShortText     = 500
	maxFileURL       = 2000
	// ours begins the ids that we make where a file gives none, so that they are no medium's.
	ours = "file:"
	// ourLine begins those of lines.
	ourLine = ours + "line:"
)

// read makes an application of a line, or says why not. Lines are to be read in their order, from the first.
func (f *fileReader) read(row tabular.Row) (arrival, *badLine) {
	bad := func(reason BadLineReason, field FileField) (arrival, *badLine) {
		return arrival{}, &badLine{row.Line, reason, field, row.Cells}
	}
	if row.Fault != "" {
		return bad(BadLineReason(row.Fault), "")
	}
	for field := range f.at {
		if cell := f.at.cell(row.Cells, field); !storable(cell) || strings.ContainsRune(cell, utf8.RuneError) {
			return bad(BadCharacters, f.firstBroken(row.Cells))
		}
	}
	a := arrival{SourceApplication: SourceApplication{Kind: f.kind(row.Cells), PositionName: f.text(row.Cells, FieldPositionName), AppliedAt: f.uploaded}}
	if a.PositionName == "" {
		a.PositionName = f.position
	}
	if reason, field := f.person(row.Cells, &a); reason != "" {
		return bad(reason, field)
	}
	switch {
	case NormalizePositionName(a.PositionName) == "":
		return bad(BadPositionMissing, FieldPositionName)
	case utf8.RuneCountInString(a.PositionName) > maxPositionName:
		return bad(BadPositionTooLong, FieldPositionName)
	}
	if date := f.text(row.Cells, FieldAppliedAt); date == "" {
		a.undated = true
	} else if at, ok := parseFileDate(date); !ok {
		return bad(BadDate, FieldAppliedAt)
	} else if at.Year() < firstFileYear || at.After(f.uploaded) {
		return bad(BadInstant, FieldAppliedAt)
	} else {
		a.AppliedAt = at.UTC()
	}
	a.URL = webAddress(f.text(row.Cells, FieldApplicationURL))
	if field := f.identify(row.Cells, &a); field != "" {
		return bad(BadIDTooLong, field)
	}
	return a, nil
}

// firstBroken is the first field that holds what cannot be kept.
func (f *fileReader) firstBroken(cells []string) FileField {
	for _, known := range fileFields {
		if cell := f.at.cell(cells, known.field); !storable(cell) || strings.ContainsRune(cell, utf8.RuneError) {
			return known.field
		}
	}
	return ""
}

func (f *fileReader) text(cells []string, field FileField) string { return f.at.cell(cells, field) }

// some is a field that people leave empty, cut to what anybody reads of it.
func (f *fileReader) some(cells []string, field FileField, most int) *string {
	text := f.text(cells, field)
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return filled(&text)
}

// kind is a reply to a scout where a column says so.
func (f *fileReader) kind(cells []string) EntryKind {
	text := strings.ToLower(norm.NFKC.String(f.text(cells, FieldKind)))
	if strings.Contains(text, "スカウト") || strings.Contains(text, "scout") {
		return EntryScoutReplied
	}
	return EntryApplied
}

// person fills in who applied.
func (f *fileReader) person(cells []string, a *arrival) (BadLineReason, FileField) {
	p := &a.Person
	p.Name = f.text(cells, FieldName)
	if p.Name == "" {
		p.Name = strings.TrimSpace(f.text(cells, FieldFamilyName) + " " + f.text(cells, FieldGivenName))
	}
	if p.Name == "" {
		p.Name = f.text(cells, FieldKana)
	}
	p.Name = strings.Join(strings.Fields(strings.Map(visible, p.Name)), " ")
	switch {
	case p.Name == "":
		return BadNameMissing, FieldName
	case utf8.RuneCountInString(p.Name) > maxApplicantName:
		return BadNameTooLong, FieldName
	}
	p.CurrentPosition = f.some(cells, FieldCurrentPosition, maxShortText)
	p.Location = f.some(cells, FieldLocation, maxShortText)
	p.Introduction = f.some(cells, FieldIntroduction, tabular.MaxField)
	if employer := f.some(cells, FieldEmployer, maxShortText); employer != nil {
		p.WorkHistories = []WorkHistory{{CompanyName: employer, Position: p.CurrentPosition}}
	}
	if school := f.some(cells, FieldSchool, maxShortText); school != nil {
		p.Educations = []Education{{SchoolName: school}}
	}
	p.Skills = skillsOf(f.text(cells, FieldSkills))
	if address := webAddress(f.text(cells, FieldProfileURL)); address != "" {
		p.ProfileURL = &address
	}
	// An address that is none is left out; whoever wrote it has applied all the same.
	if email, ok := emailAddress(f.text(cells, FieldEmail)); ok {
		a.Email = &email
	}
	if phone, ok := phoneNumber(f.text(cells, FieldPhone)); ok {
		a.Phone = &phone
	}
	return "", ""
}

func skillsOf(text string) []string {
	var skills []string
	for _, skill := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；|\n", r) }) {
		if skill = strings.TrimSpace(skill); skill != "" && utf8.RuneCountInString(skill) <= maxSkill && len(skills) < maxFileSkills {
			skills = append(skills, skill)
		}
	}
	return skills
}

// webAddress is one that a browser may follow, or nothing.
func webAddress(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(text) > maxFileURL {
		return ""
	}
	return u.String()
}

// identify gives the application and the person their ids: the medium's own where the file has them. Otherwise a line
// is known again by what all its cells say and which of its equals it is, whatever they are taken for; and a person by
// their address, or else by the line. Two people of one name are two. It returns the field whose number is too long, if one is.
func (f *fileReader) identify(cells []string, a *arrival) FileField {
	number, person := f.text(cells, FieldApplicationID), f.text(cells, FieldPersonID)
	switch {
	case len(number) > maxExternalID:
		return FieldApplicationID
	case len(person) > maxExternalID:
		return FieldPersonID
	}
	a.ExternalID = f.number("application", number, a.Person.Name)
	if number == "" {
		a.ExternalID = f.lineID(cells)
	}
	switch {
	case person != "":
		a.Person.ExternalID = f.number("person", person, a.Person.Name)
	case a.Email != nil:
		a.Person.ExternalID = ours + hex.EncodeToString(f.key.email(*a.Email))
	case number != "":
		a.Person.ExternalID = ours + hex.EncodeToString(f.key.hash("file application:"+a.ExternalID))
	default:
		a.Person.ExternalID = a.ExternalID
	}
	return ""
}

// number is the medium's own. What is no medium in particular may be several, each with a number 1: there it counts
// together with the name.
func (f *fileReader) number(what, number, name string) string {
	if f.medium != MediumOther {
		return number
	}
	return ours + hex.EncodeToString(f.key.hash(fmt.Sprintf("file %s:%s:%s", what, number, NormalizeName(name))))
}

// lineID depends on what a line's cells say and not on what they are called or mapped to. Where the line names no
// position, the one that was given for the file is part of what it says.
func (f *fileReader) lineID(cells []string) string {
	said := make([]string, len(cells))
	for i, cell := range cells {
		said[i] = strings.TrimSpace(norm.NFKC.String(cell))
	}
	// A line may be written with the empty cells at its end or without.
	for len(said) > 0 && said[len(said)-1] == "" {
		said = said[:len(said)-1]
	}
	position := ""
	if f.text(cells, FieldPositionName) == "" {
		position = NormalizePositionName(f.position)
	}
	line := f.key.hash(fmt.Sprintf("file line:%q:%q", position, said))
	f.met[string(line)]++
	return ourLine + hex.EncodeToString(f.key.hash(fmt.Sprintf("file line %d:%s", f.met[string(line)], line)))
}
