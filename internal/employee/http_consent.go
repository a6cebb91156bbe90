package employee

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type decideInput struct {
	api.PersonPath
	Body struct {
		State       hajir.ConsentState `json:"state" enum:"given,declined,withdrawn"`
		TextVersion string             `json:"text_version,omitempty" maxLength:"20" doc:"The version of the text that was shown; needed unless consent is withdrawn"`
	}
}

type consentOutput struct{ Body consentBody }

type consentBody struct {
	State         hajir.ConsentState `json:"state" enum:",given,declined,withdrawn" doc:"Empty if the person was never asked"`
	History       []decisionBody     `json:"history" doc:"Every decision, oldest first; the last one counts"`
	Faces         int                `json:"faces" doc:"How many faces are enrolled. Without consent none of them is recognised"`
	Text          consentTextBody    `json:"text" doc:"What people are asked now"`
	AgreedText    *consentTextBody   `json:"agreed_text,omitempty" doc:"What the last decision was about, where that is another text"`
	RetentionDays int                `json:"retention_days" doc:"How long pictures stay after a withdrawal"`
	Erasures      []ownErasureBody   `json:"erasures" doc:"Newest first"`
}

type decisionBody struct {
	State       hajir.ConsentState `json:"state" enum:"given,declined,withdrawn"`
	TextVersion string             `json:"text_version,omitempty"`
	At          time.Time          `json:"at"`
	Means       hajir.ConsentMeans `json:"means" enum:"self,paper,terminal,demo" doc:"By the person, from a signed form, by the operator, or as example data"`
	By          string             `json:"by" doc:"Who recorded it"`
}

type consentTextBody struct {
	Version string   `json:"version" doc:"To be sent back with the decision" example:"2"`
	Title   string   `json:"title"`
	Text    []string `json:"text" doc:"Paragraphs"`
}

type ownErasureBody struct {
	Number            int                 `json:"number"`
	State             hajir.ErasureState  `json:"state" enum:"pending,begun,done,cancelled"`
	Reason            hajir.ErasureReason `json:"reason" enum:"withdrawn,declined,deactivated"`
	AskedAt           time.Time           `json:"asked_at"`
	ImagesDueAt       time.Time           `json:"images_due_at" doc:"When the pictures go"`
	TemplatesErasedAt *time.Time          `json:"templates_erased_at,omitempty"`
	ImagesErasedAt    *time.Time          `json:"images_erased_at,omitempty"`
	CancelledAt       *time.Time          `json:"cancelled_at,omitempty"`
}

type receiptInput struct {
	api.PersonPath
	Number int `path:"number" minimum:"1"`
}

type receiptOutput struct {
	Disposition string `header:"Content-Disposition"`
	Body        struct {
		Receipt hajir.Receipt `json:"receipt"`
		SHA256  string        `json:"sha256" doc:"Of the receipt as compact JSON, in the order and with the characters given here"`
	}
}

func (s *Service) registerConsent(a *api.API, own api.Access) {
	const path = "/companies/{company}/employees/{username}"
	alone := own
	alone.Allow = nil
	api.Register(a, huma.Operation{
		OperationID: "get-consent", Method: http.MethodGet, Path: path + "/consent",
		Summary: "What a person decided about the recognition of their face", Errors: []int{http.StatusNotFound},
	}, own, s.getConsent)
	api.Register(a, huma.Operation{
		OperationID: "decide-consent", Method: http.MethodPut, Path: path + "/consent",
		Summary: "Agree to the recognition of one's face, decline or withdraw",
		Description: "A withdrawal has removed one's templates when it is answered; pictures go when they have had their time. " +
			"Agreeing again stops that, as long as they have not begun to go.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, alone, s.decideConsent)
	api.Register(a, huma.Operation{
		OperationID: "get-receipt", Method: http.MethodGet, Path: path + "/erasures/{number}",
		Summary: "The receipt of an erasure", Description: "There is one when the erasure is done or cancelled.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.getReceipt)
	api.RegisterFile(a, huma.Operation{
		OperationID: "download-data", Method: http.MethodGet, Path: path + "/data",
		Summary: "Everything that is held about a person",
		Description: "A ZIP file with data.json, the person's pictures, and README.txt, which explains them. " +
			"It names nobody else: look-alikes are left out of decisions.",
		Errors: []int{http.StatusNotFound},
	}, own, "application/zip", s.download)
}

func (s *Service) getConsent(ctx context.Context, in *api.PersonPath) (*consentOutput, error) {
	v, err := s.Consent(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	body, err := describeConsent(v)
	return &consentOutput{Body: body}, err
}

func (s *Service) decideConsent(ctx context.Context, in *decideInput) (*consentOutput, error) {
	_, err := s.Consents.Decide(ctx, in.Company, in.Username, hajir.Consent{
		State: in.Body.State, TextVersion: in.Body.TextVersion, Means: hajir.ConsentSelf, By: in.Username,
	})
	if err != nil {
		return nil, err
	}
	return s.getConsent(ctx, &in.PersonPath)
}

func (s *Service) getReceipt(ctx context.Context, in *receiptInput) (*receiptOutput, error) {
	r, sum, err := s.Receipt(ctx, in.Company, in.Username, in.Number)
	if err != nil {
		return nil, err
	}
	out := &receiptOutput{Disposition: `attachment; filename="erasure-receipt.json"`}
	out.Body.Receipt, out.Body.SHA256 = r, sum
	return out, nil
}

func describeConsent(v ConsentView) (consentBody, error) {
	e, c := v.Employee, v.Company
	body := consentBody{
		State: e.Consent.State, History: []decisionBody{}, Faces: v.Faces, RetentionDays: c.RetentionDays,
		Erasures: make([]ownErasureBody, len(v.Erasures)),
	}
	for _, d := range e.Decisions() {
		body.History = append(body.History, decisionBody{State: d.State, TextVersion: d.TextVersion, At: d.At, Means: d.Means, By: d.By})
	}
	for i, x := range v.Erasures {
		body.Erasures[i] = describeErasure(x)
	}
	var err error
	if body.Text, err = text(hajir.ConsentVersion, c.Name, c.RetentionDays); err != nil {
		return body, err
	}
	if d := e.Consent; d.State != hajir.ConsentNone && (d.TextVersion != hajir.ConsentVersion || d.RetentionDays != c.RetentionDays) {
		agreed, err := text(d.TextVersion, c.Name, d.RetentionDays)
		if err == nil {
			body.AgreedText = &agreed
		}
	}
	return body, nil
}

func describeErasure(x hajir.Erasure) ownErasureBody {
	return ownErasureBody{
		Number: x.Number, State: x.State(), Reason: x.Reason, AskedAt: x.AskedAt, ImagesDueAt: x.DueAt,
		TemplatesErasedAt: moment(x.TemplatesAt), ImagesErasedAt: moment(x.ImagesAt), CancelledAt: moment(x.CancelledAt),
	}
}

func text(version, company string, retentionDays int) (consentTextBody, error) {
	title, paragraphs, err := hajir.ConsentText(version, company, retentionDays)
	return consentTextBody{Version: version, Title: title, Text: paragraphs}, err
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
