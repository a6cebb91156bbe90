package hajir_test

import (
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// The narrowest that there is decides, by the newest that has begun.
func TestWhatDecidesADate(t *testing.T) {
	schedule := hajir.Schedule{Shifts: map[string]hajir.Shift{}, Patterns: map[string]hajir.Pattern{}}
	for _, id := range []string{"company", "old", "department", "person", "roster"} {
		schedule.Shifts[id] = hajir.Shift{ID: id, Start: 600, End: 1020}
		schedule.Patterns[id] = hajir.Pattern{ID: id, Weeks: []hajir.Week{{id, id, id, id, id, id, hajir.DayOff}}}
	}
	plan := hajir.NewPlan(time.UTC, hajir.WeekdaysOf(time.Sunday), schedule, []hajir.Assignment{
		{Scope: hajir.ScopeCompany, From: "2026-03-10", Pattern: "company"},
		{Scope: hajir.ScopePerson, From: "2026-03-16", Pattern: "person"},
		{Scope: hajir.ScopePerson, From: "2026-03-20"}, // none of their own any more
		{Scope: hajir.ScopeCompany, From: "2026-03-05", Pattern: "old"},
		{Scope: hajir.ScopeDepartment, From: "2026-03-12", Pattern: "department"},
		{Scope: hajir.ScopeDepartment, From: "2026-03-25"},
		{Scope: hajir.ScopeCompany, From: "2026-03-30"},
	}, []hajir.RosterEntry{{Date: "2026-03-17", Shift: "roster"}, {Date: "2026-03-18", Shift: hajir.DayOff}, {Date: "2026-03-02", Shift: "gone"}})
	for date, want := range map[string]struct {
		shift string
		off   bool
		by    hajir.PlannedBy
	}{
		"2026-03-01": {"", true, hajir.PlannedByDefault}, // a Sunday
		"2026-03-02": {"", false, hajir.PlannedByRoster}, // whose shift does not exist
		"2026-03-04": {"", false, hajir.PlannedByDefault},
		"2026-03-05": {"old", false, "company"},
		"2026-03-07": {"", true, "company"}, // a Saturday of the pattern
		"2026-03-11": {"company", false, "company"},
		"2026-03-13": {"department", false, "department"},
		"2026-03-16": {"person", false, "person"},
		"2026-03-17": {"roster", false, hajir.PlannedByRoster},
		"2026-03-18": {"", true, hajir.PlannedByRoster},
		"2026-03-20": {"department", false, "department"},
		"2026-03-26": {"company", false, "company"},
		"2026-03-30": {"", false, hajir.PlannedByDefault},
	} {
		p := plan.On(date)
		got := ""
		if p.Shift != nil {
			got = p.Shift.ID
		}
		if got != want.shift || p.Off != want.off || p.By != want.by {
			t.Errorf("%s: shift %q, off %v by %s; want %+v", date, got, p.Off, p.By, want)
		}
	}
}

// Weeks come in turn from the one that holds the first date, over a year's end.
func TestWeeksComeInTurn(t *testing.T) {
	schedule := hajir.Schedule{Shifts: map[string]hajir.Shift{}, Patterns: map[string]hajir.Pattern{}}
	p := hajir.Pattern{ID: "p", Weeks: make([]hajir.Week, 3)}
	for w := range p.Weeks {
		for d := range p.Weeks[w] {
			id := strings.Repeat("x", w*7+d+1)
			schedule.Shifts[id], p.Weeks[w][d] = hajir.Shift{ID: id, Start: 600, End: 1020}, id
		}
	}
	schedule.Patterns["p"] = p
	const from = "2026-12-23" // a Wednesday
	plan := hajir.NewPlan(time.UTC, 0, schedule, []hajir.Assignment{{Scope: hajir.ScopePerson, From: from, Pattern: "p"}}, nil)
	if plan.On(hajir.AddDays(from, -1)).Shift != nil {
		t.Error("the pattern counts before its first date")
	}
	for i := range 60 {
		date := hajir.AddDays(from, i)
		if got, want := len(plan.On(date).Shift.ID)-1, (i+3)%21; got != want {
			t.Errorf("%s has day %d of the cycle, want %d", date, got, want)
		}
	}
}

func TestWeeklyOff(t *testing.T) {
	for zone, want := range map[string]string{
		"Asia/Kathmandu": "saturday", "Asia/Kolkata": "sunday", "Asia/Dhaka": "friday saturday", "Europe/Berlin": "sunday saturday",
	} {
		c := hajir.NewCompany("acme", "Acme", "a@example.com", zone, time.Time{})
		if got := strings.Join(c.WeeklyOff.Names(), " "); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
		again, err := hajir.ParseWeekdays(c.WeeklyOff.Names())
		if err != nil || again != c.WeeklyOff {
			t.Errorf("%s: read again %v, %v", zone, again.Names(), err)
		}
	}
	c := hajir.NewCompany("acme", "Acme", "a@example.com", "UTC", time.Time{})
	c.WeeklyOff = hajir.WeekdaysOf(0, 1, 2, 3, 4, 5, 6)
	if c.Validate() == nil {
		t.Error("a week without a working day is taken")
	}
}

// What is read as a time of day is written as it was read.
func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"00:00", "23:59", "24:00", "9:30", "09:60", "१२:३०", "09:30 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := hajir.ParseClock(s)
		if err != nil {
			return
		}
		if c < 0 || c > 1439 || c.String() != s {
			t.Errorf("%q is read as %d, which is %s", s, c, c)
		}
	})
}
