package intake

import (
	"strings"
	"unicode/utf8"
)

// formulas are how a spreadsheet knows a formula; a Japanese one takes the wide signs too.
const formulas = "=+-@\t\r\n＝＋－＠"

// HarmlessCell makes a cell one that no spreadsheet calculates: a ' before it. PlainCell takes it off.
func HarmlessCell(cell string) string {
	// One that looks as if this had been done gets another.
	if isFormula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// PlainCell is the cell that HarmlessCell made one of. Any other ' belongs to the cell.
func PlainCell(cell string) string {
	if strings.HasPrefix(cell, "'") && isFormula(strings.TrimLeft(cell, "'")) {
		return cell[1:]
	}
	return cell
}

func isFormula(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return cell != "" && strings.ContainsRune(formulas, first)
}
