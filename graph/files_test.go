package graph_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/intake"
)

// importFile brings a file of doda's in.
func (c company) importFile(t *testing.T, content string) intake.FileImport {
	t.Helper()
	f, _, err := c.service.StartFileImport(t.Context(), c.actor, intake.FileUpload{Medium: intake.MediumDoda, Name: "応募者.csv", Content: strings.NewReader(content)})
	require.NoError(t, err)
	require.NoError(t, c.service.WorkFile(t.Context(), intake.FileTask{CompanyID: c.actor.Company.ID, FileID: f.ID}))
	return f
}

// takesFile reports whether a file can be named in the arguments.
func takesFile(schema *ast.Schema, arguments ast.ArgumentDefinitionList) bool {
	for _, a := range arguments {
		if a.Type.Name() == "Upload" {
			return true
		}
		for _, field := range schema.Types[a.Type.Name()].Fields {
			if field.Type.Name() == "Upload" {
				return true
			}
		}
	}
	return false
}

const (
	preview = `query ($file: Upload!, $mapping: [FileColumnInput!]) { previewApplicantFile(medium: DODA, file: $file, mapping: $mapping) `
	upload  = `mutation ($file: Upload!, $mapping: [FileColumnInput!]) { importApplicants(input: {medium: DODA, file: $file, mapping: $mapping}) `
)

// runWith asks with a file.
func (c company) runWith(t *testing.T, query, content string, mapping ...map[string]any) (data any, errs []string) {
	t.Helper()
	operations := encode(t, map[string]any{"query": query, "variables": vars{"file": nil, "mapping": mapping}})
	a := read(t, c.client, c.upload(t, form(part{name: "operations", text: string(operations)}, theMap, part{name: "0", file: "応募者.csv", text: content})))
	for _, e := range a.Errors {
		errs = append(errs, e.code())
	}
	return a.Data, errs
}

func TestFilesAreForRecruitersAlone(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	var viewers []company
	for _, roles := range everyMixOfRoles() {
		viewers = append(viewers, f.colleague(t, roles...))
	}
	before := f.contents(t)
	for _, viewer := range viewers {
		for _, query := range []string{preview, upload} {
			_, errs := viewer.runWith(t, query+"{ __typename } }", "x\n")
			if viewer.actor.Holds(intake.RoleRecruiter) {
				require.Empty(t, errs)
			} else {
				require.Equal(t, []string{"FORBIDDEN"}, errs, viewer.actor.Member.Roles)
			}
		}
	}
	require.Equal(t, before, f.contents(t))
	for _, query := range []string{preview, upload} {
		for _, value := range []any{nil, "x", map[string]any{}, 1} {
			f.refused(t, "BAD_USER_INPUT", query+"{ __typename } }", vars{"file": value})
		}
	}
}

func TestFileIsPreviewedThenImportedThenKnown(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	const content = "名称,求人名,メモ\n応募者,営業,x\n,営業,y\n"
	data, errs := c.runWith(t, preview+"{ kind encoding separator headers mapping { field header } remembered rows { line name } problems { code field } } }", content)
	require.Empty(t, errs)
	require.JSONEq(t, `{"kind": "CSV", "encoding": "UTF_8", "separator": ",", "headers": ["名称", "求人名", "メモ"], "remembered": false,
		"mapping": [{"field": "POSITION_NAME", "header": "求人名"}], "rows": [{"line": 2, "name": null}, {"line": 3, "name": null}],
		"problems": [{"code": "REQUIRED", "field": ["mapping"]}]}`, string(encode(t, dig(t, data, "previewApplicantFile"))))
	const asked = "{ alreadyImported import { id status } errors { code field } } }"
	data, errs = c.runWith(t, upload+asked, content)
	require.Empty(t, errs)
	require.JSONEq(t, `{"alreadyImported": false, "import": null, "errors": [{"code": "REQUIRED", "field": ["input", "mapping"]}]}`, string(encode(t, dig(t, data, "importApplicants"))))
	mapping := []map[string]any{{"field": "NAME", "header": "名称"}, {"field": "POSITION_NAME", "header": "求人名"}}
	data, errs = c.runWith(t, upload+asked, content, mapping...)
	require.Empty(t, errs)
	id := digString(t, data, "importApplicants", "import", "id")
	require.Equal(t, "QUEUED", digString(t, data, "importApplicants", "import", "status"))
	require.NoError(t, c.service.WorkFile(t.Context(), intake.FileTask{CompanyID: c.actor.Company.ID, FileID: uuid.MustParse(id)}))
	data, errs = c.runWith(t, upload+asked, content) // the mapping is remembered
	require.Empty(t, errs)
	require.JSONEq(t, `{"alreadyImported": true, "import": {"id": "`+id+`", "status": "SUCCEEDED"}, "errors": []}`, string(encode(t, dig(t, data, "importApplicants"))))
	answer := c.speaking("en").ask(t, `{ fileImports { nodes { fileName lines imported invalid uploadedBy { name } entries { nodes { positionName } } badLines { nodes { line reason message field } totalCount } } } }`, nil)
	require.JSONEq(t, `{"fileName": "応募者.csv", "lines": 2, "imported": 1, "invalid": 1, "uploadedBy": {"name": "山田花子"}, "entries": {"nodes": [{"positionName": "営業"}]},
		"badLines": {"nodes": [{"line": 3, "reason": "NAME_MISSING", "message": "The name is missing.", "field": "NAME"}], "totalCount": 1}}`,
		string(encode(t, dig(t, answer, "fileImports", "nodes", 0))))
	require.Equal(t, "INVALID_STATE", digString(t, c.ask(t, `mutation ($id: ID!) { cancelApplicantFile(id: $id) { errors { code } } }`, vars{"id": id}), "cancelApplicantFile", "errors", 0, "code"))
}

func (c company) badLines(t *testing.T, id string, query ...string) answer {
	t.Helper()
	return read(t, c.client, c.request(t, http.MethodGet, c.at("file-imports/"+id+"/bad-lines.csv", nil)+strings.Join(query, "&"), ""))
}

func TestBadLinesAreAFileForRecruitersThatIsHarmlessToSpreadsheets(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.company(t, "甲社")
	formulas := []string{`=HYPERLINK("x")`, "+1", "-1", "@SUM(A1)", "＝1", "普通の文"}
	table := "氏名,求人名,=備考\n"
	for _, formula := range formulas {
		table += `,営業,"` + strings.ReplaceAll(formula, `"`, `""`) + "\"\n"
	}
	f := c.importFile(t, table)

	nobody := c
	nobody.token = ""
	require.Equal(t, http.StatusUnauthorized, nobody.badLines(t, f.ID.String()).status)
	require.Equal(t, http.StatusForbidden, c.colleague(t, intake.RoleAdmin, intake.RoleCoordinator).badLines(t, f.ID.String()).status)
	foreign, missing := d.company(t, "乙社").badLines(t, f.ID.String()), c.badLines(t, uuid.NewString())
	require.Equal(t, http.StatusNotFound, foreign.status)
	require.Equal(t, missing.raw, foreign.raw)
	require.Equal(t, missing.raw, c.badLines(t, "x").raw)

	a := c.badLines(t, f.ID.String())
	require.Equal(t, http.StatusOK, a.status, a.raw)
	require.Equal(t, "text/csv; charset=utf-8; header=present", a.header.Get("Content-Type"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.raw, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"行番号", "理由コード", "取り込めなかった理由", "問題の項目", "氏名", "求人名", "'=備考"}, rows[0])
	require.Equal(t, []string{"2", "NAME_MISSING", "氏名がありません。", "氏名", "", "営業", `'=HYPERLINK("x")`}, rows[1])
	require.Equal(t, "普通の文", rows[6][6])
	require.Contains(t, c.badLines(t, f.ID.String(), "lang=en").raw, "\ufeffLine number,Reason code,Why it did not come in,Field to blame,氏名,求人名,'=備考\r\n2,NAME_MISSING,The name is missing.,name,")
	for _, bad := range []string{"lang=fr", "zone=UTC", canary + "=1", "lang=en;x"} {
		refused := c.badLines(t, f.ID.String(), bad)
		require.Equal(t, http.StatusBadRequest, refused.status, bad)
		requireRefused(t, "BAD_USER_INPUT", refused)
		require.NotContains(t, refused.raw, canary)
	}
	for _, row := range rows {
		for _, cell := range row {
			require.False(t, cell != "" && strings.ContainsRune("=+-@＝", []rune(cell)[0]), "%q", cell)
		}
	}
	answer := c.ask(t, `{ auditLog(action: FILE_BAD_LINES_EXPORTED) { nodes { summary subjectId } } }`, nil)
	require.Len(t, digList(t, answer, "auditLog", "nodes"), 2)
	require.Equal(t, f.ID.String(), digString(t, answer, "auditLog", "nodes", 0, "subjectId"))
}

// exploreFiles asks for everything of files that only a file brings.
func (f *full) exploreFiles(t *testing.T, x *explorer) {
	t.Helper()
	for _, content := range []string{
		"氏名,メール,電話番号,求人名,応募日,現職,会社名,学校名,スキル,自己PR,住所,URL\n応募者,a@example.com,03-0000-0000,営業,2026-01-05,開発,例社,例大学,Go,はじめまして。,東京都,https://example.com\n,,,,\n,a@example.com\n",
		"x\n",
	} {
		data, errs := f.runWith(t, preview+x.selection(x.schema.Types["ApplicantFilePreview"], 2)+" }", content)
		require.Empty(t, errs)
		x.note(t, x.schema.Query.Fields.ForName("previewApplicantFile").Type, "Query.previewApplicantFile", dig(t, data, "previewApplicantFile"))
		data, errs = f.runWith(t, upload+x.selection(x.schema.Types["ImportApplicantsPayload"], 1)+" }", content)
		require.Empty(t, errs)
		x.note(t, x.schema.Mutation.Fields.ForName("importApplicants").Type, "Mutation.importApplicants", dig(t, data, "importApplicants"))
	}
	files, err := f.service.FileImports(t.Context(), f.actor, intake.Keyset{First: 1})
	require.NoError(t, err)
	for _, field := range []string{"import", "errors"} {
		selected := x.selection(&ast.Definition{Fields: ast.FieldList{x.schema.Types["ApplicantFileImportPayload"].Fields.ForName(field)}}, 1)
		data := f.ask(t, `mutation ($id: ID!) { cancelApplicantFile(id: $id) `+selected+` }`, vars{"id": files[0].ID})
		x.note(t, x.schema.Mutation.Fields.ForName("cancelApplicantFile").Type, "Mutation.cancelApplicantFile", dig(t, data, "cancelApplicantFile"))
	}
	broken := f.importFile(t, "氏名,求人名\n"+strings.Repeat("応募者,営業\n", 9)+"\"応募者\n応募者,営業\n")
	part := &ast.Definition{Fields: ast.FieldList{x.schema.Types["ApplicantFileImport"].Fields.ForName("failure")}}
	data := f.ask(t, `query ($id: ID!) { node(id: $id) { ... on ApplicantFileImport `+x.selection(part, 1)+` } }`, vars{"id": broken.ID})
	x.note(t, ast.NamedType("ApplicantFileImport", nil), "Query.node", dig(t, data, "node"))
}
