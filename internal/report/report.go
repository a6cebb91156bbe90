// Package report makes tables of what people's days come to: musters, time
// sheets, lists of lateness, overtime and absences, leave balances, and the
// file for payroll. What a date counts as is said by hajir.Sheet and
// hajir.Share; this package loads people a chunk at a time, so that a company
// of thousands takes no more memory than one of hundreds. Read Desk.Walk first;
// kind.go says which columns and rows each report has, csv.go and xlsx.go write
// files, file.go keeps them until they are fetched.
package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/roster"
)

// The most days of a report: one that is about many people has room for every
// month of the Bikram Sambat calendar, and for two Gregorian ones.
const (
	MaxDays       = 62
	MaxPersonDays = 366
)

// chunk is how many people are in memory with their days at once.
const chunk = 200

// Desk makes reports.
type Desk struct {
	Book  roster.Book
	Leave *leave.Desk
	Files Files
	Log   Log
	Now   func() time.Time
}

// Query says what a report is about.
type Query struct {
	Kind    Kind
	Company hajir.Company
	Period  hajir.Period
	// People are those of whom the report may tell; who was not employed in the
	// period is left out.
	People     []hajir.Employee
	Department string // "" is any, whatever the case of its letters
	// Mapping says what a payroll file has.
	Mapping hajir.PayrollMapping
	// After is the username behind which the report goes on; "" begins it.
	After string
	// Limit is after how many people it stops; 0: never.
	Limit int
}

// choose brings the people of q into the order of the report: of their names.
func (q *Query) choose() error {
	wanted := strings.TrimSpace(q.Department)
	people := slices.Clone(q.People)
	if wanted != "" {
		people = slices.DeleteFunc(people, func(e hajir.Employee) bool { return !strings.EqualFold(e.Department, wanted) })
	}
	slices.SortFunc(people, func(a, b hajir.Employee) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Username, b.Username))
	})
	if q.After != "" {
		i := slices.IndexFunc(people, func(e hajir.Employee) bool { return e.Username == q.After })
		if i < 0 {
			return hajir.Errorf(hajir.Invalid, "the people have changed meanwhile; load the report again")
		}
		people = people[i+1:]
	}
	q.People = people
	return nil
}

// Row is a line of a report.
type Row struct {
	Username string
	Cells    []Cell
}

// Cell is a value in the form of its column: Text, or the number N of minutes,
// hundredths of days or whatever is counted.
type Cell struct {
	Text  string
	N     int
	Empty bool // there is no number
}

// Walk visits a report's rows in order of the people's names, and tells after
// each chunk of people how many of them are done. It returns where the next
// page begins: "" when there is none.
func (d *Desk) Walk(ctx context.Context, q Query, visit func(Row) error, progress func(done, total int)) (next string, err error) {
	if err := q.choose(); err != nil {
		return "", err
	}
	people := q.People
	if q.Limit > 0 && len(people) > q.Limit {
		people, next = people[:q.Limit], people[q.Limit-1].Username
	}
	rows, err := d.maker(ctx, q)
	if err != nil {
		return "", err
	}
	for done := 0; done < len(people); {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		some := people[done:min(done+chunk, len(people))]
		if err := rows(ctx, some, visit); err != nil {
			return "", err
		}
		done += len(some)
		progress(done, len(people))
	}
	return next, nil
}

// maker returns what makes the rows of a chunk of people.
func (d *Desk) maker(ctx context.Context, q Query) (func(context.Context, []hajir.Employee, func(Row) error) error, error) {
	teller, err := d.Leave.Teller(ctx, q.Company.Username)
	if err != nil {
		return nil, err
	}
	if q.Kind == Balances {
		return func(ctx context.Context, people []hajir.Employee, visit func(Row) error) error {
			return balanceRows(ctx, teller, people, q.Period.To, visit)
		}, nil
	}
	team, err := d.Book.Team(ctx, q.Company)
	if err != nil {
		return nil, err
	}
	p := pass{query: q, types: map[string]hajir.LeaveType{}, now: d.Now()}
	for _, t := range teller.Types() {
		p.types[t.ID] = t
	}
	return func(ctx context.Context, people []hajir.Employee, visit func(Row) error) error {
		sheets, err := team.Sheets(ctx, people, q.Period.From, q.Period.To)
		if err != nil {
			return err
		}
		for _, sheet := range sheets {
			if err := p.person(sheet, visit); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// pass is what the rows of one report have in common.
type pass struct {
	query Query
	types map[string]hajir.LeaveType
	now   time.Time
}

// person visits the rows of one person, if they have any.
func (p *pass) person(s hajir.Sheet, visit func(Row) error) error {
	lines := s.Lines(p.query.Period, p.now, func(id string) bool { return p.types[id].Paid })
	sum := hajir.Summarize(lines)
	if p.query.Kind != TimeSheet && !s.Belongs(sum) {
		return nil
	}
	emit := func(cells ...Cell) error { return visit(Row{Username: s.Username, Cells: cells}) }
	switch p.query.Kind { //nolint:exhaustive // the others have a row a date
	case Muster:
		return emit(musterCells(s, lines, sum)...)
	case Payroll:
		return emit(texts(p.query.Mapping.Row(s.Employee, p.query.Period, sum)...)...)
	}
	for _, l := range lines {
		if cells := p.line(s, l); cells != nil {
			if err := emit(cells...); err != nil {
				return err
			}
		}
	}
	return nil
}

// Totals sums the columns that have a sum.
type Totals struct {
	columns []Column
	sums    []int
}

// NewTotals returns sums of nothing.
func NewTotals(columns []Column) *Totals { return &Totals{columns, make([]int, len(columns))} }

// Add adds a row.
func (t *Totals) Add(r Row) {
	for i, c := range t.columns {
		if c.Sum {
			t.sums[i] += r.Cells[i].N
		}
	}
}

// Cells returns the sums; those of other columns are empty.
func (t *Totals) Cells() []Cell {
	cells := make([]Cell, len(t.columns))
	for i, c := range t.columns {
		cells[i] = Cell{N: t.sums[i], Empty: !c.Sum}
	}
	return cells
}
