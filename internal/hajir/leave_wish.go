package hajir

import "slices"

// LeaveWish is a leave that somebody thinks of asking for, with all that
// decides whether they can.
type LeaveWish struct {
	LeaveSpan
	Employee Employee
	Terms    LeaveTerms
	Account  LeaveAccount
	Entries  []LeaveEntry
	Today    string
	// Workday says whether the employee would work on a date that is no holiday.
	Workday func(date string) bool
	// Holiday says whether a date is a holiday of theirs; nil: none is.
	Holiday func(date string) bool
	// ByAdmin: the admin enters it, whatever the notice.
	ByAdmin bool
}

// LeaveAnswer is what a wish would come to.
type LeaveAnswer struct {
	Parts []LeavePart
	// Off and Holidays are the dates that cost nothing, as in a LeaveRequest.
	Off, Holidays []string
	// Left is the least that the balance comes to from then on; below zero as far
	// as the type lets it. It is zero for unlimited leave.
	Left LeaveDays
}

// Check returns what the leave would take and leave over, and an error that
// says why it cannot be had. The answer is as complete as it can be.
func (w LeaveWish) Check() (LeaveAnswer, error) {
	var a LeaveAnswer
	if err := w.Validate(); err != nil {
		return a, err
	}
	var err error
	for _, d := range w.Dates() {
		switch {
		case !w.Workday(d):
			a.Off = append(a.Off, d)
		case w.Holiday != nil && w.Holiday(d):
			a.Holidays = append(a.Holidays, d)
		}
	}
	costs := func(d string) bool { return !slices.Contains(a.Off, d) && !slices.Contains(a.Holidays, d) }
	if a.Parts, err = w.Parts(w.Terms.Years, costs); err != nil {
		return a, err
	}
	t := w.Terms.Type
	if !t.Unlimited && len(a.Parts) > 0 {
		if a.Left, err = w.Terms.Left(w.Entries, w.Account.OpenParts(t.ID), a.Parts, w.From); err != nil {
			return a, err
		}
	}
	if err := w.allowed(); err != nil {
		return a, err
	}
	if b, ok := w.Account.Overlap(w.LeaveSpan); ok {
		return a, Errorf(LeaveOverlap, "there is leave on %s already; choose other dates, or cancel that one first", b.LeaveSpan)
	}
	cost := LeaveCost(a.Parts)
	switch {
	case cost == 0:
		return a, Errorf(Invalid, "these dates are days off already; no leave is needed")
	case t.MaxDays > 0 && cost > t.MaxDays:
		return a, Errorf(Invalid, "%s is for at most %s days at a time, and this takes %s", t.Name, t.MaxDays, cost)
	case !t.Unlimited && a.Left < -t.Negative:
		return a, Errorf(LeaveBalance, "this takes %s days, and %s of %s are left for these dates", cost, max(0, a.Left+cost+t.Negative), t.Name)
	}
	return a, nil
}

// allowed says whether the employee can use the type on the dates.
func (w LeaveWish) allowed() error {
	t := w.Terms.Type
	switch {
	case t.Retired:
		return Errorf(Invalid, "%s is not given any more; choose another leave", t.Name)
	case !t.For(w.Employee):
		return Errorf(Invalid, "%s is for other departments; choose another leave", t.Name)
	case w.From < w.Terms.Since:
		return Errorf(Invalid, "leave can be had from %s on, the first date in the company", w.Terms.Since)
	case w.Terms.Until != "" && w.To > w.Terms.Until:
		return Errorf(Invalid, "leave can be had until %s, the last date in the company", w.Terms.Until)
	case w.Halves() && !t.HalfDays:
		return Errorf(Invalid, "%s is taken by whole days", t.Name)
	}
	early := DaysBetween(w.Today, w.From)
	switch {
	case w.ByAdmin:
	case early < t.NoticeDays && t.NoticeDays > 0:
		return Errorf(Invalid, "%s is to be asked for %d days before; the first date can be %s", t.Name, t.NoticeDays, AddDays(w.Today, t.NoticeDays))
	case early < -t.LateDays && t.LateDays == 0:
		return Errorf(Invalid, "%s cannot begin in the past; ask your administrator to enter it", t.Name)
	case early < -t.LateDays:
		return Errorf(Invalid, "%s can be asked for up to %d days after it began; ask your administrator to enter it", t.Name, t.LateDays)
	}
	return nil
}
