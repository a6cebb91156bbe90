package company

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/events"
	"hajir/internal/hajir"
)

type listEventsInput struct {
	api.CompanyPath
	From string `query:"from" required:"true" maxLength:"10" doc:"The first date, YYYY-MM-DD" example:"2026-10-01"`
	To   string `query:"to" required:"true" maxLength:"10" doc:"The last date; at most 400 dates" example:"2026-10-31"`
}

type eventsOutput struct {
	Body struct {
		Events []events.EventBody `json:"events" doc:"Those that touch the dates, in order"`
	}
}

type eventOutput struct{ Body events.EventBody }

type addEventInput struct {
	api.CompanyPath
	Body events.EventFields
}

// EventPath is the input of an operation on one event.
type EventPath struct {
	api.CompanyPath
	Date string `path:"date" maxLength:"10" doc:"On which the event begins" example:"2026-10-20"`
	ID   string `path:"event_id" maxLength:"64"`
}

type changeEventInput struct {
	EventPath
	Body struct {
		events.EventFields
		Version int `json:"version" doc:"The version that was read; a newer one is a conflict"`
	}
}

type deleteEventInput struct {
	EventPath
	Version int `query:"version" required:"true" doc:"The version that was read"`
}

type importEventsInput struct {
	api.CompanyPath
	DryRun  bool               `query:"dry_run" doc:"Only say what would become of each event"`
	Kind    hajir.OccasionKind `query:"kind" default:"holiday" enum:"holiday,optional,event" doc:"What whole days of a calendar file are; a CSV file says it itself"`
	RawBody []byte             `contentType:"text/csv"`
}

type importEventsOutput struct {
	Body struct {
		DryRun  bool          `json:"dry_run"`
		Added   int           `json:"added" doc:"How many events were, or in a dry run would be, added"`
		Known   int           `json:"known" doc:"How many are in the calendar already"`
		Refused int           `json:"refused"`
		Lines   []eventImport `json:"lines" doc:"In the order of the file"`
	}
}

type eventImport struct {
	Line    int                `json:"line" doc:"Of a CSV file, whose header is line 1; of a calendar file, which event of it" example:"2"`
	Title   string             `json:"title"`
	Date    string             `json:"date"`
	To      string             `json:"to"`
	Kind    hajir.OccasionKind `json:"kind" enum:"holiday,optional,event"`
	State   string             `json:"state" enum:"added,known,refused"`
	Code    hajir.Code         `json:"code,omitempty" doc:"Why it was refused"`
	Problem string             `json:"problem,omitempty" doc:"The same for people"`
}

func (s *Service) registerEvents(a *api.API, admin api.Access) {
	const path, one = "/companies/{company}/events", "/companies/{company}/events/{date}/{event_id}"
	api.Register(a, huma.Operation{
		OperationID: "list-events", Method: http.MethodGet, Path: path, Summary: "The company's calendar: holidays and other events",
		Description: "An employee is shown what concerns them; a manager what concerns those who report to them, too.",
	}, api.Access{
		Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleEmployee},
	}, s.listEvents)
	api.Register(a, huma.Operation{
		OperationID: "create-event", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusCreated, Summary: "Add an event",
		Description: "What days come to follows a holiday at once, and so does what booked leave takes.",
		Errors:      []int{http.StatusConflict},
	}, admin, s.postEvent)
	api.Register(a, huma.Operation{
		OperationID: "change-event", Method: http.MethodPut, Path: one, Summary: "Change an event", Description: "Replaces all of it.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.putEvent)
	api.Register(a, huma.Operation{
		OperationID: "delete-event", Method: http.MethodDelete, Path: one, Summary: "Remove an event",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.deleteEvent)
	api.RegisterIn(a, api.Imports, huma.Operation{
		OperationID: "import-events", Method: http.MethodPost, Path: path + "/import", DefaultStatus: http.StatusOK,
		Summary: "Add the events of a calendar or CSV file",
		Description: "An iCalendar file (.ics), of which what repeats every year is entered for five years; or CSV whose first line names the columns: " +
			"date, title, and optionally to, kind (holiday, optional or event), start, end, department, person (a username) and note. " +
			fmt.Sprintf("At most %d events. Each is taken or refused alone; what is in the calendar already is not added again.", events.MaxRows),
		MaxBodyBytes: events.MaxFile + 1<<10, BodyReadTimeout: time.Minute, SkipValidateBody: true, // it is no JSON
		RequestBody: &huma.RequestBody{
			Required: true, Description: "A file in UTF-8.",
			Content: map[string]*huma.MediaType{
				"text/csv": {Schema: &huma.Schema{Type: "string"}}, "text/calendar": {Schema: &huma.Schema{Type: "string"}},
			},
		},
		Errors: []int{http.StatusRequestEntityTooLarge},
	}, admin, s.importEvents)
}

func (s *Service) listEvents(ctx context.Context, in *listEventsInput) (*eventsOutput, error) {
	all, err := s.Events.In(ctx, api.Caller(ctx), in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &eventsOutput{}
	out.Body.Events = make([]events.EventBody, len(all))
	for i, o := range all {
		out.Body.Events[i] = events.Describe(o)
	}
	return out, nil
}

func (s *Service) postEvent(ctx context.Context, in *addEventInput) (*eventOutput, error) {
	o, err := in.Body.Occasion()
	if err != nil {
		return nil, err
	}
	o.Company = in.Company
	o, err = s.Events.Add(ctx, o)
	return &eventOutput{Body: events.Describe(o)}, err
}

func (s *Service) putEvent(ctx context.Context, in *changeEventInput) (*eventOutput, error) {
	o, err := in.Body.Occasion()
	if err != nil {
		return nil, err
	}
	o.Company, o.ID, o.Version = in.Company, in.ID, in.Body.Version
	o, err = s.Events.Change(ctx, o, in.Date)
	return &eventOutput{Body: events.Describe(o)}, err
}

func (s *Service) deleteEvent(ctx context.Context, in *deleteEventInput) (*struct{}, error) {
	return nil, s.Events.Remove(ctx, in.Company, in.Date, in.ID, in.Version)
}

func (s *Service) importEvents(ctx context.Context, in *importEventsInput) (*importEventsOutput, error) {
	report, err := s.Events.Import(ctx, in.Company, in.RawBody, in.Kind, in.DryRun)
	if err != nil {
		return nil, err
	}
	out := &importEventsOutput{}
	out.Body.DryRun = in.DryRun
	out.Body.Lines = make([]eventImport, len(report))
	for i, l := range report {
		o := l.Occasion
		line := eventImport{Line: l.Line, Title: o.Title, Date: o.From, To: o.To, Kind: o.Kind, State: "added"}
		switch e, refused := errors.AsType[*hajir.Error](l.Err); {
		case refused:
			line.State, line.Code, line.Problem = "refused", e.Code, e.Message
			out.Body.Refused++
		case l.Known:
			line.State = "known"
			out.Body.Known++
		default:
			out.Body.Added++
		}
		out.Body.Lines[i] = line
	}
	return out, nil
}
