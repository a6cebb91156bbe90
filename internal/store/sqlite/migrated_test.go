package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// migrated is an empty database with all migrations, which take longer than
// most tests.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hajir-migrated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "hajir.db")
	db, err := Open(context.Background(), file, nil, time.Now)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // empties the journal into the file
		return nil, err
	}
	return os.ReadFile(file)
})

// Migrated makes file an empty database with all migrations, where there is no
// such file.
func Migrated(t testing.TB, file string) {
	t.Helper()
	if _, err := os.Stat(file); err == nil {
		return
	}
	empty, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
}

// openEmpty opens such a database.
func openEmpty(t *testing.T) *DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "hajir.db")
	Migrated(t, file)
	db, err := Open(t.Context(), file, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
