package employee

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type calendarInput struct {
	api.PersonPath
	Body struct {
		Calendar      hajir.Calendar `json:"calendar" enum:",gregorian,bs" doc:"Whose dates are written; empty: the company's choice"`
		BothCalendars bool           `json:"both_calendars,omitempty" doc:"The other calendar's date beside it; only with calendar"`
	}
}

type calendarOutput struct {
	Body struct {
		Calendar      hajir.Calendar `json:"calendar" enum:"gregorian,bs" doc:"Whose dates are written from now on, by the person's choice or the company's"`
		BothCalendars bool           `json:"both_calendars"`
	}
}

func (s *Service) registerCalendar(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "set-calendar", Method: http.MethodPut, Path: "/companies/{company}/employees/{username}/calendar",
		Summary:     "Choose by which calendar a person reads dates",
		Description: "Gregorian or Bikram Sambat, and whether the other one stands beside it. What is kept does not change.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee, hajir.RoleAuditor},
	}, s.calendar)
}

func (s *Service) calendar(ctx context.Context, in *calendarInput) (*calendarOutput, error) {
	dates, err := s.SetDates(ctx, in.Company, in.Username, hajir.DateStyle{Calendar: in.Body.Calendar, Both: in.Body.BothCalendars})
	if err != nil {
		return nil, err
	}
	out := &calendarOutput{}
	out.Body.Calendar, out.Body.BothCalendars = dates.Calendar, dates.Both
	return out, nil
}

// SetDates saves how dates are written for a person, with no calendar as the
// company chose, and returns how they are from now on.
func (s *Service) SetDates(ctx context.Context, company, username string, dates hajir.DateStyle) (hajir.DateStyle, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return dates, fmt.Errorf("load company: %w", err)
	}
	if dates.Calendar == "" {
		dates = hajir.DateStyle{}
	} else if err := dates.Validate(); err != nil {
		return dates, err
	}
	e, err := s.change(ctx, company, username, func(e *hajir.Employee) bool {
		same := e.Dates == dates
		e.Dates = dates
		return !same
	})
	return c.DatesOf(e), err
}
