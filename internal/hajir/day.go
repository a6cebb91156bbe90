package hajir

import (
	"slices"
	"time"
)

// Direction says whether a punch came or went.
type Direction string

// The directions.
const (
	Entry Direction = "entry"
	Exit  Direction = "exit"
)

// Source says how a punch was made.
type Source string

// The sources.
const (
	SourceKiosk Source = "kiosk" // by a device at the door
	SourceWeb   Source = "web"   // by a person who was signed in
	SourcePIN   Source = "pin"   // with a username or employee code and a PIN; no face was looked at
	SourceDemo  Source = "demo"  // made up, as example data
)

// Punch is one entry or exit.
type Punch struct {
	ID        string // a UUID
	At        time.Time
	Direction Direction // set by Day.Record
	Source    Source
	By        string   // the account that sent it
	Place     string   // that account's name: the kiosk's place
	Key       string   // the client's idempotency key, if it gave one
	Picture   string   // key of the picture in the object store, if one is kept
	Decision  Decision // why the person was believed
	// PictureErased says that there was a picture, which was erased.
	PictureErased bool
}

// Day is one person's attendance on one local date.
type Day struct {
	Name    string // the employee's Username; half of the record's key
	Date    string // YYYY-MM-DD where the company is; the other half
	Company string
	Punches []Punch // in order of time
	Version int     // grows by one with every stored change; zero means never stored
}

// MonthValue returns the day's Gregorian month as YYYY-MM, the sort key of the
// index over a person's months.
func (d Day) MonthValue() string { return MonthValue(d.Date) }

// MonthValue returns the month YYYY-MM of a date YYYY-MM-DD.
func MonthValue(date string) string { return date[:min(len(date), len("2006-01"))] }

// DateAt returns the local date in loc at t, as YYYY-MM-DD.
func DateAt(t time.Time, loc *time.Location) string { return t.In(loc).Format(time.DateOnly) }

// Recorded finds the punch that p repeats: one of the same sender with the same
// idempotency key, or one nearer than window.
func (d Day) Recorded(p Punch, window time.Duration) (Punch, bool) {
	for _, q := range d.Punches {
		if p.Key != "" && q.Key == p.Key && q.By == p.By {
			return q, true
		}
	}
	for _, q := range d.Punches {
		if p.At.Sub(q.At).Abs() < window {
			return q, true
		}
	}
	return Punch{}, false
}

// Record returns the day with p added in its place, and p as recorded: entry
// and exit alternate in order of time. The day given is not changed. Ask
// Recorded first whether p is a repetition.
func (d Day) Record(p Punch) (Day, Punch) {
	d.Punches = slices.Clone(d.Punches)
	i, _ := slices.BinarySearchFunc(d.Punches, p.At, func(q Punch, at time.Time) int {
		if c := q.At.Compare(at); c != 0 {
			return c
		}
		return -1 // after those of the same instant
	})
	d.Punches = slices.Insert(d.Punches, i, p)
	for j := i; j < len(d.Punches); j++ {
		d.Punches[j].Direction = Entry
		if j%2 == 1 {
			d.Punches[j].Direction = Exit
		}
	}
	return d, d.Punches[i]
}

// FirstIn returns when the person first came; false when they did not.
func (d Day) FirstIn() (time.Time, bool) {
	if len(d.Punches) == 0 {
		return time.Time{}, false
	}
	return d.Punches[0].At, true
}

// LastOut returns when the person last left; false while they are in.
func (d Day) LastOut() (time.Time, bool) {
	if len(d.Punches) == 0 || d.In() {
		return time.Time{}, false
	}
	return d.Punches[len(d.Punches)-1].At, true
}

// In says whether the last punch was an entry.
func (d Day) In() bool { return len(d.Punches)%2 == 1 }

// Worked returns the elapsed time between entries and their exits. While the
// day lasts in loc an entry without exit counts up to now; afterwards it counts
// for nothing, because when the person left is not known.
func (d Day) Worked(now time.Time, loc *time.Location) time.Duration {
	var sum time.Duration
	for i := 1; i < len(d.Punches); i += 2 {
		sum += d.Punches[i].At.Sub(d.Punches[i-1].At)
	}
	if d.In() && DateAt(now, loc) == d.Date {
		sum += max(0, now.Sub(d.Punches[len(d.Punches)-1].At))
	}
	return sum
}

// Presence says where a person is on a day.
type Presence string

// The presences.
const (
	PresenceIn     Presence = "in"     // came and has not left
	PresenceOut    Presence = "out"    // came and left
	PresenceAbsent Presence = "absent" // has not come
)

// Presence derives where the day's person is.
func (d Day) Presence() Presence {
	switch {
	case len(d.Punches) == 0:
		return PresenceAbsent
	case d.In():
		return PresenceIn
	}
	return PresenceOut
}

// DateBefore returns the date before a date YYYY-MM-DD.
func DateBefore(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}
