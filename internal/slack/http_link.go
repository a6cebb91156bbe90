package slack

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type slackLinkInput struct {
	api.CompanyPath
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"2000" doc:"Of the link"`
	}
}

type slackInvitationOutput struct {
	Body struct {
		TeamName string `json:"team_name" doc:"The workspace's"`
		MemberID string `json:"member_id" example:"U0123456"`
		Already  string `json:"already,omitempty" doc:"The account that the member is linked with now, if it is another one"`
		Own      string `json:"own,omitempty" doc:"The member that the reader is linked with now, if it is another one"`
	}
}

type ownSlackLinkOutput struct {
	Body ownSlackLinkBody
}

type ownSlackLinkBody struct {
	Connected bool       `json:"connected" doc:"The company's workspace is connected"`
	TeamName  string     `json:"team_name,omitempty"`
	MemberID  string     `json:"member_id,omitempty" doc:"Absent: not linked"`
	LinkedAt  *time.Time `json:"linked_at,omitempty"`
}

type slackPeopleOutput struct {
	Body struct {
		People []slackPersonBody `json:"people" doc:"In order of usernames"`
	}
}

type slackPersonBody struct {
	Username string    `json:"username"`
	Name     string    `json:"name"`
	MemberID string    `json:"member_id"`
	LinkedAt time.Time `json:"linked_at"`
}

func (s *Service) registerLinks(a *api.API) {
	anybody := api.Access{Function: api.Slack, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleEmployee}}
	admin := []hajir.Role{hajir.RoleAdmin}
	self := []hajir.Role{hajir.RoleEmployee, hajir.RoleAuditor}
	const path = "/companies/{company}/slack"
	api.Register(a, huma.Operation{
		OperationID: "read-slack-link", Method: http.MethodPost, Path: path + "/link/read", DefaultStatus: http.StatusOK,
		Summary: "What a link that /hajir gave asks", Errors: []int{http.StatusConflict},
	}, anybody, s.readLink)
	api.Register(a, huma.Operation{
		OperationID: "confirm-slack-link", Method: http.MethodPost, Path: path + "/link", DefaultStatus: http.StatusOK,
		Summary:     "Say that the member of the workspace is the caller",
		Description: "The link is good for 15 minutes, and once. It replaces who either was before.", Errors: []int{http.StatusConflict},
	}, anybody, s.confirmLink)
	api.Register(a, huma.Operation{
		OperationID: "list-slack-people", Method: http.MethodGet, Path: path + "/people", Summary: "Who is linked",
	}, api.Access{Function: api.Slack, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}, s.listPeople)
	api.Register(a, huma.Operation{
		OperationID: "get-slack-link", Method: http.MethodGet, Path: path + "/people/{username}", Summary: "Who a person is in Slack",
	}, api.Access{Function: api.Slack, Allow: admin, Self: self}, s.getLink)
	api.Register(a, huma.Operation{
		OperationID: "unlink-slack", Method: http.MethodDelete, Path: path + "/people/{username}", Summary: "End a person's link",
		Errors: []int{http.StatusNotFound},
	}, api.Access{Function: api.Slack, Allow: admin, Self: self}, s.unlink)
}

func (s *Service) readLink(ctx context.Context, in *slackLinkInput) (*slackInvitationOutput, error) {
	who := api.Caller(ctx).Username
	x, err := s.Invitation(ctx, in.Company, who, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &slackInvitationOutput{}
	out.Body.TeamName, out.Body.MemberID = x.TeamName, x.Member
	if x.Already != who {
		out.Body.Already = x.Already
	}
	if x.Own != x.Member {
		out.Body.Own = x.Own
	}
	return out, nil
}

func (s *Service) confirmLink(ctx context.Context, in *slackLinkInput) (*ownSlackLinkOutput, error) {
	if _, err := s.Link(ctx, in.Company, api.Caller(ctx).Username, in.Body.Token); err != nil {
		return nil, err
	}
	return s.own(ctx, in.Company, api.Caller(ctx).Username)
}

// own describes somebody's link.
func (s *Service) own(ctx context.Context, company, username string) (*ownSlackLinkOutput, error) {
	c, err := s.Settings(ctx, company)
	if err != nil {
		return nil, err
	}
	out := &ownSlackLinkOutput{Body: ownSlackLinkBody{Connected: c.Connected(), TeamName: c.TeamName}}
	l, err := s.LinkOf(ctx, company, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return out, nil
	}
	out.Body.MemberID, out.Body.LinkedAt = l.User, &l.LinkedAt
	return out, err
}

func (s *Service) getLink(ctx context.Context, in *api.PersonPath) (*ownSlackLinkOutput, error) {
	return s.own(ctx, in.Company, in.Username)
}

func (s *Service) unlink(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.Unlink(ctx, in.Company, in.Username)
}

func (s *Service) listPeople(ctx context.Context, in *api.CompanyPath) (*slackPeopleOutput, error) {
	all, err := s.People(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &slackPeopleOutput{}
	out.Body.People = make([]slackPersonBody, len(all))
	for i, p := range all {
		out.Body.People[i] = slackPersonBody{Username: p.Username, Name: p.Name, MemberID: p.User, LinkedAt: p.LinkedAt}
	}
	return out, nil
}
