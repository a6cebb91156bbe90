package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// RunDue posts the digests that are due, and reminds people who have not come.
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

// digest posts who is here and what is on. It is written down first that it was,
// so that two processes do not both post it, and taken back if Slack refuses.
func (s *Service) digest(ctx context.Context, company hajir.Company, c hajir.Slack) error {
	loc, err := company.Location()
	if err != nil {
		return err
	}
	date := c.DigestDue(s.Now(), loc)
	if date == "" {
		return nil
	}
	m, err := s.morning(ctx, company, date)
	if err != nil {
		return err
	}
	was := c.Digested
	c.Digested = date
	if err := s.Store.SaveSlack(ctx, c); err != nil {
		if hajir.CodeOf(err) == hajir.Conflict { // another process does it, or it was changed: asked again soon
			return nil
		}
		return fmt.Errorf("save Slack connection: %w", err)
	}
	if m.text == "" {
		return nil
	}
	if _, err := s.tell(ctx, c, c.Channel, m); err != nil {
		_, undo := s.change(context.WithoutCancel(ctx), c.Company, func(c hajir.Slack) (hajir.Slack, error) {
			if c.Digested == date {
				c.Digested = was
			}
			return c, nil
		})
		return errors.Join(fmt.Errorf("post digest: %w", err), undo)
	}
	return nil
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

// remind writes to linked people who are expected, and later than the grace
// allows: once a day.
func (s *Service) remind(ctx context.Context, company hajir.Company, c hajir.Slack) error {
	if !c.Remind {
		return nil
	}
	links, err := s.linked(ctx, c)
	if err != nil || len(links) == 0 {
		return err
	}
	members := make(map[string]string, len(links))
	for _, l := range links {
		members[l.Username] = l.User
	}
	all, _, err := s.Board(ctx, company.Username, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range all {
		member := members[p.Employee.Username]
		if member == "" || !p.Flagged(hajir.FlagNotHere) || !p.Employee.Active {
			continue
		}
		loc, err := company.LocationOf(p.Employee)
		if err != nil {
			return err
		}
		err = s.Store.UseChallenge(ctx, "slack-absent/"+p.Employee.Username+"/"+p.Day.Date, s.Now().Add(2*24*time.Hour))
		if hajir.CodeOf(err) == hajir.Conflict {
			continue
		}
		if err == nil {
			text := "You were expected at *" + clock(p.Start, loc) + "*, and nothing shows that you came. If you are in, check in, or ask for a correction; if not, `/hajir leave` asks for leave."
			_, err = s.tell(ctx, c, member, say(text))
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("remind %s: %w", p.Employee.Username, err))
		}
	}
	return errors.Join(errs...)
}

// keepMessages is for how long messages with buttons are changed when somebody
// decides.
const keepMessages = 180 * 24 * time.Hour

// Forget removes what has had its time.
func (s *Service) Forget(ctx context.Context) error {
	return s.Store.DeleteOldSlackMessages(ctx, s.Now().Add(-keepMessages))
}
