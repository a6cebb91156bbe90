package main

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
	"hajir/internal/roster"
)

// workdays says on which dates a person would work if none was a holiday, and
// which are.
func workdays(book roster.Book) func(context.Context, hajir.Company, hajir.Employee, string, string) (workday, holiday func(string) bool, err error) {
	return func(ctx context.Context, c hajir.Company, e hajir.Employee, from, to string) (workday, holiday func(string) bool, err error) {
		plan, err := book.Plan(ctx, c, e, from, to)
		workday = func(date string) bool { return !plan.On(date).Off }
		holiday = func(date string) bool { return plan.On(date).Holiday != "" }
		return workday, holiday, err
	}
}

// leaveLetter writes a message about a leave request.
func leaveLetter(n leave.Notice) (mail.Message, error) {
	r := n.Request
	d := template.Data{
		Company: n.Company.Name, Name: n.To, Link: n.Link, Dates: n.Dates,
		Leave: &template.Leave{
			Person: n.Person, Type: n.Type, Days: r.Cost().String(), Reason: r.Reason, State: string(r.State), By: n.Decider,
			From: leaveDate(r.From, r.Start), To: leaveDate(r.To, r.End),
		},
	}
	if len(r.History) > 0 {
		d.Leave.Note = r.History[len(r.History)-1].Note
	}
	return template.Render(n.Kind, string(hajir.English), d)
}

func leaveDate(date string, how hajir.Leave) template.Date {
	d, _ := time.Parse(time.DateOnly, date) // it was validated with the request
	return template.Date{Date: d, Half: how}
}
