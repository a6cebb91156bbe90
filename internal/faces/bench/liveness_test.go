package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/models"
)

func TestKind(t *testing.T) {
	for path, want := range map[string]string{
		"real/1.png": "live", "crops/fake/46.png": "attack", "true_001.jpg": "live", "image_F1.jpg": "attack",
		"image_T1.jpg": "live", "8/paper/a.png": "attack", "live/screen_1.jpg": "attack", "a/b.jpg": "", "Screen/x.jpg": "attack",
	} {
		live, known := kind(filepath.FromSlash(path))
		got := map[[2]bool]string{{true, true}: "live", {false, true}: "attack"}[[2]bool{live, known}]
		if got != want {
			t.Errorf("%s shows %q, want %q", path, got, want)
		}
	}
}

func TestRunLiveness(t *testing.T) {
	picture, err := models.Sample("sample6.jpg")
	if err != nil {
		t.Skip("SKIPPED: ", err)
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"real_1.jpg": picture, "fake_1.jpg": picture, "fake_2.jpg": []byte("nothing"), "what.jpg": picture} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	r, err := RunLiveness(context.Background(), Config{Dir: dir, Models: models.FS(), CacheDir: t.TempDir(), Now: time.Now}, 0.5, &out)
	if err != nil {
		t.Fatal(err)
	}
	if r.People.Pictures != 1 || r.Attacks.Pictures != 2 || r.Attacks.WithoutFace != 1 || r.Unsorted != 1 {
		t.Errorf("%+v", r)
	}
	// It is one picture, so that exactly one of its two kinds is an error.
	if r.People.Errors+r.Attacks.Errors != 1 || !strings.Contains(out.String(), "These are counts.") {
		t.Errorf("%+v\n%s", r, &out)
	}
	if _, err := RunLiveness(context.Background(), Config{Dir: t.TempDir(), Models: models.FS(), CacheDir: t.TempDir(), Now: time.Now}, 0.5, &out); err == nil {
		t.Error("an empty folder passes")
	}
}
