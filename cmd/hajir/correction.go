package main

import (
	"time"

	"hajir/internal/correction"
	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
)

// correctionLetter writes a message about a correction of a day.
func correctionLetter(n correction.Notice) (mail.Message, error) {
	c := n.Correction
	date, err := time.Parse(time.DateOnly, n.Date)
	if err != nil {
		return mail.Message{}, err
	}
	told := &template.Correction{Person: n.Person, Date: template.Date{Date: date}, Dates: n.Dates, Reason: c.Reason, State: string(c.State), By: n.Decider}
	for _, change := range c.Changes {
		told.Changes = append(told.Changes, changeInWords(change, n))
	}
	if len(c.History) > 0 {
		told.Note = c.History[len(c.History)-1].Note
	}
	return template.Render(n.Kind, template.English, template.Data{Company: n.Company.Name, Name: n.To, Link: n.Link, Correction: told})
}

func changeInWords(c hajir.Change, n correction.Notice) string {
	at := func(t time.Time) string {
		if hajir.DateAt(t, n.Location) != n.Date {
			return t.In(n.Location).Format("15:04 (2 January)")
		}
		return t.In(n.Location).Format("15:04")
	}
	switch {
	case c.At.IsZero():
		return "remove the " + string(c.Direction) + " at " + at(c.Was)
	case c.Punch != "":
		return "move the " + string(c.Direction) + " from " + at(c.Was) + " to " + at(c.At)
	}
	return "add an " + string(c.Direction) + " at " + at(c.At)
}
