package storetest

import (
	"context"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// shiftStore is what shifts, patterns and rosters need of an adapter.
type shiftStore interface {
	DaysOf(ctx context.Context, names []string, from, to string) (map[string][]hajir.Day, error)
	DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error)
	Schedule(ctx context.Context, company string) (hajir.Schedule, error)
	SaveShift(ctx context.Context, s hajir.Shift) error
	DeleteShift(ctx context.Context, company, id string, version int) error
	SavePattern(ctx context.Context, p hajir.Pattern) error
	DeletePattern(ctx context.Context, company, id string, version int) error
	Assignments(ctx context.Context, company string, who []string) ([]hajir.Assignment, error)
	AllAssignments(ctx context.Context, company string) ([]hajir.Assignment, error)
	SaveAssignment(ctx context.Context, a hajir.Assignment) error
	DeleteAssignment(ctx context.Context, company, who, from string) error
	Roster(ctx context.Context, names []string, from, to string) ([]hajir.RosterEntry, error)
	Rostered(ctx context.Context, company, shift string) (bool, error)
	SaveRoster(ctx context.Context, r hajir.RosterEntry) error
	DeleteRoster(ctx context.Context, username, date string, version int) error
}

func newShift(company, id string) hajir.Shift {
	return hajir.Shift{
		ID: id, Company: company, Name: "रात Night", Start: 22 * 60, End: 6*60 + 15,
		LateGrace: 10 * time.Minute, EarlyGrace: 5 * time.Minute, Before: 2 * time.Hour, After: 4 * time.Hour,
		Breaks: []hajir.Break{
			{Name: "Tea", From: 60, To: 75, Rule: hajir.BreakPaid},
			{Length: 30 * time.Minute, Rule: hajir.BreakDeducted},
		},
		Full: 7 * time.Hour, Half: 3 * time.Hour,
		Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd, Step: 15 * time.Minute, Least: 30 * time.Minute},
	}
}

func newFlexible(company, id string) hajir.Shift {
	return hajir.Shift{
		ID: id, Company: company, Name: "Flexible", Start: 7 * 60, End: 20 * 60, Flexible: true, Core: &hajir.Core{From: 660, To: 900},
		Full: 8 * time.Hour, Overtime: hajir.Overtime{From: hajir.OvertimeNone}, Retired: true,
	}
}

func newPattern(company, id string) hajir.Pattern {
	return hajir.Pattern{ID: id, Company: company, Name: "Two weeks", Weeks: []hajir.Week{
		{"s1", "s1", "s1", "s1", "s1", "s1", hajir.DayOff}, {"s2", "", "s2", "s2", "s2", "s2", hajir.DayOff},
	}}
}

func testShifts(t *testing.T, s Store) {
	ctx := t.Context()
	same(t, hajir.Schedule{Shifts: map[string]hajir.Shift{}, Patterns: map[string]hajir.Pattern{}}, get(t, s.Schedule, "acme"))
	night, flexible, pattern := newShift("acme", "s1"), newFlexible("acme", "s2"), newPattern("acme", "s1") // an ID may be both's
	testSaves(t, "shift", func(v int) error { x := night; x.Version = v; return s.SaveShift(ctx, x) })
	testSaves(t, "pattern", func(v int) error { x := pattern; x.Version = v; return s.SavePattern(ctx, x) })
	must(t, s.SaveShift(ctx, flexible), s.SaveShift(ctx, newShift("other", "s1")))
	night.Version, pattern.Version, flexible.Version = 3, 3, 1
	same(t, hajir.Schedule{
		Shifts: map[string]hajir.Shift{"s1": night, "s2": flexible}, Patterns: map[string]hajir.Pattern{"s1": pattern},
	}, get(t, s.Schedule, "acme"))
	for what, remove := range map[string]func(context.Context, string, string, int) error{"shift": s.DeleteShift, "pattern": s.DeletePattern} {
		for _, version := range []int{2, 4} {
			if err := remove(ctx, "acme", "s1", version); codeOf(err) != hajir.Conflict {
				t.Errorf("delete %s at version %d: %v", what, version, err)
			}
		}
		must(t, remove(ctx, "acme", "s1", 3))
	}
	same(t, hajir.Schedule{Shifts: map[string]hajir.Shift{"s2": flexible}, Patterns: map[string]hajir.Pattern{}}, get(t, s.Schedule, "acme"))
	if n := len(get(t, s.Schedule, "other").Shifts); n != 1 {
		t.Errorf("another company has %d shifts, want its own", n)
	}
}

func testAssignments(t *testing.T, s Store) {
	ctx := t.Context()
	all := []hajir.Assignment{
		{Company: "acme", Scope: hajir.ScopeCompany, From: "2026-01-01", Pattern: "p1"},
		{Company: "acme", Scope: hajir.ScopeDepartment, Subject: "Night Team", From: "2026-01-01", Pattern: "p2"},
		{Company: "acme", Scope: hajir.ScopePerson, Subject: "asha", From: "2026-01-01", Pattern: "p1"},
		{Company: "acme", Scope: hajir.ScopePerson, Subject: "asha", From: "2026-02-01"},
	}
	for i := range all {
		testSaves(t, "assignment", func(v int) error { a := all[i]; a.Version = v; return s.SaveAssignment(ctx, a) })
		all[i].Version = 3
	}
	must(t, s.SaveAssignment(ctx, hajir.Assignment{Company: "other", Scope: hajir.ScopePerson, Subject: "asha", From: "2026-01-01"}))
	same(t, all, get(t, s.AllAssignments, "acme"))
	of := func(e hajir.Employee) []hajir.Assignment {
		return call(t, func() ([]hajir.Assignment, error) { return s.Assignments(ctx, "acme", hajir.Subjects(e)) })
	}
	same(t, all, of(hajir.Employee{Username: "asha", Department: "night team "}))
	same(t, all[:1], of(hajir.Employee{Username: "bina", Department: "Sales"}))
	must(t, s.DeleteAssignment(ctx, "acme", all[3].Who(), all[3].From), s.DeleteAssignment(ctx, "acme", "person/nobody", "2026-01-01"))
	same(t, all[:3], get(t, s.AllAssignments, "acme"))
	if n := len(get(t, s.AllAssignments, "other")); n != 1 {
		t.Errorf("another company has %d assignments", n)
	}
}

func testRoster(t *testing.T, s Store) {
	ctx := t.Context()
	entry := hajir.RosterEntry{Username: "asha", Date: "2026-03-02", Company: "acme", Shift: "s1"}
	testSaves(t, "roster entry", func(v int) error { r := entry; r.Version = v; return s.SaveRoster(ctx, r) })
	entry.Version = 3
	next := hajir.RosterEntry{Username: "asha", Date: "2026-03-03", Company: "acme", Shift: hajir.DayOff}
	bina := hajir.RosterEntry{Username: "bina", Date: "2026-03-02", Company: "acme", Shift: "s1"}
	must(t, s.SaveRoster(ctx, next), s.SaveRoster(ctx, bina))
	next.Version, bina.Version = 1, 1
	read := func(from, to string, names ...string) []hajir.RosterEntry {
		return call(t, func() ([]hajir.RosterEntry, error) { return s.Roster(ctx, names, from, to) })
	}
	same(t, []hajir.RosterEntry{entry, next}, read("2026-03-02", "2026-03-03", "asha"))
	same(t, []hajir.RosterEntry{entry, bina}, read("2026-03-01", "2026-03-02", "asha", "bina", "nobody"))
	other := entry
	other.Company = "other"
	if err := s.SaveRoster(ctx, other); codeOf(err) != hajir.Conflict {
		t.Errorf("an entry moved to another company: %v", err)
	}
	if err := s.DeleteRoster(ctx, "asha", "2026-03-02", 2); codeOf(err) != hajir.Conflict {
		t.Errorf("delete at a stale version: %v", err)
	}
	rostered := func(company string) bool {
		return call(t, func() (bool, error) { return s.Rostered(ctx, company, "s1") })
	}
	must(t, s.DeleteRoster(ctx, "asha", "2026-03-02", 3))
	if !rostered("acme") || rostered("other") {
		t.Error("a shift in use is not found, or another company's is")
	}
	must(t, s.DeleteRoster(ctx, "bina", "2026-03-02", 1))
	if rostered("acme") {
		t.Error("a shift that nobody has any more is found in use")
	}
	same(t, []hajir.RosterEntry{next}, read("2026-01-01", "2026-12-31", "asha", "bina"))
}

func testDaysBetween(t *testing.T, s Store) {
	ctx := t.Context()
	for _, date := range []string{"2026-03-31", "2026-04-02", "2026-03-29", "2026-04-01"} {
		must(t, s.SaveDay(ctx, newDay("acme", "asha", date)))
	}
	must(t, s.SaveDay(ctx, newDay("acme", "bina", "2026-04-01")))
	days := call(t, func() ([]hajir.Day, error) { return s.DaysBetween(ctx, "asha", "2026-03-30", "2026-04-01") })
	if len(days) != 2 || days[0].Date != "2026-03-31" || days[1].Date != "2026-04-01" || days[1].Version != 1 || len(days[1].Punches) != 1 {
		t.Errorf("DaysBetween = %+v", days)
	}
}

func testShiftsOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for _, c := range []string{"acme", "other"} {
		must(t, s.SaveShift(ctx, newShift(c, "s1")), s.SavePattern(ctx, newPattern(c, "p1")),
			s.SaveAssignment(ctx, hajir.Assignment{Company: c, Scope: hajir.ScopeCompany, From: "2026-01-01", Pattern: "p1"}),
			s.SaveRoster(ctx, hajir.RosterEntry{Username: "u-" + c, Date: "2026-03-02", Company: c, Shift: "s1"}))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for c, want := range map[string]int{"acme": 0, "other": 4} {
		schedule := get(t, s.Schedule, c)
		roster := call(t, func() ([]hajir.RosterEntry, error) {
			return s.Roster(ctx, []string{"u-" + c}, "2026-01-01", "2026-12-31")
		})
		if got := len(schedule.Shifts) + len(schedule.Patterns) + len(get(t, s.AllAssignments, c)) + len(roster); got != want {
			t.Errorf("company %s: %d of 4 records are there, want %d", c, got, want)
		}
	}
}
