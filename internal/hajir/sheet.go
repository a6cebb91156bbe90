package hajir

import (
	"cmp"
	"time"
)

// Sheet is one person's plan and days of some dates, from which time sheets and
// sums are made.
type Sheet struct {
	Employee
	Plan    Plan
	Account LeaveAccount // what is booked
	Days    []Day        // that are stored, of the dates
}

// SheetLine is one date of a sheet.
type SheetLine struct {
	Day
	Reckoning
	LeaveShare
}

// Share returns what the date counts as for pay.
func (l SheetLine) Share() Share { return l.Reckoning.Share(l.LeaveShare) }

// employment returns from when on something is expected of the person, and until
// when; "" for to is no end. Before they were added nothing is known of them:
// their first date in the company counts if it is later. Who is inactive, and
// has no last date, left with their last punch.
func (s Sheet) employment() (from, to string, ended bool) {
	from = max(DateAt(s.CreatedAt, s.Plan.Location), s.Account.Since)
	last := ""
	for _, d := range s.Days {
		if len(d.Punches) > 0 {
			from, last = min(from, d.Date), max(last, d.Date)
		}
	}
	to = s.Account.Until
	ended = to != ""
	if !s.Active && !ended {
		to, ended = last, true
	}
	return from, to, ended
}

// Lines returns every date of p as it is at now. Outside of employment it is
// none, unless there are punches. Paid says which types of leave are paid; nil:
// all.
func (s Sheet) Lines(p Period, now time.Time, paid func(leaveType string) bool) []SheetLine {
	if paid == nil {
		paid = func(string) bool { return true }
	}
	from, to, ended := s.employment()
	stored := make(map[string]Day, len(s.Days))
	for _, d := range Once(s.Days) {
		stored[d.Date] = d
	}
	leave := s.Account.Shares(p.From, p.To, paid)
	lines := make([]SheetLine, 0, p.Days())
	for _, date := range p.Dates() {
		d, ok := stored[date]
		if !ok {
			d = Day{Name: s.Username, Company: s.Company, Date: date}
		}
		r := s.Plan.On(date).Reckon(d, now)
		if len(d.Punches) == 0 && (date < from || ended && date > to) {
			r.Status, r.Flags = StatusNone, nil
		}
		lines = append(lines, SheetLine{d, r, leave[date]})
	}
	return lines
}

// Summary is what lines come to together.
type Summary struct {
	Total
	Share
}

// Add counts a line.
func (s *Summary) Add(l SheetLine) {
	s.Total.Add(l.Reckoning)
	s.Share.Add(l.Share())
}

// Summarize sums lines.
func Summarize(lines []SheetLine) Summary {
	var s Summary
	for _, l := range lines {
		s.Add(l)
	}
	return s
}

// Employed says whether any of the dates lies in the person's employment.
func (s Summary) Employed() bool { return s.All() > 0 }

// Belongs says whether a person has a place in reports about s: they attend or
// have punched.
func (e Employee) Belongs(s Summary) bool {
	return s.Employed() && (cmp.Or(e.Role, RoleEmployee) != RoleAuditor || s.Worked > 0 || s.Present > 0)
}
