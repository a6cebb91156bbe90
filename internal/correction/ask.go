package correction

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/roster"
)

// Wish is what somebody wants to be different about a date.
type Wish struct {
	Company, Username, Date string
	Changes                 []hajir.Change
	Reason                  string
	By                      string // who asks, or enters it
}

// draft is a correction as it could be made now.
type draft struct {
	hajir.Correction
	around *roster.Around
	days   []hajir.Day
}

// draft checks changes of a date against the person's days.
func (d *Desk) draft(ctx context.Context, p person, date string, changes []hajir.Change) (draft, error) {
	var out draft
	var err error
	if out.around, err = d.Book.AroundDate(ctx, p.company, p.Employee, date); err != nil {
		return out, err
	}
	if out.days, err = out.around.Days(ctx); err != nil {
		return out, err
	}
	if out.Changes, err = out.around.Draft(out.days, date, changes, p.company.RepeatWindow); err != nil {
		return out, err
	}
	for i := range out.Changes {
		if c := &out.Changes[i]; c.New == "" && !c.At.IsZero() {
			c.New = uuid.NewString()
		}
	}
	changed, err := out.around.Apply(out.days, date, out.Correction, hajir.Punch{Source: hajir.SourceCorrection})
	out.Before, out.After = marks(out.days, date), marks(hajir.Merge(out.days, changed), date)
	return out, err
}

// marks returns what counts of a date.
func marks(days []hajir.Day, date string) []hajir.Mark {
	return hajir.DayOf(hajir.Once(days), date).Marks()
}

// Ask stores what an employee asks for, and tells who has to decide.
func (d *Desk) Ask(ctx context.Context, w Wish) (hajir.DayCorrections, hajir.Correction, error) {
	p, err := d.person(ctx, w.Company, w.Username)
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	if !p.Attends() {
		return hajir.DayCorrections{}, hajir.Correction{}, hajir.Errorf(hajir.Invalid, "%s is inactive or an auditor, and has no days to correct", p.Name)
	}
	err = hajir.ValidateDate(w.Date)
	if err == nil {
		err = hajir.MayAsk(w.Date, p.today, p.company.CorrectionDays)
	}
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	decider, _, err := d.Deciders.Deciders(ctx, p.company, p.Employee)
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	x, id, err := d.enter(ctx, p, w, func(x hajir.DayCorrections, c hajir.Correction, a hajir.LeaveActor) (hajir.DayCorrections, error) {
		c.Before, c.After = nil, nil // they are told when it is applied
		return x.Ask(c, a, decider, p.company.RepeatWindow)
	})
	if err != nil {
		return x, hajir.Correction{}, err
	}
	c, err := x.Find(id)
	return x, c, err
}

// Edit makes a correction that the admin enters, at once.
func (d *Desk) Edit(ctx context.Context, w Wish) (hajir.DayCorrections, hajir.Correction, error) {
	p, err := d.person(ctx, w.Company, w.Username)
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	x, id, err := d.enter(ctx, p, w, hajir.DayCorrections.Edit)
	if err != nil {
		return x, hajir.Correction{}, err
	}
	return d.apply(ctx, p, x, id)
}

// enter adds a correction to those of its date.
func (d *Desk) enter(
	ctx context.Context, p person, w Wish,
	add func(hajir.DayCorrections, hajir.Correction, hajir.LeaveActor) (hajir.DayCorrections, error),
) (hajir.DayCorrections, string, error) {
	id := uuid.NewString()
	x, err := d.change(ctx, p, w.Date, func(x hajir.DayCorrections) (hajir.DayCorrections, error) {
		c, err := d.draft(ctx, p, w.Date, w.Changes)
		if err != nil {
			return x, err
		}
		c.ID, c.Reason = id, strings.TrimSpace(w.Reason)
		return add(x, c.Correction, hajir.LeaveActor{Username: w.By, At: d.Now().UTC()})
	})
	return x, id, err
}

// Withdraw takes back what an employee asked for.
func (d *Desk) Withdraw(ctx context.Context, company, username, date, id string) (hajir.DayCorrections, hajir.Correction, error) {
	p, err := d.person(ctx, company, username)
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	x, err := d.change(ctx, p, date, func(x hajir.DayCorrections) (hajir.DayCorrections, error) {
		return x.Withdraw(id, hajir.LeaveActor{Username: username, At: d.Now().UTC()})
	})
	if err != nil {
		return x, hajir.Correction{}, err
	}
	c, err := x.Find(id)
	return x, c, err
}

// attempts bounds how often a change that collides with another is made anew.
const attempts = 16

// change saves what f makes of a date's corrections, once nothing of them waits
// to be applied.
func (d *Desk) change(
	ctx context.Context, p person, date string, f func(hajir.DayCorrections) (hajir.DayCorrections, error),
) (hajir.DayCorrections, error) {
	for attempt := 1; ; attempt++ {
		x, err := d.load(ctx, p, date)
		if err != nil {
			return x, err
		}
		if x, err = f(x); err != nil {
			return x, err
		}
		err = d.Store.SaveCorrections(context.WithoutCancel(ctx), x)
		if err == nil {
			x.Version++
			return x, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return x, fmt.Errorf("save corrections: %w", err)
		}
	}
}
