package hajir

import (
	"fmt"
	"strings"
)

// bsMonth begins the name of a month of Bikram Sambat, so that 2083-08 is never
// taken for one of the other calendar.
const bsMonth = "bs-"

// MonthDates lists the dates of a month, in order: YYYY-MM, or bs-YYYY-MM for
// one of Bikram Sambat, whose dates lie in two Gregorian months. Another form is
// Invalid.
func MonthDates(month string) ([]string, error) {
	value, isBS := strings.CutPrefix(month, bsMonth)
	if !isBS {
		if dates := Dates(month); len(dates) > 0 {
			return dates, nil
		}
		return nil, Errorf(Invalid, "a month has the form YYYY-MM, or bs-YYYY-MM in Bikram Sambat")
	}
	var d BSDate
	if _, err := fmt.Sscanf(value, "%4d-%2d", &d.Year, &d.Month); err != nil || fmt.Sprintf("%04d-%02d", d.Year, d.Month) != value {
		return nil, Errorf(Invalid, "a month of Bikram Sambat has the form bs-YYYY-MM")
	}
	days, err := BSMonthDays(d.Year, d.Month)
	if err != nil {
		return nil, err
	}
	d.Day = 1
	first, err := d.Gregorian()
	if err != nil {
		return nil, err
	}
	dates := make([]string, days)
	for i := range dates {
		dates[i] = AddDays(first, i)
	}
	return dates, nil
}
