package wantedly_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
)

func TestAwkwardProfiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body  string
		check func(t *testing.T, p intake.SourcePerson)
	}{
		"nulls": {`{"user":{"name":" 田中 ","age":null},"location":null,"working_histories":null,"skill_taggings":null}`, func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Equal(t, "田中", p.Name)
			require.Nil(t, p.Location)
			require.Nil(t, p.WorkHistories)
			require.Nil(t, p.ProfileURL)
		}},
		"wrong types where nothing is required": {`{"user":{"name":"a","url":7},"location":{"x":1},"tagline":3,"working_histories":{"a":1},` +
			`"skill_taggings":[1,null,{"tag":null},{"tag":{"name":"Go"}},{"tag":{"name":5}}],"portfolio_items":"x","academic_records":[[],{}]}`, func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Equal(t, []string{"Go"}, p.Skills)
			require.Nil(t, p.Location)
			require.Nil(t, p.Educations)
		}},
		"NUL, surrogates, control, RTL, emoji": {`{"user":{"name":"A\u0000\ud800B\u0007 العربية 👩‍💻\r"},"introduction":"a\u0000\r\n\tb\u001b"}`, func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Equal(t, "A\ufffdB العربية 👩‍💻", p.Name)
			require.Equal(t, "a\n\tb", *p.Introduction)
		}},
		"bad UTF-8 in a text": {"{\"user\":{\"name\":\"A\"},\"introduction\":\"a\xffb\"}", func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Equal(t, "a\ufffdb", *p.Introduction)
		}},
		"links": {`{"user":{"name":"a","url":"https://me.example/あ"},"portfolio_items":[{"url":"javascript:alert(1)"},{"url":"mailto:a@b.c"},{"url":"http://"},` +
			`{"url":"https://"},{"url":"//x.example"},{"url":"HTTPS://x.example/a?b=c","title":"x"},{"url":null},{"url":"data:text/html,x"},{"url":" http://y.example "},{"url":"https://x\u0000y.example"}]}`, func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Len(t, p.Links, 2)
			require.Equal(t, "https://x.example/a?b=c", p.Links[0].URL)
			require.Equal(t, "x", *p.Links[0].Title)
			require.Equal(t, "http://y.example", p.Links[1].URL)
			require.Equal(t, "https://me.example/%E3%81%82", *p.ProfileURL)
		}},
		"long lists and texts": {`{"user":{"name":"a"},"introduction":"` + strings.Repeat("あ", 30_000) + `","skill_taggings":[` + strings.Repeat(`{"tag":{"name":"Go"}},`, 5_000) + `{}]}`, func(t *testing.T, p intake.SourcePerson) {
			t.Helper()
			require.Len(t, []rune(*p.Introduction), 20_000)
			require.Len(t, p.Skills, 200)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := wantedly.ParsePerson([]byte(tc.body), "7")
			require.NoError(t, err)
			require.Equal(t, "7", p.ExternalID)
			tc.check(t, p)
		})
	}
}

func TestRecordsThatCannotBe(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ticket := func(change map[string]any) []byte {
		data := map[string]any{
			"number": 5, "created_at": now.Format(time.RFC3339), "project": map[string]any{"title": "canary"},
			"candidate": map[string]any{"id": "canary_1"}, "candidacy": nil, "scout": map[string]any{},
		}
		maps.Copy(data, change)
		b, err := json.Marshal(map[string]any{"data": data})
		require.NoError(t, err)
		return b
	}
	person := func(name any) []byte {
		b, err := json.Marshal(map[string]any{"user": map[string]any{"name": name, "email": "canary@mail.invalid"}, "canary@mail.invalid": 1})
		require.NoError(t, err)
		return b
	}
	require.NoError(t, wantedly.ParseTicket(ticket(nil), 5, now))
	require.NoError(t, wantedly.ParseTicket(ticket(map[string]any{"number": "5", "extra": []int{1}, "candidacy": 3}), 5, now))
	for name, tc := range map[string]struct {
		ticket, person []byte
		want           string
	}{
		"no object":         {ticket: []byte(`[]`), want: "SHAPE : array, not an object"},
		"no data":           {ticket: []byte(`{}`), want: "SHAPE data: missing"},
		"another number":    {ticket: ticket(map[string]any{"number": 6}), want: "VALUE data.number: not the one asked for"},
		"half a number":     {ticket: ticket(map[string]any{"number": 5.5}), want: "VALUE data.number: not a whole number"},
		"no number":         {ticket: ticket(map[string]any{"number": nil}), want: "SHAPE data.number: null, not an id"},
		"year 99999":        {ticket: ticket(map[string]any{"created_at": "99999-01-01T00:00:00Z"}), want: "VALUE data.created_at: not a time"},
		"year 1970":         {ticket: ticket(map[string]any{"created_at": "1970-01-01T00:00:00Z"}), want: "VALUE data.created_at: not a time when somebody can have applied"},
		"next week":         {ticket: ticket(map[string]any{"created_at": now.AddDate(0, 0, 7).Format(time.RFC3339)}), want: "VALUE data.created_at: not a time when somebody can have applied"},
		"another format":    {ticket: ticket(map[string]any{"created_at": "2026/11/20 09:30"}), want: "SHAPE data.created_at: a string, not a time as it was written"},
		"seconds in words":  {ticket: ticket(map[string]any{"created_at": "1795134600"}), want: "SHAPE data.created_at: a string, not a time as it was written"},
		"an empty time":     {ticket: ticket(map[string]any{"created_at": ""}), want: "SHAPE data.created_at: a string, not a time as it was written"},
		"no time":           {ticket: ticket(map[string]any{"created_at": nil}), want: "SHAPE data.created_at: null, not a string"},
		"year 99999, Z+9":   {ticket: ticket(map[string]any{"created_at": "+99999-12-31T23:59:59.999+09:00"}), want: "VALUE data.created_at: not a time"},
		"a number for time": {ticket: ticket(map[string]any{"created_at": 17}), want: "SHAPE data.created_at: number, not a string"},
		"no project":        {ticket: ticket(map[string]any{"project": nil}), want: "SHAPE data.project: null, not an object"},
		"no title":          {ticket: ticket(map[string]any{"project": map[string]any{}}), want: "SHAPE data.project.title: missing"},
		"an empty title":    {ticket: ticket(map[string]any{"project": map[string]any{"title": " \u3000"}}), want: "VALUE data.project.title: empty"},
		"a long title":      {ticket: ticket(map[string]any{"project": map[string]any{"title": strings.Repeat("あ", 501)}}), want: "VALUE data.project.title: longer than 500 characters"},
		"no candidate":      {ticket: ticket(map[string]any{"candidate": []int{}}), want: "SHAPE data.candidate: array, not an object"},
		"no candidate's id": {ticket: ticket(map[string]any{"candidate": map[string]any{"id": true}}), want: "SHAPE data.candidate.id: boolean, not an id"},
		"an id with a path": {ticket: ticket(map[string]any{"candidate": map[string]any{"id": "../1"}}), want: "VALUE data.candidate.id: not an id"},
		"no name":           {person: []byte(`{"user":{"fullName":"canary"}}`), want: "SHAPE user.name: missing"},
		"name of no type":   {person: person(7), want: "SHAPE user.name: number, not a string"},
		"an empty name":     {person: person(" \u0000"), want: "VALUE user.name: empty"},
		"a long name":       {person: person(strings.Repeat("canary", 40)), want: "VALUE user.name: longer than 200 characters"},
		"no user":           {person: []byte(`{"profile":{}}`), want: "SHAPE user: missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var err error
			if tc.person != nil {
				_, err = wantedly.ParsePerson(tc.person, "1")
			} else {
				err = wantedly.ParseTicket(tc.ticket, 5, now)
			}
			reason, detail, shape, ok := wantedly.InvalidOf(err)
			require.True(t, ok)
			require.Equal(t, tc.want, reason+" "+detail)
			require.NotContains(t, detail+string(shape), "canary")
			require.True(t, json.Valid(shape))
		})
	}
}

func TestShapesAreSmallAndHoldNoValue(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"a":[{}],"b":"null","c":"boolean","?":"number","d":{"e":[{"f":[["number"]]}]}}`,
		string(wantedly.ShapeOf([]byte(`{"a":[{},1],"b":null,"c":false,"田中":1,"x y":2,"d":{"e":[{"f":[[1]]}]}}`))))
	var wide strings.Builder
	wide.WriteString(`{"k":0`)
	for i := range 5_000 {
		fmt.Fprintf(&wide, `,"k%d":{"a":{"b":{"c":[1]}}}`, i)
	}
	wide.WriteString("}")
	require.Less(t, len(wantedly.ShapeOf([]byte(wide.String()))), 20_000)
	require.JSONEq(t, `"not JSON"`, string(wantedly.ShapeOf([]byte(`{"a":`))))
}
