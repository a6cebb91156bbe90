package sheet_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestMoments(t *testing.T) {
	kathmandu := zone(t, "Asia/Kathmandu")
	const want = "2026-11-24T09:02:11+05:45"
	for text, order := range map[string]sheet.Order{
		"2026-11-24 09:02:11":       "",
		"2026/11/24  9:02:11":       "",
		"2026-11-24T09:02:11":       "",
		"2026-11-24T03:17:11Z":      "",
		"2026-11-24T09:02:11+05:45": "month",
		"20261124 09:02:11":         "",
		"24/11/2026 09:02:11":       "", // no other way to read it
		"11/24/2026 9:02:11 AM":     "",
		"24-11-2026 09:02:11":       "day",
		"24.11.2026 09:02:11.500":   "day",
		"11/24/2026 9:02:11am":      "month",
		"24-Nov-2026 09:02:11":      "month", // a name decides
		"November 24, 2026 9:02:11": "day",
		"24 Nov 2026 09:02:11 am":   "",
	} {
		m, err := sheet.ParseMoment(text, order)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if at, twice, err := m.In(kathmandu); err != nil || twice || at.In(kathmandu).Format(time.RFC3339) != want {
			t.Errorf("%s is %s, %v %v", text, at.In(kathmandu), twice, err)
		}
	}
	for _, tt := range []struct {
		text  string
		order sheet.Order
		want  string // of the message; ~: an order would help
	}{
		{"03/04/2026 09:00", "", "~can be two dates"},
		{"3.4.2026 09:00", "", "~can be two dates"},
		{"11/24/2026 09:00", "day", "month 24"},
		{"24/11/2026 09:00", "month", "month 24"},
		{"31/04/2026 09:00", "day", "there is no date"},
		{"29/02/2026 09:00", "day", "there is no date"},
		{"24/11/26 09:00", "day", "four digits"},
		{"2026-11-24", "", "no date with a time"},
		{"09:00", "", "no date with a time"},
		{"2026-11-24 25:00", "", "no time of day"},
		{"2026-11-24 24:00", "", "no time of day"},
		{"46350.37", "", "no date with a time"}, // what a spreadsheet keeps inside
		{"0026-11-24 09:00", "", "the year 26"},
		{"Nov Nov 2026 09:00", "", "no date"},
		{"", "", "no date with a time"},
	} {
		_, err := sheet.ParseMoment(tt.text, tt.order)
		want, ambiguous := strings.CutPrefix(tt.want, "~")
		if hajir.CodeOf(err) != hajir.Invalid || !strings.Contains(err.Error(), want) || sheet.Ambiguous(err) != ambiguous {
			t.Errorf("%q: %v, ambiguous %v", tt.text, err, sheet.Ambiguous(err))
		}
	}
}

func TestClocksThatAreChanged(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	in := func(text string) (time.Time, bool, error) {
		m, err := sheet.ParseMoment(text, "")
		if err != nil {
			t.Fatal(err)
		}
		return m.In(berlin)
	}
	if _, _, err := in("2026-03-29 02:30"); hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("a skipped time: %v", err)
	}
	if at, twice, err := in("2026-10-25 02:30"); err != nil || !twice || at.Format(time.RFC3339) != "2026-10-25T00:30:00Z" {
		t.Errorf("a time that was there twice: %s %v %v", at, twice, err)
	}
	if at, twice, err := in("2026-10-25 03:00"); err != nil || twice || at.Format(time.RFC3339) != "2026-10-25T02:00:00Z" {
		t.Errorf("after it: %s %v %v", at, twice, err)
	}
}

// Every moment is read back from each way to write it.
func TestMomentsAreReadAsWritten(t *testing.T) {
	zones := []*time.Location{zone(t, "Asia/Kathmandu"), zone(t, "America/New_York"), zone(t, "Australia/Lord_Howe"), time.UTC}
	forms := []struct {
		layout string
		order  sheet.Order
	}{
		{"2006-01-02 15:04:05", ""},
		{"2006/1/2 3:04:05 PM", ""},
		{"02/01/2006 15:04:05", sheet.DayFirst},
		{"1/2/2006 3:04:05 pm", sheet.MonthFirst},
		{"2-Jan-2006 15:04:05", ""},
		{time.RFC3339, ""},
	}
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1e6, 3e9).Draw(t, "at"), 0).In(loc)
		f := rapid.SampledFrom(forms).Draw(t, "form")
		m, err := sheet.ParseMoment(at.Format(f.layout), f.order)
		if err != nil {
			t.Fatal(err)
		}
		got, twice, err := m.In(loc)
		earlier := twice && got.Before(at) && at.Sub(got) <= time.Hour
		if err != nil || !got.Equal(at) && !earlier {
			t.Fatalf("%s is %s, twice %v, %v", at.Format(f.layout), got, twice, err)
		}
	})
}

func FuzzMoment(f *testing.F) {
	for _, seed := range []string{"2026-11-24 09:02:11", "24/11/2026 9:02 PM", "24 Nov 2026 09:02", "2026-11-24T09:02:11+05:45", "::", "1/1/1 0:0"} {
		f.Add(seed, "day")
		f.Add(seed, "")
	}
	loc := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text, order string) {
		m, err := sheet.ParseMoment(text, sheet.Order(order))
		if err != nil {
			if hajir.CodeOf(err) != hajir.Invalid {
				t.Fatal(err)
			}
			return
		}
		if at, _, err := m.In(loc); err == nil && (at.Year() < 1969 || at.Year() > 3000) {
			t.Fatalf("%q is %s", text, at)
		}
	})
}
