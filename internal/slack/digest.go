package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// RunDue orders the digests that are due, and reminders of people who have not
// come; courier.go brings them.
// It is asked every few minutes, and does each thing once a day.
func (s *Service) RunDue(ctx context.Context) error {
	if !s.App.Set() {
		return nil
	}
	companies, err := s.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("list companies: %w", err)
	}
	var errs []error
	for _, company := range companies {
		c, err := s.Settings(ctx, company.Username)
		if err == nil && c.Connected() {
			err = errors.Join(s.digest(ctx, company, c), s.remind(ctx, company, c))
		}
		if err != nil { // the others are not kept waiting
			errs = append(errs, fmt.Errorf("tell %s's Slack: %w", company.Username, err))
		}
	}
	return errors.Join(errs...)
}

// digest orders the post that says who is here and what is on: the notice is
// written with the date, so that it is ordered once and posted at least once.
func (s *Service) digest(ctx context.Context, company hajir.Company, c hajir.Slack) error {
	loc, err := company.Location()
	if err != nil {
		return err
	}
	date := c.DigestDue(s.Now(), loc)
	if date == "" {
		return nil
	}
	c.Digested = date
	err = s.Store.SaveSlack(ctx, c)
	if err != nil && hajir.CodeOf(err) != hajir.Conflict { // another process does it, or it was changed: asked again soon
		return fmt.Errorf("save Slack connection: %w", err)
	}
	return nil
}

// postDigest posts the digest that a notice has ordered, unless the morning is
// over.
func (d Courier) postDigest(ctx context.Context, c hajir.Slack, x hajir.Delivery) error {
	company, err := d.Store.Company(ctx, x.Company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	loc, err := company.Location()
	if err != nil || c.DigestStale(x.Date, d.Now(), loc) {
		return err
	}
	m, err := d.morning(ctx, company, x.Date)
	if err != nil || m.text == "" {
		return err
	}
	return d.tellOnce(ctx, c, c.Channel, "notice/"+x.Key(), m)
}

// morning is the digest of a date: nothing when nobody is expected and nothing
// is on.
func (s *Service) morning(ctx context.Context, company hajir.Company, date string) (message, error) {
	all, loc, err := s.Board(ctx, company.Username, "")
	if err != nil {
		return message{}, err
	}
	occasions, err := s.Events.In(ctx, identity.Principal{Company: company.Username, Username: company.Username, Role: hajir.RoleAdmin}, date, date)
	if err != nil {
		return message{}, err
	}
	var on []string
	for _, o := range occasions {
		if o.Scope != hajir.ScopeCompany { // not everybody's business
			continue
		}
		line := "• " + plain(o.Title)
		if start, end, ok := o.Times(loc); ok {
			line += ", " + clock(start, loc) + "–" + clock(end, loc)
		}
		on = append(on, line)
	}
	expected := false
	for _, p := range all {
		expected = expected || p.Day.Presence(p.Reckoning) != hajir.PresenceOff || p.Leave != hajir.NoLeave
	}
	if !expected && len(on) == 0 {
		return message{}, nil
	}
	title := s.Date(date, company.DatesOf(hajir.Employee{}))
	m := message{
		text:   company.Name + ": " + title,
		blocks: []slackgo.Block{slackgo.NewHeaderBlock(label(title, 150))},
	}
	if expected {
		m = m.with(lists(all, loc)...)
	}
	if len(on) > 0 {
		m = m.with(section(":calendar: *Today*\n" + strings.Join(on, "\n")))
	}
	return m, nil
}

// absentRef is what a reminder is noted under, and absent the name space of the
// IDs of their notices: so that one is ordered once.
func absentRef(username, date string) string { return "absent/" + username + "/" + date }

var absent = uuid.MustParse("8f6c2a57-0f0e-4c58-9a53-5f7d1d0c8a46")

// remind orders a message to linked people who are expected, and later than the
// grace allows: once a day.
func (s *Service) remind(ctx context.Context, company hajir.Company, c hajir.Slack) error {
	if !c.Remind {
		return nil
	}
	links, err := s.linked(ctx, c)
	if err != nil || len(links) == 0 {
		return err
	}
	is := make(map[string]bool, len(links))
	for _, l := range links {
		is[l.Username] = true
	}
	all, _, err := s.Board(ctx, company.Username, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range all {
		if !is[p.Employee.Username] || !p.missed() {
			continue
		}
		ref := absentRef(p.Employee.Username, p.Day.Date)
		sent, err := s.Store.SlackMessages(ctx, ref)
		if err == nil && len(sent) == 0 {
			err = s.Store.Raise(ctx, hajir.Notice{
				ID: uuid.NewSHA1(absent, []byte(ref)).String(), Company: company.Username, Kind: hajir.NoticeAbsent,
				At: s.Now().UTC(), Person: p.Employee.Username, Date: p.Day.Date, Ref: p.Day.Date,
			})
		}
		if err != nil && hajir.CodeOf(err) != hajir.Conflict { // it waits already
			errs = append(errs, fmt.Errorf("remind %s: %w", p.Employee.Username, err))
		}
	}
	return errors.Join(errs...)
}

// missed says whether somebody who is expected has not come.
func (p Present) missed() bool { return p.Flagged(hajir.FlagNotHere) && p.Employee.Active }

// reminder is what somebody is told who has still not come on a date.
func (d Courier) reminder(ctx context.Context, c caller, date string) (message, error) {
	all, _, err := d.Board(ctx, c.Company, "")
	if err != nil {
		return message{}, err
	}
	for _, p := range all {
		if p.Employee.Username == c.username && p.Day.Date == date && p.missed() {
			return say("You were expected at *" + clock(p.Start, c.loc) + "*, and nothing shows that you came. If you are in, check in, or ask for a correction; if not, `/hajir leave` asks for leave."), nil
		}
	}
	return message{}, nil // they came meanwhile
}

// keepMessages is for how long messages with buttons are changed when somebody
// decides.
const keepMessages = 180 * 24 * time.Hour

// Forget removes what has had its time.
func (s *Service) Forget(ctx context.Context) error {
	return s.Store.DeleteOldSlackMessages(ctx, s.Now().Add(-keepMessages))
}
