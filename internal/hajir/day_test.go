package hajir_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func punch(minutes int) hajir.Punch {
	return hajir.Punch{At: nine.Add(time.Duration(minutes) * time.Minute)}
}

func record(minutes ...int) hajir.Day {
	var d hajir.Day
	for _, m := range minutes {
		d, _ = d.Record(punch(m))
	}
	return d
}

func TestDayRecordAlternates(t *testing.T) {
	d := record(0, 240, 270, 500)
	want := []hajir.Direction{hajir.Entry, hajir.Exit, hajir.Entry, hajir.Exit}
	for i, p := range d.Punches {
		if p.Direction != want[i] {
			t.Errorf("punch %d is an %s, want %s", i, p.Direction, want[i])
		}
	}
	if !slices.IsSortedFunc(d.Punches, func(a, b hajir.Punch) int { return a.At.Compare(b.At) }) {
		t.Error("punches are out of order")
	}
}

func TestDayRecordLeavesItsReceiverAlone(t *testing.T) {
	before := record(0, 60)
	after, p := before.Record(punch(30))
	if len(before.Punches) != 2 || before.Punches[1].Direction != hajir.Exit {
		t.Errorf("the day recorded upon changed: %+v", before.Punches)
	}
	if p.Direction != hajir.Exit || after.Punches[2].Direction != hajir.Entry {
		t.Errorf("an earlier punch did not turn the later ones: %+v", after.Punches)
	}
}

// However punches arrive, the day comes out the same, alternates, and neither
// loses a punch nor counts one twice.
func TestDayRecordAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOfDistinct(rapid.IntRange(0, 900), rapid.ID[int]).Draw(t, "minutes")
		inOrder := slices.Clone(minutes)
		slices.Sort(inOrder)
		got, want := record(minutes...), record(inOrder...)
		if len(got.Punches) != len(minutes) {
			t.Fatalf("%d punches of %d", len(got.Punches), len(minutes))
		}
		for i := range got.Punches {
			g, w := got.Punches[i], want.Punches[i]
			if !g.At.Equal(w.At) || g.Direction != w.Direction {
				t.Fatalf("punch %d: %+v, want %+v", i, g, w)
			}
			if (i%2 == 0) != (g.Direction == hajir.Entry) {
				t.Fatalf("punch %d is an %s", i, g.Direction)
			}
		}
	})
}

func TestDayRecorded(t *testing.T) {
	d, _ := hajir.Day{}.Record(hajir.Punch{ID: "first", At: nine, Key: "k"})
	const window = 2 * time.Minute
	for name, tt := range map[string]struct {
		p    hajir.Punch
		want bool
	}{
		"a second later":                 {hajir.Punch{At: nine.Add(time.Second)}, true},
		"just inside the window":         {hajir.Punch{At: nine.Add(window - 1)}, true},
		"at the window's end":            {hajir.Punch{At: nine.Add(window)}, false},
		"just before":                    {hajir.Punch{At: nine.Add(-window + 1)}, true},
		"much later with the same key":   {hajir.Punch{At: nine.Add(time.Hour), Key: "k"}, true},
		"much later, another's same key": {hajir.Punch{At: nine.Add(time.Hour), Key: "k", By: "another"}, false},
		"much later with another key":    {hajir.Punch{At: nine.Add(time.Hour), Key: "l"}, false},
		"much later without a key":       {hajir.Punch{At: nine.Add(time.Hour)}, false},
		"inside the window, other keys":  {hajir.Punch{At: nine.Add(time.Second), Key: "l"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if p, got := d.Recorded(tt.p, window); got != tt.want || got && p.ID != "first" {
				t.Errorf("Recorded = %q, %v; want %v", p.ID, got, tt.want)
			}
		})
	}
}

func TestDates(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu") // UTC+05:45
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"2026-03-02T18:14:59Z": "2026-03-02",
		"2026-03-02T18:15:00Z": "2026-03-03",
	} {
		parsed, _ := time.Parse(time.RFC3339, at)
		if got := hajir.DateAt(parsed, kathmandu); got != want {
			t.Errorf("DateAt(%s) = %s, want %s", at, got, want)
		}
	}
	if got := hajir.AddDays("2026-03-01", -1); got != "2026-02-28" {
		t.Errorf("AddDays = %s", got)
	}
	if got := hajir.DaysBetween("2026-02-27", "2026-03-01"); got != 2 {
		t.Errorf("DaysBetween = %d", got)
	}
	if got := hajir.Dates("2028-02"); len(got) != 29 || got[28] != "2028-02-29" {
		t.Errorf("Dates = %v", got)
	}
	if got := (hajir.Day{Date: "2026-03-01"}).MonthValue(); got != "2026-03" {
		t.Errorf("MonthValue = %s", got)
	}
}
