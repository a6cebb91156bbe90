package report

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"hajir/internal/hajir"
)

// nowhere is no directory: what does not fit the library's buffer stays in
// memory, and personal data is never in a temporary file in the clear.
const nowhere = "/dev/null/nowhere"

const sheetName = "Report"

// maxRows are those that a sheet has room for, with its head and foot.
const maxRows = 1_048_576 - 10

// headRows are the title, the facts and the columns' headers.
const headRows = 3

// xlsxFile writes one sheet with typed cells, row by row.
type xlsxFile struct {
	out     io.Writer
	file    *excelize.File
	stream  *excelize.StreamWriter
	columns []Column
	styles  map[Form]int
	sums    map[Form]int // styles of the totals
	row     []any
	n       int
	legend  bool
}

func newXLSX(w io.Writer, q Query, at time.Time) (_ *xlsxFile, err error) {
	f := &xlsxFile{out: w, file: excelize.NewFile(excelize.Options{TmpDir: nowhere}), columns: q.Columns(), legend: q.Kind == Muster}
	defer func() {
		if err != nil {
			_ = f.file.Close()
		}
	}()
	if err := f.file.SetSheetName("Sheet1", sheetName); err != nil {
		return nil, fmt.Errorf("name sheet: %w", err)
	}
	if err := f.page(q); err != nil {
		return nil, fmt.Errorf("lay out page: %w", err)
	}
	if err := f.style(); err != nil {
		return nil, fmt.Errorf("make styles: %w", err)
	}
	if f.stream, err = f.file.NewStreamWriter(sheetName); err != nil {
		return nil, fmt.Errorf("begin sheet: %w", err)
	}
	return f, f.head(q, at)
}

// page is how the sheet is printed: across, as wide as the paper, each page with
// the header.
func (f *xlsxFile) page(q Query) error {
	fit, wide, landscape, a4, none := true, 1, "landscape", 9, 0
	if err := f.file.SetSheetProps(sheetName, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	err := f.file.SetPageLayout(sheetName, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &none})
	if err != nil {
		return err
	}
	err = f.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("%s!$%d:$%d", sheetName, headRows, headRows), Scope: sheetName,
	})
	if err != nil {
		return err
	}
	return f.file.SetDocProps(&excelize.DocProperties{Title: q.title(), Creator: "Hajir"})
}

// formats are how numbers of a form are shown.
var formats = map[Form]string{
	FormDate: "yyyy-mm-dd", FormClock: "hh:mm", FormMinutes: "[h]:mm", FormDays: "0.0#", FormCount: "0",
}

func (f *xlsxFile) style() error {
	f.styles, f.sums = map[Form]int{}, map[Form]int{}
	for _, form := range []Form{FormText, FormWord, FormMark, FormDate, FormClock, FormMinutes, FormDays, FormCount} {
		s := &excelize.Style{Alignment: &excelize.Alignment{Vertical: "center"}}
		if format := formats[form]; format != "" {
			s.CustomNumFmt = &format
		}
		if form == FormMark {
			s.Alignment.Horizontal = "center"
		}
		var err error
		if f.styles[form], err = f.file.NewStyle(s); err != nil {
			return err
		}
		s.Font = &excelize.Font{Bold: true}
		s.Border = []excelize.Border{{Type: "top", Style: 1, Color: "000000"}}
		if f.sums[form], err = f.file.NewStyle(s); err != nil {
			return err
		}
	}
	return nil
}

// title says what the report is and of whom.
func (q Query) title() string {
	title := q.Kind.title() + ", " + q.Company.Name
	if q.Kind == TimeSheet && len(q.People) == 1 {
		title = q.Kind.title() + " of " + q.People[0].Name + ", " + q.Company.Name
	}
	if q.Department != "" {
		title += ", " + q.Department
	}
	return title
}

// facts says of when, where and as of when.
func (q Query) facts(at time.Time) string {
	zone := q.Company.TimeZone
	if q.Kind == TimeSheet && len(q.People) == 1 && q.People[0].TimeZone != "" {
		zone = q.People[0].TimeZone
	}
	when := at.UTC().Format("2006-01-02 15:04 UTC")
	if loc, err := time.LoadLocation(zone); err == nil {
		when = at.In(loc).Format("2006-01-02 15:04")
	}
	return fmt.Sprintf("%s to %s, time zone %s, made at %s", q.Period.From, q.Period.To, zone, when)
}

func (f *xlsxFile) head(q Query, at time.Time) error {
	across := 0 // columns that stay when one scrolls: up to the name
	for i, c := range f.columns {
		if c.Key == "name" {
			across = i + 1
		}
		width := c.width
		if width == 0 {
			width = max(11, float64(len(c.Label))+2)
		}
		if err := f.stream.SetColWidth(i+1, i+1, width); err != nil {
			return fmt.Errorf("set width: %w", err)
		}
	}
	corner, err := excelize.CoordinatesToCellName(across+1, headRows+1)
	if err != nil {
		return fmt.Errorf("name cell: %w", err)
	}
	panes := &excelize.Panes{Freeze: true, XSplit: across, YSplit: headRows, TopLeftCell: corner, ActivePane: "bottomLeft"}
	if across > 0 {
		panes.ActivePane = "bottomRight"
	}
	if err := f.stream.SetPanes(panes); err != nil {
		return fmt.Errorf("freeze header: %w", err)
	}
	big, err := f.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	if err != nil {
		return fmt.Errorf("make style: %w", err)
	}
	header, err := f.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCEDEA"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return fmt.Errorf("make style: %w", err)
	}
	if err := f.add(excelize.Cell{StyleID: big, Value: q.title()}); err != nil {
		return err
	}
	if err := f.add(q.facts(at)); err != nil {
		return err
	}
	f.row = make([]any, len(f.columns))
	for i, c := range f.columns {
		f.row[i] = excelize.Cell{StyleID: header, Value: c.Label}
	}
	return f.add(f.row...)
}

func (f *xlsxFile) add(cells ...any) error {
	f.n++
	if f.n > maxRows {
		return hajir.Errorf(hajir.TooLarge, "this report has more rows than a spreadsheet can hold; choose a department or fewer days, or take CSV")
	}
	name, err := excelize.CoordinatesToCellName(1, f.n)
	if err == nil {
		err = f.stream.SetRow(name, cells)
	}
	if err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// Row writes a row.
func (f *xlsxFile) Row(r Row) error { return f.cells(r.Cells, f.styles) }

func (f *xlsxFile) cells(cells []Cell, styles map[Form]int) error {
	for i, c := range cells {
		form := f.columns[i].Form
		f.row[i] = excelize.Cell{StyleID: styles[form], Value: c.value(form)}
	}
	return f.add(f.row...)
}

// value returns the cell as a spreadsheet has it: times are parts of a day.
func (c Cell) value(form Form) any {
	switch form {
	case FormDate:
		if t, err := time.Parse(time.DateOnly, c.Text); err == nil {
			return t
		}
	case FormClock, FormMinutes:
		if !c.Empty {
			return float64(c.N) / (24 * 60)
		}
	case FormDays:
		if !c.Empty {
			return hajir.LeaveDays(c.N).Float()
		}
	case FormCount:
		if !c.Empty {
			return c.N
		}
	case FormWord:
		return inWords(c.Text)
	case FormText, FormMark:
	}
	if c.Text == "" {
		return nil
	}
	return c.Text
}

// legend explains the letters of a muster.
const legend = "P present, LT late, HD half day, A absent, L leave, H holiday, WO weekly off, · not over; " +
	"/L half a day of leave, + worked although off or on leave, ? an exit is missing"

// Close writes the totals and the file.
func (f *xlsxFile) Close(totals *Totals) (err error) {
	defer func() {
		if closed := f.file.Close(); err == nil && closed != nil {
			err = fmt.Errorf("close spreadsheet: %w", closed)
		}
	}()
	cells := totals.Cells()
	for i, c := range f.columns {
		if c.Form == FormText || c.Form == FormDate {
			cells[i].Text = "Total"
			break
		}
	}
	if err := f.cells(cells, f.sums); err != nil {
		return err
	}
	if f.legend {
		if err := f.add(); err != nil {
			return err
		}
		if err := f.add(legend); err != nil {
			return err
		}
	}
	if err := f.stream.Flush(); err != nil {
		return fmt.Errorf("end sheet: %w", err)
	}
	if err := f.file.Write(f.out); err != nil {
		return fmt.Errorf("write spreadsheet: %w", err)
	}
	return nil
}
