package hajir_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func face(pixels int, candidates ...hajir.Candidate) hajir.Sighting {
	return hajir.Sighting{Pixels: pixels, Candidates: candidates}
}

func like(username string, score float64) hajir.Candidate {
	return hajir.Candidate{Username: username, FaceID: "f-" + username, Score: score}
}

func alive(s hajir.Sighting, p float64) hajir.Sighting {
	s.Liveness = &p
	return s
}

var model = hajir.Model{Name: "m", Threshold: 0.4, Liveness: "l"}

func policy() hajir.MatchPolicy { return hajir.DefaultMatchPolicy() }

func single(p hajir.MatchPolicy, seen ...hajir.Sighting) (hajir.Outcome, error) {
	out, err := p.Judge(seen, model, false)
	if err != nil {
		return hajir.Outcome{}, err
	}
	return out[0], out[0].Err()
}

func TestJudgeOne(t *testing.T) {
	for name, tt := range map[string]struct {
		seen []hajir.Sighting
		who  string
		code hajir.Code
	}{
		"nobody there":                     {nil, "", hajir.FaceNone},
		"known":                            {[]hajir.Sighting{face(100, like("asha", 0.8), like("bina", 0.2))}, "asha", ""},
		"known, and the only one":          {[]hajir.Sighting{face(100, like("asha", 0.8))}, "asha", ""},
		"exactly at the threshold":         {[]hajir.Sighting{face(100, like("asha", 0.4))}, "asha", ""},
		"just below the threshold":         {[]hajir.Sighting{face(100, like("asha", 0.3999))}, "", hajir.FaceUnknown},
		"nobody enrolled":                  {[]hajir.Sighting{face(100)}, "", hajir.FaceUnknown},
		"two look alike":                   {[]hajir.Sighting{face(100, like("asha", 0.6), like("bina", 0.56))}, "", hajir.FaceConfirm},
		"two look alike, one too little":   {[]hajir.Sighting{face(100, like("asha", 0.42), like("bina", 0.39))}, "", hajir.FaceConfirm},
		"two look alike, both strangers":   {[]hajir.Sighting{face(100, like("asha", 0.3), like("bina", 0.29))}, "", hajir.FaceUnknown},
		"far away":                         {[]hajir.Sighting{face(63, like("asha", 0.8))}, "", hajir.FaceSmall},
		"two at the door":                  {[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("bina", 0.8))}, "", hajir.FaceSeveral},
		"one at the door, one behind":      {[]hajir.Sighting{face(90, like("asha", 0.8)), face(30, like("bina", 0.8))}, "asha", ""},
		"two far away":                     {[]hajir.Sighting{face(40), face(30)}, "", hajir.FaceSmall},
		"one behind listed first":          {[]hajir.Sighting{face(30, like("bina", 0.8)), face(90, like("asha", 0.8))}, "asha", ""},
		"a score that is not a number":     {[]hajir.Sighting{face(90, like("asha", nan()))}, "", hajir.FaceUnknown},
		"one that is no number beside one": {[]hajir.Sighting{face(90, like("bina", nan()), like("asha", 0.8))}, "asha", ""},
		"a runner-up that is no person":    {[]hajir.Sighting{face(90, like("asha", 0.9), like("bina", -1))}, "asha", ""},
		"margin exactly what is asked for": {[]hajir.Sighting{face(90, like("asha", 0.75), like("bina", 0.5))}, "asha", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := policy()
			if name == "margin exactly what is asked for" {
				p.Margin = 0.25
			}
			o, err := single(p, tt.seen...)
			if codeOf(err) != tt.code || o.Decision.Username != tt.who {
				t.Fatalf("Judge = %+v, %v; want %q with code %q", o, err, tt.who, tt.code)
			}
			d := o.Decision
			if err == nil && (d.Threshold != 0.4 || d.MinMargin != p.Margin || d.Model != "m" || len(d.Candidates) == 0 || d.Frames != 1 || d.Agreed != 1) {
				t.Errorf("the decision does not say why: %+v", d)
			}
		})
	}
}

func TestJudgeTakesTheCompanysThreshold(t *testing.T) {
	p := policy()
	p.Threshold = 0.7
	if _, err := single(p, face(100, like("asha", 0.65))); hajir.CodeOf(err) != hajir.FaceUnknown {
		t.Errorf("0.65 passed a threshold of 0.7: %v", err)
	}
}

// told is what a group's picture leads to, face by face.
func told(out []hajir.Outcome) []string {
	var all []string
	for _, o := range out {
		switch o.Verdict {
		case hajir.Accepted:
			all = append(all, o.Decision.Username)
		case hajir.Confirm:
			all = append(all, fmt.Sprint("PIN of ", o.Ask))
		case hajir.Refused, hajir.Challenged:
			all = append(all, string(o.Code))
		}
	}
	return all
}

func TestJudgeGroup(t *testing.T) {
	for name, tt := range map[string]struct {
		seen []hajir.Sighting
		want []string
	}{
		"both known": {
			[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("bina", 0.7), like("asha", 0.2))},
			[]string{"asha", "bina"},
		},
		"one known, one stranger, one far away": {
			[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("asha", 0.2)), face(20, like("bina", 0.9))},
			[]string{"asha", "face_unknown"},
		},
		"two look like one": {
			[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("asha", 0.78))},
			[]string{"PIN of [asha]", "face_ambiguous"},
		},
		"a sibling beside her is no rival, and is not her": {
			[]hajir.Sighting{face(90, like("asha", 0.8), like("bina", 0.5)), face(80, like("asha", 0.6), like("bina", 0.58))},
			[]string{"asha", "PIN of [bina]"},
		},
		"a picture of her on the wall behind": {
			[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("asha", 0.7))},
			[]string{"asha", "face_ambiguous"},
		},
		"twins": {
			[]hajir.Sighting{face(90, like("asha", 0.8), like("bina", 0.79)), face(80, like("asha", 0.77), like("bina", 0.8))},
			[]string{"PIN of [asha bina]", "PIN of [bina asha]"},
		},
		"each is taken for another person": {
			[]hajir.Sighting{
				face(90, like("asha", 0.6), like("bina", 0.59)), face(80, like("asha", 0.62)), face(70, like("bina", 0.6), like("chet", 0.58)),
			},
			[]string{"PIN of [asha bina]", "PIN of [asha]", "PIN of [bina chet]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := policy().Judge(tt.seen, model, true)
			if got := told(out); err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("Judge = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	if _, err := policy().Judge(nil, model, true); hajir.CodeOf(err) != hajir.FaceNone {
		t.Errorf("nobody there: %v", err)
	}
}

func TestLiveness(t *testing.T) {
	asha := face(90, like("asha", 0.8))
	for _, tt := range []struct {
		rule   hajir.LivenessRule
		seen   hajir.Sighting
		code   hajir.Code
		doubts []hajir.Doubt
	}{
		{hajir.LivenessOff, alive(asha, 0), "", nil},
		{hajir.LivenessWarn, asha, "", nil},
		{hajir.LivenessWarn, alive(asha, 0.5), "", nil},
		{hajir.LivenessWarn, alive(asha, 0.49), "", []hajir.Doubt{hajir.DoubtLiveness}},
		{hajir.LivenessRequire, alive(asha, 0.5), "", nil},
		{hajir.LivenessRequire, alive(asha, 0.49), hajir.FaceNotLive, nil},
		{hajir.LivenessRequire, alive(asha, nan()), hajir.FaceNotLive, nil},
		{hajir.LivenessRequire, asha, hajir.FaceNotLive, nil}, // not measured
		{hajir.LivenessRequire, alive(face(90, like("asha", 0.6), like("bina", 0.59)), 0.1), hajir.FaceNotLive, nil},
	} {
		p := policy()
		p.Liveness = tt.rule
		o, err := single(p, tt.seen)
		if codeOf(err) != tt.code || !slices.Equal(o.Doubts, tt.doubts) {
			t.Errorf("%s with %v: %v, doubts %v", tt.rule, tt.seen.Liveness, err, o.Doubts)
		}
		if err != nil && (o.Decision.Username != "" || len(o.Ask) > 0) {
			t.Errorf("a refusal names somebody: %+v", o)
		}
		if o.Decision.Liveness != tt.seen.Liveness || o.Decision.LivenessModel != "l" {
			t.Errorf("the decision does not keep what was measured: %+v", o.Decision)
		}
	}
}

func TestDoubts(t *testing.T) {
	p := policy() // 0.4, 0.05, doubt 0.04
	for _, tt := range []struct {
		seen hajir.Sighting
		want []hajir.Doubt
	}{
		{face(90, like("asha", 0.45)), nil},
		{face(90, like("asha", 0.43)), []hajir.Doubt{hajir.DoubtScore}},
		{face(90, like("asha", 0.8), like("bina", 0.72)), []hajir.Doubt{hajir.DoubtMargin}},
		{face(90, like("asha", 0.8), like("bina", 0.7)), nil},
		{face(90, like("asha", 0.43), like("bina", 0.37)), []hajir.Doubt{hajir.DoubtScore, hajir.DoubtMargin}},
	} {
		if o, err := single(p, tt.seen); err != nil || !slices.Equal(o.Doubts, tt.want) {
			t.Errorf("%v: %v, %v; want %v", tt.seen.Candidates, o.Doubts, err, tt.want)
		}
	}
	p.Doubt = 0
	if o, err := single(p, face(90, like("asha", 0.4), like("bina", 0.3))); err != nil || len(o.Doubts) > 0 {
		t.Errorf("without a range of doubt: %v, %v", o.Doubts, err)
	}
}

func TestConfirmedBy(t *testing.T) {
	o, _ := single(policy(), face(90, like("asha", 0.6), like("bina", 0.5625)))
	d := o.Decision.ConfirmedBy(hajir.ByPIN, "bina")
	if d.Username != "bina" || d.Score != 0.5625 || d.Margin > -0.037 || d.Confirmed != hajir.ByPIN || len(d.Candidates) != 2 {
		t.Errorf("%+v", d)
	}
}

// frames draws faces, with scores that often tie, and a policy.
func drawFrame(t *rapid.T) ([]hajir.Sighting, hajir.MatchPolicy) {
	score := rapid.OneOf(rapid.SampledFrom([]float64{0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.9}), rapid.Float64Range(-1, 1))
	n := rapid.IntRange(1, 4).Draw(t, "faces")
	seen := make([]hajir.Sighting, n)
	for i := range seen {
		seen[i].Pixels = rapid.SampledFrom([]int{30, 64, 100}).Draw(t, "pixels")
		for _, who := range []string{"asha", "bina", "chet", "dipa"} {
			if rapid.Bool().Draw(t, "candidate") {
				seen[i].Candidates = append(seen[i].Candidates, like(who, score.Draw(t, "score")))
			}
		}
		if rapid.Bool().Draw(t, "measured") {
			l := rapid.Float64Range(0, 1).Draw(t, "liveness")
			seen[i].Liveness = &l
		}
	}
	p := policy()
	p.Threshold = rapid.SampledFrom([]float64{0, 0.3, 0.45, 0.6}).Draw(t, "threshold")
	p.Margin = rapid.SampledFrom([]float64{0, 0.05, 0.1, 0.3}).Draw(t, "margin")
	p.Liveness = rapid.SampledFrom([]hajir.LivenessRule{hajir.LivenessOff, hajir.LivenessWarn, hajir.LivenessRequire}).Draw(t, "rule")
	return seen, p
}

// believed is who is accepted.
func believed(t *rapid.T, p hajir.MatchPolicy, seen []hajir.Sighting) map[string]hajir.Outcome {
	out, err := p.Judge(seen, model, true)
	all := map[string]hajir.Outcome{}
	for _, o := range out {
		who := o.Decision.Username
		if (who != "") != (o.Verdict == hajir.Accepted) || (o.Verdict == hajir.Accepted) != (o.Err() == nil) || (o.Verdict == hajir.Confirm) != (len(o.Ask) > 0) {
			t.Fatalf("an outcome that contradicts itself: %+v", o)
		}
		if _, twice := all[who]; who != "" && twice {
			t.Fatalf("%s is twice in one picture: %+v", who, out)
		}
		if who != "" {
			all[who] = o
		}
	}
	if err != nil && len(out) > 0 {
		t.Fatalf("an error and outcomes: %v", err)
	}
	return all
}

// Nobody is twice in a picture; whoever is accepted reaches the threshold and is
// ahead by the margin, for their face and among the faces; nobody who is
// accepted is asked for a PIN.
func TestJudgeNeverGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen, p := drawFrame(t)
		threshold := p.Threshold
		if threshold == 0 {
			threshold = model.Threshold
		}
		got := believed(t, p, seen)
		for who, o := range got {
			for i, s := range seen {
				for _, c := range s.Candidates {
					switch same := i == o.Face; {
					case same && c.Username == who && !(c.Score >= threshold && c.Score == o.Decision.Score):
						t.Fatalf("%s with %v below %v", who, c.Score, threshold)
					case same != (c.Username == who) && s.Pixels >= p.MinFacePixels && !(o.Decision.Score-c.Score >= p.Margin && o.Decision.Score > c.Score):
						t.Fatalf("%s with %v, and %s with %v elsewhere", who, o.Decision.Score, c.Username, c.Score)
					}
				}
			}
		}
		out, _ := p.Judge(seen, model, true)
		for _, o := range out {
			for _, who := range o.Ask {
				if _, there := got[who]; there && p.Liveness != hajir.LivenessRequire {
					t.Fatalf("%s is accepted, and asked for a PIN at another face", who)
				}
			}
		}
	})
}

// The order of faces and of candidates decides nothing.
func TestJudgeKnowsNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen, p := drawFrame(t)
		before := believed(t, p, seen)
		mixed := rapid.Permutation(seen).Draw(t, "faces")
		for i := range mixed {
			mixed[i].Candidates = rapid.Permutation(mixed[i].Candidates).Draw(t, "candidates")
		}
		after := believed(t, p, mixed)
		if len(before) != len(after) {
			t.Fatalf("%v, and in another order %v", before, after)
		}
		for who, o := range before {
			if p := after[who]; p.Decision.Score != o.Decision.Score || !slices.Equal(p.Doubts, o.Doubts) {
				t.Fatalf("%s: %+v, and in another order %+v", who, o, p)
			}
		}
		first, _ := p.Judge(seen, model, true)
		second, _ := p.Judge(mixed, model, true)
		count := func(out []hajir.Outcome) map[hajir.Verdict]int {
			n := map[hajir.Verdict]int{}
			for _, o := range out {
				n[o.Verdict]++
			}
			return n
		}
		if a, b := count(first), count(second); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%v, and in another order %v", a, b)
		}
	})
}

// A higher threshold, margin or liveness never accepts anybody more.
func TestStricterNeverAcceptsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen, p := drawFrame(t)
		strict := p
		if p.Threshold == 0 {
			strict.Threshold = model.Threshold
		}
		strict.Threshold = min(strict.Threshold+rapid.Float64Range(0, 0.5).Draw(t, "more threshold"), 0.99)
		strict.Margin += rapid.Float64Range(0, 0.5).Draw(t, "more margin")
		strict.MinLiveness = rapid.Float64Range(p.MinLiveness, 0.99).Draw(t, "liveness")
		before := believed(t, p, seen)
		for who := range believed(t, strict, seen) {
			if _, known := before[who]; !known {
				t.Fatalf("%s is accepted by %+v and not by %+v", who, strict, p)
			}
		}
	})
}

func TestMatchPolicyValidates(t *testing.T) {
	if err := policy().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*hajir.MatchPolicy){
		"threshold": func(p *hajir.MatchPolicy) { p.Threshold = 1 }, "no threshold": func(p *hajir.MatchPolicy) { p.Threshold = nan() },
		"margin": func(p *hajir.MatchPolicy) { p.Margin = -0.1 }, "pixels": func(p *hajir.MatchPolicy) { p.MinFacePixels = 0 },
		"doubt": func(p *hajir.MatchPolicy) { p.Doubt = nan() }, "rule": func(p *hajir.MatchPolicy) { p.Liveness = "" },
		"liveness": func(p *hajir.MatchPolicy) { p.MinLiveness = 0 }, "frames": func(p *hajir.MatchPolicy) { p.Frames = 4 },
		"challenge": func(p *hajir.MatchPolicy) { p.Challenge = "sometimes" },
	} {
		p := policy()
		spoil(&p)
		if err := p.Validate(); codeOf(err) != hajir.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnrol(t *testing.T) {
	p := hajir.DefaultMatchPolicy()
	for name, tt := range map[string]struct {
		seen []hajir.Sighting
		code hajir.Code
	}{
		"a new face":                    {[]hajir.Sighting{face(100, like("bina", 0.2))}, ""},
		"another picture of the person": {[]hajir.Sighting{face(100, like("asha", 0.9), like("bina", 0.2))}, ""},
		"somebody else's face":          {[]hajir.Sighting{face(100, like("bina", 0.4))}, hajir.FaceDuplicate},
		"somebody else's face, second":  {[]hajir.Sighting{face(100, like("asha", 0.9), like("bina", 0.5))}, hajir.FaceDuplicate},
		"no face":                       {nil, hajir.FaceNone},
		"two faces":                     {[]hajir.Sighting{face(100), face(100)}, hajir.FaceSeveral},
		"a small face":                  {[]hajir.Sighting{face(20)}, hajir.FaceSmall},
		"a passer-by with a known face": {[]hajir.Sighting{face(100), face(20, like("bina", 0.9))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if err := p.Enrol("asha", tt.seen, hajir.Model{Threshold: 0.4}); codeOf(err) != tt.code {
				t.Errorf("Enrol = %v, want code %q", err, tt.code)
			}
		})
	}
}
