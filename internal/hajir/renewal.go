package hajir

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// RenewalReason says why new pictures of somebody's face are recommended.
type RenewalReason string

// The reasons.
const (
	RenewalScores RenewalReason = "scores" // the camera is less sure of them than it was
	RenewalPINs   RenewalReason = "pins"   // it asked for their PIN again and again
)

// Renewal recommends new pictures of somebody's face; the zero value does not.
type Renewal struct {
	Reason RenewalReason
	At     time.Time // when it was found
	// Before and Lately are the medians of the scores that were compared, of
	// RenewalScores.
	Before, Lately float64
	// PINs is how many of the last arrivals and departures took one, of RenewalPINs.
	PINs int
}

// What the rule looks at. The scores of one person at one door differ from day to
// day with light and pose, so that neither a mean nor a single score says much:
// two medians are compared, and that the difference is no chance is asked of the
// rank-sum test (Mann and Whitney), which supposes nothing about how scores are
// spread, and which a few odd pictures move little.
const (
	renewalFirst = 20 // scores after enrolment that are what is expected: two weeks of coming and going
	renewalLast  = 10 // scores that are compared with them: a week
	// By chance, the test says as much of one in a thousand such weeks. A difference
	// that is less than the default margin between two people costs nobody
	// anything, and is not told whatever the test says.
	renewalSigmas = 3.09
	renewalDrop   = 0.05
	// With one picture enrolled, 4 in 100 probes of LFW are in the range of doubt
	// (docs/recognition.md): three of ten would be chance for 6 people in 1,000.
	renewalPINs = 3
)

// MaxRenewals is how many new recommendations a company gets of one look at its
// people. When a camera was moved, everybody's scores fall at once.
const MaxRenewals = 5

// Recommend says whether new pictures are recommended of somebody whose pictures
// were last enrolled at a time, given their punches in any order, as of now.
func Recommend(punches []Punch, enrolled, now time.Time) Renewal {
	punches = slices.DeleteFunc(slices.Clone(punches), func(p Punch) bool {
		return !p.At.After(enrolled) || p.Rejected != nil || p.Decision.Model == "" && p.Source != SourcePIN
	})
	slices.SortStableFunc(punches, func(a, b Punch) int { return a.At.Compare(b.At) })
	if r := drifted(punches); r.Reason != "" {
		r.At = now
		return r
	}
	last := punches[max(0, len(punches)-renewalLast):]
	pins, faces := 0, 0
	for _, p := range last {
		switch {
		case p.Source == SourcePIN || p.Decision.Confirmed == ByPIN:
			pins++
		case seen(p):
			faces++
		}
	}
	// Whom no camera lets in at all has another reason to use their PIN, such as
	// a door without one.
	if len(last) == renewalLast && pins >= renewalPINs && faces > 0 {
		return Renewal{Reason: RenewalPINs, At: now, PINs: pins}
	}
	return Renewal{}
}

// seen says whether the camera alone decided about p.
func seen(p Punch) bool {
	return p.Decision.Model != "" && (p.Decision.Confirmed == ByCamera || p.Decision.Confirmed == ByChallenge)
}

// drifted compares the last scores of punches, in order of time, with the first
// ones. Scores of two models cannot be compared: those of the last one count.
func drifted(punches []Punch) Renewal {
	var scores []float64
	model := ""
	for _, p := range slices.Backward(punches) {
		if model = cmp.Or(model, p.Decision.Model); seen(p) && p.Decision.Model == model {
			scores = append(scores, p.Decision.Score)
		}
	}
	slices.Reverse(scores)
	if len(scores) < renewalFirst+renewalLast {
		return Renewal{}
	}
	first, last := scores[:renewalFirst], scores[len(scores)-renewalLast:]
	r := Renewal{Reason: RenewalScores, Before: middle(first), Lately: middle(last)}
	if r.Before-r.Lately < renewalDrop || rankSum(last, first) > -renewalSigmas {
		return Renewal{}
	}
	return r
}

// rankSum is by how many standard deviations a lies above b, were both of one
// distribution: Mann and Whitney's U.
func rankSum(a, b []float64) float64 {
	var u float64
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				u++
			case x == y:
				u += 0.5
			}
		}
	}
	n, m := float64(len(a)), float64(len(b))
	return (u - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
}

func middle(scores []float64) float64 {
	s := slices.Sorted(slices.Values(scores))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// Holds says whether r still stands for somebody whose last picture was enrolled
// at a time; zero: none is.
func (r Renewal) Holds(enrolled time.Time) bool {
	return r.Reason != "" && !enrolled.IsZero() && r.At.After(enrolled)
}

// Renewals returns which of the recommendations that were found for usernames
// are to be kept, given those that stand: one that stands and is found again
// stays as it was, and of the others at most MaxRenewals are new, the greatest
// falls of scores before others.
func Renewals(standing, found map[string]Renewal) map[string]Renewal {
	kept := map[string]Renewal{}
	var fresh []string
	for name, r := range found {
		if old, ok := standing[name]; ok && r.Reason == old.Reason {
			kept[name] = old
		} else if r.Reason != "" {
			fresh = append(fresh, name)
		}
	}
	slices.SortFunc(fresh, func(a, b string) int {
		x, y := found[a], found[b]
		return cmp.Or(cmp.Compare(y.Before-y.Lately, x.Before-x.Lately), cmp.Compare(y.PINs, x.PINs), cmp.Compare(a, b))
	})
	for _, name := range fresh[:min(len(fresh), MaxRenewals)] {
		kept[name] = found[name]
	}
	return kept
}
