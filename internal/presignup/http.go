package presignup

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

type signInInput struct {
	Body struct {
		Username string `json:"username" maxLength:"254" doc:"Or a mail address that one open account has; upper and lower case are the same" example:"acme"`
		Password string `json:"password" maxLength:"256"`
		Code     string `json:"code,omitempty" maxLength:"64" doc:"For an account with two-factor sign-in: from its authenticator app, or a recovery code. Without one, the refusal is totp_required" example:"492039"`
		Cookie   bool   `json:"cookie,omitempty" doc:"Keep the refresh token in an HttpOnly cookie instead of the body: for browsers"`
	}
}

type refreshInput struct {
	Cookie string       `cookie:"hajir_refresh"`
	Body   *refreshBody `required:"false"`
}

type refreshBody struct {
	RefreshToken string `json:"refresh_token,omitempty" maxLength:"200" doc:"Without it, the cookie's is used and replaced"`
}

// token returns the refresh token sent, and whether the cookie brought it.
func (in *refreshInput) token() (string, bool) {
	if in.Body != nil && in.Body.RefreshToken != "" {
		return in.Body.RefreshToken, false
	}
	return in.Cookie, true
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      api.Session
}

type endOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

type meOutput struct{ Body api.Me }

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/sessions", DefaultStatus: http.StatusCreated,
		Summary: "Sign in", Description: "Exchanges a password for an access token of 15 minutes and a refresh token.",
		Errors: []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}, api.Access{Function: api.PreSignUp, Public: "the password is the proof"}, s.signIn)
	api.Register(a, huma.Operation{
		OperationID: "refresh-session", Method: http.MethodPost, Path: "/sessions/refresh",
		Summary: "Renew a session", Description: "Exchanges a refresh token for new tokens. A refresh token works once; using one again ends its session.",
		Errors: []int{http.StatusUnauthorized},
	}, api.Access{Function: api.PreSignUp, Public: "the refresh token is the proof"}, s.refresh)
	api.Register(a, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/sessions", DefaultStatus: http.StatusNoContent,
		Summary: "Sign out", Description: "Ends the session of a refresh token.",
	}, api.Access{Function: api.PreSignUp, Public: "the refresh token is the proof"}, s.signOut)
	api.Register(a, huma.Operation{
		OperationID: "me", Method: http.MethodGet, Path: "/me",
		Summary: "Who am I", Description: "Describes the account of the access token.",
	}, api.Access{Function: api.PreSignUp, Allow: hajir.Roles()}, s.getMe)
	s.registerAccount(a)
	s.registerTwoFactor(a)
	s.registerPasskeys(a)
}

func (s *Service) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	u, tokens, err := s.Users.SignIn(ctx, in.Body.Username, in.Body.Password, in.Body.Code)
	return s.output(ctx, u, tokens, in.Body.Cookie, err)
}

func (s *Service) refresh(ctx context.Context, in *refreshInput) (*sessionOutput, error) {
	token, cookie := in.token()
	u, tokens, err := s.Users.Refresh(ctx, token)
	return s.output(ctx, u, tokens, cookie, err)
}

func (s *Service) output(ctx context.Context, u identity.User, tokens identity.Tokens, cookie bool, err error) (*sessionOutput, error) {
	if err != nil {
		return nil, err
	}
	c, err := s.companyOf(ctx, u)
	if err != nil {
		return nil, err
	}
	out := &sessionOutput{}
	out.Body, out.SetCookie = s.Sessions.New(u, c, tokens, cookie)
	out.Body.User, err = s.dated(ctx, out.Body.User, c)
	return out, err
}

// signOut clears the cookie whatever it held: who signs out is out.
func (s *Service) signOut(ctx context.Context, in *refreshInput) (*endOutput, error) {
	token, _ := in.token()
	if err := s.Users.SignOut(ctx, token); err != nil && hajir.CodeOf(err) != hajir.Unauthorized {
		return nil, err
	}
	return &endOutput{SetCookie: s.Sessions.Clear()}, nil
}

func (s *Service) getMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	who := api.Caller(ctx)
	// An account of the same name may be kept here, of somebody else.
	u := identity.User{Username: who.Username, Name: who.Name, Company: who.Company, Role: who.Role}
	if who.Issuer == "" {
		var err error
		if u, err = s.Users.User(ctx, who.Username); err != nil {
			return nil, err
		}
	}
	c, err := s.companyOf(ctx, u)
	if err != nil {
		return nil, err
	}
	me, err := s.dated(ctx, api.NewMe(u, c), c)
	return &meOutput{Body: me}, err
}
