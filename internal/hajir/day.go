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
	SourceKiosk      Source = "kiosk"      // by a device at the door
	SourceWeb        Source = "web"        // by a person who was signed in
	SourcePIN        Source = "pin"        // with a username or employee code and a PIN; no face was looked at
	SourceDemo       Source = "demo"       // made up, as example data
	SourceManual     Source = "manual"     // entered by the admin
	SourceCorrection Source = "correction" // asked for by the person, and approved
	SourceSlack      Source = "slack"      // by the person, from Slack: /hajir in or out, or the page that it leads to
	SourceAuto       Source = "auto"       // a guess of the day close; see Day.Filled
	// SourceImport is of a file of past days, and SourceDevice of a file that a
	// device at the door has written.
	SourceImport Source = "import"
	SourceDevice Source = "device"
)

// Filed says whether a punch of this source came in a file that an admin
// imported.
func (s Source) Filed() bool { return s == SourceImport || s == SourceDevice }

// Punch is one entry or exit.
type Punch struct {
	ID        string // a UUID
	At        time.Time
	Direction Direction // set by whoever places it, since entries and exits take turns
	Source    Source
	By        string   // the account that sent it
	Place     string   // that account's name: the kiosk's place
	Key       string   // the client's idempotency key, if it gave one
	Picture   string   // key of the picture in the object store, if one is kept
	Decision  Decision // why the person was believed
	// PictureErased says that there was a picture, which was erased.
	PictureErased bool
	// Claimed is when the client says that it was, if it does. Received is set
	// for a punch that waited in a queue or came in a file: At is then the claim,
	// and Received when the server got it. See Claim.
	Claimed, Received time.Time
	Moves             int // how often it moved to another date: of two copies the one with more is right
	// Correction is the ID of the Correction that added it; "" for others.
	Correction string
	// Rejected says who found that the punch is not the person's; nil for one
	// that counts.
	Rejected *Rejection
}

// Struck is a punch that a correction removed, or replaced by one at another
// time. It stays readable as it was, and counts for nothing.
type Struck struct {
	Punch
	Correction string // the ID of the Correction that struck it
	At         time.Time
}

// AutoExit is the time that the day close guessed for an exit that is missing.
type AutoExit struct {
	After string    // the ID of the entry that has no exit; the guess counts while that is the last punch
	At    time.Time // zero: nothing was guessed
}

// Day is one person's attendance on one local date.
type Day struct {
	Name    string // the employee's Username; half of the record's key
	Date    string // YYYY-MM-DD where the person is, on which its shift starts; the other half
	Company string
	Punches []Punch // in order of time
	Struck  []Struck
	Auto    AutoExit
	// Rejected are punches that do not count, and stay readable, in order of time.
	Rejected []Punch
	Version  int // grows by one with every stored change; zero means never stored
}

// MonthValue returns the day's Gregorian month as YYYY-MM, the sort key of the
// index over a person's months.
func (d Day) MonthValue() string { return MonthValue(d.Date) }

// MonthValue returns the month YYYY-MM of a date YYYY-MM-DD.
func MonthValue(date string) string { return date[:min(len(date), len("2006-01"))] }

// DateAt returns the local date in loc at t, as YYYY-MM-DD.
func DateAt(t time.Time, loc *time.Location) string { return t.In(loc).Format(time.DateOnly) }

// Recorded finds the punch that p repeats: one of the same sender with the same
// idempotency key, or one nearer than window. One that was struck or rejected is
// repeated by its key alone: a device that sends it again does not bring it back.
func (d Day) Recorded(p Punch, window time.Duration) (Punch, bool) {
	for _, q := range d.Punches {
		if p.Key != "" && q.Key == p.Key && q.By == p.By {
			return q, true
		}
	}
	for _, q := range d.Struck {
		if p.Key != "" && q.Key == p.Key && q.By == p.By {
			return q.Punch, true
		}
	}
	for _, q := range d.Rejected {
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
	alternate(d.Punches)
	return d, d.Punches[i]
}

// In says whether the last punch was an entry.
func (d Day) In() bool { return len(d.Punches)%2 == 1 }

// Filled returns the day with the exit that the day close guessed, as its last
// punch, while the entry that it belongs to has no other.
func (d Day) Filled() Day {
	if d.Auto.At.IsZero() || !d.In() || d.Punches[len(d.Punches)-1].ID != d.Auto.After {
		return d
	}
	d.Punches = append(slices.Clone(d.Punches), Punch{ID: "auto-" + d.Auto.After, At: d.Auto.At, Direction: Exit, Source: SourceAuto})
	return d
}

// Presence says where a person is on a day.
type Presence string

// The presences.
const (
	PresenceIn     Presence = "in"     // came and has not left
	PresenceOut    Presence = "out"    // came and left
	PresenceAbsent Presence = "absent" // has not come
	PresenceOff    Presence = "off"    // has not come, and need not
)

// Presence derives where the person is whose day comes to r.
func (d Day) Presence(r Reckoning) Presence {
	switch {
	case len(d.Punches) == 0 && (r.Status == StatusAbsent || r.Status == StatusExpected):
		return PresenceAbsent
	case len(d.Punches) == 0:
		return PresenceOff
	case d.Filled().In():
		return PresenceIn
	}
	return PresenceOut
}
