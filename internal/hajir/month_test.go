package hajir

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestMonthDates(t *testing.T) {
	for _, tt := range []struct {
		month       string
		first, last string
		days        int
	}{
		{"2026-11", "2026-11-01", "2026-11-30", 30},
		{"2024-02", "2024-02-01", "2024-02-29", 29},
		{"bs-2083-08", "2026-11-17", "2026-12-15", 29},
		{"bs-2000-01", "1943-04-14", "1943-05-13", 30},
		{"bs-2082-12", "2026-03-15", "2026-04-13", 30},
		{"bs-2081-02", "2024-05-14", "2024-06-14", 32},
		{"bs-2090-12", "2034-03-15", "2034-04-13", 30},
	} {
		dates, err := MonthDates(tt.month)
		if err != nil || len(dates) != tt.days || dates[0] != tt.first || dates[len(dates)-1] != tt.last {
			t.Errorf("%s: %v %v, want %d days from %s to %s", tt.month, dates, err, tt.days, tt.first, tt.last)
		}
	}
	for _, month := range []string{
		"", "2026", "2026-13", "2026-00", "2026-3", "bs-", "bs-2083", "bs-2083-13", "bs-2083-00", "bs-2083-8",
		"bs-1999-12", "bs-2091-01", "bs-+083-08", "bs-2083--8", "bs-2083-08-01", "bs-2083-08 ", "BS-2083-08", "bs-bs-2083-08",
	} {
		if dates, err := MonthDates(month); CodeOf(err) != Invalid {
			t.Errorf("%q: %v %v", month, dates, err)
		}
	}
}

// A month of Bikram Sambat has exactly the dates that the calendar says are in
// it: none is missing, and none is of another month.
func TestMonthDatesAreThoseOfTheMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year, month := rapid.IntRange(BSFirstYear, BSLastYear).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
		dates, err := MonthDates(fmt.Sprintf("bs-%04d-%02d", year, month))
		if err != nil {
			t.Fatal(err)
		}
		for i, date := range dates {
			if d, err := BSOf(date); err != nil || d != (BSDate{year, month, i + 1}) {
				t.Fatalf("%s is %v (%v)", date, d, err)
			}
		}
		for _, beside := range []string{AddDays(dates[0], -1), AddDays(dates[len(dates)-1], 1)} {
			if d, err := BSOf(beside); err == nil && d.Year == year && d.Month == month {
				t.Fatalf("%s is missing", beside)
			}
		}
	})
}

func FuzzMonthDates(f *testing.F) {
	for _, month := range []string{"2026-11", "bs-2083-08", "bs-2083--1", ""} {
		f.Add(month)
	}
	f.Fuzz(func(t *testing.T, month string) {
		dates, err := MonthDates(month)
		if err != nil && CodeOf(err) != Invalid {
			t.Fatal(err)
		}
		if err == nil && (len(dates) < 28 || len(dates) > 32) {
			t.Fatalf("%q has %d days", month, len(dates))
		}
	})
}
