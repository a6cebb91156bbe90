package attendance

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type challengeInput struct {
	SentInput
	api.PictureBody
	Ticket string `header:"Ticket" required:"true" minLength:"1" maxLength:"120" doc:"Of the check-in that answered face_challenge"`
}

type challengeOutput struct {
	Status int
	Body   movedBody
}

// movedBody is one of both. Neither tells a score.
type movedBody struct {
	Challenge *api.ChallengeStep `json:"challenge,omitempty" doc:"What to do now; absent when everything was done"`
	Punch     *pinBody           `json:"punch,omitempty" doc:"Who was recorded, once everything was done"`
}

func (s *Service) registerChallenge(a *api.API) {
	api.RegisterPictures(a, huma.Operation{
		OperationID: "check-in-by-challenge", Method: http.MethodPost, Path: "/companies/{company}/punches/challenge", DefaultStatus: http.StatusCreated,
		Summary: "Show that somebody moves as they were asked to",
		Description: "Takes the ticket of a check-in that answered face_challenge, and pictures of the person doing what was asked for, in their order: " +
			"some 8 in a second, so that none misses closed eyes, and one request after the other. Each step begins with a look straight at the camera. " +
			"200 says what to do now; 201 that everything was done and the punch was recorded, 200 with a punch that it had been before. " +
			"The ticket is good for 30 seconds, for the session and the device that it was given to, and once: confirm_expired (409). " +
			"It ends with face_not_live (422) when the head is turned the wrong way, and with face_contradicted (422) when somebody else is seen. " +
			"For 60 seconds check-in-by-pin takes it, too, for people who cannot move as they are asked to.",
		Responses: map[string]*huma.Response{"200": {
			Description: "Not everything is done, or the person was recorded a moment ago",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Moved"}}},
		}},
		Errors: []int{http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity},
	}, api.Access{Function: api.Attendance, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleKiosk}}, hajir.ChallengeFrames, s.checkInByChallenge)
}

func (s *Service) checkInByChallenge(ctx context.Context, in *challengeInput) (*challengeOutput, error) {
	pictures, err := in.Pictures(hajir.ChallengeFrames)
	if err != nil {
		return nil, err
	}
	a, err := in.attempt(ctx)
	if err != nil {
		return nil, err
	}
	a.Pictures = pictures
	p, err := s.Challenge(ctx, a, in.Ticket)
	if err != nil {
		return nil, err
	}
	if p.Result != nil {
		b := pinBody{describe(*p.Result)}
		return &challengeOutput{Status: b.status(), Body: movedBody{Punch: &b}}, nil
	}
	t := p.Trial
	return &challengeOutput{Status: http.StatusOK, Body: movedBody{
		Challenge: &api.ChallengeStep{Step: t.Step(), Done: t.Done, Steps: len(t.Steps), EndsAt: t.EndsAt},
	}}, nil
}
