package hajir

import (
	"cmp"
	"slices"
)

// Verdict is what becomes of a face.
type Verdict string

// The verdicts.
const (
	Accepted Verdict = "accepted" // it is Decision.Username
	Confirm  Verdict = "confirm"  // one of Ask can say who they are, by PIN
	Refused  Verdict = "refused"  // for the reason that Code names
	// Challenged is whom Ask names, if they move as they are asked to.
	Challenged Verdict = "challenged"
)

// Doubt is why somebody should look at a punch that was recorded.
type Doubt string

// The doubts.
const (
	DoubtScore    Doubt = "low_score"     // the score is just above the threshold
	DoubtMargin   Doubt = "small_margin"  // the next person is nearly as near
	DoubtLiveness Doubt = "not_live"      // the face does not seem to be alive
	DoubtFrames   Doubt = "disagreement"  // not every picture of the moment shows the person surely
	DoubtPIN      Doubt = "pin_confirmed" // the camera could not tell two apart, and a PIN could
)

// Doubts lists every doubt.
func Doubts() []Doubt { return []Doubt{DoubtScore, DoubtMargin, DoubtLiveness, DoubtFrames, DoubtPIN} }

// Confirmation says what a decision rests on beside the camera.
type Confirmation string

// The confirmations.
const (
	ByCamera Confirmation = ""       // nothing else
	ByPIN    Confirmation = "pin"    // the person's PIN
	ByReview Confirmation = "review" // the admin saw who it is
	// ByChallenge is what the person did before the camera, who was asked to.
	ByChallenge Confirmation = "challenge"
)

// Decision says whom a picture shows and why that was believed. It is kept
// with the punch, so that it can be defended later.
type Decision struct {
	Username      string
	Score         float64 // similarity of the person decided for
	Margin        float64 // distance to the next person's score; Score+1 when there is none
	Threshold     float64 // what Score had to reach
	MinMargin     float64 // what Margin had to reach
	Model         string  // what computed the scores
	Candidates    []Candidate
	Liveness      *float64 // nil: not measured
	MinLiveness   float64  // what Liveness had to reach; zero: nobody asked
	LivenessModel string   // what measured it
	Quality       Quality
	// Frames is how many pictures of the moment there were, and Agreed in how
	// many of them the person was accepted.
	Frames, Agreed int
	Settings       int // the version of the company's settings that held
	Confirmed      Confirmation
	Challenge      *TrialRecord // nil: nobody was asked to move
}

// Outcome is what becomes of one face.
type Outcome struct {
	Frame, Face int // which picture of the moment, and which face of it
	Box         Box
	Verdict     Verdict
	Code        Code     // why it was not accepted
	Ask         []string // whose PIN confirms, in order of their scores
	Decision    Decision // of nobody unless Accepted
	Doubts      []Doubt  // of an accepted one
}

// Err returns the refusal that an outcome is, nil for an accepted one.
func (o Outcome) Err() error {
	if o.Code == "" {
		return nil
	}
	message, known := refusals[o.Code]
	if !known {
		return Errorf(FaceUnknown, "%s", refusals[FaceUnknown])
	}
	return Errorf(o.Code, "%s", message)
}

// refusals say why a face is not accepted, and what to do. None tells a score.
var refusals = map[Code]string{
	FaceUnknown:      "this face is not known here; ask the administrator to enrol it, or try again in better light",
	FaceConfirm:      "this face is about as near to two people; confirm with your PIN who you are",
	FaceAmbiguous:    "this face is about as near to two people; look straight at the camera and try again",
	FaceNotLive:      "the camera cannot tell that a living person stands there; look straight at it in good light, or use your PIN",
	FaceChallenge:    "do what the camera asks for, to show that you are there in person; or use your PIN",
	FaceSeveral:      "somebody here is asked to show that they are there in person; stand before the camera alone, please",
	FaceContradicted: "the pictures of this moment show different people; stand still before the camera, and try again",
}

// Judge says what becomes of each face of fitting size in one picture, in the
// order of seen, or returns an error with FaceNone, FaceSmall or, unless group
// is set, FaceSeveral.
//
// A face is accepted as a person when its score reaches the threshold, when it
// is ahead of every other person for this face and of every other face for this
// person by the margin, and when it is alive, if that is required. So nobody is
// accepted twice in a picture. Of the other faces, each that reaches the
// threshold is taken for one of the people who are left, each person once and so
// that the scores are highest in all: it is asked for a PIN. All others are
// refused.
func (p MatchPolicy) Judge(seen []Sighting, m Model, group bool) ([]Outcome, error) {
	fitting, err := p.fitting(seen, group)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(fitting))
	for i, at := range fitting {
		out[i] = p.look(seen[at], m)
		out[i].Face = at
	}
	sure := map[string]bool{}
	for i := range out {
		d := &out[i].Decision
		if len(d.Candidates) == 0 || !(d.Candidates[0].Score >= d.Threshold) {
			continue
		}
		first := d.Candidates[0]
		if enough(d.Margin, p.Margin) && enough(first.Score-p.rival(out, i, first.Username), p.Margin) {
			out[i].Verdict, out[i].Code = Accepted, ""
			d.Username = first.Username
			sure[first.Username] = true
		}
	}
	p.ask(out, sure, m.Version())
	for i := range out {
		p.alive(&out[i])
		p.doubt(&out[i])
	}
	return out, nil
}

// look notes what is to be said of one face, before others are looked at.
func (p MatchPolicy) look(s Sighting, m Model) Outcome {
	d := Decision{
		Threshold: p.Of(m.Version()), MinMargin: p.Margin, Model: m.Name, Candidates: p.ranked(s.Candidates, m.Version()),
		Liveness: s.Liveness, LivenessModel: m.Liveness, Quality: s.Quality, Frames: 1,
	}
	if len(d.Candidates) > 0 { // the first one's version decides
		first := d.Candidates[0].by(m.Version())
		d.Threshold, d.Model = p.Of(first), first.Name
		d.name(p, m.Version())
	}
	if p.MeasuresLiveness() {
		d.MinLiveness = p.MinLiveness
	}
	if len(d.Candidates) > 0 {
		d.Score = d.Candidates[0].Score
		d.Margin = d.Score + 1
	}
	if len(d.Candidates) > 1 {
		d.Margin = d.Score - d.on(d.Candidates[1])
	}
	return Outcome{Box: s.Box, Verdict: Refused, Code: FaceUnknown, Decision: d}
}

// ranked returns candidates best first, each person once, in an order that does
// not depend on theirs. Scores of several versions are compared by how far they
// lie from what each must reach. A score that is no number is none.
func (p MatchPolicy) ranked(all []Candidate, m Version) []Candidate {
	all = slices.Clone(all)
	even := func(c Candidate) float64 { return rescale(c.Score, p.Of(c.by(m)), 0) }
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(even(b), even(a)), cmp.Compare(b.Score, a.Score),
			cmp.Compare(a.Username, b.Username), cmp.Compare(a.FaceID, b.FaceID),
		)
	})
	known := map[string]bool{}
	return slices.DeleteFunc(all, func(c Candidate) bool {
		twice := known[c.Username]
		known[c.Username] = true
		return twice || c.Score != c.Score
	})
}

// enough says whether a lead is: a tie never is, whatever the company asks for.
func enough(lead, margin float64) bool { return lead >= margin && lead > 0 }

// rival returns the best score that another face has for a person; -1 when none
// resembles them at all.
func (p MatchPolicy) rival(out []Outcome, face int, username string) float64 {
	best := -1.0
	for i, o := range out {
		for _, c := range o.Decision.Candidates {
			if i != face && c.Username == username {
				best = max(best, rescale(c.Score, o.Decision.needs(c), out[face].Decision.Threshold))
			}
		}
	}
	return best
}

// ask has those who are not accepted, and resemble somebody enough, confirm who
// they are, if each can be taken for another person.
func (p MatchPolicy) ask(out []Outcome, sure map[string]bool, m Version) {
	column := map[string]int{}
	weights := make([][]float64, len(out))
	for i, o := range out {
		for _, c := range o.Decision.Candidates {
			if o.Verdict == Accepted || sure[c.Username] || !(c.Score >= o.Decision.needs(c)) {
				continue
			}
			j, known := column[c.Username]
			if !known {
				j = len(column)
				column[c.Username] = j
			}
			for len(weights[i]) <= j {
				weights[i] = append(weights[i], 0)
			}
			// Above all, as many as possible have somebody to confirm.
			weights[i][j] = 1 + rescale(c.Score, o.Decision.needs(c), p.Of(m)) - p.Of(m)
			out[i].Ask = append(out[i].Ask, c.Username)
		}
	}
	for i, j := range assign(weights) {
		o := &out[i]
		switch {
		case j >= 0:
			o.Verdict, o.Code = Confirm, FaceConfirm
		case o.Verdict != Accepted && len(o.Decision.Candidates) > 0 && o.Decision.Score >= o.Decision.Threshold:
			o.Code = FaceAmbiguous // whom they resemble stands beside them
			o.Ask = nil
		}
	}
}

// alive refuses a face that is not, where that is required.
func (p MatchPolicy) alive(o *Outcome) {
	l := o.Decision.Liveness
	if p.Challenge == ChallengeDoubtful {
		return // who is not is asked to move; see challenge
	}
	if p.Liveness == LivenessRequire && (l == nil || !(*l >= p.MinLiveness)) {
		o.Verdict, o.Code, o.Ask, o.Decision.Username = Refused, FaceNotLive, nil, ""
	}
}

// doubt notes why somebody should look at an accepted face.
func (p MatchPolicy) doubt(o *Outcome) {
	d := &o.Decision
	if o.Verdict != Accepted {
		return
	}
	d.Agreed = 1
	if d.Score < d.Threshold+p.Doubt {
		o.Doubts = append(o.Doubts, DoubtScore)
	}
	if d.Margin < p.Margin+p.Doubt {
		o.Doubts = append(o.Doubts, DoubtMargin)
	}
	measured := d.Liveness != nil
	dead := measured && !(*d.Liveness >= p.MinLiveness)
	if p.Liveness == LivenessWarn && dead || p.Challenge == ChallengeDoubtful && (dead || !measured) {
		o.Doubts = append(o.Doubts, DoubtLiveness)
	}
}

// ConfirmedBy returns the decision with which somebody is recorded who said by
// PIN, or of whom the admin saw, that they are username.
func (d Decision) ConfirmedBy(how Confirmation, username string) Decision {
	d.Username, d.Confirmed, d.Score, d.Margin = username, how, 0, 0
	for _, c := range d.Candidates {
		if c.Username == username && c.Model.Name != "" { // now it is theirs that decides
			d.rename(c.Model)
		}
	}
	best := -1.0
	for _, c := range d.Candidates {
		if c.Username == username {
			d.Score = c.Score
		} else {
			best = max(best, d.on(c))
		}
	}
	d.Margin = d.Score - best
	return d
}
