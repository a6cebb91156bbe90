package doctor

import (
	"context"
	"fmt"
	"time"
)

// The most that a clock may differ: from what is stored, which others may have
// written a moment later, and from a time source.
const (
	storedSkew = time.Minute
	sourceSkew = 2 * time.Second
	badSkew    = 30 * time.Second
)

// Clock checks now against the newest moment that is stored, by what it is of,
// and against the operator's time source if there is one: offset returns by how
// much this machine's clock is behind it.
func Clock(now func() time.Time, stored func(context.Context) (time.Time, string, error), source string, offset func(context.Context, string) (time.Duration, error)) Check {
	return Check{"clock", func(ctx context.Context, c *Chart) {
		const why = "The server's clock decides when somebody came."
		const fix = "Set the clock, and have it kept right: timedatectl set-ntp true."
		newest, of, err := stored(ctx)
		switch ahead := newest.Sub(now()); {
		case err != nil:
			c.Fail("clock.stored", "The newest stored moment could not be read: "+err.Error(), why, "See what is said of the database.")
		case newest.IsZero():
			c.OK("clock.stored", "It is %s; nothing is stored yet that could be compared.", moment(now()))
		case ahead > storedSkew:
			c.Fail("clock.stored", fmt.Sprintf("It is %s here, and %s is of %s, which is %s later: the clock was set back, or was wrong then.",
				moment(now()), of, moment(newest), ahead.Round(time.Second)), why, fix)
		default:
			c.OK("clock.stored", "It is %s, after all that is stored (%s: %s).", moment(now()), of, moment(newest))
		}
		if source == "" {
			return
		}
		behind, err := offset(ctx, source)
		switch {
		case err != nil:
			c.Warn("clock.source", fmt.Sprintf("The time source %s did not answer: %v", source, err), why, "See whether --time-source names an NTP server that can be reached from here (UDP port 123).")
		case behind.Abs() > badSkew:
			c.Fail("clock.source", fmt.Sprintf("The clock is %s off %s.", behind.Round(time.Millisecond), source), why, fix)
		case behind.Abs() > sourceSkew:
			c.Warn("clock.source", fmt.Sprintf("The clock is %s off %s.", behind.Round(time.Millisecond), source), why, fix)
		default:
			c.OK("clock.source", "The clock is within %s of %s.", behind.Abs().Round(time.Millisecond), source)
		}
	}}
}

func moment(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
