package employee

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/events"
	"hajir/internal/hajir"
)

type holidaysInput struct {
	api.PersonPath
	Date string `query:"date" maxLength:"10" doc:"In the leave year that is asked for; today when absent" example:"2026-10-20"`
}

type holidaysOutput struct{ Body optionalHolidaysBody }

type optionalHolidaysBody struct {
	Begin    string                `json:"begin" doc:"The leave year's first date" example:"2026-07-17"`
	Last     string                `json:"last" doc:"And its last one"`
	Today    string                `json:"today"`
	Most     int                   `json:"most" doc:"How many the person may choose in the leave year"`
	Taken    int                   `json:"taken" doc:"How many they have chosen"`
	Holidays []optionalHolidayBody `json:"holidays" doc:"In order of their dates"`
}

type optionalHolidayBody struct {
	events.EventBody
	Chosen   bool       `json:"chosen"`
	ChosenAt *time.Time `json:"chosen_at,omitempty"`
	ByAdmin  bool       `json:"by_admin,omitempty" doc:"Somebody else chose it for the person"`
	Passed   bool       `json:"passed" doc:"Only an admin chooses it, or takes it back"`
}

type choiceInput struct {
	api.PersonPath
	Date string `path:"date" maxLength:"10" doc:"Of the holiday" example:"2026-10-20"`
	ID   string `path:"event_id" maxLength:"64"`
}

func (s *Service) registerHolidays(a *api.API, own api.Access) {
	const path = "/companies/{company}/employees/{username}/optional-holidays"
	api.Register(a, huma.Operation{
		OperationID: "list-optional-holidays", Method: http.MethodGet, Path: path,
		Summary: "The optional holidays of a leave year, and which of them a person has chosen", Errors: []int{http.StatusNotFound},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}, s.listHolidays)
	api.Register(a, huma.Operation{
		OperationID: "choose-holiday", Method: http.MethodPut, Path: path + "/{date}/{event_id}", DefaultStatus: http.StatusOK,
		Summary:     "Choose an optional holiday",
		Description: "It counts as a holiday for the person. Refused with conflict beyond the number that the company gives, and, but for the admin, once the date has passed.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, own, func(ctx context.Context, in *choiceInput) (*holidaysOutput, error) { return s.choose(ctx, in, true) })
	api.Register(a, huma.Operation{
		OperationID: "drop-holiday", Method: http.MethodDelete, Path: path + "/{date}/{event_id}", DefaultStatus: http.StatusOK,
		Summary: "Take a chosen holiday back", Description: "Refused with conflict, but for the admin, once the date has passed.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, func(ctx context.Context, in *choiceInput) (*holidaysOutput, error) { return s.choose(ctx, in, false) })
}

func (s *Service) listHolidays(ctx context.Context, in *holidaysInput) (*holidaysOutput, error) {
	loc, err := s.zoneOf(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	o, err := s.Events.Options(ctx, in.Company, in.Username, in.Date)
	if err != nil {
		return nil, err
	}
	body := optionalHolidaysBody{
		Begin: o.Begin, Last: o.Last, Today: o.Today, Most: o.Most, Taken: o.Taken, Holidays: make([]optionalHolidayBody, len(o.Holidays)),
	}
	for i, h := range o.Holidays {
		one := optionalHolidayBody{EventBody: events.Describe(h.Occasion), Passed: h.From < o.Today}
		if c := h.Chosen; c != nil {
			one.Chosen, one.ChosenAt, one.ByAdmin = true, local(c.At, loc), c.By != in.Username
		}
		body.Holidays[i] = one
	}
	return &holidaysOutput{Body: body}, nil
}

func (s *Service) choose(ctx context.Context, in *choiceInput, take bool) (*holidaysOutput, error) {
	who := api.Caller(ctx)
	err := s.Events.Choose(ctx, events.Choice{
		Company: in.Company, Username: in.Username, Date: in.Date, ID: in.ID, By: who.Username,
		Admin: who.Role == hajir.RoleAdmin, Take: take,
	})
	if err != nil {
		return nil, err
	}
	return s.listHolidays(ctx, &holidaysInput{PersonPath: in.PersonPath, Date: in.Date})
}
