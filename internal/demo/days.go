package demo

import (
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// history is how many days before today are made up.
const history = 61

// days makes up the days of a person who works in a shift. The same person gets
// the same days whenever they are made on the same date.
func days(company, username string, seed uint64, shift hajir.Shift, free map[string]bool, now time.Time, loc *time.Location) []hajir.Day {
	today := now.In(loc)
	var all []hajir.Day
	for back := history; back >= 0; back-- {
		date := time.Date(today.Year(), today.Month(), today.Day()-back, 0, 0, 0, 0, loc)
		if date.Weekday() == time.Saturday || free[date.Format(time.DateOnly)] {
			continue
		}
		rng := rand.New(rand.NewPCG(seed, uint64(date.Unix()))) //nolint:gosec // example data, and no secret
		d := hajir.Day{Name: username, Company: company, Date: date.Format(time.DateOnly)}
		for _, at := range punches(rng, date, shift) {
			if at.After(now) {
				break
			}
			d, _ = d.Record(hajir.Punch{ID: uuid.Must(uuid.NewRandomFromReader(source{rng})).String(), At: at.UTC(), Source: hajir.SourceDemo})
		}
		if len(d.Punches) > 0 {
			all = append(all, d)
		}
	}
	return all
}

// punches makes up one day: most people come shortly before their shift begins
// and leave shortly after its end, half go out in between, a few are late,
// absent or forget to punch out.
func punches(rng *rand.Rand, date time.Time, shift hajir.Shift) []time.Time {
	if rng.Float64() < 0.06 {
		return nil
	}
	at := func(c hajir.Clock, plus, spread time.Duration) time.Time {
		minutes := int(c)
		if c < shift.Start { // of the next day
			minutes += 24 * 60
		}
		t := time.Date(date.Year(), date.Month(), date.Day(), 0, minutes, 0, 0, date.Location()).Add(plus)
		return t.Add(time.Duration(rng.NormFloat64() * float64(spread))).Truncate(time.Second)
	}
	times := []time.Time{at(shift.Start, -20*time.Minute, 20*time.Minute)}
	if rng.Float64() < 0.5 {
		out := at(shift.Breaks[0].From, 0, 12*time.Minute)
		times = append(times, out, out.Add(30*time.Minute+time.Duration(rng.Int64N(int64(25*time.Minute)))).Truncate(time.Second))
	}
	if rng.Float64() > 0.03 {
		times = append(times, at(shift.End, 20*time.Minute, 25*time.Minute))
	}
	return times
}

// source reads random bytes from a rand.Rand.
type source struct{ rng *rand.Rand }

func (s source) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(s.rng.UintN(256)) //nolint:gosec // below 256
	}
	return len(b), nil
}
