package hajir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// correct makes a correction of what is stored, and saves it; done is how many
// of the saves are made before the program ends.
func (s store) correct(t *rapid.T, p *hajir.Plan, date string, c hajir.Correction, done int) {
	t.Helper()
	changed, err := p.Apply(s.days(), date, c, hajir.Punch{Source: hajir.SourceManual})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range changed[:min(done, len(changed))] {
		s.save(t, d)
	}
}

const all = 1000

// Whatever is corrected, in whatever order with whatever punches that arrive
// meanwhile, the days are those of the punches that count in the end: none is
// lost, none counted twice, and what was struck stays readable. A correction
// that was broken off between two saves, and is made again, is as good.
func TestCorrectionsAndPunchesInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		got := store{}
		counts := map[string]hajir.Punch{}
		place := func(p hajir.Punch) {
			changed, _, _ := l.plan.Place(got.days(), p)
			for _, d := range changed {
				got.save(t, d)
			}
			counts[p.ID] = p
		}
		late := rapid.IntRange(0, len(l.punches)).Draw(t, "that come late")
		for _, p := range l.punches[late:] {
			place(p)
		}
		var struck []string
		start, _ := time.ParseInLocation(time.DateOnly, firstDate, l.plan.Location)
		for n := range rapid.IntRange(1, 6).Draw(t, "corrections") {
			c := hajir.Correction{ID: fmt.Sprint("c", n)}
			date := hajir.AddDays(firstDate, rapid.IntRange(0, 8).Draw(t, "date"))
			for i, p := range got[date].Punches {
				change := hajir.Change{Punch: p.ID, Was: p.At}
				switch rapid.IntRange(0, 3).Draw(t, "what becomes of it") {
				case 0:
				case 1:
					change.New, change.At = fmt.Sprint(c.ID, "-", i), p.At.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "by"))*time.Minute)
					fallthrough
				default:
					c.Changes = append(c.Changes, change)
				}
			}
			if rapid.Bool().Draw(t, "one more") {
				at := start.Add(time.Duration(rapid.IntRange(0, 9*24*60).Draw(t, "at"))*time.Minute + time.Duration(n+1)*time.Second)
				c.Changes = append(c.Changes, hajir.Change{New: c.ID + "-more", At: at})
			}
			before := len(got.days())
			got.correct(t, &l.plan, date, c, rapid.IntRange(0, before+2).Draw(t, "saves before the program ends"))
			for _, change := range c.Changes {
				if change.Punch != "" {
					delete(counts, change.Punch)
					struck = append(struck, change.Punch)
				}
				if change.New != "" {
					counts[change.New] = hajir.Punch{ID: change.New, At: change.At}
				}
			}
			if rapid.Bool().Draw(t, "somebody punches before it is made again") && late > 0 {
				late--
				place(l.punches[late])
			}
			got.correct(t, &l.plan, date, c, all)
			if again, err := l.plan.Apply(got.days(), date, c, hajir.Punch{}); err != nil || len(again) > 0 {
				t.Fatalf("applying it again changes %+v, %v", again, err)
			}
		}
		for _, p := range l.punches[:late] {
			place(p)
		}
		var punches []hajir.Punch
		for _, p := range counts {
			punches = append(punches, p)
		}
		got.keeps(t, punches)
		got.inOrder(t)
		var kept []string
		for _, d := range got {
			for _, q := range d.Struck {
				kept = append(kept, q.ID)
			}
		}
		slices.Sort(kept)
		slices.Sort(struck)
		if !slices.Equal(kept, struck) {
			t.Fatalf("struck are %v, kept %v", struck, kept)
		}
		slices.SortFunc(punches, func(a, b hajir.Punch) int { return strings.Compare(a.ID, b.ID) })
		want := store{}
		for _, p := range punches {
			changed, _, _ := l.plan.Place(want.days(), p)
			for _, d := range changed {
				want.save(t, d)
			}
		}
		if got.show() != want.show() {
			t.Fatalf("corrected:\n%s\nafresh:\n%s", got.show(), want.show())
		}
	})
}

// A day that was drafted comes out as it says, or is refused with a reason.
func TestDraftsComeTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		got := store{}
		for _, p := range l.punches {
			changed, _, _ := l.plan.Place(got.days(), p)
			for _, d := range changed {
				got.save(t, d)
			}
		}
		date := hajir.AddDays(firstDate, rapid.IntRange(0, 8).Draw(t, "date"))
		start, _ := time.ParseInLocation(time.DateOnly, date, l.plan.Location)
		way := rapid.SampledFrom([]hajir.Direction{hajir.Entry, hajir.Exit})
		var changes []hajir.Change
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			c := hajir.Change{Direction: way.Draw(t, "way")}
			if n := len(got[date].Punches); n > 0 && rapid.Bool().Draw(t, "named") {
				c.Punch = got[date].Punches[rapid.IntRange(0, n-1).Draw(t, "which")].ID
			}
			if c.Punch == "" || rapid.Bool().Draw(t, "moved") {
				c.At = start.Add(time.Duration(rapid.IntRange(-60, 26*60).Draw(t, "at")) * time.Minute)
			}
			changes = append(changes, c)
		}
		now := start.AddDate(0, 0, 3)
		drafted, err := l.plan.Draft(got.days(), date, changes, now, 2*time.Minute)
		if err != nil {
			if e, ok := hajir.AsError(err); !ok || e.Code != hajir.Invalid || e.Message == "" {
				t.Fatal(err)
			}
			return
		}
		for i := range drafted {
			drafted[i].New = ""
			if !drafted[i].At.IsZero() {
				drafted[i].New = fmt.Sprint("new", i)
			}
		}
		got.correct(t, &l.plan, date, hajir.Correction{ID: "c", Changes: drafted}, all)
		for _, c := range drafted {
			i := slices.IndexFunc(got[date].Punches, func(q hajir.Punch) bool { return q.ID == c.New })
			if c.New != "" && (i < 0 || got[date].Punches[i].Direction != c.Direction || !got[date].Punches[i].At.Equal(c.At)) {
				t.Fatalf("%+v came out as %+v", c, got[date].Punches)
			}
			if c.Punch != "" && slices.ContainsFunc(got[date].Punches, func(q hajir.Punch) bool { return q.ID == c.Punch }) {
				t.Fatalf("%s still counts", c.Punch)
			}
		}
	})
}

// Closing a day changes no punch, guesses only where it is asked for and nobody
// left, never outside of what can have been, and does the same again.
func TestClosingTwiceIsClosingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		got := store{}
		for _, p := range l.punches {
			changed, _, _ := l.plan.Place(got.days(), p)
			for _, d := range changed {
				got.save(t, d)
			}
		}
		rule := hajir.DefaultClose()
		rule.AutoExit = rapid.Bool().Draw(t, "guesses")
		start, _ := time.ParseInLocation(time.DateOnly, firstDate, l.plan.Location)
		now := start.Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, "now")) * time.Minute)
		for date, d := range got {
			planned := l.plan.On(date)
			closed, over := planned.Close(d, rule, now)
			if again, _ := planned.Close(closed, rule, now.Add(time.Hour)); over && again.Auto != closed.Auto {
				t.Fatalf("%+v, and again %+v", closed.Auto, again.Auto)
			}
			r := planned.Reckon(closed, now)
			switch {
			case !over && closed.Auto != (hajir.AutoExit{}):
				t.Fatalf("guessed before it was over: %+v", closed)
			case over && r.Running:
				t.Fatalf("closed while somebody is in: %+v", r)
			case !over:
			case !d.In() || !rule.AutoExit:
				if !closed.Auto.At.IsZero() || r.Flagged(hajir.FlagAutoExit) || r.Flagged(hajir.FlagMissingExit) != d.In() {
					t.Fatalf("%+v comes to %+v", closed, r)
				}
			default:
				entry := d.Punches[len(d.Punches)-1].At
				if !r.Flagged(hajir.FlagAutoExit) || r.Flagged(hajir.FlagMissingExit) || r.Last.Before(entry) || r.Last.After(planned.Until(d)) {
					t.Fatalf("%+v comes to %+v", closed, r)
				}
				exit := hajir.Punch{ID: "exit", At: entry.Add(time.Minute)}
				real, _ := closed.Record(exit)
				if r := planned.Reckon(real, now); !r.Last.Equal(exit.At) || r.Flagged(hajir.FlagAutoExit) {
					t.Fatalf("an exit came, and the guess counts: %+v", r)
				}
			}
			if len(closed.Punches) != len(d.Punches) {
				t.Fatalf("%d punches became %d", len(d.Punches), len(closed.Punches))
			}
		}
	})
}
