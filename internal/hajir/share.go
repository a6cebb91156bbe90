package hajir

// Share is what dates count as for pay, in hundredths of a day. The parts of a
// date on which somebody is employed add up to one day.
type Share struct {
	Present                LeaveDays // was there; a day without exit counts as one until somebody has looked
	Absent                 LeaveDays
	PaidLeave, UnpaidLeave LeaveDays
	WeeklyOff, Holiday     LeaveDays
	Coming                 LeaveDays // is not over, and nobody came yet
}

// Payable returns the days that are paid: present, paid leave, days off and
// holidays.
func (s Share) Payable() LeaveDays { return s.Present + s.PaidLeave + s.WeeklyOff + s.Holiday }

// All returns the dates on which the person is employed.
func (s Share) All() LeaveDays { return s.Payable() + s.Absent + s.UnpaidLeave + s.Coming }

// Add adds other.
func (s *Share) Add(other Share) {
	s.Present += other.Present
	s.Absent += other.Absent
	s.PaidLeave += other.PaidLeave
	s.UnpaidLeave += other.UnpaidLeave
	s.WeeklyOff += other.WeeklyOff
	s.Holiday += other.Holiday
	s.Coming += other.Coming
}

// LeaveShare is how much of a date is approved leave, and of which types.
type LeaveShare struct {
	Paid, Unpaid LeaveDays
	Types        []string // IDs of LeaveTypes, in the order in which they were booked
}

// Shares returns the approved leave of each date from–to.
func (a LeaveAccount) Shares(from, to string, paid func(leaveType string) bool) map[string]LeaveShare {
	shares := map[string]LeaveShare{}
	for _, b := range a.Booked {
		if b.Open {
			continue
		}
		for d := max(from, b.From); d <= min(to, b.To); d = AddDays(d, 1) {
			s := shares[d]
			if paid(b.Type) {
				s.Paid += b.On(d).Cost()
			} else {
				s.Unpaid += b.On(d).Cost()
			}
			s.Types = append(s.Types, b.Type)
			shares[d] = s
		}
	}
	return shares
}

// Share returns what the date counts as, with its leave: what was worked counts
// first, then the leave, and what is left was absent.
func (r Reckoning) Share(l LeaveShare) Share {
	asked := OneDay - min(OneDay, l.Paid+l.Unpaid) // the part that is no leave
	if asked == 0 {
		asked = OneDay // whoever comes on a day of leave was there
	}
	var s Share
	switch r.Status {
	case StatusNone:
		return s
	case StatusHoliday:
		return Share{Holiday: OneDay}
	case StatusWeeklyOff:
		return Share{WeeklyOff: OneDay}
	case StatusPresent, StatusLate:
		s.Present = asked
	case StatusHalfDay:
		s.Present = asked / 2
	case StatusAbsent, StatusOnLeave, StatusExpected:
	}
	rest := OneDay - s.Present
	s.PaidLeave = min(rest, l.Paid)
	s.UnpaidLeave = min(rest-s.PaidLeave, l.Unpaid)
	rest -= s.PaidLeave + s.UnpaidLeave
	if r.Status == StatusExpected {
		s.Coming = rest
	} else {
		s.Absent = rest
	}
	return s
}

// The letters of a muster.
var marks = map[Status]string{
	StatusPresent: "P", StatusLate: "LT", StatusHalfDay: "HD", StatusAbsent: "A", StatusOnLeave: "L",
	StatusHoliday: "H", StatusWeeklyOff: "WO", StatusExpected: "·", StatusNone: "",
}

// Mark returns the day's letters in a muster: P present, LT late, HD half day,
// A absent, L leave, H holiday, WO weekly off, · not over, nothing outside of
// employment. Behind them, /L is half a day of leave, + work on a day that was
// off or leave, and ? an exit that is missing.
func (r Reckoning) Mark() string {
	m := marks[r.Status]
	if r.Status == StatusNone {
		return m
	}
	if r.Status != StatusHoliday && r.Status != StatusWeeklyOff && (r.Leave == FirstHalf || r.Leave == SecondHalf) {
		m += "/L"
	}
	if r.Flagged(FlagWorkedOff) || r.Flagged(FlagWorkedOnLeave) {
		m += "+"
	}
	if r.Flagged(FlagMissingExit) {
		m += "?"
	}
	return m
}
