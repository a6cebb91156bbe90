package employee

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type monthInput struct {
	api.PersonPath
	Month string `query:"month" maxLength:"7" doc:"YYYY-MM; the present month when absent" example:"2026-03"`
}

type monthOutput struct{ Body monthBody }

type monthBody struct {
	Month string    `json:"month" example:"2026-03"`
	Days  []dayBody `json:"days" doc:"Days with punches, in order"`
}

type dayBody struct {
	Date          string         `json:"date" example:"2026-03-02"`
	Status        hajir.Presence `json:"status" enum:"in,out,absent" doc:"in on a past day means that the exit is missing"`
	FirstIn       *time.Time     `json:"first_in,omitempty"`
	LastOut       *time.Time     `json:"last_out,omitempty"`
	WorkedSeconds int64          `json:"worked_seconds" doc:"Between entries and exits; today, up to now"`
	Punches       []punchBody    `json:"punches"`
	Version       int            `json:"version"`
}

type punchBody struct {
	ID         string          `json:"id"`
	At         time.Time       `json:"at"`
	Direction  hajir.Direction `json:"direction" enum:"entry,exit"`
	Source     hajir.Source    `json:"source" enum:"kiosk,web,pin,demo"`
	By         string          `json:"by,omitempty" doc:"The account that sent the picture"`
	Place      string          `json:"place,omitempty" doc:"That account's name: the kiosk's place" example:"Front door"`
	Score      float64         `json:"score" doc:"Similarity to the person, -1 to 1"`
	Margin     float64         `json:"margin" doc:"How far ahead of the next person"`
	Threshold  float64         `json:"threshold" doc:"What the score had to reach"`
	Model      string          `json:"model,omitempty" doc:"What computed the score"`
	PictureURL string          `json:"picture_url,omitempty" doc:"A signed link, for the company's admin alone"`
}

// Register declares the operations.
func (s *Service) Register(a *api.API) {
	api.Register(a, huma.Operation{
		OperationID: "list-days", Method: http.MethodGet, Path: "/companies/{company}/employees/{username}/days",
		Summary: "A person's days of a month", Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity},
	}, api.Access{
		Function: api.Employee, Allow: []hajir.Role{hajir.RoleAdmin, hajir.RoleAuditor},
		Self: []hajir.Role{hajir.RoleEmployee}, Reports: []hajir.Role{hajir.RoleManager},
	}, s.month)
	s.registerLeave(a)
}

func (s *Service) month(ctx context.Context, in *monthInput) (*monthOutput, error) {
	month, days, loc, err := s.Month(ctx, in.Company, in.Username, in.Month)
	if err != nil {
		return nil, err
	}
	out := &monthOutput{Body: monthBody{Month: month, Days: make([]dayBody, len(days))}}
	for i, d := range days {
		if out.Body.Days[i], err = s.describe(ctx, d, loc); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) describe(ctx context.Context, d hajir.Day, loc *time.Location) (dayBody, error) {
	body := dayBody{
		Date: d.Date, Status: d.Presence(), Version: d.Version,
		WorkedSeconds: int64(d.Worked(s.Now(), loc).Seconds()),
		Punches:       make([]punchBody, len(d.Punches)),
	}
	if t, ok := d.FirstIn(); ok {
		t = t.In(loc)
		body.FirstIn = &t
	}
	if t, ok := d.LastOut(); ok {
		t = t.In(loc)
		body.LastOut = &t
	}
	// Daily images are seen by the company's root account alone.
	pictures := api.Caller(ctx).Role == hajir.RoleAdmin
	for i, p := range d.Punches {
		body.Punches[i] = punchBody{
			ID: p.ID, At: p.At.In(loc), Direction: p.Direction, Source: p.Source, By: p.By, Place: p.Place,
			Score: p.Decision.Score, Margin: p.Decision.Margin, Threshold: p.Decision.Threshold, Model: p.Decision.Model,
		}
		if p.Picture == "" || !pictures {
			continue
		}
		link, _, err := s.Objects.Link(ctx, p.Picture)
		if err != nil {
			return body, err
		}
		body.Punches[i].PictureURL = link
	}
	return body, nil
}
