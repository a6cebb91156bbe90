package hajir

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Days that are known by both calendars: history, and none of them from the
// table's source.
func TestBSOfKnownDays(t *testing.T) {
	for _, tt := range []struct{ gregorian, bs, what string }{
		{"1943-04-14", "2000-01-01", "the first day that is known"},
		{"1951-02-18", "2007-11-07", "the end of the Rana rule"},
		{"1960-12-15", "2017-09-01", "the royal coup"},
		{"1990-04-08", "2046-12-26", "the end of the Panchayat"},
		{"1996-02-13", "2052-11-01", "the beginning of the civil war"},
		{"2001-06-01", "2058-02-19", "the palace massacre"},
		{"2005-02-01", "2061-10-19", "the king takes power"},
		{"2006-04-24", "2063-01-11", "Democracy Day"},
		{"2008-05-28", "2065-02-15", "Republic Day"},
		{"2015-04-25", "2072-01-12", "the Gorkha earthquake"},
		{"2015-09-20", "2072-06-03", "Constitution Day"},
		{"2024-04-13", "2081-01-01", "New Year 2081"},
		{"2025-04-14", "2082-01-01", "New Year 2082"},
	} {
		d, err := BSOf(tt.gregorian)
		if err != nil || d.String() != tt.bs {
			t.Errorf("%s, %s: %v %v, want %s", tt.gregorian, tt.what, d, err, tt.bs)
		}
		if back, err := d.Gregorian(); err != nil || back != tt.gregorian {
			t.Errorf("%s, %s, and back: %s %v", tt.gregorian, tt.what, back, err)
		}
	}
}

// The months' lengths are those of another published table, too, but for the
// years that no committee has announced yet and of which each table has a
// forecast of its own.
func TestBSMonthsArePublished(t *testing.T) {
	f, err := os.Open("testdata/bs_months.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	forecast := []int{2084, 2085, 2086}
	if len(rows) != BSLastYear-BSFirstYear+1 {
		t.Fatalf("%d years published, %d known", len(rows), BSLastYear-BSFirstYear+1)
	}
	var differ []int
	for _, row := range rows {
		year, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range row[1:] {
			got, err := BSMonthDays(year, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if strconv.Itoa(got) != want && !slices.Contains(differ, year) {
				differ = append(differ, year)
			}
		}
	}
	if !slices.Equal(differ, forecast) {
		t.Errorf("the tables differ in %v, want %v", differ, forecast)
	}
}

// The sun decides: a year has 365 or 366 days and begins in the middle of
// April.
func TestBSYears(t *testing.T) {
	for year := BSFirstYear; year <= BSLastYear; year++ {
		first, err := BSDate{year, 1, 1}.Gregorian()
		if err != nil {
			t.Fatal(err)
		}
		if day := first[5:]; day < "04-13" || day > "04-15" {
			t.Errorf("%d begins on %s", year, first)
		}
		if n := bsNewYears[year-BSFirstYear+1] - bsNewYears[year-BSFirstYear]; n != 365 && n != 366 {
			t.Errorf("%d has %d days", year, n)
		}
	}
}

// Every day has one date in each calendar, and the next day the next.
func TestBSEveryDay(t *testing.T) {
	var before BSDate
	for day := bsEpoch; ; day = day.AddDate(0, 0, 1) {
		date := day.Format(time.DateOnly)
		d, err := BSOf(date)
		if err != nil {
			if before != (BSDate{BSLastYear, 12, int(bsMonths[len(bsMonths)-1][11])}) {
				t.Errorf("the calendar ends after %s", before)
			}
			return
		}
		next := BSDate{before.Year, before.Month, before.Day + 1}
		if days, err := BSMonthDays(before.Year, before.Month); err == nil && before.Day == days {
			next = BSDate{before.Year, before.Month + 1, 1}
		}
		if next.Month == 13 {
			next = BSDate{before.Year + 1, 1, 1}
		}
		if before != (BSDate{}) && d != next {
			t.Fatalf("%s is %s, and the day before was %s", date, d, before)
		}
		if back, err := d.Gregorian(); err != nil || back != date {
			t.Fatalf("%s is %s, and back %s (%v)", date, d, back, err)
		}
		before = d
	}
}

func TestBSRefuses(t *testing.T) {
	for _, date := range []string{"", "2026-02-30", "1943-04-13", "2100-01-01", "not a date"} {
		if d, err := BSOf(date); CodeOf(err) != Invalid {
			t.Errorf("%q: %v %v", date, d, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := BSDate{rapid.IntRange(1990, 2100).Draw(t, "year"), rapid.IntRange(-1, 14).Draw(t, "month"), rapid.IntRange(-1, 34).Draw(t, "day")}
		date, err := d.Gregorian()
		if err != nil {
			if CodeOf(err) != Invalid {
				t.Fatalf("%s: %v", d, err)
			}
			return
		}
		if back, err := BSOf(date); err != nil || back != d {
			t.Fatalf("%s is %s, and back %s (%v)", d, date, back, err)
		}
	})
}

func ExampleBSOf() {
	d, _ := BSOf("2026-11-24")
	fmt.Println(d)
	// Output: 2083-08-08
}
