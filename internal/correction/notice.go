package correction

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Notice is what a message about a correction tells.
type Notice struct {
	Kind       mail.Kind // mail.CorrectionRequested or mail.CorrectionDecided
	Company    hajir.Company
	Location   *time.Location  // the employee's, in which times are told
	To         string          // the reader's name
	Dates      hajir.DateStyle // how dates are written for them
	Person     string          // the employee's name
	Date       string
	Correction hajir.Correction
	Decider    string // who did the last step
	Link       string
}

// tellDecider writes to who has, or had, to decide, and to who stands in for
// them.
func (d *Desk) tellDecider(ctx context.Context, p person, x hajir.DayCorrections, c hajir.Correction) {
	ctx = context.WithoutCancel(ctx)
	decider := c.Decider
	if decider == "" { // it was withdrawn
		decider, _, _ = d.Deciders.Deciders(ctx, p.company, p.Employee)
	}
	readers := []string{decider}
	if delegate, err := d.Deciders.StandIn(ctx, p.company, decider); err == nil && delegate != "" && delegate != p.Username {
		readers = append(readers, delegate)
	}
	for _, reader := range readers {
		d.tell(ctx, p, reader, Notice{Kind: mail.CorrectionRequested, Date: x.Date, Correction: c, Link: d.SiteURL + "/to-decide"})
	}
}

// tellEmployee writes to the employee what became of their correction.
func (d *Desk) tellEmployee(ctx context.Context, p person, x hajir.DayCorrections, c hajir.Correction) {
	d.tell(context.WithoutCancel(ctx), p, p.Username, Notice{Kind: mail.CorrectionDecided, Date: x.Date, Correction: c, Link: d.SiteURL + "/"})
}

// tell writes to one person while the caller goes on. What fails is logged: the
// change is stored, and the site shows it.
func (d *Desk) tell(ctx context.Context, p person, reader string, n Notice) {
	to, dates, err := d.Deciders.Reader(ctx, p.company, reader)
	if err != nil {
		d.Log.WarnContext(ctx, "nobody was told about a correction", "username", reader, "error", err)
		return
	}
	if to.Address == "" {
		return
	}
	n.Company, n.Location, n.To, n.Dates, n.Person = p.company, p.loc, to.Name, dates, p.Name
	if last := n.Correction.History; len(last) > 0 && last[len(last)-1].By != "" {
		if by, _, err := d.Deciders.Reader(ctx, p.company, last[len(last)-1].By); err == nil {
			n.Decider = by.Name
		}
	}
	m, err := d.Letter(n)
	if err != nil {
		d.Log.WarnContext(ctx, "a message about a correction was not written", "username", reader, "error", err)
		return
	}
	m.ID, m.To = "correction-"+uuid.NewString(), to
	d.sending.Send(ctx, d.Mail, m, func(err error) {
		d.Log.WarnContext(ctx, "a message about a correction was not sent; the site shows what it says", "username", reader, "error", err)
	})
}
