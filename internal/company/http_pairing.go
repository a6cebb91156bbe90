package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type pairingOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		ID          string    `json:"id"`
		Code        string    `json:"code" doc:"For the screen: an admin enters it" example:"7KQ4WXPM"`
		Secret      string    `json:"secret" doc:"For polling; never show it"`
		ExpiresAt   time.Time `json:"expires_at" doc:"When to ask for a new code"`
		PollSeconds int       `json:"poll_seconds" doc:"How often to ask for the session" example:"3"`
	}
}

type fetchPairingInput struct {
	ID   string `path:"pairing" maxLength:"64"`
	Body struct {
		Secret string `json:"secret" maxLength:"100"`
		Cookie bool   `json:"cookie,omitempty" doc:"Keep the refresh token in an HttpOnly cookie instead of the body: for browsers"`
	}
}

type fetchPairingOutput struct {
	Status       int
	SetCookie    []http.Cookie `header:"Set-Cookie"`
	CacheControl string        `header:"Cache-Control"`
	Body         struct {
		Paired  bool         `json:"paired" doc:"An admin has entered the code"`
		Session *api.Session `json:"session,omitempty" doc:"Given once"`
	}
}

type approvePairingInput struct {
	api.CompanyPath
	Body struct {
		Code  string `json:"code" minLength:"1" maxLength:"40" doc:"As the device shows it; case, spaces and dashes do not matter" example:"7KQ4-WXPM"`
		Place string `json:"place" minLength:"1" maxLength:"100" example:"Front door"`
	}
}

const pollSeconds = 3

func (s *Service) registerPairing(a *api.API, admin api.Access) {
	api.Register(a, huma.Operation{
		OperationID: "pair-kiosk", Method: http.MethodPost, Path: "/kiosk-pairings", DefaultStatus: http.StatusCreated,
		Summary: "Ask for a code to pair this device", Description: "For a device that is to become a kiosk. The code is good for 10 minutes and once.",
		Errors: []int{http.StatusTooManyRequests},
	}, api.Access{Function: api.Company, Public: "it gives nothing until an admin enters the code"}, s.pair)
	api.Register(a, huma.Operation{
		OperationID: "fetch-pairing", Method: http.MethodPost, Path: "/kiosk-pairings/{pairing}/session",
		Summary:     "Ask for the paired device's session",
		Description: "200 while no admin has entered the code; 201 with the session, once; not_found when the pairing is over.",
		Errors:      []int{http.StatusNotFound},
	}, api.Access{Function: api.Company, Public: "the pairing's secret is the proof"}, s.fetchPairing)
	api.Register(a, huma.Operation{
		OperationID: "approve-pairing", Method: http.MethodPost, Path: "/companies/{company}/kiosks/pair", DefaultStatus: http.StatusCreated,
		Summary: "Make the device that shows a code a kiosk", Description: "A wrong code is not_found; many wrong ones are slowed (rate_limited with Retry-After).",
		Errors: []int{http.StatusNotFound, http.StatusTooManyRequests, http.StatusUnprocessableEntity},
	}, admin, s.approvePairing)
}

func (s *Service) pair(ctx context.Context, _ *struct{}) (*pairingOutput, error) {
	p, err := s.Pair(ctx, api.Client(ctx))
	if err != nil {
		return nil, err
	}
	out := &pairingOutput{CacheControl: "no-store"}
	out.Body.ID, out.Body.Code, out.Body.Secret = p.ID, p.Code, p.Secret
	out.Body.ExpiresAt, out.Body.PollSeconds = p.ExpiresAt, pollSeconds
	return out, nil
}

func (s *Service) fetchPairing(ctx context.Context, in *fetchPairingInput) (*fetchPairingOutput, error) {
	device, tokens, paired, err := s.FetchPairing(ctx, in.ID, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	out := &fetchPairingOutput{Status: http.StatusOK, CacheControl: "no-store"}
	if !paired {
		return out, nil
	}
	c, err := s.Store.Company(ctx, device.Company)
	if err != nil {
		return nil, err
	}
	var body api.Session
	body, out.SetCookie = s.Sessions.New(device, c, tokens, in.Body.Cookie)
	out.Status, out.Body.Paired, out.Body.Session = http.StatusCreated, true, &body
	return out, nil
}

func (s *Service) approvePairing(ctx context.Context, in *approvePairingInput) (*kioskOutput, error) {
	device, err := s.ApprovePairing(ctx, in.Company, in.Body.Code, in.Body.Place)
	if err != nil {
		return nil, err
	}
	return &kioskOutput{Body: describeKiosk(device, hajir.Kiosk{})}, nil
}
