package correction

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// CorrectionBody is a correction in the API.
type CorrectionBody struct { //nolint:revive // it names the schema in the API
	ID          string                `json:"id"`
	Username    string                `json:"username" doc:"The employee's"`
	Name        string                `json:"name"`
	Date        string                `json:"date" example:"2026-03-02"`
	Changes     []CorrectionChange    `json:"changes"`
	Reason      string                `json:"reason"`
	State       hajir.CorrectionState `json:"state" enum:"requested,approved,refused,withdrawn,failed" doc:"failed: approved, but the day was changed before it could be applied"`
	Edit        bool                  `json:"edit" doc:"The admin entered it; nobody had to decide"`
	DeciderName string                `json:"decider_name,omitempty" doc:"Who has to decide now"`
	Before      []CorrectionMark      `json:"before" doc:"What counted of the date, when it was applied; of one that waits, what counts now"`
	After       []CorrectionMark      `json:"after" doc:"What it became, or would become"`
	History     []CorrectionStep      `json:"history"`
	RequestedAt time.Time             `json:"requested_at"`
	Version     int                   `json:"version" doc:"Of all that was corrected on the date"`
}

// CorrectionChange is one punch of a correction in the API.
type CorrectionChange struct { //nolint:revive // it names the schema in the API
	Does      string          `json:"does" enum:"add,move,remove"`
	PunchID   string          `json:"punch_id,omitempty" doc:"Of the punch that is moved or removed"`
	Was       *time.Time      `json:"was,omitempty" doc:"When that punch was"`
	At        *time.Time      `json:"at,omitempty" doc:"When it ought to be"`
	Direction hajir.Direction `json:"direction" enum:"entry,exit"`
}

// CorrectionMark is when somebody came or went.
type CorrectionMark struct { //nolint:revive // it names the schema in the API
	At        time.Time       `json:"at"`
	Direction hajir.Direction `json:"direction" enum:"entry,exit"`
	Source    hajir.Source    `json:"source" enum:"kiosk,web,pin,slack,demo,manual,correction,auto,import,device"`
}

// CorrectionStep is one step of a correction's history.
type CorrectionStep struct { //nolint:revive // it names the schema in the API
	At      time.Time              `json:"at"`
	Action  hajir.CorrectionAction `json:"action" enum:"requested,approved,refused,withdrawn,edited,failed,passed_on"`
	ByName  string                 `json:"by_name,omitempty" doc:"Absent: the program"`
	ForName string                 `json:"for_name,omitempty" doc:"In whose place"`
	Note    string                 `json:"note,omitempty"`
}

// WishBody is what is to be different about a day.
type WishBody struct {
	Reason  string       `json:"reason" maxLength:"1000" doc:"It stays with the day"`
	Changes []ChangeBody `json:"changes" maxItems:"10"`
}

// ChangeBody adds, moves or removes one punch.
type ChangeBody struct {
	PunchID   string          `json:"punch_id,omitempty" maxLength:"64" doc:"The punch that is moved or removed; absent to add one"`
	At        *time.Time      `json:"at,omitempty" doc:"When it was; absent to remove it" example:"2026-03-02T17:00:00+05:45"`
	Direction hajir.Direction `json:"direction,omitempty" enum:"entry,exit" doc:"What one that is added is"`
}

// Of returns the changes that are wished for.
func (w WishBody) Of() []hajir.Change {
	var all []hajir.Change
	for _, b := range w.Changes {
		c := hajir.Change{Punch: b.PunchID, Direction: b.Direction}
		if b.At != nil {
			c.At = b.At.UTC()
		}
		all = append(all, c)
	}
	return all
}

// Names knows how people are called.
type Names interface {
	Of(ctx context.Context, username string) (string, error)
}

// Describe returns a correction as the API shows it, with times in loc.
func Describe(ctx context.Context, names Names, x hajir.DayCorrections, c hajir.Correction, loc *time.Location) (CorrectionBody, error) {
	body := CorrectionBody{
		ID: c.ID, Username: x.Username, Date: x.Date, Changes: make([]CorrectionChange, len(c.Changes)), Reason: c.Reason,
		State: c.State, Edit: c.Edit, Before: describeMarks(c.Before, loc), After: describeMarks(c.After, loc),
		History: make([]CorrectionStep, len(c.History)), RequestedAt: c.At.In(loc), Version: x.Version,
	}
	var err error
	if body.Name, err = names.Of(ctx, x.Username); err != nil {
		return body, err
	}
	if body.DeciderName, err = names.Of(ctx, c.Decider); err != nil {
		return body, err
	}
	for i, change := range c.Changes {
		b := CorrectionChange{Does: "add", PunchID: change.Punch, Was: local(change.Was, loc), At: local(change.At, loc), Direction: change.Direction}
		switch {
		case change.At.IsZero():
			b.Does = "remove"
		case change.Punch != "":
			b.Does = "move"
		}
		body.Changes[i] = b
	}
	for i, e := range c.History {
		body.History[i] = CorrectionStep{At: e.At.In(loc), Action: e.Does, Note: e.Note}
		if body.History[i].ByName, err = names.Of(ctx, e.By); err != nil {
			return body, err
		}
		if body.History[i].ForName, err = names.Of(ctx, e.For); err != nil {
			return body, err
		}
	}
	return body, nil
}

// Body is Describe, with times where the employee is.
func (d *Desk) Body(ctx context.Context, names Names, company string, x hajir.DayCorrections, c hajir.Correction) (CorrectionBody, error) {
	p, err := d.person(ctx, company, x.Username)
	if err != nil {
		return CorrectionBody{}, err
	}
	return Describe(ctx, names, x, c, p.loc)
}

func describeMarks(marks []hajir.Mark, loc *time.Location) []CorrectionMark {
	all := make([]CorrectionMark, len(marks))
	for i, m := range marks {
		all[i] = CorrectionMark{At: m.At.In(loc), Direction: m.Direction, Source: m.Source}
	}
	return all
}

func local(t time.Time, loc *time.Location) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(loc)
	return &t
}
