package hajir

import (
	"slices"
	"strings"
)

// Accrual is how an allowance comes.
type Accrual string

// The accruals.
const (
	AccrualNone    Accrual = "none"    // only by hand, such as for work on a holiday
	AccrualYearly  Accrual = "yearly"  // whole, on the first day of the leave year
	AccrualMonthly Accrual = "monthly" // a twelfth, on the last day of each month of the leave year
)

// LeaveType is a kind of leave that a company gives.
type LeaveType struct {
	ID      string // a UUID
	Company string
	Name    string
	Paid    bool
	// Unlimited leave keeps no balance: unpaid leave, often.
	Unlimited bool
	Allowance LeaveDays // of a whole leave year
	Accrual   Accrual
	// Prorate gives those who come or go within a leave year their part of it,
	// by days. Otherwise they get the months, or the year, that they see whole.
	Prorate bool
	// CarryMax is what goes over into the next leave year at most, and
	// CarryMonths after how many of its months what is left of that lapses; zero:
	// it stays.
	CarryMax    LeaveDays
	CarryMonths int
	Negative    LeaveDays // how far below zero a balance may go
	HalfDays    bool      // may be taken by half-days
	// NoticeDays is how many days before its first date a request must come.
	// Without notice, LateDays is how many days after it that is still allowed.
	NoticeDays, LateDays int
	MaxDays              LeaveDays // of one request; zero: any number
	Departments          []string  // who may use it; none: everybody
	SecondLevel          bool      // a second approval is asked for
	From                 string    // YYYY-MM-DD: what is given begins with this date
	Retired              bool      // nobody can ask for it any more
	Version              int       // grows by one with every stored change; zero means never stored
}

// The bounds of a LeaveType.
const (
	MaxAllowance   = 366 * OneDay
	MaxLeaveNotice = 366 // days, of notice and of lateness
	maxDepartments = 50
)

// Validate returns an Invalid error that names the first thing wrong with t.
func (t LeaveType) Validate() error {
	if err := validateText("the name of the leave", t.Name, 1, 100); err != nil {
		return err
	}
	within := func(d LeaveDays) bool { return d >= 0 && d <= MaxAllowance }
	switch {
	case !slices.Contains([]Accrual{AccrualNone, AccrualYearly, AccrualMonthly}, t.Accrual):
		return Errorf(Invalid, "an allowance comes none, yearly or monthly")
	case !within(t.Allowance) || !within(t.CarryMax) || !within(t.Negative) || !within(t.MaxDays):
		return Errorf(Invalid, "allowance, carry-over, overdraft and length lie between 0 and 366 days")
	case t.Unlimited && (t.Accrual != AccrualNone || t.Allowance != 0 || t.CarryMax != 0 || t.Negative != 0):
		return Errorf(Invalid, "unlimited leave has no allowance, carry-over or overdraft; leave them out")
	case !t.Unlimited && t.Accrual != AccrualNone && t.Allowance == 0:
		return Errorf(Invalid, "say how many days a year are given, or give none by itself")
	case t.CarryMonths < 0 || t.CarryMonths > 12:
		return Errorf(Invalid, "carried days lapse after 1 to 12 months, or with 0 not at all")
	case t.CarryMonths > 0 && t.CarryMax == 0:
		return Errorf(Invalid, "there is nothing to lapse when nothing is carried over")
	case t.NoticeDays < 0 || t.NoticeDays > MaxLeaveNotice || t.LateDays < 0 || t.LateDays > MaxLeaveNotice:
		return Errorf(Invalid, "notice and lateness lie between 0 and %d days", MaxLeaveNotice)
	case t.NoticeDays > 0 && t.LateDays > 0:
		return Errorf(Invalid, "leave that needs notice cannot be asked for afterwards; choose one of the two")
	case t.MaxDays%HalfDay != 0:
		return Errorf(Invalid, "the longest leave is a number of whole or half days")
	case len(t.Departments) > maxDepartments:
		return Errorf(Invalid, "at most %d departments can be named; leave them out for everybody", maxDepartments)
	}
	for _, d := range t.Departments {
		if err := validateText("the department", d, 1, maxName); err != nil {
			return err
		}
	}
	return ValidateDate(t.From)
}

// For says whether e may use this leave: an auditor has no attendance, and so no
// leave. Departments are the same whatever the case of their letters.
func (t LeaveType) For(e Employee) bool {
	if e.Role == RoleAuditor {
		return false
	}
	return len(t.Departments) == 0 || slices.ContainsFunc(t.Departments, func(d string) bool {
		return strings.EqualFold(strings.TrimSpace(d), strings.TrimSpace(e.Department))
	})
}
