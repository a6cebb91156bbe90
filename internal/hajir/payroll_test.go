package hajir_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func newMapping(change ...func(*hajir.PayrollMapping)) hajir.PayrollMapping {
	m := hajir.PayrollMapping{
		Name: "Bank", Delimiter: ";", Decimal: ",", DateForm: hajir.DateDots,
		Columns: []hajir.PayrollColumn{{Header: "No", Field: hajir.FieldCode}, {Header: "Co", Field: hajir.FieldConstant, Constant: "0815"}},
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

func TestPayrollMappings(t *testing.T) {
	if err := newMapping().Validate(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*hajir.PayrollMapping){
		"needs a name":           func(m *hajir.PayrollMapping) { m.Name = " " },
		"has columns":            func(m *hajir.PayrollMapping) { m.Columns = nil },
		"has not too many":       func(m *hajir.PayrollMapping) { m.Columns = slices.Repeat(m.Columns, 51) },
		"has a delimiter":        func(m *hajir.PayrollMapping) { m.Delimiter = "x" },
		"has decimals":           func(m *hajir.PayrollMapping) { m.Decimal = "" },
		"is not ambiguous":       func(m *hajir.PayrollMapping) { m.Delimiter = "," },
		"writes dates":           func(m *hajir.PayrollMapping) { m.DateForm = "long" },
		"has headers":            func(m *hajir.PayrollMapping) { m.Columns[0].Header = "" },
		"has one line a header":  func(m *hajir.PayrollMapping) { m.Columns[0].Header = "a\nb" },
		"knows its fields":       func(m *hajir.PayrollMapping) { m.Columns[0].Field = "salary" },
		"has constants in place": func(m *hajir.PayrollMapping) { m.Columns[0].Constant = "x" },
	} {
		if err := newMapping(change).Validate(); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("a mapping %s: %v", what, err)
		}
	}
}

func TestPayrollRow(t *testing.T) {
	s := hajir.Summary{
		Total: hajir.Total{
			Days: map[hajir.Status]int{hajir.StatusHalfDay: 1, hajir.StatusLate: 2}, MissingExits: 3,
			Required: 168 * time.Hour, Worked: 171*time.Hour + 35*time.Minute, Overtime: 4*time.Hour + 20*time.Minute, Late: 47 * time.Minute, Early: time.Minute,
		},
		Share: hajir.Share{Present: 2150, Absent: 50, PaidLeave: 150, UnpaidLeave: 100, WeeklyOff: 400, Holiday: 100, Coming: 150},
	}
	e := hajir.Employee{Username: "asha", Name: "Asha", Code: "E1", Department: "Sales"}
	want := map[hajir.PayrollField]string{
		"code": "E1", "username": "asha", "name": "Asha", "department": "Sales", "constant": "0815", "period_from": "14.03.2026", "period_to": "13.04.2026",
		"days_employed": "31", "days_present": "21,5", "days_absent": "0,5", "days_paid_leave": "1,5", "days_unpaid_leave": "1",
		"days_weekly_off": "4", "days_holiday": "1", "days_payable": "28", "days_not_over": "1,5", "half_days": "1", "late_days": "2", "open_days": "3",
		"required_hours": "168,00", "required_hhmm": "168:00", "required_minutes": "10080",
		"worked_hours": "171,58", "worked_hhmm": "171:35", "worked_minutes": "10295",
		"overtime_hours": "4,33", "overtime_hhmm": "4:20", "overtime_minutes": "260",
		"late_hours": "0,78", "late_hhmm": "0:47", "late_minutes": "47",
		"early_hours": "0,02", "early_hhmm": "0:01", "early_minutes": "1",
	}
	if len(want) != len(hajir.PayrollFields()) {
		t.Errorf("%d fields are tried of %d", len(want), len(hajir.PayrollFields()))
	}
	for _, f := range hajir.PayrollFields() {
		m := newMapping(func(m *hajir.PayrollMapping) { m.Columns = []hajir.PayrollColumn{{Header: "h", Field: f}} })
		if f == hajir.FieldConstant {
			m.Columns[0].Constant = "0815"
		}
		if err := m.Validate(); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if got := m.Row(e, hajir.Period{From: "2026-03-14", To: "2026-04-13"}, s); got[0] != want[f] {
			t.Errorf("%s is %q, want %q", f, got[0], want[f])
		}
	}
	for form, want := range map[hajir.DateForm]string{
		hajir.DateISO: "2026-04-13", hajir.DateCompact: "20260413", hajir.DateSlashes: "13/04/2026", hajir.DateUS: "04/13/2026", hajir.DateBS: "2082-12-30",
	} {
		if got := form.Write("2026-04-13"); got != want {
			t.Errorf("%s writes %s, want %s", form, got, want)
		}
	}
}

// Hours with decimals are as near as two decimals can be, and minutes lose
// nothing.
func TestHoursAreRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.IntRange(0, 1_000_000).Draw(t, "minutes")
		d := time.Duration(minutes)*time.Minute + time.Duration(rapid.IntRange(0, 59).Draw(t, "seconds"))*time.Second
		hours, err := strconv.ParseFloat(hajir.DecimalHours(d), 64)
		if err != nil || math.Abs(hours-float64(minutes)/60) > 0.005+1e-9 {
			t.Fatalf("%v is %s", d, hajir.DecimalHours(d))
		}
		h, m, _ := strings.Cut(hajir.Hours(d), ":")
		a, _ := strconv.Atoi(h)
		b, _ := strconv.Atoi(m)
		if len(m) != 2 || a*60+b != minutes || hajir.Minutes(d) != minutes {
			t.Fatalf("%v is %s", d, hajir.Hours(d))
		}
	})
}
