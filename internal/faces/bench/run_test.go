package bench_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/internal/faces/bench"
	"hajir/models"
)

// TestRun goes through a folder of two people with two pictures each, cut out
// of nothing: the same sample twice.
func TestRun(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	dir := t.TempDir()
	for name, sample := range map[string]string{
		"A_0001": "sample3.jpg", "A_0002": "sample3.jpg", "B_0001": "sample6.jpg", "B_0002": "sample6.jpg", "C_0001": "sample5.jpg",
	} {
		b, err := models.Sample(sample)
		if err != nil {
			t.Fatal(err)
		}
		person := filepath.Join(dir, "images", name[:1])
		if err := os.MkdirAll(person, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(person, name+".jpg"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "pairs.txt"), []byte("2 1\nA 1 2\nA 1 B 1\nB 1 2\nB 2 A 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, progress strings.Builder
	r, err := bench.Run(t.Context(), bench.Config{Dir: dir, Models: models.FS(), Now: time.Now, Progress: &progress}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if r.Pictures != 5 || r.People != 3 || r.WithoutFace != 0 || r.Pairs.Accuracy != 1 || r.Identification.First != 1 {
		t.Errorf("%+v", r)
	}
	if r.Whole.Median <= r.ModelRuns.Median || r.ModelRuns.Median <= 0 || r.Overhead <= 1 {
		t.Errorf("whole %+v, model runs %+v, overhead %v", r.Whole, r.ModelRuns, r.Overhead)
	}
	for _, want := range []string{"5 pictures of 3 people", "100.00 %", "embed_run", "whole / model runs"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &out)
		}
	}
	if !strings.Contains(progress.String(), "of 5 pictures") {
		t.Errorf("no progress is shown: %q", &progress)
	}
	if _, err := bench.Run(t.Context(), bench.Config{Dir: t.TempDir(), Models: models.FS(), Now: time.Now}, &out); err == nil {
		t.Error("an empty folder passes")
	}
}
