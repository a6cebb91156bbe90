package onnx_test

import (
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/faces/onnx"
	"hajir/models"
)

// clock goes on by a second whenever it is asked.
func clock() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return time.Unix(n.Add(1), 0) }
}

// open opens a recognizer with the embedded models, or skips the test.
func open(tb testing.TB, change func(*onnx.Config)) *onnx.Recognizer {
	tb.Helper()
	if err := models.Ready(); err != nil {
		tb.Skip("SKIPPED: ", err)
	}
	c := onnx.Config{Models: models.FS(), Store: &facestest.Store{}, Now: clock()}
	if change != nil {
		change(&c)
	}
	r, err := onnx.Open(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := r.Close(); err != nil {
			tb.Error(err)
		}
	})
	return r
}

func TestRecognizer(t *testing.T) {
	facestest.Run(t, func(t *testing.T) faces.Recognizer { return open(t, nil) })
}
