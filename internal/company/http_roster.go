package company

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type rosterInput struct {
	api.CompanyPath
	From   string `query:"from" required:"true" maxLength:"10" doc:"The first date, YYYY-MM-DD" example:"2026-03-01"`
	Days   int    `query:"days" default:"7" minimum:"1" maximum:"31"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"How many people at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
	Text   string `query:"q" maxLength:"100" doc:"In name, username, code or department"`
}

type rosterOutput struct {
	Body struct {
		Dates      []string        `json:"dates"`
		People     []rosterRowBody `json:"people" doc:"Active people, in order of their usernames"`
		NextCursor string          `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type rosterRowBody struct {
	Username   string           `json:"username"`
	Name       string           `json:"name"`
	Department string           `json:"department"`
	Days       []rosterCellBody `json:"days" doc:"One for each of dates"`
}

type rosterCellBody struct {
	Shift   string          `json:"shift_id,omitempty" doc:"Absent: a day off, or work without a shift"`
	Off     bool            `json:"off"`
	By      hajir.PlannedBy `json:"by" enum:"roster,person,department,company,default" doc:"What decided it: the roster, a pattern of that scope, or the company's weekly off"`
	Version int             `json:"version" doc:"Of the roster's entry; 0 when there is none"`
}

type setRosterInput struct {
	api.PersonPath
	Body struct {
		From      string `json:"from" maxLength:"10" doc:"YYYY-MM-DD" example:"2026-03-02"`
		To        string `json:"to" maxLength:"10" doc:"The last date" example:"2026-03-06"`
		Shift     string `json:"shift,omitempty" maxLength:"64" doc:"A shift's id, or off; absent: what the person's pattern says"`
		Recompute bool   `json:"recompute,omitempty" doc:"Decide anew to which days the punches belong that are there already"`
		Version   *int   `json:"version,omitempty" doc:"For a single date: the version that was read; another one is a conflict"`
	}
}

type recomputeInput struct {
	api.PersonPath
	Body struct {
		From string `json:"from" maxLength:"10" doc:"YYYY-MM-DD" example:"2026-03-01"`
		To   string `json:"to" maxLength:"10" example:"2026-03-31"`
	}
}

type movedOutput struct {
	Body struct {
		Changed []string `json:"changed" doc:"The dates whose punches changed"`
	}
}

func (s *Service) registerRoster(a *api.API, admin, read api.Access) {
	const person = "/companies/{company}/employees/{username}"
	api.Register(a, huma.Operation{
		OperationID: "get-roster", Method: http.MethodGet, Path: "/companies/{company}/roster", Summary: "Who is planned to work when",
	}, read, s.getRoster)
	api.Register(a, huma.Operation{
		OperationID: "set-roster", Method: http.MethodPut, Path: person + "/roster",
		Summary: "Give a person another shift, or a day off, on some dates",
		Description: "At most 92 days at once. Punches stay in the days they are in, unless recompute asks for more; " +
			"what those days come to follows the roster at once.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.putRoster)
	api.Register(a, huma.Operation{
		OperationID: "recompute-days", Method: http.MethodPost, Path: person + "/days/recompute", DefaultStatus: http.StatusOK,
		Summary:     "Decide anew to which days a person's punches belong",
		Description: "After shifts, patterns or the roster of past dates were changed. Every punch is kept exactly once; asked again, nothing changes.",
		Errors:      []int{http.StatusNotFound},
	}, admin, s.postRecompute)
}

func (s *Service) getRoster(ctx context.Context, in *rosterInput) (*rosterOutput, error) {
	w, err := s.Week(ctx, in.Company, in.From, in.Days, Query{Text: in.Text, After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &rosterOutput{}
	out.Body.Dates, out.Body.NextCursor, out.Body.People = w.Dates, w.Next, []rosterRowBody{}
	for _, row := range w.Rows {
		b := rosterRowBody{Username: row.Employee.Username, Name: row.Employee.Name, Department: row.Employee.Department}
		for i, p := range row.Days {
			cell := rosterCellBody{Off: p.Off, By: p.By, Version: row.Entries[i].Version}
			if p.Shift != nil {
				cell.Shift = p.Shift.ID
			}
			b.Days = append(b.Days, cell)
		}
		out.Body.People = append(out.Body.People, b)
	}
	return out, nil
}

func (s *Service) putRoster(ctx context.Context, in *setRosterInput) (*movedOutput, error) {
	moved, err := s.SetRoster(ctx, in.Company, RosterChange{
		Username: in.Username, From: in.Body.From, To: in.Body.To, Shift: in.Body.Shift,
		Version: in.Body.Version, Recompute: in.Body.Recompute,
	})
	return describeMoved(moved), err
}

func (s *Service) postRecompute(ctx context.Context, in *recomputeInput) (*movedOutput, error) {
	moved, err := s.Recompute(ctx, in.Company, in.Username, in.Body.From, in.Body.To)
	return describeMoved(moved), err
}

func describeMoved(dates []string) *movedOutput {
	out := &movedOutput{}
	out.Body.Changed = append([]string{}, dates...)
	return out
}
