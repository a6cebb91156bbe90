package hajir

import "math"

// What a picture must be like to enrol a face with it. A template is compared
// for years, so a little more is asked of it than of a picture at the door; and
// little enough that an ordinary photo passes. The figures are from 1,384
// pictures of LFW (every sixth of folds 1 to 5), which are press photos: their
// sharpness is 29 at the lowest 1 %, 127 in the middle; their brightness lies
// between 0.19 and 0.68; at most 0.41 of a face is next to black and 0.26 next
// to white; yaw is within ±35° in 98 of 100, pitch in 99. All limits together refuse 6 of
// 100. Brightness is asked
// for below all of them, so that a dark skin is never taken for bad light.
const (
	minSharpness  = 30.0 // Quality.Sharpness
	minBrightness = 0.15 // Quality.Brightness
	maxBrightness = 0.85
	maxDark       = 0.6 // Quality.Dark
	maxBright     = 0.4 // Quality.Bright
	maxYaw        = 35.0
	maxPitch      = 35.0
	maxRoll       = 50.0 // a tilted head is set upright before it is compared
	// Both eyes count as closed in 3 % of those pictures from 0.5 on, which is more
	// than close their eyes for the press.
	minEyesOpen = 0.1 // Quality.EyesOpen
)

// Reason names what is wrong with a picture, in the words of Rekognition's
// IndexFaces where it has one.
type Reason string

// The reasons.
const (
	ReasonNoFace   Reason = "NO_FACE"
	ReasonSeveral  Reason = "EXCEEDS_MAX_FACES"
	ReasonSmall    Reason = "SMALL_BOUNDING_BOX"
	ReasonDark     Reason = "LOW_BRIGHTNESS"
	ReasonBright   Reason = "HIGH_BRIGHTNESS"
	ReasonBlurred  Reason = "LOW_SHARPNESS"
	ReasonTurned   Reason = "EXTREME_POSE"
	ReasonEyes     Reason = "EYES_CLOSED"
	ReasonNotLive  Reason = "NOT_LIVE"
	ReasonEnrolled Reason = "ENROLLED_ALREADY"
)

// Finding is something that keeps a picture from enrolling a face.
type Finding struct {
	Code    Code
	Reason  Reason
	Message string // what is wrong and what to do, in plain words
}

// Err returns the refusal that a finding is.
func (f Finding) Err() error { return Errorf(f.Code, "%s", f.Message) }

// Examine returns what keeps a picture from enrolling a face, what to mend first
// foremost; nothing when it is good. What was not measured is not found fault
// with, but for liveness that is required.
func (p MatchPolicy) Examine(seen []Sighting) []Finding {
	fitting, err := p.fitting(seen, false)
	if err != nil {
		reason := map[Code]Reason{FaceNone: ReasonNoFace, FaceSmall: ReasonSmall, FaceSeveral: ReasonSeveral}[err.Code]
		return []Finding{{err.Code, reason, err.Message}}
	}
	s := seen[fitting[0]]
	var found []Finding
	if q := s.Quality; q.Measured {
		found = q.examine()
	}
	if p.Liveness == LivenessRequire && (s.Liveness == nil || !(*s.Liveness >= p.MinLiveness)) {
		found = append(found, Finding{FaceNotLive, ReasonNotLive, "this looks like a picture of a picture, or of a screen; photograph the person themselves, in even light"})
	}
	return found
}

// examine compares what was measured with the limits. A number that is none
// is within no limit.
func (q Quality) examine() []Finding {
	var found []Finding
	add := func(good bool, code Code, reason Reason, message string) {
		if !good {
			found = append(found, Finding{code, reason, message})
		}
	}
	add(q.Brightness >= minBrightness && q.Dark <= maxDark, FaceDark, ReasonDark,
		"the face is too dark; turn towards a window or a lamp")
	add(q.Brightness <= maxBrightness && q.Bright <= maxBright, FaceBright, ReasonBright,
		"the light on the face is too bright; step out of the sun, or away from the lamp")
	add(math.Abs(q.Yaw) <= maxYaw && math.Abs(q.Pitch) <= maxPitch && math.Abs(q.Roll) <= maxRoll, FaceTurned, ReasonTurned,
		"the face is turned away; look more towards the camera, with the head upright")
	add(q.Sharpness >= minSharpness, FaceBlurred, ReasonBlurred,
		"the face is blurred; hold still, and wipe the camera's lens")
	add(q.EyesOpen >= minEyesOpen, FaceEyes, ReasonEyes,
		"the eyes seem to be closed; open them, and take the picture again")
	return found
}

// Duplicate returns the finding that the one face of fitting size is somebody
// else's already, nil if it is not.
func (p MatchPolicy) Duplicate(username string, seen []Sighting, m Model) *Finding {
	nearest := p.Nearest(username, seen)
	if nearest == nil || !(nearest.Score >= p.Of(nearest.by(m.Version()))) {
		return nil
	}
	return &Finding{FaceDuplicate, ReasonEnrolled, "this face is enrolled already, as " + nearest.Username + "; remove it there first if that is a mistake"}
}

// Nearest returns who other than username resembles the first face of fitting
// size most; nil when nobody does.
func (p MatchPolicy) Nearest(username string, seen []Sighting) *Candidate {
	fitting, err := p.fitting(seen, true)
	if err != nil {
		return nil
	}
	for _, c := range p.ranked(seen[fitting[0]].Candidates, Version{}) {
		if c.Username != username {
			return &c
		}
	}
	return nil
}
