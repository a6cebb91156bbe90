package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
	"hajir/internal/report"
)

// patterns is how many people of a crowd are made one by one; the others are
// copies of them.
const patterns = 8

// crowd fills a company with people and the days of March 2026: two stretches a
// day, each punch with a decision as a camera leaves it. It writes them as SQL,
// since saving them one by one takes minutes.
func crowd(tb testing.TB, a *app, database string, people int) hajir.Company {
	tb.Helper()
	ctx := tb.Context()
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	c, err := a.company.Create(ctx, hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)), password)
	must(err)
	day, err := a.company.AddShift(ctx, hajir.Shift{
		Company: "acme", Name: "Day", Start: 10 * 60, End: 17 * 60, LateGrace: 10 * time.Minute, Before: 2 * time.Hour, After: 4 * time.Hour,
		Full: 5 * time.Hour, Half: 3 * time.Hour, Breaks: []hajir.Break{{From: 13 * 60, To: 14 * 60, Rule: hajir.BreakDeducted}},
		Overtime: hajir.Overtime{From: hajir.OvertimeAfterEnd, Step: 15 * time.Minute},
	})
	must(err)
	week := hajir.Week{day.ID, day.ID, day.ID, day.ID, day.ID, day.ID, hajir.DayOff}
	pattern, err := a.company.AddPattern(ctx, hajir.Pattern{Company: "acme", Name: "Week", Weeks: []hajir.Week{week}})
	must(err)
	_, err = a.company.Assign(ctx, hajir.Assignment{Company: "acme", Scope: hajir.ScopeCompany, From: "2026-01-01", Pattern: pattern.ID})
	must(err)
	loc, err := c.Location()
	must(err)
	for m := range patterns {
		name := fmt.Sprintf("model-%d", m)
		must(a.db.SaveEmployee(ctx, hajir.Employee{
			Username: name, Company: "acme", Name: name, Code: "C-" + name, Department: fmt.Sprint("Department ", m), Role: hajir.RoleEmployee,
			Active: true, CreatedAt: c.CreatedAt,
		}))
		for i, date := range hajir.Dates("2026-03") {
			if i%7 == 6 || (i+m)%11 == 10 { // a Saturday, or nobody came
				continue
			}
			midnight, err := time.ParseInLocation(time.DateOnly, date, loc)
			must(err)
			d := hajir.Day{Name: name, Company: "acme", Date: date}
			for j, at := range []int{10*60 + (i*m)%25 - 5, 13*60 + i%20, 13*60 + 45 + m, 17*60 + (i+m)%90} {
				d, _ = d.Record(hajir.Punch{
					ID: fmt.Sprintf("%s-%s-%d", name, date, j), At: midnight.Add(time.Duration(at)*time.Minute + time.Duration(j*7)*time.Second), Source: hajir.SourceKiosk,
					By: "kiosk-1", Place: "Front door", Picture: "daily/acme/" + name + "/" + date + ".jpg",
					Decision: hajir.Decision{
						Username: name, Score: 0.71, Margin: 0.31, Threshold: 0.42, MinMargin: 0.05, Model: "mbf",
						Candidates: []hajir.Candidate{{Username: name, FaceID: "f1", Score: 0.71}, {Username: "other", FaceID: "f2", Score: 0.4}, {Username: "third", FaceID: "f3", Score: 0.38}},
					},
				})
			}
			must(a.db.SaveDay(ctx, d))
		}
	}
	db, err := sql.Open("sqlite", "file:"+database+"?_pragma=busy_timeout(10000)")
	must(err)
	defer db.Close()
	for _, stmt := range []string{
		`INSERT INTO Employee_details (Username, company, managerusername, version, doc)
			SELECT p.name, company, managerusername, version, replace(doc, Username, p.name)
			FROM p JOIN Employee_details ON Username = p.model WHERE p.name <> p.model`,
		`INSERT INTO Employee (Name, Date, monthvalue, company, version, doc)
			SELECT p.name, Date, monthvalue, company, version, replace(doc, p.model, p.name)
			FROM p JOIN Employee ON Employee.Name = p.model WHERE p.name <> p.model`,
	} {
		_, err := db.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?),
			p AS (SELECT printf('model-%d', i % ?) AS model, CASE WHEN i < ? THEN printf('model-%d', i) ELSE printf('person-%05d', i) END AS name FROM n) `+stmt,
			people, patterns, patterns)
		must(err)
	}
	return c
}

// BenchmarkReport makes files of 5,000 people's month (or of as many as
// HAJIR_REPORT_PEOPLE says) from a real database, and says how large the heap
// became.
func BenchmarkReport(b *testing.B) {
	people, err := strconv.Atoi(os.Getenv("HAJIR_REPORT_PEOPLE"))
	if err != nil {
		people = 5000
	}
	c := config.Config{Data: filepath.Join(b.TempDir(), "data"), LogLevel: "error"}
	clock := identitytest.NewClock(time.Date(2026, 4, 2, 3, 15, 0, 0, time.UTC))
	a, err := openWith(b.Context(), c, siteForTest, clock.Now,
		func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(clock.Now), nil })
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	q := report.Query{Company: crowd(b, a, c.Database(), people), Period: hajir.Period{From: "2026-03-01", To: "2026-03-31"}}
	for _, kind := range []report.Kind{report.Muster, report.Lateness, report.Payroll, report.Balances} {
		for _, format := range []report.Format{report.CSV, report.XLSX} {
			if kind == report.Payroll && format == report.XLSX {
				continue
			}
			b.Run(fmt.Sprintf("%s/%s", kind, format), func(b *testing.B) {
				q.Kind = kind
				q.Mapping = hajir.PayrollMapping{Delimiter: ",", Decimal: ".", DateForm: hajir.DateISO}
				for _, f := range hajir.PayrollFields() {
					q.Mapping.Columns = append(q.Mapping.Columns, hajir.PayrollColumn{Header: string(f), Field: f})
				}
				b.ReportAllocs()
				peak := watchHeap()
				rows, bytesMade := 0, 0
				for b.Loop() {
					var file bytes.Buffer
					people, _, err := a.company.People(b.Context(), "acme", company.Query{})
					if err != nil {
						b.Fatal(err)
					}
					q.People = people
					if rows, err = a.report.Write(b.Context(), q, format, false, &file, func(int, int) {}); err != nil {
						b.Fatal(err)
					}
					bytesMade = file.Len()
				}
				b.ReportMetric(float64(peak())/1e6, "heap-MB")
				b.ReportMetric(float64(rows), "rows")
				b.ReportMetric(float64(bytesMade)/1e6, "file-MB")
				b.ReportMetric(peakRSS()/1e6, "process-peak-MB")
			})
		}
	}
}

// watchHeap returns a function that says how large the heap was at most.
func watchHeap() func() uint64 {
	runtime.GC()
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		return peak.Load()
	}
}

// peakRSS returns the most memory that the process had, in bytes, since it
// began; 0 where that is not known.
func peakRSS() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kb * 1024
		}
	}
	return 0
}
