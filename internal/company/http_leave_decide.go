package company

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/leave"
)

type leaveListInput struct {
	api.CompanyPath
	State    string `query:"state" enum:"open,requested,second_level,approved,refused,cancelled,cancel_asked" doc:"open: somebody has to decide"`
	Username string `query:"username" maxLength:"64" doc:"Only this person's"`
	Type     string `query:"type" maxLength:"64" doc:"Only of this type_id"`
	From     string `query:"from" maxLength:"10" doc:"Only what touches the dates from here"`
	To       string `query:"to" maxLength:"10" doc:"… to here"`
	Limit    int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor   string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

type leaveListOutput struct {
	Body struct {
		Requests   []leave.LeaveRequestBody `json:"requests" doc:"The newest first"`
		NextCursor string                   `json:"next_cursor,omitempty" doc:"Absent on the last page"`
	}
}

type waitingLeaveOutput struct {
	Body struct {
		Requests []waitingLeaveBody `json:"requests" doc:"Those that begin first in front"`
	}
}

type waitingLeaveBody struct {
	leave.LeaveRequestBody
	Unlimited bool                     `json:"unlimited" doc:"Keeps no balance"`
	Balance   float64                  `json:"balance" doc:"What the ledger holds when it begins, before anything that waits"`
	Left      float64                  `json:"left" doc:"The least that it comes to with all that waits"`
	ForName   string                   `json:"for_name,omitempty" doc:"In whose place one decides"`
	Away      []leave.LeaveAbsenceBody `json:"away" doc:"Colleagues on leave on these dates"`
}

type decideLeaveInput struct {
	api.CompanyPath
	ID   string `path:"leaveid" maxLength:"64"`
	Body struct {
		Approve bool   `json:"approve"`
		Note    string `json:"note,omitempty" maxLength:"1000" doc:"Needed to refuse; the employee reads it"`
		Version int    `json:"version,omitempty" doc:"The version that was read; a newer one is a conflict"`
	}
}

type decideLeaveOutput struct{ Body leave.LeaveRequestBody }

type delegateInput struct {
	api.PersonPath
	Body struct {
		Delegate string `json:"delegate" maxLength:"64" doc:"The username of an active person"`
		From     string `json:"from" maxLength:"10"`
		To       string `json:"to" maxLength:"10"`
	}
}

type delegateOutput struct{ Body delegateBody }

type delegateBody struct {
	Delegate     string         `json:"delegate,omitempty" doc:"Absent: nobody"`
	DelegateName string         `json:"delegate_name,omitempty"`
	From         string         `json:"from,omitempty"`
	To           string         `json:"to,omitempty"`
	People       []delegateName `json:"people" doc:"Who can be named"`
}

type delegateName struct {
	Username string `json:"username"`
	Name     string `json:"name"`
}

func (s *Service) registerLeaveDecisions(a *api.API, admin, read api.Access) {
	const path, person = "/companies/{company}/leave", "/companies/{company}/employees/{username}/leave/delegate"
	decide := api.Access{Function: api.Company, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee}}
	own := api.Access{Function: api.Company, Allow: admin.Allow, Self: []hajir.Role{hajir.RoleManager}}
	api.Register(a, huma.Operation{
		OperationID: "list-leave-requests", Method: http.MethodGet, Path: path + "/requests", Summary: "The company's leave requests",
	}, read, s.listLeaveRequests)
	api.Register(a, huma.Operation{
		OperationID: "list-waiting-leave", Method: http.MethodGet, Path: path + "/waiting",
		Summary:     "The leave requests that one has to decide",
		Description: "A manager's, those of whom one stands in for, and the admin's where there is no manager.",
	}, decide, s.listWaitingLeave)
	api.Register(a, huma.Operation{
		OperationID: "decide-leave", Method: http.MethodPost, Path: path + "/requests/{leaveid}/decision", DefaultStatus: http.StatusOK,
		Summary: "Approve or refuse a leave request", Description: "For whose turn it is, who stands in for them, and the admin.",
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, decide, s.decideLeave)
	api.Register(a, huma.Operation{
		OperationID: "get-delegate", Method: http.MethodGet, Path: person,
		Summary: "Who decides in a manager's place", Errors: []int{http.StatusNotFound},
	}, own, s.getDelegate)
	api.Register(a, huma.Operation{
		OperationID: "set-delegate", Method: http.MethodPut, Path: person,
		Summary: "Name who decides in a manager's place, for a time", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.setDelegate)
	api.Register(a, huma.Operation{
		OperationID: "end-delegate", Method: http.MethodDelete, Path: person, DefaultStatus: http.StatusNoContent,
		Summary: "Let a manager decide alone again", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, own, s.endDelegate)
}

func (s *Service) listLeaveRequests(ctx context.Context, in *leaveListInput) (*leaveListOutput, error) {
	f := leave.Filter{Username: in.Username, Type: in.Type, From: in.From, To: in.To, Open: in.State == "open"}
	if !f.Open {
		f.State = hajir.LeaveState(in.State)
	}
	page, next, err := s.Leave.In(ctx, in.Company, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &leaveListOutput{}
	out.Body.NextCursor = next
	out.Body.Requests, err = names.Requests(ctx, page)
	return out, err
}

func leaveCaller(ctx context.Context) leave.Caller {
	by := api.Caller(ctx)
	return leave.Caller{Username: by.Username, Admin: by.Role == hajir.RoleAdmin}
}

func (s *Service) listWaitingLeave(ctx context.Context, in *api.CompanyPath) (*waitingLeaveOutput, error) {
	all, err := s.Leave.Waiting(ctx, in.Company, leaveCaller(ctx))
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	out := &waitingLeaveOutput{}
	out.Body.Requests = make([]waitingLeaveBody, len(all))
	for i, w := range all {
		body := waitingLeaveBody{Unlimited: w.Unlimited, Balance: w.Balance.Float(), Left: w.Left.Float(), Away: leave.Absences(w.Away)}
		if body.LeaveRequestBody, err = names.Request(ctx, w.LeaveRequest); err != nil {
			return nil, err
		}
		if body.ForName, err = names.Of(ctx, w.For); err != nil {
			return nil, err
		}
		out.Body.Requests[i] = body
	}
	return out, nil
}

func (s *Service) decideLeave(ctx context.Context, in *decideLeaveInput) (*decideLeaveOutput, error) {
	r, err := s.Leave.Decide(ctx, in.Company, in.ID, leaveCaller(ctx), leave.Decision{
		Approve: in.Body.Approve, Note: in.Body.Note, Version: in.Body.Version,
	})
	if err != nil {
		return nil, err
	}
	names, err := s.Leave.Names(ctx, in.Company)
	if err != nil {
		return nil, err
	}
	body, err := names.Request(ctx, r)
	return &decideLeaveOutput{Body: body}, err
}

func (s *Service) getDelegate(ctx context.Context, in *api.PersonPath) (*delegateOutput, error) {
	if _, err := s.Person(ctx, in.Company, in.Username); err != nil {
		return nil, err
	}
	d, err := s.Leave.Delegate(ctx, in.Company, in.Username)
	if err != nil {
		return nil, err
	}
	return s.describeDelegate(ctx, in.Company, d)
}

func (s *Service) describeDelegate(ctx context.Context, company string, d hajir.LeaveDelegate) (*delegateOutput, error) {
	people, err := s.everyone(ctx, company)
	if err != nil {
		return nil, err
	}
	out := &delegateOutput{Body: delegateBody{Delegate: d.Delegate, From: d.From, To: d.To, People: []delegateName{}}}
	for _, e := range people {
		if e.Username == d.Delegate {
			out.Body.DelegateName = e.Name
		}
		if e.Active && e.Role != hajir.RoleAuditor && e.Username != d.Manager {
			out.Body.People = append(out.Body.People, delegateName{Username: e.Username, Name: e.Name})
		}
	}
	return out, nil
}

func (s *Service) setDelegate(ctx context.Context, in *delegateInput) (*delegateOutput, error) {
	d, err := s.Leave.SetDelegate(ctx, hajir.LeaveDelegate{
		Manager: in.Username, Company: in.Company, Delegate: in.Body.Delegate, From: in.Body.From, To: in.Body.To,
	})
	if err != nil {
		return nil, err
	}
	return s.describeDelegate(ctx, in.Company, d)
}

func (s *Service) endDelegate(ctx context.Context, in *api.PersonPath) (*struct{}, error) {
	return nil, s.Leave.EndDelegate(ctx, in.Company, in.Username)
}
