package tabular

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	// maxPiece is the most XML that one cell, one text or anything between them may be of: the library takes each whole.
	maxPiece = 4 * MaxRecord
	// maxTexts is how many texts cells may share. A hundred thousand lines have two million where twenty columns
	// never repeat.
	maxTexts = 4 << 20

	textsPart = "xl/sharedstrings.xml"
)

// weight is what a workbook would take to be read.
type weight struct {
	// texts are the lengths of those that cells share.
	texts []int32
	// heavy is the first line of any sheet that is too long, or 0: only that sheet's reader knows which part it is.
	heavy int
	// textsOnDisk says that they will be unpacked onto the disk.
	textsOnDisk bool
}

// weigh refuses a workbook that would unpack to too much, and finds the first line that nobody should put together.
// What the workbook says of its sizes is held to when it is unpacked.
func weigh(packed []byte) (weight, error) {
	parts, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return weight{}, &Error{Reason: Unreadable, err: err}
	}
	named := make(map[string]*zip.File, len(parts.File))
	var all, memory uint64
	for _, part := range parts.File {
		size := part.UncompressedSize64
		if size > maxUnzipped {
			return weight{}, &Error{Reason: TooLarge}
		}
		all += size
		name := partName(part)
		if !isSheet(name) && name != textsPart {
			memory += size
		}
		if all > maxUnzipped || memory > maxInMemory {
			return weight{}, &Error{Reason: TooLarge}
		}
		// Whoever reads it might take the other.
		if named[name] != nil {
			return weight{}, &Error{Reason: Unreadable, err: errors.New("two parts have one name")}
		}
		named[name] = part
	}
	var w weight
	if texts := named[textsPart]; texts != nil {
		w.textsOnDisk = texts.UncompressedSize64 > onDisk
		if err := weighed(texts, maxPiece, w.shared); err != nil {
			return weight{}, err
		}
	}
	for name, part := range named {
		// A sheet may also lie where nobody looks for it; that is in memory anyway.
		most := maxInMemory
		if isSheet(name) {
			most = maxPiece
		}
		if name == textsPart {
			continue
		}
		if err := weighed(part, most, w.sheet); err != nil {
			return weight{}, err
		}
	}
	return w, nil
}

// partName is what the library knows a part by.
func partName(part *zip.File) string {
	return strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
}

func isSheet(name string) bool { return strings.HasPrefix(name, "xl/worksheets/sheet") }

// weighed has a part's pieces looked at. What is no XML ends it, as it does for the library.
func weighed(part *zip.File, most int, look func(*pieces) error) error {
	content, err := part.Open()
	if err != nil {
		return &Error{Reason: Unreadable, err: err}
	}
	source := &scale{from: bufio.NewReader(content), most: most}
	err = look(&pieces{scale: source, decoder: xml.NewDecoder(source)})
	_ = content.Close() // it was only read
	var wrong *xml.SyntaxError
	switch {
	case errors.Is(source.err, errPiece):
		return &Error{Reason: TooLarge}
	case source.err != nil:
		return &Error{Reason: Unreadable, err: source.err}
	case err == nil, errors.Is(err, io.EOF), errors.As(err, &wrong):
		return nil
	}
	if _, ok := AsError(err); ok {
		return err
	}
	// Such as an encoding that neither Excel writes nor the standard allows.
	return &Error{Reason: Unreadable, err: err}
}

var errPiece = errors.New("a piece of the workbook is too large")

// scale lets a decoder have so much for each piece.
type scale struct {
	from       *bufio.Reader
	left, most int
	err        error
}

// ReadByte implements io.ByteReader, so that a decoder takes no more than it needs.
func (s *scale) ReadByte() (byte, error) {
	if s.left--; s.left < 0 {
		s.err = errPiece
		return 0, errPiece
	}
	b, err := s.from.ReadByte()
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return b, err
}

// Read implements io.Reader.
func (s *scale) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// pieces reads a part.
type pieces struct {
	*scale
	decoder *xml.Decoder
}

// next is the next element that begins.
func (p *pieces) next() (xml.StartElement, error) {
	for {
		p.left = p.most
		token, err := p.decoder.RawToken()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
	}
}

// text reads to the end of the element that has just begun, for how long its text is without how it is pronounced,
// and for its value. More than one value is longer than anything.
func (p *pieces) text() (length int, value string, err error) {
	p.left = p.most
	var open []string
	var text strings.Builder
	values := 0
	for depth := 1; depth > 0; {
		token, err := p.decoder.RawToken()
		if err != nil {
			return length, text.String(), err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			open = append(open, token.Name.Local)
			if token.Name.Local == "v" {
				if values++; values > 1 {
					return math.MaxInt32, "", nil
				}
			}
		case xml.EndElement:
			if depth--; len(open) > 0 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if written(open) {
				length += len(token)
			}
			if len(open) > 0 && open[len(open)-1] == "v" {
				text.Write(token)
			}
		}
	}
	return length, text.String(), nil
}

// written reports whether a text in these elements is a cell's.
func written(open []string) bool {
	if len(open) == 0 {
		return false
	}
	if slices.Contains(open, "rPh") {
		return false
	}
	last := open[len(open)-1]
	return last == "t" || last == "v"
}

// shared notes the lengths of the texts that cells share.
func (w *weight) shared(p *pieces) error {
	for {
		start, err := p.next()
		if err != nil {
			return err
		}
		if start.Name.Local != "si" {
			continue
		}
		length, _, err := p.text()
		if length > MaxRecord || len(w.texts) == maxTexts {
			return &Error{Reason: TooLarge}
		}
		if err != nil {
			return err
		}
		w.texts = append(w.texts, int32(length)) //nolint:gosec // at most MaxRecord
	}
}

// sheet looks for a line that is too long: counted as the library does, for which lines whose numbers do not rise
// are one.
func (w *weight) sheet(p *pieces) error {
	line, number, cells, size := 0, 0, 0, 0
	for {
		start, err := p.next()
		if err != nil {
			return err
		}
		switch start.Name.Local {
		case "row":
			if n, err := strconv.Atoi(attribute(start, "r")); err == nil && n != 0 {
				number = n
			} else {
				number++
			}
			if number > line {
				line, cells, size = number, 0, 0
			}
		case "c":
			// Also one that breaks off counts.
			length, value, err := p.text()
			if attribute(start, "t") == "s" && length < math.MaxInt32 {
				length = w.lengthOf(value)
			}
			cells, size = cells+1, size+length
			if line > 0 && (cells > excelize.MaxColumns || size > MaxRecord) {
				if w.heavy == 0 || line < w.heavy {
					w.heavy = line
				}
				return nil
			}
			if err != nil {
				return err
			}
		}
	}
}

// lengthOf is how long the shared text of a number is.
func (w *weight) lengthOf(number string) int {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil {
		n = 0 // as the library does
	}
	if n < 0 || n >= len(w.texts) {
		return len(number)
	}
	return int(w.texts[n])
}

func attribute(start xml.StartElement, name string) (value string) {
	for _, attr := range start.Attr {
		if attr.Name.Local == name {
			value = attr.Value // the last one, as the library does
		}
	}
	return value
}
