package correction

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
)

// actor returns as whom the caller may decide about a person's days: as the
// admin, as the one who decides, or in their place.
func (d *Desk) actor(ctx context.Context, p person, by Caller) (hajir.LeaveActor, error) {
	a := hajir.LeaveActor{Username: by.Username, Admin: by.Admin, At: d.Now().UTC()}
	if by.Username == p.Username {
		return a, hajir.Errorf(hajir.Forbidden, "nobody decides about their own days")
	}
	turn, _, err := d.Deciders.Deciders(ctx, p.company, p.Employee)
	if err != nil || by.Admin || turn == by.Username {
		return a, err
	}
	delegate, err := d.Deciders.StandIn(ctx, p.company, turn)
	if err != nil {
		return a, err
	}
	if delegate == by.Username {
		a.For = turn
		return a, nil
	}
	return a, errNotYours
}

var errNotYours = hajir.Errorf(hajir.NotFound, "there is no such correction for you to decide")

// Decision is what somebody decides about a correction.
type Decision struct {
	Approve bool
	Note    string
	Version int // of the date's corrections that were read; zero takes what is there
}

// Decide approves or refuses a correction, and tells the employee. One that the
// day has no room for any more is a Conflict, and stays open.
func (d *Desk) Decide(ctx context.Context, company, username, date, id string, by Caller, in Decision) (hajir.DayCorrections, hajir.Correction, error) {
	p, err := d.person(ctx, company, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		err = errNotYours // whoever asks does not learn who is there
	}
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	actor, err := d.actor(ctx, p, by)
	if err != nil {
		return hajir.DayCorrections{}, hajir.Correction{}, err
	}
	actor.Note = in.Note
	x, err := d.change(ctx, p, date, func(x hajir.DayCorrections) (hajir.DayCorrections, error) {
		c, err := x.Find(id)
		if err != nil {
			return x, err
		}
		if in.Version != 0 && in.Version != x.Version && c.Open() {
			return x, hajir.Errorf(hajir.Conflict, "this correction was changed meanwhile; look at it again")
		}
		if !in.Approve || !c.Open() {
			return x.Refuse(id, actor)
		}
		now, err := d.stillFits(ctx, p, date, c)
		if err != nil {
			return x, err
		}
		return x.Approve(id, actor, now.Before, now.After)
	})
	if err != nil {
		return x, hajir.Correction{}, err
	}
	c, err := x.Find(id)
	if err != nil {
		return x, c, err
	}
	if c.Pending() {
		return d.apply(ctx, p, x, id)
	}
	return x, c, nil
}

// stillFits drafts a correction that was asked for anew. That it cannot be made,
// or would come to something else, is a Conflict.
func (d *Desk) stillFits(ctx context.Context, p person, date string, c hajir.Correction) (draft, error) {
	now, err := d.draft(ctx, p, date, c.Changes)
	if e, ok := hajir.AsError(err); ok && e.Code == hajir.Invalid {
		return now, &hajir.Error{Code: hajir.Conflict, Message: "the day was changed meanwhile: " + e.Message, Cause: err}
	}
	if err == nil && !slices.EqualFunc(now.Changes, c.Changes, func(a, b hajir.Change) bool {
		return a.Was.Equal(b.Was) && a.Direction == b.Direction
	}) {
		err = hajir.Errorf(hajir.Conflict, "the day was changed meanwhile: what is to be corrected is another punch now; refuse this, and have it asked for anew")
	}
	return now, err
}

// Waiting is a correction that somebody has to decide, with what helps to.
type Waiting struct {
	hajir.DayCorrections // with that one alone
	hajir.Correction     // its Before and After are what the date is now, and would become
	For                  string
	Location             *time.Location // the employee's
	// Problem says why it cannot be approved as the day is now; "" if it can.
	Problem string
}

// Waiting returns what the caller has to decide, for themselves and for whom
// they stand in, in order of dates.
func (d *Desk) Waiting(ctx context.Context, company string, by Caller) ([]Waiting, error) {
	c, err := d.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	keys, err := d.Deciders.StandsInFor(ctx, c, by.Username)
	if err != nil {
		return nil, err
	}
	own := by.Username
	if by.Admin {
		own = company
	}
	var all []Waiting
	for _, key := range append([]string{own}, keys...) {
		records, err := d.Store.CorrectionsTo(ctx, key, hajir.DayCorrections{}, pageSize)
		if err != nil {
			return nil, fmt.Errorf("list corrections: %w", err)
		}
		for _, x := range records {
			some, err := d.waiting(ctx, company, x, by)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	slices.SortFunc(all, func(a, b Waiting) int {
		return strings.Compare(a.Date+a.Username+a.ID, b.Date+b.Username+b.ID)
	})
	return all, nil
}

// waiting returns what is open of x; nothing when it is not the caller's.
func (d *Desk) waiting(ctx context.Context, company string, x hajir.DayCorrections, by Caller) ([]Waiting, error) {
	p, err := d.person(ctx, company, x.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	actor, err := d.actor(ctx, p, by)
	if code := hajir.CodeOf(err); err != nil && (code == hajir.NotFound || code == hajir.Forbidden) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if x, err = d.load(ctx, p, x.Date); err != nil {
		return nil, err
	}
	var all []Waiting
	for _, c := range x.All {
		if !c.Open() {
			continue
		}
		w := Waiting{DayCorrections: x, Correction: c, For: actor.For, Location: p.loc}
		now, err := d.stillFits(ctx, p, x.Date, c)
		w.Before, w.After = now.Before, now.After
		if e, ok := hajir.AsError(err); ok && e.Code == hajir.Conflict {
			w.Problem, w.Before, w.After = e.Message, marks(now.days, x.Date), nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}
