package main

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	hajircompany "hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
)

// A hundred thousand punches of 500 people at a door, in no order: a hundred
// days of each.
func BenchmarkImportOfDevices(b *testing.B) {
	var lines []string
	for person := range 500 {
		for day := range 100 {
			at := time.Date(2025, 11, 1+day, 9, person%60, day%60, 0, time.UTC)
			for _, at := range []time.Time{at, at.Add(8 * time.Hour)} {
				lines = append(lines, fmt.Sprintf("%d,%s,Front door", 1000+person, at.Format(time.DateTime)))
			}
		}
	}
	rand.New(rand.NewSource(1)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	f := hajircompany.ImportFile{
		Company: "acme", Kind: hajir.ImportDevices, Content: []byte("code,time,device\n" + strings.Join(lines, "\n") + "\n"),
	}
	for b.Loop() {
		b.StopTimer()
		clock := identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))
		a, err := openWith(b.Context(), config.Config{Data: filepath.Join(b.TempDir(), "data"), LogLevel: "error"}, siteForTest, clock.Now,
			func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(clock.Now), nil })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.company.Create(b.Context(), hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", clock.Now()), password); err != nil {
			b.Fatal(err)
		}
		for person := range 500 {
			e := hajir.Employee{Username: fmt.Sprint("p", person), Company: "acme", Name: "P", Code: strconv.Itoa(1000 + person), Active: true, CreatedAt: clock.Now()}
			if err := a.db.SaveEmployee(b.Context(), e); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		begun := time.Now()
		r, err := a.company.Import(b.Context(), f)
		if err != nil || r.New != len(lines) {
			b.Fatalf("%+v %v", r.Counts, err)
		}
		b.ReportMetric(float64(len(lines))/time.Since(begun).Seconds(), "lines/s")
		b.StopTimer()
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
