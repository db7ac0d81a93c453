package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"renkei/intake"
)

// measureFiles brings in a CSV and an XLSX of so many lines each, once, beside the pages of a medium with as many
// applications.
func (im *importing) measureFiles(ctx context.Context, lines int) error {
	const page = 200
	im.feed.pages = nil
	if _, _, err := im.service.ImportNow(ctx, im.actor, im.account); err != nil {
		return err
	}
	for n := 0; n < lines; n += page {
		im.feed.pages = append(im.feed.pages, im.page(min(page, lines-n)))
	}
	began := time.Now()
	if err := im.importFeed(ctx); err != nil {
		return err
	}
	fmt.Printf("\nfiles of %d lines, in pages of %d\n", lines, page)
	medium := time.Since(began)
	fmt.Printf("  %-44s %12.0f /s\n", "a medium's pages", float64(lines)/medium.Seconds())
	workbook, err := xlsxOf(lines)
	if err != nil {
		return err
	}
	for _, file := range []struct {
		name    string
		medium  intake.Medium
		content []byte
	}{{"CSV", intake.MediumDoda, csvOf(lines)}, {"XLSX", intake.MediumGreen, workbook}} {
		took, heap, err := im.importFile(ctx, file.medium, file.content, lines)
		if err != nil {
			return fmt.Errorf("import %s: %w", file.name, err)
		}
		fmt.Printf("  %-44s %12.0f /s  ratio %6.2f  %4d MB of file, %4d MB more on the heap\n", file.name,
			float64(lines)/took.Seconds(), medium.Seconds()/took.Seconds(), len(file.content)>>20, heap>>20)
	}
	return nil
}

func (im *importing) importFile(ctx context.Context, medium intake.Medium, content []byte, lines int) (took time.Duration, heap uint64, err error) {
	f, _, err := im.service.StartFileImport(ctx, im.actor, intake.FileUpload{Medium: medium, Name: "bench", Content: bytes.NewReader(content)})
	if err != nil {
		return 0, 0, err
	}
	most := watchHeap()
	began := time.Now()
	if err := im.service.WorkFile(ctx, intake.FileTask{CompanyID: im.actor.Company.ID, FileID: f.ID}); err != nil {
		return 0, 0, err
	}
	took, heap = time.Since(began), most()
	var imported int
	err = im.pool.QueryRow(ctx, "SELECT imported FROM file_imports WHERE company_id = $1 AND id = $2", im.actor.Company.ID, f.ID).Scan(&imported)
	if err == nil && imported != lines {
		err = fmt.Errorf("only %d of %d came in", imported, lines)
	}
	return took, heap, err
}

// watchHeap returns what says how much more there has been on the heap since, at most.
func watchHeap() (most func() uint64) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before, over, highest := heap(), make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		high := before
		for {
			select {
			case <-ticker.C:
				high = max(high, heap())
			case <-over:
				highest <- high - before
				return
			}
		}
	}()
	return func() uint64 {
		close(over)
		return <-highest
	}
}

// fileLine is line n of a file; 0 names the columns.
func fileLine(n int) []string {
	if n == 0 {
		return []string{"応募ID", "会員番号", "氏名", "メールアドレス", "電話番号", "求人名", "応募日", "現職", "会社名", "スキル", "自己PR", "住所"}
	}
	return []string{
		fmt.Sprint("A", n), fmt.Sprint("M", n), fmt.Sprint("候補者 ", n), fmt.Sprintf("person%d@example.com", n), "090-0000-0000", positions[n%10], "2026/1/5 9:30",
		"エンジニア", "株式会社例", "Go、PostgreSQL", "ウェブサービスの開発に十年携わってきました。", "東京都",
	}
}

func csvOf(lines int) []byte {
	var b bytes.Buffer
	for n := range lines + 1 {
		b.WriteString(strings.Join(fileLine(n), ",") + "\r\n")
	}
	return b.Bytes()
}

func xlsxOf(lines int) ([]byte, error) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	for n := range lines + 1 {
		var cells []any
		for _, cell := range fileLine(n) {
			cells = append(cells, cell)
		}
		if err := w.SetRow(fmt.Sprint("A", n+1), cells); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), f.Close()
}
