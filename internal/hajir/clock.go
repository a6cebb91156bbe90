package hajir

import (
	"fmt"
	"time"
)

// Clock is a local wall-clock time in minutes after midnight, 0 to 1439.
type Clock int

const minutesADay = 24 * 60

// ParseClock reads a time such as 09:30.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, &Error{Code: Invalid, Message: "a time of day has the form HH:MM, from 00:00 to 23:59", Cause: err}
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// after returns how many minutes clocks show c later than since: 0 to 1439.
func (c Clock) after(since Clock) int {
	return ((int(c)-int(since))%minutesADay + minutesADay) % minutesADay
}

// date is a local date as the number of days after 1970-01-01.
type date int

const secondsADay = 24 * 60 * 60

func parseDate(s string) (date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, &Error{Code: Invalid, Message: "a date has the form YYYY-MM-DD", Cause: err}
	}
	return date(t.Unix() / secondsADay), nil
}

// dateAt returns the local date in loc at t.
func dateAt(t time.Time, loc *time.Location) date {
	y, m, d := t.In(loc).Date()
	return date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
}

func (d date) utc() time.Time        { return time.Unix(int64(d)*secondsADay, 0).UTC() }
func (d date) String() string        { return d.utc().Format(time.DateOnly) }
func (d date) weekday() time.Weekday { return d.utc().Weekday() }

// moment returns when clocks in loc show that many minutes after d's midnight.
// Minutes of more than a day lead into the next date.
func (d date) moment(minutes int, loc *time.Location) time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, minutes, 0, 0, loc)
}

// ValidateDate returns an Invalid error when s is no date YYYY-MM-DD of this
// time and age, around which there are others that can be written like it.
func ValidateDate(s string) error {
	if _, err := parseDate(s); err != nil {
		return err
	}
	if s < "1900" || s >= "3000" {
		return Errorf(Invalid, "a date lies between 1900 and 2999")
	}
	return nil
}

// AddDays returns the date n days after a valid date YYYY-MM-DD.
func AddDays(s string, n int) string {
	d, err := parseDate(s)
	if err != nil {
		return ""
	}
	return (d + date(n)).String()
}

// DaysBetween returns how many days after the valid date from the date to is.
func DaysBetween(from, to string) int {
	a, err1 := parseDate(from)
	b, err2 := parseDate(to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b - a)
}

// Dates lists the dates of the month YYYY-MM, in order.
func Dates(month string) []string {
	first, err := parseDate(month + "-01")
	if err != nil {
		return nil
	}
	var all []string
	for d := first; ; d++ {
		s := d.String()
		if MonthValue(s) != month {
			return all
		}
		all = append(all, s)
	}
}
