package hajir_test

import (
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

func TestDecide(t *testing.T) {
	p := hajir.MatchPolicy{Margin: 0.05, MinFacePixels: 64}
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
		"two look alike":                   {[]hajir.Sighting{face(100, like("asha", 0.6), like("bina", 0.56))}, "", hajir.FaceAmbiguous},
		"two look alike, both strangers":   {[]hajir.Sighting{face(100, like("asha", 0.3), like("bina", 0.29))}, "", hajir.FaceUnknown},
		"far away":                         {[]hajir.Sighting{face(63, like("asha", 0.8))}, "", hajir.FaceSmall},
		"two at the door":                  {[]hajir.Sighting{face(90, like("asha", 0.8)), face(80, like("bina", 0.8))}, "", hajir.FaceSeveral},
		"one at the door, one behind":      {[]hajir.Sighting{face(90, like("asha", 0.8)), face(30, like("bina", 0.8))}, "asha", ""},
		"two far away":                     {[]hajir.Sighting{face(40), face(30)}, "", hajir.FaceSmall},
		"one behind listed first":          {[]hajir.Sighting{face(30, like("bina", 0.8)), face(90, like("asha", 0.8))}, "asha", ""},
		"a score that is not a number":     {[]hajir.Sighting{face(90, like("asha", nan()))}, "", hajir.FaceUnknown},
		"a runner-up that is no person":    {[]hajir.Sighting{face(90, like("asha", 0.8), like("bina", -1))}, "asha", ""},
		"margin exactly what is asked for": {[]hajir.Sighting{face(90, like("asha", 0.75), like("bina", 0.5))}, "asha", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := p.Decide(tt.seen, "m", 0.4)
			if codeOf(err) != tt.code || d.Username != tt.who {
				t.Fatalf("Decide = %q, %v; want %q with code %q", d.Username, err, tt.who, tt.code)
			}
			if err == nil && (d.Threshold != 0.4 || d.MinMargin != 0.05 || d.Model != "m" || len(d.Candidates) == 0) {
				t.Errorf("the decision does not say why: %+v", d)
			}
		})
	}
}

func TestDecideTakesTheCompanysThreshold(t *testing.T) {
	p := hajir.MatchPolicy{Threshold: 0.7, Margin: 0.05, MinFacePixels: 64}
	if _, err := p.Decide([]hajir.Sighting{face(100, like("asha", 0.65))}, "m", 0.4); hajir.CodeOf(err) != hajir.FaceUnknown {
		t.Errorf("0.65 passed a threshold of 0.7: %v", err)
	}
}

// Whatever is seen, nobody is decided for without their score and margin.
func TestDecideNeverGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := hajir.MatchPolicy{
			Threshold:     rapid.Float64Range(0.01, 0.99).Draw(t, "threshold"),
			Margin:        rapid.Float64Range(0, 0.5).Draw(t, "margin"),
			MinFacePixels: 64,
		}
		first := rapid.Float64Range(-1, 1).Draw(t, "first")
		second := rapid.Float64Range(-1, first).Draw(t, "second")
		d, err := p.Decide([]hajir.Sighting{face(100, like("a", first), like("b", second))}, "m", 0)
		if believed := err == nil; believed != (first >= p.Threshold && first-second >= p.Margin) {
			t.Fatalf("Decide = %+v, %v", d, err)
		}
		if (d.Username == "") != (err != nil) {
			t.Fatalf("an error with a person, or neither: %+v, %v", d, err)
		}
	})
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
			if err := p.Enrol("asha", tt.seen, 0.4); codeOf(err) != tt.code {
				t.Errorf("Enrol = %v, want code %q", err, tt.code)
			}
		})
	}
}
