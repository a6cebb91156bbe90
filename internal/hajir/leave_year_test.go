package hajir_test

import (
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestLeaveYears(t *testing.T) {
	changed := hajir.LeaveYears{
		{Calendar: hajir.Gregorian, Month: 1, Day: 1},
		{Calendar: hajir.BikramSambat, Month: 4, Day: 1, From: "2027-01-01"},
	}
	for _, tt := range []struct {
		years            hajir.LeaveYears
		date, begin, end string
	}{
		{calendarYears, "2026-01-01", "2026-01-01", "2027-01-01"},
		{calendarYears, "2026-12-31", "2026-01-01", "2027-01-01"},
		{hajir.LeaveYears{{Calendar: hajir.Gregorian, Month: 4, Day: 6}}, "2026-04-05", "2025-04-06", "2026-04-06"},
		{shrawanYears, "2026-07-16", "2025-07-17", "2026-07-17"}, // the last of Ashadh 2083
		{shrawanYears, "2026-07-17", "2026-07-17", "2027-07-17"}, // 1 Shrawan 2083
		{hajir.LeaveYears{{Calendar: hajir.BikramSambat, Month: 1, Day: 1}}, "2026-04-14", "2026-04-14", "2027-04-14"},
		{changed, "2026-12-31", "2026-01-01", "2027-01-01"},
		{changed, "2027-01-01", "2027-01-01", "2027-07-17"}, // the short one
		{changed, "2027-07-17", "2027-07-17", "2028-07-16"},
	} {
		p, err := tt.years.At(tt.date)
		if err != nil || p.Begin != tt.begin || p.End() != tt.end {
			t.Errorf("%s: %s to %s, %v; want %s to %s", tt.date, p.Begin, p.End(), err, tt.begin, tt.end)
		}
	}
	for _, date := range []string{"", "2026-02-30", "2026-1-1"} {
		if _, err := calendarYears.At(date); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %v", date, err)
		}
	}
	if _, err := shrawanYears.At("2050-01-01"); hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("after the calendar's end: %v", err)
	}
}

func TestChangingTheLeaveYear(t *testing.T) {
	change := func(years hajir.LeaveYears, rule hajir.LeaveYear, today string) hajir.LeaveYears {
		t.Helper()
		years, err := years.Change(rule, today)
		if err != nil {
			t.Fatal(err)
		}
		return years
	}
	years := change(calendarYears, hajir.LeaveYear{Calendar: hajir.BikramSambat, Month: 4, Day: 1}, "2026-03-02")
	if len(years) != 2 || years[1].From != "2027-01-01" {
		t.Fatalf("%+v", years)
	}
	if p, err := years.At("2026-12-31"); err != nil || p.Begin != "2026-01-01" {
		t.Errorf("the present year: %+v, %v", p, err)
	}
	again := change(years, hajir.LeaveYear{Calendar: hajir.BikramSambat, Month: 1, Day: 1}, "2026-04-02")
	if len(again) != 2 || again[1].Month != 1 {
		t.Errorf("another choice takes the place of the one to come: %+v", again)
	}
	back := change(years, calendarYears[0], "2026-04-02")
	if len(back) != 1 {
		t.Errorf("back to the present one: %+v", back)
	}
	if same := change(years, years[1], "2027-08-01"); len(same) != 2 {
		t.Errorf("no change: %+v", same)
	}
	for _, bad := range []hajir.LeaveYear{{}, {Calendar: "lunar", Month: 1, Day: 1}, {Calendar: hajir.Gregorian, Month: 13, Day: 1}, {Calendar: hajir.Gregorian, Month: 2, Day: 29}} {
		if _, err := calendarYears.Change(bad, "2026-03-02"); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Leave years follow one another without gap or overlap, whatever the rules.
func TestLeaveYearsFollowOneAnother(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rule := func(name string) hajir.LeaveYear {
			return hajir.LeaveYear{
				Calendar: rapid.SampledFrom([]hajir.Calendar{hajir.Gregorian, hajir.BikramSambat}).Draw(r, name),
				Month:    rapid.IntRange(1, 12).Draw(r, name+" month"), Day: rapid.IntRange(1, 28).Draw(r, name+" day"),
			}
		}
		years := hajir.LeaveYears{rule("first")}
		today := "2020-01-01"
		for range rapid.IntRange(0, 3).Draw(r, "changes") {
			today = hajir.AddDays(today, rapid.IntRange(0, 900).Draw(r, "later"))
			var err error
			if years, err = years.Change(rule("next"), today); err != nil {
				r.Fatal(err)
			}
		}
		date := hajir.AddDays("2020-01-01", rapid.IntRange(0, 3000).Draw(r, "date"))
		p, err := years.At(date)
		if err != nil {
			r.Fatal(err)
		}
		if date < p.Begin || date >= p.End() {
			r.Fatalf("%s is not within %s to %s", date, p.Begin, p.End())
		}
		next, err := years.At(p.End())
		if err != nil || next.Begin != p.End() {
			r.Fatalf("after %s to %s comes %s, %v", p.Begin, p.End(), next.Begin, err)
		}
		if before, err := years.At(hajir.AddDays(p.Begin, -1)); err != nil || before.End() != p.Begin {
			r.Fatalf("before %s ends %s, %v", p.Begin, before.End(), err)
		}
	})
}
