package roster

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
)

// days are what dates are besides what is planned on them: leave, holidays and
// other events.
type days struct {
	from, to  string
	accounts  map[string]hajir.LeaveAccount
	occasions []hajir.Occasion
	choices   map[string]hajir.HolidayChoices
}

// days loads them for some people, on the dates from–to.
func (b Book) days(ctx context.Context, c hajir.Company, people []hajir.Employee, from, to string) (days, error) {
	d := days{from: from, to: to}
	names := hajir.Usernames(people)
	var err error
	if d.accounts, err = b.Store.LeaveAccounts(ctx, names); err != nil {
		return d, fmt.Errorf("load leave: %w", err)
	}
	if d.occasions, err = b.Occasions(ctx, c.Username, from, to); err != nil {
		return d, err
	}
	d.choices, err = b.choices(ctx, d.occasions, names)
	return d, err
}

// Occasions returns a company's events that touch the dates from–to, in order.
func (b Book) Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error) {
	all, err := b.Store.Occasions(ctx, company, hajir.AddDays(from, 1-hajir.MaxOccasionDates), to)
	if err != nil {
		return nil, fmt.Errorf("load events: %w", err)
	}
	all = slices.DeleteFunc(all, func(o hajir.Occasion) bool { return !o.Touches(from, to) })
	hajir.SortOccasions(all)
	return all, nil
}

// choices returns what people have chosen; they are not read when there is
// nothing to choose.
func (b Book) choices(ctx context.Context, all []hajir.Occasion, names []string) (map[string]hajir.HolidayChoices, error) {
	if !slices.ContainsFunc(all, func(o hajir.Occasion) bool { return o.Kind == hajir.OccasionOptional }) {
		return nil, nil
	}
	choices, err := b.Store.HolidayChoices(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("load chosen holidays: %w", err)
	}
	return choices, nil
}

// add puts them into a person's plan.
func (d days) add(p *hajir.Plan, e hajir.Employee) {
	p.Leave = d.accounts[e.Username].OnLeave(d.from, d.to)
	p.Holidays = hajir.HolidaysOf(e, d.occasions, d.choices[e.Username], d.from, d.to)
	for _, o := range d.occasions {
		if o.Concerns(e) {
			p.Occasions = append(p.Occasions, o)
		}
	}
}

// Holidays returns the names of people's holidays on the dates from–to, by
// username and date.
func (b Book) Holidays(ctx context.Context, company string, people []hajir.Employee, from, to string) (map[string]map[string]string, error) {
	all, err := b.Occasions(ctx, company, from, to)
	if err != nil {
		return nil, err
	}
	choices, err := b.choices(ctx, all, hajir.Usernames(people))
	if err != nil {
		return nil, err
	}
	by := make(map[string]map[string]string, len(people))
	for _, e := range people {
		by[e.Username] = hajir.HolidaysOf(e, all, choices[e.Username], from, to)
	}
	return by, nil
}
