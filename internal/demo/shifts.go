package demo

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// nightTeam is the department that works at night.
const nightTeam = "Support"

// office and night are the example company's shifts: both of eight hours with a
// lunch hour, as is usual in Nepal.
func office() hajir.Shift { return shift("Office", 9*60+30, 17*60+30, 13*60) }
func night() hajir.Shift  { return shift("Night", 20*60, 4*60, 0) }

func shift(name string, start, end, lunch hajir.Clock) hajir.Shift {
	return hajir.Shift{
		Name: name, Start: start, End: end, LateGrace: 10 * time.Minute, EarlyGrace: 10 * time.Minute,
		Before: 3 * time.Hour, After: 4 * time.Hour, Full: 6 * time.Hour, Half: 3 * time.Hour,
		Breaks:   []hajir.Break{{Name: "Lunch", From: lunch, To: lunch + 60, Rule: hajir.BreakDeducted}},
		Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd, Step: 15 * time.Minute, Least: 30 * time.Minute},
	}
}

// plan gives everybody the office's hours from Sunday to Friday, and the night
// team theirs, from the first of the made-up days on.
func (d *Company) plan(ctx context.Context, c hajir.Company, from string) error {
	for _, team := range []struct {
		shift      hajir.Shift
		pattern    string
		scope      hajir.Scope
		department string
	}{
		{office(), "Office week", hajir.ScopeCompany, ""},
		{night(), "Nights", hajir.ScopeDepartment, nightTeam},
	} {
		team.shift.Company = c.Username
		s, err := d.AddShift(ctx, team.shift)
		if err != nil {
			return fmt.Errorf("add shift: %w", err)
		}
		week := hajir.Week{s.ID, s.ID, s.ID, s.ID, s.ID, s.ID, hajir.DayOff}
		p, err := d.AddPattern(ctx, hajir.Pattern{Company: c.Username, Name: team.pattern, Weeks: []hajir.Week{week}})
		if err != nil {
			return fmt.Errorf("add pattern: %w", err)
		}
		_, err = d.Assign(ctx, hajir.Assignment{Company: c.Username, Scope: team.scope, Subject: team.department, From: from, Pattern: p.ID})
		if err != nil {
			return fmt.Errorf("assign pattern: %w", err)
		}
	}
	return nil
}
