package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

const (
	// maxUnzipped is the most that a workbook may unpack to: its sheets onto the disk, the rest into memory.
	maxUnzipped = 512 << 20
	// maxInMemory is the most that those parts may unpack to that are not sheets or their texts.
	maxInMemory = 16 << 20
	// onDisk is from which size on sheets and their texts are unpacked onto the disk.
	onDisk = 1 << 20
	// scratchPrefix begins the names of folders for what is unpacked, and scratchAge is how old one must be to
	// be a dead process's.
	scratchPrefix = "renkei-xlsx-"
	scratchAge    = 24 * time.Hour

	isoDate  = "yyyy-mm-dd hh:mm:ss"
	midnight = " 00:00:00"
)

// errPanicked is a file that the library cannot cope with.
var errPanicked = errors.New("the workbook made its reader panic")

// xlsxRows reads the first sheet of a workbook that people see: cells as they show them, formulas' results as last
// calculated, and dates as ISO 8601 writes them.
func xlsxRows(file io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		book := &workbook{}
		defer book.close()
		err := caught(func() error { return book.unpack(file) })
		for err == nil {
			var row Row
			var more bool
			err = caught(func() (err error) {
				row, more, err = book.next()
				return err
			})
			if err == nil && (!more || !yield(row, nil)) {
				return
			}
		}
		yield(Row{}, err)
	}
}

// caught turns what a library makes of a hostile file into an error.
func caught(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Reason: Unreadable, err: fmt.Errorf("%w: %v", errPanicked, p)}
		}
	}()
	return f()
}

type workbook struct {
	file *excelize.File
	rows *excelize.Rows
	// scratch is where sheets are unpacked.
	scratch string
	line    int
}

func (b *workbook) unpack(file io.Reader) error {
	packed, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return err
	}
	if len(packed) > MaxSize {
		return &Error{Reason: TooLarge}
	}
	if err := weigh(packed); err != nil {
		return err
	}
	if b.scratch, err = scratch(); err != nil {
		return err
	}
	b.file, err = excelize.OpenReader(bytes.NewReader(packed), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: onDisk, TmpDir: b.scratch,
	})
	if err == nil {
		err = b.open()
	}
	if err != nil {
		return &Error{Reason: Unreadable, err: err}
	}
	return nil
}

// weigh refuses a workbook that would unpack to too much. What it says of its sizes is held to when it is unpacked.
func weigh(packed []byte) error {
	parts, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return &Error{Reason: Unreadable, err: err}
	}
	var all, memory uint64
	for _, part := range parts.File {
		size := part.UncompressedSize64
		if size > maxUnzipped {
			return &Error{Reason: TooLarge}
		}
		all += size
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if !strings.HasPrefix(name, "xl/worksheets/sheet") && name != "xl/sharedstrings.xml" {
			memory += size
		}
		if all > maxUnzipped || memory > maxInMemory {
			return &Error{Reason: TooLarge}
		}
	}
	return nil
}

// scratch makes a folder that nobody else can read, and removes those that killed processes left behind.
func scratch() (string, error) {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), scratchPrefix+"*"))
	if err != nil {
		return "", fmt.Errorf("look for what was left behind: %w", err)
	}
	for _, dir := range left {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && time.Since(info.ModTime()) > scratchAge {
			_ = os.RemoveAll(dir) // or the next time
		}
	}
	dir, err := os.MkdirTemp("", scratchPrefix)
	if err != nil {
		return "", fmt.Errorf("make a folder to unpack in: %w", err)
	}
	return dir, nil
}

// open begins with the first sheet that is not hidden.
func (b *workbook) open() error {
	b.writeDatesAsISO()
	for _, sheet := range b.file.GetSheetList() {
		visible, err := b.file.GetSheetVisible(sheet)
		if err != nil {
			return err
		}
		if !visible {
			continue
		}
		b.rows, err = b.file.Rows(sheet)
		return err
	}
	return errors.New("no sheet is visible")
}

// writeDatesAsISO changes the formats of the workbook's dates: 11/23 has no year any more once it is read.
func (b *workbook) writeDatesAsISO() {
	styles := b.file.Styles
	if styles == nil || styles.CellXfs == nil {
		return
	}
	format := isoDate
	style, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil || style >= len(styles.CellXfs.Xf) || styles.CellXfs.Xf[style].NumFmtID == nil {
		return // then they are read as they are shown
	}
	iso := *styles.CellXfs.Xf[style].NumFmtID
	custom := make(map[int]bool)
	if styles.NumFmts != nil {
		for _, f := range styles.NumFmts.NumFmt {
			if f != nil {
				custom[f.NumFmtID] = isDate(f.FormatCode)
			}
		}
	}
	for i := range styles.CellXfs.Xf {
		id := styles.CellXfs.Xf[i].NumFmtID
		if id == nil {
			continue
		}
		date, given := custom[*id]
		if date || !given && builtInDate(*id) {
			styles.CellXfs.Xf[i].NumFmtID = &iso
		}
	}
}

// builtInDate knows the numbers of formats with a day that no workbook spells out, Japan's among them.
func builtInDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id >= 57 && id <= 58
}

// isDate reports whether a format shows a day or a year.
func isDate(format string) bool {
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(format) {
		switch {
		case escaped:
			escaped = false
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case bracket:
		case r == 'y' || r == 'd':
			return true
		}
	}
	return false
}

func (b *workbook) next() (row Row, more bool, err error) {
	if !b.rows.Next() {
		if err := b.rows.Error(); err != nil {
			return Row{}, false, &Error{Reason: Unreadable, Line: b.line, err: err}
		}
		return Row{}, false, nil
	}
	b.line++
	cells, err := b.rows.Columns()
	if err != nil {
		return Row{}, false, &Error{Reason: Unreadable, Line: b.line, err: err}
	}
	size := 0
	for i, cell := range cells {
		// A day without a time is midnight to a spreadsheet.
		if len(cell) == len(isoDate) {
			cells[i] = strings.TrimSuffix(cell, midnight)
		}
		size += len(cell)
	}
	if size > MaxRecord {
		return Row{}, false, &Error{Reason: LineTooLong, Line: b.line}
	}
	return Row{Line: b.line, Cells: cells}, true, nil
}

func (b *workbook) close() {
	if b.rows != nil {
		_ = b.rows.Close() // it was only read
	}
	if b.file != nil {
		_ = b.file.Close()
	}
	if b.scratch != "" {
		_ = os.RemoveAll(b.scratch)
	}
}
