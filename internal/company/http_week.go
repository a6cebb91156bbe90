package company

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// PatternFields are a weekly pattern as clients write and read it.
type PatternFields struct {
	Name  string     `json:"name" minLength:"1" maxLength:"100" example:"Sunday to Friday"`
	Weeks [][]string `json:"weeks" minItems:"1" maxItems:"8" doc:"Each of seven days, Sunday first: a shift's id, off, or empty for work without a shift. Several weeks come in turn"`
}

type patternBody struct {
	ID string `json:"id"`
	PatternFields
	Version int `json:"version"`
}

type patternOutput struct{ Body patternBody }

type patternsOutput struct {
	Body struct {
		Patterns    []patternBody    `json:"patterns" doc:"In order of their names"`
		Assignments []assignmentBody `json:"assignments"`
	}
}

type assignmentBody struct {
	Scope   hajir.Scope `json:"scope" enum:"company,department,person" doc:"The narrowest that there is for a person counts"`
	Subject string      `json:"subject,omitempty" maxLength:"200" doc:"The department's name or the person's username"`
	From    string      `json:"from" doc:"YYYY-MM-DD; until the next assignment of the same. A pattern of several weeks begins with the week, from Sunday, that holds it" example:"2026-03-01"`
	Pattern string      `json:"pattern_id,omitempty" maxLength:"64" doc:"Absent: none of its own any more"`
}

type addPatternInput struct {
	api.CompanyPath
	Body PatternFields
}

// PatternPath is the input of an operation on one pattern.
type PatternPath struct {
	api.CompanyPath
	ID string `path:"pattern_id" maxLength:"64"`
}

type changePatternInput struct {
	PatternPath
	Body struct {
		PatternFields
		Version int `json:"version" doc:"The version that was read; a newer one is a conflict"`
	}
}

type assignInput struct {
	api.CompanyPath
	Body assignmentBody
}

type assignmentOutput struct{ Body assignmentBody }

type unassignInput struct {
	api.CompanyPath
	Scope   hajir.Scope `query:"scope" required:"true" enum:"company,department,person"`
	Subject string      `query:"subject" maxLength:"200"`
	From    string      `query:"from" required:"true" maxLength:"10"`
}

func (s *Service) registerWeeks(a *api.API, admin, read api.Access) {
	const path, one = "/companies/{company}/patterns", "/companies/{company}/patterns/{pattern_id}"
	api.Register(a, huma.Operation{
		OperationID: "list-patterns", Method: http.MethodGet, Path: path, Summary: "Weekly patterns, and who has which",
	}, read, s.listPatterns)
	api.Register(a, huma.Operation{
		OperationID: "create-pattern", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated, Summary: "Add a weekly pattern",
	}, admin, s.postPattern)
	api.Register(a, huma.Operation{
		OperationID: "change-pattern", Method: http.MethodPut, Path: one, Summary: "Change a weekly pattern",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.putPattern)
	api.Register(a, huma.Operation{
		OperationID: "delete-pattern", Method: http.MethodDelete, Path: one, Summary: "Remove a weekly pattern",
		Description: "Refused with conflict while it is assigned to somebody.", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.deletePattern)
	api.Register(a, huma.Operation{
		OperationID: "assign-pattern", Method: http.MethodPut, Path: "/companies/{company}/assignments",
		Summary: "Give the company, a department or a person a weekly pattern from a date on", Errors: []int{http.StatusNotFound},
	}, admin, s.putAssignment)
	api.Register(a, huma.Operation{
		OperationID: "unassign-pattern", Method: http.MethodDelete, Path: "/companies/{company}/assignments",
		Summary: "Take a weekly pattern back", Description: "What was assigned before it counts again.", Errors: []int{http.StatusNotFound},
	}, admin, s.deleteAssignment)
}

func (s *Service) listPatterns(ctx context.Context, in *api.CompanyPath) (*patternsOutput, error) {
	schedule, err := s.schedule(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	assigned, err := s.assignments(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &patternsOutput{}
	out.Body.Patterns, out.Body.Assignments = []patternBody{}, []assignmentBody{}
	for _, p := range slices.SortedFunc(maps.Values(schedule.Patterns), func(x, y hajir.Pattern) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	}) {
		out.Body.Patterns = append(out.Body.Patterns, describePattern(p))
	}
	for _, a := range assigned {
		out.Body.Assignments = append(out.Body.Assignments, describeAssignment(a))
	}
	return out, nil
}

func (s *Service) postPattern(ctx context.Context, in *addPatternInput) (*patternOutput, error) {
	p, err := in.Body.pattern()
	if err != nil {
		return nil, err
	}
	p.Company = in.Company
	p, err = s.AddPattern(ctx, p)
	return &patternOutput{Body: describePattern(p)}, err
}

func (s *Service) putPattern(ctx context.Context, in *changePatternInput) (*patternOutput, error) {
	p, err := in.Body.pattern()
	if err != nil {
		return nil, err
	}
	p.Company, p.ID, p.Version = in.Company, in.ID, in.Body.Version
	p, err = s.ChangePattern(ctx, p)
	return &patternOutput{Body: describePattern(p)}, err
}

func (s *Service) deletePattern(ctx context.Context, in *PatternPath) (*struct{}, error) {
	return nil, s.RemovePattern(ctx, in.Company, in.ID)
}

func (s *Service) putAssignment(ctx context.Context, in *assignInput) (*assignmentOutput, error) {
	a, err := s.Assign(ctx, hajir.Assignment{
		Company: in.Company, Scope: in.Body.Scope, Subject: in.Body.Subject, From: in.Body.From, Pattern: in.Body.Pattern,
	})
	return &assignmentOutput{Body: describeAssignment(a)}, err
}

func (s *Service) deleteAssignment(ctx context.Context, in *unassignInput) (*struct{}, error) {
	return nil, s.Unassign(ctx, hajir.Assignment{Company: in.Company, Scope: in.Scope, Subject: in.Subject, From: in.From})
}

func (f PatternFields) pattern() (hajir.Pattern, error) {
	p := hajir.Pattern{Name: f.Name}
	for _, days := range f.Weeks {
		var w hajir.Week
		if len(days) != len(w) {
			return p, hajir.Errorf(hajir.Invalid, "a week has seven days, Sunday first")
		}
		copy(w[:], days)
		p.Weeks = append(p.Weeks, w)
	}
	return p, nil
}

func describePattern(p hajir.Pattern) patternBody {
	b := patternBody{ID: p.ID, Version: p.Version, PatternFields: PatternFields{Name: p.Name}}
	for _, w := range p.Weeks {
		b.Weeks = append(b.Weeks, w[:])
	}
	return b
}

func describeAssignment(a hajir.Assignment) assignmentBody {
	return assignmentBody{Scope: a.Scope, Subject: a.Subject, From: a.From, Pattern: a.Pattern}
}
