package leave

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// LeaveSpanBody is dates of leave in the API.
type LeaveSpanBody struct { //nolint:revive // it names the schema in the API
	From  string      `json:"from" maxLength:"10" example:"2026-03-10"`
	To    string      `json:"to" maxLength:"10" example:"2026-03-12"`
	Start hajir.Leave `json:"start" enum:"full,first_half,second_half" doc:"Of the first date: all of it, or the half that joins the rest"`
	End   hajir.Leave `json:"end" enum:"full,first_half,second_half" doc:"Of the last date; on a single date the same as start"`
}

// LeaveRequestBody is a request in the API.
type LeaveRequestBody struct { //nolint:revive // it names the schema in the API
	ID       string `json:"id"`
	Username string `json:"username" doc:"The employee's"`
	Name     string `json:"name"`
	TypeID   string `json:"type_id"`
	Type     string `json:"type" doc:"The leave's name" example:"Annual leave"`
	LeaveSpanBody
	Days        float64          `json:"days" doc:"What it takes: days off cost nothing" example:"2.5"`
	Reason      string           `json:"reason,omitempty"`
	State       hajir.LeaveState `json:"state" enum:"requested,second_level,approved,refused,cancelled,cancel_asked" doc:"cancel_asked: approved and begun; the employee asks to take it back"`
	DeciderName string           `json:"decider_name,omitempty" doc:"Who has to decide now"`
	SecondLevel bool             `json:"second_level" doc:"A second approval is asked for"`
	RequestedAt time.Time        `json:"requested_at"`
	History     []LeaveStepBody  `json:"history"`
	Version     int              `json:"version"`
}

// LeaveStepBody is one step of a request's history.
type LeaveStepBody struct { //nolint:revive // it names the schema in the API
	At      time.Time         `json:"at"`
	Action  hajir.LeaveAction `json:"action" enum:"requested,approved,refused,cancelled,cancel_asked,cancel_refused,passed_on,recosted"`
	ByName  string            `json:"by_name,omitempty" doc:"Absent: the program"`
	ForName string            `json:"for_name,omitempty" doc:"In whose place"`
	Note    string            `json:"note,omitempty"`
}

// LeaveAbsenceBody is one leave of a colleague in the API.
type LeaveAbsenceBody struct { //nolint:revive // it names the schema in the API
	Username string `json:"username"`
	Name     string `json:"name"`
	LeaveSpanBody
	Pending bool `json:"pending" doc:"Not approved yet"`
}

// Names knows how people and types of leave are called.
type Names struct {
	desk    *Desk
	company hajir.Company
	types   map[string]string
	people  map[string]string
}

// Names returns the names of a company.
func (d *Desk) Names(ctx context.Context, company string) (*Names, error) {
	p, err := d.house(ctx, company)
	if err != nil {
		return nil, err
	}
	n := &Names{desk: d, company: p.company, types: map[string]string{}, people: map[string]string{company: p.company.Name, "": ""}}
	all, err := d.types(ctx, company)
	for _, t := range all {
		n.types[t.ID] = t.Name
	}
	return n, err
}

// Type returns how a type of leave is called.
func (n *Names) Type(id string) string { return n.types[id] }

// Of returns how somebody is called: the username of one who is not there.
func (n *Names) Of(ctx context.Context, username string) (string, error) {
	if name, ok := n.people[username]; ok {
		return name, nil
	}
	e, err := n.desk.Store.Employee(ctx, username)
	switch {
	case hajir.CodeOf(err) == hajir.NotFound || err == nil && e.Company != n.company.Username:
		n.people[username] = username
	case err != nil:
		return "", err
	default:
		n.people[username] = e.Name
	}
	return n.people[username], nil
}

// Request returns a request as the API shows it.
func (n *Names) Request(ctx context.Context, r hajir.LeaveRequest) (LeaveRequestBody, error) {
	body := LeaveRequestBody{
		ID: r.ID, Username: r.Username, TypeID: r.Type, Type: n.Type(r.Type), LeaveSpanBody: LeaveSpanBody(r.LeaveSpan), Days: r.Cost().Float(),
		Reason: r.Reason, State: r.State, SecondLevel: r.Second, RequestedAt: r.At, Version: r.Version,
		History: make([]LeaveStepBody, len(r.History)),
	}
	var err error
	if body.Name, err = n.Of(ctx, r.Username); err != nil {
		return body, err
	}
	if body.DeciderName, err = n.Of(ctx, r.Decider); err != nil {
		return body, err
	}
	for i, e := range r.History {
		body.History[i] = LeaveStepBody{At: e.At, Action: e.Does, Note: e.Note}
		if body.History[i].ByName, err = n.Of(ctx, e.By); err != nil {
			return body, err
		}
		if body.History[i].ForName, err = n.Of(ctx, e.For); err != nil {
			return body, err
		}
	}
	return body, nil
}

// Requests returns requests as the API shows them.
func (n *Names) Requests(ctx context.Context, all []hajir.LeaveRequest) ([]LeaveRequestBody, error) {
	bodies := make([]LeaveRequestBody, len(all))
	var err error
	for i, r := range all {
		if bodies[i], err = n.Request(ctx, r); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// Absences returns absences as the API shows them.
func Absences(all []Absence) []LeaveAbsenceBody {
	bodies := make([]LeaveAbsenceBody, len(all))
	for i, a := range all {
		bodies[i] = LeaveAbsenceBody{Username: a.Username, Name: a.Name, LeaveSpanBody: LeaveSpanBody(a.LeaveSpan), Pending: a.Open}
	}
	return bodies
}
