package bench

import (
	"errors"
	"math"
	"slices"

	"github.com/viterin/vek/vek32"
)

// Pairs is the result of the pairs protocol.
type Pairs struct {
	Pairs    int     `json:"pairs"`
	Folds    int     `json:"folds"`
	Accuracy float64 `json:"accuracy"` // mean over the folds
	Spread   float64 `json:"spread"`   // standard error of that mean
	Rates    []Rate  `json:"rates"`
}

// Rate is how many pairs of one person are recognised (TAR) at the threshold at
// which the share FAR of the pairs of two people is, too.
type Rate struct {
	FAR       float64 `json:"far"`
	TAR       float64 `json:"tar"`
	Threshold float64 `json:"threshold"`
	Impostors int     `json:"impostors"` // how many pairs of two people FAR is a share of
}

// noFace is the score of a pair of which a picture shows no face: it is never
// taken for one person.
const noFace = -1

func (s *set) score(a, b int) float64 {
	va, vb := s.pictures[a].vector, s.pictures[b].vector
	if va == nil || vb == nil {
		return noFace
	}
	return float64(vek32.Dot(va, vb))
}

// scores splits the scores of pairs into those of one person and of two.
type scores struct{ same, different []float64 }

// verify runs the pairs protocol: each fold is judged at the threshold that is
// best on the others.
func (s *set) verify() (Pairs, error) {
	if len(s.folds) < 2 {
		return Pairs{}, errors.New("bench: fewer than 2 folds")
	}
	folds := make([]scores, len(s.folds))
	var all scores
	for i, fold := range s.folds {
		for _, p := range fold {
			if v := s.score(p.a, p.b); p.same {
				folds[i].same = append(folds[i].same, v)
			} else {
				folds[i].different = append(folds[i].different, v)
			}
		}
		all.same = append(all.same, folds[i].same...)
		all.different = append(all.different, folds[i].different...)
	}
	out := Pairs{Pairs: len(all.same) + len(all.different), Folds: len(folds)}
	accuracies := make([]float64, len(folds))
	for i := range folds {
		var others scores
		for j, f := range folds {
			if j != i {
				others.same = append(others.same, f.same...)
				others.different = append(others.different, f.different...)
			}
		}
		accuracies[i] = folds[i].accuracy(others.threshold())
		out.Accuracy += accuracies[i] / float64(len(folds))
	}
	var sum float64
	for _, a := range accuracies {
		sum += (a - out.Accuracy) * (a - out.Accuracy)
	}
	out.Spread = math.Sqrt(sum/float64(len(folds)-1)) / math.Sqrt(float64(len(folds)))
	out.Rates = rates(all.same, all.different, 1e-2, 1e-3)
	return out, nil
}

// accuracy is the share of pairs that threshold t judges rightly.
func (s scores) accuracy(t float64) float64 {
	right := 0
	for _, v := range s.same {
		if v >= t {
			right++
		}
	}
	for _, v := range s.different {
		if v < t {
			right++
		}
	}
	return float64(right) / float64(len(s.same)+len(s.different))
}

// threshold returns the middle of the best range of thresholds; of several, of
// the first.
func (s scores) threshold() float64 {
	type judged struct {
		score float64
		same  bool
	}
	all := make([]judged, 0, len(s.same)+len(s.different))
	for _, v := range s.same {
		all = append(all, judged{v, true})
	}
	for _, v := range s.different {
		all = append(all, judged{v, false})
	}
	slices.SortFunc(all, func(a, b judged) int {
		if a.score < b.score {
			return -1
		} else if a.score > b.score {
			return 1
		}
		return 0
	})
	// Below all[i] everything counts as different.
	right, best, at := len(s.same), -1, 0.0
	for i := range all {
		if right > best && (i == 0 || all[i].score > all[i-1].score) {
			best, at = right, all[i].score
			if i > 0 {
				at = (all[i].score + all[i-1].score) / 2
			}
		}
		if all[i].same {
			right--
		} else {
			right++
		}
	}
	return at
}

// rates finds the lowest thresholds that let at most the shares fars of
// different through. It sorts both lists.
func rates(same, different []float64, fars ...float64) []Rate {
	slices.Sort(same)
	slices.Sort(different)
	var out []Rate
	for _, far := range fars {
		allowed := int(far * float64(len(different)))
		if allowed < 1 || len(same) == 0 {
			continue // fewer pairs than the figure would be about
		}
		// The highest score that must not pass, and all like it.
		t := math.Nextafter(different[len(different)-1-allowed], 2)
		out = append(out, Rate{FAR: far, TAR: atLeast(same, t), Threshold: t, Impostors: len(different)})
	}
	return out
}

// atLeast is the share of sorted that reaches t.
func atLeast(sorted []float64, t float64) float64 {
	i, _ := slices.BinarySearch(sorted, t)
	return float64(len(sorted)-i) / float64(len(sorted))
}

// allPairs scores every pair of pictures with a face.
func (s *set) allPairs() (same, different []float64) {
	for i, a := range s.pictures {
		if a.vector == nil {
			continue
		}
		for j, b := range s.pictures[:i] {
			switch {
			case b.vector == nil:
			case a.person == b.person:
				same = append(same, s.score(i, j))
			default:
				different = append(different, s.score(i, j))
			}
		}
	}
	return same, different
}
