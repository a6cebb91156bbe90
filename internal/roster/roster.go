// Package roster loads what is planned for people, and keeps their punches in
// the days that they belong to. The rules are hajir.Plan's; this package reads
// and writes for them. Read roster.go first; team.go loads many people, holiday.go
// adds what has no clock, days.go saves.
package roster

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// Store keeps plans and days.
type Store interface {
	// Schedule returns a company's shifts and patterns.
	Schedule(ctx context.Context, company string) (hajir.Schedule, error)
	// Assignments returns what was assigned to any of who (see hajir.Subjects).
	Assignments(ctx context.Context, company string, who []string) ([]hajir.Assignment, error)
	// AllAssignments returns all that was assigned in a company.
	AllAssignments(ctx context.Context, company string) ([]hajir.Assignment, error)
	// Roster returns the entries of the people named, of the dates from–to.
	Roster(ctx context.Context, names []string, from, to string) ([]hajir.RosterEntry, error)
	// DaysOf returns the days of the people named on the dates from–to, by name
	// and in order, to reckon with: without decisions, and at Version 0.
	DaysOf(ctx context.Context, names []string, from, to string) (map[string][]hajir.Day, error)
	// Month returns a person's days of the month YYYY-MM, in order.
	Month(ctx context.Context, name, month string) ([]hajir.Day, error)
	// DaysBetween returns a person's days of the dates from–to, in order.
	DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error)
	// LeaveAccounts returns what the people named have booked, by username.
	LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error)
	// Occasions returns a company's events that begin on the dates from–to, in
	// order of these.
	Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error)
	// HolidayChoices returns what the people named have chosen, by username.
	HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error)
	// SaveDay stores d as the successor of d.Version, durably when it returns;
	// a stale version is a *hajir.Error with Conflict.
	SaveDay(ctx context.Context, d hajir.Day) error
	// SaveDays stores days of one person in their order, as SaveDay does, and with
	// one write to the disk where that is possible. After an error those before
	// one may be stored, or none.
	SaveDays(ctx context.Context, days []hajir.Day) error
}

// Book is a company's book of plans.
type Book struct {
	Store Store
	Now   func() time.Time
}

// Plan returns what is planned for one person on the dates from–to.
func (b Book) Plan(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) (hajir.Plan, error) {
	schedule, err := b.Store.Schedule(ctx, c.Username)
	if err != nil {
		return hajir.Plan{}, fmt.Errorf("load shifts: %w", err)
	}
	sheet, err := b.sheet(ctx, c, e, schedule, from, to)
	return sheet.Plan, err
}

// sheet returns one person's sheet without days.
func (b Book) sheet(ctx context.Context, c hajir.Company, e hajir.Employee, s hajir.Schedule, from, to string) (hajir.Sheet, error) {
	plan, err := b.shifts(ctx, c, e, s, from, to)
	if err != nil {
		return hajir.Sheet{}, err
	}
	days, err := b.days(ctx, c, []hajir.Employee{e}, from, to)
	if err != nil {
		return hajir.Sheet{}, err
	}
	sheet := hajir.Sheet{Employee: e, Account: days.accounts[e.Username], Plan: plan}
	days.add(&sheet.Plan, e)
	return sheet, nil
}

// shifts is Plan with what has a clock, which alone decides about punches.
func (b Book) shifts(ctx context.Context, c hajir.Company, e hajir.Employee, s hajir.Schedule, from, to string) (hajir.Plan, error) {
	loc, err := c.LocationOf(e)
	if err != nil {
		return hajir.Plan{}, err
	}
	assignments, err := b.Store.Assignments(ctx, c.Username, hajir.Subjects(e))
	if err != nil {
		return hajir.Plan{}, fmt.Errorf("load assignments: %w", err)
	}
	entries, err := b.Store.Roster(ctx, []string{e.Username}, from, to)
	if err != nil {
		return hajir.Plan{}, fmt.Errorf("load roster: %w", err)
	}
	return hajir.NewPlan(loc, c.WeeklyOff, s, assignments, entries), nil
}

// Plans returns what is planned for several people on the dates from–to, by
// their usernames, with as many reads as for one.
func (b Book) Plans(ctx context.Context, c hajir.Company, people []hajir.Employee, from, to string) (map[string]*hajir.Plan, error) {
	team, err := b.Team(ctx, c)
	if err != nil {
		return nil, err
	}
	sheets, err := team.plan(ctx, people, from, to)
	if err != nil {
		return nil, err
	}
	plans := make(map[string]*hajir.Plan, len(people))
	for i := range sheets {
		plans[sheets[i].Username] = &sheets[i].Plan
	}
	return plans, nil
}

// Sheet returns plan and days of one person in a period.
func (b Book) Sheet(ctx context.Context, c hajir.Company, e hajir.Employee, p hajir.Period) (hajir.Sheet, error) {
	schedule, err := b.Store.Schedule(ctx, c.Username)
	if err != nil {
		return hajir.Sheet{}, fmt.Errorf("load shifts: %w", err)
	}
	sheet, err := b.sheet(ctx, c, e, schedule, p.From, p.To)
	if err != nil {
		return sheet, err
	}
	if month := p.Month(); month != "" {
		sheet.Days, err = b.Store.Month(ctx, e.Username, month)
	} else {
		sheet.Days, err = b.Store.DaysBetween(ctx, e.Username, p.From, p.To)
	}
	if err != nil {
		return sheet, fmt.Errorf("load days: %w", err)
	}
	return sheet, nil
}
