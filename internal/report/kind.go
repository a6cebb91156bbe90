package report

import (
	"context"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/leave"
)

// Kind is one of the reports.
type Kind string

// The reports.
const (
	Muster    Kind = "muster"     // a row a person, a column a date
	TimeSheet Kind = "time-sheet" // a row a date, of one person
	Lateness  Kind = "late"       // a row for each date on which somebody came late or left early
	Overtime  Kind = "overtime"   // likewise, with overtime
	Absences  Kind = "absences"   // likewise, absent or on leave
	Balances  Kind = "balances"   // a row a person and type of leave, at the end of the period
	Payroll   Kind = "payroll"    // a row a person, by a mapping
)

// title is how a report is called in files.
func (k Kind) title() string {
	return map[Kind]string{
		Muster: "Muster", TimeSheet: "Time sheet", Lateness: "Late and early", Overtime: "Overtime", Absences: "Absences and leave",
		Balances: "Leave balances", Payroll: "Payroll",
	}[k]
}

// Form is how the cells of a column are to be read.
type Form string

// The forms.
const (
	FormText    Form = "text"    // what people wrote
	FormWord    Form = "word"    // one or several of our own, separated by spaces: see words
	FormMark    Form = "mark"    // the letters of a muster
	FormDate    Form = "date"    // YYYY-MM-DD
	FormClock   Form = "clock"   // minutes after the midnight with which the row's date began
	FormMinutes Form = "minutes" // elapsed
	FormDays    Form = "days"    // hundredths of a day
	FormCount   Form = "count"
)

// Column is a column of a report.
type Column struct {
	Key   string
	Label string
	Form  Form
	Sum   bool   // its sum means something
	Date  string // of a muster
	width float64
}

// numeric says whether cells hold numbers.
func (c Column) numeric() bool {
	return c.Form == FormClock || c.Form == FormMinutes || c.Form == FormDays || c.Form == FormCount
}

func column(key, label string, form Form) Column { return Column{Key: key, Label: label, Form: form} }

func summed(key, label string, form Form) Column {
	return Column{Key: key, Label: label, Form: form, Sum: true}
}

// who are the columns with which rows about several people begin.
var who = []Column{
	{Key: "code", Label: "Code", Form: FormText, width: 10},
	{Key: "name", Label: "Name", Form: FormText, width: 26},
	{Key: "department", Label: "Department", Form: FormText, width: 18},
}

// Columns returns the columns of q's report.
func (q Query) Columns() []Column {
	date, shift := column("date", "Date", FormDate), column("shift", "Shift", FormText)
	first, last := column("first_in", "First in", FormClock), column("last_out", "Last out", FormClock)
	times := []Column{
		summed("worked", "Worked", FormMinutes), summed("late", "Late", FormMinutes), summed("early", "Early", FormMinutes),
		summed("overtime", "Overtime", FormMinutes),
	}
	begin := who[:len(who):len(who)]
	switch q.Kind {
	case Muster:
		for _, d := range q.Period.Dates() {
			begin = append(begin, Column{Key: d, Label: d[len("2006-01-"):], Form: FormMark, Date: d, width: 5})
		}
		begin = append(begin,
			summed("present", "Present", FormDays), summed("absent", "Absent", FormDays), summed("paid_leave", "Paid leave", FormDays),
			summed("unpaid_leave", "Unpaid leave", FormDays), summed("weekly_off", "Weekly off", FormDays), summed("holidays", "Holidays", FormDays),
			summed("payable", "Payable", FormDays), summed("half_days", "Half days", FormCount), summed("late_days", "Late days", FormCount),
			summed("missing_exits", "Missing exits", FormCount), summed("not_over", "Not over", FormDays))
		return append(begin, times...)
	case TimeSheet:
		all := []Column{
			date, column("status", "Status", FormWord), shift, first, last,
			{Key: "punches", Label: "Punches", Form: FormText, width: 32},
			summed("required", "Required", FormMinutes), summed("worked", "Worked", FormMinutes), summed("break", "Break", FormMinutes),
		}
		all = append(all, times[1:]...)
		return append(all, summed("payable", "Payable", FormDays), Column{Key: "leave", Label: "Leave", Form: FormText, width: 18}, column("flags", "Remarks", FormWord))
	case Lateness:
		return append(begin, date, shift, column("start", "Starts", FormClock), first, times[1], column("end", "Ends", FormClock), last, times[2])
	case Overtime:
		return append(begin, date, column("status", "Status", FormWord), shift, first, last, summed("required", "Required", FormMinutes), times[0], times[3])
	case Absences:
		return append(begin, date, column("status", "Status", FormWord), Column{Key: "leave", Label: "Leave", Form: FormText, width: 18},
			summed("absent", "Absent", FormDays), summed("paid_leave", "Paid leave", FormDays), summed("unpaid_leave", "Unpaid leave", FormDays),
			column("flags", "Remarks", FormWord))
	case Balances:
		return append(begin, Column{Key: "leave", Label: "Leave", Form: FormText, width: 18}, column("given", "Given", FormDays),
			summed("taken", "Taken", FormDays), summed("waiting", "Waiting", FormDays), column("balance", "Balance", FormDays))
	case Payroll:
		all := make([]Column, len(q.Mapping.Columns))
		for i, c := range q.Mapping.Columns {
			all[i] = Column{Key: string(c.Field), Label: c.Header, Form: FormText}
		}
		return all
	}
	return nil
}

func text(s string) Cell           { return Cell{Text: s} }
func number(n int) Cell            { return Cell{N: n} }
func days(d hajir.LeaveDays) Cell  { return Cell{N: int(d)} }
func minutes(d time.Duration) Cell { return Cell{N: hajir.Minutes(d)} }

func texts(all ...string) []Cell {
	cells := make([]Cell, len(all))
	for i, s := range all {
		cells[i] = text(s)
	}
	return cells
}

// clock returns when t was by the clocks of the person, in minutes after the
// midnight of date: more than a day's for one that belongs to the day before.
func clock(t time.Time, date string, loc *time.Location) Cell {
	if t.IsZero() {
		return Cell{Empty: true}
	}
	t = t.In(loc)
	return number(24*60*hajir.DaysBetween(date, t.Format(time.DateOnly)) + 60*t.Hour() + t.Minute())
}

func whoCells(e hajir.Employee) []Cell { return texts(e.Code, e.Name, e.Department) }

func musterCells(s hajir.Sheet, lines []hajir.SheetLine, sum hajir.Summary) []Cell {
	cells := make([]Cell, 0, len(who)+len(lines)+15)
	cells = append(cells, whoCells(s.Employee)...)
	for _, l := range lines {
		cells = append(cells, text(l.Mark()))
	}
	return append(cells,
		days(sum.Present), days(sum.Absent), days(sum.PaidLeave), days(sum.UnpaidLeave), days(sum.WeeklyOff), days(sum.Holiday), days(sum.Payable()),
		number(sum.Days[hajir.StatusHalfDay]), number(sum.Days[hajir.StatusLate]), number(sum.MissingExits), days(sum.Coming),
		minutes(sum.Worked), minutes(sum.Late), minutes(sum.Early), minutes(sum.Overtime))
}

// line returns the cells of one date, nil if the report does not tell of it.
func (p *pass) line(s hajir.Sheet, l hajir.SheetLine) []Cell {
	loc, date, share := s.Plan.Location, l.Date, l.Share()
	status, shift, flags := text(string(l.Status)), "", text(flagsOf(l.Reckoning))
	if l.Shift != nil {
		shift = l.Shift.Name
	}
	at := func(t time.Time) Cell { return clock(t, date, loc) }
	switch p.query.Kind { //nolint:exhaustive // the others have a row a person
	case TimeSheet:
		if l.Status == hajir.StatusExpected || l.Status == hajir.StatusNone {
			l.Required = 0 // what is still to come asks for nothing yet
		}
		return []Cell{
			text(date), status, text(shift), at(l.First), at(l.Last), text(punches(l.Day, date, loc)), minutes(l.Required), minutes(l.Worked), minutes(l.Break),
			minutes(l.Late), minutes(l.Early), minutes(l.Overtime), days(share.Payable()), text(p.leaveNames(l)), flags,
		}
	case Lateness:
		if l.Late == 0 && l.Early == 0 {
			return nil
		}
		return append(whoCells(s.Employee), text(date), text(shift), at(l.Start), at(l.First), minutes(l.Late), at(l.End), at(l.Last), minutes(l.Early))
	case Overtime:
		if l.Overtime == 0 {
			return nil
		}
		return append(whoCells(s.Employee), text(date), status, text(shift), at(l.First), at(l.Last), minutes(l.Required), minutes(l.Worked), minutes(l.Overtime))
	case Absences:
		if share.Absent+share.PaidLeave+share.UnpaidLeave == 0 {
			return nil
		}
		return append(whoCells(s.Employee), text(date), status, text(p.leaveNames(l)), days(share.Absent), days(share.PaidLeave), days(share.UnpaidLeave), flags)
	}
	return nil
}

// leaveNames names the leave of a date.
func (p *pass) leaveNames(l hajir.SheetLine) string {
	names := make([]string, len(l.Types))
	for i, id := range l.Types {
		names[i] = p.types[id].Name
	}
	if len(names) == 0 && l.Holiday != "" {
		return l.Holiday
	}
	return strings.Join(names, ", ")
}

func flagsOf(r hajir.Reckoning) string {
	all := make([]string, len(r.Flags))
	for i, f := range r.Flags {
		all[i] = string(f)
	}
	return strings.Join(all, " ")
}

// punches writes a day's stretches: 10:00–13:05, 13:50–17:00. A missing exit is
// a question mark, and one that was guessed has one behind it.
func punches(d hajir.Day, date string, loc *time.Location) string {
	var b strings.Builder
	d = d.Filled()
	for i, p := range d.Punches {
		switch {
		case i%2 == 1:
			b.WriteString("–")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(clockText(clock(p.At, date, loc).N))
		if p.Source == hajir.SourceAuto {
			b.WriteString("?")
		}
	}
	if d.In() {
		b.WriteString("–?")
	}
	return b.String()
}

func balanceRows(ctx context.Context, teller *leave.Teller, people []hajir.Employee, date string, visit func(Row) error) error {
	balances, err := teller.Balances(ctx, people, date)
	if err != nil {
		return err
	}
	for _, e := range people {
		if !e.Attends() {
			continue
		}
		for _, s := range balances[e.Username] {
			balance, given := days(s.Balance), days(s.Given)
			if s.Type.Unlimited {
				balance, given = Cell{Empty: true}, Cell{Empty: true}
			}
			if err := visit(Row{e.Username, append(whoCells(e), text(s.Type.Name), given, days(s.Taken), days(s.Pending), balance)}); err != nil {
				return err
			}
		}
	}
	return nil
}
