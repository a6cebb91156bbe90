package hajir

import "time"

// Leave is how much of a day somebody is on leave.
type Leave string

// The leaves. Two halves are a full day.
const (
	NoLeave    Leave = ""
	FirstHalf  Leave = "first_half"
	SecondHalf Leave = "second_half"
	FullLeave  Leave = "full"
)

// ValidateDate returns an Invalid error when s is no date YYYY-MM-DD.
func ValidateDate(s string) error {
	_, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return &Error{Code: Invalid, Message: "a date has the form YYYY-MM-DD", Cause: err}
	}
	return nil
}

// AddDays returns the date n days after a valid date YYYY-MM-DD.
func AddDays(s string, n int) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// DaysBetween returns how many days after the valid date from the date to is.
func DaysBetween(from, to string) int {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(b.Sub(a) / (24 * time.Hour))
}
