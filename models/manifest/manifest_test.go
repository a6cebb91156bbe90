package manifest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"hajir/models/manifest"
)

var platforms = []string{"linux/amd64", "linux/arm64", "darwin/arm64"}

func TestCatalogue(t *testing.T) {
	for _, platform := range platforms {
		all, err := manifest.Catalogue(platform)
		if err != nil {
			t.Fatal(err)
		}
		count := map[manifest.Job]int{}
		for _, m := range all {
			count[m.Job]++
			if m.Licence == "" || m.Source == "" || m.Bytes == 0 || m.Upstream == nil || len(m.Upstream.SHA256) != 64 {
				t.Errorf("%s: %s is described in part: %+v", platform, m.Name, m)
			}
		}
		for job, want := range map[manifest.Job]int{
			manifest.Detection: 1, manifest.Landmarks: 1, manifest.Embedding: 1, manifest.Runtime: 1, manifest.Samples: 6,
		} {
			if count[job] != want {
				t.Errorf("%s: %d files for %s, want %d", platform, count[job], job, want)
			}
		}
	}
}

// valid is a manifest of an embedding model, and the file that it describes.
func valid() (manifest.Manifest, []byte) {
	weights := []byte("weights")
	return manifest.Manifest{
		Name: "m-1", Job: manifest.Embedding, File: "m.onnx", SHA256: manifest.Sum(weights),
		Input:     &manifest.Input{Name: "in", Width: 112, Height: 112, Channels: manifest.BGR, Mean: []float64{127.5}, Scale: []float64{1, 2, 4}},
		Outputs:   []string{"out"},
		Alignment: [][2]float64{{1, 1}, {2, 1}, {1, 2}, {1, 3}, {2, 3}},
		Dimension: 128, Threshold: 0.363,
	}, weights
}

func folder(t *testing.T, m manifest.Manifest, file []byte) fstest.MapFS {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"d/manifest.json": {Data: b}, "d/" + m.File: {Data: file}}
}

func TestLoadAndRead(t *testing.T) {
	m, weights := valid()
	fsys := folder(t, m, weights)
	got, err := manifest.Load(fsys, "d")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := got.Read(fsys, "d"); err != nil || !bytes.Equal(b, weights) {
		t.Errorf("%q, %v", b, err)
	}
	if got.Verify(fsys, "d") != manifest.OK {
		t.Error("a good file is not ok")
	}
	for i, want := range [][2]float32{{1, -127.5}, {0.5, -63.75}, {0.25, -31.875}} {
		if f, a := got.Input.Affine(i); f != want[0] || a != want[1] {
			t.Errorf("channel %d: value·%v + %v, want %v", i, f, a, want)
		}
	}

	fsys["d/m.onnx"] = &fstest.MapFile{Data: []byte("Weights")}
	if _, err := got.Read(fsys, "d"); err == nil || got.Verify(fsys, "d") != manifest.WrongHash {
		t.Errorf("a changed file: %v, %s", err, got.Verify(fsys, "d"))
	}
	delete(fsys, "d/m.onnx")
	if _, err := got.Read(fsys, "d"); !errors.Is(err, manifest.ErrMissing) || got.Verify(fsys, "d") != manifest.Missing {
		t.Errorf("a missing file: %v, %s", err, got.Verify(fsys, "d"))
	}
	if _, err := manifest.Load(fsys, "nowhere"); !errors.Is(err, manifest.ErrMissing) || !strings.Contains(err.Error(), "make models") {
		t.Errorf("a missing manifest: %v", err)
	}
}

func TestPackedFile(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte("library"))
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	m := manifest.Manifest{Name: "lib", Job: manifest.Runtime, File: "lib.so.gz", SHA256: manifest.Sum([]byte("library"))}
	fsys := folder(t, m, packed.Bytes())
	if b, err := m.Read(fsys, "d"); err != nil || string(b) != "library" || m.Verify(fsys, "d") != manifest.OK {
		t.Errorf("%q, %v", b, err)
	}
	for _, n := range []int{5, packed.Len() / 2} {
		if s := m.Verify(folder(t, m, packed.Bytes()[:n]), "d"); s != manifest.Damaged {
			t.Errorf("cut off after %d bytes it is %s", n, s)
		}
	}
}

// TestLoadRefuses what a program that trusts a manifest would stumble over.
func TestLoadRefuses(t *testing.T) {
	for name, change := range map[string]func(*manifest.Manifest){
		"no name":        func(m *manifest.Manifest) { m.Name = "" },
		"another folder": func(m *manifest.Manifest) { m.File = "../m.onnx" },
		"no hash":        func(m *manifest.Manifest) { m.SHA256 = "" },
		"job":            func(m *manifest.Manifest) { m.Job = "cooking" },
		"no input":       func(m *manifest.Manifest) { m.Input = nil },
		"input's name":   func(m *manifest.Manifest) { m.Input.Name = "" },
		"size":           func(m *manifest.Manifest) { m.Input.Width = 0 },
		"huge":           func(m *manifest.Manifest) { m.Input.Height = 1 << 20 },
		"channels":       func(m *manifest.Manifest) { m.Input.Channels = "GBR" },
		"means":          func(m *manifest.Manifest) { m.Input.Mean = []float64{1, 2} },
		"no scale":       func(m *manifest.Manifest) { m.Input.Scale = nil },
		"scale":          func(m *manifest.Manifest) { m.Input.Scale = []float64{0} },
		"no output":      func(m *manifest.Manifest) { m.Outputs = nil },
		"alignment":      func(m *manifest.Manifest) { m.Alignment = m.Alignment[:4] },
		"dimension":      func(m *manifest.Manifest) { m.Dimension = 0 },
		"no threshold":   func(m *manifest.Manifest) { m.Threshold = 0 },
		"threshold":      func(m *manifest.Manifest) { m.Threshold = 1.3 },
	} {
		m, weights := valid()
		change(&m)
		if _, err := manifest.Load(folder(t, m, weights), "d"); err == nil {
			t.Errorf("%s: passes", name)
		}
	}
	if _, err := manifest.Load(fstest.MapFS{"d/manifest.json": {Data: []byte("{")}}, "d"); err == nil {
		t.Error("half a manifest passes")
	}
}

func TestListOfNothing(t *testing.T) {
	rows, err := manifest.List(fstest.MapFS{}, platforms[0])
	if err != nil || len(rows) != 13 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if r.Status != manifest.Missing {
			t.Errorf("%s is %s", r.Name, r.Status)
		}
	}
}
