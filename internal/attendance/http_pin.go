package attendance

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type pinInput struct {
	AttemptInput
	Body struct {
		Who    string `json:"who" minLength:"1" maxLength:"64" doc:"Username or employee code, whatever the case" example:"asha"`
		PIN    string `json:"pin" pattern:"^[0-9]{4,8}$" patternDescription:"4 to 8 digits" example:"2580"`
		Ticket string `json:"ticket,omitempty" maxLength:"120" doc:"Of a check-in that answered face_confirm: the PIN says who of the look-alikes it was"`
	}
}

type pinOutput struct {
	Status int
	Body   pinBody
}

// pinBody is a punch without a face: there is no score to tell.
type pinBody struct{ PunchBody }

func (s *Service) registerPIN(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "check-in-by-pin", Method: http.MethodPost, Path: "/companies/{company}/punches/pin", DefaultStatus: http.StatusCreated,
		Summary: "Record who comes or goes, by PIN",
		Description: "For people who decline biometrics, or whom the camera doubts. Records an entry or exit as check-in does. " +
			"With the ticket of a check-in, the PIN confirms which of the look-alikes it was, and the punch keeps picture and decision; " +
			"confirm_expired (409) when it is older than a minute, used, or another device's, confirm_other (422) when the PIN is of none of them. " +
			"Wrong PINs (pin_wrong, 422) slow the person and the kiosk: rate_limited (429) with Retry-After.",
		Errors: []int{http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, api.Access{Function: api.Attendance, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleKiosk}}, s.checkInByPIN)
}

func (s *Service) checkInByPIN(ctx context.Context, in *pinInput) (*pinOutput, error) {
	a, err := in.attempt(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.CheckInByPIN(ctx, a, in.Body.Who, in.Body.PIN, in.Body.Ticket)
	if err != nil {
		return nil, err
	}
	b := pinBody{describe(r)}
	return &pinOutput{Status: b.status(), Body: b}, nil
}
