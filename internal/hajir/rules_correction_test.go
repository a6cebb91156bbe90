package hajir_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

const ruleDate = "2026-03-02"

// recorded returns the punches of a row of the document, placed by plan.
func recorded(t *testing.T, plan *hajir.Plan, row string) store {
	t.Helper()
	days := store{}
	for at := range strings.SplitSeq(row, ", ") {
		if at == "" {
			continue
		}
		changed, _, _ := plan.Place(days.days(), hajir.Punch{ID: at, At: moments(t, plan.Location, ruleDate+" "+at)[0]})
		for _, d := range changed {
			d.Version++
			days[d.Date] = d
		}
	}
	return days
}

// comesTo writes what the date comes to, without its day.
func comesTo(t *testing.T, plan *hajir.Plan, d hajir.Day) string {
	t.Helper()
	d.Date = ruleDate
	now := moments(t, plan.Location, "2026-03-31 12:00")[0]
	return strings.TrimPrefix(describe(plan.Location, ruleDate, plan.On(ruleDate).Reckon(d, now)), "2 ")
}

// The document says what corrections come to.
func TestDocumentedCorrections(t *testing.T) {
	rows := table(t, "correction")
	if len(rows) < 9 {
		t.Fatalf("%d examples were read", len(rows))
	}
	loc := location(t, "Asia/Kathmandu")
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			plan := planOf(loc, documented(t), map[string]string{ruleDate: "Day"})
			days := recorded(t, &plan, row[1])
			at := func(s string) time.Time { return moments(t, loc, ruleDate+" "+s)[0] }
			var changes []hajir.Change
			for change := range strings.SplitSeq(row[2], ", ") {
				switch w := strings.Fields(change); w[0] {
				case "add":
					changes = append(changes, hajir.Change{Direction: hajir.Direction(w[1]), At: at(w[2])})
				case "move":
					changes = append(changes, hajir.Change{Punch: w[1], At: at(w[3])})
				default:
					changes = append(changes, hajir.Change{Punch: w[1]})
				}
			}
			drafted, err := plan.Draft(days.days(), ruleDate, changes, at("23:59").AddDate(0, 0, 1), 2*time.Minute)
			if refusal, refused := strings.CutPrefix(row[3], "refused: "); refused {
				if err == nil || !strings.Contains(err.Error(), refusal) {
					t.Errorf("%v, want %s", err, refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range drafted {
				if !drafted[i].At.IsZero() {
					drafted[i].New = fmt.Sprint("new", i)
				}
			}
			changed, err := plan.Apply(days.days(), ruleDate, hajir.Correction{ID: "c", Changes: drafted}, hajir.Punch{})
			if err != nil {
				t.Fatal(err)
			}
			var day hajir.Day
			for _, d := range hajir.Merge(days.days(), changed) {
				if d.Date == ruleDate {
					day = d
				}
			}
			if got := comesTo(t, &plan, day); got != row[3] {
				t.Errorf("\n got  %s\n want %s", got, row[3])
			}
		})
	}
}

// The document says what is guessed.
func TestDocumentedClosings(t *testing.T) {
	rows := table(t, "closing")
	if len(rows) < 7 {
		t.Fatalf("%d examples were read", len(rows))
	}
	loc := location(t, "Asia/Kathmandu")
	rule := hajir.Close{AutoExit: true, Closing: hajir.Closing{Lunch: time.Hour}}
	rule.Hours[time.Monday] = 7 * time.Hour
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			words := strings.Fields(row[1])
			roster := map[string]string{}
			if words[0] != "none" {
				roster[ruleDate] = words[0]
			}
			plan := planOf(loc, documented(t), roster)
			if len(words) > 1 {
				plan.Leave = map[string]hajir.Leave{ruleDate: hajir.Leave(words[2])}
			}
			planned := plan.On(ruleDate)
			day, over := planned.Close(recorded(t, &plan, row[2])[ruleDate], rule, moments(t, loc, "2026-03-03 12:00")[0])
			if !over {
				t.Fatal("it is not over")
			}
			if got := comesTo(t, &plan, day); got != row[3] {
				t.Errorf("\n got  %s\n want %s", got, row[3])
			}
		})
	}
}
