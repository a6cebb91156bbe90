package company

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/correction"
	"hajir/internal/hajir"
)

type editInput struct {
	api.PersonPath
	Date string `path:"date" maxLength:"10" doc:"YYYY-MM-DD where the person is" example:"2026-03-02"`
	Body correction.WishBody
}

type decideCorrectionInput struct {
	api.PersonPath
	Date string `path:"date" maxLength:"10"`
	ID   string `path:"correction_id" maxLength:"64"`
	Body struct {
		Approve bool   `json:"approve"`
		Note    string `json:"note,omitempty" maxLength:"1000" doc:"Needed to refuse; the employee reads it"`
		Version int    `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type correctionOutput struct{ Body correction.CorrectionBody }

type waitingCorrectionsOutput struct {
	Body struct {
		Corrections []waitingCorrectionBody `json:"corrections" doc:"In order of dates; before is what counts now, after what would"`
	}
}

type waitingCorrectionBody struct {
	correction.CorrectionBody
	TimeZone string `json:"time_zone" doc:"The employee's, in which times are told"`
	ForName  string `json:"for_name,omitempty" doc:"In whose place one decides"`
	Problem  string `json:"problem,omitempty" doc:"Why it cannot be approved as the day is now"`
}

func (s *Service) registerCorrections(a *api.API, admin api.Access) {
	decide := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee}}
	const day = "/companies/{company}/employees/{username}/days/{date}"
	api.Register(a, huma.Operation{
		OperationID: "list-waiting-corrections", Method: http.MethodGet, Path: "/companies/{company}/corrections/waiting",
		Summary:     "The corrections of days that one has to decide",
		Description: "A manager's, those of whom one stands in for, and the admin's where there is no manager.",
	}, decide, s.listWaitingCorrections)
	api.Register(a, huma.Operation{
		OperationID: "decide-correction", Method: http.MethodPost, Path: day + "/corrections/{correction_id}/decision", DefaultStatus: http.StatusOK,
		Summary: "Approve or refuse a correction of a day", Description: "For whose turn it is, who stands in for them, and the admin. Nobody decides about their own days.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, decide, s.decideCorrection)
	api.Register(a, huma.Operation{
		OperationID: "edit-day", Method: http.MethodPost, Path: day + "/edits", DefaultStatus: http.StatusCreated,
		Summary:     "Add, move or remove punches of a person's day",
		Description: "With a reason, which stays with the day as what was before does.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.editDay)
}

func (s *Service) listWaitingCorrections(ctx context.Context, in *api.CompanyPath) (*waitingCorrectionsOutput, error) {
	all, err := s.Corrections.Waiting(ctx, in.Company, leaveCaller(ctx))
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &waitingCorrectionsOutput{}
	out.Body.Corrections = make([]waitingCorrectionBody, len(all))
	for i, w := range all {
		body := waitingCorrectionBody{TimeZone: w.Location.String(), Problem: w.Problem}
		if body.CorrectionBody, err = correction.Describe(ctx, names, w.DayCorrections, w.Correction, w.Location); err != nil {
			return nil, err
		}
		if body.ForName, err = names.Of(ctx, w.For); err != nil {
			return nil, err
		}
		out.Body.Corrections[i] = body
	}
	return out, nil
}

func (s *Service) decideCorrection(ctx context.Context, in *decideCorrectionInput) (*correctionOutput, error) {
	x, c, err := s.Corrections.Decide(ctx, in.Company, in.Username, in.Date, in.ID, leaveCaller(ctx), correction.Decision{
		Approve: in.Body.Approve, Note: in.Body.Note, Version: in.Body.Version,
	})
	return s.correction(ctx, in.Company, x, c, err)
}

func (s *Service) editDay(ctx context.Context, in *editInput) (*correctionOutput, error) {
	x, c, err := s.Corrections.Edit(ctx, correction.Wish{
		Company: in.Company, Username: in.Username, Date: in.Date, Changes: in.Body.Of(), Reason: in.Body.Reason, By: api.Caller(ctx).Username,
	})
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
