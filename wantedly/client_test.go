package wantedly_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/wantedly"
)

func TestBadContactIsToldFromABadAddress(t *testing.T) {
	t.Parallel()
	const url = "https://wantedly.example"
	for _, cfg := range []wantedly.Config{
		{BaseURL: url, Contact: "採用担当"}, {BaseURL: url, Contact: "a\nb"}, {BaseURL: url, UserAgent: "r\x7f"},
	} {
		_, err := wantedly.New(cfg)
		require.ErrorIs(t, err, wantedly.ErrBadContact)
	}
	for _, cfg := range []wantedly.Config{{BaseURL: "x", Contact: "採用担当"}, {BaseURL: url, RequestTimeout: -time.Second}} {
		_, err := wantedly.New(cfg)
		require.Error(t, err)
		require.NotErrorIs(t, err, wantedly.ErrBadContact)
	}
}

func TestManyAccountsAreForgotten(t *testing.T) {
	t.Parallel()
	c := newClient(t, wantedly.Config{BaseURL: "https://wantedly.example"})
	for i := range 10_100 {
		require.LessOrEqual(t, c.Enter(strconv.Itoa(i)+"@acme.example"), 10_000)
	}
}
