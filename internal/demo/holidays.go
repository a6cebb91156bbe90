package demo

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// holidays are those of Nepal that have a fixed date of Bikram Sambat, or of the
// Gregorian calendar when bs is false. Those that follow the moon are left to a
// real company's calendar file.
var holidays = []struct {
	title      string
	kind       hajir.OccasionKind
	bs         bool
	month, day int
}{
	{"Nepali New Year", hajir.OccasionHoliday, true, 1, 1},
	{"Republic Day", hajir.OccasionHoliday, true, 2, 15},
	{"Constitution Day", hajir.OccasionHoliday, true, 6, 3},
	{"Prithvi Jayanti", hajir.OccasionHoliday, true, 9, 27},
	{"Maghe Sankranti", hajir.OccasionHoliday, true, 10, 1},
	{"Martyrs’ Day", hajir.OccasionOptional, true, 10, 16},
	{"Democracy Day", hajir.OccasionHoliday, true, 11, 7},
	{"Labour Day", hajir.OccasionHoliday, false, 5, 1},
	{"Women’s Day", hajir.OccasionOptional, false, 3, 8},
	{"Christmas", hajir.OccasionOptional, false, 12, 25},
}

// meetingIn is in how many days everybody meets.
const meetingIn = 3

// celebrate adds the holidays around today and a meeting, and returns the dates
// on which nobody works.
func (d *Company) celebrate(ctx context.Context, c hajir.Company, today string) (map[string]bool, error) {
	free := map[string]bool{}
	from, to := hajir.AddDays(today, -history), hajir.AddDays(today, 366)
	now, err := hajir.BSOf(today)
	if err != nil {
		return nil, err
	}
	for _, h := range holidays {
		for back := -1; back <= 1; back++ {
			date, err := hajir.BSDate{Year: now.Year + back, Month: h.month, Day: h.day}.Gregorian()
			if !h.bs {
				year := d.Now().Year() + back
				date, err = time.Date(year, time.Month(h.month), h.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
			}
			if err != nil || date < from || date > to {
				continue
			}
			if h.kind == hajir.OccasionHoliday {
				free[date] = true
			}
			o := hajir.Occasion{Company: c.Username, Title: h.title, Kind: h.kind, From: date}
			if _, err := d.AddEvent(ctx, o); err != nil {
				return nil, fmt.Errorf("add %s: %w", h.title, err)
			}
		}
	}
	start, end := hajir.Clock(15*60), hajir.Clock(16*60)
	_, err = d.AddEvent(ctx, hajir.Occasion{
		Company: c.Username, Title: "All hands", Kind: hajir.OccasionEvent, From: hajir.AddDays(today, meetingIn), Start: &start, End: &end, Note: "In the big room",
	})
	return free, err
}
