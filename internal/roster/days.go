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
	a.plan, err = b.shifts(ctx, c, e, schedule, a.from, a.to)
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

// Draft returns changes of a date as they can be asked for now; see
// hajir.Plan.Draft.
func (a *Around) Draft(days []hajir.Day, date string, changes []hajir.Change, window time.Duration) ([]hajir.Change, error) {
	return a.plan.Draft(days, date, changes, a.book.Now(), window)
}

// Apply returns the days that a correction of a date changes; see
// hajir.Plan.Apply.
func (a *Around) Apply(days []hajir.Day, date string, c hajir.Correction, like hajir.Punch) ([]hajir.Day, error) {
	return a.plan.Apply(days, date, c, like)
}

// AroundDate is Around for corrections of a date.
func (b Book) AroundDate(ctx context.Context, c hajir.Company, e hajir.Employee, date string) (*Around, error) {
	loc, err := c.LocationOf(e)
	if err != nil {
		return nil, err
	}
	if err := hajir.ValidateDate(date); err != nil {
		return nil, err
	}
	begins, err := time.ParseInLocation(time.DateOnly, date, loc)
	if err != nil {
		return nil, fmt.Errorf("parse date: %w", err)
	}
	return b.Around(ctx, c, e, begins.AddDate(0, 0, -1)) // times may lie a day before
}

// Close closes a person's date by rule at now, as p plans it, and returns the
// day; false while it is not over.
func (b Book) Close(ctx context.Context, e hajir.Employee, p hajir.Planned, rule hajir.Close, now time.Time) (hajir.Day, bool, error) {
	for range maxTries {
		// With its neighbours, for a punch that was moved may be in two of them.
		days, err := b.Store.DaysBetween(ctx, e.Username, hajir.AddDays(p.Date, -2), hajir.AddDays(p.Date, 2))
		if err != nil {
			return hajir.Day{}, false, fmt.Errorf("load days: %w", err)
		}
		d := hajir.DayOf(hajir.Once(days), p.Date)
		d.Name, d.Company = e.Username, e.Company
		closed, over := p.Close(d, rule, now)
		if !over || closed.Auto == d.Auto {
			return closed, over, nil
		}
		err = b.save(ctx, e.Company, e.Username, []hajir.Day{closed})
		if err == nil || hajir.CodeOf(err) != hajir.Conflict {
			return closed, true, err
		}
	}
	return hajir.Day{}, false, hajir.Errorf(hajir.Unavailable, "this person's days change all the time; try again")
}

// PlaceAll returns the days that change when all of punches come, none of which
// is among days.
func (a *Around) PlaceAll(days []hajir.Day, punches []hajir.Punch) []hajir.Day {
	return a.plan.PlaceAll(days, punches)
}

// Save stores days that Place or PlaceAll returned, in their order. With a Conflict some may
// be stored: load, place and save again.
func (a *Around) Save(ctx context.Context, changed []hajir.Day) error {
	return a.book.save(ctx, a.company, a.username, changed)
}

// atOnce is how many days are saved at once: others wait meanwhile.
const atOnce = 100

// SaveAll is Save for many days.
func (a *Around) SaveAll(ctx context.Context, changed []hajir.Day) error {
	ctx = context.WithoutCancel(ctx)
	for days := range slices.Chunk(changed, atOnce) {
		for i := range days {
			days[i].Company, days[i].Name = a.company, a.username
		}
		if err := a.book.Store.SaveDays(ctx, days); err != nil {
			return fmt.Errorf("save days from %s: %w", days[0].Date, err)
		}
	}
	return nil
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

// planFrom returns what is planned for all that may follow from a date, and from
// when on days are concerned.
func (b Book) planFrom(ctx context.Context, c hajir.Company, e hajir.Employee, date string) (begin string, _ hajir.Plan, _ error) {
	begin = hajir.AddDays(date, -2)
	schedule, err := b.Store.Schedule(ctx, c.Username)
	if err != nil {
		return begin, hajir.Plan{}, fmt.Errorf("load shifts: %w", err)
	}
	plan, err := b.shifts(ctx, c, e, schedule, begin, noEnd)
	return begin, plan, err
}

// Recompute decides anew to which of their days the punches of one person
// belong, after the plan for the dates from–to was changed. It returns the
// dates that changed; asked again it changes nothing.
func (b Book) Recompute(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) ([]string, error) {
	begin, plan, err := b.planFrom(ctx, c, e, from)
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
	begin, plan, err := b.planFrom(ctx, c, e, date)
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
