package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/sqlite"
)

// Calls are told by the method that made them, and only the database's own
// failures count as such.
func TestObserve(t *testing.T) {
	db := open(t, t.TempDir())
	var mu sync.Mutex
	seen := map[string]sqlite.Call{}
	db.Observe(func(_ context.Context, c sqlite.Call) {
		mu.Lock()
		defer mu.Unlock()
		seen[c.Method] = c
	})
	c := hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", time.Unix(0, 0))
	if err := db.SaveCompany(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveCompany(t.Context(), c); hajir.CodeOf(err) != hajir.Conflict { // it is there already
		t.Fatal(err)
	}
	if _, err := db.Company(t.Context(), "none"); hajir.CodeOf(err) != hajir.NotFound {
		t.Fatal(err)
	}
	if _, err := db.Companies(t.Context()); err != nil {
		t.Fatal(err)
	}
	for method, write := range map[string]bool{"SaveCompany": true, "Company": false, "Companies": false} {
		if got, ok := seen[method]; !ok || got.Write != write || got.Failed || got.Busy {
			t.Errorf("%s: %+v, %v", method, got, ok)
		}
	}
	if n := db.Writing(); n != 0 {
		t.Errorf("%d transactions are at work", n)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := db.Company(stopped, "acme"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if seen["Company"].Failed {
		t.Error("a client that left is a failure of the database")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Company(t.Context(), "acme"); err == nil || !seen["Company"].Failed {
		t.Errorf("a closed database is none: %v", err)
	}
}

// Whoever only looks changes nothing, and makes nothing.
func TestOpenRead(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a folder?", "hajir.db")
	if _, err := sqlite.OpenRead(file, nil, nil); err == nil {
		t.Fatal("a file that is not there was opened")
	}
	writer := open(t, dir)
	c := hajir.NewCompany("acme", "Acme", "admin@example.com", "Asia/Kathmandu", time.Unix(0, 0))
	if err := writer.SaveCompany(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	reader, err := sqlite.OpenRead(file, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reader.Company(t.Context(), "acme"); err != nil || got.Name != "Acme" {
		t.Errorf("%+v, %v", got, err)
	}
	if have, want, err := reader.Migrations(t.Context()); err != nil || have != want || want == 0 {
		t.Errorf("schema %d of %d, %v", have, want, err)
	}
	if err := reader.QuickCheck(t.Context()); err != nil {
		t.Error(err)
	}
	c.Username = "other"
	if err := reader.DeleteExpiredSessions(t.Context(), time.Unix(0, 0)); err == nil {
		t.Error("a reader wrote")
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	c.Username = "beta"
	if err := writer.SaveCompany(t.Context(), c); err != nil {
		t.Errorf("the writer was disturbed: %v", err)
	}
}
