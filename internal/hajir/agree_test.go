package hajir_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// moments of one face: "asha", "asha?bina" (a look-alike), "stranger", "photo" (of
// asha, not alive), "none", "two".
func moment(t interface{ Fatalf(string, ...any) }, pictures ...string) []hajir.Outcome {
	p := policy()
	p.Liveness = hajir.LivenessRequire
	frames := make([][]hajir.Sighting, len(pictures))
	for i, name := range pictures {
		first, second, alike := strings.Cut(name, "?")
		switch {
		case name == "none":
		case name == "stranger":
			frames[i] = []hajir.Sighting{alive(face(90, like("asha", 0.1)), 1)}
		case name == "photo":
			frames[i] = []hajir.Sighting{alive(face(90, like("asha", 0.8)), 0.1)}
		case name == "two":
			frames[i] = []hajir.Sighting{alive(face(90, like("asha", 0.8)), 1), alive(face(80), 1)}
		case alike:
			frames[i] = []hajir.Sighting{alive(face(90, like(first, 0.6), like(second, 0.59)), 1)}
		default:
			frames[i] = []hajir.Sighting{alive(face(90, like(first, 0.8-float64(i)/10)), 1)}
		}
	}
	out, err := p.JudgeMoment(frames, model, false)
	if err != nil {
		return []hajir.Outcome{{Verdict: hajir.Refused, Code: hajir.CodeOf(err)}}
	}
	if len(out) != 1 {
		t.Fatalf("%v: %d faces", pictures, len(out))
	}
	return out
}

func TestAgree(t *testing.T) {
	for pictures, want := range map[string]string{
		"asha":                          "asha",
		"asha asha":                     "asha",
		"asha asha asha":                "asha",
		"asha asha none":                "asha",
		"none asha asha":                "asha",
		"asha stranger asha":            "asha",
		"asha two asha":                 "asha",
		"asha photo asha":               "asha",
		"asha none":                     "face_unknown",
		"asha none none":                "face_unknown",
		"asha stranger":                 "face_unknown",
		"asha bina":                     "face_contradicted",
		"asha bina asha":                "face_contradicted",
		"asha asha?bina":                "PIN of [asha bina]",
		"asha asha?bina stranger":       "PIN of [asha bina]",
		"asha?bina asha?bina asha?bina": "PIN of [asha bina]",
		"asha?bina none none":           "face_ambiguous",
		"asha asha asha?bina":           "asha",
		"photo photo asha":              "face_not_live",
		"photo":                         "face_not_live",
		"stranger stranger":             "face_unknown",
		"none none":                     "face_none",
		"none two":                      "face_none",
		"two two":                       "face_several",
	} {
		if got := strings.Join(told(moment(t, strings.Fields(pictures)...)), ", "); got != want {
			t.Errorf("%s: %s, want %s", pictures, got, want)
		}
	}
}

func TestAgreementIsKept(t *testing.T) {
	o := moment(t, "stranger", "asha", "asha")[0]
	if o.Decision.Frames != 3 || o.Decision.Agreed != 2 || o.Frame != 1 || !slices.Equal(o.Doubts, []hajir.Doubt{hajir.DoubtFrames}) {
		t.Errorf("%+v", o)
	}
	if o := moment(t, "none", "asha", "asha")[0]; len(o.Doubts) > 0 {
		t.Errorf("a picture without a face is taken for disagreement: %+v", o)
	}
}

// A person is accepted only who was in more than half of the pictures, and whom no
// picture took for somebody else; in whatever order the pictures came.
func TestAgreeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pictures := rapid.SliceOfN(rapid.SampledFrom([]string{
			"asha", "bina", "asha?bina", "bina?chet", "stranger", "photo", "none", "two",
		}), 1, hajir.MaxFrames).Draw(t, "pictures")
		o := moment(t, pictures...)[0]
		if who := o.Decision.Username; o.Verdict == hajir.Accepted {
			votes := 0
			for _, name := range pictures {
				switch name {
				case who:
					votes++
				case "asha", "bina":
					t.Fatalf("%s accepted from %v", who, pictures)
				}
			}
			if votes*2 <= len(pictures) || o.Decision.Agreed != votes || o.Decision.Frames != len(pictures) {
				t.Fatalf("%s accepted from %v: %+v", who, pictures, o.Decision)
			}
		}
		p := moment(t, rapid.Permutation(pictures).Draw(t, "order")...)[0]
		slices.Sort(o.Ask)
		slices.Sort(p.Ask)
		if o.Verdict == hajir.Accepted && told([]hajir.Outcome{o})[0] != told([]hajir.Outcome{p})[0] || o.Verdict != p.Verdict || !slices.Equal(o.Ask, p.Ask) {
			t.Fatalf("%v: %q, and in another order %q", pictures, told([]hajir.Outcome{o}), told([]hajir.Outcome{p}))
		}
	})
}

func at(left float64, s hajir.Sighting) hajir.Sighting {
	s.Box = hajir.Box{Left: left, Top: 0.2, Width: 0.2, Height: 0.3}
	return s
}

func TestAgreeInAGroup(t *testing.T) {
	asha, bina, stranger := face(90, like("asha", 0.8)), face(80, like("bina", 0.8)), face(70)
	either := face(80, like("bina", 0.6), like("asha", 0.59))
	for name, tt := range map[string]struct {
		frames [][]hajir.Sighting
		want   []string
	}{
		"both in all": {
			[][]hajir.Sighting{{at(0.1, asha), at(0.6, bina)}, {at(0.62, bina), at(0.12, asha)}, {at(0.14, asha), at(0.6, bina)}},
			[]string{"asha", "bina"},
		},
		"one is missed, and a passer-by": {
			[][]hajir.Sighting{{at(0.1, asha), at(0.6, bina)}, {at(0.1, asha)}, {at(0.1, asha), at(0.6, bina), at(0.85, stranger)}},
			[]string{"asha", "bina", "face_unknown"},
		},
		"they change places": {
			[][]hajir.Sighting{{at(0.1, asha), at(0.6, bina)}, {at(0.1, bina), at(0.6, asha)}, {at(0.1, asha), at(0.6, bina)}},
			[]string{"face_contradicted", "face_contradicted"},
		},
		"one moves too quickly to be followed": {
			[][]hajir.Sighting{{at(0.1, asha)}, {at(0.1, asha)}, {at(0.7, asha)}},
			[]string{"asha"},
		},
		"a look-alike stands beside her in one picture": {
			[][]hajir.Sighting{{at(0.1, asha), at(0.6, either)}, {at(0.6, either)}, {at(0.1, asha), at(0.6, either)}},
			[]string{"asha", "PIN of [bina]"},
		},
	} {
		out, err := policy().JudgeMoment(tt.frames, model, true)
		if got := told(out); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
}
