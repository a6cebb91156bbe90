package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hajir/internal/config"
	"hajir/internal/faces/onnx"
	"hajir/internal/store/sqlite"
	"hajir/models"
	"hajir/models/manifest"
)

// earlierModels returns the embedding models in which faces are kept, as far as
// they are at hand: in the data directory, where keepModel has left them, or in
// the program. What is damaged is left out; whoever needs it is told later.
func earlierModels(ctx context.Context, c config.Config, db *sqlite.DB) ([]onnx.Source, error) {
	wanted, err := versionsInUse(ctx, db)
	if err != nil {
		return nil, err
	}
	var all []onnx.Source
	for _, s := range modelsAtHand(c) {
		m, err := manifest.Load(s.FS, s.Dir)
		if err != nil || !wanted[m.Name] || m.Verify(s.FS, s.Dir) != manifest.OK {
			continue
		}
		wanted[m.Name] = false
		all = append(all, s)
	}
	return all, nil
}

// modelsAtHand lists the places where embedding models are.
func modelsAtHand(c config.Config) []onnx.Source {
	all := []onnx.Source{{FS: models.FS(), Dir: string(manifest.Embedding)}, {FS: models.FS(), Dir: string(manifest.Earlier)}}
	dirs, _ := os.ReadDir(c.Models()) // none when there is no such directory
	for _, d := range dirs {
		if d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			all = append(all, onnx.Source{FS: os.DirFS(filepath.Join(c.Models(), d.Name())), Dir: "."})
		}
	}
	return all
}

// versionsInUse names the versions that the faces of any company are kept in, or
// are to be.
func versionsInUse(ctx context.Context, db *sqlite.DB) (map[string]bool, error) {
	companies, err := db.Companies(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, x := range companies {
		m, err := db.FaceModels(ctx, x.Username)
		if err != nil {
			return nil, err
		}
		for _, name := range m.Kept() {
			names[name] = true
		}
		kept, err := db.KeptFaces(ctx, x.Username)
		if err != nil {
			return nil, err
		}
		for _, k := range kept {
			names[k.Model] = true
		}
	}
	return names, nil
}

// keepModel copies the embedding model that the program was started with into
// the data directory, so that it is at hand when another release, or another
// --embedding, takes over.
func keepModel(c config.Config) (err error) {
	from := onnx.Source{FS: models.FS(), Dir: string(manifest.Embedding)}
	if c.Embedding != "" {
		from = onnx.Source{FS: os.DirFS(c.Embedding), Dir: "."}
	}
	m, err := manifest.Load(from.FS, from.Dir)
	if err != nil {
		return err
	}
	dir := filepath.Join(c.Models(), folderName(m))
	if kept, err := manifest.Load(os.DirFS(dir), "."); err == nil && kept.SHA256 == m.SHA256 && slices.Equal(kept.Alignment, m.Alignment) {
		return nil
	}
	if err := os.MkdirAll(c.Models(), 0o700); err != nil {
		return fmt.Errorf("keep the face model: %w", err)
	}
	work, err := os.MkdirTemp(c.Models(), ".new-*")
	if err != nil {
		return fmt.Errorf("keep the face model: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	for _, name := range []string{m.File, manifest.FileName} {
		content, err := fs.ReadFile(from.FS, filepath.ToSlash(filepath.Join(from.Dir, name)))
		if err == nil {
			err = os.WriteFile(filepath.Join(work, name), content, 0o600)
		}
		if err != nil {
			return fmt.Errorf("keep the face model: %w", err)
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("keep the face model: %w", err)
	}
	if err := os.Rename(work, dir); err != nil && !errors.Is(err, fs.ErrExist) { // another process was quicker
		return fmt.Errorf("keep the face model: %w", err)
	}
	return nil
}

// folderName is the model's name with its weights' hash, for people to know it by.
func folderName(m manifest.Manifest) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, m.Name)
	return clean + "-" + m.SHA256[:8]
}
