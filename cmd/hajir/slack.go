package main

import (
	"context"
	"net/http"
	"time"

	"hajir/internal/attendance"
	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/keyring"
	"hajir/internal/mail/template"
	"hajir/internal/roster"
	"hajir/internal/slack"
)

// slackTimeout bounds one question to Slack.
const slackTimeout = 15 * time.Second

// wireSlack makes the part that Slack talks to, without an app.
func (a *app) wireSlack(book roster.Book, siteURL string) {
	a.slack = &slack.Service{
		Store: a.db, Book: book, Leave: a.leave, Corrections: a.correction, Events: a.events,
		Board: a.slackBoard, Punch: a.slackPunch, Date: slackDate,
		HTTP: &http.Client{Timeout: slackTimeout}, Now: a.now, After: time.After, Log: a.log, SiteURL: siteURL,
	}
}

// openSlack gives it the operator's app.
func (a *app) openSlack(c config.Config, ring *keyring.Ring) (err error) {
	a.slack.App = slack.App{ClientID: c.Slack.SlackClientID, API: c.Slack.SlackAPIURL}
	if a.slack.App.ClientSecret, a.slack.App.SigningSecret, err = c.Slack.App(); err != nil {
		return err
	}
	a.slack.Key, err = ring.Secret("slack-key", randomKey)
	return err
}

func (a *app) slackBoard(ctx context.Context, company, team string) ([]slack.Present, *time.Location, error) {
	b, err := a.company.Board(ctx, company, "", team)
	if err != nil {
		return nil, nil, err
	}
	all := make([]slack.Present, len(b.Entries))
	for i, e := range b.Entries {
		all[i] = slack.Present(e)
	}
	return all, b.Location, nil
}

func (a *app) slackPunch(ctx context.Context, in slack.Attempt) (slack.Punched, error) {
	r, err := a.attendance.RecordOwn(ctx, attendance.Own{
		Company: in.Company, Username: in.Username, Source: hajir.SourceSlack, Place: "Slack", Key: in.Key, Want: in.Want,
	})
	if err != nil {
		return slack.Punched{}, err
	}
	loc, err := r.Company.LocationOf(r.Employee)
	return slack.Punched{Punch: r.Punch, Date: r.Date, Location: loc, Repeated: r.Repeated}, err
}

// slackDate writes a date as mails in English do.
func slackDate(date string, how hajir.DateStyle) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return template.EnglishDate(d, how)
}

// slackEvery is how often it is asked what Slack is to be told.
const slackEvery = 5 * time.Minute

// tellSlack posts digests and reminders when they are due until ctx ends.
func (a *app) tellSlack(ctx context.Context) {
	tick := time.NewTicker(slackEvery)
	defer tick.Stop()
	for {
		if err := a.slack.RunDue(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "Slack was not told everything, which will be tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
