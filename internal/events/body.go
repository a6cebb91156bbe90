package events

import "hajir/internal/hajir"

// EventFields are an event as clients write and read it.
type EventFields struct {
	Title   string             `json:"title" maxLength:"200" example:"Vijaya Dashami"`
	Kind    hajir.OccasionKind `json:"kind" enum:"holiday,optional,event" doc:"optional: a holiday for whoever chooses it, on a single date; event: a meeting, or something else to know of"`
	Date    string             `json:"date" maxLength:"10" doc:"The first date, YYYY-MM-DD" example:"2026-10-20"`
	To      string             `json:"to,omitempty" maxLength:"10" doc:"The last date; the first when absent" example:"2026-10-20"`
	Start   string             `json:"start,omitempty" maxLength:"5" doc:"HH:MM in the company's time zone, of an event alone; with end" example:"15:00"`
	End     string             `json:"end,omitempty" maxLength:"5" doc:"On the last date" example:"16:00"`
	Note    string             `json:"note,omitempty" maxLength:"1000"`
	Scope   hajir.Scope        `json:"scope" enum:"company,department,person" doc:"Whom it concerns"`
	Subject string             `json:"subject,omitempty" maxLength:"200" doc:"The department's name, or the person's username"`
}

// EventBody is an event in the API.
type EventBody struct {
	ID string `json:"id"`
	EventFields
	Imported bool `json:"imported" doc:"It came from a file"`
	Version  int  `json:"version"`
}

// Occasion reads the fields; the rules judge it later.
func (f EventFields) Occasion() (hajir.Occasion, error) {
	o := hajir.Occasion{
		Title: f.Title, Kind: f.Kind, From: f.Date, To: f.To, Note: f.Note, Scope: f.Scope, Subject: f.Subject,
	}
	for to, text := range map[**hajir.Clock]string{&o.Start: f.Start, &o.End: f.End} {
		if text == "" {
			continue
		}
		c, err := hajir.ParseClock(text)
		if err != nil {
			return o, err
		}
		*to = &c
	}
	return o, nil
}

// Describe returns an event as the API shows it.
func Describe(o hajir.Occasion) EventBody {
	b := EventBody{ID: o.ID, Version: o.Version, Imported: o.UID != "", EventFields: EventFields{
		Title: o.Title, Kind: o.Kind, Date: o.From, To: o.To, Note: o.Note, Scope: o.Scope, Subject: o.Subject,
	}}
	if o.Start != nil && o.End != nil {
		b.Start, b.End = o.Start.String(), o.End.String()
	}
	return b
}
