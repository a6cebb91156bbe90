package hajir_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// points reads "x" as a breach, "." as a value that is fine, "-" as missing.
func points(s string) []*float64 {
	var all []*float64
	for _, c := range s {
		switch c {
		case 'x':
			all = append(all, new(10.0))
		case '.':
			all = append(all, new(1.0))
		default:
			all = append(all, nil)
		}
	}
	return all
}

func TestAlarmJudge(t *testing.T) {
	const ok, raised, none = hajir.AlarmOK, hajir.AlarmRaised, hajir.AlarmNoData
	for _, c := range []struct {
		m, n    int
		missing hajir.MissingData
		was     hajir.AlarmState
		points  string
		want    hajir.AlarmState
	}{
		{1, 1, hajir.MissingNotBreaching, ok, "x", raised},
		{1, 1, hajir.MissingNotBreaching, raised, ".", ok},
		{1, 1, hajir.MissingNotBreaching, raised, "-", ok},
		{1, 1, hajir.MissingBreaching, ok, "-", raised},
		{1, 1, hajir.MissingIgnore, raised, "-", raised},
		{1, 1, hajir.MissingIgnore, ok, "-", ok},
		{1, 1, hajir.MissingMissing, raised, "-", none},
		{1, 1, hajir.MissingMissing, none, ".", ok},
		{2, 3, hajir.MissingMissing, ok, "x.x", raised},
		{2, 3, hajir.MissingMissing, raised, "x..", ok},
		{2, 3, hajir.MissingMissing, ok, "x--", ok},         // it could be either
		{2, 3, hajir.MissingMissing, raised, "x--", raised}, // likewise
		{2, 3, hajir.MissingMissing, none, "--.", ok},
		{2, 3, hajir.MissingMissing, none, "--x", none},
		{2, 3, hajir.MissingBreaching, ok, "x-.", raised},
		{2, 3, hajir.MissingNotBreaching, raised, "x-.", ok},
		{3, 3, hajir.MissingMissing, ok, "xx", ok}, // the one before is missing
		{3, 3, hajir.MissingBreaching, ok, "xx", raised},
		{3, 3, hajir.MissingIgnore, ok, "..xxx", raised}, // only the newest three count
		{1, 3, hajir.MissingIgnore, ok, "x..", raised},
		{1, 3, hajir.MissingIgnore, raised, "x...", ok},
	} {
		r := hajir.AlarmRule{Periods: c.n, Datapoints: c.m, Missing: c.missing, Comparison: hajir.Above, Threshold: 5}
		if got := r.Judge(c.was, points(c.points)); got != c.want {
			t.Errorf("%d of %d, %s, was %s, %q: %s, want %s", c.m, c.n, c.missing, c.was, c.points, got, c.want)
		}
	}
	for comparison, want := range map[hajir.Comparison][3]bool{ // of 4, 5 and 6 with 5
		hajir.Above: {false, false, true}, hajir.AtLeast: {false, true, true}, hajir.Below: {true, false, false}, hajir.AtMost: {true, true, false},
	} {
		r := hajir.AlarmRule{Comparison: comparison, Threshold: 5}
		if got := [3]bool{r.Breaches(4), r.Breaches(5), r.Breaches(6)}; got != want {
			t.Errorf("%s: %v, want %v", comparison, got, want)
		}
	}
}

// One more breach never clears an alarm, and when all data are there the state
// before does not matter.
func TestAlarmJudgeProperties(t *testing.T) {
	states := []hajir.AlarmState{hajir.AlarmOK, hajir.AlarmRaised, hajir.AlarmNoData}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "periods")
		r := hajir.AlarmRule{
			Periods: n, Datapoints: rapid.IntRange(1, n).Draw(t, "datapoints"), Comparison: hajir.Above, Threshold: 5,
			Missing: rapid.SampledFrom([]hajir.MissingData{hajir.MissingBreaching, hajir.MissingNotBreaching, hajir.MissingIgnore, hajir.MissingMissing}).Draw(t, "missing"),
		}
		text := rapid.StringOfN(rapid.SampledFrom([]rune("x.-")), 0, 8, -1).Draw(t, "points")
		was := rapid.SampledFrom(states).Draw(t, "was")
		got := r.Judge(was, points(text))
		runes := []rune(text)
		for i, c := range runes {
			if c != '.' {
				continue
			}
			more := slices.Clone(runes)
			more[i] = 'x'
			if got == hajir.AlarmRaised && r.Judge(was, points(string(more))) != hajir.AlarmRaised {
				t.Errorf("%q raises, and %q does not", text, string(more))
			}
		}
		newest := runes[max(0, len(runes)-n):]
		if len(newest) == n && !slices.Contains(newest, '-') {
			for _, other := range states {
				if s := r.Judge(other, points(text)); s != got || s == hajir.AlarmNoData {
					t.Errorf("%q: %s after %s, and %s after %s", text, got, was, s, other)
				}
			}
		}
	})
}

// Whoever was told of an alarm is told that it is over, once each, however often
// mails fail; who was told nothing is not.
func TestAlarmTelling(t *testing.T) {
	list := []string{"a@example.com", "b@example.com"}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
		a := hajir.NewAlarm("x", now)
		heard := map[string]hajir.AlarmState{}
		for range rapid.IntRange(1, 60).Draw(t, "minutes") {
			now = now.Add(time.Minute)
			to := rapid.SampledFrom([]hajir.AlarmState{a.State, hajir.AlarmOK, hajir.AlarmRaised, hajir.AlarmNoData}).Draw(t, "to")
			a, _, _ = a.Turn(to, nil, now)
			if !a.Due(now) {
				continue
			}
			reached := slices.Clone(a.Reached)
			for _, who := range list {
				if slices.Contains(reached, who) {
					continue
				}
				if rapid.Bool().Draw(t, "mail works") {
					if heard[who] == a.State && a.State == hajir.AlarmRaised && a.Told == hajir.AlarmRaised {
						t.Fatalf("%s hears %s twice", who, a.State)
					}
					heard[who] = a.State
					reached = append(reached, who)
				}
			}
			a = a.Tell(reached, list, now)
			if a.Untold() && a.NextTry.Sub(now) > 15*time.Minute {
				t.Fatal("the next try is too far away")
			}
		}
		for tries := 0; a.Untold(); tries++ { // from now on all mails work
			if tries > 1 {
				t.Fatal("it is never told")
			}
			for _, who := range list {
				if !slices.Contains(a.Reached, who) {
					heard[who] = a.State
				}
			}
			a = a.Tell(list, list, now)
		}
		if a.State == hajir.AlarmRaised && (heard[list[0]] != hajir.AlarmRaised || heard[list[1]] != hajir.AlarmRaised) {
			t.Fatalf("somebody does not know of the alarm: %v", heard)
		}
		if a.State == hajir.AlarmOK && a.Told == hajir.AlarmRaised {
			t.Fatal("nobody was told that it is over")
		}
	})
}

func TestSilenceValidate(t *testing.T) {
	now := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	for _, c := range []struct {
		until  time.Duration
		reason string
		fine   bool
	}{{time.Hour, "a new disk is coming", true}, {0, "x", false}, {-time.Hour, "x", false}, {31 * 24 * time.Hour, "x", false}, {time.Hour, " ", false}} {
		s := hajir.Silence{At: now, Until: now.Add(c.until), Reason: c.reason}
		if err := s.Validate(); (err == nil) != c.fine {
			t.Errorf("%v %q: %v", c.until, c.reason, err)
		}
		if c.fine && (!s.Silent(now) || s.Silent(s.Until)) {
			t.Error("it is silent at the wrong times")
		}
	}
}
