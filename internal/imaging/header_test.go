package imaging

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"hajir/internal/hajir"
)

// FuzzHeader reads what is read before anything is decoded, many times as fast as
// FuzzDecode does. What passes asks for no more than the bounds.
func FuzzHeader(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no pictures in testdata: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, err := sniff(b)
		if err != nil {
			if e, ok := errors.AsType[*hajir.Error](err); !ok || e.Message == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		width, height, err := kind.size(b)
		if o := kind.orientation(b); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
		if kind != formatAVIF || err != nil {
			return
		}
		if width < 1 || height < 1 || width*height > maxAVIFPixels {
			t.Fatalf("%d × %d pixels pass", width, height)
		}
	})
}
