package company

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// ErasureStore keeps what was, and is to be, erased.
type ErasureStore interface {
	Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error)
	// CompanyErasures returns at most limit of a company's erasures, newest
	// first, beginning behind before; its zero value begins with the newest.
	CompanyErasures(ctx context.Context, company string, before hajir.Erasure, limit int) ([]hajir.Erasure, error)
}

type recordConsentInput struct {
	api.PersonPath
	Body struct {
		State       hajir.ConsentState `json:"state" enum:"given,declined,withdrawn"`
		TextVersion string             `json:"text_version,omitempty" maxLength:"20" doc:"The version of the text on the form that was signed; the present one when absent"`
	}
}

type listErasuresInput struct {
	api.CompanyPath
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"100" doc:"next_cursor of the page before"`
}

type erasuresOutput struct {
	Body struct {
		Erasures   []erasureBody `json:"erasures" doc:"Newest first"`
		NextCursor string        `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type erasureBody struct {
	Username          string              `json:"username" example:"asha"`
	Number            int                 `json:"number" doc:"Counts the person's erasures"`
	State             hajir.ErasureState  `json:"state" enum:"pending,begun,done,cancelled"`
	Reason            hajir.ErasureReason `json:"reason" enum:"withdrawn,declined,deactivated"`
	AskedAt           time.Time           `json:"asked_at"`
	ImagesDueAt       time.Time           `json:"images_due_at" doc:"When the pictures go"`
	TemplatesErasedAt *time.Time          `json:"templates_erased_at,omitempty"`
	ImagesErasedAt    *time.Time          `json:"images_erased_at,omitempty"`
	CancelledAt       *time.Time          `json:"cancelled_at,omitempty"`
}

func (s *Service) registerConsent(a *api.API, admin api.Access) {
	api.Register(a, huma.Operation{
		OperationID: "record-consent", Method: http.MethodPost, Path: "/companies/{company}/employees/{username}/consent/paper",
		Summary: "Record what a person decided on paper",
		Description: "For a signed form, or a withdrawal that the person told. It is kept who recorded it. A withdrawal has removed the " +
			"person's templates when it is answered; their pictures go when they have had their time.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.recordConsent)
	api.Register(a, huma.Operation{
		OperationID: "list-erasures", Method: http.MethodGet, Path: "/companies/{company}/erasures",
		Summary: "Pending and past erasures of faces", Description: "The receipt of one is at get-receipt.",
		Errors: []int{http.StatusNotFound},
	}, admin, s.listErasures)
}

func (s *Service) recordConsent(ctx context.Context, in *recordConsentInput) (*personOutput, error) {
	version := in.Body.TextVersion
	if version == "" {
		version = hajir.ConsentVersion
	}
	e, err := s.Consents.Decide(ctx, in.Company, in.Username, hajir.Consent{
		State: in.Body.State, TextVersion: version, Means: hajir.ConsentPaper, By: api.Caller(ctx).Username,
	})
	return s.personOutput(ctx, e, err)
}

func (s *Service) listErasures(ctx context.Context, in *listErasuresInput) (*erasuresOutput, error) {
	before, err := s.erasureAt(ctx, in.Company, in.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.CompanyErasures(ctx, in.Company, before, in.Limit)
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	out := &erasuresOutput{}
	out.Body.Erasures = make([]erasureBody, len(page))
	for i, x := range page {
		out.Body.Erasures[i] = erasureBody{
			Username: x.Username, Number: x.Number, State: x.State(), Reason: x.Reason, AskedAt: x.AskedAt, ImagesDueAt: x.DueAt,
			TemplatesErasedAt: moment(x.TemplatesAt), ImagesErasedAt: moment(x.ImagesAt), CancelledAt: moment(x.CancelledAt),
		}
	}
	if len(page) == in.Limit {
		last := page[len(page)-1]
		out.Body.NextCursor = last.Username + "/" + strconv.Itoa(last.Number)
	}
	return out, nil
}

// erasureAt returns the erasure that a cursor names; the zero one for none.
func (s *Service) erasureAt(ctx context.Context, company, cursor string) (hajir.Erasure, error) {
	if cursor == "" {
		return hajir.Erasure{}, nil
	}
	bad := hajir.Errorf(hajir.Invalid, "this is no next_cursor of a page before")
	username, digits, _ := strings.Cut(cursor, "/")
	number, err := strconv.Atoi(digits)
	if err != nil {
		return hajir.Erasure{}, bad
	}
	x, err := s.Store.Erasure(ctx, username, number)
	switch {
	case hajir.CodeOf(err) == hajir.NotFound || err == nil && x.Company != company:
		return hajir.Erasure{}, bad
	case err != nil:
		return hajir.Erasure{}, fmt.Errorf("load erasure: %w", err)
	}
	return x, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
