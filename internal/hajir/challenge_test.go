package hajir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// pose is asha's face, turned and with open eyes as given.
func pose(yaw, open float64) hajir.Sighting {
	s := face(100, like("asha", 0.8), like("bina", 0.1))
	near := 0.8
	s.Likeness = &near
	s.Quality = hajir.Quality{Measured: true, Yaw: yaw, EyesOpen: open, Aspect: 1}
	return s
}

func unlike(s hajir.Sighting) hajir.Sighting {
	near := 0.1
	s.Likeness = &near
	return s
}

func aspect(s hajir.Sighting, a float64) hajir.Sighting {
	s.Quality.Aspect = a
	return s
}

var (
	straight = pose(3, 0.9)
	left     = pose(35, 0.9)
	right    = pose(-35, 0.9)
	shut     = pose(-2, 0.01)
)

func trial(steps ...hajir.Step) hajir.Trial { return hajir.Trial{Steps: steps, Likeness: 1} }

func watch(c hajir.Trial, frames ...[]hajir.Sighting) hajir.Trial {
	for _, f := range frames {
		c = c.Watch("asha", f, policy(), model)
	}
	return c
}

func alone(all ...hajir.Sighting) [][]hajir.Sighting {
	frames := make([][]hajir.Sighting, len(all))
	for i, s := range all {
		frames[i] = []hajir.Sighting{s}
	}
	return frames
}

func TestTrial(t *testing.T) {
	const (
		l = hajir.StepLeft
		r = hajir.StepRight
		b = hajir.StepBlink
	)
	bina := pose(3, 0.9)
	bina.Candidates = []hajir.Candidate{like("bina", 0.7), like("asha", 0.6)}
	unmeasured := pose(35, 0.9)
	unmeasured.Quality.Measured = false
	uncompared := pose(35, 0.9)
	uncompared.Likeness = nil
	crowd := []hajir.Sighting{straight, face(90)}
	for name, tt := range map[string]struct {
		steps  []hajir.Step
		frames [][]hajir.Sighting
		done   int
		code   hajir.Code // with which it has failed
	}{
		"everything in order":                       {[]hajir.Step{l, b, r}, alone(straight, left, straight, shut, straight, straight, right), 3, ""},
		"left is the picture's right":               {[]hajir.Step{l}, alone(straight, pose(25, 0.9)), 0, ""}, // 22 from before
		"as far as that":                            {[]hajir.Step{l}, alone(straight, pose(28, 0.9)), 1, ""},
		"turned from the beginning":                 {[]hajir.Step{l}, alone(left, left), 0, ""},
		"too far":                                   {[]hajir.Step{l}, alone(straight, pose(60, 0.9)), 0, ""},
		"the other way":                             {[]hajir.Step{l}, alone(straight, right), 0, hajir.FaceNotLive},
		"a film of everything":                      {[]hajir.Step{b, l}, alone(straight, left, straight, right, straight, shut, straight), 0, hajir.FaceNotLive},
		"the way back is no turn":                   {[]hajir.Step{l, r}, alone(straight, left, pose(14, 0.9), straight, straight), 1, ""},
		"one after the other without looking ahead": {[]hajir.Step{l, r}, alone(straight, left, right), 1, ""},
		"closed eyes alone":                         {[]hajir.Step{b}, alone(shut, shut), 0, ""},
		"closed, and not open again":                {[]hajir.Step{b}, alone(straight, shut, pose(0, 0.3)), 0, ""},
		"narrowed eyes":                             {[]hajir.Step{b}, alone(straight, pose(0, 0.2), straight), 0, ""},
		"a blink":                                   {[]hajir.Step{b}, alone(straight, shut, pose(0, 0.3), straight), 1, ""},
		"eyes closed while turned":                  {[]hajir.Step{b}, alone(straight, pose(20, 0.01), straight), 0, ""},
		"a blink during a turn":                     {[]hajir.Step{l}, alone(straight, shut, straight, left), 1, ""},
		"a sheet that is turned":                    {[]hajir.Step{l}, alone(straight, aspect(left, 0.6)), 0, ""},
		"a sheet that was turned before":            {[]hajir.Step{l}, alone(aspect(straight, 0.6), aspect(left, 0.6)), 0, ""},
		"a tilted sheet seems to blink":             {[]hajir.Step{b}, alone(straight, aspect(shut, 0.8), straight), 0, ""},
		"who leaves begins the step anew":           {[]hajir.Step{l}, append(append(alone(straight), nil), alone(left)...), 0, ""},
		"and not the steps before":                  {[]hajir.Step{l, r}, append(append(alone(straight, left), nil), alone(straight, right)...), 2, ""},
		"two before the camera":                     {[]hajir.Step{l}, append([][]hajir.Sighting{crowd}, alone(left)...), 0, ""},
		"somebody else turns":                       {[]hajir.Step{l}, alone(straight, unlike(left)), 0, ""},
		"a picture first, then somebody else":       {[]hajir.Step{l, b}, alone(straight, unlike(straight), unlike(left)), 0, ""},
		"somebody else who looks":                   {[]hajir.Step{l}, alone(straight, unlike(straight), unlike(straight), unlike(straight)), 0, hajir.FaceContradicted},
		"a look-alike who is nearer to another":     {[]hajir.Step{l}, alone(straight, bina, bina, bina, left), 0, hajir.FaceContradicted},
		"nothing measured":                          {[]hajir.Step{l}, alone(straight, unmeasured), 0, ""},
		"nothing compared":                          {[]hajir.Step{l}, alone(straight, uncompared), 0, ""},
		"numbers that are none":                     {[]hajir.Step{l}, alone(straight, pose(nan(), nan()), aspect(left, nan())), 0, ""},
		"far away":                                  {[]hajir.Step{l}, [][]hajir.Sighting{{straight}, {face(20)}, {left}}, 0, ""},
		"somebody behind":                           {[]hajir.Step{l}, [][]hajir.Sighting{{straight, face(20)}, {left, face(20)}}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := watch(trial(tt.steps...), tt.frames...)
			if c.Done != tt.done || c.Failed != (tt.code != "") || c.Failed && codeOf(c.Err()) != tt.code || c.Passed() != (tt.done == len(tt.steps)) {
				t.Errorf("%+v, want %d steps done, failed with %q", c, tt.done, tt.code)
			}
		})
	}
}

func TestNewTrial(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	met := map[string]bool{}
	for i := range 3 * 2 * 2 {
		n := i
		c := hajir.NewTrial(func(of int) int { d := n % of; n /= of; return d }, "s", at)
		met[fmt.Sprint(c.Steps)] = true
		if len(c.Steps) < 2 || len(c.Steps) > 3 || c.Step() != c.Steps[0] || c.Passed() {
			t.Errorf("%+v", c)
		}
		if c.Admits("s", at.Add(hajir.ChallengeLife-1)) != nil || codeOf(c.Admits("s", at.Add(hajir.ChallengeLife))) != hajir.TicketEnded || codeOf(c.Admits("", at)) != hajir.TicketEnded {
			t.Error("it is good in its session, for a while")
		}
	}
	if len(met) != 12 {
		t.Errorf("%d orders", len(met))
	}
	var none *hajir.Trial
	failed := watch(trial(hajir.StepLeft), alone(straight, right)...)
	if codeOf(none.Admits("", at)) != hajir.TicketEnded || codeOf(failed.Admits("", at)) != hajir.TicketEnded {
		t.Error("nothing to go on with")
	}
}

func drawPose(t *rapid.T) []hajir.Sighting {
	if rapid.IntRange(0, 9).Draw(t, "nobody") == 0 {
		return nil
	}
	s := pose(rapid.Float64Range(-60, 60).Draw(t, "yaw"), rapid.Float64Range(0, 1).Draw(t, "open"))
	s.Quality.Aspect = rapid.Float64Range(0.5, 1.2).Draw(t, "aspect")
	near := rapid.Float64Range(0.2, 1).Draw(t, "likeness")
	s.Likeness = &near
	return []hajir.Sighting{s}
}

// Whatever is shown: steps are done in their order and never undone, an end is an
// end, and in the mirror left is right.
func TestTrialHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.Permutation(hajir.Steps()).Draw(t, "steps")[:rapid.IntRange(1, 3).Draw(t, "how many")]
		mirrored := make([]hajir.Step, len(steps))
		for i, s := range steps {
			mirrored[i] = map[hajir.Step]hajir.Step{hajir.StepLeft: hajir.StepRight, hajir.StepRight: hajir.StepLeft, hajir.StepBlink: hajir.StepBlink}[s]
		}
		c, m := trial(steps...), trial(mirrored...)
		for _, f := range rapid.SliceOfN(rapid.Custom(drawPose), 0, 40).Draw(t, "frames") {
			before := c
			c = watch(c, f)
			g := slices.Clone(f)
			for i := range g {
				g[i].Quality.Yaw *= -1
			}
			m = watch(m, g)
			if c.Done < before.Done || c.Done > before.Done+1 || before.Failed && !c.Failed || before.Passed() && !c.Passed() {
				t.Fatalf("from %+v to %+v", before, c)
			}
			if c.Done > before.Done && (*f[0].Likeness < model.Threshold || c.Likeness < model.Threshold) {
				t.Fatalf("done by somebody else: %+v", c)
			}
			if c.Done != m.Done || c.Failed != m.Failed || c.Frames != m.Frames {
				t.Fatalf("%+v, and in the mirror %+v", c, m)
			}
		}
	})
}

// A face that is still, wherever it looks, does nothing, however long it is shown.
func TestStillFaceDoesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yaw, open := rapid.Float64Range(-60, 60).Draw(t, "yaw"), rapid.Float64Range(0, 1).Draw(t, "open")
		c := trial(rapid.Permutation(hajir.Steps()).Draw(t, "steps")...)
		for range rapid.IntRange(1, 40).Draw(t, "how long") {
			// what measuring the same face twice differs by
			c = watch(c, alone(pose(yaw+rapid.Float64Range(-5, 5).Draw(t, "yaw noise"), min(max(open+rapid.Float64Range(-0.2, 0.2).Draw(t, "noise"), 0), 1)))...)
		}
		if c.Done > 0 || c.Failed {
			t.Fatalf("%+v", c)
		}
	})
}

func TestWhoIsChallenged(t *testing.T) {
	known := face(100, like("asha", 0.8))
	for _, tt := range []struct {
		rule     hajir.ChallengeRule
		liveness hajir.LivenessRule
		seen     []hajir.Sighting
		want     string
	}{
		{hajir.ChallengeOff, hajir.LivenessOff, []hajir.Sighting{known}, "accepted"},
		{hajir.ChallengeAlways, hajir.LivenessOff, []hajir.Sighting{known}, "challenged face_challenge asha"},
		{hajir.ChallengeAlways, hajir.LivenessRequire, []hajir.Sighting{alive(known, 0.9)}, "challenged face_challenge asha"},
		{hajir.ChallengeAlways, hajir.LivenessRequire, []hajir.Sighting{alive(known, 0.1)}, "refused face_not_live"},
		{hajir.ChallengeAlways, hajir.LivenessOff, []hajir.Sighting{face(100, like("asha", 0.2))}, "refused face_unknown"},
		{hajir.ChallengeAlways, hajir.LivenessOff, []hajir.Sighting{face(100, like("asha", 0.6), like("bina", 0.59))}, "confirm face_confirm asha bina"},
		{hajir.ChallengeDoubtful, hajir.LivenessOff, []hajir.Sighting{alive(known, 0.9)}, "accepted"},
		{hajir.ChallengeDoubtful, hajir.LivenessOff, []hajir.Sighting{alive(known, 0.1)}, "challenged face_challenge asha not_live"},
		{hajir.ChallengeDoubtful, hajir.LivenessOff, []hajir.Sighting{known}, "challenged face_challenge asha not_live"},
		{hajir.ChallengeDoubtful, hajir.LivenessRequire, []hajir.Sighting{alive(known, 0.1)}, "challenged face_challenge asha not_live"},
		{hajir.ChallengeDoubtful, hajir.LivenessWarn, []hajir.Sighting{alive(known, 0.1)}, "challenged face_challenge asha not_live"},
		// One of a group, who stands before the camera with others.
		{hajir.ChallengeDoubtful, hajir.LivenessOff, []hajir.Sighting{alive(known, 0.1), alive(face(90, like("bina", 0.8)), 0.9)}, "refused face_several, accepted"},
	} {
		p := policy()
		p.Challenge, p.Liveness = tt.rule, tt.liveness
		out, err := p.JudgeMoment([][]hajir.Sighting{tt.seen}, model, len(tt.seen) > 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range out {
			words := []string{string(o.Verdict), string(o.Code)}
			words = append(words, o.Ask...)
			for _, d := range o.Doubts {
				words = append(words, string(d))
			}
			got = append(got, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
			if (o.Verdict == hajir.Accepted) != (o.Decision.Username != "") || (o.Err() == nil) != (o.Verdict == hajir.Accepted) {
				t.Errorf("%v: %+v", tt, o)
			}
		}
		if all := strings.Join(got, ", "); all != tt.want {
			t.Errorf("%s, liveness %s: %q, want %q", tt.rule, tt.liveness, all, tt.want)
		}
	}
}

// One picture of three that does not seem alive is doubt enough.
func TestOneDoubtfulPictureChallenges(t *testing.T) {
	p := policy()
	p.Challenge = hajir.ChallengeDoubtful
	good, bad := alive(face(100, like("asha", 0.8)), 0.9), alive(face(100, like("asha", 0.8)), 0.2)
	out, err := p.JudgeMoment(alone(good, bad, good), model, false)
	if err != nil || out[0].Verdict != hajir.Challenged {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestMet(t *testing.T) {
	c := watch(trial(hajir.StepLeft), alone(straight, left)...)
	doubts := []hajir.Doubt{hajir.DoubtScore, hajir.DoubtLiveness}
	p := policy()
	for rule, want := range map[hajir.ChallengeRule]string{hajir.ChallengeDoubtful: "[low_score]", hajir.ChallengeAlways: "[low_score not_live]"} {
		p.Challenge = rule
		d, left := p.Met(c, "asha", hajir.Decision{Score: 0.6, Margin: 0.3}, doubts)
		if fmt.Sprint(left) != want || d.Username != "asha" || d.Score != 0.6 || d.Confirmed != hajir.ByChallenge || !d.Challenge.Passed || d.Challenge.Likeness != 0.8 {
			t.Errorf("%s: %+v, doubts %v", rule, d, left)
		}
	}
	if len(doubts) != 2 {
		t.Error("it changed what it was given")
	}
}
