package roster

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// Team plans for many people of one company, a chunk of them at a time: what
// all have in common is loaded once.
type Team struct {
	book     Book
	company  hajir.Company
	schedule hajir.Schedule
	assigned map[string][]hajir.Assignment
	zones    map[string]*time.Location // each is read from the disk
}

// Team loads what the people of a company have in common.
func (b Book) Team(ctx context.Context, c hajir.Company) (*Team, error) {
	t := &Team{book: b, company: c, assigned: map[string][]hajir.Assignment{}, zones: map[string]*time.Location{}}
	var err error
	if t.schedule, err = b.Store.Schedule(ctx, c.Username); err != nil {
		return nil, fmt.Errorf("load shifts: %w", err)
	}
	assignments, err := b.Store.AllAssignments(ctx, c.Username)
	if err != nil {
		return nil, fmt.Errorf("load assignments: %w", err)
	}
	for _, a := range assignments {
		t.assigned[a.Who()] = append(t.assigned[a.Who()], a)
	}
	return t, nil
}

// Sheets returns plans and days of people on the dates from–to, in their order.
func (t *Team) Sheets(ctx context.Context, people []hajir.Employee, from, to string) ([]hajir.Sheet, error) {
	days, err := t.book.Store.DaysOf(ctx, hajir.Usernames(people), from, to)
	if err != nil {
		return nil, fmt.Errorf("load days: %w", err)
	}
	sheets, err := t.plan(ctx, people, from, to)
	for i := range sheets {
		sheets[i].Days = days[sheets[i].Username]
	}
	return sheets, err
}

// plan returns sheets without days.
func (t *Team) plan(ctx context.Context, people []hajir.Employee, from, to string) ([]hajir.Sheet, error) {
	entries, err := t.book.Store.Roster(ctx, hajir.Usernames(people), from, to)
	if err != nil {
		return nil, fmt.Errorf("load roster: %w", err)
	}
	rostered := map[string][]hajir.RosterEntry{}
	for _, r := range entries {
		rostered[r.Username] = append(rostered[r.Username], r)
	}
	days, err := t.book.days(ctx, t.company, people, from, to)
	if err != nil {
		return nil, err
	}
	sheets := make([]hajir.Sheet, len(people))
	for i, e := range people {
		loc, ok := t.zones[e.TimeZone]
		if !ok {
			if loc, err = t.company.LocationOf(e); err != nil {
				return nil, err
			}
			t.zones[e.TimeZone] = loc
		}
		var own []hajir.Assignment
		for _, who := range hajir.Subjects(e) {
			own = append(own, t.assigned[who]...)
		}
		sheets[i] = hajir.Sheet{
			Employee: e, Account: days.accounts[e.Username],
			Plan: hajir.NewPlan(loc, t.company.WeeklyOff, t.schedule, own, rostered[e.Username]),
		}
		days.add(&sheets[i].Plan, e)
	}
	return sheets, nil
}
