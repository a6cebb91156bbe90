package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hajir/models/manifest"
)

type preparer struct {
	root     string // the models folder
	platform string
	learn    bool
	out      io.Writer
}

// run brings dist/ into the state that the catalogue describes.
func (p *preparer) run() error {
	all, err := manifest.Catalogue(p.platform)
	if err != nil {
		return err
	}
	if !hasRuntime(all) {
		return fmt.Errorf("no ONNX Runtime is pinned for %s (there is one for linux/amd64, linux/arm64 and darwin/arm64)", p.platform)
	}
	wanted := map[string]bool{"README.md": true}
	for _, m := range all {
		if err := p.prepare(m); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		wanted[filepath.Join(string(m.Job), m.File)] = true
		wanted[filepath.Join(string(m.Job), manifest.FileName)] = true
	}
	return p.sweep(wanted)
}

func hasRuntime(all []manifest.Manifest) bool {
	for _, m := range all {
		if m.Job == manifest.Runtime {
			return true
		}
	}
	return false
}

// prepare writes m's file and manifest, unless they are there already.
func (p *preparer) prepare(m manifest.Manifest) error {
	dir := filepath.Join(p.root, "dist", string(m.Job))
	if err := p.describe(m, dir); err != nil {
		return err
	}
	if !p.learn && m.Verify(os.DirFS(dir), ".") == manifest.OK {
		return nil
	}
	b, err := p.make(m.Upstream)
	if err != nil {
		return err
	}
	got := manifest.Sum(b)
	if p.learn {
		_, err := fmt.Fprintf(p.out, "%-20s %d %s\n", m.Name, len(b), got)
		return err
	}
	if got != m.SHA256 {
		return fmt.Errorf("prepared, it has SHA-256 %s instead of the pinned %s", got, m.SHA256)
	}
	if b, err = pack(m.File, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "prepared %s/%s (%d bytes)\n", m.Job, m.File, len(b))
	return errors.Join(err, write(filepath.Join(dir, m.File), b))
}

// make returns what u describes.
func (p *preparer) make(u *manifest.Upstream) ([]byte, error) {
	from := filepath.Join(p.root, "node_modules", filepath.FromSlash(u.Path))
	b, err := os.ReadFile(from) //nolint:gosec // the path is the catalogue's
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: run `make models`, or `npm ci --ignore-scripts` in %s", err, p.root)
	} else if err != nil {
		return nil, err
	}
	if got := manifest.Sum(b); got != u.SHA256 {
		return nil, fmt.Errorf("%s has SHA-256 %s instead of the pinned %s", from, got, u.SHA256)
	}
	for _, c := range u.Changes {
		if b, err = change(b, c); err != nil {
			return nil, fmt.Errorf("%s: %w", c, err)
		}
	}
	if u.Beside == nil {
		return b, nil
	}
	beside, err := p.make(u.Beside)
	if err != nil {
		return nil, err
	}
	return joined(b, beside)
}

// joined returns the models a and b as one; see model.join.
func joined(a, b []byte) ([]byte, error) {
	first, err := parseModel(a)
	if err != nil {
		return nil, err
	}
	second, err := parseModel(b)
	if err != nil {
		return nil, err
	}
	if err := first.join(second); err != nil {
		return nil, fmt.Errorf("joining two models: %w", err)
	}
	return first.encode(), nil
}

// describe writes m's manifest. Sample pictures have none: the catalogue does
// for them.
func (p *preparer) describe(m manifest.Manifest, dir string) error {
	if m.Job == manifest.Samples {
		return nil
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	name := filepath.Join(dir, manifest.FileName)
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, b) { //nolint:gosec // the path is the catalogue's
		return nil
	}
	return write(name, b)
}

// change returns the model b with c done to it.
func change(b []byte, c manifest.Change) ([]byte, error) {
	read := parseModel
	if c == manifest.FromTFLite {
		read = fromTFLite
	}
	m, err := read(b)
	if err != nil {
		return nil, err
	}
	switch c {
	case manifest.FromTFLite: // it is read so
	case manifest.ZeroTiny:
		err = m.zeroTiny()
	case manifest.SplitPReLU:
		err = m.splitPReLU()
	default:
		err = errors.New("no such change")
	}
	if err != nil {
		return nil, err
	}
	return m.encode(), nil
}

// pack compresses what the file's name says is compressed. The runtime library
// is a third as large that way, and so is what it adds to the program.
func pack(file string, b []byte) ([]byte, error) {
	if !strings.HasSuffix(file, ".gz") {
		return b, nil
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// write replaces the file name in one step, so that an interrupted run leaves
// no half of a file.
func write(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// sweep removes from dist/ what is not wanted (another platform's library, an
// older model): everything there ends up in the program.
func (p *preparer) sweep(wanted map[string]bool) error {
	dist := filepath.Join(p.root, "dist")
	return filepath.WalkDir(dist, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dist, name)
		if err != nil || wanted[rel] {
			return err
		}
		return os.Remove(name) //nolint:gosec // dist is ours to sweep
	})
}
