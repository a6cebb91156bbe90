package hajir

import (
	"strings"
	"time"
)

// Weekdays is a set of weekdays.
type Weekdays uint8

// WeekdaysOf returns the set of these days.
func WeekdaysOf(days ...time.Weekday) Weekdays {
	var w Weekdays
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

// Has says whether d is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&(1<<d) != 0 }

// Names lists the set's days in small letters, Sunday first.
func (w Weekdays) Names() []string {
	names := []string{}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if w.Has(d) {
			names = append(names, strings.ToLower(d.String()))
		}
	}
	return names
}

// ParseWeekdays reads English names of weekdays, whatever their case.
func ParseWeekdays(names []string) (Weekdays, error) {
	var w Weekdays
next:
	for _, name := range names {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(name, d.String()) {
				w |= 1 << d
				continue next
			}
		}
		return 0, Errorf(Invalid, "a weekday is sunday, monday, tuesday, wednesday, thursday, friday or saturday")
	}
	return w, nil
}

// everyDay is a week without work.
const everyDay Weekdays = 1<<7 - 1

// UsualWeeklyOff returns the days on which people do not work where a zone is:
// Saturday in Nepal, Sunday in India, Friday and Saturday in Bangladesh,
// Saturday and Sunday elsewhere.
func UsualWeeklyOff(timeZone string) Weekdays {
	switch timeZone {
	case "Asia/Kathmandu", "Asia/Katmandu":
		return WeekdaysOf(time.Saturday)
	case "Asia/Kolkata", "Asia/Calcutta":
		return WeekdaysOf(time.Sunday)
	case "Asia/Dhaka":
		return WeekdaysOf(time.Friday, time.Saturday)
	}
	return WeekdaysOf(time.Saturday, time.Sunday)
}
