package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"hajir/internal/hajir"
)

// Texts writes a table whose cells are all texts: of what is no Report, such as
// questions. No cell is taken for a formula.
type Texts struct {
	out    io.Writer
	csv    *csv.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	row    []any
	n      int
}

// NewTexts begins a file with the columns' names. XLSX is in memory until it is
// closed; CSV is written as it comes.
func NewTexts(w io.Writer, format Format, header []string) (*Texts, error) {
	t := &Texts{out: w}
	if format != XLSX {
		t.csv = csv.NewWriter(w)
		t.csv.UseCRLF = true
		return t, t.Row(header)
	}
	t.file = excelize.NewFile(excelize.Options{TmpDir: nowhere})
	err := t.head(header)
	if err != nil {
		err = errors.Join(err, t.file.Close())
	}
	return t, err
}

func (t *Texts) head(header []string) error {
	bold, err := t.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("make style: %w", err)
	}
	if err := t.file.SetSheetName("Sheet1", sheetName); err != nil {
		return fmt.Errorf("name sheet: %w", err)
	}
	if t.stream, err = t.file.NewStreamWriter(sheetName); err != nil {
		return fmt.Errorf("begin sheet: %w", err)
	}
	if err := t.stream.SetColWidth(1, len(header), 24); err != nil {
		return fmt.Errorf("set width: %w", err)
	}
	if err := t.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("freeze header: %w", err)
	}
	cells := make([]any, len(header))
	for i, name := range header {
		cells[i] = excelize.Cell{StyleID: bold, Value: name}
	}
	return t.add(cells)
}

func (t *Texts) add(cells []any) error {
	t.n++
	if t.n > maxRows {
		return hajir.Errorf(hajir.TooLarge, "these are more rows than a spreadsheet can hold; choose fewer, or take CSV")
	}
	name, err := excelize.CoordinatesToCellName(1, t.n)
	if err == nil {
		err = t.stream.SetRow(name, cells)
	}
	if err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// Row writes a row. A spreadsheet's cells have a type, and a text is one
// whatever it begins with; in CSV it is marked.
func (t *Texts) Row(cells []string) error {
	if t.csv != nil {
		plain := make([]string, len(cells))
		for i, c := range cells {
			plain[i] = PlainCell(c)
		}
		return t.csv.Write(plain)
	}
	t.row = t.row[:0]
	for _, c := range cells {
		t.row = append(t.row, c)
	}
	return t.add(t.row)
}

// Close writes what is not written yet.
func (t *Texts) Close() error {
	if t.csv != nil {
		t.csv.Flush()
		return t.csv.Error()
	}
	if err := t.stream.Flush(); err != nil {
		return errors.Join(fmt.Errorf("end sheet: %w", err), t.file.Close())
	}
	if err := t.file.Write(t.out); err != nil {
		return errors.Join(fmt.Errorf("write spreadsheet: %w", err), t.file.Close())
	}
	return t.file.Close()
}

// Discard gives up a file that cannot be finished.
func (t *Texts) Discard() {
	if t.file != nil {
		_ = t.file.Close() // it was never written
	}
}
