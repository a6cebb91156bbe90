package hajir

import (
	"fmt"
	"time"
)

// The years of the Bikram Sambat calendar that dates can be converted in.
const (
	BSFirstYear = 2000
	BSLastYear  = BSFirstYear + len(bsMonths) - 1
)

// BSDate is a date of the Bikram Sambat calendar, the official one of Nepal.
// Month 1 is Baisakh, which begins in the middle of April.
type BSDate struct {
	Year, Month, Day int
}

// bsEpoch is 1 Baisakh 2000, which was 14 April 1943.
var bsEpoch = time.Date(1943, time.April, 14, 0, 0, 0, 0, time.UTC)

// bsNewYears has for each year the days from bsEpoch to its first, and at the
// end those to the first day behind the table.
var bsNewYears = func() (days [len(bsMonths) + 1]int) {
	for i, months := range bsMonths {
		days[i+1] = days[i]
		for _, n := range months {
			days[i+1] += int(n)
		}
	}
	return days
}()

// BSOf converts a Gregorian date YYYY-MM-DD. A date outside of the years that
// are known is Invalid.
func BSOf(date string) (BSDate, error) {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return BSDate{}, &Error{Code: Invalid, Message: "a date has the form YYYY-MM-DD", Cause: err}
	}
	n := int(t.Sub(bsEpoch).Hours()) / 24
	if t.Before(bsEpoch) || n >= bsNewYears[len(bsMonths)] {
		return BSDate{}, Errorf(Invalid, "%s is not in the years %d to %d of the Bikram Sambat calendar", date, BSFirstYear, BSLastYear)
	}
	i := 0
	for bsNewYears[i+1] <= n {
		i++
	}
	n -= bsNewYears[i]
	month := 0
	for n >= int(bsMonths[i][month]) {
		n -= int(bsMonths[i][month])
		month++
	}
	return BSDate{Year: BSFirstYear + i, Month: month + 1, Day: n + 1}, nil
}

// Gregorian converts to a Gregorian date YYYY-MM-DD. A date that the calendar
// does not have is Invalid.
func (d BSDate) Gregorian() (string, error) {
	days, err := BSMonthDays(d.Year, d.Month)
	if err != nil {
		return "", err
	}
	if d.Day < 1 || d.Day > days {
		return "", Errorf(Invalid, "%04d-%02d of the Bikram Sambat calendar has %d days", d.Year, d.Month, days)
	}
	n := bsNewYears[d.Year-BSFirstYear] + d.Day - 1
	for _, days := range bsMonths[d.Year-BSFirstYear][:d.Month-1] {
		n += int(days)
	}
	return bsEpoch.AddDate(0, 0, n).Format(time.DateOnly), nil
}

// String returns the date as YYYY-MM-DD.
func (d BSDate) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// BSMonthDays returns how many days a month has.
func BSMonthDays(year, month int) (int, error) {
	if year < BSFirstYear || year > BSLastYear || month < 1 || month > 12 {
		return 0, Errorf(Invalid, "a month of the Bikram Sambat calendar has the form YYYY-MM, from %d-01 to %d-12", BSFirstYear, BSLastYear)
	}
	return int(bsMonths[year-BSFirstYear][month-1]), nil
}
