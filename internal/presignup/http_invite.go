package presignup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

type listInvitationsInput struct {
	api.CompanyPath
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type invitationsOutput struct {
	Body struct {
		Invitations []invitationBody `json:"invitations" doc:"In order of their usernames"`
		NextCursor  string           `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type inviteInput struct {
	api.CompanyPath
	Body struct {
		Username   string         `json:"username" maxLength:"64" doc:"Unique among all companies" example:"asha"`
		Name       string         `json:"name" maxLength:"200" example:"Asha Rai"`
		Email      string         `json:"email,omitempty" maxLength:"254" doc:"Without one, hand the link over yourself"`
		Code       string         `json:"code,omitempty" maxLength:"64" doc:"The company's own number for the person"`
		Department string         `json:"department,omitempty" maxLength:"200"`
		Phone      string         `json:"phone,omitempty" maxLength:"40" doc:"With its country code" example:"+9779812345678"`
		Role       hajir.Role     `json:"role,omitempty" enum:"employee,manager,auditor" doc:"employee when absent"`
		Manager    string         `json:"manager,omitempty" maxLength:"64" doc:"Whom they report to: the username of an active manager, or of somebody invited as one"`
		Language   hajir.Language `json:"language,omitempty" enum:",en,ne,hi" doc:"In which they are written to; the company's when absent or empty"`
	}
}

type invitedOutput struct{ Body invitedBody }

type importInput struct {
	api.CompanyPath
	DryRun  bool   `query:"dry_run" doc:"Only say what would become of each line"`
	RawBody []byte `contentType:"text/csv"`
}

type importOutput struct{ Body sheet.FileReport }

type invitationBody struct {
	Username   string          `json:"username" example:"asha"`
	Name       string          `json:"name" example:"Asha Rai"`
	Email      string          `json:"email"`
	Code       string          `json:"code"`
	Department string          `json:"department"`
	Role       hajir.Role      `json:"role" enum:"employee,manager,auditor" doc:"That the person will have"`
	Manager    string          `json:"manager,omitempty" doc:"The username of whom they will report to"`
	Phone      string          `json:"phone"`
	Language   hajir.Language  `json:"language" enum:",en,ne,hi" doc:"In which they are written to; empty: the company's"`
	Mail       hajir.MailState `json:"mail" enum:"none,sending,sent,kept,failed" doc:"What became of the mail with the link; kept: there is no mail server, so it is a file in the outbox"`
	Expired    bool            `json:"expired" doc:"The link is too old; send a new one"`
	CreatedAt  time.Time       `json:"created_at"`
	SentAt     time.Time       `json:"sent_at" doc:"When the link was made"`
	ExpiresAt  time.Time       `json:"expires_at"`
}

type invitedBody struct {
	Invitation  invitationBody `json:"invitation"`
	Link        string         `json:"link" doc:"Where the person joins; it is told only now, and works once"`
	MailProblem string         `json:"mail_problem,omitempty" doc:"Why the mail did not go out; hand the link over yourself or send it again"`
}

// Register declares the operations.
func (s *Invitations) Register(a *api.API) {
	admin := api.Access{Function: api.PreSignUp, Allow: []hajir.Role{hajir.RoleAdmin}}
	const path = "/companies/{company}/invitations"
	api.Register(a, huma.Operation{
		OperationID: "list-invitations", Method: http.MethodGet, Path: path, Summary: "Who was invited and has not joined yet, page by page",
	}, api.Access{Function: api.PreSignUp, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}, s.list)
	api.Register(a, huma.Operation{
		OperationID: "create-invitation", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary:     "Invite a person",
		Description: "Sends them a link by which they join within 7 days. A mail that fails does not undo the invitation.",
		Errors:      []int{http.StatusConflict},
	}, admin, s.invite)
	api.RegisterIn(a, api.Imports, huma.Operation{
		OperationID: "import-invitations", Method: http.MethodPost, Path: path + "/import",
		Summary: "Invite the people of a CSV file",
		Description: "The first line names the columns: username, name, and optionally email, code, department, phone, role (employee, manager or auditor) and manager " +
			"(a username, which may be another line's). " +
			fmt.Sprintf("At most %d people. Each line is taken or refused alone; the mails go out after the answer.", MaxRows),
		MaxBodyBytes: MaxCSV + 1<<10, BodyReadTimeout: time.Minute, SkipValidateBody: true, // it is no JSON
		RequestBody: &huma.RequestBody{
			Required: true, Description: "A CSV file in UTF-8.",
			Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: "string"}}},
		},
		Errors: []int{http.StatusRequestEntityTooLarge},
	}, admin, s.importFile)
	api.Register(a, huma.Operation{
		OperationID: "resend-invitation", Method: http.MethodPost, Path: path + "/{username}/link",
		Summary: "Send a new link", Description: "The link before is dead from now on.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.resend)
	api.Register(a, huma.Operation{
		OperationID: "withdraw-invitation", Method: http.MethodDelete, Path: path + "/{username}", DefaultStatus: http.StatusNoContent,
		Summary: "Withdraw an invitation", Description: "Its link is dead from now on.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.withdraw)
	s.registerJoin(a)
}

func (s *Invitations) list(ctx context.Context, in *listInvitationsInput) (*invitationsOutput, error) {
	page, next, err := s.Waiting(ctx, in.Company, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &invitationsOutput{}
	out.Body.NextCursor = next
	out.Body.Invitations = make([]invitationBody, len(page))
	for n, i := range page {
		out.Body.Invitations[n] = s.describe(i)
	}
	return out, nil
}

func (s *Invitations) invite(ctx context.Context, in *inviteInput) (*invitedOutput, error) {
	i, err := s.Invite(ctx, hajir.Employee{
		Username: in.Body.Username, Company: in.Company, Name: in.Body.Name, Email: in.Body.Email,
		Code: in.Body.Code, Department: in.Body.Department, Phone: in.Body.Phone, Role: in.Body.Role, Manager: in.Body.Manager, Language: in.Body.Language,
	})
	return s.invitedOutput(i, err)
}

func (s *Invitations) resend(ctx context.Context, in *api.PersonPath) (*invitedOutput, error) {
	i, err := s.Resend(ctx, in.Company, in.Username)
	return s.invitedOutput(i, err)
}

func (s *Invitations) withdraw(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.Withdraw(ctx, in.Company, in.Username)
}

func (s *Invitations) importFile(ctx context.Context, in *importInput) (*importOutput, error) {
	report, err := s.Import(ctx, in.Company, bytes.NewReader(in.RawBody), in.DryRun)
	if err != nil {
		return nil, err
	}
	return &importOutput{Body: report}, nil
}

func (s *Invitations) invitedOutput(i Invited, err error) (*invitedOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &invitedOutput{Body: invitedBody{Invitation: s.describe(i.Invitation), Link: i.Link}}
	if i.MailError != nil {
		out.Body.MailProblem = "the mail could not be sent; the log says why"
		if e, ok := errors.AsType[*hajir.Error](i.MailError); ok && e.Code != hajir.Internal {
			out.Body.MailProblem = e.Message
		}
	}
	return out, nil
}

func (s *Invitations) describe(i hajir.Invitation) invitationBody {
	now := s.Now()
	return invitationBody{
		Username: i.Username, Name: i.Name, Email: i.Email, Code: i.Code, Department: i.Department, Phone: i.Phone,
		Role: i.Role, Manager: i.Manager, Language: i.Language,
		Mail: i.MailAt(now), Expired: i.Expired(now), CreatedAt: i.CreatedAt, SentAt: i.SentAt, ExpiresAt: i.ExpiresAt,
	}
}
