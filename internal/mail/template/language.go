package template

import (
	"fmt"
	"strings"
	"time"

	"hajir/internal/hajir"
)

// language is how dates and numbers are written in one.
type language struct {
	weekdays [7]string // from Sunday
	months   [12]string
	bsMonths [12]string
	digits   string // 0 to 9
}

// languages have a file in words/ each. Nepali is written with digits of its own
// and Hindi mostly without, which is what CLDR says of the two as well. The
// English months of Bikram Sambat are spelt as the site spells them:
// web/src/locale/en-calendar.ts.
var languages = map[string]language{
	string(hajir.English): {
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		bsMonths: [12]string{"Baisakh", "Jestha", "Ashadh", "Shrawan", "Bhadra", "Ashwin", "Kartik", "Mangsir", "Poush", "Magh", "Falgun", "Chaitra"},
		digits:   "0123456789",
	},
	string(hajir.Nepali): {
		weekdays: [7]string{"आइतबार", "सोमबार", "मङ्गलबार", "बुधबार", "बिहीबार", "शुक्रबार", "शनिबार"},
		months:   [12]string{"जनवरी", "फेब्रुअरी", "मार्च", "अप्रिल", "मे", "जुन", "जुलाई", "अगस्ट", "सेप्टेम्बर", "अक्टोबर", "नोभेम्बर", "डिसेम्बर"},
		bsMonths: [12]string{"वैशाख", "जेठ", "असार", "साउन", "भदौ", "असोज", "कात्तिक", "मंसिर", "पुस", "माघ", "फागुन", "चैत"},
		digits:   "०१२३४५६७८९",
	},
	string(hajir.Hindi): {
		weekdays: [7]string{"रविवार", "सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार"},
		months:   [12]string{"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"},
		bsMonths: [12]string{"वैशाख", "ज्येष्ठ", "आषाढ़", "श्रावण", "भाद्रपद", "आश्विन", "कार्तिक", "मार्गशीर्ष", "पौष", "माघ", "फाल्गुन", "चैत्र"},
		digits:   "0123456789",
	},
}

// number writes the digits of s as the language does.
func (l language) number(s string) string {
	digits := []rune(l.digits)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return digits[r-'0']
		}
		return r
	}, s)
}

// date writes a date as its reader wants it: "Tuesday, 8 Mangsir 2083
// (24 November 2026)". One that Bikram Sambat does not know stays Gregorian, and
// says so, with the word gregorian, to who expects the other.
func (l language) date(t time.Time, s hajir.DateStyle, gregorian string) string {
	date := fmt.Sprintf("%d %s %d", t.Day(), l.months[t.Month()-1], t.Year())
	bs, err := hajir.BSOf(t.Format(time.DateOnly))
	switch first := s.Calendar == hajir.BikramSambat; {
	case err != nil && first:
		date += " (" + gregorian + ")"
	case err != nil:
	case first && s.Both:
		date = l.bs(bs) + " (" + date + ")"
	case first:
		date = l.bs(bs)
	case s.Both:
		date += " (" + l.bs(bs) + ")"
	}
	return l.weekdays[t.Weekday()] + ", " + l.number(date)
}

// EnglishDate writes a date as letters in English do, for who reads dates like s.
func EnglishDate(t time.Time, s hajir.DateStyle) string {
	return languages[string(hajir.English)].date(t, s, "Gregorian")
}

// day writes a date that is near, without its weekday and year.
func (l language) day(t time.Time, s hajir.DateStyle) string {
	if bs, err := hajir.BSOf(t.Format(time.DateOnly)); err == nil && s.Calendar == hajir.BikramSambat {
		return l.number(fmt.Sprintf("%d %s", bs.Day, l.bsMonths[bs.Month-1]))
	}
	return l.number(fmt.Sprintf("%d %s", t.Day(), l.months[t.Month()-1]))
}

func (l language) bs(d hajir.BSDate) string {
	return fmt.Sprintf("%d %s %d", d.Day, l.bsMonths[d.Month-1], d.Year)
}
