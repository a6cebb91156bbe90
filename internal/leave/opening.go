package leave

import (
	"context"
	"slices"
	"strings"

	"hajir/internal/hajir"
)

// Opened is what became of an opening balance.
type Opened struct {
	Before hajir.LeaveDays // the balance at the end of the date
	Again  bool            // the date was opened with this very balance before: nothing is done
}

// Open brings a person's balance at the end of a date to what the books before
// Hajir's say. A dry run only says what would be done.
func (d *Desk) Open(ctx context.Context, o hajir.LeaveOpening, note, by string, dryRun bool) (out Opened, err error) {
	p, err := d.person(ctx, o.Employee.Company, o.Employee.Username)
	if err != nil {
		return out, err
	}
	if err := o.Validate(p.today); err != nil {
		return out, err
	}
	types, err := d.types(ctx, p.company.Username)
	if err != nil {
		return out, err
	}
	period, err := p.settings.Years.At(o.Date)
	if err != nil {
		return out, err
	}
	open := func(a hajir.LeaveAccount, entries []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		due, err := d.due(p, a, types, entries)
		if err != nil {
			return a, hajir.LeaveStep{}, err
		}
		all := slices.Concat(entries, due)
		e, before, needed := o.Open(all, period, note, by, d.Now().UTC())
		out = Opened{Before: before, Again: !needed}
		if !needed {
			return a, hajir.LeaveStep{}, nil
		}
		more, err := d.due(p, a, types, append(all, e))
		return a, hajir.LeaveStep{Entries: append(append(due, e), more...)}, err
	}
	a, entries, err := d.ledger(ctx, p)
	if err != nil {
		return out, err
	}
	if _, _, err = open(a, entries); err != nil || dryRun || out.Again {
		return out, err
	}
	return out, d.change(ctx, p, open)
}

// Accounts returns what is kept of the leave of the people named.
func (d *Desk) Accounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error) {
	return d.Store.LeaveAccounts(ctx, usernames)
}

// Named returns the company's type of leave with a name, whatever the case of
// its letters. One that is not retired comes first.
func Named(types []hajir.LeaveType, name string) (hajir.LeaveType, error) {
	var known []string
	for _, retired := range []bool{false, true} {
		for _, t := range types {
			if t.Retired != retired {
				continue
			}
			if strings.EqualFold(t.Name, name) {
				return t, nil
			}
			if !retired {
				known = append(known, t.Name)
			}
		}
	}
	if len(known) == 0 {
		return hajir.LeaveType{}, hajir.Errorf(hajir.NotFound, "the company has no kinds of leave yet; add them under Leave first")
	}
	return hajir.LeaveType{}, hajir.Errorf(hajir.NotFound, "there is no leave called %.60q; there are %s", name, strings.Join(known, ", "))
}
