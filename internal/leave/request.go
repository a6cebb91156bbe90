package leave

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// Wish is what somebody asks for, or thinks of asking for.
type Wish struct {
	Company, Username string // the employee's
	Type              string
	hajir.LeaveSpan
	Reason string
	// By is who asks: the employee, or the admin for them.
	By      string
	ByAdmin bool
}

// Answer is what a wish would come to.
type Answer struct {
	hajir.LeaveAnswer
	Type hajir.LeaveType
	// Refusal says why it cannot be had; nil: it can.
	Refusal error
	// Away is which colleagues are on leave on these dates.
	Away []Absence
}

// Preview tells what a wish would take and leave, without asking for it.
func (d *Desk) Preview(ctx context.Context, w Wish) (Answer, error) {
	var out Answer
	p, err := d.person(ctx, w.Company, w.Username)
	if err != nil {
		return out, err
	}
	if out.Type, err = d.leaveType(ctx, w.Company, w.Type); err != nil {
		return out, err
	}
	a, entries, err := d.ledger(ctx, p)
	if err != nil {
		return out, err
	}
	wish, err := d.wish(ctx, p, out.Type, w)
	if err != nil {
		return out, err
	}
	out.LeaveAnswer, out.Refusal = fill(wish, a, entries).Check()
	if hajir.CodeOf(out.Refusal) == hajir.Internal && out.Refusal != nil {
		return out, out.Refusal
	}
	if w.Validate() == nil {
		out.Away, err = d.Away(ctx, w.Company, w.Username, w.From, w.To)
	}
	return out, err
}

// wish gathers all that decides about w but the account and the ledger.
func (d *Desk) wish(ctx context.Context, p person, t hajir.LeaveType, w Wish) (hajir.LeaveWish, error) {
	wish := hajir.LeaveWish{
		LeaveSpan: w.LeaveSpan, Employee: p.Employee, Today: p.today, ByAdmin: w.ByAdmin,
		Terms: hajir.LeaveTerms{Type: t, Years: p.settings.Years, Since: hajir.DateAt(p.CreatedAt, p.loc)},
	}
	// Impossible dates have no days off; they will be refused.
	if w.Validate() == nil {
		var err error
		wish.Workday, wish.Holiday, err = d.Workdays(ctx, p.company, p.Employee, w.From, w.To)
		if err != nil {
			return wish, fmt.Errorf("load days off: %w", err)
		}
	}
	return wish, nil
}

func fill(w hajir.LeaveWish, a hajir.LeaveAccount, entries []hajir.LeaveEntry) hajir.LeaveWish {
	w.Account, w.Entries = a, entries
	w.Terms = a.Terms(w.Terms)
	return w
}

// Ask stores a request, and tells who has to decide.
func (d *Desk) Ask(ctx context.Context, w Wish) (hajir.LeaveRequest, error) {
	var r hajir.LeaveRequest
	p, err := d.person(ctx, w.Company, w.Username)
	if err != nil {
		return r, err
	}
	if !p.Attends() {
		return r, hajir.Errorf(hajir.Invalid, "%s is inactive or an auditor, and takes no leave here", p.Name)
	}
	t, err := d.leaveType(ctx, w.Company, w.Type)
	if err != nil {
		return r, err
	}
	wish, err := d.wish(ctx, p, t, w)
	if err != nil {
		return r, err
	}
	decider, _, err := d.deciders(ctx, p)
	if err != nil {
		return r, err
	}
	id := uuid.NewString()
	actor := hajir.LeaveActor{Username: w.By, Admin: w.ByAdmin, At: d.Now().UTC(), Note: w.Reason}
	if err := actor.Validate(); err != nil {
		return r, err
	}
	actor.Note = "" // it is the request's, and not the step's
	err = d.change(ctx, p, func(a hajir.LeaveAccount, entries []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		answer, err := fill(wish, a, entries).Check()
		if err != nil {
			return a, hajir.LeaveStep{}, err
		}
		r = hajir.LeaveRequest{
			ID: id, Company: w.Company, Username: w.Username, Type: t.ID, LeaveSpan: w.LeaveSpan, Parts: answer.Parts,
			Off: answer.Off, Holidays: answer.Holidays, Reason: strings.TrimSpace(w.Reason), Second: t.SecondLevel || p.settings.SecondLevel,
		}.Request(actor, decider)
		return a.Book(r, p.today), hajir.LeaveStep{Request: &r}, nil
	})
	if err != nil {
		return r, err
	}
	r.Version++
	return r, nil
}

// Cancel takes a request back, or asks to where it needs a decision.
func (d *Desk) Cancel(ctx context.Context, company, username, id string, by hajir.LeaveActor) (hajir.LeaveRequest, error) {
	var r hajir.LeaveRequest
	p, err := d.person(ctx, company, username)
	if err != nil {
		return r, err
	}
	decider, _, err := d.deciders(ctx, p)
	if err != nil {
		return r, err
	}
	var before hajir.LeaveRequest
	err = d.change(ctx, p, func(a hajir.LeaveAccount, _ []hajir.LeaveEntry) (hajir.LeaveAccount, hajir.LeaveStep, error) {
		if before, err = d.request(ctx, company, username, id); err != nil {
			return a, hajir.LeaveStep{}, err
		}
		var entries []hajir.LeaveEntry
		if r, entries, err = before.Cancel(by, p.today, decider); err != nil {
			return a, hajir.LeaveStep{}, err
		}
		return a.Book(r, p.today), hajir.LeaveStep{Request: &r, Entries: entries}, nil
	})
	if err != nil {
		return r, err
	}
	r.Version++
	return r, nil
}

// request returns one of the employee's requests.
func (d *Desk) request(ctx context.Context, company, username, id string) (hajir.LeaveRequest, error) {
	r, err := d.Store.LeaveRequest(ctx, id)
	if err == nil && (r.Company != company || r.Username != username) {
		err = hajir.Errorf(hajir.NotFound, "no such leave request")
	}
	if err != nil {
		return r, fmt.Errorf("load leave request: %w", err)
	}
	return r, nil
}

// Of returns one page of an employee's requests, the newest first, behind the
// request whose ID is given.
func (d *Desk) Of(ctx context.Context, company, username, behind string, limit int) ([]hajir.LeaveRequest, error) {
	p, err := d.person(ctx, company, username)
	if err != nil {
		return nil, err
	}
	if _, err := d.account(ctx, p); err != nil { // so that no change is half-written
		return nil, err
	}
	from, err := d.behind(ctx, company, behind)
	if err != nil {
		return nil, err
	}
	page, err := d.Store.LeaveRequestsOf(ctx, username, from, limit)
	if err != nil {
		return nil, fmt.Errorf("list leave requests: %w", err)
	}
	return page, nil
}

// behind returns the request that a page begins behind.
func (d *Desk) behind(ctx context.Context, company, id string) (hajir.LeaveRequest, error) {
	if id == "" {
		return hajir.LeaveRequest{}, nil
	}
	r, err := d.Store.LeaveRequest(ctx, id)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && r.Company != company {
		return r, hajir.Errorf(hajir.Invalid, "the cursor is none of a page before; begin anew")
	}
	return r, err
}

// Filter chooses a company's requests; its zero value chooses all.
type Filter struct {
	State    hajir.LeaveState
	Open     bool // somebody has to decide
	Username string
	Type     string
	From, To string // that touch these dates
}

func (f Filter) matches(r hajir.LeaveRequest) bool {
	return (f.State == "" || r.State == f.State) && (!f.Open || r.State.Open()) && (f.Username == "" || r.Username == f.Username) &&
		(f.Type == "" || r.Type == f.Type) && (f.From == "" || r.To >= f.From) && (f.To == "" || r.From <= f.To)
}

// In returns one page of a company's requests, the newest first, behind the
// request whose ID is given, and the ID that the next page begins behind: ""
// when there is none.
func (d *Desk) In(ctx context.Context, company string, f Filter, behind string, limit int) (page []hajir.LeaveRequest, next string, err error) {
	at, err := d.behind(ctx, company, behind)
	if err != nil {
		return nil, "", err
	}
	for {
		batch, err := d.batch(ctx, company, f, at)
		if err != nil {
			return nil, "", fmt.Errorf("list leave requests: %w", err)
		}
		for _, r := range batch {
			if !f.matches(r) || r.Company != company {
				continue
			}
			if len(page) == limit {
				return page, page[limit-1].ID, nil
			}
			page = append(page, r)
		}
		if len(batch) < pageSize {
			return page, "", nil
		}
		at = batch[len(batch)-1]
	}
}

// batch reads requests by the narrowest key.
func (d *Desk) batch(ctx context.Context, company string, f Filter, at hajir.LeaveRequest) ([]hajir.LeaveRequest, error) {
	if f.Username != "" {
		return d.Store.LeaveRequestsOf(ctx, f.Username, at, pageSize)
	}
	return d.Store.LeaveRequestsIn(ctx, company, at, pageSize)
}
