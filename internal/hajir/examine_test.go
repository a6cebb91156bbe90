package hajir_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func good() hajir.Quality {
	return hajir.Quality{Measured: true, Sharpness: 120, Brightness: 0.45, Dark: 0.02, EyesOpen: 0.99}
}

func TestExamine(t *testing.T) {
	shows := func(change func(*hajir.Quality)) []hajir.Sighting {
		q := good()
		change(&q)
		return []hajir.Sighting{{Pixels: 200, Quality: q}}
	}
	alive := func(p float64) []hajir.Sighting {
		return []hajir.Sighting{{Pixels: 200, Quality: good(), Liveness: &p}}
	}
	plain, strict := hajir.DefaultMatchPolicy(), hajir.DefaultMatchPolicy()
	strict.Liveness = hajir.LivenessRequire
	for name, tt := range map[string]struct {
		policy hajir.MatchPolicy
		seen   []hajir.Sighting
		want   []hajir.Reason
	}{
		"a good picture":         {plain, shows(func(*hajir.Quality) {}), nil},
		"nothing measured":       {plain, shows(func(q *hajir.Quality) { *q = hajir.Quality{} }), nil},
		"nobody":                 {plain, nil, []hajir.Reason{hajir.ReasonNoFace}},
		"two people":             {plain, append(alive(1), alive(1)...), []hajir.Reason{hajir.ReasonSeveral}},
		"far away":               {plain, []hajir.Sighting{{Pixels: 30, Quality: good()}}, []hajir.Reason{hajir.ReasonSmall}},
		"dark":                   {plain, shows(func(q *hajir.Quality) { q.Brightness = 0.1 }), []hajir.Reason{hajir.ReasonDark}},
		"mostly black":           {plain, shows(func(q *hajir.Quality) { q.Dark = 0.7 }), []hajir.Reason{hajir.ReasonDark}},
		"a dark skin":            {plain, shows(func(q *hajir.Quality) { q.Brightness, q.Dark = 0.2, 0.4 }), nil},
		"bright":                 {plain, shows(func(q *hajir.Quality) { q.Brightness = 0.9 }), []hajir.Reason{hajir.ReasonBright}},
		"half of it white":       {plain, shows(func(q *hajir.Quality) { q.Bright = 0.5 }), []hajir.Reason{hajir.ReasonBright}},
		"blurred":                {plain, shows(func(q *hajir.Quality) { q.Sharpness = 29 }), []hajir.Reason{hajir.ReasonBlurred}},
		"turned left":            {plain, shows(func(q *hajir.Quality) { q.Yaw = 36 }), []hajir.Reason{hajir.ReasonTurned}},
		"turned right":           {plain, shows(func(q *hajir.Quality) { q.Yaw = -36 }), []hajir.Reason{hajir.ReasonTurned}},
		"a little to the side":   {plain, shows(func(q *hajir.Quality) { q.Yaw = -25 }), nil},
		"looking down":           {plain, shows(func(q *hajir.Quality) { q.Pitch = 40 }), []hajir.Reason{hajir.ReasonTurned}},
		"lying":                  {plain, shows(func(q *hajir.Quality) { q.Roll = 90 }), []hajir.Reason{hajir.ReasonTurned}},
		"asleep":                 {plain, shows(func(q *hajir.Quality) { q.EyesOpen = 0.01 }), []hajir.Reason{hajir.ReasonEyes}},
		"no number":              {plain, shows(func(q *hajir.Quality) { q.Sharpness = math.NaN() }), []hajir.Reason{hajir.ReasonBlurred}},
		"a photo, nobody asks":   {plain, alive(0.01), nil},
		"a photo":                {strict, alive(0.01), []hajir.Reason{hajir.ReasonNotLive}},
		"alive":                  {strict, alive(0.9), nil},
		"alive was not measured": {strict, shows(func(*hajir.Quality) {}), []hajir.Reason{hajir.ReasonNotLive}},
		"dark, turned, blurred": {
			plain, shows(func(q *hajir.Quality) { q.Sharpness, q.Brightness, q.Yaw = 1, 0, 80 }),
			[]hajir.Reason{hajir.ReasonDark, hajir.ReasonTurned, hajir.ReasonBlurred},
		},
	} {
		t.Run(name, func(t *testing.T) {
			found := tt.policy.Examine(tt.seen)
			if len(found) != len(tt.want) {
				t.Fatalf("%v, want %v", found, tt.want)
			}
			for i, f := range found {
				if f.Reason != tt.want[i] || f.Code == "" || f.Message == "" {
					t.Errorf("%+v, want %s", f, tt.want[i])
				}
			}
			if err := tt.policy.Enrol("asha", tt.seen, hajir.Model{}); (err != nil) != (len(found) > 0) {
				t.Errorf("Enrol says %v", err)
			}
		})
	}
}

// TestExamineWorse draws a picture and one that is worse by one measure: the
// worse one never passes where the better fails.
func TestExamineWorse(t *testing.T) {
	share := rapid.Float64Range(0, 1)
	angle := rapid.Float64Range(-90, 90)
	worse := []func(*rapid.T, *hajir.Quality){
		func(t *rapid.T, q *hajir.Quality) { q.Sharpness *= share.Draw(t, "blur") },
		func(t *rapid.T, q *hajir.Quality) { q.Dark += (1 - q.Dark) * share.Draw(t, "darker") },
		func(t *rapid.T, q *hajir.Quality) { q.Bright += (1 - q.Bright) * share.Draw(t, "brighter") },
		func(t *rapid.T, q *hajir.Quality) { q.Yaw *= 1 + share.Draw(t, "turn") },
		func(t *rapid.T, q *hajir.Quality) { q.Pitch *= 1 + share.Draw(t, "nod") },
		func(t *rapid.T, q *hajir.Quality) { q.Roll *= 1 + share.Draw(t, "tilt") },
		func(t *rapid.T, q *hajir.Quality) { q.EyesOpen *= share.Draw(t, "blink") },
		func(t *rapid.T, q *hajir.Quality) { // away from the middle of the light
			q.Brightness += (q.Brightness - 0.5) * share.Draw(t, "light")
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		q := hajir.Quality{
			Measured: true, Sharpness: rapid.Float64Range(0, 800).Draw(t, "sharpness"), Brightness: share.Draw(t, "brightness"),
			Dark: share.Draw(t, "dark"), Bright: share.Draw(t, "bright"), EyesOpen: share.Draw(t, "eyes"),
			Yaw: angle.Draw(t, "yaw"), Pitch: angle.Draw(t, "pitch"), Roll: angle.Draw(t, "roll"),
		}
		p := hajir.DefaultMatchPolicy()
		p.Liveness = hajir.LivenessRequire
		live := share.Draw(t, "live")
		before := p.Examine([]hajir.Sighting{{Pixels: 200, Quality: q, Liveness: &live}})
		rapid.SampledFrom(worse).Draw(t, "worse")(t, &q)
		dead := live * share.Draw(t, "dead")
		after := p.Examine([]hajir.Sighting{{Pixels: 200, Quality: q, Liveness: &dead}})
		if len(after) < len(before) {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestNearest(t *testing.T) {
	p := hajir.DefaultMatchPolicy()
	seen := []hajir.Sighting{
		{Pixels: 20, Candidates: []hajir.Candidate{{Username: "passer-by", Score: 0.99}}},
		{Pixels: 200, Candidates: []hajir.Candidate{{Username: "asha", Score: 0.9}, {Username: "bina", Score: 0.3}}},
	}
	if got := p.Nearest("asha", seen); got == nil || got.Username != "bina" {
		t.Errorf("%+v, want bina", got)
	}
	if got := p.Duplicate("asha", seen, hajir.Model{Threshold: 0.4}); got != nil {
		t.Errorf("%+v, and bina is not near enough", got)
	}
	if got := p.Duplicate("bina", seen, hajir.Model{Threshold: 0.4}); got == nil || got.Code != hajir.FaceDuplicate {
		t.Errorf("%+v, want that it is asha's", got)
	}
	if got := p.Nearest("asha", nil); got != nil {
		t.Errorf("%+v in a picture of nobody", got)
	}
}
