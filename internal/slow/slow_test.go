package slow_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/keyring/keyringtest"
	"hajir/internal/slow"
	"hajir/internal/store/sqlite"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newGuard(t *testing.T) slow.Guard {
	t.Helper()
	dir := t.TempDir()
	ring := keyringtest.Open(t, dir)
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, "hajir.db"), ring, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return slow.Guard{Store: db, Now: func() time.Time { return nine }}
}

var (
	patient = hajir.Slowdown{Free: 1000, First: time.Second, Max: time.Minute, Decay: time.Hour}
	strict  = hajir.Slowdown{Free: 2, First: time.Second, Max: time.Minute, Decay: time.Hour}
	kiosk   = hajir.Guesses{Company: "acme", Subject: "kiosk/k1"}
)

// However tries overlap, what is taken back is gone and what is not stays.
func TestUndoTakesBackOnlyItsOwn(t *testing.T) {
	g := newGuard(t)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			try, err := g.Begin(t.Context(), patient, kiosk)
			if err == nil && i%2 == 0 {
				err = g.Undo(t.Context(), try)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	f, err := g.Store.Failures(t.Context(), kiosk.Company, kiosk.Subject)
	if err != nil || f.Count != 6 {
		t.Errorf("%d failures, want 6: %v", f.Count, err)
	}
}

func TestTriesAtOnceAreAsTriesInARow(t *testing.T) {
	g := newGuard(t)
	var begun atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := g.Begin(t.Context(), strict, kiosk)
			if err == nil {
				begun.Add(1)
			} else if c := hajir.CodeOf(err); c != hajir.RateLimited && c != hajir.Unavailable {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := begun.Load(); n < 1 || n > 3 {
		t.Errorf("%d tries went through, want at most 3", n)
	}
	if wait, err := g.Wait(t.Context(), strict, kiosk); err != nil || begun.Load() == 3 && wait != time.Second {
		t.Errorf("waits %s, %v", wait, err)
	}
	if err := g.Clear(t.Context(), kiosk); err != nil {
		t.Fatal(err)
	}
	if wait, err := g.Wait(t.Context(), strict, kiosk); err != nil || wait != 0 {
		t.Errorf("after a success it waits %s, %v", wait, err)
	}
}
