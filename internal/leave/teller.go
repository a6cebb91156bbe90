package leave

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
)

// Teller tells the balances of many people of a company: what all have in common
// is loaded once.
type Teller struct {
	desk  *Desk
	house person
	types []hajir.LeaveType // in order of their names
}

// Teller loads what a company's people have in common.
func (d *Desk) Teller(ctx context.Context, company string) (*Teller, error) {
	house, err := d.house(ctx, company)
	if err != nil {
		return nil, err
	}
	types, err := d.types(ctx, company)
	slices.SortFunc(types, func(a, b hajir.LeaveType) int { return compare(a.Name, b.Name, a.ID, b.ID) })
	return &Teller{desk: d, house: house, types: types}, err
}

// Types returns the company's types of leave in order of their names.
func (t *Teller) Types() []hajir.LeaveType { return t.types }

// Balances returns how people stand at the end of a date with every type that
// they may use or have ever used, by username: without what is available and
// what lapses.
func (t *Teller) Balances(ctx context.Context, people []hajir.Employee, date string) (map[string][]Standing, error) {
	names := hajir.Usernames(people)
	accounts, err := t.desk.Store.LeaveAccounts(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("load leave accounts: %w", err)
	}
	ledgers, err := t.desk.Store.LeaveEntriesOf(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("load leave ledgers: %w", err)
	}
	all := make(map[string][]Standing, len(people))
	for _, e := range people {
		p, a, entries := t.house, accounts[e.Username], ledgers[e.Username]
		p.Employee = e
		if a.Step != nil { // half-written: it is finished first
			if a, entries, err = t.desk.ledger(ctx, p); err != nil {
				return nil, err
			}
		}
		for _, kind := range t.types {
			s := Standing{Type: kind, May: kind.For(e) && !kind.Retired}
			if !s.May && !slices.ContainsFunc(entries, func(x hajir.LeaveEntry) bool { return x.Type == kind.ID }) {
				continue
			}
			if s.LeaveStanding, err = t.desk.terms(p, a, kind).Balance(entries, a.OpenParts(kind.ID), date); err != nil {
				return nil, err
			}
			all[e.Username] = append(all[e.Username], s)
		}
	}
	return all, nil
}
