package leave

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// PostDue posts to every company's people what is due at their local time, once
// a day, and passes requests on whose decider has changed. Asked again it
// changes nothing.
func (d *Desk) PostDue(ctx context.Context) error {
	companies, err := d.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, c := range companies {
		p, err := d.house(ctx, c.Username)
		if err == nil {
			_, err = d.postAll(ctx, p, p.settings.Posted < p.today)
		}
		if err != nil { // the others are not kept waiting
			errs = append(errs, fmt.Errorf("leave of %s: %w", c.Username, err))
		}
	}
	return errors.Join(errs...)
}

// Post posts to a company's people what is due, and returns how many entries
// that were.
func (d *Desk) Post(ctx context.Context, company string) (int, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return 0, err
	}
	return d.postAll(ctx, p, true)
}

func (d *Desk) postAll(ctx context.Context, house person, due bool) (posted int, err error) {
	types, err := d.types(ctx, house.company.Username)
	if err != nil || len(types) == 0 {
		return 0, err
	}
	people, err := d.everyone(ctx, house.company.Username)
	if err != nil {
		return 0, err
	}
	accounts, err := d.Store.LeaveAccounts(ctx, hajir.Usernames(people))
	if err != nil {
		return 0, fmt.Errorf("load leave accounts: %w", err)
	}
	if err := d.recost(ctx, house, people, accounts); err != nil {
		return 0, err
	}
	for _, e := range people {
		p := house
		p.Employee = e
		if due {
			n, err := d.postTo(ctx, p, types)
			if err != nil {
				return posted, fmt.Errorf("%s: %w", e.Username, err)
			}
			posted += n
		}
		if err := d.passOn(ctx, p, accounts[e.Username]); err != nil {
			return posted, fmt.Errorf("%s: %w", e.Username, err)
		}
	}
	if !due {
		return posted, nil
	}
	s := house.settings
	s.Posted = house.today
	if err := d.Store.SaveLeaveSettings(ctx, s); err != nil && hajir.CodeOf(err) != hajir.Conflict { // then it is done once more
		return posted, fmt.Errorf("save leave settings: %w", err)
	}
	return posted, nil
}

// postTo posts to one person what is due, and returns how many entries.
func (d *Desk) postTo(ctx context.Context, p person, types []hajir.LeaveType) (int, error) {
	a, entries, err := d.ledger(ctx, p)
	if err != nil {
		return 0, err
	}
	// Looking costs nothing; only what is missing is written.
	due, err := d.due(p, a, types, entries)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return len(due), d.post(ctx, p)
}

// post posts entries to one person, with what is due then.
func (d *Desk) post(ctx context.Context, p person, more ...hajir.LeaveEntry) error {
	types, err := d.types(ctx, p.company.Username)
	if err != nil {
		return err
	}
	return d.change(ctx, p, func(a hajir.LeaveAccount, entries []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		due, err := d.due(p, a, types, append(entries, more...))
		return a, hajir.LeaveStep{Entries: append(more[:len(more):len(more)], due...)}, err
	})
}

// passOn gives a person's open requests to who has to decide now.
func (d *Desk) passOn(ctx context.Context, p person, a hajir.LeaveAccount) error {
	for _, b := range a.Booked {
		if b.Decider == "" {
			continue
		}
		r, err := d.Store.LeaveRequest(ctx, b.Request)
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && !r.State.Open() {
			continue
		}
		if err != nil {
			return fmt.Errorf("load leave request: %w", err)
		}
		turn, err := d.turn(ctx, p, r)
		if err != nil {
			return err
		}
		if turn == r.Decider {
			continue
		}
		if err := d.give(ctx, p, r.ID, turn); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) give(ctx context.Context, p person, id, turn string) error {
	return d.change(ctx, p, func(a hajir.LeaveAccount, _ []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		r, err := d.request(ctx, p.company.Username, p.Username, id)
		if err != nil {
			return a, hajir.LeaveStep{}, err
		}
		if !r.State.Open() || r.Decider == turn {
			return a, hajir.LeaveStep{}, nil
		}
		r = r.PassOn(turn, d.Now().UTC())
		return a.Book(r, p.today), hajir.LeaveStep{Request: &r}, nil
	})
}
