package company

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/leave"
)

type leaveTypeBody struct {
	ID string `json:"id"`
	LeaveTypeFields
	From    string `json:"from" doc:"It is given from this date on" example:"2026-01-01"`
	Retired bool   `json:"retired" doc:"Nobody can ask for it any more"`
	Version int    `json:"version"`
}

// LeaveTypeFields are what an admin decides about a type of leave. It is exported
// for the API's document, which has the fields of exported types alone.
type LeaveTypeFields struct {
	Name        string        `json:"name" maxLength:"100" example:"Annual leave"`
	Paid        bool          `json:"paid"`
	Unlimited   bool          `json:"unlimited" doc:"Keeps no balance"`
	Allowance   float64       `json:"allowance" minimum:"0" maximum:"366" doc:"Days of a whole leave year" example:"18"`
	Accrual     hajir.Accrual `json:"accrual" enum:"none,yearly,monthly" doc:"How the allowance comes: by hand only, whole on the first day of the leave year, or a twelfth on the last day of each of its months"`
	Prorate     bool          `json:"prorate" doc:"Who comes or goes within a leave year gets their part, by days"`
	CarryMax    float64       `json:"carry_max" minimum:"0" maximum:"366" doc:"Days that go over into the next leave year at most"`
	CarryMonths int           `json:"carry_months" minimum:"0" maximum:"12" doc:"After how many months what is left of them lapses; 0: it stays"`
	Negative    float64       `json:"negative" minimum:"0" maximum:"366" doc:"How far below zero the balance may go"`
	HalfDays    bool          `json:"half_days" doc:"May be taken by half-days"`
	NoticeDays  int           `json:"notice_days" minimum:"0" maximum:"366" doc:"To be asked for so many days before"`
	LateDays    int           `json:"late_days" minimum:"0" maximum:"366" doc:"May be asked for so many days after it began"`
	MaxDays     float64       `json:"max_days" minimum:"0" maximum:"366" doc:"At a time; 0 is any number"`
	Departments []string      `json:"departments" maxItems:"50" nullable:"false" doc:"Who may use it; empty: everybody"`
	SecondLevel bool          `json:"second_level" doc:"A second approval is asked for"`
}

type leaveSettingsBody struct {
	Year        leaveYearBody  `json:"year" doc:"The present one"`
	NextYear    *leaveYearBody `json:"next_year,omitempty" doc:"What the admin chose for later"`
	SecondLevel bool           `json:"second_level" doc:"Every request needs a second approval"`
	Version     int            `json:"version"`
}

type leaveYearBody struct {
	Calendar hajir.Calendar `json:"calendar" enum:"gregorian,bs"`
	Month    int            `json:"month" minimum:"1" maximum:"12" doc:"In which it begins: of bs, 1 is Baisakh and 4 Shrawan"`
	Day      int            `json:"day" minimum:"1" maximum:"28"`
	From     string         `json:"from,omitempty" readOnly:"true" doc:"Absent: since ever"`
}

type leaveTypesOutput struct {
	Body struct {
		Types     []leaveTypeBody   `json:"types" doc:"In order of their names, the retired ones last"`
		Settings  leaveSettingsBody `json:"settings"`
		YearBegin string            `json:"year_begin" doc:"The present leave year's first date"`
		YearEnd   string            `json:"year_end" doc:"Its last date"`
	}
}

type addLeaveTypeInput struct {
	api.CompanyPath
	Body LeaveTypeFields
}

type changeLeaveTypeInput struct {
	api.CompanyPath
	ID   string `path:"type_id" maxLength:"64"`
	Body struct {
		LeaveTypeFields
		Retired bool `json:"retired"`
		Version int  `json:"version" minimum:"1" doc:"The version that was read; a newer one is a conflict"`
	}
}

type leaveTypeOutput struct{ Body leaveTypeBody }

type leaveSettingsInput struct {
	api.CompanyPath
	Body struct {
		Year        *leaveYearBody `json:"year,omitempty" doc:"Counts from the end of the present leave year; before there is any leave, at once"`
		SecondLevel *bool          `json:"second_level,omitempty"`
		Version     *int           `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type leaveSettingsOutput struct{ Body leaveSettingsBody }

type adjustLeaveInput struct {
	api.PersonPath
	Key  string `header:"Idempotency-Key" maxLength:"100" doc:"Sent twice, it is one adjustment"`
	Body struct {
		TypeID string  `json:"type_id" maxLength:"64"`
		Days   float64 `json:"days" doc:"More, or when negative less" example:"2.5"`
		Date   string  `json:"date,omitempty" maxLength:"10" doc:"On which it counts; today when absent"`
		Reason string  `json:"reason" maxLength:"1000"`
	}
}

type leaveDatesInput struct {
	api.PersonPath
	Body struct {
		Since string `json:"since,omitempty" maxLength:"10" doc:"The first date for which leave is given; when the person was added, if absent"`
		Until string `json:"until,omitempty" maxLength:"10" doc:"The last date in the company"`
	}
}

type postLeaveOutput struct {
	Body struct {
		Entries int `json:"entries" doc:"How many were posted"`
	}
}

func (s *Service) registerLeave(a *api.API, admin api.Access) {
	const path, person = "/companies/{company}/leave", "/companies/{company}/employees/{username}/leave"
	read := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor}}
	api.Register(a, huma.Operation{
		OperationID: "list-leave-types", Method: http.MethodGet, Path: path + "/types", Summary: "The company's types of leave, and its leave year",
	}, read, s.listLeaveTypes)
	api.Register(a, huma.Operation{
		OperationID: "create-leave-type", Method: http.MethodPost, Path: path + "/types", DefaultStatus: http.StatusCreated,
		Summary: "Add a type of leave", Description: "It is given from the beginning of the present leave year on.", Errors: []int{http.StatusConflict},
	}, admin, s.addLeaveType)
	api.Register(a, huma.Operation{
		OperationID: "change-leave-type", Method: http.MethodPut, Path: path + "/types/{type_id}", Summary: "Change or retire a type of leave",
		Description: "What was given stays: another allowance counts from the next month, or the next year, that is given.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, admin, s.changeLeaveType)
	api.Register(a, huma.Operation{
		OperationID: "change-leave-settings", Method: http.MethodPatch, Path: path + "/settings",
		Summary: "Change the leave year, or ask for second approvals", Errors: []int{http.StatusConflict},
	}, admin, s.changeLeaveSettings)
	api.Register(a, huma.Operation{
		OperationID: "adjust-leave", Method: http.MethodPost, Path: person + "/adjustments", DefaultStatus: http.StatusNoContent,
		Summary: "Change a balance by hand, with a reason", Errors: []int{http.StatusNotFound},
	}, admin, s.adjustLeave)
	api.Register(a, huma.Operation{
		OperationID: "set-leave-dates", Method: http.MethodPut, Path: person + "/dates", DefaultStatus: http.StatusNoContent,
		Summary:     "Set a person's first and last date in the company",
		Description: "What was given is put right.", Errors: []int{http.StatusNotFound},
	}, admin, s.setLeaveDates)
	api.Register(a, huma.Operation{
		OperationID: "post-leave", Method: http.MethodPost, Path: path + "/post", DefaultStatus: http.StatusOK,
		Summary: "Post what is due to everybody's ledger", Description: "The program does so once a day. Asked again it posts nothing.",
	}, admin, s.postLeave)
	s.registerLeaveDecisions(a, admin, read)
}

func (s *Service) listLeaveTypes(ctx context.Context, in *api.CompanyPath) (*leaveTypesOutput, error) {
	types, settings, err := s.Leave.Types(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	today, err := s.today(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	period, err := settings.Years.At(today)
	if err != nil {
		return nil, err
	}
	out := &leaveTypesOutput{}
	out.Body.Types = make([]leaveTypeBody, len(types))
	for i, t := range types {
		out.Body.Types[i] = describeLeaveType(t)
	}
	out.Body.Settings = describeLeaveSettings(settings, today)
	out.Body.YearBegin, out.Body.YearEnd = period.Begin, period.Last()
	return out, nil
}

// today returns the date where the company is.
func (s *Service) today(ctx context.Context, company string) (string, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return "", err
	}
	loc, err := c.Location()
	if err != nil {
		return "", err
	}
	return hajir.DateAt(s.Now(), loc), nil
}

func (f LeaveTypeFields) leaveType() (hajir.LeaveType, error) {
	t := hajir.LeaveType{
		Name: f.Name, Paid: f.Paid, Unlimited: f.Unlimited, Accrual: f.Accrual, Prorate: f.Prorate, CarryMonths: f.CarryMonths,
		HalfDays: f.HalfDays, NoticeDays: f.NoticeDays, LateDays: f.LateDays, Departments: f.Departments, SecondLevel: f.SecondLevel,
	}
	for to, days := range map[*hajir.LeaveDays]float64{
		&t.Allowance: f.Allowance, &t.CarryMax: f.CarryMax, &t.Negative: f.Negative, &t.MaxDays: f.MaxDays,
	} {
		var err error
		if *to, err = hajir.LeaveDaysOf(days); err != nil {
			return t, err
		}
	}
	return t, nil
}

func describeLeaveType(t hajir.LeaveType) leaveTypeBody {
	departments := t.Departments
	if departments == nil {
		departments = []string{}
	}
	return leaveTypeBody{
		ID: t.ID, From: t.From, Retired: t.Retired, Version: t.Version,
		LeaveTypeFields: LeaveTypeFields{
			Name: t.Name, Paid: t.Paid, Unlimited: t.Unlimited, Allowance: t.Allowance.Float(), Accrual: t.Accrual, Prorate: t.Prorate,
			CarryMax: t.CarryMax.Float(), CarryMonths: t.CarryMonths, Negative: t.Negative.Float(), HalfDays: t.HalfDays,
			NoticeDays: t.NoticeDays, LateDays: t.LateDays, MaxDays: t.MaxDays.Float(), Departments: departments, SecondLevel: t.SecondLevel,
		},
	}
}

func describeLeaveSettings(s hajir.LeaveSettings, today string) leaveSettingsBody {
	body := leaveSettingsBody{SecondLevel: s.SecondLevel, Version: s.Version}
	for _, y := range s.Years {
		rule := leaveYearBody{Calendar: y.Calendar, Month: y.Month, Day: y.Day, From: y.From}
		if y.From > today {
			body.NextYear = &rule
		} else {
			body.Year = rule
		}
	}
	return body
}

func (s *Service) addLeaveType(ctx context.Context, in *addLeaveTypeInput) (*leaveTypeOutput, error) {
	t, err := in.Body.leaveType()
	if err != nil {
		return nil, err
	}
	t.Company = in.Company
	if t, err = s.Leave.AddType(ctx, t); err != nil {
		return nil, err
	}
	return &leaveTypeOutput{Body: describeLeaveType(t)}, nil
}

func (s *Service) changeLeaveType(ctx context.Context, in *changeLeaveTypeInput) (*leaveTypeOutput, error) {
	t, err := in.Body.leaveType()
	if err != nil {
		return nil, err
	}
	t.ID, t.Company, t.Retired, t.Version = in.ID, in.Company, in.Body.Retired, in.Body.Version
	if t, err = s.Leave.ChangeType(ctx, t); err != nil {
		return nil, err
	}
	return &leaveTypeOutput{Body: describeLeaveType(t)}, nil
}

func (s *Service) changeLeaveSettings(ctx context.Context, in *leaveSettingsInput) (*leaveSettingsOutput, error) {
	change := leave.SettingsChange{SecondLevel: in.Body.SecondLevel, Version: in.Body.Version}
	if y := in.Body.Year; y != nil {
		change.Year = &hajir.LeaveYear{Calendar: y.Calendar, Month: y.Month, Day: y.Day}
	}
	settings, err := s.Leave.ChangeSettings(ctx, in.Company, change)
	if err != nil {
		return nil, err
	}
	today, err := s.today(ctx, in.Company)
	return &leaveSettingsOutput{Body: describeLeaveSettings(settings, today)}, err
}

func (s *Service) adjustLeave(ctx context.Context, in *adjustLeaveInput) (*struct{}, error) {
	amount, err := hajir.LeaveDaysOf(in.Body.Days)
	if err != nil {
		return nil, err
	}
	_, err = s.Leave.Adjust(ctx, leave.Adjustment{
		Company: in.Company, Username: in.Username, Type: in.Body.TypeID, Amount: amount, Date: in.Body.Date,
		Reason: in.Body.Reason, Key: in.Key, By: api.Caller(ctx).Username,
	})
	return nil, err
}

func (s *Service) setLeaveDates(ctx context.Context, in *leaveDatesInput) (*struct{}, error) {
	return nil, s.Leave.Employ(ctx, in.Company, in.Username, in.Body.Since, in.Body.Until)
}

func (s *Service) postLeave(ctx context.Context, in *api.CompanyPath) (*postLeaveOutput, error) {
	n, err := s.Leave.Post(ctx, in.Company)
	out := &postLeaveOutput{}
	out.Body.Entries = n
	return out, err
}
