package onnx

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"hajir/models/manifest"
)

// started is the runtime that this process has loaded. It has to be global
// because onnxruntime_go's is; it is never unloaded, since a library that keeps
// thread-local state does not survive that.
var started struct {
	sync.Mutex
	sha256 string
}

// startRuntime unpacks the runtime library and loads it, once in a process.
func startRuntime(ctx context.Context, models fs.FS, cacheDir string) error {
	m, err := manifest.Load(models, string(manifest.Runtime))
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	started.Lock()
	defer started.Unlock()
	if started.sha256 == m.SHA256 {
		return nil
	} else if started.sha256 != "" {
		return fmt.Errorf("onnx: another runtime than %s is loaded in this process", m.Name)
	}
	path, err := unpack(ctx, models, m, cacheDir)
	if err != nil {
		return err
	}
	// The runtime's own telemetry must be off before it is loaded: it would
	// write an identifier of the machine to disk and look up its maker's host.
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return fmt.Errorf("onnx: switching telemetry off: %w", err)
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("onnx: loading %s (if its file system is mounted noexec, configure another cache directory): %w", path, err)
	}
	started.sha256 = m.SHA256
	return nil
}

// unpack makes sure that m's file lies, verified, under cacheDir and returns
// its path. Only this user can write there: what lies there is executed.
func unpack(ctx context.Context, models fs.FS, m manifest.Manifest, cacheDir string) (string, error) {
	dir := filepath.Join(cacheDir, m.SHA256[:16])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("onnx: the cache directory: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory needs its x bit
		return "", fmt.Errorf("onnx: the cache directory must be ours alone: %w", err)
	}
	path := filepath.Join(dir, strings.TrimSuffix(m.File, ".gz"))
	if sum, err := fileSum(path); err == nil && sum == m.SHA256 {
		return path, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := unpackTo(path, models, m); err != nil {
		return "", fmt.Errorf("onnx: unpacking %s: %w", m.Name, err)
	}
	return path, nil
}

func fileSum(path string) (_ string, err error) {
	f, err := os.Open(path) //nolint:gosec // in our cache directory, named by the manifest
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unpackTo replaces path in one step with m's file: another process may be
// reading it, or doing the same.
func unpackTo(path string, models fs.FS, m manifest.Manifest) (err error) {
	from, err := m.Open(models, string(m.Job))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.CreateTemp(filepath.Dir(path), ".new-*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to.Name()))
		}
	}()
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(to, h), from)
	if err = errors.Join(err, to.Close()); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != m.SHA256 {
		return fmt.Errorf("it has SHA-256 %s instead of %s", got, m.SHA256)
	}
	return os.Rename(to.Name(), path)
}
