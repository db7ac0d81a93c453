package tabular

import (
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
	// scratchPrefix begins the names of folders for what is unpacked.
	scratchPrefix = "renkei-xlsx-"
	// maxFormat is the longest format of numbers, as in Excel.
	maxFormat = 255

	isoDate  = "yyyy-mm-dd hh:mm:ss"
	midnight = " 00:00:00"
)

// errPanicked is a file that the library cannot cope with.
var errPanicked = errors.New("the workbook made its reader panic")

// xlsxRows reads the first sheet of a workbook that people see: cells as they show them, formulas' results as last
// calculated, and dates as ISO 8601 writes them.
func xlsxRows(file io.Reader, folder string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		book := &workbook{folder: folder}
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
	// folder is where scratch is made, and scratch where sheets are unpacked, until all are open.
	folder, scratch string
	weight          weight
	// unpacked is how many files that are.
	unpacked int
	line     int
}

func (b *workbook) unpack(file io.Reader) error {
	packed, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return err
	}
	if len(packed) > MaxSize {
		return &Error{Reason: TooLarge}
	}
	if b.weight, err = weigh(packed); err != nil {
		return err
	}
	if b.scratch, err = scratch(b.folder); err != nil {
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
	if !b.weight.textsOnDisk {
		b.vanish()
		return nil
	}
	files, err := os.ReadDir(b.scratch)
	b.unpacked = len(files)
	if err != nil {
		return fmt.Errorf("count what was unpacked: %w", err)
	}
	return nil
}

// vanish takes away the names of what was unpacked once it is open: whoever kills this process then leaves nothing.
func (b *workbook) vanish() {
	_ = os.RemoveAll(b.scratch) // or when it is closed
}

// scratch makes a folder in another that nobody else can read.
func scratch(folder string) (string, error) {
	if folder != "" {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fmt.Errorf("make a folder to unpack in: %w", err)
		}
	}
	dir, err := os.MkdirTemp(folder, scratchPrefix)
	if err != nil {
		return "", fmt.Errorf("make a folder to unpack in: %w", err)
	}
	return dir, nil
}

// Sweep removes what earlier processes left of workbooks in a folder when they were killed: the folder is that of
// Format.Folder, and what has not changed for so long is theirs. A workbook that is being read has nothing there any
// more but while it is unpacked, which takes seconds.
func Sweep(folder string, olderThan time.Duration) error {
	if folder == "" {
		folder = os.TempDir()
	}
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for what was left behind: %w", err)
	}
	var failed []error
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), scratchPrefix) {
			continue
		}
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) >= olderThan {
			failed = append(failed, os.RemoveAll(filepath.Join(folder, entry.Name())))
		}
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("remove what was left behind: %w", err)
	}
	return nil
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
				tame(&f.FormatCode)
				tame(&f.FormatCode16)
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

// tame takes a format away that Excel would not, or that writes a cell's text several times over.
func tame(format *string) {
	if len([]rune(*format)) > maxFormat || strings.Count(*format, "@") > 1 {
		*format = "General"
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
	// Rows that are empty count nowhere else, and a few megabytes may hold any number of them.
	if b.line++; b.line > excelize.TotalRows {
		return Row{}, false, &Error{Reason: TooManyLines, Line: b.line}
	}
	if b.weight.heavy > 0 && b.line >= b.weight.heavy {
		return Row{}, false, &Error{Reason: LineTooLong, Line: b.line}
	}
	cells, err := b.rows.Columns()
	if err != nil {
		return Row{}, false, &Error{Reason: Unreadable, Line: b.line, err: err}
	}
	b.settle()
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

// settle has what was unpacked vanish once the texts that cells share are open too, which they are from the first
// cell on that has one.
func (b *workbook) settle() {
	if !b.weight.textsOnDisk {
		return
	}
	files, err := os.ReadDir(b.scratch)
	if err == nil && len(files) > b.unpacked {
		b.weight.textsOnDisk = false
		b.vanish()
	}
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
