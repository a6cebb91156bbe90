package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

const function = string(api.Slack)

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	s.registerInbound(a)
	s.registerSettings(a)
	s.registerLinks(a)
	s.registerPunches(a)
}

// Where Slack sends what, below api.Prefix; deploy/slack/manifest.yaml says the
// same.
const (
	CommandsPath = "/slack/commands"
	ActionsPath  = "/slack/actions"
	EventsPath   = "/slack/events"
)

// maxInbound bounds what Slack sends, in bytes: a window of a hundred blocks
// comes back whole.
const maxInbound = 1 << 20

type formInput struct {
	Signed
}

type eventInput struct {
	Signed
}

// inboundOutput is what Slack is answered: JSON, or nothing.
type inboundOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Service) registerInbound(a *api.API) {
	access := api.Access{Function: api.Slack, Public: "Slack, which signs its requests; others are refused before anything of them is read"}
	op := func(id, path, summary, description, contentType string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodPost, Path: path, DefaultStatus: http.StatusOK, Summary: summary, Description: description,
			MaxBodyBytes: maxInbound, SkipValidateBody: true, Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: "object"}}}},
			Responses: map[string]*huma.Response{"200": {
				Description: "Acknowledged; the rest follows by itself",
				Content:     map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: "object"}}},
			}},
		}
	}
	const form = "application/x-www-form-urlencoded"
	const signed = " Signed by Slack with the app's signing secret at most five minutes ago, and taken once."
	api.Register(a, op("slack-command", CommandsPath, "What somebody typed behind /hajir",
		"Acknowledged at once, and answered at its response_url."+signed, form), access, s.takeCommand)
	api.Register(a, op("slack-action", ActionsPath, "What somebody pressed, or sent in a window",
		"The form's payload is an interaction."+signed, form), access, s.takeAction)
	api.Register(a, op("slack-event", EventsPath, "What happened in a workspace",
		"An event of the Events API: a member opens the app's page, or the connection ended."+signed, "application/json"), access, s.takeEvent)
}

func (s *Service) takeCommand(ctx context.Context, in *formInput) (*inboundOutput, error) {
	if err := s.verify(ctx, in.Signed); err != nil {
		return nil, err
	}
	form, err := parse(in.RawBody)
	if err != nil {
		return nil, err
	}
	return encode(s.onCommand(ctx, form))
}

func (s *Service) takeAction(ctx context.Context, in *formInput) (*inboundOutput, error) {
	if err := s.verify(ctx, in.Signed); err != nil {
		return nil, err
	}
	form, err := parse(in.RawBody)
	if err != nil {
		return nil, err
	}
	return encode(s.onAction(ctx, form.Get("payload")))
}

func (s *Service) takeEvent(ctx context.Context, in *eventInput) (*inboundOutput, error) {
	if err := s.verify(ctx, in.Signed); err != nil {
		return nil, err
	}
	return encode(s.onEvent(ctx, in.RawBody))
}

func parse(body []byte) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the body is no form", Cause: err}
	}
	return form, nil
}

// encode answers with JSON, or with nothing for nil.
func encode(answer any, err error) (*inboundOutput, error) {
	if err != nil || answer == nil {
		return &inboundOutput{ContentType: "text/plain"}, err
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return &inboundOutput{ContentType: "application/json", Body: body}, nil
}
