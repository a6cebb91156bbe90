package presignup

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type twoFactorOutput struct{ Body twoFactorBody }

type twoFactorBody struct {
	Enabled       bool       `json:"enabled" doc:"Signing in asks for a code, too"`
	Since         *time.Time `json:"since,omitempty"`
	RecoveryCodes int        `json:"recovery_codes" doc:"How many are left"`
}

type enrolTwoFactorInput struct {
	Body struct {
		Password string `json:"password" maxLength:"256"`
	}
}

type enrolTwoFactorOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         enrolmentBody
}

type enrolmentBody struct {
	Secret string `json:"secret" doc:"For an authenticator app: base32" example:"JBSWY3DPEHPK3PXP"`
	URL    string `json:"url" doc:"The same, to be shown as a QR code" example:"otpauth://totp/Hajir:asha?secret=JBSWY3DPEHPK3PXP&issuer=Hajir"`
}

type confirmTwoFactorInput struct {
	Body struct {
		Code string `json:"code" maxLength:"64" doc:"That the authenticator app shows" example:"492039"`
	}
}

type recoveryOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		RecoveryCodes []string `json:"recovery_codes" doc:"Shown this once; each signs in once without the app"`
	}
}

type disableTwoFactorInput struct {
	Body struct {
		Password string `json:"password" maxLength:"256"`
		Code     string `json:"code" maxLength:"64" doc:"That the authenticator app shows, or a recovery code"`
	}
}

// noStore keeps what is shown once out of caches.
const noStore = "no-store"

func (s *Service) registerTwoFactor(a *api.API) {
	own := api.Access{Function: api.PreSignUp, Allow: owners()}
	admin := api.Access{Function: api.PreSignUp, Allow: []hajir.Role{hajir.RoleAdmin}}
	refusals := []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests}
	api.Register(a, huma.Operation{
		OperationID: "get-two-factor", Method: http.MethodGet, Path: "/me/two-factor", Summary: "Whether my sign-in asks for a code",
	}, own, s.getTwoFactor)
	api.Register(a, huma.Operation{
		OperationID: "enrol-two-factor", Method: http.MethodPost, Path: "/me/two-factor", DefaultStatus: http.StatusCreated,
		Summary:     "Begin to set two-factor sign-in up",
		Description: "Returns a secret for an authenticator app (RFC 6238). It is asked for once a code of it was confirmed; beginning again replaces it.",
		Errors:      refusals,
	}, own, s.enrolTwoFactor)
	api.Register(a, huma.Operation{
		OperationID: "confirm-two-factor", Method: http.MethodPost, Path: "/me/two-factor/confirm",
		Summary: "Turn two-factor sign-in on", Errors: refusals,
	}, own, s.confirmTwoFactor)
	api.Register(a, huma.Operation{
		OperationID: "disable-two-factor", Method: http.MethodPost, Path: "/me/two-factor/disable", DefaultStatus: http.StatusNoContent,
		Summary: "Turn two-factor sign-in off", Errors: refusals,
	}, own, s.disableTwoFactor)
	api.Register(a, huma.Operation{
		OperationID: "reset-employee-two-factor", Method: http.MethodDelete, Path: "/companies/{company}/employees/{username}/two-factor",
		DefaultStatus: http.StatusNoContent, Summary: "Turn a person's two-factor sign-in off",
		Description: "For who has lost both the device and the recovery codes.", Errors: []int{http.StatusNotFound},
	}, admin, s.resetEmployeeTwoFactor)
}

func (s *Service) getTwoFactor(ctx context.Context, _ *struct{}) (*twoFactorOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	f, err := s.Accounts.TwoFactor(ctx, who.Username)
	if err != nil {
		return nil, err
	}
	out := &twoFactorOutput{Body: twoFactorBody{Enabled: f.Enabled, RecoveryCodes: f.RecoveryCodes}}
	if f.Enabled {
		out.Body.Since = &f.Since
	}
	return out, nil
}

func (s *Service) enrolTwoFactor(ctx context.Context, in *enrolTwoFactorInput) (*enrolTwoFactorOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.Accounts.EnrolTwoFactor(ctx, who.Username, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &enrolTwoFactorOutput{CacheControl: noStore, Body: enrolmentBody{Secret: e.Secret, URL: e.URL}}, nil
}

func (s *Service) confirmTwoFactor(ctx context.Context, in *confirmTwoFactorInput) (*recoveryOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	codes, err := s.Accounts.ConfirmTwoFactor(ctx, who.Username, in.Body.Code)
	if err != nil {
		return nil, err
	}
	out := &recoveryOutput{CacheControl: noStore}
	out.Body.RecoveryCodes = codes
	return out, nil
}

func (s *Service) disableTwoFactor(ctx context.Context, in *disableTwoFactorInput) (*struct{}, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.Accounts.DisableTwoFactor(ctx, who.Username, in.Body.Password, in.Body.Code)
}

func (s *Service) resetEmployeeTwoFactor(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	if err := s.isEmployee(ctx, in); err != nil {
		return nil, err
	}
	return nil, s.Accounts.ResetTwoFactor(ctx, in.Username)
}
