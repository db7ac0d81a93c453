package graph

import (
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"renkei/intake"
)

// fileUpload is a file as the domain takes it.
func fileUpload(medium intake.Medium, file graphql.Upload, mapping []intake.FileColumn, position *string) intake.FileUpload {
	return intake.FileUpload{Medium: medium, Name: file.Filename, Content: file.File, Columns: mapping, PositionName: position}
}

// serveBadLines gives the lines of a file that could not come in as a file for spreadsheets, each behind its number,
// why it is bad, and the field to blame: to be mended and uploaded again.
func serveBadLines(service *intake.Service, exports *turns) http.Handler {
	return serveSheet(&sheetOf{name: "bad-lines.csv", local: "取り込めなかった行.csv"}, func(to *sheet, r *http.Request) error {
		ctx, p := r.Context(), readParameters(r)
		language := p.language()
		over, err := beginExport(r, p, exports)
		if err != nil {
			return err
		}
		defer over()
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			return intake.ErrNotFound
		}
		for _, name := range badLineColumns {
			to.columns = append(to.columns, name.In(language))
		}
		return service.BadLines(ctx, actor(ctx), id, func(headers []string, lines []intake.BadLine) error {
			if to.csv == nil {
				to.columns = append(to.columns, headers...)
			}
			rows := make([][]string, len(lines))
			for i, l := range lines {
				field := ""
				if l.Field != nil {
					field = l.Field.Text().In(language)
				}
				rows[i] = append([]string{strconv.Itoa(l.Line), string(l.Reason), l.Reason.Text().In(language), field}, l.Cells...)
			}
			return to.send(rows)
		})
	})
}

var badLineColumns = []intake.Text{
	{JA: "行番号", EN: "Line number"}, {JA: "理由コード", EN: "Reason code"}, {JA: "取り込めなかった理由", EN: "Why it did not come in"}, {JA: "問題の項目", EN: "Field to blame"},
}
