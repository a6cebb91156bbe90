package sheet

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"hajir/internal/hajir"
)

// Order says which number of a date such as 03/04/2026 is the day. Nothing
// guesses it: while none is chosen, which is "", such dates are refused.
type Order string

// The orders.
const (
	DayFirst   Order = "day"   // 03/04/2026 is the 3rd of April
	MonthFirst Order = "month" // 03/04/2026 is the 4th of March
)

// errOrder is the cause of refusals that a chosen Order would avoid.
var errOrder = errors.New("day and month can be told apart by nothing")

// Ambiguous says whether err refuses a date for want of an Order.
func Ambiguous(err error) bool { return errors.Is(err, errOrder) }

// Moment is a date with a time of day, as a clock on the wall shows it.
type Moment struct {
	wall  time.Time // in UTC, whatever the zone
	fixed bool      // the text says where: wall is that very moment
}

const momentForm = "write times as 2026-11-24 09:02:11"

// ParseMoment reads a date and a time of day such as 2026-11-24 09:02:11,
// 24/11/2026 9:02 PM, 24 Nov 2026 09:02 or 2026-11-24T09:02:11+05:45.
func ParseMoment(text string, order Order) (Moment, error) {
	text = strings.Join(strings.Fields(text), " ")
	if t, err := time.Parse(time.RFC3339, text); err == nil && strings.Contains(text, "T") {
		return Moment{wall: t.UTC(), fixed: true}, within(t.Year())
	}
	date, clock, ok := strings.Cut(text, "T")
	if !ok || len(date) != len(time.DateOnly) {
		// The date may have spaces of its own; the time begins at the last word
		// with a colon.
		colon := strings.Index(text, ":")
		if colon < 0 {
			return Moment{}, hajir.Errorf(hajir.Invalid, "%q is no date with a time; %s", shorten(text), momentForm)
		}
		space := strings.LastIndex(text[:colon], " ")
		if space < 0 {
			return Moment{}, hajir.Errorf(hajir.Invalid, "%q is no date with a time; %s", shorten(text), momentForm)
		}
		date, clock = text[:space], text[space+1:]
	}
	day, err := ParseDate(date, order)
	if err != nil {
		return Moment{}, err
	}
	of, err := ParseClock(clock)
	if err != nil {
		return Moment{}, err
	}
	midnight, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Moment{}, hajir.Errorf(hajir.Invalid, "%q is no date with a time; %s", shorten(text), momentForm)
	}
	return Moment{wall: midnight.Add(of)}, nil
}

// At returns when a valid date's clocks show a time of day.
func At(date string, of time.Duration) Moment {
	midnight, _ := time.Parse(time.DateOnly, date)
	return Moment{wall: midnight.Add(of)}
}

// In returns when it was in a zone. A time that clocks skipped is refused; of
// one that they showed twice it is the first, and twice is set.
func (m Moment) In(loc *time.Location) (t time.Time, twice bool, err error) {
	if m.fixed {
		return m.wall, false, nil
	}
	w := m.wall
	t = time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, loc)
	shows := func(t time.Time) bool {
		return t.In(loc).Format(time.DateTime) == w.Format(time.DateTime)
	}
	if !shows(t) {
		return t, false, hajir.Errorf(hajir.Invalid, "clocks in %s were put forward and never showed %s; correct the time", loc, w.Format(time.DateTime))
	}
	// Where offsets differ around it, the other offset may show it, too.
	for _, away := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, here := t.Zone()
		_, there := t.Add(away).In(loc).Zone()
		other := t.Add(time.Duration(here-there) * time.Second)
		if here != there && shows(other) {
			twice = true
			if other.Before(t) {
				t = other
			}
		}
	}
	return t.UTC(), twice, nil
}

// ParseDate reads a date such as 2026-11-24, 24/11/2026 or 24 Nov 2026, and
// returns it as YYYY-MM-DD.
func ParseDate(text string, order Order) (string, error) {
	bad := hajir.Errorf(hajir.Invalid, "%q is no date; write it as 2026-11-24", shorten(text))
	text = strings.TrimSpace(text)
	if len(text) == len("20261124") && !strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		text = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-/. ,", r) })
	if len(parts) != 3 {
		return "", bad
	}
	n := make([]int, 3)
	named := -1 // which part is a month's name
	for i, p := range parts {
		if m := month(p); m > 0 {
			if named >= 0 {
				return "", bad
			}
			n[i], named = m, i
			continue
		}
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || len(p) > 4 {
			return "", bad
		}
		n[i] = v
	}
	var y, m, d int
	switch {
	case len(parts[0]) == 4 && named != 0 && named != 2:
		y, m, d = n[0], n[1], n[2]
	case len(parts[2]) != 4 || named == 2:
		return "", hajir.Errorf(hajir.Invalid, "%q has no year of four digits; write dates as 2026-11-24", shorten(text))
	case named == 0:
		m, d, y = n[0], n[1], n[2]
	case named == 1:
		d, m, y = n[0], n[1], n[2]
	case order == DayFirst:
		d, m, y = n[0], n[1], n[2]
	case order == MonthFirst:
		m, d, y = n[0], n[1], n[2]
	case n[0] > 12 && n[1] <= 12 || n[0] == n[1]: // it can be read one way alone
		d, m, y = n[0], n[1], n[2]
	case n[1] > 12 && n[0] <= 12:
		m, d, y = n[0], n[1], n[2]
	default:
		return "", &hajir.Error{
			Code: hajir.Invalid, Cause: errOrder,
			Message: strconv.Quote(shorten(text)) + " can be two dates; choose whether the day or the month comes first in this file",
		}
	}
	if m < 1 || m > 12 {
		return "", hajir.Errorf(hajir.Invalid, "%q would be a date of month %d; choose the other order of day and month, or correct it", shorten(text), m)
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || d < 1 {
		return "", hajir.Errorf(hajir.Invalid, "there is no date %q; correct it", shorten(text))
	}
	return t.Format(time.DateOnly), within(y)
}

func within(year int) error {
	if year < 1970 || year > 2999 {
		return hajir.Errorf(hajir.Invalid, "a date of the year %d cannot be right; correct it", year)
	}
	return nil
}

// month returns the number of a month that is written as its English name, or
// the name's first three letters; else 0.
func month(name string) int {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(name, m.String()) || strings.EqualFold(name, m.String()[:3]) {
			return int(m)
		}
	}
	return 0
}

// ParseClock reads a time of day such as 9:02, 09:02:11 or 9:02 PM, as the time
// since midnight by the clock, in whole seconds.
func ParseClock(text string) (time.Duration, error) {
	upper := strings.ToUpper(strings.TrimSpace(text))
	for _, layout := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "3:04:05PM", "3:04PM"} {
		t, err := time.Parse(layout, upper)
		if err == nil {
			return t.Truncate(time.Second).Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), nil
		}
	}
	return 0, hajir.Errorf(hajir.Invalid, "%q is no time of day; write it as 09:02 or 09:02:11", shorten(text))
}
