package hajir_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// Two versions: what one calls 0.4 the other calls 0.7.
var old, fresh = hajir.Version{Name: "m", Threshold: 0.4}, hajir.Version{Name: "n", Threshold: 0.7}

func by(v hajir.Version, username string, score float64) hajir.Candidate {
	c := like(username, score)
	c.Model = v
	return c
}

func TestJudgeTwoVersions(t *testing.T) {
	own := policy()
	own.Threshold, own.ThresholdModel = 0.6, "m"
	for name, tt := range map[string]struct {
		policy             hajir.MatchPolicy
		seen               []hajir.Candidate
		who                string
		code               hajir.Code
		model              string
		threshold          float64
		score, atLeast, to float64 // margin between atLeast and to
	}{
		"each version has its own threshold, the old": {
			policy(), []hajir.Candidate{by(old, "asha", 0.5), by(fresh, "bina", 0.3)}, "asha", "", "m", 0.4, 0.5, 0.42, 0.43,
		},
		"and the new": {
			policy(), []hajir.Candidate{by(fresh, "asha", 0.8), by(old, "bina", 0.2)}, "asha", "", "n", 0.7, 0.8, 0.3, 0.4,
		},
		"a score that would do in the old does not in the new": {
			policy(), []hajir.Candidate{by(fresh, "asha", 0.6)}, "", hajir.FaceUnknown, "n", 0.7, 0.6, 1.6, 1.6,
		},
		"the lower score is ahead where less is asked for": {
			policy(), []hajir.Candidate{by(fresh, "bina", 0.72), by(old, "asha", 0.7)}, "asha", "", "m", 0.4, 0.7, 0.25, 0.27,
		},
		"as far between threshold and 1: as near": {
			policy(), []hajir.Candidate{by(old, "asha", 0.7), by(fresh, "bina", 0.85)}, "", hajir.FaceConfirm, "n", 0.7, 0.85, 0, 1e-9,
		},
		"nearly as near": {
			policy(), []hajir.Candidate{by(old, "asha", 0.72), by(fresh, "bina", 0.85)}, "", hajir.FaceConfirm, "m", 0.4, 0.72, 0.01, 0.03,
		},
		"the company's threshold is for the version that it names": {
			own, []hajir.Candidate{by(old, "asha", 0.55), by(fresh, "bina", 0.1)}, "", hajir.FaceUnknown, "m", 0.6, 0.55, 0.4, 0.6,
		},
		"and not for the other": {
			own, []hajir.Candidate{by(fresh, "asha", 0.75)}, "asha", "", "n", 0.7, 0.75, 1.7, 1.8,
		},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := tt.policy.Judge([]hajir.Sighting{face(100, tt.seen...)}, model, false)
			if err != nil {
				t.Fatal(err)
			}
			d := out[0].Decision
			if out[0].Code != tt.code || d.Username != tt.who || d.Model != tt.model || d.Threshold != tt.threshold || d.Score != tt.score {
				t.Errorf("%q, code %q, %+v", d.Username, out[0].Code, d)
			}
			if d.Margin < tt.atLeast-1e-9 || d.Margin > tt.to+1e-9 {
				t.Errorf("margin %v, want %v to %v", d.Margin, tt.atLeast, tt.to)
			}
			for _, c := range d.Candidates {
				if c.Model.Name == d.Model {
					t.Errorf("a candidate repeats the decision's version: %+v", c)
				}
			}
		})
	}
}

func TestTwoVersionsInAGroup(t *testing.T) {
	seen := []hajir.Sighting{
		face(100, by(old, "asha", 0.9), by(fresh, "bina", 0.5)),
		face(90, by(fresh, "bina", 0.95), by(old, "asha", 0.1)),
		face(80, by(fresh, "chet", 0.9), by(old, "dipa", 0.79)),
	}
	out, err := policy().Judge(seen, model, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := told(out), []string{"asha", "bina", "PIN of [chet dipa]"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestConfirmedByAnotherVersion(t *testing.T) {
	out, err := policy().Judge([]hajir.Sighting{face(100, by(old, "asha", 0.72), by(fresh, "bina", 0.85))}, model, false)
	if err != nil {
		t.Fatal(err)
	}
	d := out[0].Decision.ConfirmedBy(hajir.ByPIN, "bina")
	if d.Model != "n" || d.Threshold != 0.7 || d.Score != 0.85 || math.Abs(d.Margin+0.01) > 1e-9 {
		t.Errorf("%+v", d)
	}
	for _, c := range d.Candidates {
		if c.Username == "asha" && c.Model != old || c.Username == "bina" && c.Model != (hajir.Version{}) {
			t.Errorf("%+v", c)
		}
	}
}

// Naming the version of every candidate, when there is one, changes no decision.
func TestOneVersionIsJudgedAsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seen, p := drawFrame(t)
		named := slices.Clone(seen)
		for i := range named {
			named[i].Candidates = slices.Clone(named[i].Candidates)
			for j := range named[i].Candidates {
				named[i].Candidates[j].Model = model.Version()
			}
		}
		a, errA := p.Judge(seen, model, true)
		b, errB := p.Judge(named, model, true)
		if (errA == nil) != (errB == nil) || !slices.EqualFunc(told(a), told(b), func(x, y string) bool { return x == y }) {
			t.Fatalf("%v, %v without, %v, %v with the version", told(a), errA, told(b), errB)
		}
	})
}

func TestDuplicateInAnotherVersion(t *testing.T) {
	for score, want := range map[float64]bool{0.65: false, 0.7: true} {
		seen := []hajir.Sighting{face(100, by(fresh, "bina", score))}
		if got := policy().Duplicate("asha", seen, model) != nil; got != want {
			t.Errorf("a duplicate at %v: %v", score, got)
		}
	}
}

func TestModels(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if m := (hajir.Models{}).Settled(map[string]int{"a": 3, "b": 2}, "c"); m.Current != "a" {
		t.Errorf("of faces in a and b, %q decides", m.Current)
	}
	if m := (hajir.Models{}).Settled(nil, "c"); m.Current != "c" {
		t.Errorf("without faces, %q decides", m.Current)
	}
	m := hajir.Models{Current: "a"}
	if _, news := m.Begin("a", now); news {
		t.Error("a change to what is there is news")
	}
	m, _ = m.Begin("b", now)
	if back, err := m.Rollback(now); err != nil || back.Current != "a" || back.Next != "" || back.Declined != "b" {
		t.Errorf("a change that is ended: %+v, %v", back, err)
	}
	if back, news := m.Begin("a", now); !news || back.Next != "" || back.Declined != "" {
		t.Errorf("started with what decides: %+v", back)
	}
	m, err := m.Finish(now)
	if err != nil || m.Current != "b" || m.Before != "a" || m.Next != "" || !slices.Equal(m.Kept(), []string{"b", "a"}) {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := m.Finish(now); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("finished twice: %v", err)
	}
	if back, err := m.Rollback(now); err != nil || back.Current != "a" || back.Before != "" || back.Declined != "b" {
		t.Errorf("%+v, %v", back, err)
	}
	late := now.Add(hajir.KeepBefore)
	if _, err := m.Rollback(late); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("gone back too late: %v", err)
	}
	if _, gone := m.Expire(late.Add(-time.Second)); gone {
		t.Error("expired too early")
	}
	if m, gone := m.Expire(late); !gone || !slices.Equal(m.Kept(), []string{"b"}) {
		t.Errorf("%+v", m)
	}
}

func TestModelsAreClaimed(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	m, mine := hajir.Models{Current: "a"}.Claim("one", now)
	if !mine {
		t.Fatal("nobody had it")
	}
	if _, mine := m.Claim("two", now.Add(hajir.WorkClaim-1)); mine {
		t.Error("two work at once")
	}
	if _, mine := m.Claim("one", now); !mine {
		t.Error("it cannot be claimed anew")
	}
	if m, mine := m.Claim("two", now.Add(hajir.WorkClaim)); !mine || m.Worker != "two" {
		t.Error("nobody takes over")
	}
}

func TestOrder(t *testing.T) {
	running := hajir.Models{Current: "b", Next: "c", Before: "a"}
	for name, tt := range map[string]struct {
		m    hajir.Models
		has  string
		want []string
	}{
		"both":                                   {running, "abc", []string{"c", "b"}},
		"nothing is under way":                   {hajir.Models{Current: "b", Before: "a"}, "ab", []string{"b"}},
		"started with an earlier one":            {hajir.Models{Current: "b", Before: "a"}, "a", []string{"a"}},
		"the current one is not at hand":         {running, "ac", []string{"c", "a"}},
		"the next one is not at hand":            {running, "ab", []string{"b"}},
		"only the new one, until it is computed": {hajir.Models{Current: "b", Next: "c"}, "c", []string{"c"}},
	} {
		got := tt.m.Order(func(v string) bool { return slices.Contains([]byte(tt.has), v[0]) })
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		faces     []int
		all, want int
	}{
		{[]int{0, 2}, 2, 1}, // none is changed yet
		{[]int{1, 2}, 2, 1}, // half of them
		{[]int{2, 2}, 2, 0}, // all
		{[]int{1, 1}, 2, 0}, // one in each
		{[]int{1, 0}, 1, 0},
		{[]int{0, 0}, 0, -1},
	} {
		if got := hajir.Choose(tt.faces, tt.all); got != tt.want {
			t.Errorf("%v of %d: %d, want %d", tt.faces, tt.all, got, tt.want)
		}
	}
}

func TestOwnThreshold(t *testing.T) {
	p := policy().SetOwn(old, 0.6)
	if p.Of(old) != 0.6 || p.Of(fresh) != 0.7 || p.Own(fresh) != 0 {
		t.Errorf("%+v", p)
	}
	if q := p.SetOwn(fresh, 0); q != p {
		t.Errorf("saving what is shown of the new version changed %+v to %+v", p, q)
	}
	if q := p.SetOwn(fresh, 0.8); q.Of(fresh) != 0.8 || q.Of(old) != 0.4 {
		t.Errorf("%+v", q)
	}
}
