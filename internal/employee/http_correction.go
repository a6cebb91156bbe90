package employee

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/correction"
	"hajir/internal/hajir"
)

type correctionInput struct {
	api.PersonPath
	Date string `path:"date" maxLength:"10" doc:"YYYY-MM-DD where the person is" example:"2026-03-02"`
	Body correction.WishBody
}

type withdrawInput struct {
	api.PersonPath
	Date string `path:"date" maxLength:"10"`
	ID   string `path:"correction_id" maxLength:"64"`
}

type correctionOutput struct{ Body correction.CorrectionBody }

// removedBody is a punch that counts no more.
type removedBody struct {
	Punch     punchBody `json:"punch" doc:"As it was"`
	RemovedBy string    `json:"removed_by" doc:"The ID of the correction that removed it, or replaced it by one at another time"`
	RemovedAt time.Time `json:"removed_at"`
}

func (s *Service) registerCorrections(a *api.API) {
	self := api.Access{Function: api.Employee, Self: []hajir.Role{hajir.RoleEmployee}}
	const path = "/companies/{company}/employees/{username}/days/{date}/corrections"
	api.Register(a, huma.Operation{
		OperationID: "request-correction", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated,
		Summary: "Ask for a correction of a day",
		Description: "Of one's own: punches that are to be added, moved or removed, within the bounds that the company sets. " +
			"The person's manager decides, or the admin where there is none.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, self, s.requestCorrection)
	api.Register(a, huma.Operation{
		OperationID: "withdraw-correction", Method: http.MethodPost, Path: path + "/{correction_id}/withdraw", DefaultStatus: http.StatusOK,
		Summary: "Take back a correction that was asked for", Description: "Until it is decided.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, self, s.withdrawCorrection)
}

func (s *Service) requestCorrection(ctx context.Context, in *correctionInput) (*correctionOutput, error) {
	x, c, err := s.Corrections.Ask(ctx, correction.Wish{
		Company: in.Company, Username: in.Username, Date: in.Date, Changes: in.Body.Of(), Reason: in.Body.Reason, By: api.Caller(ctx).Username,
	})
	return s.correction(ctx, in.Company, x, c, err)
}

func (s *Service) withdrawCorrection(ctx context.Context, in *withdrawInput) (*correctionOutput, error) {
	x, c, err := s.Corrections.Withdraw(ctx, in.Company, in.Username, in.Date, in.ID)
	return s.correction(ctx, in.Company, x, c, err)
}

func (s *Service) correction(ctx context.Context, company string, x hajir.DayCorrections, c hajir.Correction, err error) (*correctionOutput, error) {
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, company)
	if err != nil {
		return nil, err
	}
	body, err := s.Corrections.Body(ctx, names, company, x, c)
	return &correctionOutput{Body: body}, err
}

// describeCorrections returns a month's corrections by date, as the API shows
// them.
func (s *Service) describeCorrections(ctx context.Context, company, username string, m Month) (map[string][]correction.CorrectionBody, error) {
	all, err := s.Corrections.Between(ctx, username, m.Days[0].Date, m.Days[len(m.Days)-1].Date)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, company)
	if err != nil {
		return nil, err
	}
	bodies := map[string][]correction.CorrectionBody{}
	for _, x := range all {
		for _, c := range x.All {
			body, err := correction.Describe(ctx, names, x, c, m.Location)
			if err != nil {
				return nil, fmt.Errorf("describe correction: %w", err)
			}
			bodies[x.Date] = append(bodies[x.Date], body)
		}
	}
	return bodies, nil
}
