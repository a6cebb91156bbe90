package leave

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// Standing is how a person stands with one type of leave.
type Standing struct {
	hajir.LeaveStanding
	Type hajir.LeaveType
	// May: they can ask for it now.
	May bool
}

// Overview is a person's leave at a glance.
type Overview struct {
	Today     string
	Standings []Standing // in order of the types' names
	Account   hajir.LeaveAccount
	Since     string
	Years     hajir.LeaveYears
}

// Overview returns how a person stands with every type that they may use, or
// have ever used.
func (d *Desk) Overview(ctx context.Context, company, username string) (Overview, error) {
	p, err := d.person(ctx, company, username)
	if err != nil {
		return Overview{}, err
	}
	types, err := d.types(ctx, company)
	if err != nil {
		return Overview{}, err
	}
	a, entries, err := d.ledger(ctx, p)
	if err != nil {
		return Overview{}, err
	}
	out := Overview{Today: p.today, Account: a, Years: p.settings.Years}
	out.Since = d.terms(p, a, hajir.LeaveType{}).Since
	for _, t := range types {
		s := Standing{Type: t, May: t.For(p.Employee) && !t.Retired}
		used := slices.ContainsFunc(entries, func(e hajir.LeaveEntry) bool { return e.Type == t.ID })
		if !s.May && !used {
			continue
		}
		terms := d.terms(p, a, t)
		if s.LeaveStanding, err = terms.Standing(entries, a.OpenParts(t.ID), p.today); err != nil {
			return out, err
		}
		out.Standings = append(out.Standings, s)
	}
	slices.SortFunc(out.Standings, func(a, b Standing) int { return compare(a.Type.Name, b.Type.Name, a.Type.ID, b.Type.ID) })
	return out, nil
}

func (d *Desk) terms(p person, a hajir.LeaveAccount, t hajir.LeaveType) hajir.LeaveTerms {
	return a.Terms(hajir.LeaveTerms{
		Type: t, Years: p.settings.Years, Since: hajir.DateAt(p.CreatedAt, p.loc),
		Stopped: t.Retired || !p.Active || !t.For(p.Employee),
	})
}

// compare orders by one text, whatever the case of its letters, and then by
// another.
func compare(a, b, then, other string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(then, other))
}

// Ledger returns a person's entries in the order in which they count, with those
// that are due and not posted yet.
func (d *Desk) Ledger(ctx context.Context, company, username string) ([]hajir.LeaveEntry, error) {
	p, err := d.person(ctx, company, username)
	if err != nil {
		return nil, err
	}
	types, err := d.types(ctx, company)
	if err != nil {
		return nil, err
	}
	a, entries, err := d.ledger(ctx, p)
	if err != nil {
		return nil, err
	}
	due, err := d.due(p, a, types, entries)
	if err != nil {
		return nil, err
	}
	entries = append(entries, due...)
	hajir.SortEntries(entries)
	return entries, nil
}

// due returns what is missing from a person's ledger today.
func (d *Desk) due(p person, a hajir.LeaveAccount, types []hajir.LeaveType, entries []hajir.LeaveEntry) ([]hajir.LeaveEntry, error) {
	var all []hajir.LeaveEntry
	for _, t := range types {
		due, err := d.terms(p, a, t).Due(entries, p.today)
		if err != nil {
			return nil, err
		}
		for _, e := range due {
			e.Username, e.Company, e.At = p.Username, p.company.Username, d.Now().UTC()
			all = append(all, e)
		}
	}
	return all, nil
}

// Adjustment is what an admin adds to a balance, or takes off it.
type Adjustment struct {
	Company, Username, Type string
	Amount                  hajir.LeaveDays
	Date                    string // on which it counts; "" is today
	Reason, Key, By         string // sent twice with one Key it is one entry
}

// Adjust posts an adjustment, and what changes with it.
func (d *Desk) Adjust(ctx context.Context, in Adjustment) (hajir.LeaveEntry, error) {
	var e hajir.LeaveEntry
	p, err := d.person(ctx, in.Company, in.Username)
	if err != nil {
		return e, err
	}
	t, err := d.leaveType(ctx, in.Company, in.Type)
	if err != nil {
		return e, err
	}
	date := cmp.Or(in.Date, p.today)
	period, err := p.settings.Years.At(date)
	if err != nil {
		return e, err
	}
	key := uuid.NewString()
	if in.Key != "" {
		key = uuid.NewSHA1(uuid.NameSpaceOID, []byte(in.Key)).String() // whatever it is made of
	}
	if e, err = hajir.AdjustLeave(t, p.Employee, period, date, key, in.Amount, in.Reason, in.By, d.Now().UTC()); err != nil {
		return e, err
	}
	return e, d.post(ctx, p, e)
}

// Employ sets a person's first and last date in the company; "" for since is the
// date on which they were added, "" for until is not known. What was given is
// put right.
func (d *Desk) Employ(ctx context.Context, company, username, since, until string) error {
	p, err := d.person(ctx, company, username)
	if err != nil {
		return err
	}
	types, err := d.types(ctx, company)
	if err != nil {
		return err
	}
	return d.change(ctx, p, func(a hajir.LeaveAccount, entries []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		a, err := a.Employ(since, until)
		if err != nil {
			return a, hajir.LeaveStep{}, err
		}
		due, err := d.due(p, a, types, entries)
		return a, hajir.LeaveStep{Entries: due}, err
	})
}
