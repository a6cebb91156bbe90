package correction

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// load returns a date's corrections, with none that is approved and waits: the
// program may have ended before it was applied.
func (d *Desk) load(ctx context.Context, p person, date string) (hajir.DayCorrections, error) {
	x, err := d.Store.Corrections(ctx, p.Username, date)
	if err != nil {
		return x, fmt.Errorf("load corrections: %w", err)
	}
	x.Company = p.company.Username
	for _, c := range x.All {
		if !c.Pending() {
			continue
		}
		if x, _, err = d.apply(ctx, p, x, c.ID); err != nil && hajir.CodeOf(err) != hajir.Conflict {
			return x, err
		}
	}
	return x, nil
}

// apply makes an approved correction's changes, and notes that it did. That the
// day was changed before, so that it cannot be made, is noted, too, and a
// Conflict. Once begun it is seen through; it can be done again, and by several
// at once.
func (d *Desk) apply(ctx context.Context, p person, x hajir.DayCorrections, id string) (hajir.DayCorrections, hajir.Correction, error) {
	ctx = context.WithoutCancel(ctx)
	for range attempts {
		c, err := x.Find(id)
		if err != nil || !c.Pending() { // somebody else did
			return x, c, err
		}
		before, after, gone := d.book(ctx, p, x.Date, c)
		switch {
		case hajir.CodeOf(gone) == hajir.Conflict && gone != nil:
			e, _ := hajir.AsError(gone)
			x = x.Fail(id, hajir.LeaveActor{At: d.Now().UTC(), Note: e.Message})
		case gone != nil:
			return x, c, gone
		default:
			x = x.Apply(id, before, after)
		}
		err = d.Store.SaveCorrections(ctx, x)
		if hajir.CodeOf(err) == hajir.Conflict {
			if x, err = d.Store.Corrections(ctx, p.Username, x.Date); err != nil {
				return x, c, fmt.Errorf("load corrections: %w", err)
			}
			continue
		}
		if err != nil {
			return x, c, fmt.Errorf("save corrections: %w", err)
		}
		x.Version++
		d.Changed(p.company.Username, p.Username)
		c, err = x.Find(id)
		return x, c, errors.Join(gone, err)
	}
	return x, hajir.Correction{}, hajir.Errorf(hajir.Unavailable, "this day changes all the time; try again")
}

// book has a correction's changes in the person's days, and returns what counted
// of its date before and after. When the person punches meanwhile, it is applied
// to the day as it has become; a punch that is gone is a Conflict.
func (d *Desk) book(ctx context.Context, p person, date string, c hajir.Correction) (before, after []hajir.Mark, err error) {
	like := hajir.Punch{Source: hajir.SourceCorrection}
	if c.Edit {
		like.Source = hajir.SourceManual
	}
	if n := len(c.History); n > 0 {
		like.By = c.History[n-1].By
	}
	around, err := d.Book.AroundDate(ctx, p.company, p.Employee, date)
	if err != nil {
		return nil, nil, err
	}
	before, after = c.Before, c.After // unless it is seen to change now
	for range attempts {
		days, err := around.Days(ctx)
		if err != nil {
			return nil, nil, err
		}
		changed, err := around.Apply(days, date, c, like)
		if err != nil {
			return nil, nil, err
		}
		for _, day := range changed {
			if day.Date == date {
				before, after = marks(days, date), day.Marks()
			}
		}
		err = around.Save(ctx, changed)
		if err == nil {
			return before, after, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return nil, nil, err
		}
	}
	return nil, nil, hajir.Errorf(hajir.Unavailable, "this person's days change all the time; try again")
}

// pageSize is how many records one read of the store takes.
const pageSize = 200

// Run applies what was approved and broken off, and passes what is open on to
// who has to decide now, in every company. Asked again it changes nothing.
func (d *Desk) Run(ctx context.Context) error {
	companies, err := d.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, c := range companies {
		var behind hajir.DayCorrections
		for {
			page, err := d.Store.CorrectionsToDo(ctx, c.Username, behind, pageSize)
			if err != nil {
				errs = append(errs, fmt.Errorf("list corrections of %s: %w", c.Username, err))
				break
			}
			for _, x := range page {
				if err := d.settle(ctx, c.Username, x); err != nil { // the others are not kept waiting
					errs = append(errs, fmt.Errorf("corrections of %s: %w", x.Username, err))
				}
			}
			if len(page) < pageSize {
				break
			}
			behind = page[len(page)-1]
		}
	}
	return errors.Join(errs...)
}

func (d *Desk) settle(ctx context.Context, company string, x hajir.DayCorrections) error {
	p, err := d.person(ctx, company, x.Username)
	if err != nil {
		return err
	}
	if x, err = d.load(ctx, p, x.Date); err != nil {
		return err
	}
	decider, _, err := d.Deciders.Deciders(ctx, p.company, p.Employee)
	if err != nil || x.Decider() == "" || x.Decider() == decider {
		return err
	}
	_, err = d.change(ctx, p, x.Date, func(x hajir.DayCorrections) (hajir.DayCorrections, error) {
		return x.PassOn(decider, d.Now().UTC()), nil
	})
	return err
}
