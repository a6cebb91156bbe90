package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hajir/internal/hajir"
)

// PlainCell keeps spreadsheets from taking what people wrote for a formula: it
// then begins with an apostrophe.
func PlainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// bom tells Excel that a file is UTF-8.
const bom = "\ufeff"

// csvFile writes a header and rows as RFC 4180 has it, without totals: it is
// what other programs read.
type csvFile struct {
	w       *csv.Writer
	columns []Column
	// typed says whether people wrote a column's cells.
	typed func(i int, cell string) bool
	row   []string
}

func newCSV(w io.Writer, q Query, withBOM bool) (*csvFile, error) {
	f := &csvFile{w: csv.NewWriter(w), columns: q.Columns()}
	f.w.UseCRLF = true
	f.typed = func(i int, _ string) bool { return f.columns[i].Form == FormText }
	if q.Kind == Payroll {
		withBOM = q.Mapping.BOM
		f.w.Comma = []rune(q.Mapping.Delimiter)[0]
		f.typed = func(i int, cell string) bool { return typed(q.Mapping.Columns[i].Field, cell) }
	}
	if withBOM {
		if _, err := io.WriteString(w, bom); err != nil {
			return nil, fmt.Errorf("write file: %w", err)
		}
	}
	f.row = make([]string, len(f.columns))
	for i, c := range f.columns {
		f.row[i] = PlainCell(c.Label)
		if c.Date != "" {
			f.row[i] = c.Date
		}
	}
	return f, f.w.Write(f.row)
}

// typed says whether people wrote what a payroll cell holds; a constant that is
// a number is meant as one.
func typed(f hajir.PayrollField, cell string) bool {
	return f.Typed() || f == hajir.FieldConstant && strings.Trim(cell, "0123456789.,-+") != ""
}

// Row writes a row.
func (f *csvFile) Row(r Row) error {
	for i, c := range r.Cells {
		f.row[i] = c.write(f.columns[i].Form)
		if f.typed(i, f.row[i]) {
			f.row[i] = PlainCell(f.row[i])
		}
	}
	return f.w.Write(f.row)
}

// Close writes what is not written yet.
func (f *csvFile) Close(*Totals) error {
	f.w.Flush()
	return f.w.Error()
}

// write returns the cell as text.
func (c Cell) write(form Form) string {
	switch {
	case c.Empty:
		return ""
	case form == FormMinutes:
		return fmt.Sprintf("%d:%02d", c.N/60, c.N%60)
	case form == FormClock:
		return clockText(c.N)
	case form == FormDays:
		return hajir.LeaveDays(c.N).String()
	case form == FormCount:
		return strconv.Itoa(c.N)
	case form == FormWord:
		return inWords(c.Text)
	}
	return c.Text
}

// clockText writes minutes after midnight as 09:05, and as 04:00 +1 on the day
// after.
func clockText(n int) string {
	day := n / (24 * 60)
	if n < 0 {
		day = (n+1)/(24*60) - 1
	}
	n -= day * 24 * 60
	s := fmt.Sprintf("%02d:%02d", n/60, n%60)
	if day != 0 {
		s += fmt.Sprintf(" %+d", day)
	}
	return s
}

// words are what statuses and flags are called in files.
var words = map[string]string{
	string(hajir.StatusPresent): "Present", string(hajir.StatusLate): "Late", string(hajir.StatusHalfDay): "Half day",
	string(hajir.StatusAbsent): "Absent", string(hajir.StatusOnLeave): "On leave", string(hajir.StatusHoliday): "Holiday",
	string(hajir.StatusWeeklyOff): "Weekly off", string(hajir.StatusExpected): "Not over", string(hajir.StatusNone): "Not employed",
	string(hajir.FlagMissingExit): "exit missing", string(hajir.FlagShort): "less than half a day", string(hajir.FlagNotHere): "not here yet",
	string(hajir.FlagWorkedOff): "worked on a day off", string(hajir.FlagWorkedOnLeave): "worked on leave", string(hajir.FlagQueued): "sent later",
	string(hajir.FlagAutoExit): "exit guessed", string(hajir.FlagCorrected): "corrected by hand",
}

func inWords(s string) string {
	all := strings.Fields(s)
	for i, w := range all {
		if word, ok := words[w]; ok {
			all[i] = word
		}
	}
	return strings.Join(all, ", ")
}
