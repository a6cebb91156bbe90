package slack

import (
	"context"
	"strings"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// showHome shows a member their day and balances on the app's own page.
func (s *Service) showHome(ctx context.Context, team, member string) error {
	c, err := s.who(ctx, team, member)
	if hajir.CodeOf(err) == hajir.NotFound { // disconnected meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.home(ctx, c)
	if err != nil {
		return err
	}
	return s.patiently(ctx, func() error {
		_, err := s.client(c.Token).PublishViewContext(ctx, slackgo.PublishViewContextRequest{
			UserID: member,
			View:   slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: m.blocks}},
		})
		return err
	})
}

func (s *Service) home(ctx context.Context, c caller) (message, error) {
	if c.username == "" {
		return s.stranger(c)
	}
	hello := message{blocks: []slackgo.Block{slackgo.NewHeaderBlock(label("Hello "+c.name(), 150))}}
	if c.role == hajir.RoleAdmin || !c.person.Attends() {
		return hello.with(section("Your account has no attendance of its own. `/hajir who` tells who is in."),
			slackgo.NewActionBlock("", door("Open Hajir", s.SiteURL+"/"))), nil
	}
	l, err := s.today(ctx, c)
	if err != nil {
		return hello, err
	}
	o, err := s.Leave.Overview(ctx, c.Company, c.username)
	if err != nil {
		return hello, err
	}
	var balances []string
	for _, t := range o.Standings {
		if !t.May {
			continue
		}
		line := "• " + plain(t.Type.Name) + ": *"
		if t.Type.Unlimited {
			line += "no limit*"
		} else {
			line += t.Available.String() + "* days left"
			if t.Pending > 0 {
				line += ", " + t.Pending.String() + " asked for"
			}
		}
		balances = append(balances, line)
	}
	hello = hello.with(section(s.describe(c, l)), slackgo.NewDividerBlock())
	buttons := []slackgo.BlockElement{}
	if len(balances) > 0 {
		hello = hello.with(section("*Leave*\n" + strings.Join(balances, "\n")))
		buttons = append(buttons, button(actionLeave, "home", "Ask for leave", slackgo.StyleDefault))
	}
	return hello.with(slackgo.NewActionBlock("", append(buttons, door("Open my days", s.SiteURL+"/"))...)), nil
}
