package presignup

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// The token travels in bodies: addresses end up in logs.
type readInvitationInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"From the link"`
	}
}

type readInvitationOutput struct{ Body welcomeBody }

type welcomeBody struct {
	Company   string          `json:"company" doc:"The company's name" example:"Acme Pvt. Ltd."`
	Username  string          `json:"username" doc:"To sign in with" example:"asha"`
	Name      string          `json:"name" example:"Asha Rai"`
	Role      hajir.Role      `json:"role" enum:"employee,manager,auditor" doc:"An auditor has no attendance: do not ask for their consent, and send declined, which is not kept"`
	ExpiresAt time.Time       `json:"expires_at"`
	Consent   consentQuestion `json:"consent"`
}

type consentQuestion struct {
	Version string   `json:"version" doc:"To be sent back with the decision" example:"1"`
	Title   string   `json:"title"`
	Text    []string `json:"text" doc:"Paragraphs"`
}

type acceptInvitationInput struct {
	Body struct {
		Token          string             `json:"token" maxLength:"200" doc:"From the link"`
		Password       string             `json:"password" maxLength:"256" doc:"Of at least 10 characters, and none of the commonest"`
		Consent        hajir.ConsentState `json:"consent" enum:"given,declined" doc:"To the recognition of one's face; declining changes nothing else"`
		ConsentVersion string             `json:"consent_version" maxLength:"20" doc:"The version of the text that was shown"`
	}
}

type acceptInvitationOutput struct {
	Body struct {
		Username string             `json:"username" doc:"To sign in with" example:"asha"`
		Name     string             `json:"name" example:"Asha Rai"`
		Consent  hajir.ConsentState `json:"consent" enum:"given,declined"`
	}
}

func (s *Invitations) registerJoin(a *api.API) {
	refusals := []int{http.StatusNotFound, http.StatusConflict, http.StatusGone}
	api.Register(a, huma.Operation{
		OperationID: "read-invitation", Method: http.MethodPost, Path: "/invitations/read",
		Summary: "What an invited person is asked", Errors: refusals,
	}, api.Access{Function: api.PreSignUp, Public: "the token of the link is the proof"}, s.readInvitation)
	api.Register(a, huma.Operation{
		OperationID: "accept-invitation", Method: http.MethodPost, Path: "/invitations/accept", DefaultStatus: http.StatusCreated,
		Summary:     "Join the company",
		Description: "Makes an employee of the invited person. An attempt that was cut off can be repeated with the same link and password.",
		Errors:      append(refusals, http.StatusUnprocessableEntity),
	}, api.Access{Function: api.PreSignUp, Public: "the token of the link is the proof"}, s.acceptInvitation)
}

func (s *Invitations) readInvitation(ctx context.Context, in *readInvitationInput) (*readInvitationOutput, error) {
	i, c, err := s.Find(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &readInvitationOutput{Body: welcomeBody{Company: c.Name, Username: i.Username, Name: i.Name, Role: i.Role, ExpiresAt: i.ExpiresAt}}
	out.Body.Consent.Version = hajir.ConsentVersion
	out.Body.Consent.Title, out.Body.Consent.Text = hajir.ConsentText(c.Name)
	return out, nil
}

func (s *Invitations) acceptInvitation(ctx context.Context, in *acceptInvitationInput) (*acceptInvitationOutput, error) {
	e, err := s.Join(ctx, in.Body.Token, Decision{
		Password: in.Body.Password, Consent: in.Body.Consent, ConsentVersion: in.Body.ConsentVersion,
	})
	if err != nil {
		return nil, err
	}
	out := &acceptInvitationOutput{}
	out.Body.Username, out.Body.Name, out.Body.Consent = e.Username, e.Name, e.Consent.State
	return out, nil
}
