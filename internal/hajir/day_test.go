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

func record(d hajir.Day, minutes ...int) hajir.Day {
	for _, m := range minutes {
		d, _ = d.Record(punch(m))
	}
	return d
}

func TestDayRecordAlternates(t *testing.T) {
	d := record(hajir.Day{}, 0, 240, 270, 500)
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
	before := record(hajir.Day{}, 0, 60)
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
		got, want := record(hajir.Day{}, minutes...), record(hajir.Day{}, inOrder...)
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

func TestDaySums(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		minutes  []int
		now      time.Time
		worked   time.Duration
		presence hajir.Presence
	}{
		"nobody came":              {nil, nine, 0, hajir.PresenceAbsent},
		"came and went":            {[]int{0, 60}, nine.Add(2 * time.Hour), time.Hour, hajir.PresenceOut},
		"still in":                 {[]int{0}, nine.Add(90 * time.Minute), 90 * time.Minute, hajir.PresenceIn},
		"back from lunch":          {[]int{0, 60, 90}, nine.Add(2 * time.Hour), 90 * time.Minute, hajir.PresenceIn},
		"forgot to leave that day": {[]int{0, 60, 90}, nine.Add(24 * time.Hour), time.Hour, hajir.PresenceIn},
		"a clock that went back":   {[]int{0}, nine.Add(-time.Hour), 0, hajir.PresenceIn},
	} {
		t.Run(name, func(t *testing.T) {
			d := record(hajir.Day{Date: "2026-03-02"}, tt.minutes...)
			if got := d.Worked(tt.now, kathmandu); got != tt.worked {
				t.Errorf("Worked = %v, want %v", got, tt.worked)
			}
			if got := d.Presence(); got != tt.presence {
				t.Errorf("Presence = %v, want %v", got, tt.presence)
			}
			_, came := d.FirstIn()
			_, left := d.LastOut()
			if came != (tt.presence != hajir.PresenceAbsent) || left != (tt.presence == hajir.PresenceOut) {
				t.Errorf("came %v, left %v", came, left)
			}
		})
	}
}

// Durations are elapsed time: a night on which clocks change has an hour more
// or less than they show.
func TestDayWorkedAcrossClockChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		day  int
		want time.Duration
	}{
		"a day of 23 hours": {29, 5 * time.Hour},
		"an ordinary day":   {28, 6 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var d hajir.Day
			d, _ = d.Record(hajir.Punch{At: time.Date(2026, 3, tt.day, 0, 30, 0, 0, berlin)})
			d, _ = d.Record(hajir.Punch{At: time.Date(2026, 3, tt.day, 6, 30, 0, 0, berlin)})
			if got := d.Worked(nine, berlin); got != tt.want {
				t.Errorf("Worked = %v, want %v", got, tt.want)
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
	if got := hajir.DateBefore("2026-03-01"); got != "2026-02-28" {
		t.Errorf("DateBefore = %s", got)
	}
	if got := (hajir.Day{Date: "2026-03-01"}).MonthValue(); got != "2026-03" {
		t.Errorf("MonthValue = %s", got)
	}
}
