package hajir

import (
	"cmp"
	"slices"
)

// sameFace is how much two boxes of pictures that follow one another must have
// in common to hold the same face. A tenth of a second apart, faces hardly move;
// people who stand side by side do not overlap.
const sameFace = 0.3

// JudgeMoment is Judge for several pictures of one moment, which must agree. A
// picture that shows no face, or too many, agrees to nothing; when none shows
// what can be judged, the first one's error is returned.
func (p MatchPolicy) JudgeMoment(frames [][]Sighting, m Model, group bool) ([]Outcome, error) {
	all := make([][]Outcome, len(frames))
	var first error
	judged := false
	for i, seen := range frames {
		out, err := p.Judge(seen, m, group)
		if err != nil {
			first = cmp.Or(first, err)
			continue
		}
		for j := range out {
			out[j].Frame = i
		}
		all[i], judged = out, true
	}
	switch {
	case len(frames) == 0:
		return nil, Errorf(PictureInvalid, "no picture was sent")
	case !judged:
		return nil, first
	}
	agreed := Agree(all, group)
	p.challenge(agreed)
	return agreed, nil
}

// Agree returns what becomes of each face that the pictures of one moment show:
// frames holds what Judge said of each. Somebody is accepted who was in more than
// half of the pictures, as the same face, while no picture took that face for
// somebody else. Two who are accepted for one face are refused
// (FaceContradicted). Without group all faces are one.
func Agree(frames [][]Outcome, group bool) []Outcome {
	if len(frames) == 1 {
		return frames[0]
	}
	var agreed []Outcome
	accepted := map[string]bool{}
	for _, t := range tracks(frames, group) {
		o := t.settle(len(frames))
		accepted[o.Decision.Username] = o.Verdict == Accepted
		agreed = append(agreed, o)
	}
	// Somebody who moved quickly is a face of its own in the pictures after: that
	// one is nobody.
	left := agreed[:0]
	for _, o := range agreed {
		if o.elsewhere(accepted) {
			continue
		}
		if o.Verdict == Refused {
			o.Ask = nil
		}
		left = append(left, o)
	}
	return left
}

// elsewhere takes out of Ask whom another face was accepted as, and says whether
// nobody is left for this one.
func (o *Outcome) elsewhere(accepted map[string]bool) bool {
	asked := len(o.Ask)
	o.Ask = slices.DeleteFunc(o.Ask, func(u string) bool { return accepted[u] })
	return o.Verdict != Accepted && asked > 0 && len(o.Ask) == 0
}

// track is one face through the pictures of a moment.
type track []Outcome

// tracks follows each face through the pictures, by the place where it is.
func tracks(frames [][]Outcome, group bool) []track {
	var all []track
	for _, out := range frames {
		weights := make([][]float64, len(out))
		for i, o := range out {
			weights[i] = make([]float64, len(all))
			for j, t := range all {
				if w := o.Box.overlap(t[len(t)-1].Box); w >= sameFace || !group {
					weights[i][j] = max(w, sameFace)
				}
			}
		}
		for i, j := range assign(weights) {
			if j < 0 {
				all = append(all, track{out[i]})
			} else {
				all[j] = append(all[j], out[i])
			}
		}
	}
	return all
}

// settle decides about one face of n pictures.
func (t track) settle(n int) Outcome {
	votes, support := map[string]int{}, 0
	var best Outcome // of the accepted ones, that with the highest score
	var ask []string
	for _, o := range t {
		switch o.Verdict {
		case Accepted:
			votes[o.Decision.Username]++
			if best.Verdict == "" || o.Decision.Score > best.Decision.Score {
				best = o
			}
			ask = append(ask, o.Decision.Username)
			support++
		case Confirm:
			ask = append(ask, o.Ask...)
			support++
		case Refused, Challenged: // nobody is challenged for one picture
		}
	}
	if len(votes) > 1 {
		return refuse(best, FaceContradicted, n)
	}
	d := &best.Decision
	if most := votes[d.Username]; most*2 > n {
		d.Frames, d.Agreed = n, most
		best.Doubts = t.doubts(best.Doubts)
		return best
	}
	worst := t.worst()
	if support*2 <= n {
		worst = refuse(worst, worst.Code, n)
		worst.Ask = unique(ask) // for Agree, which knows who stands elsewhere
		return worst
	}
	worst.Verdict, worst.Code, worst.Ask = Confirm, FaceConfirm, unique(ask)
	worst.Decision.Username, worst.Decision.Frames, worst.Decision.Agreed, worst.Doubts = "", n, 0, nil
	return worst
}

// doubts adds those that only other pictures give reason for.
func (t track) doubts(all []Doubt) []Doubt {
	all = slices.Clone(all)
	add := func(d Doubt) {
		if !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	for _, o := range t {
		if slices.Contains(o.Doubts, DoubtLiveness) {
			add(DoubtLiveness)
		}
		if o.Verdict != Accepted {
			add(DoubtFrames)
		}
	}
	return all
}

// worst returns the outcome that says most about why the face is not accepted.
func (t track) worst() Outcome {
	order := []Code{FaceNotLive, FaceConfirm, FaceAmbiguous, FaceUnknown, ""}
	return slices.MinFunc(t, func(a, b Outcome) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.Code), slices.Index(order, b.Code)),
			cmp.Compare(b.Decision.Score, a.Decision.Score))
	})
}

func refuse(o Outcome, code Code, frames int) Outcome {
	if code == "" { // accepted, in too few of the pictures
		code = FaceUnknown
	}
	if code == FaceConfirm {
		code = FaceAmbiguous
	}
	o.Verdict, o.Code, o.Ask, o.Doubts = Refused, code, nil, nil
	o.Decision.Username, o.Decision.Frames, o.Decision.Agreed = "", frames, 0
	return o
}
