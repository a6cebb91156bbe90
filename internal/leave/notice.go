package leave

import (
	"context"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Notice is what a message about a request tells.
type Notice struct {
	Kind    mail.Kind // mail.LeaveRequested or mail.LeaveDecided
	Company hajir.Company
	To      string          // the reader's name
	Dates   hajir.DateStyle // how dates are written for them
	Person  string          // the employee's name
	Type    string          // the leave's name
	Request hajir.LeaveRequest
	Decider string // who did the last step
	Link    string
}

// tellDecider writes to who has to decide, and to who stands in for them.
func (d *Desk) tellDecider(ctx context.Context, p person, r hajir.LeaveRequest, t hajir.LeaveType) {
	readers := []string{r.Decider}
	if delegate, err := d.StandIn(ctx, p.company, r.Decider); err == nil && delegate != "" && delegate != p.Username {
		readers = append(readers, delegate)
	}
	for _, reader := range readers {
		d.tell(ctx, p, reader, Notice{Kind: mail.LeaveRequested, Request: r, Type: t.Name, Link: d.SiteURL + "/to-decide"})
	}
}

// tellEmployee writes to the employee what became of their request.
func (d *Desk) tellEmployee(ctx context.Context, p person, r hajir.LeaveRequest, t hajir.LeaveType) {
	d.tell(ctx, p, p.Username, Notice{Kind: mail.LeaveDecided, Request: r, Type: t.Name, Link: d.SiteURL + "/leave"})
}

// tell writes to one person while the caller goes on. What fails is logged: the
// change is stored, and the site shows it.
func (d *Desk) tell(ctx context.Context, p person, reader string, n Notice) {
	ctx = context.WithoutCancel(ctx)
	to, dates, err := d.Reader(ctx, p.company, reader)
	if err != nil {
		d.Log.WarnContext(ctx, "nobody was told about leave", "username", reader, "error", err)
		return
	}
	if to.Address == "" {
		return
	}
	n.Company, n.To, n.Dates, n.Person = p.company, to.Name, dates, p.Name
	if last := n.Request.History; len(last) > 0 {
		if by, _, err := d.Reader(ctx, p.company, last[len(last)-1].By); err == nil {
			n.Decider = by.Name
		}
	}
	m, err := d.Letter(n)
	if err != nil {
		d.Log.WarnContext(ctx, "a message about leave was not written", "username", reader, "error", err)
		return
	}
	m.ID, m.To = "leave-"+uuid.NewString(), to
	d.sending.Send(ctx, d.Mail, m, func(err error) {
		d.Log.WarnContext(ctx, "a message about leave was not sent; the site shows what it says", "username", reader, "error", err)
	})
}

// Reader returns where somebody is reached, and how dates are written for them:
// one of the people, or the admin.
func (d *Desk) Reader(ctx context.Context, c hajir.Company, username string) (mail.Address, hajir.DateStyle, error) {
	if username == c.Username {
		return mail.Address{Name: c.Name, Address: c.Email}, c.DatesOf(hajir.Employee{}), nil
	}
	e, err := d.Store.Employee(ctx, username)
	if err == nil {
		err = e.BelongsTo(c.Username)
	}
	return mail.Address{Name: e.Name, Address: e.Email}, c.DatesOf(e), err
}
