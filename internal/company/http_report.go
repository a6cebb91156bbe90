package company

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/report"
)

// ReportFilter is the input of operations on a report about many people.
type ReportFilter struct {
	api.CompanyPath
	Report report.Kind `path:"report" enum:"muster,late,overtime,absences,balances" doc:"muster: a column a date; late: who came late or left early; balances: of leave, at the end of the period"`
	report.PeriodQuery
	Department string `query:"department" maxLength:"200" doc:"Of this department alone"`
	Manager    string `query:"manager" maxLength:"64" doc:"Of this manager's team alone: who reports to them, directly or further down, and themselves"`
}

type reportInput struct {
	ReportFilter
	Limit  int    `query:"limit" default:"250" minimum:"1" maximum:"1000" doc:"How many people at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type reportOutput struct{ Body *report.ReportBody }

type reportExportInput struct {
	ReportFilter
	report.FormatQuery
}

type reportFileInput struct {
	api.CompanyPath
	FileID string `path:"file_id" maxLength:"64"`
}

func (s *Service) registerReports(a *api.API) {
	seen := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleManager}}
	const path = "/companies/{company}/reports/{report}"
	api.RegisterIn(a, api.Reports, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: path, Summary: "A report about many people",
		Description: fmt.Sprintf("Of a month, or of up to %d days, in pages of people in order of their names. Who was not employed in the period is left out. "+
			"A manager is shown their reports and themselves.", report.MaxDays),
		Errors: []int{http.StatusNotFound},
	}, seen, s.getReport)
	api.RegisterWork(a, huma.Operation{
		OperationID: "export-report", Method: http.MethodPost, Path: path + "/export", Summary: "Make a file of a report",
		Description: "The file waits for an hour for who asked for it, and the audit log tells that it was made. In CSV, a cell that a spreadsheet could take for a formula begins with an apostrophe.",
		Errors:      []int{http.StatusNotFound},
	}, seen, s.exportReport)
	api.RegisterFile(a, huma.Operation{
		OperationID: "get-report-file", Method: http.MethodGet, Path: "/companies/{company}/report-files/{file_id}",
		Summary: "A file that was made for the caller", Errors: []int{http.StatusNotFound},
	}, api.Access{
		Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleEmployee},
	}, "application/octet-stream", s.getReportFile)
}

// query says what a report is about that the caller may see.
func (f *ReportFilter) query(ctx context.Context, s *Service) (report.Query, error) {
	q := report.Query{Kind: f.Report, Department: f.Department}
	var err error
	if q.Period, err = f.Period(report.MaxDays); err != nil {
		return q, err
	}
	if q.Company, err = s.Store.Company(ctx, f.Company); err != nil {
		return q, fmt.Errorf("load company: %w", err)
	}
	team, manager := teamOf(api.Caller(ctx)), strings.ToLower(strings.TrimSpace(f.Manager))
	if manager != "" && team != "" && team != manager {
		mine, err := s.IsReport(ctx, f.Company, team, manager)
		if err != nil {
			return q, err
		}
		if !mine {
			return q, hajir.Errorf(hajir.Forbidden, "this manager does not report to you")
		}
	}
	if manager != "" {
		team = manager
	}
	q.People, _, err = s.People(ctx, f.Company, Query{Team: team})
	return q, err
}

func (s *Service) getReport(ctx context.Context, in *reportInput) (*reportOutput, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.Limit, q.After = in.Limit, in.Cursor
	body, err := s.Reports.Page(ctx, q)
	return &reportOutput{body}, err
}

func (s *Service) exportReport(ctx context.Context, in *reportExportInput) (api.Work, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	return s.Reports.Make(q, in.Format, in.BOM), nil
}

func (s *Service) getReportFile(ctx context.Context, in *reportFileInput) (api.File, error) {
	content, name, err := s.Reports.Fetch(ctx, in.Company, api.Caller(ctx).Username, in.FileID)
	if err != nil {
		return api.File{}, err
	}
	format := report.Format(strings.TrimPrefix(path.Ext(name), "."))
	return api.File{Name: name, ContentType: format.ContentType(), Write: func(_ context.Context, w io.Writer) error {
		_, err := w.Write(content)
		return err
	}}, nil
}
