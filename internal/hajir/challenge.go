package hajir

import (
	"math"
	"slices"
	"time"
)

// ChallengeRule says who is asked to move before the camera.
type ChallengeRule string

// The rules.
const (
	ChallengeOff      ChallengeRule = "off"      // nobody
	ChallengeDoubtful ChallengeRule = "doubtful" // a face that does not seem to be alive, or was not measured
	ChallengeAlways   ChallengeRule = "always"   // everybody
)

// Step is one thing that somebody is asked to do.
type Step string

// The steps. Left and right are the person's own.
const (
	StepLeft  Step = "left"  // turn the head to the left
	StepRight Step = "right" // turn it to the right
	StepBlink Step = "blink" // close both eyes, and open them
)

// Steps lists every step.
func Steps() []Step { return []Step{StepLeft, StepRight, StepBlink} }

// What a picture must show for a step. Where each figure was measured is written
// down in docs/recognition.md.
const (
	frontYaw = 12.0 // degrees, up to which somebody looks straight
	turnYaw  = 25.0 // from which they have turned, and by how much from before
	maxTurn  = 55.0 // beyond, the landmarks are guesses
	// A head that turns grows a little narrower; a sheet of paper or a screen, which
	// has to be turned a long way until the face on it seems to turn, far more.
	leastFront  = 0.75 // Quality.Aspect of a face that is seen straight
	leastTurned = 0.75 // share of that which is left after a turn
	leastBlink  = 0.9  // and while the eyes are closed
	eyesOpen    = 0.5  // Quality.EyesOpen from which an eye is open
	eyesShut    = 0.05
	// strangers is how many pictures that show somebody else, and straight, end a
	// challenge. One may be a blurred one.
	strangers = 3
)

// How long somebody may take for all steps, and how many pictures of them are
// looked at in one request.
const (
	ChallengeLife   = 30 * time.Second
	ChallengeFrames = 8
)

// SlowChallenge is how asking the same person at the same door again and again is
// slowed, until they have done it once: whoever holds up films of somebody has to
// meet the order of the steps by chance.
var SlowChallenge = Slowdown{Free: 5, First: 30 * time.Second, Max: 10 * time.Minute, Decay: 5 * time.Minute}

// ChallengesOf names what SlowChallenge counts.
func ChallengesOf(company, by, username string) Guesses {
	return Guesses{Company: company, Subject: "challenge/" + by + "/" + username}
}

// Trial is a challenge: what somebody is asked to do, and how far they are. It belongs to
// one Review, whose ticket it needs.
type Trial struct {
	Steps    []Step
	Done     int // how many of them were done
	Stance   Stance
	Frames   int     // pictures that were looked at
	Strange  int     // of them, those that showed somebody else
	Likeness float64 // the least, of the pictures that counted, to the first; 1 before any
	Session  string  // the sign-in of the device that was asked
	EndsAt   time.Time
	Failed   bool // turned the wrong way, or somebody else was shown
}

// Stance is how somebody stood who is ready for the next step.
type Stance struct {
	Ready       bool // they looked straight, with open eyes
	Yaw, Aspect float64
	Shut        bool // and have closed them since
}

// TrialRecord is what is kept of a challenge with the decision.
type TrialRecord struct {
	Steps    []Step
	Done     int
	Frames   int
	Likeness float64 // the least, to the first picture
	Passed   bool
}

// NewTrial returns two or three steps in random order: pick returns a number
// of 0 to n-1 by chance.
func NewTrial(pick func(n int) int, session string, at time.Time) Trial {
	all := Steps()
	for i := range all {
		j := i + pick(len(all)-i)
		all[i], all[j] = all[j], all[i]
	}
	return Trial{Steps: all[:2+pick(2)], Likeness: 1, Session: session, EndsAt: at.Add(ChallengeLife)}
}

// Passed says whether every step was done.
func (t Trial) Passed() bool { return !t.Failed && len(t.Steps) > 0 && t.Done == len(t.Steps) }

// Step returns what is to be done now; "" when nothing is left.
func (t Trial) Step() Step {
	if t.Failed || t.Done >= len(t.Steps) {
		return ""
	}
	return t.Steps[t.Done]
}

// Record returns what is kept with the decision.
func (t Trial) Record() *TrialRecord {
	return &TrialRecord{Steps: t.Steps, Done: t.Done, Frames: t.Frames, Likeness: t.Likeness, Passed: t.Passed()}
}

// Admits checks that t may go on, in a session at a time, or returns an error with
// TicketEnded.
func (t *Trial) Admits(session string, at time.Time) error {
	if t == nil || t.Failed || t.Passed() || t.Session != session || !at.Before(t.EndsAt) {
		return Errorf(TicketEnded, "this took too long, or is over; look at the camera again")
	}
	return nil
}

// Err returns the refusal that a failed challenge is.
func (t Trial) Err() error {
	if t.Strange >= strangers {
		return Outcome{Code: FaceContradicted}.Err()
	}
	return Errorf(FaceNotLive, "that was not what was asked for; look straight at the camera to begin again, or use your PIN")
}

// Watch looks at one more picture, in which somebody does what they are asked for:
// who is whom the camera took them for.
//
// A step begins with a look straight at the camera, with open eyes. A turn is done
// when the head is turned far enough from there; a blink, when the eyes were closed
// and are open again, while the head stays. To turn the other way, or during a
// blink, ends the challenge: else a film of all steps would pass, whatever is asked
// for. A picture counts only if it shows one face, of fitting size, as near to the
// first picture as two pictures of one person are, that no other person is nearer
// to. Three that show somebody else end it.
func (t Trial) Watch(who string, seen []Sighting, p MatchPolicy, m Model) Trial {
	step := t.Step()
	if step == "" {
		return t
	}
	t.Frames++
	fitting, err := p.fitting(seen, false)
	if err != nil {
		t.Stance = Stance{} // who comes into the picture anew begins the step anew
		return t
	}
	s := seen[fitting[0]]
	q := s.Quality
	if !q.Measured || s.Likeness == nil {
		return t
	}
	straight := math.Abs(q.Yaw) <= frontYaw
	if !(*s.Likeness >= p.Of(m.Version())) || p.another(who, s, m) {
		if straight {
			t.Stance = Stance{}
			t.Strange++
			t.Failed = t.Strange >= strangers
		}
		return t
	}
	t.Likeness = min(t.Likeness, *s.Likeness)
	return t.move(step, straight, q)
}

// move is Watch for a picture that counts.
func (t Trial) move(step Step, straight bool, q Quality) Trial {
	at := t.Stance
	switch {
	case !at.Ready || straight && step != StepBlink: // the last straight look counts
		if straight && q.EyesOpen >= eyesOpen && q.Aspect >= leastFront {
			t.Stance = Stance{Ready: true, Yaw: q.Yaw, Aspect: q.Aspect}
		}
	case at.turned(q) != "" && at.turned(q) != step:
		t.Failed = true
	case at.turned(q) == step:
		t.Done, t.Stance = t.Done+1, Stance{}
	case step != StepBlink || !straight || !(q.Aspect >= leastBlink*at.Aspect):
		// on the way, or a tilted picture
	case q.EyesOpen <= eyesShut:
		t.Stance.Shut = true
	case at.Shut && q.EyesOpen >= eyesOpen:
		t.Done, t.Stance = t.Done+1, Stance{}
	}
	return t
}

// turned returns which way the head has turned since; "" for neither.
func (at Stance) turned(q Quality) Step {
	if !(q.Aspect >= leastTurned*at.Aspect) || !(math.Abs(q.Yaw) <= maxTurn) {
		return ""
	}
	// A nose that points to the picture's right is that of a head turned to its own
	// left: what a camera sends is no mirror image.
	switch {
	case q.Yaw >= turnYaw && q.Yaw-at.Yaw >= turnYaw:
		return StepLeft
	case q.Yaw <= -turnYaw && at.Yaw-q.Yaw >= turnYaw:
		return StepRight
	}
	return ""
}

// another says whether the face is taken for somebody else than who.
func (p MatchPolicy) another(who string, s Sighting, m Model) bool {
	all := p.ranked(s.Candidates, m.Version())
	return len(all) > 0 && all[0].Username != who && all[0].Score >= p.Of(all[0].by(m.Version()))
}

// challenge asks those of a moment who were accepted to move, where the company
// wants that. One person can at a time.
func (p MatchPolicy) challenge(all []Outcome) {
	for i := range all {
		o := &all[i]
		asks := p.Challenge == ChallengeAlways || p.Challenge == ChallengeDoubtful && slices.Contains(o.Doubts, DoubtLiveness)
		switch {
		case o.Verdict != Accepted || !asks:
		case len(all) > 1:
			o.Verdict, o.Code, o.Doubts = Refused, FaceSeveral, nil
			o.Decision.Username = ""
		default:
			o.Verdict, o.Code, o.Ask = Challenged, FaceChallenge, []string{o.Decision.Username}
			o.Decision.Username = ""
		}
	}
}

// Met returns the decision about somebody who did what t asked for, and what is
// still doubtful about it. Where only the doubtful are asked, it settles that they
// are alive; where everybody is, the doubt stays.
func (p MatchPolicy) Met(t Trial, who string, d Decision, doubts []Doubt) (Decision, []Doubt) {
	d.Username, d.Confirmed, d.Challenge = who, ByChallenge, t.Record()
	if p.Challenge != ChallengeAlways {
		doubts = slices.DeleteFunc(slices.Clone(doubts), func(d Doubt) bool { return d == DoubtLiveness })
	}
	return d, doubts
}
