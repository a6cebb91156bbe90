package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type setPINInput struct {
	api.PersonPath
	Body struct {
		PIN string `json:"pin" maxLength:"20" doc:"4 to 8 digits that neither repeat nor follow one another" example:"2580"`
	}
}

type pinStateOutput struct{ Body pinStateBody }

// pinStateBody tells everything about a PIN that is ever told.
type pinStateBody struct {
	Set   bool       `json:"set" doc:"The person can check in with a PIN"`
	SetAt *time.Time `json:"set_at,omitempty"`
}

func (s *Service) registerPINs(a *api.API, admin api.Access) {
	const path = "/companies/{company}/employees/{username}/pin"
	api.Register(a, huma.Operation{
		OperationID: "get-pin", Method: http.MethodGet, Path: path,
		Summary: "Whether a person has a PIN", Description: "The PIN itself is never shown.", Errors: []int{http.StatusNotFound},
	}, admin, s.getPIN)
	api.Register(a, huma.Operation{
		OperationID: "set-pin", Method: http.MethodPut, Path: path,
		Summary: "Give a person a PIN", Description: "In place of any other. pin_weak (422) for one that is easily guessed.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity},
	}, admin, s.setPIN)
	api.Register(a, huma.Operation{
		OperationID: "delete-pin", Method: http.MethodDelete, Path: path, DefaultStatus: http.StatusNoContent,
		Summary: "Take a person's PIN away", Errors: []int{http.StatusNotFound},
	}, admin, s.deletePIN)
}

func (s *Service) getPIN(ctx context.Context, in *api.PersonPath) (*pinStateOutput, error) {
	p, err := s.PIN(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	return &pinStateOutput{Body: describePIN(p)}, nil
}

func (s *Service) setPIN(ctx context.Context, in *setPINInput) (*pinStateOutput, error) {
	p, err := s.SetPIN(ctx, in.Company, in.Username, in.Body.PIN)
	if err != nil {
		return nil, err
	}
	return &pinStateOutput{Body: describePIN(p)}, nil
}

func (s *Service) deletePIN(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.ClearPIN(ctx, in.Company, in.Username)
}

func describePIN(p hajir.PIN) pinStateBody {
	body := pinStateBody{Set: p.Version > 0}
	if body.Set {
		body.SetAt = &p.SetAt
	}
	return body
}
