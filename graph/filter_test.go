package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFilterNarrowsTheList(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	for list, want := range map[string]int{
		`inbox`:                  9,
		`inbox(state: ROUTED)`:   4,
		`inbox(state: WAITING)`:  4,
		`inbox(state: EXCLUDED)`: 1,
		`inbox(positionName: " ﾃﾞｻﾞｲﾅｰ ")`:                       5,
		`inbox(positionName: "nobody")`:                          0,
		`inbox(search: "応募者 6")`:                                 2,
		`inbox(search: "デザイナー")`:                                 5,
		`inbox(search: "ﾃﾞｻﾞ いなー", state: WAITING)`:              3,
		`inbox(search: "%")`:                                     0,
		`candidates`:                                             7,
		`candidates(search: "応募者 6")`:                            1,
		`candidates(search: "情報 go 例大学")`:                        1,
		`candidates(search: "卒論")`:                               0,
		`candidates(search: "%")`:                                0,
		`candidates(search: "")`:                                 7,
		`openings(status: OPEN)`:                                 2,
		`openings(status: CLOSED)`:                               1,
		`openings(search: "サーバー")`:                               1,
		`openings(search: "%")`:                                  0,
		`openings(search: "_")`:                                  0,
		`routingRules(search: "ﾊﾞｯｸｴﾝﾄﾞ")`:                       1,
		`routingRules(openingId: "` + f.other.ID.String() + `")`: 0,
		`applications`:                                           4,
		`applications(outcome: REJECTED)`:                        1,
		`applications(stepId: "` + f.step.String() + `")`:        1,
		`applications(openingId: "` + f.other.ID.String() + `")`: 1,
		`applications(search: "応募者 6")`:                          2,
		`applications(search: "%")`:                              0,
		`importRuns`:                                             5,
		`importRuns(accountId: "` + f.failing.String() + `")`:    0,
	} {
		require.EqualValues(t, want, dig(t, f.ask(t, `{ it: `+list+` { totalCount } }`, nil), "it", "totalCount"), list)
		require.Len(t, digList(t, f.ask(t, `{ it: `+list+` { nodes { id } } }`, nil), "it", "nodes"), want, list)
	}
}
