package hajir

import (
	"slices"
	"time"
)

// Calendar names a calendar.
type Calendar string

// The calendars.
const (
	Gregorian    Calendar = "gregorian"
	BikramSambat Calendar = "bs"
)

// LeaveYear says when a company's leave years begin: on a day of a month of a
// calendar, such as 1 January, or 1 Shrawan, the fourth month of Bikram Sambat.
type LeaveYear struct {
	Calendar Calendar
	Month    int
	Day      int
	From     string // YYYY-MM-DD from which it counts; "" for ever
}

// MaxLeaveYearDay is the last day on which a leave year may begin: every month
// of both calendars has it.
const MaxLeaveYearDay = 28

// Validate returns an Invalid error that names the first thing wrong with y.
func (y LeaveYear) Validate() error {
	if y.Calendar != Gregorian && y.Calendar != BikramSambat {
		return Errorf(Invalid, "a leave year is gregorian or bs")
	}
	if y.Month < 1 || y.Month > 12 || y.Day < 1 || y.Day > MaxLeaveYearDay {
		return Errorf(Invalid, "a leave year begins in a month from 1 to 12, on a day from 1 to %d", MaxLeaveYearDay)
	}
	return nil
}

// part returns the first date of the month, 0 to 12, of the leave year that
// begins in year.
func (y LeaveYear) part(year, month int) (string, error) {
	n := y.Month - 1 + month
	year, n = year+n/12, n%12+1
	if y.Calendar == BikramSambat {
		return BSDate{Year: year, Month: n, Day: y.Day}.Gregorian()
	}
	return time.Date(year, time.Month(n), y.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
}

// LeavePeriod is one leave year.
type LeavePeriod struct {
	// Begin is its first date. That is the first one's of Parts, but for a short
	// year after the company chose another one.
	Begin string
	// Parts are the first dates of the twelve months, and behind them that of the
	// next year.
	Parts [13]string
}

// End returns the first date after the period.
func (p LeavePeriod) End() string { return p.Parts[12] }

// Last returns the period's last date.
func (p LeavePeriod) Last() string { return AddDays(p.End(), -1) }

// Part returns the month, 0 to 11, that holds a date of the period.
func (p LeavePeriod) Part(date string) int {
	i := 0
	for i < 11 && p.Parts[i+1] <= date {
		i++
	}
	return i
}

// at returns the whole period that holds a valid date.
func (y LeaveYear) at(date string) (p LeavePeriod, err error) {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return p, ValidateDate(date)
	}
	year := t.Year()
	if y.Calendar == BikramSambat {
		d, err := BSOf(date)
		if err != nil {
			return p, err
		}
		year = d.Year
	}
	begin, err := y.part(year, 0)
	if err != nil {
		return p, err
	}
	if date < begin {
		year--
	}
	for i := range p.Parts {
		if p.Parts[i], err = y.part(year, i); err != nil {
			return p, err
		}
	}
	p.Begin = p.Parts[0]
	return p, nil
}

// LeaveYears are a company's leave years, the older rules first. The first has
// no From.
type LeaveYears []LeaveYear

// DefaultLeaveYears begin with the Nepali fiscal year on 1 Shrawan where people
// live in Nepal, and on 1 January elsewhere.
func DefaultLeaveYears(timeZone string) LeaveYears {
	if inNepal(timeZone) {
		return LeaveYears{{Calendar: BikramSambat, Month: 4, Day: 1}}
	}
	return LeaveYears{{Calendar: Gregorian, Month: 1, Day: 1}}
}

// At returns the leave year that holds a date.
func (y LeaveYears) At(date string) (LeavePeriod, error) {
	if err := ValidateDate(date); err != nil {
		return LeavePeriod{}, err
	}
	for _, rule := range slices.Backward(y) {
		if rule.From > date {
			continue
		}
		p, err := rule.at(date)
		p.Begin = max(p.Begin, rule.From)
		return p, err
	}
	return LeavePeriod{}, Errorf(Invalid, "the company has no leave year yet; set one in its leave settings")
}

// Change returns the years with another rule. It counts from the end of the year
// that lasts on today, so that nothing that was given is taken back: until its
// own first year begins there is one that is shorter.
func (y LeaveYears) Change(rule LeaveYear, today string) (LeaveYears, error) {
	if err := rule.Validate(); err != nil {
		return y, err
	}
	now, err := y.At(today)
	if err != nil {
		return y, err
	}
	kept := slices.Clone(y)
	for len(kept) > 1 && kept[len(kept)-1].From > today {
		kept = kept[:len(kept)-1]
	}
	last := kept[len(kept)-1]
	rule.From = last.From
	if rule == last {
		return kept, nil
	}
	rule.From = now.End()
	return append(kept, rule), nil
}
