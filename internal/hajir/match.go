package hajir

import (
	"cmp"
	"math"
)

// MatchPolicy is what a company asks of a picture before it believes it. Where
// each default comes from is written down in docs/recognition.md.
type MatchPolicy struct {
	// Threshold is the similarity from which a face counts as a person; zero
	// takes the embedding model's own. It is meant for the version that
	// ThresholdModel names: scores of others are judged by those versions' own.
	// None means every version, as it was before there were several.
	Threshold      float64
	ThresholdModel string
	// Margin is how far the first person must be ahead of the second.
	Margin float64
	// MinFacePixels is the least width or height of a face that is looked at.
	MinFacePixels int
	// Doubt is how near to the threshold, or to the margin, a punch is that
	// somebody should look at: it is recorded, and put into the queue.
	Doubt float64
	// Liveness says what follows when a face does not seem to be alive, and
	// MinLiveness, a probability, from when on it does.
	Liveness    LivenessRule
	MinLiveness float64
	// Challenge says who is asked to move before the camera.
	Challenge ChallengeRule
	// Frames is how many pictures of one moment a kiosk must send. More than one
	// must agree; see Agree.
	Frames int
}

// LivenessRule says what follows when a face does not seem to be alive.
type LivenessRule string

// The rules.
const (
	LivenessOff     LivenessRule = "off"     // nobody asks
	LivenessWarn    LivenessRule = "warn"    // the punch is recorded, and put into the queue
	LivenessRequire LivenessRule = "require" // it is refused, and so is a face that was not measured
)

// MaxFrames is how many pictures of one moment are looked at, at most.
const MaxFrames = 3

// DefaultMatchPolicy returns the policy of a new company. The margin refuses
// to guess between look-alikes. 64 pixels is a little more than half of what
// the embedding models take in (112), below which their accuracy falls; it is
// also what a face at 2 m shows to a 640×480 webcam of 60° view.
func DefaultMatchPolicy() MatchPolicy {
	return MatchPolicy{Margin: 0.05, MinFacePixels: 64, Doubt: 0.04, Liveness: LivenessOff, MinLiveness: 0.5, Challenge: ChallengeOff, Frames: 1}
}

// Validate returns an Invalid error that names the first thing wrong with p.
func (p MatchPolicy) Validate() error {
	switch {
	case !share(p.Threshold):
		return Errorf(Invalid, "the match threshold must lie between 0 (the model's own) and 1")
	case !share(p.Margin):
		return Errorf(Invalid, "the match margin must lie between 0 and 1")
	case p.MinFacePixels < 20 || p.MinFacePixels > 1000:
		return Errorf(Invalid, "the least face size must lie between 20 and 1000 pixels")
	case !share(p.Doubt):
		return Errorf(Invalid, "the range of doubt must lie between 0 (no score is doubted) and 1")
	case p.Liveness != LivenessOff && p.Liveness != LivenessWarn && p.Liveness != LivenessRequire:
		return Errorf(Invalid, "liveness is off, warn or require")
	case math.IsNaN(p.MinLiveness) || p.MinLiveness <= 0 || p.MinLiveness >= 1:
		return Errorf(Invalid, "the least liveness must lie between 0 and 1")
	case p.Challenge != ChallengeOff && p.Challenge != ChallengeDoubtful && p.Challenge != ChallengeAlways:
		return Errorf(Invalid, "the challenge is off, doubtful or always")
	case p.Frames < 1 || p.Frames > MaxFrames:
		return Errorf(Invalid, "a kiosk must send 1 to %d pictures of a moment", MaxFrames)
	}
	return nil
}

// MeasuresLiveness says whether anything hangs on how alive a face seems.
func (p MatchPolicy) MeasuresLiveness() bool {
	return p.Liveness != LivenessOff || p.Challenge == ChallengeDoubtful
}

func share(x float64) bool { return x >= 0 && x < 1 } // false for NaN

// Own returns the threshold that was set for a version; 0 when none was.
func (p MatchPolicy) Own(v Version) float64 {
	if p.ThresholdModel != "" && p.ThresholdModel != v.Name {
		return 0
	}
	return p.Threshold
}

// Of returns what a score of a version must reach.
func (p MatchPolicy) Of(v Version) float64 { return cmp.Or(p.Own(v), v.Threshold) }

// SetOwn returns p with another threshold for a version; 0 takes the model's own.
func (p MatchPolicy) SetOwn(v Version, threshold float64) MatchPolicy {
	if threshold != p.Own(v) {
		p.Threshold, p.ThresholdModel = threshold, v.Name
	}
	return p
}

// Enrol checks that a picture shows one face, well enough to know the person by,
// that does not belong to somebody else than username already.
func (p MatchPolicy) Enrol(username string, seen []Sighting, m Model) error {
	if found := p.Examine(seen); len(found) > 0 {
		return found[0].Err()
	}
	if found := p.Duplicate(username, seen, m); found != nil {
		return found.Err()
	}
	return nil
}

// fitting returns the indexes of the faces that are looked at. Faces too small
// for that are ignored when there is one of fitting size: people in the
// background do not keep the one in front from entering. Several are FaceSeveral
// unless group is set.
func (p MatchPolicy) fitting(seen []Sighting, group bool) ([]int, *Error) {
	if len(seen) == 0 {
		return nil, Errorf(FaceNone, "no face found; look at the camera, with light on your face")
	}
	var fitting []int
	for i, s := range seen {
		if s.Pixels >= p.MinFacePixels {
			fitting = append(fitting, i)
		}
	}
	switch {
	case len(fitting) == 0:
		return nil, Errorf(FaceSmall, "the face is too small (at least %d pixels are needed); come closer to the camera", p.MinFacePixels)
	case len(fitting) > 1 && !group:
		return nil, Errorf(FaceSeveral, "%d faces in the picture; one person at a time, please", len(fitting))
	}
	return fitting, nil
}
