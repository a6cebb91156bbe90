package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"hajir/models/manifest"
)

// tensor is an initializer of float32.
func tensor(name string, dims []uint64, values ...float32) field {
	var m message
	for _, d := range dims {
		m = append(m, intField(tensorDims, d))
	}
	var raw []byte
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return messageField(graphInitializer, append(m,
		intField(tensorDataType, dataTypeFloat), textField(tensorName, name), field{tensorRaw, protowire.BytesType, raw}))
}

// onnx is a model of these graph fields, with fields that prepare does not know.
func onnx(fields ...field) []byte {
	return message{
		intField(1, 7), textField(2, "pytorch"),
		messageField(modelGraph, append(message{textField(2, "graph")}, fields...)),
		messageField(8, message{intField(2, 9)}),
	}.encode()
}

func TestEncodingKeepsEverything(t *testing.T) {
	b := onnx(tensor("w", []uint64{1}, 1), node1("Relu", "y", "x"))
	m, err := parseModel(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.encode(), b) {
		t.Error("a model that is not changed is encoded differently")
	}
}

func TestZeroTiny(t *testing.T) {
	b, err := change(onnx(tensor("w", []uint64{6}, 1, -2, 1e-40, -1e-21, 1e-19, 0)), manifest.ZeroTiny)
	if err != nil {
		t.Fatal(err)
	}
	want := onnx(tensor("w", []uint64{6}, 1, -2, 0, 0, 1e-19, 0))
	if !bytes.Equal(b, want) {
		t.Error("not just the tiny weights are changed")
	}
}

func TestSplitPReLU(t *testing.T) {
	b, err := change(onnx(
		tensor("slope", []uint64{2, 1, 1}, 0.25, -0.5),
		tensor("shared", []uint64{1}, 0.1),
		node1("PRelu", "y", "x", "slope"),
		node1("PRelu", "z", "y", "shared"), // not a slope a channel: stays
	), manifest.SplitPReLU)
	if err != nil {
		t.Fatal(err)
	}
	m, err := parseModel(b)
	if err != nil {
		t.Fatal(err)
	}
	var ops []string
	for _, n := range m.graph.all(graphNode) {
		node, err := parse(n)
		if err != nil {
			t.Fatal(err)
		}
		var in []string
		for _, name := range node.all(nodeInput) {
			in = append(in, string(name))
		}
		ops = append(ops, node.text(nodeOutput)+"="+node.text(nodeOpType)+"("+strings.Join(in, ",")+")")
	}
	got := strings.Join(ops, " ")
	want := "y.positive=Relu(x) y.mirrored=Conv(x,hajir.minus_one.2) y.negative=Relu(y.mirrored) " +
		"y.scaled=Conv(y.negative,slope.negated) y=Add(y.positive,y.scaled) z=PRelu(y,shared)"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	weights := map[string]bool{}
	for _, b := range m.graph.all(graphInitializer) {
		w, err := parse(b)
		if err != nil {
			t.Fatal(err)
		}
		weights[w.text(tensorName)] = true
		if w.text(tensorName) == "slope.negated" && !bytes.Equal(w.all(tensorRaw)[0], []byte{0, 0, 0x80, 0xbe, 0, 0, 0, 0x3f}) {
			t.Errorf("the slopes are % x", w.all(tensorRaw)[0])
		}
	}
	if weights["slope"] || !weights["slope.negated"] || !weights["hajir.minus_one.2"] || !weights["shared"] {
		t.Errorf("weights %v", weights)
	}
}

func FuzzChange(f *testing.F) {
	f.Add(liteModel())
	f.Add(onnx(tensor("slope", []uint64{2, 1, 1}, 0.25, -0.5), node1("PRelu", "y", "x", "slope")))
	f.Fuzz(func(_ *testing.T, b []byte) {
		for _, c := range []manifest.Change{manifest.ZeroTiny, manifest.SplitPReLU, manifest.FromTFLite, "no such change"} {
			_, _ = change(b, c) // an error is fine, a panic is not
		}
		_, _ = joined(b, b)
	})
}

// TestPrepare runs the real thing into an empty folder, again, and after damage.
func TestPrepare(t *testing.T) {
	packages, err := filepath.Abs(filepath.Join("..", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(packages); err != nil {
		t.Skipf("SKIPPED: run `make models`: %v", err)
	}
	root := t.TempDir()
	if err := os.Symlink(packages, filepath.Join(root, "node_modules")); err != nil {
		t.Fatal(err)
	}
	const platform = "linux/arm64"
	run := func() string {
		t.Helper()
		var out strings.Builder
		if err := (&preparer{root: root, platform: platform, out: &out}).run(); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if n := strings.Count(run(), "prepared"); n != 13 {
		t.Errorf("%d files prepared, want 13", n)
	}
	rows, err := manifest.List(os.DirFS(filepath.Join(root, "dist")), platform)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Status != manifest.OK {
			t.Errorf("%s is %s", r.Name, r.Status)
		}
	}
	if out := run(); out != "" {
		t.Errorf("the second run did something: %s", out)
	}
	damaged, stray := filepath.Join(root, "dist", "embedding", "mobilefacenet_pair.onnx"), filepath.Join(root, "dist", "runtime", "old.so")
	for _, name := range []string{damaged, stray} {
		if err := os.WriteFile(name, []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := run(); strings.Count(out, "prepared") != 1 || !strings.Contains(out, "mobilefacenet_pair") {
		t.Errorf("after damage: %s", out)
	}
	if _, err := os.Stat(stray); err == nil {
		t.Error("what does not belong there is left")
	}
}

func TestPrepareRefuses(t *testing.T) {
	root := t.TempDir()
	err := (&preparer{root: root, platform: "linux/amd64", out: io.Discard}).run()
	if err == nil || !strings.Contains(err.Error(), "make models") {
		t.Errorf("without packages: %v", err)
	}
	if err := (&preparer{root: root, platform: "plan9/mips", out: io.Discard}).run(); err == nil || !strings.Contains(err.Error(), "plan9/mips") {
		t.Errorf("an unknown platform: %v", err)
	}
	all, err := manifest.Catalogue("linux/amd64")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		name := filepath.Join(root, "node_modules", filepath.FromSlash(m.Upstream.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("something else"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err = (&preparer{root: root, platform: "linux/amd64", out: io.Discard}).run()
	if err == nil || !strings.Contains(err.Error(), "instead of the pinned") {
		t.Errorf("another file: %v", err)
	}
}
