package hajir

import (
	"fmt"
	"time"
)

// LeaveOpening says how much of a type a person has left at the end of a date,
// as the books before Hajir's say.
type LeaveOpening struct {
	Employee Employee
	Type     LeaveType
	Date     string // YYYY-MM-DD
	Days     LeaveDays
}

// Validate returns an error that names the first thing wrong with o.
func (o LeaveOpening) Validate(today string) error {
	if err := ValidateDate(o.Date); err != nil {
		return err
	}
	switch {
	case o.Date > today:
		return Errorf(Invalid, "the date %s is still to come; an opening balance is of a day that has passed, or of today", o.Date)
	case o.Type.Unlimited:
		return Errorf(Invalid, "%s is unlimited and has no balance", o.Type.Name)
	case !o.Type.For(o.Employee):
		return Errorf(Invalid, "%s is not for %s; look at its departments, or at the person's role", o.Type.Name, o.Employee.Name)
	case o.Days%HalfDay != 0:
		return Errorf(Invalid, "%s is no number of whole or half days; write it such as 7.5", o.Days)
	case o.Days > MaxAllowance:
		return Errorf(Invalid, "a balance is at most %s days", MaxAllowance)
	case o.Days < -o.Type.Negative:
		return Errorf(Invalid, "%s may go at most %s days below zero", o.Type.Name, o.Type.Negative)
	}
	return nil
}

// Open returns the entry that brings the balance at the end of the date to what
// o says, as an adjustment; false when there is nothing to do. Entries are the
// person's ledger with what is due. Once a date was opened, its entries say for
// what balance: the same again is nothing to do, whatever was entered since,
// and another balance adds the difference.
func (o LeaveOpening) Open(entries []LeaveEntry, period LeavePeriod, note, by string, at time.Time) (e LeaveEntry, before LeaveDays, needed bool) {
	cause := o.Type.ID + "/" + period.Begin + "/opening/" + o.Date
	n := 0
	before = LeaveSum(entries, o.Type.ID, o.Date)
	for _, there := range entries {
		if there.cause() == cause {
			n++
		}
	}
	for _, there := range entries {
		if n > 0 && there.ID == entryID(cause, n-1) {
			before = there.Basis // the last one counts
		}
	}
	if n > 0 && before == o.Days {
		return LeaveEntry{}, before, false
	}
	e = LeaveEntry{
		Username: o.Employee.Username, ID: entryID(cause, n), Company: o.Employee.Company, Type: o.Type.ID,
		Kind: EntryAdjustment, Date: o.Date, Amount: o.Days - before, Basis: o.Days,
		Note: fmt.Sprintf("Opening balance of %s days. %s", o.Days, note), By: by, At: at,
	}
	return e, before, true
}
