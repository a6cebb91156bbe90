package presignup

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
)

type requestResetInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"254" doc:"A username or a mail address" example:"asha"`
	}
}

// The token travels in bodies: addresses end up in logs.
type readResetInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"From the link"`
	}
}

type readResetOutput struct{ Body resetBody }

type resetBody struct {
	Username  string    `json:"username" doc:"To sign in with" example:"asha"`
	Name      string    `json:"name" example:"Asha Rai"`
	ExpiresAt time.Time `json:"expires_at"`
}

type completeResetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"From the link"`
		Password string `json:"password" maxLength:"256" doc:"Of at least 10 characters, and none of the commonest"`
	}
}

type completeResetOutput struct {
	Body struct {
		Username string `json:"username" doc:"To sign in with" example:"asha"`
	}
}

// Register declares the operations.
func (s *Resets) Register(a *api.API) {
	refusals := []int{http.StatusNotFound, http.StatusConflict, http.StatusGone}
	const path = "/password-resets"
	api.Register(a, huma.Operation{
		OperationID: "request-password-reset", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusAccepted,
		Summary: "Ask for a link to a new password",
		Description: "If an open account has this username or mail address, and a mail address, it is sent a link that works once, for an hour. " +
			"The answer is the same in any case.",
	}, api.Access{Function: api.PreSignUp, Public: "it tells nothing about accounts, and only their owners get mail"}, s.request)
	api.Register(a, huma.Operation{
		OperationID: "read-password-reset", Method: http.MethodPost, Path: path + "/read",
		Summary: "Whose password a link changes", Errors: refusals,
	}, api.Access{Function: api.PreSignUp, Public: "the token of the link is the proof"}, s.read)
	api.Register(a, huma.Operation{
		OperationID: "complete-password-reset", Method: http.MethodPost, Path: path + "/complete",
		Summary: "Choose a new password", Description: "Ends the account's sessions. Two-factor sign-in and passkeys stay as they are.",
		Errors: refusals,
	}, api.Access{Function: api.PreSignUp, Public: "the token of the link is the proof"}, s.complete)
}

func (s *Resets) request(ctx context.Context, in *requestResetInput) (*struct{}, error) {
	return nil, s.Ask(ctx, in.Body.Name)
}

func (s *Resets) read(ctx context.Context, in *readResetInput) (*readResetOutput, error) {
	u, expires, err := s.Find(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	return &readResetOutput{Body: resetBody{Username: u.Username, Name: u.Name, ExpiresAt: expires}}, nil
}

func (s *Resets) complete(ctx context.Context, in *completeResetInput) (*completeResetOutput, error) {
	u, err := s.Complete(ctx, in.Body.Token, in.Body.Password)
	if err != nil {
		return nil, err
	}
	out := &completeResetOutput{}
	out.Body.Username = u.Username
	return out, nil
}
