package hajir

import "time"

// ImportKind says what a file that is imported tells.
type ImportKind string

// The kinds of imports.
const (
	ImportEmployees ImportKind = "employees" // changes of people who are there
	ImportShifts    ImportKind = "shifts"
	ImportRoster    ImportKind = "roster"
	ImportLeave     ImportKind = "leave"   // opening balances
	ImportDays      ImportKind = "days"    // past days
	ImportDevices   ImportKind = "devices" // punches that devices at the door recorded
)

// ImportKinds lists every kind in the order in which a company that moves to
// Hajir brings its files.
func ImportKinds() []ImportKind {
	return []ImportKind{ImportEmployees, ImportShifts, ImportRoster, ImportLeave, ImportDays, ImportDevices}
}

// Import is a file that was brought in, or is being brought in. What it changed
// is told by the records that it changed; this tells who brought which file.
type Import struct {
	ID      string // a UUID that begins with the time: half of the record's key
	Company string // the other half
	Kind    ImportKind
	File    string // its name, as the client calls it
	SHA256  string // of its content, in hexadecimal
	By      string // the account that brought it
	Lines   int    // how many it has
	Done    int    // of how many it is known what became of them
	// New, Changed, Same and Refused are how many lines had which outcome, once
	// it has ended.
	New, Changed, Same, Refused int
	BegunAt                     time.Time
	SeenAt                      time.Time // when it was last at work
	EndedAt                     time.Time // zero: it has not
	Failed                      bool      // it ended early, by a fault of the program
	Version                     int       // grows by one with every stored change; zero means never stored
}

// ImportState is what has become of an Import.
type ImportState string

// The states.
const (
	ImportRunning     ImportState = "running"
	ImportDone        ImportState = "done"
	ImportFailed      ImportState = "failed"
	ImportInterrupted ImportState = "interrupted" // the program ended meanwhile
)

// ImportPatience is after how long without a sign of life an import is taken to
// be interrupted.
const ImportPatience = 2 * time.Minute

// State returns what has become of i. Whatever it is but done, the same file
// again does the rest.
func (i Import) State(now time.Time) ImportState {
	switch {
	case i.Failed:
		return ImportFailed
	case !i.EndedAt.IsZero():
		return ImportDone
	case now.Sub(i.SeenAt) > ImportPatience:
		return ImportInterrupted
	}
	return ImportRunning
}

// Bounds of what a client calls a file.
const maxFileName = 200

// ValidateFileName returns an Invalid error when a file's name is none to be
// kept.
func ValidateFileName(name string) error {
	return validateText("the file's name", name, 1, maxFileName)
}
