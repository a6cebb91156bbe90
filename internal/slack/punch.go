package slack

import (
	"context"
	"fmt"
	"net/netip"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// PunchPath is the page that records a punch where Slack cannot tell where
// somebody is. What follows the # is not sent to any server.
const PunchPath = "/slack/punch#token="

// come records that the caller comes or goes, or leads them to a page that does.
func (s *Service) come(ctx context.Context, c caller, want hajir.Direction) (message, error) {
	if err := mayPunch(c); err != nil {
		return message{}, err
	}
	if !c.Bound() {
		p, err := s.Punch(ctx, Attempt{Company: c.Company, Username: c.username, Want: want})
		if err != nil {
			return message{}, err
		}
		return say(punched(p)), nil
	}
	text, err := s.sign(toPunch, punchLife, ticket{Company: c.Company, Team: c.Team, Member: c.member, Username: c.username, Want: want})
	if err != nil {
		return message{}, err
	}
	what := "come"
	if want == hajir.Exit {
		what = "leave"
	}
	m := say("Your company asks where you are when you " + what + ", and Slack does not tell. Open this page within five minutes; it is good once, and yours alone.")
	return m.with(slackgo.NewActionBlock("", door("Record that I "+what, s.SiteURL+PunchPath+text))), nil
}

func mayPunch(c caller) error {
	switch {
	case !c.Punch:
		return hajir.Errorf(hajir.Forbidden, "your company does not let people come and go by Slack; use the kiosk")
	case c.role == hajir.RoleAdmin || !c.person.Attends():
		return hajir.Errorf(hajir.Forbidden, "your account has no attendance, so there is nothing to record")
	}
	return nil
}

func punched(p Punched) string {
	at := p.Punch.At.In(p.Location).Format("15:04")
	if p.Punch.Direction == hajir.Exit {
		return "You left at *" + at + "*. See you!"
	}
	return "You are in since *" + at + "*. Have a good day!"
}

// Punching is what a link to the page records.
type Punching struct {
	Company string
	Name    string
	Want    hajir.Direction
	Place   bool // the position is asked for
}

// ReadPunch tells what a link records.
func (s *Service) ReadPunch(ctx context.Context, text string) (Punching, error) {
	_, c, want, err := s.punching(ctx, text)
	return Punching{Company: c.company.Name, Name: c.name(), Want: want, Place: c.Fence != nil}, err
}

func (s *Service) punching(ctx context.Context, text string) (ticket, caller, hajir.Direction, error) {
	t, err := s.read(toPunch, text)
	if err != nil {
		return t, caller{}, "", err
	}
	c, err := s.who(ctx, t.Team, t.Member)
	if hajir.CodeOf(err) == hajir.NotFound {
		return t, c, t.Want, hajir.Errorf(hajir.Conflict, "this workspace is not connected any more")
	}
	if err != nil {
		return t, c, t.Want, err
	}
	if c.Company != t.Company || c.username != t.Username { // linked anew since
		return t, c, t.Want, errTicket
	}
	return t, c, t.Want, mayPunch(c)
}

// PunchHere records the punch of a link from where its reader is. Who is at the
// wrong place may try again from the right one; a punch is recorded once.
func (s *Service) PunchHere(ctx context.Context, text string, client netip.Addr, at *hajir.Position) (Punched, error) {
	t, c, want, err := s.punching(ctx, text)
	if err != nil {
		return Punched{}, err
	}
	if err := c.Admit(client, at); err != nil {
		return Punched{}, err
	}
	if err := s.use(ctx, t); err != nil {
		return Punched{}, err
	}
	act := identity.ActOf(ctx)
	p, err := s.Punch(c.acting(ctx, act.Operation), Attempt{Company: c.Company, Username: c.username, Want: want, Key: "slack/" + t.ID})
	if err != nil {
		return p, fmt.Errorf("record punch: %w", err)
	}
	return p, nil
}
