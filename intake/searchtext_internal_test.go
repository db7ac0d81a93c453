package intake

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

func TestWhatIsNotOddIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	const others = "a~かはーン一龥"
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if isOdd(r) {
			continue
		}
		text := string(r) + others + string(r)
		if norm.NFKC.String(text) != text || visible(r) != r {
			t.Errorf("%U is odd", r)
		}
	}
	require.True(t, isOdd(unicode.ReplacementChar), "bytes that are no text are")
}
