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
// it is silenced meanwhile; who was told nothing is not.
func TestAlarmTelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
		a := hajir.NewAlarm("x", now)
		heard := hajir.NoticeAlarmCleared
		hear := func(silent bool) {
			before := a
			if !silent {
				a, _ = a.Tell("acme")
			}
			for _, n := range hajir.AlarmNotices(before, a) {
				if n.Kind == heard || n.Ref != "x" || n.Company != "acme" || !n.At.Equal(a.Since) || n.State != string(a.State) {
					t.Fatalf("after %s comes %+v", heard, n)
				}
				heard = n.Kind
			}
		}
		for range rapid.IntRange(1, 60).Draw(t, "minutes") {
			now = now.Add(time.Minute)
			to := rapid.SampledFrom([]hajir.AlarmState{a.State, hajir.AlarmOK, hajir.AlarmRaised, hajir.AlarmNoData}).Draw(t, "to")
			before := a
			var turned bool
			a, _, turned = a.Turn(to, nil, now)
			if turned && len(hajir.AlarmNotices(before, a)) > 0 {
				t.Fatal("that it changes is told before anybody asked whether it is silenced")
			}
			hear(rapid.Bool().Draw(t, "silent"))
		}
		hear(false)
		if a.State == hajir.AlarmRaised && heard != hajir.NoticeAlarmRaised || a.State == hajir.AlarmOK && heard != hajir.NoticeAlarmCleared {
			t.Fatalf("it is %s, and people heard %s", a.State, heard)
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
