package record

import (
	"time"

	"hajir/internal/hajir"
)

// Occasion is how an event is stored; it may not change with hajir.Occasion.
type Occasion struct {
	ID      string             `json:"id"`
	Company string             `json:"company"`
	Title   string             `json:"title"`
	Kind    hajir.OccasionKind `json:"kind"`
	From    string             `json:"from"`
	To      string             `json:"to"`
	Start   *hajir.Clock       `json:"start,omitempty"` // minutes after midnight
	End     *hajir.Clock       `json:"end,omitempty"`
	Note    string             `json:"note,omitempty"`
	Scope   hajir.Scope        `json:"scope"`
	Subject string             `json:"subject,omitempty"`
	UID     string             `json:"uid,omitempty"`
}

// Load returns what is stored.
func (doc Occasion) Load(version int) hajir.Occasion {
	return hajir.Occasion{
		ID: doc.ID, Company: doc.Company, Title: doc.Title, Kind: doc.Kind, From: doc.From, To: doc.To, Start: doc.Start, End: doc.End,
		Note: doc.Note, Scope: doc.Scope, Subject: doc.Subject, UID: doc.UID, Version: version,
	}
}

// OccasionKey is the value of the sort key "date".
func OccasionKey(date, id string) string { return date + "/" + id }

// HolidayChoices is how one is stored.
type HolidayChoices struct {
	Username string      `json:"username"`
	Company  string      `json:"company"`
	Chosen   []choiceDoc `json:"chosen"`
}

type choiceDoc struct {
	Occasion string    `json:"event"`
	Date     string    `json:"date"`
	Title    string    `json:"title"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Load returns what is stored.
func (doc HolidayChoices) Load(version int) hajir.HolidayChoices {
	return hajir.HolidayChoices{
		Username: doc.Username, Company: doc.Company, Version: version,
		Chosen: Convert(doc.Chosen, func(c choiceDoc) hajir.HolidayChoice { return hajir.HolidayChoice(c) }),
	}
}

// StoreOccasion returns o as it is stored.
func StoreOccasion(o hajir.Occasion) Occasion {
	return Occasion{
		ID: o.ID, Company: o.Company, Title: o.Title, Kind: o.Kind, From: o.From, To: o.To, Start: o.Start, End: o.End,
		Note: o.Note, Scope: o.Scope, Subject: o.Subject, UID: o.UID,
	}
}

// StoreHolidayChoices returns c as it is stored.
func StoreHolidayChoices(c hajir.HolidayChoices) HolidayChoices {
	return HolidayChoices{
		Username: c.Username, Company: c.Company,
		Chosen: Convert(c.Chosen, func(x hajir.HolidayChoice) choiceDoc { return choiceDoc(x) }),
	}
}
