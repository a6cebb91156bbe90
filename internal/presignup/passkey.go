package presignup

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

type passkeysOutput struct {
	Body struct {
		Passkeys []passkeyBody `json:"passkeys" doc:"The oldest comes first"`
		Origin   string        `json:"origin" doc:"The one address of the site where passkeys work; empty where they cannot" example:"https://hajir.example.com"`
	}
}

type passkeyOutput struct{ Body passkeyBody }

type passkeyBody struct {
	ID        string     `json:"id" doc:"The credential's, in base64url"`
	Name      string     `json:"name" example:"Phone"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"When it signed in last"`
	Synced    bool       `json:"synced" doc:"Kept by more than one device"`
	Copied    bool       `json:"copied" doc:"Its counter went back, so that there may be two of it: it is refused"`
}

type beginPasskeyInput struct {
	Body struct {
		Password string `json:"password" maxLength:"256"`
		Code     string `json:"code,omitempty" maxLength:"64" doc:"With two-factor sign-in: what the authenticator app shows, or a recovery code"`
	}
}

type ceremonyOutput struct {
	Body struct {
		Options json.RawMessage `json:"options" doc:"For navigator.credentials, in the JSON of WebAuthn Level 3"`
		State   string          `json:"state" doc:"To be given back with the answer; it works once, for 5 minutes"`
	}
}

type addPasskeyInput struct {
	Body struct {
		Name       string          `json:"name" maxLength:"100" doc:"By which its owner knows it" example:"Phone"`
		State      string          `json:"state" maxLength:"2000" doc:"That came with the options"`
		Credential json.RawMessage `json:"credential" doc:"What the browser made, in the JSON of WebAuthn Level 3"`
	}
}

type renamePasskeyInput struct {
	ID   string `path:"passkey" maxLength:"1400"`
	Body struct {
		Name string `json:"name" maxLength:"100"`
	}
}

type passkeyPath struct {
	ID string `path:"passkey" maxLength:"1400"`
}

type passkeySignInInput struct {
	Body struct {
		State      string          `json:"state" maxLength:"2000" doc:"That came with the options"`
		Credential json.RawMessage `json:"credential" doc:"What the browser made, in the JSON of WebAuthn Level 3"`
		Cookie     bool            `json:"cookie,omitempty" doc:"Keep the refresh token in an HttpOnly cookie instead of the body: for browsers"`
	}
}

// maxCredential bounds what a browser sends of a passkey, in bytes.
const maxCredential = 64 << 10

func (s *Service) registerPasskeys(a *api.API) {
	own := api.Access{Function: api.PreSignUp, Allow: owners()}
	admin := api.Access{Function: api.PreSignUp, Allow: []hajir.Role{hajir.RoleAdmin}}
	refusals := []int{http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests}
	const path = "/me/passkeys"
	api.Register(a, huma.Operation{
		OperationID: "begin-passkey-sign-in", Method: http.MethodPost, Path: "/sessions/passkey/challenge",
		Summary: "Begin to sign in with a passkey", Description: "Asks for any passkey of the site: no username is needed.",
	}, api.Access{Function: api.PreSignUp, Public: "it tells nothing about accounts"}, s.beginPasskeySignIn)
	api.Register(a, huma.Operation{
		OperationID: "sign-in-with-passkey", Method: http.MethodPost, Path: "/sessions/passkey", DefaultStatus: http.StatusCreated,
		Summary: "Sign in with a passkey", Description: "Neither a password nor a code is asked for beside it.",
		MaxBodyBytes: maxCredential, Errors: refusals,
	}, api.Access{Function: api.PreSignUp, Public: "the passkey is the proof"}, s.signInWithPasskey)
	api.Register(a, huma.Operation{
		OperationID: "list-passkeys", Method: http.MethodGet, Path: path, Summary: "My passkeys",
	}, own, s.listPasskeys)
	api.Register(a, huma.Operation{
		OperationID: "begin-passkey", Method: http.MethodPost, Path: path + "/challenge",
		Summary: "Begin to add a passkey", Description: "The answer counts for this session alone.", Errors: refusals,
	}, own, s.beginPasskey)
	api.Register(a, huma.Operation{
		OperationID: "add-passkey", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Add a passkey", MaxBodyBytes: maxCredential, Errors: refusals,
	}, own, s.addPasskey)
	api.Register(a, huma.Operation{
		OperationID: "rename-passkey", Method: http.MethodPatch, Path: path + "/{passkey}", DefaultStatus: http.StatusNoContent,
		Summary: "Give a passkey another name", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.renamePasskey)
	api.Register(a, huma.Operation{
		OperationID: "remove-passkey", Method: http.MethodDelete, Path: path + "/{passkey}", DefaultStatus: http.StatusNoContent,
		Summary: "Remove a passkey", Description: "It does not sign in from now on; sessions go on.", Errors: []int{http.StatusNotFound},
	}, own, s.removePasskey)
	api.Register(a, huma.Operation{
		OperationID: "reset-employee-passkeys", Method: http.MethodDelete, Path: "/companies/{company}/employees/{username}/passkeys",
		DefaultStatus: http.StatusNoContent, Summary: "Remove a person's passkeys",
		Description: "For who has lost the devices that keep them.", Errors: []int{http.StatusNotFound},
	}, admin, s.resetEmployeePasskeys)
}

func (s *Service) beginPasskeySignIn(ctx context.Context, _ *struct{}) (*ceremonyOutput, error) {
	asked, err := s.Passkeys.BeginPasskeySignIn(ctx, "")
	return ceremony(asked, err)
}

func ceremony(asked identity.Ceremony, err error) (*ceremonyOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &ceremonyOutput{}
	out.Body.Options, out.Body.State = asked.Options, asked.State
	return out, nil
}

func (s *Service) signInWithPasskey(ctx context.Context, in *passkeySignInInput) (*sessionOutput, error) {
	u, tokens, err := s.Passkeys.SignInWithPasskey(ctx, identity.Answer{State: in.Body.State, Credential: in.Body.Credential})
	return s.output(ctx, u, tokens, in.Body.Cookie, err)
}

func (s *Service) listPasskeys(ctx context.Context, _ *struct{}) (*passkeysOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Passkeys.Passkeys(ctx, who.Username)
	if err != nil {
		return nil, err
	}
	out := &passkeysOutput{}
	out.Body.Origin = s.Passkeys.PasskeyOrigin()
	out.Body.Passkeys = make([]passkeyBody, len(all))
	for i, p := range all {
		out.Body.Passkeys[i] = describePasskey(p)
	}
	return out, nil
}

func describePasskey(p identity.Passkey) passkeyBody {
	body := passkeyBody{ID: p.ID, Name: p.Name, CreatedAt: p.CreatedAt, Synced: p.Synced, Copied: p.Copied}
	if !p.UsedAt.IsZero() {
		body.UsedAt = &p.UsedAt
	}
	return body
}

func (s *Service) beginPasskey(ctx context.Context, in *beginPasskeyInput) (*ceremonyOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	asked, err := s.Passkeys.BeginPasskey(ctx, who.Username, who.Session, in.Body.Password, in.Body.Code)
	return ceremony(asked, err)
}

func (s *Service) addPasskey(ctx context.Context, in *addPasskeyInput) (*passkeyOutput, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	answer := identity.Answer{State: in.Body.State, Credential: in.Body.Credential}
	p, err := s.Passkeys.AddPasskey(ctx, who.Username, who.Session, in.Body.Name, answer)
	if err != nil {
		return nil, err
	}
	return &passkeyOutput{Body: describePasskey(p)}, nil
}

func (s *Service) renamePasskey(ctx context.Context, in *renamePasskeyInput) (*struct{}, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.Passkeys.RenamePasskey(ctx, who.Username, in.ID, in.Body.Name)
}

func (s *Service) removePasskey(ctx context.Context, in *passkeyPath) (*struct{}, error) {
	who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.Passkeys.RemovePasskey(ctx, who.Username, in.ID)
}

func (s *Service) resetEmployeePasskeys(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	if err := s.isEmployee(ctx, in); err != nil {
		return nil, err
	}
	return nil, s.Passkeys.RemovePasskeys(ctx, in.Username)
}
