package hajir

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// cameras returns punches of these scores, half a day apart, from a day after
// enrolment on.
func cameras(enrolled time.Time, scores ...float64) []Punch {
	punches := make([]Punch, len(scores))
	for i, s := range scores {
		punches[i] = Punch{At: enrolled.Add(time.Duration(i+2) * 12 * time.Hour), Source: SourceKiosk, Decision: Decision{Model: "m", Score: s}}
	}
	return punches
}

// around returns n scores about middle, as far as ±0.05 from it.
func around(middle float64, n int) []float64 {
	scores := make([]float64, n)
	for i := range scores {
		scores[i] = middle + 0.05*math.Sin(float64(7*i))
	}
	return scores
}

func TestRecommend(t *testing.T) {
	enrolled := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	now := enrolled.AddDate(0, 3, 0)
	scores := slices.Concat[[]float64]
	// confirmed has a PIN confirm the punches at these places, counted from the end.
	confirmed := func(punches []Punch, at ...int) []Punch {
		for _, i := range at {
			punches[len(punches)-1-i].Decision.Confirmed = ByPIN
		}
		return punches
	}
	typed := func(n int) []Punch {
		punches := cameras(enrolled, make([]float64, n)...)
		for i := range punches {
			punches[i].Source, punches[i].Decision = SourcePIN, Decision{}
		}
		return punches
	}
	other := cameras(enrolled, scores(around(0.75, 40), around(0.6, 10))...)
	for i := range other[:40] {
		other[i].Decision.Model = "old"
	}
	for name, c := range map[string]struct {
		punches []Punch
		want    RenewalReason
	}{
		"nobody came":                     {nil, ""},
		"as ever":                         {cameras(enrolled, around(0.7, 60)...), ""},
		"few punches, however low":        {cameras(enrolled, scores(around(0.75, 20), around(0.5, 9))...), ""},
		"fell by 0.12":                    {cameras(enrolled, scores(around(0.72, 20), around(0.7, 20), around(0.6, 10))...), RenewalScores},
		"rose":                            {cameras(enrolled, scores(around(0.6, 20), around(0.75, 10))...), ""},
		"fell, but by less than counts":   {cameras(enrolled, scores(around(0.7, 20), around(0.66, 10))...), ""},
		"three bad mornings of ten":       {cameras(enrolled, scores(around(0.72, 20), around(0.72, 7), around(0.5, 3))...), ""},
		"scattered from the start":        {cameras(enrolled, scores(slices.Repeat([]float64{0.55, 0.8}, 10), []float64{0.6, 0.8, 0.55, 0.8, 0.55, 0.6, 0.8, 0.55, 0.6, 0.55})...), ""},
		"the scores of another model":     {other, ""},
		"two PINs of ten":                 {confirmed(cameras(enrolled, around(0.7, 15)...), 1, 4), ""},
		"three PINs of ten":               {confirmed(cameras(enrolled, around(0.7, 15)...), 1, 4, 9), RenewalPINs},
		"three PINs, one of them earlier": {confirmed(cameras(enrolled, around(0.7, 15)...), 1, 4, 10), ""},
		"three PINs of nine":              {confirmed(cameras(enrolled, around(0.7, 9)...), 1, 4, 8), ""},
		"never before a camera":           {typed(20), ""},
	} {
		got := Recommend(c.punches, enrolled, now)
		if got.Reason != c.want || (c.want != "") != got.Holds(enrolled) {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
		// New pictures are a new beginning, and nothing recommends more at once.
		if got.Holds(now) || got.Holds(time.Time{}) || Recommend(c.punches, now, now.AddDate(0, 0, 1)).Reason != "" {
			t.Errorf("%s: recommended after new pictures, or without any", name)
		}
		shuffled := slices.Clone(c.punches)
		slices.Reverse(shuffled)
		if again := Recommend(shuffled, enrolled, now); again != got {
			t.Errorf("%s: in another order %+v, want %+v", name, again, got)
		}
	}
}

// TestLowerScoresNeverQuiet: whose last scores are lower yet is still recommended,
// and the sum of ranks is that of Mann and Whitney's tables.
func TestLowerScoresNeverQuiet(t *testing.T) {
	enrolled := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	score := rapid.Float64Range(0.5, 1)
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.SliceOfN(score, renewalFirst, renewalFirst).Draw(t, "first")
		last := rapid.SliceOfN(score, renewalLast, renewalLast).Draw(t, "last")
		drop := rapid.Float64Range(0, 0.5).Draw(t, "drop")
		before := drifted(cameras(enrolled, slices.Concat(first, last)...))
		for i := range last {
			last[i] -= drop
		}
		after := drifted(cameras(enrolled, slices.Concat(first, last)...))
		if before.Reason != "" && after.Reason == "" {
			t.Fatalf("%v lower, and all is well", drop)
		}
		if a, b := rankSum(last, first), rankSum(first, last); math.Abs(a+b) > 1e-9 {
			t.Fatalf("%v and %v", a, b)
		}
	})
	if z := rankSum([]float64{1, 2, 3}, []float64{4, 5, 6}); math.Abs(z+4.5/math.Sqrt(5.25)) > 1e-9 {
		t.Errorf("U of 0 is %v", z)
	}
}

// TestRenewalsAreNoStorm: a camera that was moved does not have everybody come.
func TestRenewalsAreNoStorm(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	found := map[string]Renewal{}
	for i := range 40 {
		found[fmt.Sprintf("user%02d", i)] = Renewal{Reason: RenewalScores, At: day.AddDate(0, 0, 1), Before: 0.8, Lately: 0.7 - float64(i)/1000}
	}
	standing := map[string]Renewal{
		"user00": {Reason: RenewalScores, At: day, Before: 0.8, Lately: 0.7},
		"gone":   {Reason: RenewalPINs, At: day, PINs: 3},
	}
	kept := Renewals(standing, found)
	if len(kept) != 1+MaxRenewals || kept["user00"] != standing["user00"] {
		t.Errorf("%d are kept: %v", len(kept), kept)
	}
	for _, name := range []string{"user39", "user38", "user37", "user36", "user35"} {
		if kept[name] != found[name] {
			t.Errorf("%s is not among those whose scores fell most", name)
		}
	}
}
