package leave

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
)

// deciders returns who decides about a person's leave, and who at the second
// level.
func (d *Desk) deciders(ctx context.Context, p person) (first, second string, err error) {
	return d.Deciders(ctx, p.company, p.Employee)
}

// Deciders returns who decides about what one of a company's people asks for,
// and who at the second level: their manager and the one above, or the admin
// where there is none.
func (d *Desk) Deciders(ctx context.Context, c hajir.Company, e hajir.Employee) (first, second string, err error) {
	chain, err := hajir.Chain(e, func(username string) (hajir.Employee, error) { return d.Store.Employee(ctx, username) })
	if err != nil {
		return "", "", fmt.Errorf("load who is above %s: %w", e.Username, err)
	}
	first, second = c.Username, c.Username
	if len(chain) > 0 && chain[0].Leads() {
		first = chain[0].Username
		if len(chain) > 1 && chain[1].Leads() {
			second = chain[1].Username
		}
	}
	return first, second, nil
}

// Caller is who decides.
type Caller struct {
	Username string
	Admin    bool
}

// actor returns as whom the caller may decide about a request: as the admin, as
// the one whose turn it is, or in their place.
func (d *Desk) actor(ctx context.Context, p person, r hajir.LeaveRequest, by Caller) (hajir.LeaveActor, error) {
	a := hajir.LeaveActor{Username: by.Username, Admin: by.Admin, At: d.Now().UTC()}
	if by.Admin {
		return a, nil
	}
	turn, err := d.turn(ctx, p, r)
	if err != nil || turn == by.Username {
		return a, err
	}
	delegate, err := d.StandIn(ctx, p.company, turn)
	if err != nil {
		return a, err
	}
	if delegate == by.Username {
		a.For = turn
		return a, nil
	}
	return a, hajir.Errorf(hajir.NotFound, "there is no such leave request for you to decide")
}

// StandIn returns who decides in a manager's place today; "" is nobody.
func (d *Desk) StandIn(ctx context.Context, c hajir.Company, manager string) (string, error) {
	s, err := d.Store.LeaveDelegate(ctx, manager)
	if err != nil {
		return "", fmt.Errorf("load delegate: %w", err)
	}
	loc, err := c.Location()
	if err != nil || s.Company != c.Username || !s.Runs(hajir.DateAt(d.Now(), loc)) {
		return "", err
	}
	return s.Delegate, nil
}

// StandsInFor returns in whose place somebody decides today.
func (d *Desk) StandsInFor(ctx context.Context, c hajir.Company, username string) ([]string, error) {
	stands, err := d.Store.LeaveDelegations(ctx, username)
	if err != nil {
		return nil, fmt.Errorf("load for whom one stands in: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	var managers []string
	for _, s := range stands {
		if s.Company == c.Username && s.Runs(hajir.DateAt(d.Now(), loc)) {
			managers = append(managers, s.Manager)
		}
	}
	return managers, nil
}

// turn returns whose turn it is by who reports to whom now.
func (d *Desk) turn(ctx context.Context, p person, r hajir.LeaveRequest) (string, error) {
	first, second, err := d.deciders(ctx, p)
	if r.State == hajir.LeaveSecond {
		first = second
	}
	return first, err
}

// Decision is what somebody decides about a request.
type Decision struct {
	Approve bool
	Note    string
	Version int // of the request that was read; zero takes what is there
}

// Decide approves or refuses a request, and tells the employee. It does not ask
// whether the employee came to work meanwhile: a day may have both.
func (d *Desk) Decide(ctx context.Context, company, id string, by Caller, in Decision) (hajir.LeaveRequest, error) {
	r, err := d.Store.LeaveRequest(ctx, id)
	if err == nil && r.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such leave request")
	}
	if err != nil {
		return r, fmt.Errorf("load leave request: %w", err)
	}
	p, err := d.person(ctx, company, r.Username)
	if err != nil {
		return r, err
	}
	_, second, err := d.deciders(ctx, p)
	if err != nil {
		return r, err
	}
	err = d.change(ctx, p, func(a hajir.LeaveAccount, _ []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		var step hajir.LeaveStep
		if r, err = d.request(ctx, company, p.Username, id); err != nil {
			return a, step, err
		}
		if in.Version != 0 && in.Version != r.Version {
			return a, step, hajir.Errorf(hajir.Conflict, "this request was changed meanwhile; look at it again")
		}
		actor, err := d.actor(ctx, p, r, by)
		if err != nil {
			return a, step, err
		}
		actor.Note = in.Note
		if in.Approve {
			r, step.Entries, err = r.Approve(actor, second)
		} else {
			r, err = r.Refuse(actor)
		}
		step.Request = &r
		return a.Book(r, p.today), step, err
	})
	if err != nil {
		return r, err
	}
	r.Version++
	return r, nil
}

// Waiting is a request that somebody has to decide, with what helps to.
type Waiting struct {
	hajir.LeaveRequest
	For string // whose place the caller takes; "" for their own
	// Unlimited: the leave keeps no balance.
	Unlimited bool
	// Left is the least that the employee's balance comes to when it is approved;
	// before that, Balance is what the ledger holds at its first date.
	Balance, Left hajir.LeaveDays
	Away          []Absence // colleagues on the same dates

	person hajir.Employee
}

// maxWaiting is how many requests are shown at most to who decides; the oldest
// wait behind them.
const maxWaiting = 200

// Waiting returns the requests that the caller has to decide, for themselves
// and for whom they stand in, those that begin first in front.
func (d *Desk) Waiting(ctx context.Context, company string, by Caller) ([]Waiting, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return nil, err
	}
	keys := []string{by.Username}
	if by.Admin {
		keys = []string{company}
	}
	managers, err := d.StandsInFor(ctx, p.company, by.Username)
	if err != nil {
		return nil, err
	}
	keys = append(keys, managers...)
	everyone, err := d.roll(ctx, company, nil)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, key := range keys {
		requests, err := d.Store.LeaveRequestsTo(ctx, key, hajir.LeaveRequest{}, maxWaiting)
		if err != nil {
			return nil, fmt.Errorf("list leave requests: %w", err)
		}
		for _, r := range requests {
			w, ok, err := d.waiting(ctx, company, r, by)
			if err != nil {
				return nil, err
			}
			if ok {
				w.Away = everyone.absences(w.From, w.To, beside(w.person))
				all = append(all, w)
			}
		}
	}
	slices.SortFunc(all, func(a, b Waiting) int { return compare(a.From, b.From, a.ID, b.ID) })
	return all, nil
}

// waiting returns r with what helps to decide; false if it is not the caller's.
func (d *Desk) waiting(ctx context.Context, company string, r hajir.LeaveRequest, by Caller) (Waiting, bool, error) {
	w := Waiting{LeaveRequest: r}
	p, err := d.person(ctx, company, r.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return w, false, nil
	}
	if err != nil {
		return w, false, err
	}
	a, entries, err := d.ledger(ctx, p) // which finishes a change that was broken off
	if err != nil {
		return w, false, err
	}
	if w.LeaveRequest, err = d.request(ctx, company, r.Username, r.ID); err != nil {
		return w, false, err
	}
	actor, err := d.actor(ctx, p, w.LeaveRequest, by)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && (!w.State.Open() || r.Username == by.Username) {
		return w, false, nil
	}
	if err != nil {
		return w, false, err
	}
	w.For, w.person = actor.For, p.Employee
	t, err := d.leaveType(ctx, company, r.Type)
	if err != nil {
		return w, false, err
	}
	w.Unlimited = t.Unlimited
	if !t.Unlimited {
		terms := d.terms(p, a, t)
		if w.Left, err = terms.Left(entries, a.OpenParts(t.ID), nil, r.From); err != nil {
			return w, false, err
		}
		s, err := terms.Balance(entries, nil, max(r.From, p.today))
		if err != nil {
			return w, false, err
		}
		w.Balance = s.Balance
	}
	return w, true, nil
}

// Delegate returns whom a manager named; at Version 0 nobody.
func (d *Desk) Delegate(ctx context.Context, company, manager string) (hajir.LeaveDelegate, error) {
	s, err := d.Store.LeaveDelegate(ctx, manager)
	if err == nil && s.Version > 0 && s.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such employee")
	}
	return s, err
}

// SetDelegate names who decides in a manager's place, in the place of whoever
// was named before.
func (d *Desk) SetDelegate(ctx context.Context, s hajir.LeaveDelegate) (hajir.LeaveDelegate, error) {
	p, err := d.person(ctx, s.Company, s.Manager)
	if err != nil {
		return s, err
	}
	if err := s.Validate(); err != nil {
		return s, err
	}
	if s.To < p.today {
		return s, hajir.Errorf(hajir.Invalid, "the last date has passed; choose dates from today on")
	}
	e, err := d.Store.Employee(ctx, s.Delegate)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return s, fmt.Errorf("load delegate: %w", err)
	}
	if err != nil || e.Company != s.Company || !e.Active || e.Role == hajir.RoleAuditor {
		return s, hajir.Errorf(hajir.Invalid, "choose one of the company's active people, who is no auditor")
	}
	for attempt := 1; ; attempt++ {
		there, err := d.Delegate(ctx, s.Company, s.Manager)
		if err != nil {
			return s, err
		}
		s.Version = there.Version
		err = d.Store.SaveLeaveDelegate(ctx, s)
		if err == nil {
			s.Version++
			return s, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return s, fmt.Errorf("save delegate: %w", err)
		}
	}
}

// EndDelegate lets a manager decide alone again. That nobody was named is no
// error.
func (d *Desk) EndDelegate(ctx context.Context, company, manager string) error {
	if _, err := d.person(ctx, company, manager); err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		there, err := d.Delegate(ctx, company, manager)
		if err != nil || there.Version == 0 {
			return err
		}
		err = d.Store.DeleteLeaveDelegate(ctx, there)
		if err == nil || hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return err
		}
	}
}
