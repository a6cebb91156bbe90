package slack

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// Scopes are what the bot may do in a workspace, as deploy/slack/manifest.yaml
// asks for them.
func Scopes() []string {
	return []string{"channels:read", "chat:write", "chat:write.public", "commands", "groups:read", "im:write"}
}

// authorizeURL is where somebody agrees that their workspace is connected.
const authorizeURL = "https://slack.com/oauth/v2/authorize"

// InstallPath is the page that Slack leads back to.
const InstallPath = "/slack/installed"

func (s *Service) redirectURL() string { return s.SiteURL + InstallPath }

func (s *Service) hasApp() error {
	if !s.App.Set() {
		return hajir.Errorf(hajir.NotFound, "this installation has no Slack app; its operator can name one with --slack-client-id")
	}
	return nil
}

// BeginInstall returns the address at which an admin agrees. The answer is taken
// once, in the session that asked.
func (s *Service) BeginInstall(_ context.Context, company, by, session string) (string, error) {
	if err := s.hasApp(); err != nil {
		return "", err
	}
	state, err := s.sign(toInstall, installLife, ticket{Company: company, Username: by, Session: session})
	if err != nil {
		return "", err
	}
	return authorizeURL + "?" + url.Values{
		"client_id": {s.App.ClientID}, "scope": {strings.Join(Scopes(), ",")}, "state": {state}, "redirect_uri": {s.redirectURL()},
	}.Encode(), nil
}

// askTime bounds one question to Slack that somebody waits for.
const askTime = 10 * time.Second

// Install connects the workspace whose admin agreed.
func (s *Service) Install(ctx context.Context, company, by, session, code, state string) (hajir.Slack, error) {
	if err := s.hasApp(); err != nil {
		return hajir.Slack{}, err
	}
	t, err := s.read(toInstall, state)
	if err != nil {
		return hajir.Slack{}, hajir.Errorf(hajir.Invalid, "this did not begin here, or took too long; connect Slack again")
	}
	if t.Company != company || t.Username != by || t.Session != session {
		return hajir.Slack{}, hajir.Errorf(hajir.Forbidden, "this was begun by somebody else, or in another browser; connect Slack again")
	}
	if err := s.use(ctx, t); err != nil {
		return hajir.Slack{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	r, err := slackgo.GetOAuthV2ResponseContext(ctx, s.HTTP, s.App.ClientID, s.App.ClientSecret, code, s.redirectURL(), slackgo.OAuthOptionAPIURL(s.App.API))
	if err != nil {
		return hajir.Slack{}, refusal("Slack did not take the connection; try again", err)
	}
	if r.IsEnterpriseInstall || r.Team.ID == "" || r.TokenType != "bot" || r.AccessToken == "" {
		return hajir.Slack{}, hajir.Errorf(hajir.Invalid, "connect a single workspace; one connection for a whole organisation is not supported")
	}
	granted := strings.Split(r.Scope, ",")
	for _, scope := range Scopes() {
		if !slices.Contains(granted, scope) {
			return hajir.Slack{}, hajir.Errorf(hajir.Invalid, "Slack did not allow %s, which Hajir needs; make the app by the manifest, and connect Slack again", scope)
		}
	}
	return s.change(ctx, company, func(c hajir.Slack) (hajir.Slack, error) {
		if c.Team != r.Team.ID { // the channel was another workspace's
			c = c.Disconnected()
		}
		c.Team, c.TeamName, c.Bot, c.Token = r.Team.ID, r.Team.Name, r.BotUserID, r.AccessToken
		c.InstalledAt, c.InstalledBy = s.Now().UTC(), by
		return c, nil
	})
}

// maxTries bounds how often a change is made anew when others changed the same
// meanwhile.
const maxTries = 8

// change loads a company's connection, changes and saves it.
func (s *Service) change(ctx context.Context, company string, f func(hajir.Slack) (hajir.Slack, error)) (hajir.Slack, error) {
	for try := 1; ; try++ {
		c, err := s.Store.Slack(ctx, company)
		if err != nil {
			return c, fmt.Errorf("load Slack connection: %w", err)
		}
		if c, err = f(c); err != nil {
			return c, err
		}
		err = s.Store.SaveSlack(ctx, c)
		if err == nil {
			c.Version++
			return c, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return c, fmt.Errorf("save Slack connection: %w", err)
		}
		if other, e := s.Store.SlackByTeam(ctx, c.Team); c.Team != "" && e == nil && other.Company != company {
			return c, hajir.Errorf(hajir.Conflict, "this workspace is connected with another company here; disconnect it there first")
		}
		if try == maxTries {
			return c, fmt.Errorf("save Slack connection: %w", err)
		}
	}
}

// Uninstall disconnects a company's workspace, and takes the token back. That
// Slack cannot be asked does not keep it connected here.
func (s *Service) Uninstall(ctx context.Context, company string) error {
	var was hajir.Slack
	_, err := s.change(ctx, company, func(c hajir.Slack) (hajir.Slack, error) {
		was = c
		if !c.Connected() {
			return c, hajir.Errorf(hajir.NotFound, "Slack is not connected")
		}
		return c.Disconnected(), nil
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if err := s.client(was.Token).UninstallAppContext(ctx, s.App.ClientID, s.App.ClientSecret); err != nil {
		s.Log.WarnContext(ctx, "Slack was not told that its workspace is disconnected; an admin of the workspace can remove the app", "company", company, "error", err)
	}
	return nil
}

// revoked forgets the token of a workspace that ended the connection at a time.
// A connection made since then stays: Slack tells late, and more than once.
func (s *Service) revoked(ctx context.Context, team string, at time.Time) error {
	c, err := s.Store.SlackByTeam(ctx, team)
	if hajir.CodeOf(err) == hajir.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load Slack connection: %w", err)
	}
	_, err = s.change(ctx, c.Company, func(c hajir.Slack) (hajir.Slack, error) {
		if c.Team == team && !c.InstalledAt.Truncate(time.Second).After(at) {
			c = c.Disconnected()
		}
		return c, nil
	})
	return err
}

// Settings returns a company's connection.
func (s *Service) Settings(ctx context.Context, company string) (hajir.Slack, error) {
	c, err := s.Store.Slack(ctx, company)
	if err != nil {
		return c, fmt.Errorf("load Slack connection: %w", err)
	}
	return c, nil
}

// Set changes what a company wants of Slack, as it was read at a version.
func (s *Service) Set(ctx context.Context, in hajir.Slack) (hajir.Slack, error) {
	if err := in.Validate(); err != nil {
		return in, err
	}
	c, err := s.Settings(ctx, in.Company)
	if err != nil {
		return c, err
	}
	if in.Version != c.Version {
		return c, hajir.Errorf(hajir.Conflict, "somebody else changed this meanwhile; load it again")
	}
	if in.Channel != "" && !c.Connected() {
		return c, hajir.Errorf(hajir.Invalid, "connect Slack before you choose a channel")
	}
	c.Channel, c.ChannelName, c.Post, c.DigestAt, c.Remind = in.Channel, in.ChannelName, in.Post, in.DigestAt, in.Remind
	c.Punch, c.Networks, c.Fence = in.Punch, in.Networks, in.Fence
	if err := s.Store.SaveSlack(ctx, c); err != nil {
		return c, fmt.Errorf("save Slack connection: %w", err)
	}
	c.Version++
	return c, nil
}

// Room is a channel that can be posted in.
type Room struct {
	ID, Name string
	Private  bool
}

// maxChannelPages bounds how many pages of 200 channels are asked for.
const maxChannelPages = 10

// Channels returns the workspace's channels in which the bot can post: public
// ones, and private ones that it was invited to.
func (s *Service) Channels(ctx context.Context, company string) ([]Room, error) {
	c, err := s.Settings(ctx, company)
	if err != nil {
		return nil, err
	}
	if !c.Connected() {
		return nil, hajir.Errorf(hajir.NotFound, "Slack is not connected")
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	all := []Room{}
	p := &slackgo.GetConversationsParameters{ExcludeArchived: true, Limit: 200, Types: []string{"public_channel", "private_channel"}}
	for range maxChannelPages {
		page, next, err := s.client(c.Token).GetConversationsContext(ctx, p)
		if err != nil {
			return nil, refusal("Slack did not tell its channels; try again", err)
		}
		for _, one := range page {
			all = append(all, Room{ID: one.ID, Name: one.Name, Private: one.IsPrivate})
		}
		if next == "" {
			break
		}
		p.Cursor = next
	}
	slices.SortFunc(all, func(a, b Room) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// refusal is what Slack answered, for somebody who waits for it.
func refusal(message string, err error) error {
	e := &hajir.Error{Code: hajir.Unavailable, Message: message, Cause: err}
	if limited, ok := limit(err); ok {
		e.Code, e.RetryAfter = hajir.RateLimited, limited
	}
	return e
}
