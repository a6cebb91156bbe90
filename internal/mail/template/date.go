package template

import (
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// bsMonths are spelt as the site spells them: web/src/locale/en-calendar.ts.
var bsMonths = [...]string{
	"Baisakh", "Jestha", "Ashadh", "Shrawan", "Bhadra", "Ashwin",
	"Kartik", "Mangsir", "Poush", "Magh", "Falgun", "Chaitra",
}

// Date is a date, and which half of it, or "".
type Date struct {
	Date time.Time
	Half string
}

// in writes the date as its reader wants it: "Tuesday, 8 Mangsir 2083
// (24 November 2026)". One that Bikram Sambat does not know stays Gregorian, and
// says so to who expects the other.
func (d Date) in(s hajir.DateStyle) string {
	date := d.Date.Format("2 January 2006")
	bs, err := hajir.BSOf(d.Date.Format(time.DateOnly))
	switch first := s.Calendar == hajir.BikramSambat; {
	case err != nil && first:
		date += " (Gregorian)"
	case err != nil:
	case first && s.Both:
		date = bsDate(bs) + " (" + date + ")"
	case first:
		date = bsDate(bs)
	case s.Both:
		date += " (" + bsDate(bs) + ")"
	}
	date = d.Date.Format("Monday, ") + date
	if d.Half != "" {
		date += " (" + d.Half + ")"
	}
	return date
}

func bsDate(d hajir.BSDate) string {
	return fmt.Sprintf("%d %s %d", d.Day, bsMonths[d.Month-1], d.Year)
}

// In writes the date for who reads dates like that.
func (d Date) In(s hajir.DateStyle) string { return d.in(s) }
