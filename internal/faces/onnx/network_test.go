package onnx

import (
	"math"
	"testing"

	"hajir/models"
	"hajir/models/manifest"
)

// TestSecondModelAnswersAsItsSource feeds a pattern to the prepared embedding
// model and compares the second half of its answer with what TensorFlow
// Lite computed from the model that the package ships (ai-edge-litert 2.3.0,
// scaled to length 1).
func TestSecondModelAnswersAsItsSource(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	if err := startRuntime(t.Context(), models.FS(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	n, err := loadNetwork(models.FS(), string(manifest.Embedding), manifest.Embedding)
	if err != nil {
		t.Fatal(err)
	}
	in, err := n.newTensors()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.destroy(); err != nil {
			t.Error(err)
		}
		if err := n.destroy(); err != nil {
			t.Error(err)
		}
	})
	const side = 112
	for c := range 3 {
		for y := range side {
			for x := range side {
				in.target.Data[(c*side+y)*side+x] = (float32((x*7+y*13+c*29)%256) - 127.5) / 128
			}
		}
	}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	second := in.results[0][512:]
	if len(second) != 192 {
		t.Fatalf("%d numbers, want 192", len(second))
	}
	want := []float32{-0.00312, 0.02308, 0.01891, 0.00331, -0.04977, -0.04820, -0.00750, 0.12167}
	for i, w := range want {
		if d := math.Abs(float64(second[i] - w)); d > 2e-5 {
			t.Errorf("number %d is %v, want %v", i, second[i], w)
		}
	}
}
