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
func serveBadLines(service *intake.Service) http.Handler {
	return serveSheet(&sheetOf{name: "bad-lines.csv", local: "取り込めなかった行.csv"}, func(to *sheet, r *http.Request) error {
		ctx := r.Context()
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			return intake.ErrNotFound
		}
		to.columns = []string{"line", "reason", "message", "field"}
		return service.BadLines(ctx, actor(ctx), id, func(headers []string, lines []intake.BadLine) error {
			if to.csv == nil {
				to.columns = append(to.columns, headers...)
			}
			rows := make([][]string, len(lines))
			for i, l := range lines {
				field := ""
				if l.Field != nil {
					field = in(ctx, l.Field.Text())
				}
				rows[i] = append([]string{strconv.Itoa(l.Line), string(l.Reason), in(ctx, l.Reason.Text()), field}, l.Cells...)
			}
			return to.write(rows)
		})
	})
}
