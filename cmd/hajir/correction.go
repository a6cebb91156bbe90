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
	told := &template.Correction{Person: n.Person, Date: date, Reason: c.Reason, State: string(c.State), By: n.Decider}
	for _, change := range c.Changes {
		told.Changes = append(told.Changes, changeOf(change, n.Location))
	}
	if len(c.History) > 0 {
		told.Note = c.History[len(c.History)-1].Note
	}
	return template.Render(n.Kind, string(hajir.English), template.Data{Company: n.Company.Name, Name: n.To, Link: n.Link, Dates: n.Dates, Correction: told})
}

func changeOf(c hajir.Change, loc *time.Location) template.Change {
	told := template.Change{Direction: c.Direction}
	if c.Punch != "" {
		told.Was = c.Was.In(loc)
	}
	if !c.At.IsZero() {
		told.At = c.At.In(loc)
	}
	return told
}
