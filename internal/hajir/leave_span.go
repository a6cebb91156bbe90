package hajir

import "fmt"

// LeaveSpan is the dates of a leave.
type LeaveSpan struct {
	From, To string // YYYY-MM-DD, both within
	// Start and End are how much of the first and the last date: all of it, or
	// the half of it that joins the rest. On a single date they are the same.
	Start, End Leave
}

// MaxLeaveSpan is how many dates a leave has at most.
const MaxLeaveSpan = 366

// Validate returns an Invalid error that names the first thing wrong with s.
func (s LeaveSpan) Validate() error {
	if err := ValidateDate(s.From); err != nil {
		return err
	}
	if err := ValidateDate(s.To); err != nil {
		return err
	}
	whole := func(l Leave, half ...Leave) bool {
		for _, h := range append(half, FullLeave) {
			if l == h {
				return true
			}
		}
		return false
	}
	switch n := DaysBetween(s.From, s.To); {
	case n < 0:
		return Errorf(Invalid, "the last date of the leave lies before the first")
	case n >= MaxLeaveSpan:
		return Errorf(Invalid, "a leave has at most %d dates; ask for a part of it at a time", MaxLeaveSpan)
	case n == 0 && (s.Start != s.End || !whole(s.Start, FirstHalf, SecondHalf)):
		return Errorf(Invalid, "leave on a single date is full, first_half or second_half, the same at start and end")
	case n > 0 && (!whole(s.Start, SecondHalf) || !whole(s.End, FirstHalf)):
		return Errorf(Invalid, "leave of several dates starts with a full day or its second half, and ends with a full day or its first half")
	}
	return nil
}

// On returns how much of a date is in the span.
func (s LeaveSpan) On(date string) Leave {
	switch {
	case date < s.From || date > s.To:
		return NoLeave
	case date == s.From:
		return s.Start
	case date == s.To:
		return s.End
	}
	return FullLeave
}

// Halves says whether the span has a half-day.
func (s LeaveSpan) Halves() bool { return s.Start != FullLeave || s.End != FullLeave }

// Dates lists the span's dates.
func (s LeaveSpan) Dates() []string {
	var all []string
	for d := s.From; d <= s.To; d = AddDays(d, 1) {
		all = append(all, d)
	}
	return all
}

// Overlaps says whether a part of a date is in both spans. Two different halves
// of a date do not overlap.
func (s LeaveSpan) Overlaps(other LeaveSpan) bool {
	for d := max(s.From, other.From); d <= min(s.To, other.To); d = AddDays(d, 1) {
		if s.On(d).halves()&other.On(d).halves() != 0 {
			return true
		}
	}
	return false
}

// halves returns which halves of a day l is, as bits.
func (l Leave) halves() int {
	switch l {
	case FirstHalf:
		return 1
	case SecondHalf:
		return 2
	case FullLeave:
		return 3
	case NoLeave:
	}
	return 0
}

// And returns how much of a day is leave when l and other are. Two halves are a
// full day.
func (l Leave) And(other Leave) Leave {
	return []Leave{NoLeave, FirstHalf, SecondHalf, FullLeave}[l.halves()|other.halves()]
}

// Cost returns what leave of l takes from a working day.
func (l Leave) Cost() LeaveDays {
	switch l {
	case FirstHalf, SecondHalf:
		return HalfDay
	case FullLeave:
		return OneDay
	case NoLeave:
	}
	return 0
}

// String writes the span as 2026-03-02, 2026-03-02 to 2026-03-04, or with the
// halves that it has.
func (s LeaveSpan) String() string {
	half := map[Leave]string{FirstHalf: " (first half)", SecondHalf: " (second half)"}
	if s.From == s.To {
		return s.From + half[s.Start]
	}
	return fmt.Sprintf("%s%s to %s%s", s.From, half[s.Start], s.To, half[s.End])
}

// LeavePart is what a leave takes within one month of a leave year.
type LeavePart struct {
	Period string // the leave year's Begin
	Date   string // the first one in that month that costs something
	Amount LeaveDays
}

// Parts returns what the span takes, month by month: days off cost nothing.
func (s LeaveSpan) Parts(years LeaveYears, workday func(date string) bool) ([]LeavePart, error) {
	var parts []LeavePart
	var p LeavePeriod
	in := -1 // the month of the last part
	for _, d := range s.Dates() {
		if !workday(d) {
			continue
		}
		if p.Begin == "" || d >= p.End() {
			var err error
			if p, err = years.At(d); err != nil {
				return nil, err
			}
			in = -1
		}
		if month := p.Part(d); month != in {
			in = month
			parts = append(parts, LeavePart{Period: p.Begin, Date: d})
		}
		parts[len(parts)-1].Amount += s.On(d).Cost()
	}
	return parts, nil
}

// LeaveCost sums parts.
func LeaveCost(parts []LeavePart) LeaveDays {
	var sum LeaveDays
	for _, p := range parts {
		sum += p.Amount
	}
	return sum
}
