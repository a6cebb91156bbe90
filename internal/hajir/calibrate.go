package hajir

import (
	"cmp"
	"math"
	"slices"
)

// Calibration is what comparing the faces of one group of people with each
// other tells of how well they can be told apart. The zero Calibration has seen
// nobody; Add every face.
type Calibration struct {
	Faces int
	// Genuine has, for each face, how near the nearest other face of the same
	// person is: people with one face have none.
	Genuine Scores
	// Impostor has, for each face and each other person, how near that person's
	// nearest face is.
	Impostor Scores

	seen    map[string]bool
	nearest map[pair]LookAlike
	weakest map[string]float64
}

type pair struct{ a, b string }

// LookAlike is how near two people come: the faces of theirs that are nearest.
type LookAlike struct {
	A, B  Candidate // A's username is the lesser; their Scores are Score
	Score float64
}

// Weak is somebody whose faces are not all near each other.
type Weak struct {
	Username string
	Score    float64 // how near the face is that is farthest from all others
}

// Add counts one face of somebody, given how near the nearest face of every
// person is. The person's own entry is another face of theirs; it is missing
// when there is none.
func (c *Calibration) Add(username, faceID string, people []Candidate) {
	if c.seen == nil {
		c.seen, c.nearest, c.weakest = map[string]bool{}, map[pair]LookAlike{}, map[string]float64{}
	}
	c.Faces++
	c.seen[username] = true
	for _, p := range people {
		if p.Username == username {
			c.Genuine.Add(p.Score)
			if weak, ok := c.weakest[username]; !ok || p.Score < weak {
				c.weakest[username] = p.Score
			}
			continue
		}
		c.Impostor.Add(p.Score)
		if p.Score < keptLookAlike {
			continue
		}
		a, b := Candidate{Username: username, FaceID: faceID, Score: p.Score}, p
		if b.Username < a.Username {
			a, b = b, a
		}
		key := pair{a.Username, b.Username}
		if near, ok := c.nearest[key]; !ok || p.Score > near.Score {
			c.nearest[key] = LookAlike{a, b, p.Score}
		}
	}
}

// keptLookAlike is the score below which two people are not remembered as a
// pair: far below any threshold, so that what is kept is little.
const keptLookAlike = 0.25

// People returns how many people were seen.
func (c *Calibration) People() int { return len(c.seen) }

// LookAlikes returns the pairs of people who come as near as score, the nearest
// first.
func (c *Calibration) LookAlikes(score float64) []LookAlike {
	var list []LookAlike
	for _, l := range c.nearest {
		if l.Score >= score {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b LookAlike) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A.Username, b.A.Username), cmp.Compare(a.B.Username, b.B.Username))
	})
	return list
}

// Weak returns the people of whom a face does not come as near as score to any
// other of theirs, the worst first: the pictures of some of them are poor.
func (c *Calibration) Weak(score float64) []Weak {
	var list []Weak
	for name, s := range c.weakest {
		if s < score {
			list = append(list, Weak{name, s})
		}
	}
	slices.SortFunc(list, func(a, b Weak) int { return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Username, b.Username)) })
	return list
}

// Basis says what a figure rests on.
type Basis string

// The bases.
const (
	BasisMeasured     Basis = "measured"     // on comparisons that reach so far
	BasisExtrapolated Basis = "extrapolated" // from the tail of those that were made
	BasisNone         Basis = "none"         // too few comparisons to say
)

const (
	// measuredFrom is how many comparisons must reach a score for their share to
	// be taken as it is: the standard error is then under a fifth.
	measuredFrom = 30
	// The tail is fitted to the scores of the uppermost tailTop down to those
	// that tailLeast comparisons reach.
	tailTop, tailLeast = 0.1, 10
)

// LeastComparisons is how many comparisons of two people it takes to say
// anything: about 27 people with three faces each.
const LeastComparisons = 2000

// Rate returns how likely somebody who is not among people enrolled is taken
// for one of them at a threshold: the false positive identification rate (FPIR)
// of ISO/IEC 19795-1, from the false match rate of single comparisons, which
// are taken as independent. Beyond what was measured see tail.
func (c *Calibration) Rate(threshold float64, people int) (float64, Basis) {
	match, basis := 0.0, BasisExtrapolated
	if reach := c.Impostor.AtLeast(threshold); reach >= measuredFrom {
		match, basis = float64(reach)/float64(c.Impostor.Count()), BasisMeasured
	} else if t, ok := c.tail(); ok {
		match = t.share(threshold)
	} else {
		return math.NaN(), BasisNone
	}
	return -math.Expm1(float64(people) * math.Log1p(-min(match, 1))), basis
}

// Estimate is a threshold, and where it lies with a probability of about 95 %.
type Estimate struct {
	Threshold, Low, High float64
	Basis                Basis
}

// Threshold returns the least threshold at which Rate is at most rate for so
// many people; without enough comparisons its Basis is BasisNone and the rest
// is nothing. rate lies between 0 and 1, both excluded.
//
// The half of the interval is the tail's deviation times the normal quantile,
// over the root of the number of people seen. It was found by drawing 30 to 300
// people from 416 to 800 of Labeled Faces in the Wild: the threshold of all of
// them lay inside in at least 95 of 100 draws (docs/decisions/0025-calibration.md).
func (c *Calibration) Threshold(rate float64, people int) Estimate {
	t, ok := c.tail()
	if !ok {
		return Estimate{Basis: BasisNone}
	}
	n := float64(c.Impostor.Count())
	match := -math.Expm1(math.Log1p(-rate) / float64(max(1, people))) // of one comparison
	e := Estimate{Threshold: t.score(match), Basis: BasisExtrapolated}
	if reach := int(match * n); reach >= measuredFrom {
		e.Threshold, e.Basis = c.Impostor.upper(reach), BasisMeasured
	}
	off := t.deviation * math.Abs(quantile(match)) / math.Sqrt(float64(c.People()))
	e.Threshold = min(1, e.Threshold)
	e.Low, e.High = max(-1, e.Threshold-off), min(1, e.Threshold+off)
	return e
}

// tail is the upper end of the comparisons' distribution, taken as normal.
type tail struct{ mean, deviation float64 }

// tail fits a line through the normal quantile plot of the uppermost scores,
// each weighted by the inverse variance of an empirical quantile. The normal
// tail was chosen by measuring, on Labeled Faces in the Wild: drawing 40 people
// with three pictures, thresholds for one false match in 77,000 comparisons
// were off by 0.03 (root mean square), with the exponential tail of peaks over
// threshold by 0.07.
func (c *Calibration) tail() (tail, bool) {
	n := float64(c.Impostor.Count())
	if n < LeastComparisons {
		return tail{}, false
	}
	var sw, sx, sy, sxx, sxy float64
	for share := tailTop; share*n >= tailLeast; share /= 1.25 {
		x, y := quantile(share), c.Impostor.upper(int(share*n))
		density := math.Exp(-x * x / 2)
		w := n * density * density / (share * (1 - share))
		sw, sx, sy, sxx, sxy = sw+w, sx+w*x, sy+w*y, sxx+w*x*x, sxy+w*x*y
	}
	deviation := (sw*sxy - sx*sy) / (sw*sxx - sx*sx)
	return tail{mean: (sy - deviation*sx) / sw, deviation: deviation}, deviation > 0
}

// score returns what a share of comparisons reaches, and share the inverse.
func (t tail) score(share float64) float64 { return t.mean + t.deviation*quantile(share) }

func (t tail) share(score float64) float64 {
	return math.Erfc((score-t.mean)/t.deviation/math.Sqrt2) / 2
}

// quantile returns what a standard normal variable exceeds with a probability.
func quantile(share float64) float64 { return math.Sqrt2 * math.Erfcinv(2*share) }
