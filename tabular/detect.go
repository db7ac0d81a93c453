package tabular

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleSize is how much of a file is looked at for its separator.
const sampleSize = 64 << 10

// Detect looks through a whole file for how it is to be read: what is no UTF-8 shows only where it stands.
func Detect(file io.Reader) (Format, error) {
	sample := make([]byte, sampleSize)
	n, err := io.ReadFull(file, sample)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Format{}, err
	}
	sample = sample[:n]
	switch {
	case len(bytes.TrimSpace(sample)) == 0 && n < sampleSize:
		return Format{}, &Error{Reason: Empty}
	case bytes.HasPrefix(sample, []byte("PK\x03\x04")):
		return Format{Kind: XLSX}, within(file, n)
	case bytes.HasPrefix(sample, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Format{}, &Error{Reason: Protected}
	}
	f, err := csvFormat(sample, file)
	if err != nil {
		return Format{}, err
	}
	head, err := io.ReadAll(io.LimitReader(f.decoded(bytes.NewReader(sample)), sampleSize))
	if err != nil {
		return Format{}, &Error{Reason: Unreadable, err: err}
	}
	if bytes.IndexByte(head, 0) >= 0 && f.Encoding != UTF16LE && f.Encoding != UTF16BE && binary(head) {
		return Format{}, &Error{Reason: Unreadable}
	}
	f.Separator = separatorOf(head)
	return f, nil
}

// within makes sure that what is left of a file is not too large.
func within(rest io.Reader, read int) error {
	n, err := io.Copy(io.Discard, io.LimitReader(rest, MaxSize+1))
	if err != nil {
		return err
	}
	if n+int64(read) > MaxSize {
		return &Error{Reason: TooLarge}
	}
	return nil
}

// binary reports whether this is an image or a program: a table has hardly a control character.
func binary(head []byte) bool {
	odd := 0
	for _, b := range head {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' {
			odd++
		}
	}
	return odd > len(head)/100
}

// csvFormat reads a file to its end for its encoding.
func csvFormat(sample []byte, rest io.Reader) (Format, error) {
	switch {
	case bytes.HasPrefix(sample, []byte{0xff, 0xfe}):
		return Format{Kind: CSV, Encoding: UTF16LE, Doubtful: true}, within(rest, len(sample))
	case bytes.HasPrefix(sample, []byte{0xfe, 0xff}):
		return Format{Kind: CSV, Encoding: UTF16BE, Doubtful: true}, within(rest, len(sample))
	}
	var c census
	size, carried, chunk := len(sample), []byte(nil), sample
	buffer := make([]byte, 64<<10)
	for {
		chunk = append(carried, chunk...)
		carried = append([]byte(nil), c.count(chunk, false)...)
		n, err := rest.Read(buffer)
		if size += n; size > MaxSize {
			return Format{}, &Error{Reason: TooLarge}
		}
		chunk = buffer[:n]
		if errors.Is(err, io.EOF) {
			c.count(append(carried, chunk...), true)
			break
		}
		if err != nil {
			return Format{}, err
		}
	}
	// A broken character or two in a text that otherwise is UTF-8 are just that.
	if c.invalid == 0 || c.wide >= 10*c.invalid || bytes.HasPrefix(sample, []byte{0xef, 0xbb, 0xbf}) {
		return Format{Kind: CSV, Encoding: UTF8, Doubtful: c.invalid > 0}, nil
	}
	return Format{Kind: CSV, Encoding: CP932, Doubtful: true}, nil
}

// census counts the characters of a text as if it were UTF-8.
type census struct{ wide, invalid int }

// count returns what may be the beginning of a character that goes on in the next part.
func (c *census) count(text []byte, last bool) (rest []byte) {
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			continue
		}
		if !last && !utf8.FullRune(text) {
			return text
		}
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			c.invalid++
		} else {
			c.wide++
		}
		text = text[n:]
	}
	return nil
}

// decoded reads a file as UTF-8 without a mark at its beginning; what is no character becomes U+FFFD.
func (f Format) decoded(file io.Reader) io.Reader {
	e := unicode.UTF8BOM
	switch f.Encoding {
	case UTF16LE, UTF16BE:
		e = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case CP932:
		e = japanese.ShiftJIS
	case UTF8:
	}
	return transform.NewReader(file, e.NewDecoder())
}

// separators are what may stand between cells; of equals the first counts.
var separators = []rune{',', '\t', ';'}

// separatorOf is the one that the first lines have most of, outside of quotes. The first line counts before the
// others: it names the columns, and holds no sentences.
func separatorOf(head []byte) rune {
	const lines = 5
	var first, all [3]int
	quoted, line := false, 0
	for _, r := range string(head) {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			if first != [3]int{} || all != [3]int{} {
				line++
			}
		default:
			for i, s := range separators {
				if r == s {
					all[i]++
					if line == 0 {
						first[i]++
					}
				}
			}
		}
		if line == lines {
			break
		}
	}
	best := 0
	for i := range separators {
		if first[i] > first[best] || first[i] == first[best] && all[i] > all[best] {
			best = i
		}
	}
	return separators[best]
}
