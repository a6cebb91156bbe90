package slack

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type slackOutput struct{ Body slackBody }

type slackBody struct {
	Available   bool       `json:"available" doc:"The operator has named a Slack app, so that a workspace can be connected"`
	Connected   bool       `json:"connected"`
	TeamID      string     `json:"team_id,omitempty" doc:"The workspace's ID" example:"T0123456"`
	TeamName    string     `json:"team_name,omitempty"`
	InstalledAt *time.Time `json:"installed_at,omitempty"`
	InstalledBy string     `json:"installed_by,omitempty" doc:"The account that connected it"`
	Linked      int        `json:"linked" doc:"How many of the company's people are linked"`
	SlackSettingsBody
	Version int `json:"version"`
}

// SlackSettingsBody is what a company wants of Slack, in the API.
type SlackSettingsBody struct { //nolint:revive // it names the schema in the API
	ChannelID    string     `json:"channel_id" maxLength:"64" doc:"Where it is posted; empty: nowhere" example:"C0123456"`
	ChannelName  string     `json:"channel_name" maxLength:"200"`
	Digest       bool       `json:"post_digest" doc:"Who is in, late and on leave, and what is on, each morning"`
	Questions    bool       `json:"post_questions" doc:"That somebody asks the company something"`
	Doubtful     bool       `json:"post_doubtful" doc:"That a punch wants to be looked at"`
	MissingExits bool       `json:"post_missing_exits" doc:"Whose exit is missing"`
	DigestAt     string     `json:"digest_at" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"a time as HH:MM" doc:"By the company's clocks" example:"09:30"`
	Remind       bool       `json:"remind" doc:"People who have not come, or forgot to leave, are written to"`
	Punch        bool       `json:"punch" doc:"People may come and go by /hajir in and out"`
	Networks     []string   `json:"networks" maxItems:"50" doc:"From where; empty: from anywhere" example:"[\"192.168.1.0/24\"]"`
	Fence        *fenceBody `json:"fence,omitempty" doc:"Where; absent: anywhere"`
}

type fenceBody struct {
	Latitude  float64 `json:"latitude" minimum:"-90" maximum:"90"`
	Longitude float64 `json:"longitude" minimum:"-180" maximum:"180"`
	Radius    float64 `json:"radius" minimum:"10" maximum:"100000" doc:"Metres"`
}

type changeSlackInput struct {
	api.CompanyPath
	Body struct {
		SlackSettingsBody
		Version int `json:"version" doc:"That was read"`
	}
}

type beginInstallOutput struct {
	Body struct {
		URL string `json:"url" doc:"Where the workspace's owner agrees; good for 15 minutes, in this session"`
	}
}

type finishInstallInput struct {
	api.CompanyPath
	Body struct {
		Code  string `json:"code" minLength:"1" maxLength:"500" doc:"As Slack brought it"`
		State string `json:"state" minLength:"1" maxLength:"2000" doc:"Likewise"`
	}
}

type slackChannelsOutput struct {
	Body struct {
		Channels []slackChannelBody `json:"channels" doc:"In order of names"`
	}
}

type slackChannelBody struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
}

func (s *Service) registerSettings(a *api.API) {
	admin := api.Access{Function: api.Slack, Allow: []hajir.Role{hajir.RoleAdmin}}
	reads := api.Access{Function: api.Slack, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}
	const path = "/companies/{company}/slack"
	api.Register(a, huma.Operation{
		OperationID: "get-slack", Method: http.MethodGet, Path: path, Summary: "The company's connection with Slack",
	}, reads, s.getSlack)
	api.Register(a, huma.Operation{
		OperationID: "change-slack", Method: http.MethodPut, Path: path, Summary: "Set what the company wants of Slack",
		Errors: []int{http.StatusConflict},
	}, admin, s.changeSlack)
	api.Register(a, huma.Operation{
		OperationID: "begin-slack-install", Method: http.MethodPost, Path: path + "/install", DefaultStatus: http.StatusCreated,
		Summary: "Begin to connect a workspace",
	}, admin, s.beginInstall)
	api.Register(a, huma.Operation{
		OperationID: "finish-slack-install", Method: http.MethodPost, Path: path + "/install/finish", DefaultStatus: http.StatusOK,
		Summary:     "Connect the workspace whose owner agreed",
		Description: "With what Slack brought to the page " + InstallPath + ": once, and in the session that began it.",
		Errors:      []int{http.StatusConflict},
	}, admin, s.finishInstall)
	api.Register(a, huma.Operation{
		OperationID: "uninstall-slack", Method: http.MethodDelete, Path: path, Summary: "Disconnect the workspace",
		Description: "The app is removed from it. What was set, and who is linked, stays.", Errors: []int{http.StatusNotFound},
	}, admin, s.uninstallSlack)
	api.Register(a, huma.Operation{
		OperationID: "list-slack-channels", Method: http.MethodGet, Path: path + "/channels", Summary: "Channels that can be posted in",
		Description: "Public ones, and private ones that the bot was invited to.", Errors: []int{http.StatusNotFound},
	}, admin, s.listChannels)
}

func (s *Service) describeSettings(ctx context.Context, c hajir.Slack) (*slackOutput, error) {
	links, err := s.linked(ctx, c)
	if err != nil {
		return nil, err
	}
	b := slackBody{
		Available: s.App.Set(), Connected: c.Connected(), TeamID: c.Team, TeamName: c.TeamName, InstalledBy: c.InstalledBy,
		Linked: len(links), Version: c.Version,
		SlackSettingsBody: SlackSettingsBody{
			ChannelID: c.Channel, ChannelName: c.ChannelName, Digest: c.Post.Digest, Questions: c.Post.Questions,
			Doubtful: c.Post.Doubtful, MissingExits: c.Post.MissingExits, DigestAt: c.DigestAt.String(), Remind: c.Remind,
			Punch: c.Punch, Networks: make([]string, len(c.Networks)), Fence: (*fenceBody)(c.Fence),
		},
	}
	for i, n := range c.Networks {
		b.Networks[i] = n.String()
	}
	if c.Connected() {
		b.InstalledAt = &c.InstalledAt
	}
	return &slackOutput{Body: b}, nil
}

func (s *Service) getSlack(ctx context.Context, in *api.CompanyPath) (*slackOutput, error) {
	c, err := s.Settings(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	return s.describeSettings(ctx, c)
}

func (s *Service) changeSlack(ctx context.Context, in *changeSlackInput) (*slackOutput, error) {
	b := in.Body
	at, err := hajir.ParseClock(b.DigestAt)
	if err != nil {
		return nil, err
	}
	networks, err := hajir.ParseNetworks(b.Networks)
	if err != nil {
		return nil, err
	}
	c, err := s.Set(ctx, hajir.Slack{
		Company: in.Company, Channel: b.ChannelID, ChannelName: b.ChannelName,
		Post:     hajir.SlackPost{Digest: b.Digest, Questions: b.Questions, Doubtful: b.Doubtful, MissingExits: b.MissingExits},
		DigestAt: at, Remind: b.Remind, Punch: b.Punch, Networks: networks, Fence: (*hajir.Geofence)(b.Fence), Version: b.Version,
	})
	if err != nil {
		return nil, err
	}
	return s.describeSettings(ctx, c)
}

func (s *Service) beginInstall(ctx context.Context, in *api.CompanyPath) (*beginInstallOutput, error) {
	who := api.Caller(ctx)
	address, err := s.BeginInstall(ctx, in.Company, who.Username, who.Session)
	if err != nil {
		return nil, err
	}
	out := &beginInstallOutput{}
	out.Body.URL = address
	return out, nil
}

func (s *Service) finishInstall(ctx context.Context, in *finishInstallInput) (*slackOutput, error) {
	who := api.Caller(ctx)
	c, err := s.Install(ctx, in.Company, who.Username, who.Session, in.Body.Code, in.Body.State)
	if err != nil {
		return nil, err
	}
	return s.describeSettings(ctx, c)
}

func (s *Service) uninstallSlack(ctx context.Context, in *api.CompanyPath) (*struct{}, error) {
	return nil, s.Uninstall(ctx, in.Company)
}

func (s *Service) listChannels(ctx context.Context, in *api.CompanyPath) (*slackChannelsOutput, error) {
	all, err := s.Channels(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &slackChannelsOutput{}
	out.Body.Channels = make([]slackChannelBody, len(all))
	for i, c := range all {
		out.Body.Channels[i] = slackChannelBody(c)
	}
	return out, nil
}
