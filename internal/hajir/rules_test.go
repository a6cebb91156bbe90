package hajir_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// table returns the rows of the table of docs/rules.md that begins with a
// heading.
func table(t *testing.T, heading string) [][]string {
	t.Helper()
	b, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "\n| "+heading+" |")
	if !found {
		t.Fatalf("docs/rules.md has no table of %s", heading)
	}
	var rows [][]string
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if line == "" {
			break
		}
		if !strings.HasPrefix(line, "| ") { // the heading's rest and the rule below it
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

func clocks(t *testing.T, s string) (from, to hajir.Clock) {
	t.Helper()
	a, b, _ := strings.Cut(s, "–")
	return clock(t, a), clock(t, b)
}

// documented returns the document's shifts by name.
func documented(t *testing.T) []hajir.Shift {
	t.Helper()
	var all []hajir.Shift
	for _, row := range table(t, "shift") {
		s := hajir.Shift{
			ID: row[0], Name: row[0], LateGrace: asDuration(t, row[2]), EarlyGrace: asDuration(t, row[3]),
			Before: asDuration(t, row[4]), After: asDuration(t, row[5]), Full: asDuration(t, row[6]), Half: asDuration(t, row[7]),
		}
		hours, core, flexible := strings.Cut(row[1], " core ")
		s.Start, s.End = clocks(t, hours)
		if s.Flexible = flexible; flexible {
			s.Core = &hajir.Core{}
			s.Core.From, s.Core.To = clocks(t, core)
		}
		if when, rule, ok := strings.Cut(row[8], " "); ok {
			b := hajir.Break{Rule: hajir.BreakRule(rule)}
			if strings.Contains(when, "–") {
				b.From, b.To = clocks(t, when)
			} else {
				b.Length = asDuration(t, when)
			}
			s.Breaks = []hajir.Break{b}
		}
		var from, step, least string
		if _, err := fmt.Sscanf(strings.ReplaceAll(row[9], ",", " "), "%s steps of %s from %s", &from, &step, &least); err != nil {
			t.Fatalf("overtime of %s: %v", row[0], err)
		}
		s.Overtime = hajir.Overtime{From: hajir.OvertimeFrom(from), Step: asDuration(t, step), Least: asDuration(t, least)}
		if err := s.Validate(); err != nil {
			t.Fatalf("%s: %v", row[0], err)
		}
		all = append(all, s)
	}
	return all
}

// The document says what Hajir does.
func TestDocumentedExamples(t *testing.T) {
	shifts := documented(t)
	rows := table(t, "example")
	if len(shifts) < 5 || len(rows) < 25 {
		t.Fatalf("%d shifts and %d examples were read", len(shifts), len(rows))
	}
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			loc := location(t, row[1])
			date := func(day string) string { return "2026-03-" + fmt.Sprintf("%02s", day) }
			roster, holidays, leave := map[string]string{}, map[string]string{}, map[string]hajir.Leave{}
			var dates []string
			for plan := range strings.SplitSeq(row[2], ", ") {
				words := strings.Fields(plan)
				d := date(words[0])
				dates = append(dates, d)
				if words[1] != "none" {
					roster[d] = words[1]
				}
				switch {
				case len(words) > 3:
					leave[d] = hajir.Leave(words[3])
				case len(words) > 2:
					holidays[d] = "Holi"
				}
			}
			plan := planOf(loc, shifts, roster)
			plan.Holidays, plan.Leave = holidays, leave
			var at []time.Time
			for punch := range strings.SplitSeq(row[3], ", ") {
				if day, hour, ok := strings.Cut(punch, " "); ok {
					at = append(at, moments(t, loc, date(day)+" "+hour)...)
				}
			}
			days := place(plan, at...)
			var out []string
			for _, d := range dates {
				now := moments(t, loc, "2026-03-31 12:00")[0]
				out = append(out, describe(loc, d, plan.On(d).Reckon(days[d], now)))
				delete(days, d)
			}
			if got := strings.Join(out, "; "); got != row[4] {
				t.Errorf("\n got  %s\n want %s", got, row[4])
			}
			if len(days) > 0 {
				t.Errorf("punches on other days: %s", show(loc, days))
			}
		})
	}
}

func describe(loc *time.Location, date string, r hajir.Reckoning) string {
	status := strings.ReplaceAll(string(r.Status), "_", " ")
	day := strings.TrimPrefix(date[8:], "0") + " "
	if r.First.IsZero() {
		return day + status
	}
	last := "?"
	if !r.Last.IsZero() {
		last = r.Last.In(loc).Format("15:04")
	}
	parts := []string{day + r.First.In(loc).Format("15:04") + "–" + last + " " + status}
	for _, part := range []struct {
		name string
		d    time.Duration
	}{{"worked", r.Worked}, {"break", r.Break}, {"late", r.Late}, {"early", r.Early}, {"overtime", r.Overtime}} {
		if part.d > 0 {
			parts = append(parts, part.name+" "+hajir.Hours(part.d))
		}
	}
	if len(r.Flags) > 0 {
		parts = append(parts, strings.Trim(fmt.Sprint("flags ", r.Flags), "]"))
	}
	return strings.ReplaceAll(strings.Join(parts, ", "), "[", "")
}
