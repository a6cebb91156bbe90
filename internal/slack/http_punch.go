package slack

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

type readSlackPunchInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"2000" doc:"Of the link"`
	}
}

type slackPunchInput struct {
	Position string `header:"Geolocation" maxLength:"200" doc:"Where the device is, as a geo URI with the accuracy in metres as u; needed where the company asks for it" example:"geo:27.7172,85.324;u=12"`
	Body     struct {
		Token string `json:"token" minLength:"1" maxLength:"2000" doc:"Of the link"`
	}
}

type readSlackPunchOutput struct {
	Body struct {
		CompanyName string          `json:"company_name"`
		Name        string          `json:"name" doc:"Of the person"`
		Direction   hajir.Direction `json:"direction" enum:"entry,exit"`
		Place       bool            `json:"place" doc:"The device's position is asked for"`
	}
}

type slackPunchOutput struct {
	Body struct {
		Date      string          `json:"date" example:"2026-03-02"`
		At        time.Time       `json:"at" doc:"In the person's time zone"`
		Direction hajir.Direction `json:"direction" enum:"entry,exit"`
		Repeated  bool            `json:"repeated" doc:"It was recorded before"`
	}
}

func (s *Service) registerPunches(a *api.API) {
	access := api.Access{Function: api.Slack, Public: "with the link that Slack showed to the person alone: for five minutes, and once"}
	api.Register(a, huma.Operation{
		OperationID: "read-slack-punch", Method: http.MethodPost, Path: "/slack/punches/read", DefaultStatus: http.StatusOK,
		Summary: "What a link that /hajir in or out gave records", Errors: []int{http.StatusForbidden, http.StatusConflict},
	}, access, s.readPunch)
	api.Register(a, huma.Operation{
		OperationID: "slack-punch", Method: http.MethodPost, Path: "/slack/punches", DefaultStatus: http.StatusCreated,
		Summary:     "Record who comes or goes, from where they are",
		Description: "kiosk_network and kiosk_place (403) when the company does not let people come and go from there; the link can be tried again.",
		Errors:      []int{http.StatusForbidden, http.StatusConflict},
	}, access, s.punchHere)
}

func (s *Service) readPunch(ctx context.Context, in *readSlackPunchInput) (*readSlackPunchOutput, error) {
	p, err := s.ReadPunch(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &readSlackPunchOutput{}
	out.Body.CompanyName, out.Body.Name, out.Body.Direction, out.Body.Place = p.Company, p.Name, p.Want, p.Place
	return out, nil
}

func (s *Service) punchHere(ctx context.Context, in *slackPunchInput) (*slackPunchOutput, error) {
	var at *hajir.Position
	if in.Position != "" {
		p, err := hajir.ParsePosition(in.Position)
		if err != nil {
			return nil, err
		}
		at = &p
	}
	p, err := s.PunchHere(ctx, in.Body.Token, api.Client(ctx), at)
	if err != nil {
		return nil, err
	}
	out := &slackPunchOutput{}
	out.Body.Date, out.Body.At, out.Body.Direction, out.Body.Repeated = p.Date, p.Punch.At.In(p.Location), p.Punch.Direction, p.Repeated
	return out, nil
}
