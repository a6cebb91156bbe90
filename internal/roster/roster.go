// Package roster loads what is planned for people, and keeps their punches in
// the days that they belong to. The rules are hajir.Plan's; this package reads
// and writes for them. Read roster.go first; days.go saves.
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
	// DaysBetween returns a person's days of the dates from–to, in order.
	DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error)
	// LeaveAccounts returns what the people named have booked, by username.
	LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error)
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
	return b.plan(ctx, c, e, schedule, from, to)
}

func (b Book) plan(ctx context.Context, c hajir.Company, e hajir.Employee, s hajir.Schedule, from, to string) (hajir.Plan, error) {
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
	accounts, err := b.Store.LeaveAccounts(ctx, []string{e.Username})
	if err != nil {
		return hajir.Plan{}, fmt.Errorf("load leave: %w", err)
	}
	plan := hajir.NewPlan(loc, c.WeeklyOff, s, assignments, entries)
	plan.Leave = accounts[e.Username].OnLeave(from, to)
	return plan, nil
}

// Plans returns what is planned for several people on the dates from–to, by
// their usernames, with as many reads as for one.
func (b Book) Plans(ctx context.Context, c hajir.Company, people []hajir.Employee, from, to string) (map[string]*hajir.Plan, error) {
	schedule, err := b.Store.Schedule(ctx, c.Username)
	if err != nil {
		return nil, fmt.Errorf("load shifts: %w", err)
	}
	assignments, err := b.Store.AllAssignments(ctx, c.Username)
	if err != nil {
		return nil, fmt.Errorf("load assignments: %w", err)
	}
	assigned := map[string][]hajir.Assignment{}
	for _, a := range assignments {
		assigned[a.Who()] = append(assigned[a.Who()], a)
	}
	names := make([]string, len(people))
	for i, e := range people {
		names[i] = e.Username
	}
	entries, err := b.Store.Roster(ctx, names, from, to)
	if err != nil {
		return nil, fmt.Errorf("load roster: %w", err)
	}
	rostered := map[string][]hajir.RosterEntry{}
	for _, r := range entries {
		rostered[r.Username] = append(rostered[r.Username], r)
	}
	accounts, err := b.Store.LeaveAccounts(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("load leave: %w", err)
	}
	plans := make(map[string]*hajir.Plan, len(people))
	zones := map[string]*time.Location{} // each is read from the disk
	for _, e := range people {
		loc, ok := zones[e.TimeZone]
		if !ok {
			if loc, err = c.LocationOf(e); err != nil {
				return nil, err
			}
			zones[e.TimeZone] = loc
		}
		var own []hajir.Assignment
		for _, who := range hajir.Subjects(e) {
			own = append(own, assigned[who]...)
		}
		plan := hajir.NewPlan(loc, c.WeeklyOff, schedule, own, rostered[e.Username])
		plan.Leave = accounts[e.Username].OnLeave(from, to)
		plans[e.Username] = &plan
	}
	return plans, nil
}
