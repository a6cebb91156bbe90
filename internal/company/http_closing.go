package company

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// closeHours are hours of work by weekday, in the API.
type closeHours struct {
	Sunday    int `json:"sunday" minimum:"0" maximum:"1440"`
	Monday    int `json:"monday" minimum:"0" maximum:"1440"`
	Tuesday   int `json:"tuesday" minimum:"0" maximum:"1440"`
	Wednesday int `json:"wednesday" minimum:"0" maximum:"1440"`
	Thursday  int `json:"thursday" minimum:"0" maximum:"1440"`
	Friday    int `json:"friday" minimum:"0" maximum:"1440"`
	Saturday  int `json:"saturday" minimum:"0" maximum:"1440"`
}

type closeBody struct {
	At           string     `json:"at" maxLength:"5" doc:"When a date is closed: on the next one, by the company's clocks" example:"04:00"`
	AutoExit     bool       `json:"auto_exit" doc:"A missing exit is guessed: a punch of the source auto"`
	HoursMinutes closeHours `json:"hours_minutes" doc:"What people without a shift are taken to work by weekday, in minutes"`
	LunchMinutes int        `json:"lunch_minutes" minimum:"0" maximum:"240" doc:"Their unpaid lunch, unless a break was punched"`
}

func (b closeBody) close() (hajir.Close, error) {
	at, err := hajir.ParseClock(b.At)
	c := hajir.Close{At: at, AutoExit: b.AutoExit}
	c.Lunch = time.Duration(b.LunchMinutes) * time.Minute
	for i, m := range b.HoursMinutes.all() {
		c.Hours[i] = time.Duration(*m) * time.Minute
	}
	return c, err
}

func describeClose(c hajir.Close) closeBody {
	b := closeBody{At: c.At.String(), AutoExit: c.AutoExit, LunchMinutes: int(c.Lunch.Minutes())}
	for i, m := range b.HoursMinutes.all() {
		*m = int(c.Hours[i].Minutes())
	}
	return b
}

// all lists the weekdays, Sunday first.
func (h *closeHours) all() [7]*int {
	return [7]*int{&h.Sunday, &h.Monday, &h.Tuesday, &h.Wednesday, &h.Thursday, &h.Friday, &h.Saturday}
}

type closingsInput struct {
	api.CompanyPath
	From string `query:"from" required:"true" maxLength:"10" doc:"YYYY-MM-DD" example:"2026-03-01"`
	To   string `query:"to" required:"true" maxLength:"10" doc:"YYYY-MM-DD, at most 366 dates" example:"2026-03-31"`
}

type closeInput struct {
	api.CompanyPath
	Body struct {
		From string `json:"from" maxLength:"10" example:"2026-03-01"`
		To   string `json:"to" maxLength:"10" doc:"Before today; at most 366 dates" example:"2026-03-31"`
	}
}

type closingsOutput struct {
	Body struct {
		Closings []closingBody `json:"closings" doc:"In order of dates; those that were not closed are left out"`
	}
}

type closingBody struct {
	Date         string               `json:"date"`
	ClosedAt     time.Time            `json:"closed_at"`
	Counts       map[hajir.Status]int `json:"counts" doc:"How many people's day came to what, by day_status"`
	Absent       []string             `json:"absent" doc:"Usernames of who did not come, though they were expected"`
	MissingExits []string             `json:"missing_exits" doc:"… of whom it is not known when they left"`
	AutoExits    []string             `json:"auto_exits" doc:"… of whom that was guessed"`
	Waiting      []string             `json:"waiting" doc:"… whose day was not over: they are closed later"`
}

type openDaysOutput struct {
	Body struct {
		Days []openDayBody `json:"days" doc:"The newest first"`
	}
}

type openDayBody struct {
	Username string       `json:"username"`
	Name     string       `json:"name"`
	Date     string       `json:"date" example:"2026-03-02"`
	TimeZone string       `json:"time_zone" doc:"The person's"`
	FirstIn  time.Time    `json:"first_in"`
	LastIn   time.Time    `json:"last_in" doc:"The entry that has no exit"`
	AutoExit *time.Time   `json:"auto_exit,omitempty" doc:"The exit that was guessed; absent: it is missing"`
	Shift    string       `json:"shift,omitempty" doc:"The planned shift's name"`
	Flags    []hajir.Flag `json:"flags" enum:"missing_exit,short,not_here,worked_off,worked_on_leave,queued,auto_exit,corrected"`
}

func (s *Service) registerClosings(a *api.API, admin, read api.Access) {
	const path = "/companies/{company}/closings"
	api.Register(a, huma.Operation{
		OperationID: "list-closings", Method: http.MethodGet, Path: path,
		Summary:     "How dates were closed",
		Description: "As it was found then; what the days come to now is told by them.",
	}, read, s.listClosings)
	api.Register(a, huma.Operation{
		OperationID: "close-days", Method: http.MethodPost, Path: path, DefaultStatus: http.StatusOK,
		Summary: "Close dates now, or again",
		Description: "The program does so by itself each night. Again it comes to the same, unless days or the company's rule were changed: " +
			"then guesses are made anew by the rule as it is.",
	}, admin, s.closeDays)
	api.Register(a, huma.Operation{
		OperationID: "list-open-days", Method: http.MethodGet, Path: "/companies/{company}/open-days",
		Summary:     "Days of the last month whose exit is missing or guessed",
		Description: "Of dates that were closed. A manager is shown those of their reports and their own.",
	}, api.Access{
		Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleManager},
	}, s.listOpenDays)
}

func (s *Service) listClosings(ctx context.Context, in *closingsInput) (*closingsOutput, error) {
	all, err := s.Closing.List(ctx, in.Company, in.From, in.To)
	return s.describeClosings(ctx, in.Company, all, err)
}

func (s *Service) closeDays(ctx context.Context, in *closeInput) (*closingsOutput, error) {
	all, err := s.Closing.Run(ctx, in.Company, in.Body.From, in.Body.To)
	return s.describeClosings(ctx, in.Company, all, err)
}

func (s *Service) describeClosings(ctx context.Context, company string, all []hajir.ClosedDate, err error) (*closingsOutput, error) {
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, err
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	some := func(names []string) []string { return append([]string{}, names...) }
	out := &closingsOutput{}
	out.Body.Closings = make([]closingBody, len(all))
	for i, d := range all {
		out.Body.Closings[i] = closingBody{
			Date: d.Date, ClosedAt: d.ClosedAt.In(loc), Counts: d.Counts, Absent: some(d.Absent),
			MissingExits: some(d.MissingExits), AutoExits: some(d.AutoExits), Waiting: some(d.Waiting),
		}
	}
	return out, nil
}

func (s *Service) listOpenDays(ctx context.Context, in *api.CompanyPath) (*openDaysOutput, error) {
	people, _, err := s.People(ctx, in.Company, Query{Team: teamOf(api.Caller(ctx))})
	if err != nil {
		return nil, err
	}
	all, err := s.Closing.OpenDays(ctx, in.Company, people)
	if err != nil {
		return nil, err
	}
	out := &openDaysOutput{}
	out.Body.Days = make([]openDayBody, len(all))
	for i, d := range all {
		body := openDayBody{
			Username: d.Employee.Username, Name: d.Employee.Name, Date: d.Date, TimeZone: d.Location.String(),
			FirstIn: d.First.In(d.Location), LastIn: d.Punches[len(d.Punches)-1].At.In(d.Location), Flags: append([]hajir.Flag{}, d.Flags...),
		}
		if d.Flagged(hajir.FlagAutoExit) {
			at := d.Last.In(d.Location)
			body.AutoExit = &at
		}
		if d.Shift != nil {
			body.Shift = d.Shift.Name
		}
		out.Body.Days[i] = body
	}
	return out, nil
}
