package events

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// Options are the optional holidays that a person may choose among in a leave
// year.
type Options struct {
	Begin, Last string // of the leave year
	Today       string // where the person is
	Most        int    // how many they may choose
	Taken       int
	Holidays    []Option // in order
}

// Option is one of them.
type Option struct {
	hajir.Occasion
	Chosen *hajir.HolidayChoice // nil: not chosen
}

// Options returns a person's optional holidays of the leave year that holds a
// date; "" is today.
func (d *Desk) Options(ctx context.Context, company, username, date string) (Options, error) {
	o, _, err := d.options(ctx, company, username, date)
	return o, err
}

// options returns them with the rule that decides about a choice.
func (d *Desk) options(ctx context.Context, company, username, date string) (Options, hajir.HolidayRule, error) {
	var out Options
	var rule hajir.HolidayRule
	c, err := d.Store.Company(ctx, company)
	if err != nil {
		return out, rule, fmt.Errorf("load company: %w", err)
	}
	e, err := d.Person(ctx, company, username)
	if err != nil {
		return out, rule, err
	}
	loc, err := c.LocationOf(e)
	if err != nil {
		return out, rule, err
	}
	out.Most, out.Today = c.OptionalHolidays, hajir.DateAt(d.Now(), loc)
	if date == "" {
		date = out.Today
	}
	years, err := d.Years(ctx, company)
	if err != nil {
		return out, rule, err
	}
	p, err := years.At(date)
	if err != nil {
		return out, rule, err
	}
	out.Begin, out.Last = p.Begin, p.Last()
	all, err := d.Store.Occasions(ctx, company, out.Begin, out.Last)
	if err != nil {
		return out, rule, fmt.Errorf("load events: %w", err)
	}
	hajir.SortOccasions(all)
	mine, err := d.choices(ctx, e)
	if err != nil {
		return out, rule, err
	}
	rule = hajir.HolidayRule{Employee: e, Most: out.Most, Today: out.Today}
	for _, x := range all {
		if x.Kind != hajir.OccasionOptional || !x.Concerns(e) {
			continue
		}
		rule.Year = append(rule.Year, x)
		option := Option{Occasion: x}
		for _, c := range mine.Chosen {
			if c.Occasion == x.ID {
				option.Chosen = &c
			}
		}
		out.Holidays = append(out.Holidays, option)
	}
	out.Taken = mine.Of(rule.Year)
	return out, rule, nil
}

func (d *Desk) choices(ctx context.Context, e hajir.Employee) (hajir.HolidayChoices, error) {
	all, err := d.Store.HolidayChoices(ctx, []string{e.Username})
	if err != nil {
		return hajir.HolidayChoices{}, fmt.Errorf("load chosen holidays: %w", err)
	}
	mine, ok := all[e.Username]
	if !ok {
		mine = hajir.HolidayChoices{Username: e.Username, Company: e.Company}
	}
	return mine, nil
}

// Choice is who chooses or takes back which optional holiday.
type Choice struct {
	Company, Username string
	Date, ID          string // of the event
	By                string
	Admin             bool
	Take              bool // false takes it back
}

// attempts bounds how often a choice that collides with another is made anew.
const attempts = 16

// Choose makes a choice, or takes one back, and brings the person's leave in
// line with it.
func (d *Desk) Choose(ctx context.Context, in Choice) error {
	o, err := d.Store.Occasion(ctx, in.Company, in.Date, in.ID)
	if err != nil {
		return err
	}
	_, rule, err := d.options(ctx, in.Company, in.Username, o.From)
	if err != nil {
		return err
	}
	rule.Admin = in.Admin
	for attempt := 1; ; attempt++ {
		before, err := d.choices(ctx, rule.Employee)
		if err != nil {
			return err
		}
		after := before
		if in.Take {
			after, err = rule.Choose(before, o, in.By, d.Now().UTC())
		} else {
			after, err = rule.Drop(before, o)
		}
		if err != nil || len(after.Chosen) == len(before.Chosen) {
			return err
		}
		err = d.Store.SaveHolidayChoices(ctx, after)
		if hajir.CodeOf(err) == hajir.Conflict && err != nil && attempt < attempts {
			continue
		}
		if err != nil {
			return err
		}
		d.recost(ctx, in.Company, in.Username)
		return nil
	}
}
