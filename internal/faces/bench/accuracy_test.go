package bench

import (
	"bufio"
	"math"
	"strings"
	"testing"
)

func TestReadPairs(t *testing.T) {
	byName := map[string]int{"A_B_0001": 0, "A_B_0002": 1, "C_0001": 2, "C_0003": 3}
	read := func(text string) ([][]pair, error) {
		return readPairs(bufio.NewScanner(strings.NewReader(text)), byName)
	}
	folds, err := read("2 1\nA_B\t1\t2\nA_B\t1\tC\t3\nC 1 3\nC 1 A_B 2\n")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]pair{{{0, 1, true}, {0, 3, false}}, {{2, 3, true}, {2, 1, false}}}
	for i := range want {
		for j := range want[i] {
			if folds[i][j] != want[i][j] {
				t.Errorf("fold %d, pair %d: %v, want %v", i, j, folds[i][j], want[i][j])
			}
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no header": "A_B 1 2\n", "one fold": "1 1\nA_B 1 2\nA_B 1 C 3\n",
		"cut off": "2 1\nA_B 1 2\n", "unknown picture": "2 1\nA_B 1 7\n", "words": "2 1\nA_B\n", "number": "2 1\nA_B one two\n",
	} {
		if _, err := read(text); err == nil {
			t.Errorf("%s: passes", name)
		}
	}
}

func TestThreshold(t *testing.T) {
	s := scores{same: []float64{0.9, 0.8, 0.3}, different: []float64{0.1, 0.2, 0.5}}
	if got := s.threshold(); math.Abs(got-0.25) > 1e-9 && math.Abs(got-0.65) > 1e-9 {
		t.Errorf("threshold %v judges %v rightly", got, s.accuracy(got))
	}
	if got := s.accuracy(s.threshold()); math.Abs(got-5./6) > 1e-9 {
		t.Errorf("accuracy %v, want 5 of 6", got)
	}
}

// TestRates: at a false accept rate no more than that share may pass, and the
// next lower threshold would let more.
func TestRates(t *testing.T) {
	var same, different []float64
	for i := range 1000 {
		same = append(same, 0.5+float64(i)/2000)
		different = append(different, float64(i)/1500)
	}
	for _, r := range rates(same, different, 0.1, 0.01, 1e-4) {
		passing := 0
		for _, v := range different {
			if v >= r.Threshold {
				passing++
			}
		}
		if want := int(r.FAR * 1000); passing != want {
			t.Errorf("FAR %v: %d of 1000 pass, want %d", r.FAR, passing, want)
		}
		if r.FAR == 1e-4 {
			t.Error("a rate below one pair is given")
		}
	}
}

// TestProtocols runs both on directions whose answers are known: two people
// along two axes, a stranger between them, and a picture without a face.
func TestProtocols(t *testing.T) {
	unit := func(degrees float64) []float32 {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		return []float32{float32(cos), float32(sin)}
	}
	s := &set{
		pictures: []picture{
			{person: "a", vector: unit(0)},
			{person: "a", vector: unit(5)},
			{person: "a"},
			{person: "b", vector: unit(90)},
			{person: "b", vector: unit(80)},
			{person: "b", vector: unit(20)},
			{person: "stranger", vector: unit(45)},
		},
		people: map[string][]int{"a": {0, 1, 2}, "b": {3, 4, 5}, "stranger": {6}},
		folds:  [][]pair{{{0, 1, true}, {0, 3, false}}, {{3, 4, true}, {1, 4, false}, {0, 4, false}, {0, 2, true}}},
	}
	p, err := s.verify()
	if err != nil {
		t.Fatal(err)
	}
	// Only the picture without a face is judged wrongly.
	if want := (1 + 3./4) / 2; math.Abs(p.Accuracy-want) > 1e-9 || p.Pairs != 6 || p.Folds != 2 {
		t.Errorf("%+v, want an accuracy of %v", p, want)
	}
	id := s.identify()
	if id.enrolled != 2 || id.probes() != 4 || len(id.right) != 2 || len(id.wrong) != 1 || id.faceless != 1 || len(id.strangers) != 1 {
		t.Errorf("%+v", id)
	}
	if got := id.summary(); got.First != 0.5 || got.Strangers != 1 {
		t.Errorf("%+v", got)
	}
	same, different := s.allPairs()
	if len(same) != 4 || len(different) != 11 {
		t.Errorf("%d pairs of one person and %d of two", len(same), len(different))
	}
}
