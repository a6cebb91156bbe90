package report

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// PeriodQuery chooses a period, in a request.
type PeriodQuery struct {
	Month string `query:"month" maxLength:"10" doc:"YYYY-MM, or bs-YYYY-MM in Bikram Sambat; or give from and to" example:"2026-03"`
	From  string `query:"from" maxLength:"10" doc:"YYYY-MM-DD, the first day" example:"2026-03-14"`
	To    string `query:"to" maxLength:"10" doc:"YYYY-MM-DD, the last day" example:"2026-04-13"`
}

// Period returns the period of at most that many days.
func (q PeriodQuery) Period(most int) (hajir.Period, error) {
	return hajir.ParsePeriod(q.Month, q.From, q.To, most)
}

// FormatQuery chooses how a file is written, in a request.
type FormatQuery struct {
	Format Format `query:"format" enum:"csv,xlsx" default:"xlsx"`
	BOM    bool   `query:"bom" doc:"A CSV file begins with a byte order mark, by which Excel knows UTF-8"`
}

// ReportBody is a page of a report in the API.
type ReportBody struct { //nolint:revive // it names the schema in the API
	Report      Kind           `json:"report" enum:"muster,time-sheet,late,overtime,absences,balances,payroll"`
	From        string         `json:"from" example:"2026-03-01"`
	To          string         `json:"to" example:"2026-03-31"`
	TimeZone    string         `json:"time_zone" doc:"The company's; each person's dates are in their own"`
	GeneratedAt time.Time      `json:"generated_at"`
	Columns     []ReportColumn `json:"columns" nullable:"false"`
	Rows        []ReportRow    `json:"rows" nullable:"false"`
	Sums        []any          `json:"sums" nullable:"false" doc:"Of this page's rows, a column each; null where there is none"`
	People      int            `json:"people" doc:"How many people were looked at for this page"`
	AllPeople   int            `json:"all_people" doc:"and how many there are on all pages"`
	NextCursor  string         `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// ReportColumn describes a column in the API.
type ReportColumn struct { //nolint:revive // it names the schema in the API
	Key   string `json:"key" example:"worked"`
	Label string `json:"label" example:"Worked"`
	Form  Form   `json:"form" enum:"text,word,mark,date,clock,minutes,days,count" doc:"How its cells are to be read: word, one or several codes separated by spaces; mark, the letters of a muster; clock, minutes after the midnight with which the row's date began; minutes, of elapsed time; days, as a number"`
	Sum   bool   `json:"sum" doc:"It has a sum"`
}

// ReportRow is a row in the API.
type ReportRow struct { //nolint:revive // it names the schema in the API
	Username string `json:"username"`
	Cells    []any  `json:"cells" nullable:"false" doc:"A value for each column: text or a number, null for none"`
}

// Page returns one page of a report, of at most q.Limit people.
func (d *Desk) Page(ctx context.Context, q Query) (*ReportBody, error) {
	loc, err := q.Company.Location()
	if err != nil {
		return nil, err
	}
	columns := q.Columns()
	body := &ReportBody{
		Report: q.Kind, From: q.Period.From, To: q.Period.To, TimeZone: loc.String(), GeneratedAt: d.Now().In(loc),
		Columns: make([]ReportColumn, len(columns)), Rows: []ReportRow{},
	}
	for i, c := range columns {
		body.Columns[i] = ReportColumn{Key: c.Key, Label: c.Label, Form: c.Form, Sum: c.Sum}
	}
	all := q
	all.After = ""
	if err := all.choose(); err != nil {
		return nil, err
	}
	body.AllPeople = len(all.People)
	totals := NewTotals(columns)
	body.NextCursor, err = d.Walk(ctx, q, func(r Row) error {
		totals.Add(r)
		body.Rows = append(body.Rows, ReportRow{Username: r.Username, Cells: shown(r.Cells, columns)})
		return nil
	}, func(_, total int) { body.People = total })
	body.Sums = shown(totals.Cells(), columns)
	return body, err
}

func shown(cells []Cell, columns []Column) []any {
	all := make([]any, len(cells))
	for i, c := range cells {
		switch form := columns[i].Form; {
		case c.Empty:
		case form == FormDays:
			all[i] = hajir.LeaveDays(c.N).Float()
		case columns[i].numeric():
			all[i] = c.N
		default:
			all[i] = c.Text
		}
	}
	return all
}
