package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestGrowth measures what reads and saves cost beside so many days of records,
// as HAJIR_GROWTH lists: make bench-growth. It is no part of the other tests.
func TestGrowth(t *testing.T) {
	wanted := os.Getenv("HAJIR_GROWTH")
	if wanted == "" {
		t.Skip("make bench-growth asks for it")
	}
	path := filepath.Join(t.TempDir(), "hajir.db")
	db, err := Open(t.Context(), path, noSeal{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	done := 0
	for _, text := range strings.Split(wanted, ",") {
		days, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		grow(t, db, done, days)
		done = days
		if _, err := db.write.DB.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		team := make([]string, 30)
		for i := range team {
			team[i] = growthName(i, days)
		}
		one, n := team[0], 0
		t.Logf("%d days, %d MB, %.0f MB a million punches; median of 200:", days, info.Size()>>20, float64(info.Size())/float64(4*days)*1e6/(1<<20))
		for _, m := range []struct {
			what string
			do   func(context.Context) error
		}{
			{"a day", func(ctx context.Context) error { _, err := db.Day(ctx, one, growthDate(5)); return err }},
			{"a month", func(ctx context.Context) error { _, err := db.Month(ctx, one, growthDate(5)[:7]); return err }},
			{"a day of 30 people", func(ctx context.Context) error { _, err := db.Days(ctx, growthDate(5), team); return err }},
			{"a month of 30 people", func(ctx context.Context) error {
				_, err := db.DaysOf(ctx, team, growthDate(0), growthDate(30))
				return err
			}},
			{"a save", func(ctx context.Context) error {
				n++
				return db.SaveDay(ctx, punched(fmt.Sprintf("new%d-%d", days, n), 0, 1))
			}},
		} {
			t.Logf("  %-22s %s", m.what, median(t, m.do))
		}
	}
}

func median(t *testing.T, do func(context.Context) error) time.Duration {
	t.Helper()
	const runs = 200
	all := make([]time.Duration, runs)
	for i := range all {
		from := time.Now()
		if err := do(t.Context()); err != nil {
			t.Fatal(err)
		}
		all[i] = time.Since(from)
	}
	for i := range all { // small enough
		for j := i; j > 0 && all[j] < all[j-1]; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all[runs/2].Round(time.Microsecond)
}

// A person has 1,000 days: four years.
const growthDays = 1000

func growthName(i, days int) string { return fmt.Sprintf("p%06d", i%max(1, days/growthDays)) }

func growthDate(i int) string {
	return time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
}

// grow adds the days from–to as SaveDay stores them.
func grow(t *testing.T, db *DB, from, to int) {
	t.Helper()
	const together = 20_000
	for begin := from; begin < to; begin += together {
		err := db.transact(t.Context(), func(tx *sql.Tx) error {
			stmt, err := tx.PrepareContext(t.Context(), saveDay)
			if err != nil {
				return err
			}
			defer stmt.Close()
			for i := begin; i < min(begin+together, to); i++ {
				d := punched(fmt.Sprintf("p%06d", i/growthDays), 0, 4)
				d.Date = growthDate(i % growthDays)
				for j := range d.Punches {
					d.Punches[j].By, d.Punches[j].Place = "kiosk-entrance", "Main entrance"
				}
				_, args, err := storeDay(d)
				if err != nil {
					return err
				}
				if _, err := stmt.ExecContext(t.Context(), args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
