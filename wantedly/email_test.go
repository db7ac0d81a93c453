package wantedly_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/wantedly"
)

const gone = "（メールアドレス削除）"

func TestTextsTellNoEmailAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"連絡はtaro.yamada+job@mail.example.co.jpまで。":                 "連絡は" + gone + "まで。",
		"<taro@mail.example>, hanako_1@mail.example;mailto:x@y.jp": "<" + gone + ">, " + gone + ";mailto:" + gone,
		"taro＠mail.example": gone,
		"ｔａｒｏ＠ｍａｉｌ．ｅｘａｍｐｌｅ": gone,
		"taro﹫mail.example":                        gone,
		"taro%40mail.example":                      gone,
		"ta\u0000ro@mail\u0007.example":            gone,
		`"taro yamada"@mail.example`:               gone,
		"o'brien..x.@docomo.ne.jp\nと":              gone + "\nと",
		"taro@xn--eckwd4c7c.xn--zckzah です":         gone + " です",
		"@taro.dev, 3 @ 5.00, C++@work, go@1.26":   "@taro.dev, 3 @ 5.00, C++@work, go@1.26",
		"https://medium.example/@taro.dev":         "https://medium.example/@taro.dev",
		strings.Repeat("あ", 19_990) + "a@b.exampl": strings.Repeat("あ", 19_990) + gone[:30],
	} {
		require.Equal(t, want, wantedly.Clean(text, 20_000))
	}
	long := strings.Repeat("a.", 200_000) + "@"
	require.Len(t, wantedly.Clean(long, 500), 500)
}

func TestLinksTellNoEmailAddress(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://taro@x.example/", "https://taro:pass@x.example/a", "http://@x.example",
		"https://x.example/?mail=taro@mail.example", "https://x.example/taro%40mail.example", "https://x.example/#taro@mail.example",
		"https://x.example/?m=%74aro%2540mail%2Eexample", "https://x.example/?q=%zz&m=taro%40mail.example",
		"https://x.example/taro＠mail.example", "https://x.example/?m=taro%EF%BC%A0mail.example",
		"https://x.example/?m=taro%2525252525252540mail.example",
	} {
		require.Empty(t, wantedly.WebLink(link), link)
	}
	for _, link := range []string{
		"https://medium.example/@taro.dev", "https://x.example/maps/@35.68,139.76,15z", "https://x.example/?q=a%20b%26c&r=100%25",
		"https://x.example/%E3%81%82?x=%40taro",
	} {
		require.Equal(t, link, wantedly.WebLink(link))
	}
}

func TestNoEmailAddressComesInAnywhere(t *testing.T) {
	t.Parallel()
	const at = `canary@mail.invalid`
	p, err := wantedly.ParsePerson([]byte(strings.ReplaceAll(`{"user":{"name":"田中 AT","url":"https://x.example/AT"},"location":"AT","current_position":"AT",
		"tagline":"AT","introduction":"x AT y","statement":"AT",
		"working_histories":[{"started_on":"AT","ended_on":"AT","company_name":"AT","position":"AT","description":"AT"}],
		"academic_records":[{"graduated_on":"AT","school_name":"AT","major":"AT","description":"AT"}],
		"skill_taggings":[{"tag":{"name":"AT"}}],
		"portfolio_items":[{"title":"AT","url":"https://x.example/a"},{"title":"b","url":"https://x.example/?AT"},{"title":"c","url":"https://AT/"}]}`, "AT", at)), "7")
	require.NoError(t, err)
	b, err := json.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(b), "canary")
	require.Equal(t, "田中 "+gone, p.Name)
	require.Equal(t, []string{gone}, p.Skills)
	require.Nil(t, p.ProfileURL)
	require.Len(t, p.Links, 1)

	for _, name := range []string{at, " <" + at + "> ", at + ", " + at, "taro＠mail.example"} {
		_, err := wantedly.ParsePerson([]byte(`{"user":{"name":"`+name+`"}}`), "7")
		reason, detail, _, _ := wantedly.InvalidOf(err)
		require.Equal(t, "VALUE user.name: nothing but an e-mail address", reason+" "+detail)
	}
}

func TestPositionNamesTellNoEmailAddress(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 1)
	ticket := b.ticketJSON(1)
	ticket["project"] = map[string]any{"id": 7, "title": "エンジニア（応募は jobs@mail.example へ）"}
	b.ticket = b.one(ticket)
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	require.Equal(t, "エンジニア（応募は "+gone+" へ）", h.applications()[0].PositionName)
}
