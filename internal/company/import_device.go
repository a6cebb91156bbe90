package company

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/roster"
	"hajir/internal/sheet"
)

// claimAhead is by how much the clock of a device may be ahead of the server's.
const claimAhead = 2 * time.Minute

// punchLine is a line with one punch.
type punchLine struct {
	index  int
	at     time.Time
	device string
	goes   hajir.Direction // as the device says; "" when it does not
	twice  bool            // clocks showed the time twice that night
}

// bareDevice tells a file without a header, as devices write them on a stick
// (code, time and some numbers), from one with a header.
func bareDevice(first []string) []string {
	if len(first) < 2 || strings.TrimSpace(first[0]) == "" {
		return nil
	}
	if _, err := sheet.ParseMoment(first[1], sheet.DayFirst); err == nil {
		return []string{"code", "time"}
	}
	if _, err := sheet.ParseMoment(first[1], sheet.MonthFirst); err == nil {
		return []string{"code", "time"}
	}
	return nil
}

// planDevices reads what devices at the door recorded, and makes a job of each
// person's punches.
func (b *bringing) planDevices(context.Context) error {
	loc, err := b.company.LocationOf(hajir.Employee{TimeZone: b.Zone})
	if err != nil {
		return err
	}
	devices, latest := map[string]string{}, b.Now().Add(claimAhead)
	byPerson := map[string][]punchLine{}
	err = b.each(func(i int, line sheet.Line) error {
		text := line.Get("time")
		if date := line.Get("date"); date != "" {
			text = date + " " + text
		}
		m, err := sheet.ParseMoment(text, b.Order)
		if err != nil {
			return err
		}
		p := punchLine{index: i, goes: goes(line.Get("direction"))}
		if p.at, p.twice, err = m.In(loc); err != nil {
			return err
		}
		e, err := b.people.coded(line.Get("code"))
		if err != nil {
			return err
		}
		b.lines[i].Username, b.lines[i].Name = e.Username, e.Name
		if err := e.MayHave("punches"); err != nil {
			return err
		}
		name := line.Get("device")
		switch {
		case p.at.After(latest):
			return hajir.Errorf(hajir.Invalid, "the time %s is still to come; set the order of day and month, the zone and the device's clock right", text)
		case len(name) > 200:
			return hajir.Errorf(hajir.Invalid, "the device's name is longer than 200 bytes; shorten it")
		}
		if _, known := devices[name]; !known {
			devices[name] = name // kept once, not once a line
		}
		p.device = devices[name]
		byPerson[e.Username] = append(byPerson[e.Username], p)
		return nil
	})
	// Whatever the order of the file: of two devices at one moment, too.
	addJobs(b, byPerson, func(p punchLine) int { return p.index },
		func(x, y punchLine) int { return cmp.Or(x.at.Compare(y.at), strings.Compare(x.device, y.device)) }, b.punch)
	return err
}

// goes reads what devices call directions.
func goes(text string) hajir.Direction {
	switch strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "", "/", "").Replace(text)) {
	case "in", "entry", "cin", "checkin", "clockin", "i", "dutyon":
		return hajir.Entry
	case "out", "exit", "cout", "checkout", "clockout", "o", "dutyoff":
		return hajir.Exit
	}
	return ""
}

// importIDs is the namespace of the IDs of imported punches. Such an ID is made
// of whose punch it is, when, and at which device: so the same one, of whichever
// file, is one punch.
var importIDs = uuid.MustParse("0bb7f2f5-58e9-4f35-9d0b-5fd1a0cb9f0e")

func importID(s hajir.Source, company, username, device string, at time.Time) string {
	return uuid.NewSHA1(importIDs, []byte(strings.Join([]string{string(s), company, username, device, at.UTC().Format(time.RFC3339)}, "\x00"))).String()
}

// imported is a punch as a file tells it.
func (b *bringing) imported(s hajir.Source, username, device string, at time.Time) hajir.Punch {
	return hajir.Punch{
		ID: importID(s, b.Company, username, device, at), At: at.UTC(), Source: s, By: b.By, Place: device,
		Claimed: at.UTC(), Received: b.Now().UTC(),
	}
}

// punch records one person's punches, in order of time, as if they had arrived
// in that order.
func (b *bringing) punch(ctx context.Context, e hajir.Employee, punches []punchLine) error {
	return b.bring(ctx, e, punches[0].at, func(around *roster.Around, days []hajir.Day, loc *time.Location) []hajir.Day {
		taken := b.sift(e, punches, known(days), loc)
		if len(taken) == 0 {
			return nil
		}
		changed := around.PlaceAll(days, taken)
		b.compare(e, punches, days, changed)
		return changed
	})
}

// bring saves what change makes of the days of one person from a moment on, or
// nothing in a dry run. When somebody else changes them meanwhile, it begins anew.
func (b *bringing) bring(
	ctx context.Context, e hajir.Employee, from time.Time, change func(*roster.Around, []hajir.Day, *time.Location) []hajir.Day,
) error {
	around, err := b.Book.Around(ctx, b.company, e, from)
	if err != nil {
		return err
	}
	loc, err := b.company.LocationOf(e)
	if err != nil {
		return err
	}
	for range maxTries {
		days, err := around.Days(ctx)
		if err != nil {
			return err
		}
		changed := change(around, days, loc)
		if b.DryRun || len(changed) == 0 {
			return nil
		}
		err = around.SaveAll(ctx, changed)
		if err == nil {
			b.Changes.Publish(b.Company, e.Username)
		}
		if hajir.CodeOf(err) != hajir.Conflict {
			return err
		}
	}
	return hajir.Errorf(hajir.Unavailable, "too many punches of this person at once; import the file again")
}

// sift returns which of a person's punches are new. Those that are there, or so
// near to one that they count as it, are the same.
func (b *bringing) sift(e hajir.Employee, punches []punchLine, there stored, loc *time.Location) (taken []hajir.Punch) {
	window := b.company.RepeatWindow
	clock := func(t time.Time) string { return t.In(loc).Format("2006-01-02 15:04:05") }
	batch := map[string]int{}
	for _, p := range punches {
		q := b.imported(hajir.SourceDevice, e.Username, p.device, p.at)
		if line, twice := batch[q.ID]; twice {
			b.set(p.index, sheet.Same, "line "+strconv.Itoa(line)+" says so already")
			continue
		}
		batch[q.ID] = b.lines[p.index].Line
		if there.ids[q.ID] {
			b.set(p.index, sheet.Same, "")
			continue
		}
		near, ok := there.near(p.at, window)
		if n := len(taken); !ok && n > 0 && p.at.Sub(taken[n-1].At) < window {
			near, ok = taken[n-1].At, true
		}
		if ok {
			b.set(p.index, sheet.Same, "it counts as the punch at "+clock(near))
			continue
		}
		taken = append(taken, q)
		b.set(p.index, sheet.New, "")
		if p.twice {
			b.lines[p.index].Detail = "clocks showed this time twice; the first is taken"
		}
	}
	return taken
}

// compare notes where a punch came out as another direction than the device
// says: one is missing, or pressed wrongly.
func (b *bringing) compare(e hajir.Employee, punches []punchLine, days, changed []hajir.Day) {
	placed := map[string]hajir.Direction{}
	dates := map[string]string{}
	for _, d := range slices.Concat(days, changed) {
		for _, q := range d.Punches {
			placed[q.ID], dates[q.ID] = q.Direction, d.Date
		}
	}
	for _, p := range punches {
		id := importID(hajir.SourceDevice, b.Company, e.Username, p.device, p.at)
		if r := &b.lines[p.index]; r.Outcome == sheet.New && p.goes != "" && placed[id] != "" && placed[id] != p.goes {
			r.Detail = "the device says " + string(p.goes) + ", but it counts as an " + string(placed[id]) +
				", since directions alternate; look at " + dates[id] + " for one that is missing"
		}
	}
}

// stored are a person's punches that are there.
type stored struct {
	ids   map[string]bool // also of those that a correction struck: a file does not bring them back
	times []time.Time     // in order
}

func known(days []hajir.Day) stored {
	s := stored{ids: map[string]bool{}}
	for _, d := range hajir.Once(days) {
		for _, q := range d.Punches {
			s.ids[q.ID] = true
			s.times = append(s.times, q.At)
		}
		for _, q := range d.Struck {
			s.ids[q.ID] = true
		}
	}
	slices.SortFunc(s.times, time.Time.Compare)
	return s
}

// near returns a punch that is nearer to t than window.
func (s stored) near(t time.Time, window time.Duration) (time.Time, bool) {
	i, _ := slices.BinarySearchFunc(s.times, t, time.Time.Compare)
	for _, j := range []int{i - 1, i} {
		if j >= 0 && j < len(s.times) && (s.times[j].Sub(t).Abs() < window || s.times[j].Equal(t)) {
			return s.times[j], true
		}
	}
	return time.Time{}, false
}
