package onnx

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/viterin/vek/vek32"
	"pgregory.net/rapid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
)

func emptyGallery(dim int) *gallery {
	return newGallery(faces.Version{Name: "m", Threshold: 0.4}, dim)
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
	g := emptyGallery(dim)
	var list []faces.Template
	for i := range 400 {
		list = append(list, template(fmt.Sprint("user", r.IntN(60)), strconv.Itoa(i), random(r, dim)))
	}
	g.load(list)
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
	g := emptyGallery(2)
	v := []float32{1, 0}
	var list []faces.Template
	for i := range 8 {
		list = append(list, template(fmt.Sprint("user", i), "1", v))
	}
	list = append(list, template("user3", "2", v))
	g.load(list)
	for i, c := range g.search([][]float32{v})[0] {
		if c.Username != fmt.Sprint("user", i) || c.FaceID != "1" {
			t.Errorf("candidate %d is %+v", i, c)
		}
	}
}

// TestOtherModelsAreIgnored: what another model computed is listed, removed,
// and never compared.
func TestOtherModelsAreIgnored(t *testing.T) {
	g := emptyGallery(2)
	old := template("old", "1", []float32{1, 0})
	old.Model = "another"
	g.load([]faces.Template{old, template("short", "1", []float32{1}), template("new", "1", []float32{0, 1})})
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
		others := emptyGallery(g.dim)
		others.load(nil)
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
	g := emptyGallery(dim)
	g.load(nil)
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
			list = slices.DeleteFunc(list, func(o faces.Template) bool {
				return o.Username == m.Username && o.FaceID == m.FaceID && o.Model == m.Model
			})
			list = append(list, m)
		}
		fresh := emptyGallery(dim)
		fresh.load(list)
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

// searchAll compares every template.
func searchAll(g *gallery, vectors [][]float32) [][]faces.Candidate {
	found := make([][]faces.Candidate, len(vectors))
	for n, v := range vectors {
		for row := range g.rows {
			found[n] = g.consider(found[n], v, row)
		}
	}
	return found
}

// TestSketchesMissNothing: whatever the vectors, a sketch never says less than
// the score, and a search through sketches finds what one of all templates does.
func TestSketchesMissNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		dim := rapid.SampledFrom([]int{1, 3, 16, 37, 128, 512, 704}).Draw(t, "dim")
		people := rapid.IntRange(1, 40).Draw(t, "people")
		n := rapid.IntRange(0, 1500).Draw(t, "templates")
		spiky, near := rapid.Bool().Draw(t, "spiky"), rapid.Float64Range(0, 1).Draw(t, "near")
		base := random(r, dim)
		vector := func() []float32 {
			v := random(r, dim)
			for i := range v {
				v[i] = v[i]*float32(1-near) + base[i]*float32(near) // alike, so that order hangs on little
				if spiky && r.IntN(dim) > 2 {
					v[i] *= 1e-3
				}
			}
			if u, err := unit(v); err == nil {
				return u
			}
			return base
		}
		g := emptyGallery(dim)
		list := make([]faces.Template, n)
		for i := range list {
			list[i] = template(fmt.Sprint("user", r.IntN(people)), strconv.Itoa(i), vector())
			if i > 0 && r.IntN(20) == 0 {
				list[i].Vector = list[i-1].Vector // of equals the first counts
			}
		}
		g.load(list)
		if n > 0 && rapid.Bool().Draw(t, "remove") {
			g.remove("user0", nil)
		}
		probes := [][]float32{vector(), base}
		want := searchAll(g, probes)
		if got := g.search(probes); !reflect.DeepEqual(got, want) {
			t.Fatalf("found %+v, want %+v", got, want)
		}
		for _, v := range probes {
			p := newProbe(v)
			for row := range g.rows {
				score := float64(vek32.Dot(v, g.vectors[row*dim:(row+1)*dim]))
				about, before := 0.0, 2.0
				for _, l := range []*layer{&g.sketches.coarse, &g.sketches.fine} {
					about += l.score(p, row, l.dots(p, row, row+1, make([]int32, 1))[0])
					if loss := p.loss(l.lost[row]); math.Abs(about-score) > loss || loss > before {
						t.Fatalf("sketched %v with a loss of up to %v, and the score is %v", about, loss, score)
					} else {
						before = loss
					}
				}
				if !spiky && before > 0.1 {
					t.Fatalf("both layers lose %v", before)
				}
			}
		}
	})
}

// spread returns n templates of dim numbers that are spread as faces are: their
// scores have a standard deviation of about 0.1.
func spread(t testing.TB, dim, n int) (*gallery, []float32) {
	r := rand.New(rand.NewPCG(5, 6))
	vector := func() []float32 {
		v, share := make([]float32, dim), 1.0
		for i := range v {
			v[i] = float32(r.NormFloat64() * share)
			share *= 0.98
		}
		u, err := unit(v)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	g := emptyGallery(dim)
	list := make([]faces.Template, n)
	for i := range list {
		list[i] = template(strconv.Itoa(i), "1", vector())
	}
	g.load(list)
	return g, vector()
}

// BenchmarkSearch compares a search through sketches with one that compares
// every template ("all") and with reading the templates' memory once ("read"),
// beside each other, so that other work on the machine disturbs all alike.
func BenchmarkSearch(b *testing.B) {
	for _, dim := range []int{512, 704} {
		for _, n := range []int{1_000, 10_000, 100_000} {
			g, probe := spread(b, dim, n)
			ways := []func(){
				func() { g.search([][]float32{probe}) },
				func() { searchAll(g, [][]float32{probe}) },
				func() { vek32.Sum(g.vectors) },
			}
			b.Run(fmt.Sprintf("%dx%d", n, dim), func(b *testing.B) {
				least := []time.Duration{math.MaxInt64, math.MaxInt64, math.MaxInt64}
				for b.Loop() {
					for i, way := range ways {
						from := time.Now()
						way()
						least[i] = min(least[i], time.Since(from))
					}
				}
				for i, unit := range []string{"search-ms", "all-ms", "read-ms"} {
					b.ReportMetric(least[i].Seconds()*1000, unit)
				}
				b.ReportMetric(float64(least[1])/float64(least[0]), "all/search")
				b.ReportMetric(float64(read(g, probe)), "read")
			})
		}
	}
}

// read is how many templates a search has to compare in full.
func read(g *gallery, probe []float32) int {
	n := 0
	for range g.searchAmong([][]float32{probe}, func(string) bool { n++; return true }) {
	}
	return n
}

func BenchmarkCompare(b *testing.B) {
	const dim, people, each = 512, 500, 3
	r := rand.New(rand.NewPCG(5, 6))
	g := emptyGallery(dim)
	g.load(nil)
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
