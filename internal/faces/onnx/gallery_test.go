package onnx

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/models/manifest"
)

func newGallery(dim int) *gallery {
	var gs galleries
	return gs.of("c", manifest.Manifest{Name: "m", Dimension: dim})
}

// random returns a direction.
func random(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	u, err := unit(v)
	if err != nil {
		panic(err)
	}
	return u
}

func template(username, faceID string, v []float32) faces.Template {
	return faces.Template{Company: "c", Username: username, FaceID: faceID, Model: "m", Vector: v, IndexedAt: time.Unix(0, 0)}
}

// TestSearchIsExact compares with sorting everybody by their best template.
func TestSearchIsExact(t *testing.T) {
	const dim = 64
	r := rand.New(rand.NewPCG(1, 2))
	g := newGallery(dim)
	var list []faces.Template
	for i := range 400 {
		list = append(list, template(fmt.Sprint("user", r.IntN(60)), strconv.Itoa(i), random(r, dim)))
	}
	g.load(list, time.Unix(0, 0))
	for range 50 {
		vectors := [][]float32{random(r, dim), random(r, dim)}
		got := g.search(vectors)
		for n, v := range vectors {
			best := map[string]faces.Candidate{}
			for _, m := range list {
				var dot float64
				for i := range v {
					dot += float64(v[i]) * float64(m.Vector[i])
				}
				if b, ok := best[m.Username]; !ok || dot > b.Score {
					best[m.Username] = faces.Candidate{Username: m.Username, FaceID: m.FaceID, Score: dot}
				}
			}
			var want []faces.Candidate
			for _, c := range best {
				want = append(want, c)
			}
			slices.SortFunc(want, func(a, b faces.Candidate) int { return cmp.Compare(b.Score, a.Score) })
			for i, c := range got[n] {
				if c.Username != want[i].Username || c.FaceID != want[i].FaceID || c.Score-want[i].Score > 1e-5 || want[i].Score-c.Score > 1e-5 {
					t.Fatalf("candidate %d is %+v, want %+v", i, c, want[i])
				}
			}
			if len(got[n]) != faces.MaxCandidates {
				t.Fatalf("%d candidates", len(got[n]))
			}
		}
	}
}

// TestTiesAreStable: of equals the one stored first is ahead.
func TestTiesAreStable(t *testing.T) {
	g := newGallery(2)
	v := []float32{1, 0}
	var list []faces.Template
	for i := range 8 {
		list = append(list, template(fmt.Sprint("user", i), "1", v))
	}
	list = append(list, template("user3", "2", v))
	g.load(list, time.Unix(0, 0))
	for i, c := range g.search([][]float32{v})[0] {
		if c.Username != fmt.Sprint("user", i) || c.FaceID != "1" {
			t.Errorf("candidate %d is %+v", i, c)
		}
	}
}

// TestOtherModelsAreIgnored: what another model computed is listed, removed,
// and never compared.
func TestOtherModelsAreIgnored(t *testing.T) {
	g := newGallery(2)
	old := template("old", "1", []float32{1, 0})
	old.Model = "another"
	g.load([]faces.Template{old, template("short", "1", []float32{1}), template("new", "1", []float32{0, 1})}, time.Unix(0, 0))
	got := g.search([][]float32{{1, 0}})[0]
	if len(got) != 1 || got[0].Username != "new" {
		t.Errorf("%+v", got)
	}
	if list := g.list("old"); len(list) != 1 || list[0].Model != "another" {
		t.Errorf("%+v", list)
	}
	g.remove("old", nil)
	if got := g.search([][]float32{{0, 1}})[0]; len(g.list("old")) != 0 || len(got) != 1 || got[0].Score != 1 {
		t.Errorf("after removing: %+v, %+v", g.list("old"), got)
	}
}

// compareAgainstSearch checks that everybody's nearest are those that a search
// finds once the face itself is gone.
func compareAgainstSearch(t *testing.T, g *gallery) {
	t.Helper()
	rows := 0
	err := g.compare(t.Context(), func(username, faceID string, people []faces.Candidate) error {
		others := newGallery(g.dim)
		others.load(nil, time.Unix(0, 0))
		var probe []float32
		for row, i := range g.rows {
			k, v := g.kept[i], g.vectors[row*g.dim:(row+1)*g.dim]
			if k.Username == username && k.FaceID == faceID {
				probe = v
				continue
			}
			others.put(template(k.Username, k.FaceID, v))
		}
		slices.SortStableFunc(people, func(a, b faces.Candidate) int { return cmp.Compare(b.Score, a.Score) })
		if want := others.search([][]float32{probe})[0]; len(people) != len(want) || !slices.Equal(people, want) {
			t.Errorf("%s %s: %+v, want %+v", username, faceID, people, want)
		}
		rows++
		return nil
	})
	if err != nil || rows != len(g.rows) {
		t.Errorf("%d of %d faces compared, %v", rows, len(g.rows), err)
	}
}

// TestGalleryAgainstLists does the same to a gallery and to a plain list, and
// compares after every step.
func TestGalleryAgainstLists(t *testing.T) {
	const dim = 4
	r := rand.New(rand.NewPCG(3, 4))
	g := newGallery(dim)
	g.load(nil, time.Unix(0, 0))
	var list []faces.Template
	for step := range 2000 {
		m := template(fmt.Sprint("user", r.IntN(5)), strconv.Itoa(r.IntN(4)), random(r, dim))
		switch r.IntN(4) {
		case 0:
			g.remove(m.Username, nil)
			list = slices.DeleteFunc(list, func(o faces.Template) bool { return o.Username == m.Username })
		case 1:
			g.remove(m.Username, []string{m.FaceID})
			list = slices.DeleteFunc(list, func(o faces.Template) bool { return o.Username == m.Username && o.FaceID == m.FaceID })
		default:
			if r.IntN(4) == 0 {
				m.Model = "another"
			}
			g.put(m)
			list = slices.DeleteFunc(list, func(o faces.Template) bool { return o.Username == m.Username && o.FaceID == m.FaceID })
			list = append(list, m)
		}
		fresh := newGallery(dim)
		fresh.load(list, time.Unix(0, 0))
		probe := [][]float32{random(r, dim)}
		if got, want := g.search(probe), fresh.search(probe); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: found %+v, want %+v", step, got, want)
		}
		if step%50 == 0 {
			compareAgainstSearch(t, g)
		}
		if got, want := g.list(m.Username), fresh.list(m.Username); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: listed %+v, want %+v", step, got, want)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	const dim = 512
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1_000, 10_000, 100_000} {
		g := newGallery(dim)
		g.rows = make([]int, n)
		g.kept = make([]faces.Indexed, n)
		g.vectors = make([]float32, n*dim)
		for i := range n {
			g.rows[i] = i
			g.kept[i] = faces.Indexed{Username: strconv.Itoa(i)}
			for j := range dim {
				g.vectors[i*dim+j] = float32(r.Float64()-0.5) / 13
			}
		}
		probe := [][]float32{random(r, dim)}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				g.search(probe)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	const dim, people, each = 512, 500, 3
	r := rand.New(rand.NewPCG(5, 6))
	g := newGallery(dim)
	g.load(nil, time.Unix(0, 0))
	for i := range people * each {
		g.put(template(fmt.Sprint("user", i/each), strconv.Itoa(i%each), random(r, dim)))
	}
	for b.Loop() {
		var found hajir.Calibration
		if err := g.compare(b.Context(), func(username, faceID string, people []faces.Candidate) error {
			found.Add(username, faceID, people)
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(people*each*people*each), "ns/pair")
}
