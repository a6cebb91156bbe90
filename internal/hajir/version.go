package hajir

import (
	"cmp"
	"slices"
)

// by returns the version whose numbers were compared; m is the one asked about.
func (c Candidate) by(m Version) Version {
	if c.Model.Name == "" {
		return m
	}
	return c.Model
}

// rescale takes a score of −1 to 1 from a scale on which from is what it must
// reach to one on which that is to: what lies in the middle between from and 1
// lies there between to and 1, and likewise down to −1. So a score reaches the one
// exactly when it reaches the other, and the order of scores of one scale stays.
func rescale(score, from, to float64) float64 {
	switch {
	case from == to:
		return score
	case score >= from:
		return to + (score-from)*(1-to)/(1-from)
	default:
		return to - (from-score)*(1+to)/(1+from)
	}
}

// needs returns what the score of one of d's candidates must reach.
func (d Decision) needs(c Candidate) float64 {
	if c.Model.Name == "" {
		return d.Threshold
	}
	return c.Model.Threshold
}

// on returns the score of one of d's candidates on the scale of what decides.
func (d Decision) on(c Candidate) float64 { return rescale(c.Score, d.needs(c), d.Threshold) }

// name has d's candidates name a version, and what held for it, only where that
// is another one than d's.
func (d *Decision) name(p MatchPolicy, m Version) {
	for i := range d.Candidates {
		c := &d.Candidates[i]
		if by := c.by(m); by.Name == d.Model {
			c.Model = Version{}
		} else {
			c.Model = Version{Name: by.Name, Threshold: p.Of(by)}
		}
	}
}

// rename has another version decide.
func (d *Decision) rename(v Version) {
	was := Version{Name: d.Model, Threshold: d.Threshold}
	d.Candidates = slices.Clone(d.Candidates)
	for i := range d.Candidates {
		c := &d.Candidates[i]
		switch c.Model.Name {
		case v.Name:
			c.Model = Version{}
		case "":
			c.Model = was
		}
	}
	d.Model, d.Threshold = v.Name, v.Threshold
}

// Nearest returns the n candidates of several versions' lists that are nearest,
// best first, by how far each score lies from what its version asks for.
func Nearest(n int, lists ...[]Candidate) []Candidate {
	var all []Candidate
	for _, list := range lists {
		all = append(all, list...)
	}
	even := func(c Candidate) float64 { return rescale(c.Score, c.Model.Threshold, 0) }
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(even(b), even(a)) })
	return all[:min(n, len(all))]
}
