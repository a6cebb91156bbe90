package company

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/report"
)

// PayrollFields are what an admin decides about a file for payroll. It is
// exported for the API's document, which has the fields of exported types alone.
type PayrollFields struct {
	Name      string              `json:"name" maxLength:"100" example:"Tally"`
	Columns   []payrollColumnBody `json:"columns" minItems:"1" maxItems:"100" nullable:"false" doc:"In their order"`
	Delimiter string              `json:"delimiter" enum:"comma,semicolon,tab,bar"`
	Decimal   string              `json:"decimal" enum:"dot,comma" doc:"Not a comma where it separates cells"`
	DateForm  hajir.DateForm      `json:"date_form" enum:"iso,compact,dmy,dmy_dots,mdy,bs" doc:"2026-03-31, 20260331, 31/03/2026, 31.03.2026, 03/31/2026, or the Bikram Sambat date 2082-12-17"`
	BOM       bool                `json:"bom" doc:"Begins with a byte order mark, by which Excel knows UTF-8"`
}

type payrollColumnBody struct {
	Header   string             `json:"header" maxLength:"100" example:"Employee No."`
	Field    hajir.PayrollField `json:"field" maxLength:"40" doc:"One of list-payroll-mappings' fields" example:"days_payable"`
	Constant string             `json:"constant,omitempty" maxLength:"200" doc:"The value, of the field constant alone"`
}

type payrollMappingBody struct {
	ID string `json:"id"`
	PayrollFields
	Version int `json:"version"`
}

type payrollMappingsOutput struct {
	Body struct {
		Mappings []payrollMappingBody `json:"mappings" nullable:"false" doc:"In order of their names"`
		Fields   []hajir.PayrollField `json:"fields" nullable:"false" doc:"What a column may hold"`
	}
}

type payrollMappingOutput struct{ Body payrollMappingBody }

type addPayrollInput struct {
	api.CompanyPath
	Body PayrollFields
}

// PayrollPath is the input of an operation on one mapping.
type PayrollPath struct {
	api.CompanyPath
	MappingID string `path:"mapping_id" maxLength:"64"`
}

type changePayrollInput struct {
	PayrollPath
	Body struct {
		PayrollFields
		Version int `json:"version" minimum:"1" doc:"The version that was read; a newer one is a conflict"`
	}
}

type deletePayrollInput struct {
	PayrollPath
	Version int `query:"version" minimum:"1" required:"true" doc:"The version that was read; a newer one is a conflict"`
}

// PayrollFilter chooses people and days of a file for payroll.
type PayrollFilter struct {
	report.PeriodQuery
	Department string `query:"department" maxLength:"200" doc:"Of this department alone"`
}

type previewPayrollInput struct {
	api.CompanyPath
	PayrollFilter
	Body PayrollFields
}

type payrollPreviewOutput struct {
	Body struct {
		Header []string   `json:"header" nullable:"false"`
		Rows   [][]string `json:"rows" nullable:"false" doc:"Of the first people"`
		People int        `json:"people" doc:"How many people are looked at for the file"`
	}
}

type exportPayrollInput struct {
	PayrollPath
	PayrollFilter
}

// previewed is of how many people a preview shows rows.
const previewed = 10

var (
	delimiters = map[string]string{"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
	decimals   = map[string]string{"dot": ".", "comma": ","}
)

func (s *Service) registerPayroll(a *api.API, admin, read api.Access) {
	const list = "/companies/{company}/payroll-mappings"
	const one = list + "/{mapping_id}"
	api.Register(a, huma.Operation{
		OperationID: "list-payroll-mappings", Method: http.MethodGet, Path: list, Summary: "How files for payroll look",
	}, read, s.listPayroll)
	api.Register(a, huma.Operation{
		OperationID: "create-payroll-mapping", Method: http.MethodPost, Path: list, DefaultStatus: http.StatusCreated,
		Summary: "Say how a file for payroll looks", Errors: []int{http.StatusConflict},
	}, admin, s.addPayroll)
	api.Register(a, huma.Operation{
		OperationID: "change-payroll-mapping", Method: http.MethodPut, Path: one, Summary: "Change how a file for payroll looks",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.changePayroll)
	api.Register(a, huma.Operation{
		OperationID: "delete-payroll-mapping", Method: http.MethodDelete, Path: one, Summary: "Delete a form of files for payroll",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.deletePayroll)
	api.Register(a, huma.Operation{
		OperationID: "preview-payroll", Method: http.MethodPost, Path: "/companies/{company}/payroll-preview",
		Summary:     "The first rows of a file for payroll",
		Description: fmt.Sprintf("Of a mapping that need not be stored, and of up to %d people.", previewed),
	}, admin, s.previewPayroll)
	api.RegisterWork(a, huma.Operation{
		OperationID: "export-payroll", Method: http.MethodPost, Path: one + "/export", Summary: "Make a file for payroll",
		Description: "CSV, a row a person, without totals. The file waits for an hour for who asked for it, and the audit log tells that it was made. " +
			"Days whose exit is missing count as present, with no time worked: the field open_days tells how many there are.",
		Errors: []int{http.StatusNotFound},
	}, read, s.exportPayroll)
}

func (f PayrollFields) mapping(company, id string, version int) hajir.PayrollMapping {
	m := hajir.PayrollMapping{
		ID: id, Company: company, Name: f.Name, Delimiter: delimiters[f.Delimiter], Decimal: decimals[f.Decimal], DateForm: f.DateForm, BOM: f.BOM, Version: version,
	}
	for _, c := range f.Columns {
		m.Columns = append(m.Columns, hajir.PayrollColumn(c))
	}
	return m
}

func describePayroll(m hajir.PayrollMapping) payrollMappingBody {
	body := payrollMappingBody{ID: m.ID, Version: m.Version, PayrollFields: PayrollFields{
		Name: m.Name, DateForm: m.DateForm, BOM: m.BOM, Columns: make([]payrollColumnBody, len(m.Columns)),
	}}
	for name, c := range delimiters {
		if c == m.Delimiter {
			body.Delimiter = name
		}
	}
	for name, c := range decimals {
		if c == m.Decimal {
			body.Decimal = name
		}
	}
	for i, c := range m.Columns {
		body.Columns[i] = payrollColumnBody(c)
	}
	return body
}

func (s *Service) listPayroll(ctx context.Context, in *api.CompanyPath) (*payrollMappingsOutput, error) {
	all, err := s.PayrollMappings(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &payrollMappingsOutput{}
	out.Body.Fields = hajir.PayrollFields()
	out.Body.Mappings = make([]payrollMappingBody, len(all))
	for i, m := range all {
		out.Body.Mappings[i] = describePayroll(m)
	}
	return out, nil
}

func (s *Service) addPayroll(ctx context.Context, in *addPayrollInput) (*payrollMappingOutput, error) {
	m, err := s.AddPayrollMapping(ctx, in.Body.mapping(in.Company, "", 0))
	return &payrollMappingOutput{describePayroll(m)}, err
}

func (s *Service) changePayroll(ctx context.Context, in *changePayrollInput) (*payrollMappingOutput, error) {
	m, err := s.ChangePayrollMapping(ctx, in.Body.mapping(in.Company, in.MappingID, in.Body.Version))
	return &payrollMappingOutput{describePayroll(m)}, err
}

func (s *Service) deletePayroll(ctx context.Context, in *deletePayrollInput) (*struct{}, error) {
	return nil, s.DeletePayrollMapping(ctx, in.Company, in.MappingID, in.Version)
}

func (f PayrollFilter) query(ctx context.Context, s *Service, m hajir.PayrollMapping) (report.Query, error) {
	filter := ReportFilter{
		CompanyPath: api.CompanyPath{Company: m.Company}, Report: report.Payroll, PeriodQuery: f.PeriodQuery, Department: f.Department,
	}
	q, err := filter.query(ctx, s)
	q.Mapping = m
	return q, err
}

func (s *Service) previewPayroll(ctx context.Context, in *previewPayrollInput) (*payrollPreviewOutput, error) {
	m := in.Body.mapping(in.Company, "", 0)
	if err := m.Validate(); err != nil {
		return nil, err
	}
	q, err := in.query(ctx, s, m)
	if err != nil {
		return nil, err
	}
	out := &payrollPreviewOutput{}
	q.Limit = previewed
	out.Body.People = len(q.People)
	for _, c := range q.Columns() {
		out.Body.Header = append(out.Body.Header, c.Label)
	}
	out.Body.Rows = [][]string{}
	_, err = s.Reports.Walk(ctx, q, func(r report.Row) error {
		row := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			row[i] = c.Text
		}
		out.Body.Rows = append(out.Body.Rows, row)
		return nil
	}, func(int, int) {})
	return out, err
}

func (s *Service) exportPayroll(ctx context.Context, in *exportPayrollInput) (api.Work, error) {
	m, err := s.PayrollMapping(ctx, in.Company, in.MappingID)
	if err != nil {
		return nil, err
	}
	q, err := in.query(ctx, s, m)
	if err != nil {
		return nil, err
	}
	return s.Reports.Make(q, report.CSV, m.BOM), nil
}
