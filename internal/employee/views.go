package employee

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
	"hajir/internal/objects"
)

// AuditStore reads audit logs.
type AuditStore interface {
	// Audit returns at most q.Limit entries of a company's log that q chooses,
	// newest first.
	Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error)
}

type viewsInput struct {
	api.PersonPath
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"200" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"20" doc:"next_cursor of the page before"`
}

type viewsOutput struct {
	Body struct {
		Views      []viewBody `json:"views" doc:"Newest first"`
		NextCursor string     `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type viewBody struct {
	At     time.Time  `json:"at" doc:"In the company's time zone"`
	Viewer string     `json:"viewer" doc:"The account that looked" example:"acme"`
	Name   string     `json:"name" doc:"Its name then: a person's, or a kiosk's place" example:"Front door"`
	Role   hajir.Role `json:"role" enum:"admin,employee,manager,auditor,kiosk"`
	Image  string     `json:"image" enum:"enrolment,punch,profile,everything" doc:"What was looked at: a picture for recognition, one taken at entry or exit, the profile picture (but not its smallest size, which lists show), or all of it by a download"`
	Date   string     `json:"date,omitempty" doc:"Of the punch" example:"2026-03-02"`
}

func (s *Service) registerViews(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "list-image-views", Method: http.MethodGet, Path: "/companies/{company}/employees/{username}/image-views",
		Summary:     "Who looked at a person's pictures",
		Description: "From the audit log. One viewer's looks at one picture within five minutes are one.",
		Errors:      []int{http.StatusNotFound},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee},
	}, s.listViews)
}

func (s *Service) listViews(ctx context.Context, in *viewsInput) (*viewsOutput, error) {
	loc, err := s.zoneOf(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	q := hajir.AuditQuery{Person: in.Username, Action: hajir.ActionLook, Table: "objects", Limit: in.Limit + 1}
	if in.Cursor != "" {
		if q.Behind, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || q.Behind < 1 {
			return nil, &hajir.Error{Code: hajir.Invalid, Message: "a cursor is the next_cursor of the page before", Cause: err}
		}
	}
	page, err := s.Store.Audit(ctx, in.Company, q)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	out := &viewsOutput{}
	if len(page) > in.Limit {
		page = page[:in.Limit]
		out.Body.NextCursor = strconv.FormatInt(page[in.Limit-1].Seq, 10)
	}
	out.Body.Views = make([]viewBody, len(page))
	for i, e := range page {
		v := viewBody{At: e.At.In(loc), Viewer: e.Actor.Username, Name: e.Actor.Name, Role: e.Actor.Role, Image: "enrolment"}
		date, isPunch := objects.PunchDate(e.Subject.Key)
		switch {
		case isPunch:
			v.Image, v.Date = "punch", date
		case strings.HasPrefix(e.Subject.Key, "profiles/"):
			v.Image = "profile"
		case strings.HasPrefix(e.Subject.Key, everything):
			v.Image = "everything"
		}
		out.Body.Views[i] = v
	}
	return out, nil
}
