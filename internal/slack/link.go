package slack

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// LinkPath is the page on which somebody says that a member of the workspace is
// them. What follows the # is not sent to any server.
const LinkPath = "/slack/link#token="

// invite returns the link by which a member says who they are.
func (s *Service) invite(c caller) (string, error) {
	text, err := s.sign(toLink, linkLife, ticket{Company: c.Company, Team: c.Team, Member: c.member})
	return s.SiteURL + LinkPath + text, err
}

// Invited is what a link asks its reader.
type Invited struct {
	TeamName string
	Member   string
	// Already is who the member is linked with now; "" is nobody.
	Already string
	// Own is the member that the reader is linked with now; "" is none.
	Own string
}

// Invitation tells the reader of a link what it asks.
func (s *Service) Invitation(ctx context.Context, company, username, text string) (Invited, error) {
	_, c, err := s.invitation(ctx, company, text)
	if err != nil {
		return Invited{}, err
	}
	out := Invited{TeamName: c.TeamName, Member: c.member, Already: c.username}
	own, err := s.Store.SlackLink(ctx, username)
	if err == nil && own.Team == c.Team {
		out.Own = own.User
	}
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return out, fmt.Errorf("load link with Slack: %w", err)
	}
	return out, nil
}

func (s *Service) invitation(ctx context.Context, company, text string) (ticket, caller, error) {
	t, err := s.read(toLink, text)
	if err != nil {
		return t, caller{}, err
	}
	if t.Company != company {
		return t, caller{}, hajir.Errorf(hajir.Forbidden, "this link is of another company's Slack; sign in with your account there")
	}
	c, err := s.who(ctx, t.Team, t.Member)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && c.Company != company {
		return t, c, hajir.Errorf(hajir.Conflict, "this workspace is not connected any more")
	}
	return t, c, err
}

// Link says that a member of the workspace is the reader of a link, who may have
// been another one before; and the member, somebody else.
func (s *Service) Link(ctx context.Context, company, username, text string) (hajir.SlackLink, error) {
	var l hajir.SlackLink
	t, c, err := s.invitation(ctx, company, text)
	if err != nil {
		return l, err
	}
	if err := s.use(ctx, t); err != nil {
		return l, err
	}
	if other, err := s.Store.SlackLinkByUser(ctx, t.Team, t.Member); err == nil && other.Username != username {
		if err := s.Store.DeleteSlackLink(ctx, other.Username); err != nil {
			return l, fmt.Errorf("end the other link with Slack: %w", err)
		}
	}
	if l, err = s.Store.SlackLink(ctx, username); err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return l, fmt.Errorf("load link with Slack: %w", err)
	}
	l.Username, l.Company, l.Team, l.User, l.LinkedAt = username, company, t.Team, t.Member, s.Now().UTC()
	if err := s.Store.SaveSlackLink(ctx, l); err != nil {
		return l, fmt.Errorf("save link with Slack: %w", err)
	}
	l.Version++
	s.later(ctx, "greet", func(ctx context.Context) error {
		c, err := s.as(ctx, c, username)
		if err != nil {
			return err
		}
		_, err = s.tell(ctx, c.Slack, t.Member, say("You are linked as *"+plain(c.name())+"*. Try `/hajir status`, or `/hajir help`."))
		return err
	})
	return l, nil
}

// LinkOf returns who somebody is in Slack; NotFound when they are nobody there.
func (s *Service) LinkOf(ctx context.Context, company, username string) (hajir.SlackLink, error) {
	l, err := s.Store.SlackLink(ctx, username)
	if err == nil && l.Company != company {
		err = hajir.Errorf(hajir.NotFound, "not linked with Slack")
	}
	return l, err
}

// Unlink ends somebody's link.
func (s *Service) Unlink(ctx context.Context, company, username string) error {
	if _, err := s.LinkOf(ctx, company, username); err != nil {
		return err
	}
	return s.Store.DeleteSlackLink(ctx, username)
}

// pageSize is how many links one read of the store takes.
const pageSize = 500

// linked returns a company's links with the workspace that it has now.
func (s *Service) linked(ctx context.Context, c hajir.Slack) ([]hajir.SlackLink, error) {
	var all []hajir.SlackLink
	for after := ""; ; {
		page, err := s.Store.SlackLinks(ctx, c.Company, after, pageSize)
		if err != nil {
			return nil, fmt.Errorf("list links with Slack: %w", err)
		}
		for _, l := range page {
			if l.Team == c.Team || !c.Connected() {
				all = append(all, l)
			}
		}
		if len(page) < pageSize {
			return all, nil
		}
		after = page[len(page)-1].Username
	}
}

// Linked is one of the company's people who is linked.
type Linked struct {
	hajir.SlackLink
	Name string
}

// People returns who is linked, in order of usernames.
func (s *Service) People(ctx context.Context, company string) ([]Linked, error) {
	c, err := s.Settings(ctx, company)
	if err != nil {
		return nil, err
	}
	links, err := s.linked(ctx, c)
	if err != nil {
		return nil, err
	}
	all := make([]Linked, len(links))
	for i, l := range links {
		all[i] = Linked{SlackLink: l, Name: l.Username}
		e, err := s.Store.Employee(ctx, l.Username)
		switch {
		case err == nil:
			all[i].Name = e.Name
		case hajir.CodeOf(err) != hajir.NotFound:
			return nil, fmt.Errorf("load employee: %w", err)
		}
	}
	return all, nil
}
