// Package models carries the face models, the library that runs them and a few
// sample pictures inside the program, so that one file runs from any
// directory. `make models` (npm ci, then models/prepare) fills dist/; without
// it the program builds all the same, and FS holds no models. What is in
// there is described by package manifest.
package models

import (
	"embed"
	"fmt"
	"io/fs"
	"runtime"

	"hajir/models/manifest"
)

//go:embed dist
var dist embed.FS

// FS returns the prepared files: a folder a job, each with a manifest.json,
// and samples/.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // only an invalid path fails, and ours is a constant
		return dist
	}
	return sub
}

// List verifies every file that this build should carry.
func List() ([]manifest.Row, error) {
	return manifest.List(FS(), Platform())
}

// Platform is what the program was built for, as manifests name it.
func Platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

// Ready returns nil if the models and the runtime are there, or an error that
// tells what to run. It does not verify them; opening them does.
func Ready() error {
	for _, job := range []manifest.Job{manifest.Detection, manifest.Landmarks, manifest.Embedding, manifest.Eyes, manifest.Liveness, manifest.Runtime} {
		if _, err := fs.Stat(FS(), string(job)+"/"+manifest.FileName); err != nil {
			return fmt.Errorf("models: %w", manifest.ErrMissing)
		}
	}
	return nil
}

// Sample returns one of the sample pictures, sample1.jpg to sample6.jpg
// (1,920 pixels wide, MIT, from @vladmandic/face-api).
func Sample(name string) ([]byte, error) {
	b, err := fs.ReadFile(FS(), string(manifest.Samples)+"/"+name)
	if err != nil {
		return nil, fmt.Errorf("models: sample picture %s: %w", name, manifest.ErrMissing)
	}
	return b, nil
}
