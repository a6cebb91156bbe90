package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

type importFileInput struct {
	api.CompanyPath
	Kind    hajir.ImportKind `path:"kind" enum:"employees,shifts,roster,leave,days,devices"`
	DryRun  bool             `query:"dry_run" doc:"Only say what would become of each line"`
	File    string           `query:"file" maxLength:"200" doc:"What the file is called, for the records" example:"door.csv"`
	Dates   sheet.Order      `query:"dates" enum:"day,month" doc:"What comes first in dates such as 03/04/2026; without it a file that has some is refused"`
	Zone    string           `query:"zone" maxLength:"64" doc:"Of devices: the time zone that their clock shows; the company's when absent" example:"Asia/Kathmandu"`
	RawBody []byte           `contentType:"text/csv"`
}

type importFileOutput struct{ Body sheet.FileReport }

type listImportsInput struct {
	api.CompanyPath
	Limit int `query:"limit" default:"20" minimum:"1" maximum:"200" doc:"How many at most"`
}

type importsOutput struct {
	Body struct {
		Imports []importBody `json:"imports" doc:"The newest first"`
	}
}

type importBody struct {
	ID     string            `json:"id"`
	Kind   hajir.ImportKind  `json:"kind" enum:"employees,shifts,roster,leave,days,devices"`
	File   string            `json:"file" example:"door.csv"`
	SHA256 string            `json:"sha256" doc:"Of the file's content"`
	By     string            `json:"by,omitempty" doc:"The account that imported it"`
	State  hajir.ImportState `json:"state" enum:"running,done,failed,interrupted" doc:"failed, interrupted: import the same file again, and it does the rest"`
	Lines  int               `json:"total" doc:"How many lines the file has"`
	Done   int               `json:"done" doc:"Of how many lines it is known what became of them"`
	sheet.Counts
	BegunAt time.Time  `json:"begun_at"`
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

type importKindsOutput struct {
	Body struct {
		Kinds []importKindBody `json:"kinds" doc:"In the order in which a company brings them when it moves here"`
	}
}

type importKindBody struct {
	Kind     hajir.ImportKind `json:"kind" enum:"employees,shifts,roster,leave,days,devices"`
	Columns  []importColumn   `json:"columns"`
	Example  string           `json:"example" doc:"A file to begin with"`
	MaxLines int              `json:"max_lines"`
	MaxBytes int              `json:"max_bytes"`
}

type importColumn struct {
	Name     string   `json:"name"`
	Also     []string `json:"also,omitempty" doc:"What else it may be called"`
	Required bool     `json:"required"`
}

func (s *Service) registerImports(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/imports"
	api.Register(a, huma.Operation{
		OperationID: "list-imports", Method: http.MethodGet, Path: path, Summary: "Which files were imported, and how far one at work is",
	}, read, s.listImports)
	api.Register(a, huma.Operation{
		OperationID: "list-import-kinds", Method: http.MethodGet, Path: path + "/kinds", Summary: "What can be imported, with columns and examples",
	}, admin, s.listImportKinds)
	api.RegisterIn(a, api.Imports, huma.Operation{
		OperationID: "import-file", Method: http.MethodPost, Path: path + "/{kind}", Summary: "Import a CSV file",
		Description: "Do a dry run first: it says line by line what would be done. Each line is taken or refused alone; " +
			"the same file again changes nothing, so that an import that was broken off is finished by importing the file again. " +
			"A long import goes on when the client does not wait for the answer; list-imports tells how far it is.",
		MaxBodyBytes: MaxImport + 1<<10, BodyReadTimeout: time.Minute, SkipValidateBody: true, // it is no JSON
		RequestBody: &huma.RequestBody{
			Required: true, Description: "A CSV file in UTF-8; list-import-kinds names the columns.",
			Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: "string"}}},
		},
		Middlewares: huma.Middlewares{api.Unhurried},
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge},
	}, admin, s.importFile)
}

func (s *Service) importFile(ctx context.Context, in *importFileInput) (*importFileOutput, error) {
	report, err := s.Import(ctx, ImportFile{
		Company: in.Company, Kind: in.Kind, Name: in.File, Content: in.RawBody, By: api.Caller(ctx).Username,
		Order: in.Dates, Zone: in.Zone, DryRun: in.DryRun,
	})
	if err != nil {
		return nil, err
	}
	return &importFileOutput{Body: report}, nil
}

func (s *Service) listImports(ctx context.Context, in *listImportsInput) (*importsOutput, error) {
	all, err := s.Imports(ctx, in.Company, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	out.Body.Imports = make([]importBody, len(all))
	for n, i := range all {
		b := importBody{
			ID: i.ID, Kind: i.Kind, File: i.File, SHA256: i.SHA256, By: i.By, State: i.State(s.Now()), Lines: i.Lines, Done: i.Done,
			Counts: sheet.Counts{New: i.New, Changed: i.Changed, Same: i.Same, Refused: i.Refused}, BegunAt: i.BegunAt,
		}
		if !i.EndedAt.IsZero() {
			b.EndedAt = &i.EndedAt
		}
		out.Body.Imports[n] = b
	}
	return out, nil
}

func (s *Service) listImportKinds(context.Context, *api.CompanyPath) (*importKindsOutput, error) {
	out := &importKindsOutput{}
	for _, k := range hajir.ImportKinds() {
		kind := importKinds[k]
		b := importKindBody{Kind: k, Example: kind.example, MaxLines: kind.layout.Lines, MaxBytes: kind.layout.Bytes}
		for _, c := range kind.layout.Columns {
			b.Columns = append(b.Columns, importColumn{Name: c.Name, Also: c.Also, Required: c.Need})
		}
		out.Body.Kinds = append(out.Body.Kinds, b)
	}
	return out, nil
}
