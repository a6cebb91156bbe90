package company

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/webhook"
)

// WebhookFields are what an admin decides about a webhook. It is exported for the
// API's document, which has the fields of exported types alone.
type WebhookFields struct {
	URL   string             `json:"url" maxLength:"1000" example:"https://example.com/hajir"`
	Name  string             `json:"name" maxLength:"100" doc:"What it is for; may be empty"`
	Kinds []hajir.NoticeKind `json:"kinds" minItems:"1" maxItems:"50" nullable:"false" doc:"Some of list-webhooks' kinds" example:"[\"leave.approved\"]"`
}

type webhookBody struct {
	ID string `json:"id"`
	WebhookFields
	State        hajir.WebhookState `json:"state" enum:"on,off,failing,gone" doc:"failing, gone: it was turned off by itself, since it failed for five days, or answered 410"`
	FailingSince *time.Time         `json:"failing_since,omitempty" doc:"Since when nothing was delivered; absent when the last delivery was"`
	SecretAt     time.Time          `json:"secret_at" doc:"When its secret was made"`
	OldUntil     *time.Time         `json:"old_secret_until,omitempty" doc:"Until when the secret before signs, too"`
	CreatedAt    time.Time          `json:"created_at"`
	Version      int                `json:"version"`
}

type webhooksOutput struct {
	Body struct {
		Webhooks []webhookBody      `json:"webhooks" nullable:"false" doc:"The oldest first"`
		Kinds    []hajir.NoticeKind `json:"kinds" nullable:"false" doc:"What can be chosen"`
		Plain    bool               `json:"plain" doc:"Whether an address may do without https, inside the networks that the operator allows"`
	}
}

type webhookOutput struct{ Body webhookBody }

type webhookSecretOutput struct {
	Body struct {
		Webhook webhookBody `json:"webhook"`
		Secret  string      `json:"secret" doc:"It is shown this once" example:"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"`
	}
}

type addWebhookInput struct {
	api.CompanyPath
	Body WebhookFields
}

// WebhookPath is the input of an operation on one webhook.
type WebhookPath struct {
	api.CompanyPath
	WebhookID string `path:"webhook_id" maxLength:"64"`
}

type changeWebhookInput struct {
	WebhookPath
	Body struct {
		WebhookFields
		On      bool `json:"on" doc:"Whether it is posted to"`
		Version int  `json:"version" minimum:"1" doc:"The version that was read; a newer one is a conflict"`
	}
}

type deleteWebhookInput struct {
	WebhookPath
	Version int `query:"version" minimum:"1" required:"true" doc:"The version that was read; a newer one is a conflict"`
}

type attemptsInput struct {
	WebhookPath
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type attemptsOutput struct {
	Body struct {
		Attempts   []attemptBody `json:"attempts" nullable:"false" doc:"The latest first; of 14 days"`
		NextCursor string        `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type attemptBody struct {
	ID       string           `json:"id"`
	NoticeID string           `json:"notice_id" doc:"The webhook-id that was sent: the same in every repeat"`
	Kind     hajir.NoticeKind `json:"kind" example:"leave.asked"`
	At       time.Time        `json:"at"`
	Try      int              `json:"try" doc:"From 1"`
	Status   int              `json:"status,omitempty" doc:"Of HTTP; absent when nothing was answered"`
	TookMS   int64            `json:"took_ms" doc:"Milliseconds until it was answered, or given up"`
	Answer   string           `json:"answer,omitempty" doc:"How the answer begins"`
	Problem  string           `json:"problem,omitempty" doc:"Why it failed; absent when it did not"`
}

type attemptOutput struct{ Body attemptBody }

func (s *Service) registerWebhooks(a *api.API, admin, read api.Access) {
	const list = "/companies/{company}/webhooks"
	const one = list + "/{webhook_id}"
	api.Register(a, huma.Operation{
		OperationID: "list-webhooks", Method: http.MethodGet, Path: list, Summary: "Addresses to which is posted what happens",
	}, read, s.listWebhooks)
	api.Register(a, huma.Operation{
		OperationID: "create-webhook", Method: http.MethodPost, Path: list, DefaultStatus: http.StatusCreated,
		Summary: "Have posted what happens", Description: "What is posted follows Standard Webhooks; docs/webhooks.md shows it.",
		Errors: []int{http.StatusConflict},
	}, admin, s.addWebhook)
	api.Register(a, huma.Operation{
		OperationID: "change-webhook", Method: http.MethodPut, Path: one, Summary: "Change a webhook, or turn it on or off",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.changeWebhook)
	api.Register(a, huma.Operation{
		OperationID: "delete-webhook", Method: http.MethodDelete, Path: one, Summary: "Delete a webhook with its log",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.deleteWebhook)
	api.Register(a, huma.Operation{
		OperationID: "rotate-webhook-secret", Method: http.MethodPost, Path: one + "/secret", DefaultStatus: http.StatusOK,
		Summary: "Give a webhook a new secret", Description: "For a day, the one before signs beside it.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.rotateWebhook)
	api.Register(a, huma.Operation{
		OperationID: "test-webhook", Method: http.MethodPost, Path: one + "/test", DefaultStatus: http.StatusOK,
		Summary: "Post a test", Description: "Answers with what the receiver answered, in up to 15 seconds.", Errors: []int{http.StatusNotFound},
	}, admin, s.testWebhook)
	api.Register(a, huma.Operation{
		OperationID: "list-webhook-attempts", Method: http.MethodGet, Path: one + "/attempts", Summary: "What was posted, and answered",
		Errors: []int{http.StatusNotFound},
	}, read, s.listAttempts)
}

func describeWebhook(w hajir.Webhook) webhookBody {
	return webhookBody{
		ID: w.ID, WebhookFields: WebhookFields{URL: w.URL, Name: w.Name, Kinds: w.Kinds}, State: w.State, FailingSince: given(w.FailingSince),
		SecretAt: w.SecretAt, OldUntil: given(w.OldUntil), CreatedAt: w.CreatedAt, Version: w.Version,
	}
}

func describeAttempt(a hajir.Attempt) attemptBody {
	return attemptBody{
		ID: a.ID, NoticeID: a.Notice, Kind: a.Kind, At: a.At, Try: a.Try, Status: a.Status, TookMS: a.Took.Milliseconds(), Answer: a.Answer, Problem: a.Problem,
	}
}

func (f WebhookFields) webhook(company, id string, version int) hajir.Webhook {
	return hajir.Webhook{ID: id, Company: company, URL: f.URL, Name: f.Name, Kinds: f.Kinds, Version: version}
}

func (s *Service) listWebhooks(ctx context.Context, in *api.CompanyPath) (*webhooksOutput, error) {
	all, err := s.Webhooks.All(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	operates, err := s.operates(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &webhooksOutput{}
	out.Body.Kinds, out.Body.Plain = hajir.WebhookKinds(operates), s.Webhooks.Client.Plain()
	out.Body.Webhooks = make([]webhookBody, len(all))
	for i, w := range all {
		out.Body.Webhooks[i] = describeWebhook(w)
	}
	return out, nil
}

// operates says whether a company's admin operates the installation.
func (s *Service) operates(ctx context.Context, company string) (bool, error) {
	operator, err := s.Operator(ctx)
	if err != nil {
		return false, fmt.Errorf("ask who operates the installation: %w", err)
	}
	return operator == company, nil
}

func secretOutput(w hajir.Webhook, err error) (*webhookSecretOutput, error) {
	out := &webhookSecretOutput{}
	out.Body.Webhook, out.Body.Secret = describeWebhook(w), webhook.Show(w.Secret)
	return out, err
}

func (s *Service) addWebhook(ctx context.Context, in *addWebhookInput) (*webhookSecretOutput, error) {
	return secretOutput(s.Webhooks.Add(ctx, in.Body.webhook(in.Company, "", 0)))
}

func (s *Service) changeWebhook(ctx context.Context, in *changeWebhookInput) (*webhookOutput, error) {
	w, err := s.Webhooks.Change(ctx, in.Body.webhook(in.Company, in.WebhookID, in.Body.Version), in.Body.On)
	return &webhookOutput{describeWebhook(w)}, err
}

func (s *Service) deleteWebhook(ctx context.Context, in *deleteWebhookInput) (*struct{}, error) {
	return nil, s.Webhooks.Remove(ctx, in.Company, in.WebhookID, in.Version)
}

func (s *Service) rotateWebhook(ctx context.Context, in *WebhookPath) (*webhookSecretOutput, error) {
	return secretOutput(s.Webhooks.Rotate(ctx, in.Company, in.WebhookID))
}

func (s *Service) testWebhook(ctx context.Context, in *WebhookPath) (*attemptOutput, error) {
	a, err := s.Webhooks.Test(ctx, in.Company, in.WebhookID)
	return &attemptOutput{describeAttempt(a)}, err
}

func (s *Service) listAttempts(ctx context.Context, in *attemptsInput) (*attemptsOutput, error) {
	all, err := s.Webhooks.Attempts(ctx, in.Company, in.WebhookID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &attemptsOutput{}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Body.NextCursor = all[in.Limit-1].ID
	}
	out.Body.Attempts = make([]attemptBody, len(all))
	for i, a := range all {
		out.Body.Attempts[i] = describeAttempt(a)
	}
	return out, nil
}
