package intake

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestANameOfAFileKeepsItsEndAndNothingThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	for given, kept := range map[string]string{
		"応募者.csv":                         "応募者.csv",
		`C:\採用\応募者 4月.xlsx`:               "応募者 4月.xlsx",
		"../../etc/passwd":                "passwd",
		"応募\u202e者\x00\n.csv":             "応募者.csv",
		"応募\xff者.csv":                     "応募\ufffd者.csv",
		strings.Repeat("長", 300) + ".csv": strings.Repeat("長", 251) + ".csv",
		"":                                "",
		"/":                               "",
	} {
		require.Equal(t, kept, fileName(given))
	}
}
