package employee

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/report"
)

type timeSheetInput struct {
	api.PersonPath
	report.PeriodQuery
}

type timeSheetOutput struct{ Body *report.ReportBody }

type timeSheetExportInput struct {
	api.PersonPath
	report.PeriodQuery
	report.FormatQuery
}

func (s *Service) registerTimeSheet(a *api.API) {
	seen := api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}
	const path = "/companies/{company}/employees/{username}/time-sheet"
	api.RegisterIn(a, api.Reports, huma.Operation{
		OperationID: "get-time-sheet", Method: http.MethodGet, Path: path, Summary: "A person's time sheet",
		Description: fmt.Sprintf("A row a date of a month, or of up to %d days.", report.MaxPersonDays), Errors: []int{http.StatusNotFound},
	}, seen, s.getTimeSheet)
	api.RegisterWork(a, huma.Operation{
		OperationID: "export-time-sheet", Method: http.MethodPost, Path: path + "/export", Summary: "Make a file of a person's time sheet",
		Description: "Fetch it with get-report-file within the hour. The audit log tells that it was made.", Errors: []int{http.StatusNotFound},
	}, seen, s.exportTimeSheet)
}

func (s *Service) timeSheet(ctx context.Context, path api.PersonPath, period report.PeriodQuery) (report.Query, error) {
	q := report.Query{Kind: report.TimeSheet}
	var err error
	if q.Period, err = period.Period(report.MaxPersonDays); err != nil {
		return q, err
	}
	if q.Company, err = s.Store.Company(ctx, path.Company); err != nil {
		return q, fmt.Errorf("load company: %w", err)
	}
	e, err := s.Store.Employee(ctx, path.Username)
	if err == nil {
		err = e.BelongsTo(path.Company)
	}
	if err != nil {
		return q, fmt.Errorf("load employee: %w", err)
	}
	q.People = []hajir.Employee{e}
	return q, nil
}

func (s *Service) getTimeSheet(ctx context.Context, in *timeSheetInput) (*timeSheetOutput, error) {
	q, err := s.timeSheet(ctx, in.PersonPath, in.PeriodQuery)
	if err != nil {
		return nil, err
	}
	body, err := s.Reports.Page(ctx, q)
	return &timeSheetOutput{body}, err
}

func (s *Service) exportTimeSheet(ctx context.Context, in *timeSheetExportInput) (api.Work, error) {
	q, err := s.timeSheet(ctx, in.PersonPath, in.PeriodQuery)
	if err != nil {
		return nil, err
	}
	return s.Reports.Make(q, in.Format, in.BOM), nil
}
