package leave

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// Recost brings what booked leave of a company's people takes in line with
// their holidays of now, after these were changed; of all of them when none is
// named. What approved leave takes less or more goes through the ledger. Asked
// again it changes nothing, and what it left undone is done within the hour.
func (d *Desk) Recost(ctx context.Context, company string, usernames ...string) error {
	house, err := d.house(ctx, company)
	if err != nil {
		return err
	}
	var people []hajir.Employee
	if len(usernames) == 0 {
		if people, err = d.everyone(ctx, company); err != nil {
			return err
		}
	}
	for _, name := range usernames {
		p, err := d.person(ctx, company, name)
		if err != nil {
			return err
		}
		people = append(people, p.Employee)
	}
	accounts, err := d.Store.LeaveAccounts(ctx, hajir.Usernames(people))
	if err != nil {
		return fmt.Errorf("load leave accounts: %w", err)
	}
	return d.recost(ctx, house, people, accounts)
}

// recost is Recost for people with their accounts. It reads holidays once, and
// nothing else while all is in line.
func (d *Desk) recost(ctx context.Context, house person, people []hajir.Employee, accounts map[string]hajir.LeaveAccount) error {
	from, to := "", ""
	for _, a := range accounts {
		for _, b := range a.Booked {
			if from == "" {
				from, to = b.From, b.To
			}
			from, to = min(from, b.From), max(to, b.To)
		}
	}
	if from == "" {
		return nil
	}
	holidays, err := d.Holidays(ctx, house.company.Username, people, from, to)
	if err != nil {
		return err
	}
	for _, e := range people {
		p := house
		p.Employee = e
		for _, b := range accounts[e.Username].Booked {
			if !b.Stale(func(date string) bool { return holidays[e.Username][date] != "" }) {
				continue
			}
			if err := d.recostOne(ctx, p, b); err != nil {
				return fmt.Errorf("%s: %w", e.Username, err)
			}
		}
	}
	return nil
}

// recostOne does so with one request.
func (d *Desk) recostOne(ctx context.Context, p person, b hajir.LeaveBooking) error {
	workday, holiday, err := d.Workdays(ctx, p.company, p.Employee, b.From, b.To)
	if err != nil {
		return fmt.Errorf("load days off: %w", err)
	}
	again := func() (r hajir.LeaveRequest, entries []hajir.LeaveEntry, changed bool, err error) {
		if r, err = d.request(ctx, p.company.Username, p.Username, b.Request); err != nil {
			return r, nil, false, err
		}
		return r.Recost(p.settings.Years, workday, holiday, d.Now().UTC())
	}
	_, _, changed, err := again()
	if hajir.CodeOf(err) == hajir.NotFound { // it is asked for at this moment, and not written yet
		return nil
	}
	if err != nil || !changed {
		return err
	}
	return d.change(ctx, p, func(a hajir.LeaveAccount, _ []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		r, entries, changed, err := again()
		if err != nil || !changed {
			return a, hajir.LeaveStep{}, err
		}
		return a.Book(r, p.today), hajir.LeaveStep{Request: &r, Entries: entries}, nil
	})
}
