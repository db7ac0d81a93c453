package intake

import (
	"slices"
	"strings"
)

// FileField is something about an applicant that a column of a file may tell.
type FileField string

// The fields, in the order in which people see them.
const (
	FieldName       FileField = "NAME"
	FieldFamilyName FileField = "FAMILY_NAME"
	FieldGivenName  FileField = "GIVEN_NAME"
	// FieldKana stands in for a name that is missing.
	FieldKana            FileField = "NAME_KANA"
	FieldEmail           FileField = "EMAIL"
	FieldPhone           FileField = "PHONE"
	FieldPositionName    FileField = "POSITION_NAME"
	FieldAppliedAt       FileField = "APPLIED_AT"
	FieldKind            FileField = "KIND"
	FieldApplicationID   FileField = "APPLICATION_NUMBER"
	FieldPersonID        FileField = "PERSON_NUMBER"
	FieldCurrentPosition FileField = "CURRENT_POSITION"
	FieldEmployer        FileField = "COMPANY_NAME"
	FieldSchool          FileField = "SCHOOL_NAME"
	FieldSkills          FileField = "SKILLS"
	FieldIntroduction    FileField = "INTRODUCTION"
	FieldLocation        FileField = "LOCATION"
	FieldProfileURL      FileField = "PROFILE_URL"
	FieldApplicationURL  FileField = "APPLICATION_URL"
)

// maxMappedColumns bounds what a mapping may name.
const maxMappedColumns = 40

// fileField is a field with the names that the media, and people, give its column.
type fileField struct {
	field   FileField
	headers []string
}

// fileFields is all of them. Where a file has several columns of one field, the name that stands first here counts.
var fileFields = []fileField{
	{FieldName, []string{"氏名", "名前", "お名前", "候補者名", "応募者名", "候補者氏名", "応募者氏名", "氏名(漢字)", "氏名漢字", "Name", "Full name", "Candidate name"}},
	{FieldFamilyName, []string{"姓", "氏", "苗字", "名字", "姓(漢字)", "Last name", "Family name", "Surname"}},
	{FieldGivenName, []string{"名", "名(漢字)", "First name", "Given name"}},
	{FieldKana, []string{"フリガナ", "ふりがな", "カナ", "氏名カナ", "氏名(カナ)", "氏名フリガナ", "カナ氏名", "Kana"}},
	{FieldEmail, []string{"メールアドレス", "メール", "Eメール", "Eメールアドレス", "E-mail", "Email", "Mail", "E-mail address", "Email address", "PCメールアドレス"}},
	{FieldPhone, []string{"電話番号", "携帯電話番号", "携帯電話", "携帯番号", "携帯", "電話", "連絡先電話番号", "TEL", "Phone", "Phone number", "Mobile"}},
	{FieldPositionName, []string{
		"募集ポジション名", "募集ポジション", "求人名", "応募求人名", "応募求人", "求人タイトル", "応募職種", "募集職種", "募集職種名", "応募ポジション", "応募先求人",
		"Position", "Position name", "Job title", "Job",
	}},
	{FieldAppliedAt, []string{"応募日時", "応募日", "エントリー日時", "エントリー日", "応募受付日", "応募受付日時", "Applied at", "Applied on", "Application date", "Date applied"}},
	{FieldKind, []string{"応募種別", "応募経路", "応募区分", "エントリー種別", "経路", "スカウト", "スカウト返信", "Source", "Kind"}},
	{FieldApplicationID, []string{"応募ID", "応募No", "応募No.", "応募番号", "応募管理番号", "エントリーID", "エントリーNo", "エントリーNo.", "エントリー番号", "Application ID", "Entry ID"}},
	{FieldPersonID, []string{"会員番号", "会員ID", "会員No", "会員No.", "候補者ID", "応募者ID", "求職者ID", "ユーザーID", "Candidate ID", "Member ID", "User ID"}},
	{FieldCurrentPosition, []string{"現職", "職種", "現在の職種", "現職種", "経験職種", "現在の役職", "Current position", "Occupation"}},
	{FieldEmployer, []string{"会社名", "勤務先", "現在の勤務先", "勤務先名", "勤務先企業名", "直近の勤務先", "所属企業", "Company", "Current company", "Employer"}},
	{FieldSchool, []string{"学校名", "最終学歴", "最終学歴学校名", "出身校", "大学名", "School", "University"}},
	{FieldSkills, []string{"スキル", "保有スキル", "資格・スキル", "資格", "Skills", "Skill"}},
	{FieldIntroduction, []string{"自己PR", "自己紹介", "自己紹介文", "PR", "職務要約", "Introduction", "About", "Summary"}},
	{FieldLocation, []string{"住所", "居住地", "現住所", "都道府県", "お住まい", "Location", "Address"}},
	{FieldProfileURL, []string{"プロフィールURL", "URL", "プロフィール", "レジュメURL", "Profile URL", "Profile"}},
	{FieldApplicationURL, []string{"応募URL", "応募詳細URL", "応募情報URL", "Application URL"}},
}

// Text is what people call a field.
func (f FileField) Text() Text {
	ja := "？"
	for _, known := range fileFields {
		if known.field == f {
			ja = known.headers[0]
		}
	}
	return Text{ja, strings.ToLower(strings.ReplaceAll(string(f), "_", " "))}
}

// FileColumn says that a field stands in the column of this name.
type FileColumn struct {
	Field  FileField `json:"field"`
	Header string    `json:"header"`
}

// sameHeader is how names of columns are compared: as names of positions, in lower case, with nothing between words.
func sameHeader(header string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '　' || r == '*' || r == '※' {
			return -1
		}
		return r
	}, strings.ToLower(NormalizePositionName(header)))
}

// proposeColumns finds the columns that are known by their names, in the order of the fields.
func proposeColumns(headers []string) []FileColumn {
	proposed := []FileColumn{}
	for _, f := range fileFields {
		for _, known := range f.headers {
			i := slices.IndexFunc(headers, func(h string) bool { return sameHeader(h) == sameHeader(known) })
			if i >= 0 {
				proposed = append(proposed, FileColumn{f.field, headers[i]})
				break
			}
		}
	}
	return proposed
}

// recall puts what was remembered before what is proposed, as far as the file has those columns.
func recall(remembered, proposed []FileColumn, headers []string) (columns []FileColumn, used bool) {
	for _, c := range remembered {
		if i := columnOf(headers, c.Header); i >= 0 {
			columns, used = append(columns, FileColumn{c.Field, headers[i]}), true
		}
	}
	if !used {
		return proposed, false
	}
	for _, c := range proposed {
		if !slices.ContainsFunc(columns, func(has FileColumn) bool { return has.Field == c.Field || has.Header == c.Header }) {
			columns = append(columns, c)
		}
	}
	return columns, true
}

// columnOf is where a column stands, or -1.
func columnOf(headers []string, name string) int {
	return slices.IndexFunc(headers, func(h string) bool { return h != "" && sameHeader(h) == sameHeader(name) })
}

// layout is where each field stands in a line.
type layout map[FileField]int

// layoutOf makes sure that columns can be read off a file with these headers; fixed says that the position is the
// same for all.
func layoutOf(c *check, columns []FileColumn, headers []string, fixed bool, path ...string) layout {
	at := make(layout, len(columns))
	taken := make(map[int]bool)
	if len(columns) > maxMappedColumns {
		c.add(CodeTooLong, Text{"列の指定が多すぎます。", "These are too many columns."}, path...)
		return at
	}
	for _, column := range columns {
		i := columnOf(headers, column.Header)
		_, twice := at[column.Field]
		switch {
		case !slices.ContainsFunc(fileFields, func(f fileField) bool { return f.field == column.Field }):
			c.add(CodeInvalid, Text{"項目が正しくありません。", "There is no such field."}, path...)
		case i < 0:
			c.add(CodeNotFound, Text{"指定された列がファイルにありません。", "The file has no column of this name."}, path...)
		case twice || taken[i]:
			c.add(CodeInvalid, Text{"1つの項目には1つの列だけを指定してください。", "A field has one column, and a column one field."}, path...)
		default:
			at[column.Field], taken[i] = i, true
		}
	}
	at.require(c, fixed, path...)
	return at
}

// require makes sure of what no applicant can be without.
func (at layout) require(c *check, fixed bool, path ...string) {
	_, whole := at[FieldName]
	_, family := at[FieldFamilyName]
	_, given := at[FieldGivenName]
	if _, kana := at[FieldKana]; !whole && !family && !given && !kana {
		c.add(CodeRequired, Text{"氏名の列を指定してください。", "Say which column holds the name."}, path...)
	}
	if _, has := at[FieldPositionName]; !has && !fixed {
		c.add(CodeRequired, Text{"募集ポジション名の列を指定するか、ファイル全体の募集ポジション名を入力してください。", "Say which column holds the position's name, or give one for the whole file."}, path...)
	}
}

// cell is a field's in a line, without white space at its ends; lines may be shorter than the first.
func (at layout) cell(cells []string, field FileField) string {
	i, has := at[field]
	if !has || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}
