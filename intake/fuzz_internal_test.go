package intake

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

func FuzzPlaceInAList(f *testing.F) {
	id := uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")
	for _, seed := range []string{
		"", " ", PlaceOf(time.Time{}, id), PlaceOf(time.UnixMicro(lastInstant), id), PlaceOf(time.UnixMicro(lastInstant+1), id), "MQ", "LTEu", "K zEuMA", strings.Repeat("A", 100),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, after string) {
		at, id, err := Keyset{After: after}.place()
		if err != nil {
			if !errors.Is(err, ErrBadCursor) || at != nil || id != nil {
				t.Fatal(at, id, err)
			}
			return
		}
		if after == "" {
			return
		}
		if at.Before(time.UnixMicro(0)) || at.Year() > 9999 {
			t.Fatalf("no list holds %v", at)
		}
		againAt, againID, err := Keyset{After: PlaceOf(*at, *id)}.place()
		if err != nil || !againAt.Equal(*at) || *againID != *id {
			t.Fatalf("%v %v came back as %v %v: %v", at, id, againAt, againID, err)
		}
	})
}

func FuzzEventCursor(f *testing.F) {
	for _, seed := range []string{"", cursor{}.String(), cursor{seq: 1 << 40, partial: true}.String(), "MS4tMQ", "MS4xLg", "Mi4x", "MS4rMQ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err != nil {
			if !errors.Is(err, ErrBadCursor) || c != (cursor{}) {
				t.Fatal(c, err)
			}
			return
		}
		if again, err := parseCursor(c.String()); err != nil || again != c || c.seq < 0 {
			t.Fatalf("%+v came back as %+v: %v", c, again, err)
		}
	})
}

func FuzzPositionName(f *testing.F) {
	for _, seed := range []string{"", "㈱ｻﾝﾌﾟﾙ", "営業 〜 東京", "か\u200b\u3099", "\ufdfa", " \u3000", "\xff\x00", strings.Repeat("a ", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		once := NormalizePositionName(name)
		if twice := NormalizePositionName(once); twice != once {
			t.Fatalf("%q became %q and then %q", name, once, twice)
		}
		if !storable(once) || strings.TrimSpace(once) != once || strings.Contains(once, "  ") || utf8.RuneCountInString(once) > maxPositionName {
			t.Fatalf("%q became %q", name, once)
		}
		if wide := "\u3000" + name + "\u200b"; NormalizePositionName(wide) != once {
			t.Fatalf("%q is another name than %q", wide, name)
		}
	})
}

func FuzzEmail(f *testing.F) {
	for _, seed := range []string{
		"", "a@b.example", "A <a@b.example>", "<a@b.example>", `"a b"@c`, "a@[127.0.0.1]", "あ@例え.jp", "a@b\r\nc", "a@b, c@d", "=?utf-8?q?a?=@b", "a(c)@b",
		"a\u3000@b.example", "a@b\u0085", "\u200ba@b.example",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !isEmail(s) {
			return
		}
		at := strings.LastIndexByte(s, '@')
		if !storable(s) || len(s) > 254 || at < 1 || at == len(s)-1 || strings.ContainsAny(s[at:], "<>(),;") ||
			strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.White_Space, unicode.Cc, unicode.Cf) }) {
			t.Fatalf("%q is nobody's address", s)
		}
	})
}

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "renkei", tokenPrefix, tokenPrefix + "x", strings.ToUpper(tokenPrefix) + "x", " " + tokenPrefix, tokenPrefix + "\x00\xff", newToken()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if !wellFormed(token) {
			return
		}
		if !strings.HasPrefix(token, "renkei_") || len(token) > 80 || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Fatalf("%q: the database is asked for tokens alone", token)
		}
		if hash := hashOf(token); len(hash) != 32 || bytes.Contains(hash, []byte(token)) {
			t.Fatalf("%q is looked for as %x", token, hash)
		}
	})
}
