package employee

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/leave"
)

type leaveOutput struct{ Body leaveBody }

type leaveBody struct {
	Today      string              `json:"today" doc:"Where the company is" example:"2026-03-02"`
	Since      string              `json:"since" doc:"The first date for which leave is given" example:"2026-01-01"`
	Until      string              `json:"until,omitempty" doc:"The last date in the company, if it is known"`
	SinceSet   bool                `json:"since_set" doc:"The admin set since; otherwise it is when the person was added"`
	Balances   []leaveBalanceBody  `json:"balances" doc:"In order of their names"`
	Upcoming   []leaveUpcomingBody `json:"upcoming" doc:"Leave that was not refused or cancelled, from today on"`
	YearBegin  string              `json:"year_begin" doc:"The present leave year's first date"`
	YearEnd    string              `json:"year_end" doc:"Its last date"`
	MayRequest bool                `json:"may_request" doc:"There is leave that the person can ask for"`
}

type leaveUpcomingBody struct {
	ID string `json:"id"`
	leave.LeaveSpanBody
	Pending bool `json:"pending"`
}

type leaveBalanceBody struct {
	TypeID     string           `json:"type_id"`
	Type       string           `json:"type" example:"Annual leave"`
	Paid       bool             `json:"paid"`
	Unlimited  bool             `json:"unlimited" doc:"Keeps no balance"`
	MayRequest bool             `json:"may_request"`
	HalfDays   bool             `json:"half_days"`
	NoticeDays int              `json:"notice_days" doc:"To be asked for so many days before"`
	LateDays   int              `json:"late_days" doc:"May be asked for so many days after it began"`
	MaxDays    float64          `json:"max_days" doc:"At a time; 0 is any number"`
	Allowance  float64          `json:"allowance" doc:"Of a whole leave year" example:"18"`
	Balance    float64          `json:"balance" doc:"What the ledger comes to today" example:"11.5"`
	Pending    float64          `json:"pending" doc:"Asked for and not decided" example:"2"`
	Available  float64          `json:"available" doc:"What can be asked for from today on" example:"9.5"`
	Given      float64          `json:"given" doc:"In this leave year so far, with what was carried over" example:"18"`
	Taken      float64          `json:"taken" doc:"In this leave year, with what is approved and still to come" example:"6.5"`
	Negative   float64          `json:"negative" doc:"How far below zero the balance may go"`
	Lapsing    []leaveLapseBody `json:"lapsing" doc:"What lapses by the end of the leave year if nothing more is taken"`
}

type leaveLapseBody struct {
	After string  `json:"after" doc:"The last date on which it can be taken"`
	Days  float64 `json:"days"`
}

type leaveEntriesInput struct {
	api.PersonPath
	Type string `query:"type" maxLength:"64" doc:"Only of this type_id"`
}

type leaveEntriesOutput struct {
	Body struct {
		Entries []leaveEntryBody `json:"entries" doc:"The newest first"`
	}
}

type leaveEntryBody struct {
	TypeID    string          `json:"type_id"`
	Type      string          `json:"type"`
	Kind      hajir.EntryKind `json:"kind" enum:"grant,accrual,carry_in,adjustment,taken,returned,expiry,carry_out"`
	Date      string          `json:"date" doc:"On which it counts"`
	Days      float64         `json:"days" doc:"Negative when it takes away" example:"1.58"`
	Balance   float64         `json:"balance" doc:"Of the type, after it" example:"4.75"`
	RequestID string          `json:"request_id,omitempty"`
	Note      string          `json:"note,omitempty" doc:"The admin's reason"`
	ByName    string          `json:"by_name,omitempty" doc:"Absent: the program"`
	At        time.Time       `json:"at" doc:"When it was posted"`
}

type leaveWishInput struct {
	api.PersonPath
	Body struct {
		TypeID string `json:"type_id" maxLength:"64"`
		leave.LeaveSpanBody
		Reason string `json:"reason,omitempty" maxLength:"1000" doc:"Colleagues do not see it"`
	}
}

type leavePreviewOutput struct {
	Body struct {
		Days    float64                  `json:"days" doc:"What it takes: days off cost nothing" example:"2.5"`
		Left    float64                  `json:"left" doc:"The least that the balance comes to from then on" example:"7"`
		Allowed bool                     `json:"allowed"`
		Code    hajir.Code               `json:"code,omitempty" doc:"Why not, as the code of a failure"`
		Detail  string                   `json:"detail,omitempty" doc:"Why not, in words"`
		Away    []leave.LeaveAbsenceBody `json:"away" doc:"Colleagues on leave on these dates"`
	}
}

type leaveRequestOutput struct{ Body leave.LeaveRequestBody }

type leaveRequestsInput struct {
	api.PersonPath
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type leaveRequestsOutput struct {
	Body struct {
		Requests   []leave.LeaveRequestBody `json:"requests" doc:"The newest first"`
		NextCursor string                   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type leaveCancelInput struct {
	api.PersonPath
	ID   string `path:"leaveid" maxLength:"64"`
	Body struct {
		Note string `json:"note,omitempty" maxLength:"1000"`
	}
}

type leaveCalendarInput struct {
	api.CompanyPath
	From string `query:"from" maxLength:"10" doc:"YYYY-MM-DD" example:"2026-03-01"`
	To   string `query:"to" maxLength:"10" doc:"YYYY-MM-DD, at most 100 dates" example:"2026-03-31"`
}

type leaveCalendarOutput struct {
	Body struct {
		Absences []leave.LeaveAbsenceBody `json:"absences" doc:"In order of their first dates, without kind and reason"`
	}
}

func (s *Service) registerLeave(a *api.API) {
	read := api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}
	own := api.Access{Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin}, Self: []hajir.Role{hajir.RoleEmployee}}
	const path = "/companies/{company}/employees/{username}/leave"
	api.Register(a, huma.Operation{
		OperationID: "get-leave", Method: http.MethodGet, Path: path,
		Summary: "A person's leave balances", Errors: []int{http.StatusNotFound},
	}, read, s.getLeave)
	api.Register(a, huma.Operation{
		OperationID: "list-leave-entries", Method: http.MethodGet, Path: path + "/entries",
		Summary: "A person's leave ledger", Errors: []int{http.StatusNotFound},
	}, read, s.listLeaveEntries)
	api.Register(a, huma.Operation{
		OperationID: "list-leave-of", Method: http.MethodGet, Path: path + "/requests",
		Summary: "A person's leave requests", Errors: []int{http.StatusNotFound},
	}, read, s.listLeaveOf)
	api.Register(a, huma.Operation{
		OperationID: "preview-leave", Method: http.MethodPost, Path: path + "/preview",
		Summary: "What a leave would take and leave, without asking for it", Errors: []int{http.StatusNotFound},
	}, own, s.previewLeave)
	api.Register(a, huma.Operation{
		OperationID: "request-leave", Method: http.MethodPost, Path: path + "/requests", DefaultStatus: http.StatusCreated,
		Summary:     "Ask for leave",
		Description: "The person's manager decides, or the admin where there is none. The admin may enter leave for others, whatever the notice.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.requestLeave)
	api.Register(a, huma.Operation{
		OperationID: "cancel-leave", Method: http.MethodPost, Path: path + "/requests/{leaveid}/cancel", DefaultStatus: http.StatusOK,
		Summary:     "Take a leave request back",
		Description: "Until approved leave begins; afterwards whoever decides has to agree. The admin may always.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.cancelLeave)
	api.Register(a, huma.Operation{
		OperationID: "get-leave-calendar", Method: http.MethodGet, Path: "/companies/{company}/leave/calendar",
		Summary:     "Who of one's team is on leave",
		Description: "The people of one's department, with the same manager, that manager and one's reports. An admin or auditor is shown everybody.",
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor, hajir.RoleEmployee},
	}, s.leaveCalendar)
}

func (s *Service) getLeave(ctx context.Context, in *api.PersonPath) (*leaveOutput, error) {
	o, err := s.Leave.Overview(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	period, err := o.Years.At(o.Today)
	if err != nil {
		return nil, err
	}
	body := leaveBody{
		Today: o.Today, Since: o.Since, Until: o.Account.Until, SinceSet: o.Account.Since != "", Balances: []leaveBalanceBody{},
		Upcoming: []leaveUpcomingBody{}, YearBegin: period.Begin, YearEnd: period.Last(),
	}
	for _, b := range o.Account.Booked {
		if b.To >= o.Today {
			body.Upcoming = append(body.Upcoming, leaveUpcomingBody{ID: b.Request, LeaveSpanBody: leave.LeaveSpanBody(b.LeaveSpan), Pending: b.Open})
		}
	}
	for _, x := range o.Standings {
		t := x.Type
		b := leaveBalanceBody{
			TypeID: t.ID, Type: t.Name, Paid: t.Paid, Unlimited: t.Unlimited, MayRequest: x.May, HalfDays: t.HalfDays,
			NoticeDays: t.NoticeDays, LateDays: t.LateDays, MaxDays: t.MaxDays.Float(), Allowance: t.Allowance.Float(),
			Balance: x.Balance.Float(), Pending: x.Pending.Float(), Available: x.Available.Float(), Given: x.Given.Float(),
			Taken: x.Taken.Float(), Negative: t.Negative.Float(), Lapsing: []leaveLapseBody{},
		}
		for _, e := range x.Lapsing {
			b.Lapsing = append(b.Lapsing, leaveLapseBody{After: e.Date, Days: -e.Amount.Float()})
		}
		body.MayRequest = body.MayRequest || x.May
		body.Balances = append(body.Balances, b)
	}
	return &leaveOutput{Body: body}, nil
}

func (s *Service) listLeaveEntries(ctx context.Context, in *leaveEntriesInput) (*leaveEntriesOutput, error) {
	entries, err := s.Leave.Ledger(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &leaveEntriesOutput{}
	out.Body.Entries = []leaveEntryBody{}
	balance := map[string]hajir.LeaveDays{}
	for _, e := range entries {
		balance[e.Type] += e.Amount
		if in.Type != "" && e.Type != in.Type {
			continue
		}
		by, err := names.Of(ctx, e.By)
		if err != nil {
			return nil, err
		}
		out.Body.Entries = append(out.Body.Entries, leaveEntryBody{
			TypeID: e.Type, Type: names.Type(e.Type), Kind: e.Kind, Date: e.Date, Days: e.Amount.Float(),
			Balance: balance[e.Type].Float(), RequestID: e.Request, Note: e.Note, ByName: by, At: e.At,
		})
	}
	slices.Reverse(out.Body.Entries)
	return out, nil
}

func (s *Service) listLeaveOf(ctx context.Context, in *leaveRequestsInput) (*leaveRequestsOutput, error) {
	page, err := s.Leave.Of(ctx, in.Company, in.Username, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &leaveRequestsOutput{}
	if len(page) == in.Limit {
		out.Body.NextCursor = page[len(page)-1].ID
	}
	out.Body.Requests, err = names.Requests(ctx, page)
	return out, err
}

func wish(ctx context.Context, in *leaveWishInput) leave.Wish {
	by := api.Caller(ctx)
	return leave.Wish{
		Company: in.Company, Username: in.Username, Type: in.Body.TypeID, LeaveSpan: hajir.LeaveSpan(in.Body.LeaveSpanBody),
		Reason: in.Body.Reason, By: by.Username, ByAdmin: by.Role == hajir.RoleAdmin,
	}
}

func (s *Service) previewLeave(ctx context.Context, in *leaveWishInput) (*leavePreviewOutput, error) {
	a, err := s.Leave.Preview(ctx, wish(ctx, in))
	if err != nil {
		return nil, err
	}
	out := &leavePreviewOutput{}
	out.Body.Days, out.Body.Left = hajir.LeaveCost(a.Parts).Float(), a.Left.Float()
	out.Body.Away = leave.Absences(a.Away)
	out.Body.Allowed = a.Refusal == nil
	if e, ok := hajir.AsError(a.Refusal); ok {
		out.Body.Code, out.Body.Detail = e.Code, e.Message
	}
	return out, nil
}

func (s *Service) requestLeave(ctx context.Context, in *leaveWishInput) (*leaveRequestOutput, error) {
	r, err := s.Leave.Ask(ctx, wish(ctx, in))
	return s.leaveRequest(ctx, in.Company, r, err)
}

func (s *Service) cancelLeave(ctx context.Context, in *leaveCancelInput) (*leaveRequestOutput, error) {
	by := api.Caller(ctx)
	r, err := s.Leave.Cancel(ctx, in.Company, in.Username, in.ID, hajir.LeaveActor{
		Username: by.Username, Admin: by.Role == hajir.RoleAdmin, Note: in.Body.Note, At: s.Now().UTC(),
	})
	return s.leaveRequest(ctx, in.Company, r, err)
}

func (s *Service) leaveRequest(ctx context.Context, company string, r hajir.LeaveRequest, err error) (*leaveRequestOutput, error) {
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, company)
	if err != nil {
		return nil, err
	}
	body, err := names.Request(ctx, r)
	return &leaveRequestOutput{Body: body}, err
}

func (s *Service) leaveCalendar(ctx context.Context, in *leaveCalendarInput) (*leaveCalendarOutput, error) {
	by := api.Caller(ctx)
	all := by.Role == hajir.RoleAdmin || by.Role == hajir.RoleAuditor
	absences, err := s.Leave.Calendar(ctx, in.Company, by.Username, all, in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &leaveCalendarOutput{}
	out.Body.Absences = leave.Absences(absences)
	return out, nil
}
