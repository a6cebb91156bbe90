package leave

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hajir/internal/hajir"
)

// Absence is one leave of a colleague. Which leave and why is nobody's business.
type Absence struct {
	Username, Name string
	hajir.LeaveSpan
	Open bool // not approved yet
}

// maxCalendar is how many dates a calendar shows at most.
const maxCalendar = 100

// Calendar returns who of the viewer's team is on leave on the dates from–to,
// the viewer among them: people of their department, or with the same manager,
// their manager and their reports. A viewer who is none of the company's people,
// as its admin, is shown everybody.
func (d *Desk) Calendar(ctx context.Context, company, viewer string, all bool, from, to string) ([]Absence, error) {
	for _, date := range []string{from, to} {
		if err := hajir.ValidateDate(date); err != nil {
			return nil, err
		}
	}
	if n := hajir.DaysBetween(from, to); n < 0 || n >= maxCalendar {
		return nil, hajir.Errorf(hajir.Invalid, "a calendar shows 1 to %d days; choose others", maxCalendar)
	}
	var e hajir.Employee
	if !all {
		var err error
		if e, err = d.Store.Employee(ctx, viewer); err != nil {
			return nil, fmt.Errorf("load employee: %w", err)
		}
	}
	return d.absences(ctx, company, from, to, func(other hajir.Employee) (seen, open bool) {
		// What is not decided is between a person and who decides.
		return all || colleagues(e, other) || other.Username == viewer, all || other.Username == viewer || other.Manager == viewer
	})
}

// Away returns which colleagues of somebody are on leave on the dates from–to.
func (d *Desk) Away(ctx context.Context, company, username, from, to string) ([]Absence, error) {
	e, err := d.Store.Employee(ctx, username)
	if err != nil {
		return nil, fmt.Errorf("load employee: %w", err)
	}
	return d.absences(ctx, company, from, to, beside(e))
}

// view says whose leave is shown, and whether what is not decided is, too.
type view func(other hajir.Employee) (seen, open bool)

// beside shows e's colleagues.
func beside(e hajir.Employee) view {
	return func(other hajir.Employee) (seen, open bool) {
		return other.Username != e.Username && colleagues(e, other), false
	}
}

func colleagues(e, other hajir.Employee) bool {
	return e.Manager != "" && (other.Manager == e.Manager || other.Username == e.Manager) || other.Manager == e.Username ||
		e.Department != "" && strings.EqualFold(other.Department, e.Department)
}

func (d *Desk) absences(ctx context.Context, company, from, to string, show view) ([]Absence, error) {
	r, err := d.roll(ctx, company, show)
	return r.absences(from, to, show), err
}

// roll is people with what they have booked.
type roll struct {
	people   []hajir.Employee
	accounts map[string]hajir.LeaveAccount
}

// roll loads the active people of a company whom show shows; nil shows all.
func (d *Desk) roll(ctx context.Context, company string, show view) (roll, error) {
	var r roll
	people, err := d.everyone(ctx, company)
	if err != nil {
		return r, err
	}
	var names []string
	for _, e := range people {
		seen := show == nil
		if !seen {
			seen, _ = show(e)
		}
		if seen && e.Active {
			r.people, names = append(r.people, e), append(names, e.Username)
		}
	}
	if r.accounts, err = d.Store.LeaveAccounts(ctx, names); err != nil {
		return r, fmt.Errorf("load leave accounts: %w", err)
	}
	return r, nil
}

func (r roll) absences(from, to string, show view) []Absence {
	var all []Absence
	for _, e := range r.people {
		seen, open := show(e)
		if !seen {
			continue
		}
		for _, b := range r.accounts[e.Username].Booked {
			if b.From <= to && b.To >= from && (open || !b.Open) {
				all = append(all, Absence{Username: e.Username, Name: e.Name, LeaveSpan: b.LeaveSpan, Open: b.Open})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Absence) int { return compare(a.From, b.From, a.Name, b.Name) })
	return all
}
