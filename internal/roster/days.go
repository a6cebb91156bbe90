package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"hajir/internal/hajir"
)

// Around is what it takes to decide where a person's punch at a time belongs.
type Around struct {
	book     Book
	company  string
	username string
	from, to string
	plan     hajir.Plan
}

// Around loads what is planned around a moment. Without any shifts nothing
// else is looked up: days off decide about no punch.
func (b Book) Around(ctx context.Context, c hajir.Company, e hajir.Employee, at time.Time) (*Around, error) {
	loc, err := c.LocationOf(e)
	if err != nil {
		return nil, err
	}
	schedule, err := b.Store.Schedule(ctx, c.Username)
	if err != nil {
		return nil, fmt.Errorf("load shifts: %w", err)
	}
	// No punch is of the future, but another clock may be ahead.
	a := &Around{
		book: b, company: c.Username, username: e.Username,
		from: hajir.AddDays(hajir.DateAt(at, loc), -2), to: hajir.AddDays(hajir.DateAt(b.Now(), loc), 2),
	}
	if len(schedule.Shifts) == 0 {
		a.plan = hajir.NewPlan(loc, c.WeeklyOff, schedule, nil, nil)
		return a, nil
	}
	a.plan, err = b.plan(ctx, c, e, schedule, a.from, a.to)
	return a, err
}

// Days returns the person's stored days around the moment.
func (a *Around) Days(ctx context.Context) ([]hajir.Day, error) {
	days, err := a.book.Store.DaysBetween(ctx, a.username, a.from, a.to)
	if err != nil {
		return nil, fmt.Errorf("load days: %w", err)
	}
	return days, nil
}

// Place returns where p belongs among days, and the days that it changes.
func (a *Around) Place(days []hajir.Day, p hajir.Punch) (changed []hajir.Day, date string, placed hajir.Punch) {
	return a.plan.Place(days, p)
}

// Save stores days that Place returned, in their order. With a Conflict some may
// be stored: load, place and save again.
func (a *Around) Save(ctx context.Context, changed []hajir.Day) error {
	return a.book.save(ctx, a.company, a.username, changed)
}

// save sees itself through once it has begun, whether or not anybody waits.
func (b Book) save(ctx context.Context, company, username string, changed []hajir.Day) error {
	ctx = context.WithoutCancel(ctx)
	for _, d := range changed {
		d.Company, d.Name = company, username
		if err := b.Store.SaveDay(ctx, d); err != nil {
			return fmt.Errorf("save day %s: %w", d.Date, err)
		}
	}
	return nil
}

// maxTries bounds how often a recomputation begins anew because the person
// punches meanwhile.
const maxTries = 16

// noEnd is after every date.
const noEnd = "9999-12-31"

// Recompute decides anew to which of their days the punches of one person
// belong, after the plan for the dates from–to was changed. It returns the
// dates that changed; asked again it changes nothing.
func (b Book) Recompute(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) ([]string, error) {
	begin := hajir.AddDays(from, -2)
	plan, err := b.Plan(ctx, c, e, begin, noEnd)
	if err != nil {
		return nil, err
	}
	dates := map[string]bool{}
	for range maxTries {
		days, err := b.Store.DaysBetween(ctx, e.Username, begin, noEnd)
		if err != nil {
			return nil, fmt.Errorf("load days: %w", err)
		}
		changed := plan.Recompute(days, from, to)
		err = b.save(ctx, c.Username, e.Username, changed)
		if err != nil && hajir.CodeOf(err) != hajir.Conflict {
			return nil, err
		}
		for _, d := range changed {
			dates[d.Date] = true
		}
		if err == nil {
			return slices.Sorted(maps.Keys(dates)), nil
		}
	}
	return nil, hajir.Errorf(hajir.Unavailable, "this person's days change all the time; try again")
}

// Reject has a punch of a person's day not count, and decides anew what follows
// it. Asked again it changes nothing. A punch that is not there is NotFound.
func (b Book) Reject(ctx context.Context, c hajir.Company, e hajir.Employee, date, id string, why hajir.Rejection) error {
	begin := hajir.AddDays(date, -2)
	plan, err := b.Plan(ctx, c, e, begin, noEnd)
	if err != nil {
		return err
	}
	for range maxTries {
		days, err := b.Store.DaysBetween(ctx, e.Username, begin, noEnd)
		if err != nil {
			return fmt.Errorf("load days: %w", err)
		}
		changed, _, found := plan.Reject(days, id, why)
		if !found {
			if !rejected(days, id) {
				return hajir.Errorf(hajir.NotFound, "this punch is not there any more; load the page again")
			}
			// What follows may have been cut off.
			changed = plan.Recompute(days, date, date)
		}
		err = b.save(ctx, c.Username, e.Username, changed)
		if err == nil || hajir.CodeOf(err) != hajir.Conflict {
			return err
		}
	}
	return hajir.Errorf(hajir.Unavailable, "this person's days change all the time; try again")
}

func rejected(days []hajir.Day, id string) bool {
	return slices.ContainsFunc(days, func(d hajir.Day) bool {
		return slices.ContainsFunc(d.Rejected, func(p hajir.Punch) bool { return p.ID == id })
	})
}

// Add records a punch of another time than now: it is placed as if it had come
// then. A punch that repeats another within window is that one. Asked again it
// changes nothing.
func (b Book) Add(ctx context.Context, c hajir.Company, e hajir.Employee, p hajir.Punch) (date string, added bool, err error) {
	around, err := b.Around(ctx, c, e, p.At)
	if err != nil {
		return "", false, err
	}
	for range maxTries {
		days, err := around.Days(ctx)
		if err != nil {
			return "", false, err
		}
		for _, d := range hajir.Once(days) {
			if q, repeats := d.Recorded(p, c.RepeatWindow); repeats && q.ID != p.ID {
				return d.Date, false, nil
			}
		}
		changed, date, _ := around.Place(days, p)
		err = around.Save(ctx, changed)
		if err == nil {
			return date, true, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return "", false, err
		}
	}
	return "", false, hajir.Errorf(hajir.Unavailable, "this person's days change all the time; try again")
}
