package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/identity"
)

type addKioskInput struct {
	api.CompanyPath
	Body struct {
		Place  string `json:"place" minLength:"1" maxLength:"100" example:"Front door"`
		Cookie bool   `json:"cookie,omitempty" doc:"Make the browser that asks the kiosk: its session cookie is replaced"`
	}
}

type addKioskOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Kiosk   kioskBody   `json:"kiosk"`
		Session api.Session `json:"session"`
	}
}

type kiosksOutput struct {
	Body struct {
		Kiosks []kioskBody `json:"kiosks" doc:"Oldest first"`
	}
}

type kioskBody struct {
	Username  string    `json:"username"`
	Place     string    `json:"place" example:"Front door"`
	CreatedAt time.Time `json:"created_at"`
}

func (s *Service) registerKiosks(a *api.API, admin api.Access) {
	const path = "/companies/{company}/kiosks"
	api.Register(a, huma.Operation{
		OperationID: "list-kiosks", Method: http.MethodGet, Path: path, Summary: "The company's kiosks",
	}, admin, s.listKiosks)
	api.Register(a, huma.Operation{
		OperationID: "create-kiosk", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Make a device a kiosk", Description: "Answers tokens that may check in and nothing else.",
	}, admin, s.addKiosk)
	api.Register(a, huma.Operation{
		OperationID: "delete-kiosk", Method: http.MethodDelete, Path: path + "/{username}", DefaultStatus: http.StatusNoContent,
		Summary: "Revoke a kiosk at once", Errors: []int{http.StatusNotFound},
	}, admin, s.deleteKiosk)
}

func (s *Service) listKiosks(ctx context.Context, in *api.CompanyPath) (*kiosksOutput, error) {
	devices, err := s.Users.Devices(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &kiosksOutput{}
	out.Body.Kiosks = make([]kioskBody, len(devices))
	for i, d := range devices {
		out.Body.Kiosks[i] = describeKiosk(d)
	}
	return out, nil
}

func (s *Service) addKiosk(ctx context.Context, in *addKioskInput) (*addKioskOutput, error) {
	c, err := s.Store.Company(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	device, tokens, err := s.AddKiosk(ctx, in.Company, in.Body.Place)
	if err != nil {
		return nil, err
	}
	out := &addKioskOutput{}
	out.Body.Kiosk = describeKiosk(device)
	out.Body.Session, out.SetCookie = s.Sessions.New(device, c, tokens, in.Body.Cookie)
	return out, nil
}

func (s *Service) deleteKiosk(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.RemoveKiosk(ctx, in.Company, in.Username)
}

func describeKiosk(u identity.User) kioskBody {
	return kioskBody{Username: u.Username, Place: u.Name, CreatedAt: u.CreatedAt}
}
