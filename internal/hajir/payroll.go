package hajir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PayrollMapping says in which form a company's payroll program wants the sums
// of a period: the columns of a CSV file, a row a person.
type PayrollMapping struct {
	ID        string // a UUID
	Company   string
	Name      string
	Columns   []PayrollColumn
	Delimiter string // one of PayrollDelimiters
	Decimal   string // one of PayrollDecimals
	DateForm  DateForm
	BOM       bool // the file begins with a byte order mark, by which Excel knows UTF-8
	Version   int  // grows by one with every stored change; zero means never stored
}

// PayrollColumn is one column.
type PayrollColumn struct {
	Header   string
	Field    PayrollField
	Constant string // of FieldConstant alone
}

// PayrollField is what a column holds.
type PayrollField string

// The fields. Those of times have three forms, which their endings name.
const (
	FieldCode        PayrollField = "code"
	FieldUsername    PayrollField = "username"
	FieldName        PayrollField = "name"
	FieldDepartment  PayrollField = "department"
	FieldConstant    PayrollField = "constant"
	FieldFrom        PayrollField = "period_from"
	FieldTo          PayrollField = "period_to"
	FieldEmployed    PayrollField = "days_employed"
	FieldPresent     PayrollField = "days_present"
	FieldAbsent      PayrollField = "days_absent"
	FieldPaidLeave   PayrollField = "days_paid_leave"
	FieldUnpaidLeave PayrollField = "days_unpaid_leave"
	FieldWeeklyOff   PayrollField = "days_weekly_off"
	FieldHolidays    PayrollField = "days_holiday"
	FieldPayable     PayrollField = "days_payable"
	FieldComing      PayrollField = "days_not_over"
	FieldHalfDays    PayrollField = "half_days"
	FieldLateDays    PayrollField = "late_days"
	FieldOpenDays    PayrollField = "open_days" // days whose exit is missing
)

// The forms of a time.
const (
	formHours   = "_hours"   // 7.58
	formClock   = "_hhmm"    // 7:35
	formMinutes = "_minutes" // 455
)

var payrollTimes = []string{"required", "worked", "overtime", "late", "early"}

// PayrollFields lists every field in the order in which they are offered.
func PayrollFields() []PayrollField {
	all := []PayrollField{
		FieldCode, FieldUsername, FieldName, FieldDepartment, FieldConstant, FieldFrom, FieldTo, FieldEmployed, FieldPresent, FieldAbsent,
		FieldPaidLeave, FieldUnpaidLeave, FieldWeeklyOff, FieldHolidays, FieldPayable, FieldComing, FieldHalfDays, FieldLateDays, FieldOpenDays,
	}
	for _, t := range payrollTimes {
		for _, form := range []string{formHours, formClock, formMinutes} {
			all = append(all, PayrollField(t+form))
		}
	}
	return all
}

// Typed says whether people wrote what the field holds.
func (f PayrollField) Typed() bool {
	_, is := payrollTexts[f]
	return is
}

// DateForm is how a date is written.
type DateForm string

// The forms.
const (
	DateISO     DateForm = "iso"      // 2026-03-31
	DateCompact DateForm = "compact"  // 20260331
	DateSlashes DateForm = "dmy"      // 31/03/2026
	DateDots    DateForm = "dmy_dots" // 31.03.2026
	DateUS      DateForm = "mdy"      // 03/31/2026
	DateBS      DateForm = "bs"       // 2082-12-17, of the Bikram Sambat calendar
)

var dateLayouts = map[DateForm]string{
	DateISO: time.DateOnly, DateCompact: "20060102", DateSlashes: "02/01/2006", DateDots: "02.01.2006", DateUS: "01/02/2006", DateBS: "",
}

// Write writes a valid date; one that the calendar does not have stays as it is.
func (f DateForm) Write(date string) string {
	if f == DateBS {
		bs, err := BSOf(date)
		if err != nil {
			return date
		}
		return bs.String()
	}
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format(dateLayouts[f])
}

// PayrollDelimiters and PayrollDecimals are what stands between cells, and
// before decimals.
func PayrollDelimiters() []string { return []string{",", ";", "\t", "|"} }

// PayrollDecimals are the separators of decimals.
func PayrollDecimals() []string { return []string{".", ","} }

// The bounds of mappings.
const (
	MaxPayrollColumns  = 100
	MaxPayrollMappings = 50 // of a company
)

// Validate returns an Invalid error that names the first thing wrong with m.
func (m PayrollMapping) Validate() error {
	if err := validateText("the mapping's name", m.Name, 1, 100); err != nil {
		return err
	}
	_, known := dateLayouts[m.DateForm]
	switch {
	case len(m.Columns) == 0:
		return Errorf(Invalid, "a mapping has at least one column")
	case len(m.Columns) > MaxPayrollColumns:
		return Errorf(Invalid, "a mapping has at most %d columns", MaxPayrollColumns)
	case !slices.Contains(PayrollDelimiters(), m.Delimiter):
		return Errorf(Invalid, "cells are separated by a comma, a semicolon, a tab or a bar")
	case !slices.Contains(PayrollDecimals(), m.Decimal):
		return Errorf(Invalid, "decimals are separated by a dot or a comma")
	case m.Decimal == m.Delimiter:
		return Errorf(Invalid, "a comma cannot separate both cells and decimals; choose another for one of them")
	case !known:
		return Errorf(Invalid, "choose how dates are written")
	}
	for i, c := range m.Columns {
		if err := c.validate(i + 1); err != nil {
			return err
		}
	}
	return nil
}

func (c PayrollColumn) validate(n int) error {
	if err := validateText(fmt.Sprintf("the header of column %d", n), c.Header, 1, 100); err != nil {
		return err
	}
	switch {
	case !slices.Contains(PayrollFields(), c.Field):
		return Errorf(Invalid, "column %d: choose what it holds", n)
	case c.Field != FieldConstant && c.Constant != "":
		return Errorf(Invalid, "column %d: only a constant has a value of its own", n)
	}
	return validateText(fmt.Sprintf("the value of column %d", n), c.Constant, 0, 200)
}

// Row returns a person's cells.
func (m PayrollMapping) Row(e Employee, p Period, s Summary) []string {
	row := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		row[i] = m.cell(c, e, p, s)
	}
	return row
}

func (m PayrollMapping) cell(c PayrollColumn, e Employee, p Period, s Summary) string {
	if text, ok := payrollTexts[c.Field]; ok {
		return text(e)
	}
	if days, ok := payrollDays[c.Field]; ok {
		return m.decimals(days(s.Share).String())
	}
	if count, ok := payrollCounts[c.Field]; ok {
		return strconv.Itoa(count(s.Total))
	}
	switch c.Field { //nolint:exhaustive // the others are in the tables above, or times
	case FieldConstant:
		return c.Constant
	case FieldFrom:
		return m.DateForm.Write(p.From)
	case FieldTo:
		return m.DateForm.Write(p.To)
	}
	return m.time(c.Field, s.Total)
}

var (
	payrollTexts = map[PayrollField]func(Employee) string{
		FieldCode:       func(e Employee) string { return e.Code },
		FieldUsername:   func(e Employee) string { return e.Username },
		FieldName:       func(e Employee) string { return e.Name },
		FieldDepartment: func(e Employee) string { return e.Department },
	}
	payrollDays = map[PayrollField]func(Share) LeaveDays{
		FieldEmployed:    Share.All,
		FieldPresent:     func(s Share) LeaveDays { return s.Present },
		FieldAbsent:      func(s Share) LeaveDays { return s.Absent },
		FieldPaidLeave:   func(s Share) LeaveDays { return s.PaidLeave },
		FieldUnpaidLeave: func(s Share) LeaveDays { return s.UnpaidLeave },
		FieldWeeklyOff:   func(s Share) LeaveDays { return s.WeeklyOff },
		FieldHolidays:    func(s Share) LeaveDays { return s.Holiday },
		FieldPayable:     Share.Payable,
		FieldComing:      func(s Share) LeaveDays { return s.Coming },
	}
	payrollCounts = map[PayrollField]func(Total) int{
		FieldHalfDays: func(t Total) int { return t.Days[StatusHalfDay] },
		FieldLateDays: func(t Total) int { return t.Days[StatusLate] },
		FieldOpenDays: func(t Total) int { return t.MissingExits },
	}
)

func (m PayrollMapping) time(f PayrollField, t Total) string {
	name, form, _ := strings.Cut(string(f), "_")
	d := map[string]time.Duration{
		"required": t.Required, "worked": t.Worked, "overtime": t.Overtime, "late": t.Late, "early": t.Early,
	}[name]
	switch "_" + form {
	case formHours:
		return m.decimals(DecimalHours(d))
	case formClock:
		return Hours(d)
	}
	return strconv.Itoa(Minutes(d))
}

func (m PayrollMapping) decimals(s string) string { return strings.Replace(s, ".", m.Decimal, 1) }

// Minutes returns the whole minutes of d.
func Minutes(d time.Duration) int { return int(d / time.Minute) }

// DecimalHours writes whole minutes as hours with two decimals. It is the only
// place where a time is rounded, and that is done once, half up.
func DecimalHours(d time.Duration) string {
	hundredths := (Minutes(d)*100 + 30) / 60
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}
