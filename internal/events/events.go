// Package events keeps a company's calendar: holidays, optional ones, meetings.
// The company's pages and those of employees both come to this desk. The rules
// are in internal/hajir (read occasion.go and holiday.go there); package roster
// puts holidays into what is planned. Read events.go first; choose.go is about
// optional holidays, import.go brings events from files, which csv.go and ical.go
// read.
package events

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/roster"
)

// Store keeps events. Loading what is not there returns a *hajir.Error with
// NotFound; saving or deleting at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error)
	// Occasion returns the event that begins on a date and has an ID.
	Occasion(ctx context.Context, company, date, id string) (hajir.Occasion, error)
	Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error)
	// OccasionsInMonth returns how many begin in the month YYYY-MM.
	OccasionsInMonth(ctx context.Context, company, month string) (int, error)
	// SaveOccasion stores o as the successor of o.Version, which began on the
	// date was; it may begin on another one now.
	SaveOccasion(ctx context.Context, o hajir.Occasion, was string) error
	DeleteOccasion(ctx context.Context, company, date, id string, version int) error
	HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error)
	SaveHolidayChoices(ctx context.Context, c hajir.HolidayChoices) error
}

// Desk is where a company's calendar is kept. It is safe for concurrent use.
type Desk struct {
	Store Store
	Book  roster.Book
	// Years returns the company's leave years, in which optional holidays count.
	Years func(ctx context.Context, company string) (hajir.LeaveYears, error)
	// Recost brings booked leave in line with holidays that changed: those of the
	// people named, or of all.
	Recost func(ctx context.Context, company string, usernames ...string) error
	Now    func() time.Time
	Log    *slog.Logger
}

// maxDates is how many dates one look at the calendar shows at most.
const maxDates = 400

// In returns the events that touch the dates from–to and that who sees, in
// order.
func (d *Desk) In(ctx context.Context, who identity.Principal, from, to string) ([]hajir.Occasion, error) {
	for _, date := range []string{from, to} {
		if err := hajir.ValidateDate(date); err != nil {
			return nil, err
		}
	}
	if n := hajir.DaysBetween(from, to); n < 0 || n >= maxDates {
		return nil, hajir.Errorf(hajir.Invalid, "a calendar shows 1 to %d days; choose others", maxDates)
	}
	seen, err := d.Seen(ctx, who.Company, who.Username, who.Role)
	if err != nil {
		return nil, err
	}
	all, err := d.Book.Occasions(ctx, who.Company, from, to)
	return slices.DeleteFunc(all, func(o hajir.Occasion) bool { return !seen(o) }), err
}

// Seen says which events an account sees: admins and auditors all, others those
// that concern them, and managers those of their reports, too.
func (d *Desk) Seen(ctx context.Context, company, username string, role hajir.Role) (func(hajir.Occasion) bool, error) {
	if role == hajir.RoleAdmin || role == hajir.RoleAuditor {
		return func(hajir.Occasion) bool { return true }, nil
	}
	people, err := d.Team(ctx, company, username, role)
	return func(o hajir.Occasion) bool { return slices.ContainsFunc(people, o.Concerns) }, err
}

// Team returns a person, and behind them those who report to them, if they are a
// manager.
func (d *Desk) Team(ctx context.Context, company, username string, role hajir.Role) ([]hajir.Employee, error) {
	e, err := d.Person(ctx, company, username)
	if err != nil || role != hajir.RoleManager {
		return []hajir.Employee{e}, err
	}
	reports, err := hajir.Reports(e, func(manager string) ([]hajir.Employee, error) {
		var all []hajir.Employee
		for after := ""; ; {
			page, err := d.Store.EmployeesByManager(ctx, company, manager, after, pageSize)
			if err != nil {
				return nil, fmt.Errorf("list employees: %w", err)
			}
			if all = append(all, page...); len(page) < pageSize {
				return all, nil
			}
			after = page[len(page)-1].Username
		}
	})
	return append([]hajir.Employee{e}, reports...), err
}

// pageSize is how many records one read of the store takes.
const pageSize = 500

// Person returns one of the company's people.
func (d *Desk) Person(ctx context.Context, company, username string) (hajir.Employee, error) {
	e, err := d.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(company)
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// Add adds an event.
func (d *Desk) Add(ctx context.Context, o hajir.Occasion) (hajir.Occasion, error) {
	o.ID, o.Version = uuid.NewString(), 0
	o, err := d.add(ctx, o)
	if err == nil {
		d.follow(ctx, o)
	}
	return o, err
}

// add adds an event without what follows from it.
func (d *Desk) add(ctx context.Context, o hajir.Occasion) (hajir.Occasion, error) {
	o = o.Tidy()
	if err := d.admit(ctx, o); err != nil {
		return o, err
	}
	if err := d.Store.SaveOccasion(ctx, o, o.From); err != nil {
		return o, err
	}
	o.Version++
	return o, nil
}

// admit refuses an event that cannot be in the calendar.
func (d *Desk) admit(ctx context.Context, o hajir.Occasion) error {
	if err := o.Validate(); err != nil {
		return err
	}
	if o.Scope == hajir.ScopePerson {
		if _, err := d.Person(ctx, o.Company, o.Subject); hajir.CodeOf(err) == hajir.NotFound {
			return hajir.Errorf(hajir.Invalid, "there is nobody with the username %s; choose one of the company's people", o.Subject)
		} else if err != nil {
			return err
		}
	}
	n, err := d.Store.OccasionsInMonth(ctx, o.Company, hajir.MonthValue(o.From))
	if err != nil {
		return err
	}
	if o.Version == 0 && n >= hajir.MaxOccasionsAMonth {
		return hajir.Errorf(hajir.Conflict, "%d events begin in that month already; remove some first", n)
	}
	return nil
}

// Change replaces an event that began on the date was, at the version that was
// read.
func (d *Desk) Change(ctx context.Context, o hajir.Occasion, was string) (hajir.Occasion, error) {
	before, err := d.Store.Occasion(ctx, o.Company, was, o.ID)
	if err != nil {
		return o, err
	}
	if o.Version != before.Version {
		return o, hajir.Errorf(hajir.Conflict, "the event was changed meanwhile; load it again")
	}
	o = o.Tidy()
	o.UID = before.UID
	if err := d.admit(ctx, o); err != nil {
		return o, err
	}
	if err := d.Store.SaveOccasion(ctx, o, was); err != nil {
		return o, err
	}
	o.Version++
	d.follow(ctx, before, o)
	return o, nil
}

// Remove removes an event at the version that was read.
func (d *Desk) Remove(ctx context.Context, company, date, id string, version int) error {
	before, err := d.Store.Occasion(ctx, company, date, id)
	if err != nil {
		return err
	}
	if err := d.Store.DeleteOccasion(ctx, company, date, id, version); err != nil {
		return err
	}
	d.follow(ctx, before)
	return nil
}

// follow brings leave in line once holidays have changed. It is seen through
// whether or not anybody waits; what goes wrong, the hourly job does again.
func (d *Desk) follow(ctx context.Context, changed ...hajir.Occasion) {
	if !slices.ContainsFunc(changed, func(o hajir.Occasion) bool { return o.Kind != hajir.OccasionEvent }) {
		return
	}
	d.recost(ctx, changed[0].Company)
}

func (d *Desk) recost(ctx context.Context, company string, usernames ...string) {
	if err := d.Recost(context.WithoutCancel(ctx), company, usernames...); err != nil {
		d.Log.WarnContext(ctx, "leave does not follow changed holidays yet; the hourly job does the rest", "company", company, "error", err)
	}
}
