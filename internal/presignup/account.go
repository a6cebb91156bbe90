package presignup

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type sessionsOutput struct {
	Body struct {
		Sessions []openSessionBody `json:"sessions" doc:"The one used last comes first"`
	}
}

type openSessionBody struct {
	ID        string    `json:"id" example:"7d8ee3a2-2f6b-4d0e-9f7d-6d2a0f7c8b11"`
	Current   bool      `json:"current" doc:"It is the one that asks"`
	Device    string    `json:"device" doc:"What the client said it was; may be empty" example:"Firefox on Windows"`
	Address   string    `json:"address" doc:"Where the sign-in came from; may be empty" example:"192.0.2.7"`
	CreatedAt time.Time `json:"created_at" doc:"When it signed in"`
	UsedAt    time.Time `json:"used_at" doc:"When it was renewed last, which a client in use does every 15 minutes"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends unless it is renewed"`
}

type sessionPath struct {
	ID string `path:"session" maxLength:"64"`
}

type passwordInput struct {
	Body struct {
		Old string `json:"old_password" maxLength:"256"`
		New string `json:"new_password" maxLength:"256"`
	}
}

// owners are the roles of people: who has a password.
func owners() []hajir.Role {
	return []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee, hajir.RoleAuditor}
}

// registerAccount declares what people do with their own account, and an admin
// with an employee's.
func (s *Service) registerAccount(a *api.API) {
	own := api.Access{Function: api.PreSignUp, Allow: owners()}
	admin := api.Access{Function: api.PreSignUp, Allow: []hajir.Role{hajir.RoleAdmin}}
	api.Register(a, huma.Operation{
		OperationID: "list-sessions", Method: http.MethodGet, Path: "/me/sessions", Summary: "Where I am signed in",
	}, own, s.listSessions)
	api.Register(a, huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: "/me/sessions/{session}", DefaultStatus: http.StatusNoContent,
		Summary: "Sign one of my devices out", Description: "At once; the one that asks may end itself, too.",
		Errors: []int{http.StatusNotFound},
	}, own, s.endSession)
	api.Register(a, huma.Operation{
		OperationID: "end-other-sessions", Method: http.MethodDelete, Path: "/me/sessions", DefaultStatus: http.StatusNoContent,
		Summary: "Sign all my other devices out",
	}, own, s.endOtherSessions)
	api.Register(a, huma.Operation{
		OperationID: "change-password", Method: http.MethodPut, Path: "/me/password", DefaultStatus: http.StatusNoContent,
		Summary: "Change my password", Description: "Ends my other sessions.",
		Errors: []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, own, s.changePassword)
	api.Register(a, huma.Operation{
		OperationID: "end-employee-sessions", Method: http.MethodDelete, Path: "/companies/{company}/employees/{username}/sessions",
		DefaultStatus: http.StatusNoContent, Summary: "Sign a person out everywhere", Errors: []int{http.StatusNotFound},
	}, admin, s.endEmployeeSessions)
}

func (s *Service) listSessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	who := api.Caller(ctx)
	open, err := s.Accounts.Sessions(ctx, who.Username)
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{}
	out.Body.Sessions = make([]openSessionBody, len(open))
	for i, o := range open {
		out.Body.Sessions[i] = openSessionBody{
			ID: o.ID, Current: o.ID == who.Session, Device: o.Client.Device, Address: o.Client.Address,
			CreatedAt: o.CreatedAt, UsedAt: o.UsedAt, ExpiresAt: o.ExpiresAt,
		}
	}
	return out, nil
}

func (s *Service) endSession(ctx context.Context, in *sessionPath) (*struct{}, error) {
	return nil, s.Accounts.EndSession(ctx, api.Caller(ctx).Username, in.ID)
}

func (s *Service) endOtherSessions(ctx context.Context, _ *struct{}) (*struct{}, error) {
	who := api.Caller(ctx)
	return nil, s.Accounts.EndSessions(ctx, who.Username, who.Session)
}

func (s *Service) changePassword(ctx context.Context, in *passwordInput) (*struct{}, error) {
	who := api.Caller(ctx)
	return nil, s.Accounts.ChangePassword(ctx, who.Username, in.Body.Old, in.Body.New, who.Session)
}

func (s *Service) endEmployeeSessions(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	if err := s.isEmployee(ctx, in); err != nil {
		return nil, err
	}
	return nil, s.Accounts.EndSessions(ctx, in.Username, "")
}

// isEmployee makes sure that an account is one of the company's people; kiosks
// and the admin's own are none.
func (s *Service) isEmployee(ctx context.Context, in *api.PersonPath) error {
	u, err := s.Users.User(ctx, in.Username)
	if err == nil && (u.Company != in.Company || !u.Role.OfPerson()) {
		err = hajir.Errorf(hajir.NotFound, "no such employee")
	}
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	return nil
}
