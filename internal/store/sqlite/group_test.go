package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type noSeal struct{}

func (noSeal) Seal(b []byte, _ string) ([]byte, error) { return b, nil }
func (noSeal) Open(b []byte, _ string) ([]byte, error) { return b, nil }

func openGroup(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), noSeal{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func punched(name string, version, n int) hajir.Day {
	d := hajir.Day{Name: name, Date: "2026-03-02", Company: "acme", Version: version}
	at := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	for i := range n {
		d.Punches = append(d.Punches, hajir.Punch{ID: fmt.Sprint(name, i), At: at.Add(time.Duration(i) * time.Minute), Direction: hajir.Entry, Source: hajir.SourcePIN})
	}
	return d
}

// waiting has n saves wait behind a transaction, lets them go, and returns what
// came of each.
func waiting(t *testing.T, db *DB, saves []func() error) []error {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, len(saves))
	err := db.transact(t.Context(), func(*sql.Tx) error {
		for i, save := range saves {
			wg.Go(func() { errs[i] = save() })
		}
		for db.Writing() < len(saves)+1 { // until all wait
			runtime.Gosched()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	return errs
}

// Saves that come at once are committed together, and each has the answer that
// it would have had alone.
func TestSavesThatComeAtOnce(t *testing.T) {
	db := openGroup(t)
	if err := db.SaveDay(t.Context(), punched("asha", 0, 1)); err != nil {
		t.Fatal(err)
	}
	var saves []func() error
	for i := range 40 {
		saves = append(saves, func() error { return db.SaveDay(t.Context(), punched(fmt.Sprint("n", i), 0, 1)) })
	}
	for range 10 { // of one version, one is the first
		saves = append(saves, func() error { return db.SaveDay(t.Context(), punched("asha", 1, 2)) })
	}
	saves = append(saves, func() error { // which breaks a rule of the table
		return db.save(t.Context(), "day", `INSERT INTO Employee (Name, Date, monthvalue, company, version, doc) VALUES ('x', NULL, '', '', 1, '{}')`)
	})
	errs := waiting(t, db, saves)
	for i, err := range errs[:40] {
		if err != nil {
			t.Errorf("save %d: %v", i, err)
		}
		if d, err := db.Day(t.Context(), fmt.Sprint("n", i), "2026-03-02"); err != nil || d.Version != 1 || len(d.Punches) != 1 {
			t.Errorf("day %d: %+v, %v", i, d, err)
		}
	}
	saved, stale := 0, 0
	for _, err := range errs[40:50] {
		switch {
		case err == nil:
			saved++
		case hajir.CodeOf(err) == hajir.Conflict:
			stale++
		default:
			t.Error(err)
		}
	}
	if saved != 1 || stale != 9 {
		t.Errorf("%d saves of one version went through and %d were stale", saved, stale)
	}
	if errs[50] == nil {
		t.Error("a row without a date was saved")
	}
	if d, err := db.Day(t.Context(), "asha", "2026-03-02"); err != nil || d.Version != 2 || len(d.Punches) != 2 {
		t.Errorf("asha's: %+v, %v", d, err)
	}
}

// When the disk is full, whoever is told so has saved nothing, and whoever is not
// has.
func TestSavesWhenTheDiskIsFull(t *testing.T) {
	db := openGroup(t)
	var pages int
	if err := db.write.DB.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.write.DB.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+12)); err != nil {
		t.Fatal(err)
	}
	var saves []func() error
	for i := range 60 {
		saves = append(saves, func() error { return db.SaveDay(t.Context(), punched(fmt.Sprint("n", i), 0, 20)) })
	}
	failed := 0
	for i, err := range waiting(t, db, saves) {
		d, loadErr := db.Day(t.Context(), fmt.Sprint("n", i), "2026-03-02")
		if loadErr != nil {
			t.Fatal(loadErr)
		}
		if err != nil {
			failed++
		}
		if stored := d.Version > 0; stored != (err == nil) {
			t.Errorf("save %d: %v, stored %v", i, err, stored)
		}
	}
	if failed == 0 || failed == 60 {
		t.Errorf("%d of 60 failed; some should have had room", failed)
	}
	if _, err := db.write.DB.ExecContext(t.Context(), `PRAGMA max_page_count = 1073741823`); err != nil {
		t.Fatal(err)
	}
	if err := db.SaveDay(t.Context(), punched("later", 0, 1)); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

// Whoever leaves before it begins has saved nothing; nobody else is hurt.
func TestSaveOfSomebodyWhoLeft(t *testing.T) {
	db := openGroup(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := db.SaveDay(gone, punched("asha", 0, 1)); err == nil {
		t.Error("saved for nobody")
	}
	if err := db.SaveDay(t.Context(), punched("asha", 0, 1)); err != nil {
		t.Error(err)
	}
}

func BenchmarkSaveDay50AtOnce(b *testing.B) {
	db := openGroup(b)
	var n atomic.Int64
	b.SetParallelism(50 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := db.SaveDay(b.Context(), punched(fmt.Sprint("n", n.Add(1)), 0, 1)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
}

func BenchmarkDay50AtOnce(b *testing.B) {
	db := openGroup(b)
	if err := db.SaveDay(b.Context(), punched("asha", 0, 4)); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	b.SetParallelism(50 / runtime.GOMAXPROCS(0))
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := db.Day(b.Context(), "asha", "2026-03-02"); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
}
