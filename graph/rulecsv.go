package graph

import (
	"net/http"
	"strconv"

	"renkei/intake"
)

// The columns of rules that are written and never read.
var (
	columnRouted     = intake.Text{JA: "振り分け件数", EN: "Routed"}
	columnLastRouted = intake.Text{JA: "最終振り分け日時", EN: "Last routed at"}
)

// serveRules gives the rules as importRoutingRules reads them.
func serveRules(service *intake.Service) http.Handler {
	return serveSheet(&sheetOf{name: "routing-rules.csv", local: "振り分けルール.csv"}, func(to *sheet, r *http.Request) error {
		p := readParameters(r)
		language, zone := p.language(), p.zone()
		if err := p.done(); err != nil {
			return err
		}
		for _, c := range intake.RuleColumns {
			to.columns = append(to.columns, c.Name().In(language))
		}
		to.columns = append(to.columns, columnRouted.In(language), columnLastRouted.In(language))
		return service.ExportRules(r.Context(), actor(r.Context()), func(lines []intake.RuleLine) error {
			rows := make([][]string, len(lines))
			for i, l := range lines {
				id, last := "", ""
				if l.Ambiguous {
					id = l.Rule.OpeningID.String()
				}
				if l.Matches.LastAt != nil {
					last = l.Matches.LastAt.In(zone).Format(forSheets)
				}
				rows[i] = []string{l.Rule.Medium.Name().In(language), l.Rule.PositionName, l.Opening, id, strconv.Itoa(l.Matches.Count), last}
			}
			return to.write(rows)
		})
	})
}
