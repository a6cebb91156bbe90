package company

import (
	"context"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/roster"
	"hajir/internal/sheet"
)

// dayLine is a line with a day that has passed.
type dayLine struct {
	index int
	date  string
	times []time.Time // entry, exit, entry, exit
}

// planDays reads past days, and makes a job of each person's.
func (b *bringing) planDays(context.Context) error {
	type key struct{ username, date string }
	first := map[key]int{}
	byPerson := map[string][]dayLine{}
	latest := b.Now().Add(claimAhead)
	err := b.each(func(i int, line sheet.Line) error {
		date, err := sheet.ParseDate(line.Get("date"), b.Order)
		if err != nil {
			return err
		}
		e, err := b.person(i, line)
		if err != nil {
			return err
		}
		if err := e.MayHave("days"); err != nil {
			return err
		}
		day := dayLine{index: i, date: date}
		if day.times, err = b.times(e, date, line); err != nil {
			return err
		}
		k := key{e.Username, date}
		switch before, twice := first[k]; {
		case twice:
			return hajir.Errorf(hajir.Conflict, "line %d has this day already; put all of a day into one line", before)
		case day.times[len(day.times)-1].After(latest):
			return hajir.Errorf(hajir.Invalid, "this day is not over; only what has passed can be imported")
		}
		first[k] = line.Number
		byPerson[e.Username] = append(byPerson[e.Username], day)
		return nil
	})
	addJobs(b, byPerson, func(d dayLine) int { return d.index },
		func(x, y dayLine) int { return x.times[0].Compare(y.times[0]) }, b.bringDays)
	return err
}

// times reads the times of a day, where the person is. One that is not later
// than the one before is on the next date.
func (b *bringing) times(e hajir.Employee, date string, line sheet.Line) ([]time.Time, error) {
	loc, err := b.company.LocationOf(e)
	if err != nil {
		return nil, err
	}
	var all []time.Time
	var last time.Duration
	on, missing := date, ""
	for n, name := range []string{"entry", "exit", "entry2", "exit2"} {
		text := line.Get(name)
		if text == "" {
			if missing == "" {
				missing = name
			}
			continue
		}
		if missing != "" {
			return nil, hajir.Errorf(hajir.Invalid, "there is a time of %s and none of %s before it; add that, or move the times forward", name, missing)
		}
		of, err := sheet.ParseClock(text)
		if err != nil {
			return nil, err
		}
		if n > 0 && of <= last {
			if on != date {
				return nil, hajir.Errorf(hajir.Invalid, "the times of this day go over midnight twice; correct them")
			}
			on = hajir.AddDays(date, 1)
		}
		last = of
		at, _, err := sheet.At(on, of).In(loc)
		if err != nil {
			return nil, err
		}
		if n > 0 && !at.After(all[n-1]) { // clocks were put back in between
			return nil, hajir.Errorf(hajir.Invalid, "the time of %s is not after the one before it, since clocks were changed; correct it", name)
		}
		all = append(all, at)
	}
	switch {
	case len(all) == 0:
		return nil, hajir.Errorf(hajir.Invalid, "the line has no time of entry; leave the line out where somebody was absent")
	case all[len(all)-1].Sub(all[0]) >= 24*time.Hour:
		return nil, hajir.Errorf(hajir.Invalid, "the times of this day are of more than 24 hours; correct them")
	}
	return all, nil
}

// bringDays records one person's past days. A line that does not fit what is
// there is refused alone.
func (b *bringing) bringDays(ctx context.Context, e hajir.Employee, lines []dayLine) error {
	return b.bring(ctx, e, lines[0].times[0], func(around *roster.Around, days []hajir.Day, loc *time.Location) []hajir.Day {
		return b.place(around.PlaceAll, e, days, b.fit(e.Username, lines, known(days), loc))
	})
}

// fitLine is a line that something is to be done for.
type fitLine struct {
	dayLine
	add []time.Time // those of its times that are not there yet
}

// fit looks at lines in order of time, and returns those that add something.
// The punches that are there and those of the lines before must leave room.
func (b *bringing) fit(username string, lines []dayLine, there stored, loc *time.Location) (fitting []fitLine) {
	var end time.Time // of the line before
	for _, l := range lines {
		own := map[int64]bool{}
		for _, t := range l.times {
			own[t.Unix()] = true
		}
		window := b.company.RepeatWindow
		from, to := l.times[0].Add(-window), l.times[len(l.times)-1].Add(window)
		add := slices.DeleteFunc(slices.Clone(l.times), func(t time.Time) bool {
			return there.ids[importID(hajir.SourceImport, b.Company, username, "", t)]
		})
		var other time.Time
		i, _ := slices.BinarySearchFunc(there.times, from, time.Time.Compare)
		for ; i < len(there.times) && !there.times[i].After(to); i++ {
			switch t := there.times[i]; {
			case own[t.Unix()]:
				add = slices.DeleteFunc(add, func(x time.Time) bool { return x.Unix() == t.Unix() })
			case t.Equal(from) && window > 0 || t.Equal(to) && window > 0: // just far enough away
			default:
				other = t
			}
		}
		switch {
		case !other.IsZero():
			b.refuse(l.index, hajir.Errorf(hajir.Conflict,
				"there is a punch at %s already, which this line does not have; correct that day by hand, or leave the line out", other.In(loc).Format("2006-01-02 15:04:05")))
			continue
		case len(add) == 0:
			b.set(l.index, sheet.Same, "")
		case !end.IsZero() && l.times[0].Before(end.Add(max(window, time.Second))):
			b.refuse(l.index, hajir.Errorf(hajir.Conflict, "this day begins before the line of the day before has ended; correct one of the two"))
			continue
		case len(add) < len(l.times):
			b.set(l.index, sheet.Changed, "adds "+hoursOf(add, loc)+" to what is there")
			fitting = append(fitting, fitLine{l, add})
		default:
			b.set(l.index, sheet.New, "")
			fitting = append(fitting, fitLine{l, add})
		}
		end = l.times[len(l.times)-1]
	}
	return fitting
}

func hoursOf(times []time.Time, loc *time.Location) string {
	var all []string
	for _, t := range times {
		all = append(all, t.In(loc).Format("15:04"))
	}
	return strings.Join(all, ", ")
}

// place places the times of lines. A line that would turn an entry into an exit,
// its own or one that is there, is refused, and the others placed without it.
func (b *bringing) place(
	placeAll func([]hajir.Day, []hajir.Punch) []hajir.Day, e hajir.Employee, days []hajir.Day, lines []fitLine,
) []hajir.Day {
	before := map[string]hajir.Direction{}
	for _, d := range hajir.Once(days) {
		for _, q := range d.Punches {
			before[q.ID] = q.Direction
		}
	}
	for len(lines) > 0 {
		var punches []hajir.Punch
		for _, l := range lines {
			for _, t := range l.add {
				punches = append(punches, b.imported(hajir.SourceImport, e.Username, "", t))
			}
		}
		changed := placeAll(days, punches)
		at := map[int64]placement{}
		turned := map[string]bool{} // dates on which one that is there turned
		for _, d := range slices.Concat(days, changed) {
			for _, q := range d.Punches {
				at[q.At.Unix()] = placement{d.Date, q.Direction}
				if was, known := before[q.ID]; known && was != q.Direction {
					turned[d.Date] = true
				}
			}
		}
		fitting := slices.DeleteFunc(slices.Clone(lines), func(l fitLine) bool { return !b.right(l, at, turned) })
		if len(fitting) == len(lines) {
			return changed
		}
		lines = fitting
	}
	return nil
}

type placement struct {
	date string
	hajir.Direction
}

// right says whether a line's times came out as it says, and refuses it if not.
func (b *bringing) right(l fitLine, at map[int64]placement, turned map[string]bool) bool {
	for n, t := range l.times {
		want := hajir.Entry
		if n%2 == 1 {
			want = hajir.Exit
		}
		p := at[t.Unix()]
		if p.Direction != want || turned[p.date] {
			b.refuse(l.index, hajir.Errorf(hajir.Conflict,
				"with the punches that are there on %s, entries and exits would not alternate as this line says; correct that day by hand", p.date))
			return false
		}
		if p.date != l.date {
			b.lines[l.index].Detail = "by the shifts that are planned, it counts for " + p.date
		}
	}
	return true
}
