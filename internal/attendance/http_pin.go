package attendance

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type pinInput struct {
	AttemptInput
	Body struct {
		Who string `json:"who" minLength:"1" maxLength:"64" doc:"Username or employee code, whatever the case" example:"asha"`
		PIN string `json:"pin" pattern:"^[0-9]{4,8}$" patternDescription:"4 to 8 digits" example:"2580"`
	}
}

type pinOutput struct {
	Status int
	Body   pinBody
}

// pinBody is a punch without a face: there is no score to tell.
type pinBody struct {
	Username  string          `json:"username" example:"asha"`
	Name      string          `json:"name" example:"Asha Rai"`
	Date      string          `json:"date" doc:"The local date that the punch belongs to" example:"2026-03-02"`
	At        time.Time       `json:"at" doc:"When, by the server's clock, in the company's time zone"`
	Direction hajir.Direction `json:"direction" enum:"entry,exit"`
	Recorded  bool            `json:"recorded" doc:"The punch was recorded by this request"`
	Repeated  bool            `json:"repeated" doc:"The punch was recorded before; this is the first answer again"`
	Placed    bool            `json:"placed" doc:"The kiosk has a geofence, and is in it"`
}

func (s *Service) registerPIN(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "check-in-by-pin", Method: http.MethodPost, Path: "/companies/{company}/punches/pin", DefaultStatus: http.StatusCreated,
		Summary: "Record who comes or goes, by PIN",
		Description: "For people who decline biometrics, or whom the camera doubts. Records an entry or exit as check-in does. " +
			"Wrong PINs (pin_wrong, 422) slow the person and the kiosk: rate_limited (429) with Retry-After.",
		Errors: []int{http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, api.Access{Function: api.Attendance, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleKiosk}}, s.checkInByPIN)
}

func (s *Service) checkInByPIN(ctx context.Context, in *pinInput) (*pinOutput, error) {
	a, err := in.attempt(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.CheckInByPIN(ctx, a, in.Body.Who, in.Body.PIN)
	if err != nil {
		return nil, err
	}
	d := describe(r)
	out := &pinOutput{Status: http.StatusOK, Body: pinBody{
		Username: d.Username, Name: d.Name, Date: d.Date, At: d.At, Direction: d.Direction,
		Recorded: d.Recorded, Repeated: d.Repeated, Placed: d.Placed,
	}}
	if r.Recorded {
		out.Status = http.StatusCreated
	}
	return out, nil
}
