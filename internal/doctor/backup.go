package doctor

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/backup"
)

// Backup is what is known of the backup.
type Backup struct {
	Place  string // where it lies; "" when it is switched off
	Err    error  // what is wrong with the configuration
	Beside bool   // it lies beside the data
	Status backup.Status
	// KeyShown says that somebody has seen the key, or keeps it elsewhere.
	KeyShown bool
	// DrillEvery is how often a restore is tried; zero: never.
	DrillEvery time.Duration
}

// late is how old the newest moment in the backup may be.
const late = 15 * time.Minute

// Check examines b at now.
func (b Backup) Check(now func() time.Time) Check {
	return Check{"backup", func(_ context.Context, c *Chart) {
		const why = "What is not in the backup is lost with this disk."
		switch {
		case b.Err != nil:
			c.Fail("backup", "The backup is not configured as it must be: "+b.Err.Error(), why, "docs/backup.md says what --backup takes.")
			return
		case b.Place == "":
			c.Warn("backup", "There is no backup: it is switched off.", why, "Serve without --backup off, and see docs/backup.md.")
			return
		}
		b.age(c, now(), why)
		if !b.KeyShown {
			c.Warn("backup.key", "Nobody was shown the backup's key yet.", "The backup is worthless without its key, which lies on this machine alone.",
				"hajir backup key prints it: keep a copy where neither this machine nor the backup is lost with it.")
		} else {
			c.OK("backup.key", "The backup's key was shown, or is kept elsewhere.")
		}
		if b.Beside {
			c.Warn("backup.place", "The backup lies beside the data, in "+b.Place+".", "Whatever takes the disk takes both.", "Name another disk or a bucket with --backup.")
		}
		b.drill(c, now())
	}}
}

func (b Backup) age(c *Chart, now time.Time, why string) {
	s := b.Status
	behind := now.Sub(s.Safe).Round(time.Second)
	switch {
	case s.At.IsZero():
		c.Warn("backup.age", "Nothing was backed up yet.", why, "Serve backs up by itself; or run: hajir backup now")
	case s.Error != "":
		c.Fail("backup.age", fmt.Sprintf("The backup has been failing since %s: %s", moment(s.FailingSince), s.Error), why, "Mend what it says; the server tries again by itself.")
	case s.Safe.IsZero():
		c.Fail("backup.age", "The first backup was never finished.", why, "Run: hajir backup now")
	case behind > late:
		c.Warn("backup.age", fmt.Sprintf("The backup ends at %s, %s ago.", moment(s.Safe), behind), why, "If the server is stopped, start it or run: hajir backup now")
	default:
		c.OK("backup.age", "Everything until %s is in %s.", moment(s.Safe), b.Place)
	}
}

func (b Backup) drill(c *Chart, now time.Time) {
	d := b.Status.Drill
	const why = "A backup that nobody has restored is a hope."
	switch {
	case d.Error != "":
		c.Fail("backup.drill", fmt.Sprintf("The restore drill of %s failed: %s", moment(d.At), d.Error), why, "Mend what it says, and try: hajir restore --dry-run")
	case d.At.IsZero():
		c.Warn("backup.drill", "No restore was tried yet.", why, "The server does it by itself (--backup-drill); or run: hajir restore --dry-run")
	case b.DrillEvery > 0 && now.Sub(d.At) > 3*b.DrillEvery:
		c.Warn("backup.drill", "The last restore drill was on "+moment(d.At)+".", why, "Let the server run, or run: hajir restore --dry-run")
	default:
		c.OK("backup.drill", "The restore drill of %s went well.", moment(d.At))
	}
}
