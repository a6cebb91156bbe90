package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type signUpInput struct {
	Body struct {
		Username string         `json:"username" maxLength:"64" doc:"Wanted as the company's key and its root account" example:"acme"`
		Name     string         `json:"name" maxLength:"200" example:"Acme Pvt. Ltd."`
		Email    string         `json:"email" maxLength:"254" doc:"Where the link is sent" example:"admin@example.com"`
		TimeZone string         `json:"time_zone" maxLength:"64" example:"Asia/Kathmandu"`
		Language hajir.Language `json:"language,omitempty" enum:"en,ne,hi" doc:"Of the mail with the link, and of the company's mails; en when absent"`
	}
}

type signUpOutput struct {
	Body struct {
		ExpiresAt time.Time `json:"expires_at" doc:"Until when the link in the mail works"`
	}
}

// The token travels in bodies: addresses end up in logs.
type readSignUpInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"From the link"`
	}
}

type readSignUpOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         signUpBody
}

type signUpBody struct {
	Username  string    `json:"username" doc:"That was wanted; it may be in use by now" example:"acme"`
	Name      string    `json:"name" example:"Acme Pvt. Ltd."`
	Email     string    `json:"email" example:"admin@example.com"`
	TimeZone  string    `json:"time_zone" example:"Asia/Kathmandu"`
	ExpiresAt time.Time `json:"expires_at"`
}

type confirmSignUpInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"From the link"`
		Username string `json:"username,omitempty" maxLength:"64" doc:"Instead of the one that was wanted" example:"acme"`
		Password string `json:"password" maxLength:"256" doc:"Of at least 10 characters, and none of the commonest"`
	}
}

// signUpBytes bounds the bodies that strangers send.
const signUpBytes = 8 << 10

func (s *Service) registerSignUp(a *api.API) {
	const link = "the token of the link is the proof"
	refusals := []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone}
	api.Register(a, huma.Operation{
		OperationID: "sign-up", Method: http.MethodPost, Path: "/sign-ups", DefaultStatus: http.StatusAccepted,
		Summary: "Ask for a company",
		Description: "Sends a link to the mail address, by which the company is made within 24 hours. Nothing is claimed until then. " +
			"The answer is the same whatever is known of the address. Refused with sign_up_closed unless the operator has opened sign-up (see get-setup).",
		MaxBodyBytes: signUpBytes, Errors: []int{http.StatusForbidden},
	}, api.Access{Function: api.Company, Public: "it gives nothing until the link that is mailed was followed"}, s.postSignUp)
	api.Register(a, huma.Operation{
		OperationID: "read-sign-up", Method: http.MethodPost, Path: "/sign-ups/read",
		Summary: "What a link confirms", MaxBodyBytes: signUpBytes, Errors: refusals,
	}, api.Access{Function: api.Company, Public: link}, s.readSignUp)
	api.Register(a, huma.Operation{
		OperationID: "confirm-sign-up", Method: http.MethodPost, Path: "/sign-ups/confirm", DefaultStatus: http.StatusCreated,
		Summary: "Make the company that was asked for",
		Description: "Makes the company and its root account, and signs it in: the refresh token is set as a cookie. " +
			"A username that is in use by now is a conflict; choose another. The link works once.",
		MaxBodyBytes: signUpBytes, Errors: refusals,
	}, api.Access{Function: api.Company, Public: link}, s.confirmSignUp)
}

func (s *Service) postSignUp(ctx context.Context, in *signUpInput) (*signUpOutput, error) {
	if err := s.signUpIsOpen(); err != nil {
		return nil, err
	}
	wish, err := hajir.NewSignUp(in.Body.Username, in.Body.Name, in.Body.Email, in.Body.TimeZone, in.Body.Language, s.Now().UTC())
	if err == nil {
		wish, err = s.SignUp(ctx, api.Client(ctx), wish)
	}
	if err != nil {
		return nil, err
	}
	out := &signUpOutput{}
	out.Body.ExpiresAt = wish.ExpiresAt
	return out, nil
}

func (s *Service) readSignUp(ctx context.Context, in *readSignUpInput) (*readSignUpOutput, error) {
	wish, err := s.FindSignUp(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	return &readSignUpOutput{CacheControl: "no-store", Body: signUpBody{
		Username: wish.Username, Name: wish.Name, Email: wish.Email, TimeZone: wish.TimeZone, ExpiresAt: wish.ExpiresAt,
	}}, nil
}

func (s *Service) confirmSignUp(ctx context.Context, in *confirmSignUpInput) (*setUpOutput, error) {
	c, err := s.ConfirmSignUp(ctx, in.Body.Token, in.Body.Username, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.madeCompany(ctx, c)
}
