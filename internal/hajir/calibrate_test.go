package hajir

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestScores(t *testing.T) {
	var s Scores
	for _, v := range []float64{-1, -0.5, 0, 0.25, 0.2505, 0.5, 1, math.NaN()} {
		s.Add(v)
	}
	for _, tt := range []struct {
		at   float64
		want int
	}{{-1, 7}, {-0.4, 5}, {0.25, 4}, {0.251, 2}, {0.5, 2}, {0.9, 1}, {1, 1}, {2, 1}} {
		if got := s.AtLeast(tt.at); got != tt.want {
			t.Errorf("%d reach %v, want %d", got, tt.at, tt.want)
		}
	}
	total := 0
	for _, b := range s.Bars(0.05) {
		total += b.Count
	}
	if total != 7 || s.Count() != 7 {
		t.Errorf("%d in bars, %d counted", total, s.Count())
	}
	if (&Scores{}).Bars(0.02) != nil || (&Scores{}).Share(0) != 0 {
		t.Error("something of nothing")
	}
}

// Of scores whose distribution is known, both the measured and the extrapolated
// rates must be near the truth.
func TestCalibrationFindsKnownRates(t *testing.T) {
	const mean, deviation = 0.05, 0.1
	random := rand.New(rand.NewPCG(1, 2))
	var c Calibration
	for i := range 40 {
		var people []Candidate
		for j := range 400 {
			people = append(people, Candidate{Username: fmt.Sprint("other", j), Score: mean + deviation*random.NormFloat64()})
		}
		c.Add(fmt.Sprint("p", i), "", people)
	}
	for _, tt := range []struct {
		rate   float64
		people int
		basis  Basis
	}{{0.5, 10, BasisMeasured}, {0.1, 10, BasisMeasured}, {0.01, 10, BasisExtrapolated}, {0.001, 40, BasisExtrapolated}} {
		want := mean + deviation*math.Sqrt2*math.Erfcinv(2*(1-math.Pow(1-tt.rate, 1/float64(tt.people))))
		got := c.Threshold(tt.rate, tt.people)
		if got.Basis != tt.basis || math.Abs(got.Threshold-want) > 0.02 {
			t.Errorf("%v of %d people: %+v, want %.3f", tt.rate, tt.people, got, want)
		}
		if !(got.Low <= want && want <= got.High) {
			t.Errorf("%v of %d people: the truth %.3f lies outside of %+v", tt.rate, tt.people, want, got)
		}
		if back, _ := c.Rate(got.Threshold, tt.people); math.Abs(math.Log(back/tt.rate)) > 0.1 {
			t.Errorf("the threshold for %v gives %v", tt.rate, back)
		}
	}
}

func TestCalibrationOfTooFewSaysSo(t *testing.T) {
	var c Calibration
	c.Add("asha", "1", []Candidate{{Username: "asha", FaceID: "2", Score: 0.3}, {Username: "bina", FaceID: "3", Score: 0.5}})
	c.Add("bina", "3", []Candidate{{Username: "asha", FaceID: "1", Score: 0.5}})
	if e := c.Threshold(0.01, 2); e != (Estimate{Basis: BasisNone}) {
		t.Errorf("%+v", e)
	}
	if r, basis := c.Rate(0.4, 2); basis != BasisNone || !math.IsNaN(r) {
		t.Errorf("%v, %v", r, basis)
	}
	near := c.LookAlikes(0.4)
	if len(near) != 1 || near[0].A.Username != "asha" || near[0].A.FaceID != "1" || near[0].B.FaceID != "3" {
		t.Errorf("%+v: a pair counts once", near)
	}
	if w := c.Weak(0.46); len(w) != 1 || w[0] != (Weak{"asha", 0.3}) {
		t.Errorf("%+v", w)
	}
	if c.People() != 2 || c.Faces != 2 {
		t.Errorf("%d people with %d faces", c.People(), c.Faces)
	}
}

// A higher threshold never lets more through, more people never make it less
// likely, and a stricter rate never asks for a lower threshold.
func TestCalibrationIsMonotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		spread := rapid.Float64Range(0.02, 0.3).Draw(t, "spread")
		var c Calibration
		for i := range 60 {
			var people []Candidate
			for j := range 60 {
				people = append(people, Candidate{Username: strconv.Itoa(j), Score: math.Max(-1, math.Min(1, random.NormFloat64()*spread))})
			}
			c.Add(fmt.Sprint("p", i), "", people)
		}
		const slack = 1e-3 // where measured and extrapolated meet
		last, lastRate := -2.0, 2.0
		for _, rate := range []float64{0.5, 0.1, 0.03, 0.01, 0.001, 1e-4, 1e-6} {
			e := c.Threshold(rate, 50)
			if e.Threshold < last-slack || e.Low > e.Threshold || e.High < e.Threshold {
				t.Fatalf("rate %v: %+v after %v", rate, e, last)
			}
			last = e.Threshold
		}
		for at := -0.5; at < 1; at += 0.05 {
			r, _ := c.Rate(at, 50)
			more, _ := c.Rate(at, 500)
			if r > lastRate*1.5 || more < r || r < 0 || more > 1 {
				t.Fatalf("at %v: %v of 50, %v of 500, after %v", at, r, more, lastRate)
			}
			lastRate = r
		}
	})
}
