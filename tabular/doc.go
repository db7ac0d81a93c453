// Package tabular reads tables off files that people make with spreadsheets and media offer for download: CSV
// and TSV in the encodings that Japan uses, and XLSX. It takes what a file holds for untrusted, keeps a line's
// worth of it in memory, and knows nothing of what the lines mean.
package tabular
