package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"hajir/internal/attendance"
	hajircompany "hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
)

// One check-in from the service down to the disk, without the recognition: what
// the rules and the store take.
func BenchmarkCheckIn(b *testing.B) {
	backedUp := config.Config{Copies: config.Backup{Days: 35, Fine: 35}}
	stop := func() {}
	for name, prepare := range map[string]func(*app, string) error{
		"without shifts": func(*app, string) error { return nil },
		"backed up": func(a *app, _ string) error {
			var err error
			stop, err = a.backUp(b.Context(), backedUp, 0)
			return err
		},
		"with shifts": func(a *app, company string) error {
			day, err := a.company.AddShift(b.Context(), hajir.Shift{
				Company: company, Name: "Day", Start: 10 * 60, End: 17 * 60, Before: 2 * time.Hour, After: 4 * time.Hour,
				Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd},
			})
			if err != nil {
				return err
			}
			_, err = a.company.SetRoster(b.Context(), company, hajircompany.RosterChange{
				Username: "asha", From: "2026-03-02", To: "2026-05-31", Shift: day.ID,
			})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			clock := identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
			backedUp.Data = filepath.Join(b.TempDir(), "data")
			a, err := openWith(b.Context(), config.Config{Data: backedUp.Data, LogLevel: "error"}, siteForTest, clock.Now,
				func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(clock.Now), nil })
			if err != nil {
				b.Fatal(err)
			}
			defer func() { stop(); _ = a.Close(); stop = func() {} }()
			c := hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", clock.Now())
			if _, err := a.company.Create(b.Context(), c, password); err != nil {
				b.Fatal(err)
			}
			addEnrolled(b, a, "asha")
			picture := facestest.Picture("face:asha")
			if err := prepare(a, "acme"); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				clock.Advance(4 * time.Hour)
				r, err := a.attendance.CheckIn(b.Context(), attendance.Attempt{Company: "acme", Pictures: [][]byte{picture}, Source: hajir.SourceWeb, By: "acme"})
				if err != nil || !r.Results[0].Recorded {
					b.Fatal(r, err)
				}
			}
		})
	}
}

// addEnrolled adds a person of acme who agreed, with the face of their name.
func addEnrolled(b *testing.B, a *app, name string) {
	b.Helper()
	_, err := a.company.Add(b.Context(), hajir.Employee{Username: name, Company: "acme", Name: name}, "")
	if err == nil {
		_, err = a.consent.Decide(b.Context(), "acme", name, hajir.Consent{
			State: hajir.ConsentGiven, TextVersion: hajir.ConsentVersion, Means: hajir.ConsentPaper, By: "acme",
		})
	}
	if err == nil {
		_, err = a.picture.Enrol(b.Context(), "acme", name, facestest.Picture("face:"+name))
	}
	if err != nil {
		b.Fatal(err)
	}
}

// A day of 1,000 check-ins of 250 people, each in a second of its own: what it
// takes in the backup, without the pictures, which are copied as they are.
func BenchmarkBackupOfADay(b *testing.B) {
	for b.Loop() {
		clock := identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
		c := config.Config{Data: filepath.Join(b.TempDir(), "data"), LogLevel: "error", Copies: config.Backup{Days: 35, Fine: 35}}
		fake := facestest.NewFake(clock.Now)
		a, err := openWith(b.Context(), c, siteForTest, clock.Now, func(faces.TemplateStore) (faces.Recognizer, error) { return fake, nil })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.company.Create(b.Context(), hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", clock.Now()), password); err != nil {
			b.Fatal(err)
		}
		for i := range 250 {
			addEnrolled(b, a, fmt.Sprintf("p%d", i))
		}
		x, err := a.openBackup(b.Context(), c)
		if err != nil {
			b.Fatal(err)
		}
		size := func(below string) (n int64) {
			_ = filepath.WalkDir(filepath.Join(c.Data+"-backup", below), func(_ string, e fs.DirEntry, err error) error {
				if err == nil && !e.IsDir() {
					if info, err := e.Info(); err == nil {
						n += (info.Size() + 4095) &^ 4095 // as a disk counts
					}
				}
				return nil
			})
			return n
		}
		if err := errors.Join(x.Step(b.Context()), x.Keep(b.Context(), nil)); err != nil {
			b.Fatal(err)
		}
		before := size("changes")
		for i := range 1000 {
			clock.Advance(15 * time.Minute / 250)
			if i%250 == 0 {
				clock.Advance(2 * time.Hour)
			}
			r, err := a.attendance.CheckIn(b.Context(), attendance.Attempt{
				Company: "acme", Pictures: [][]byte{facestest.Picture(fmt.Sprintf("face:p%d", i%250))}, Source: hajir.SourceWeb, By: "acme",
			})
			if err := errors.Join(err, x.Step(b.Context())); err != nil || len(r.Results) != 1 || !r.Results[0].Recorded {
				b.Fatal(r, err)
			}
			if i%8 == 7 { // five minutes of a day of ten hours
				if err := x.Keep(b.Context(), nil); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(size("changes")-before)/(1<<20), "MB/day")
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
