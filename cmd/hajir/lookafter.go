package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hajir/internal/alarm"
	"hajir/internal/config"
	"hajir/internal/doctor"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/health"
	"hajir/internal/mail"
	"hajir/internal/store/sqlite"
	"hajir/models"
)

// alarmLevel is an alarm's state as a metric.
var alarmLevel = map[hajir.AlarmState]float64{hajir.AlarmNoData: 0, hajir.AlarmOK: 1, hajir.AlarmRaised: 2}

// lookAfter tells the health desk and the alarms what the operator wants.
func (a *app) lookAfter(c config.Config, s config.Serve) error {
	for _, text := range s.AlarmMail {
		to, err := mail.ParseAddress(text)
		if err != nil {
			return fmt.Errorf("--alarm-mail: %s: %s", text, reason(err))
		}
		a.letters.Operators = append(a.letters.Operators, to)
	}
	p := &patient{c: c, s: s, now: a.now, try: a.tryFaces, records: func() (*sqlite.DB, error) { return a.db, nil }}
	a.health.OperatorCompany, a.health.OpenSignUp = s.OperatorCompany, s.OpenSignUp
	a.health.Checks = func() []doctor.Check { return p.checks(context.Background()) } // each takes the request's when it runs
	a.health.Started, a.health.Model = a.now(), a.faces.Model().Name
	a.health.Mailed = len(a.letters.Operators)
	a.health.Backup = func() *health.Backup {
		if a.backup == nil {
			return nil
		}
		return &health.Backup{Lag: a.backup.Lag(), Drill: a.backup.LastDrill()}
	}
	return nil
}

// tryFaces has the models at work find a face.
func (a *app) tryFaces(ctx context.Context) error {
	picture, err := models.Sample(testFrame)
	if err != nil {
		return err
	}
	frame, err := a.faces.Detect(ctx, picture, faces.MeasureLiveness)
	if err == nil && len(frame.Faces) == 0 {
		err = errors.New("no face was found in the built-in picture")
	}
	return err
}

// watchAlarms judges the alarms until ctx ends.
func (a *app) watchAlarms(ctx context.Context) {
	tick := time.NewTicker(alarm.Step)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.alarms.Tick(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "the alarms were not judged, which will be tried again", "error", err)
		}
	}
}

// examineEvery is how often the server examines itself. It begins examineAfter
// its start, since it reads the models and the database whole: who comes first is
// to be served first.
const (
	examineEvery = 24 * time.Hour
	examineAfter = time.Minute
)

// examineDaily examines the installation, soon and then each day, until ctx ends.
func (a *app) examineDaily(ctx context.Context) {
	soon := time.NewTimer(examineAfter)
	defer soon.Stop()
	select {
	case <-ctx.Done():
		return
	case <-soon.C:
	}
	tick := time.NewTicker(examineEvery)
	defer tick.Stop()
	for {
		r, err := a.health.Examine(ctx)
		for _, f := range r.Findings {
			if err == nil && f.Level == "fail" {
				a.log.WarnContext(ctx, "the doctor found something wrong; hajir doctor says how to mend it", "check", f.Check)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
