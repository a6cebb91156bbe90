package main

import (
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
	for name, prepare := range map[string]func(*app, string) error{
		"without shifts": func(*app, string) error { return nil },
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
			a, err := openWith(b.Context(), config.Config{Data: filepath.Join(b.TempDir(), "data"), LogLevel: "error"}, siteForTest, clock.Now,
				func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(clock.Now), nil })
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = a.Close() }()
			c := hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", clock.Now())
			if _, err := a.company.Create(b.Context(), c, password); err != nil {
				b.Fatal(err)
			}
			if _, err := a.company.Add(b.Context(), hajir.Employee{Username: "asha", Company: "acme", Name: "Asha"}, ""); err != nil {
				b.Fatal(err)
			}
			picture := facestest.Picture("face:asha")
			if _, err := a.picture.Enrol(b.Context(), "acme", "asha", picture); err != nil {
				b.Fatal(err)
			}
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
