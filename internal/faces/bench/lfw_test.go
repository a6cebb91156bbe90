package bench_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"hajir/internal/faces/bench"
	"hajir/models"
)

// TestLFW measures the folder named by HAJIR_BENCH_LFW, which is not part of
// the project, and holds the result against what the models are good for.
func TestLFW(t *testing.T) {
	dir := os.Getenv("HAJIR_BENCH_LFW")
	if dir == "" {
		t.Skip("SKIPPED: set HAJIR_BENCH_LFW to a folder with images/ and pairs.txt to measure accuracy")
	}
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	r, err := bench.Run(t.Context(), bench.Config{Dir: dir, Models: models.FS(), EmbeddingDir: os.Getenv("HAJIR_BENCH_EMBEDDING"), Now: time.Now, Progress: os.Stderr}, os.Stdout)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	if r.Pairs.Accuracy < 0.991 {
		t.Errorf("accuracy %.4f, want at least 0.991", r.Pairs.Accuracy)
	}
	if r.WithoutFace > r.Pictures/1000 {
		t.Errorf("%d of %d pictures without a face", r.WithoutFace, r.Pictures)
	}
}
