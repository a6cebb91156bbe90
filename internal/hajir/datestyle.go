package hajir

import "cmp"

// DateStyle is how dates are written for somebody. It changes what is shown and
// asked for, never what is kept: records have Gregorian dates.
type DateStyle struct {
	Calendar Calendar // whose date stands first; "" of a person: as their company chose
	Both     bool     // the other calendar's date stands beside it
}

// UsualDateStyle is a new company's. In Nepal, offices, wages and the fiscal
// year go by Bikram Sambat, and telephones and mail by the Gregorian calendar.
func UsualDateStyle(timeZone string) DateStyle {
	if inNepal(timeZone) {
		return DateStyle{Calendar: BikramSambat, Both: true}
	}
	return DateStyle{Calendar: Gregorian}
}

// Validate returns an Invalid error that names the first thing wrong with s.
func (s DateStyle) Validate() error {
	if s.Calendar != Gregorian && s.Calendar != BikramSambat {
		return Errorf(Invalid, "dates are written by the calendar gregorian or bs")
	}
	return nil
}

// DatesOf returns how dates are written for one of the company's people. That
// of somebody without a record, such as the root account, is the company's.
func (c Company) DatesOf(e Employee) DateStyle {
	s := c.Dates
	if e.Dates.Calendar != "" {
		s = e.Dates
	}
	s.Calendar = cmp.Or(s.Calendar, Gregorian)
	return s
}

func inNepal(timeZone string) bool {
	return timeZone == "Asia/Kathmandu" || timeZone == "Asia/Katmandu"
}
