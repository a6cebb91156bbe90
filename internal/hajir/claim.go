package hajir

import "time"

// The bounds of a company's QueueBound.
const (
	DefaultQueueBound = 24 * time.Hour
	MaxQueueBound     = 7 * 24 * time.Hour
)

// claimAhead is by how much a client's clock may be ahead of the server's
// before its claim is an impossible one.
const claimAhead = 2 * time.Minute

// Claim is what a client says about when a punch happened.
type Claim struct {
	At     time.Time // zero: it says nothing
	Queued bool      // the punch waited in a queue, so that At is asked to count
}

// Stamp sets when p happened. The server's clock decides, and the claim is kept
// beside it; for a queued punch the claim decides, and the server's time is
// kept. A claim older than bound, or of the future, is refused: taken at
// another time it would be a false record. Zero takes no queued punches.
func (p Punch) Stamp(now time.Time, c Claim, bound time.Duration) (Punch, error) {
	p.At, p.Claimed = now.UTC(), c.At.UTC()
	if year := p.Claimed.Year(); year < 1 || year > 9999 { // what RFC 3339 cannot write in UTC
		return p, Errorf(Invalid, "the time that is claimed is none; send it as Claimed-At, such as 2026-03-02T09:00:00+05:45")
	}
	switch {
	case !c.Queued:
		return p, nil
	case c.At.IsZero():
		return p, Errorf(Invalid, "a queued punch says when it happened; send that as Claimed-At, such as 2026-03-02T09:00:00+05:45")
	case bound <= 0:
		return p, Errorf(ClaimRefused, "queued punches are turned off here; tell the administrator when you came or went")
	case now.Sub(c.At) > bound:
		return p, Errorf(ClaimRefused, "this punch waited for longer than %s hours, and is not taken any more; tell the administrator when you came or went", Hours(bound))
	case c.At.Sub(now) > claimAhead:
		return p, Errorf(ClaimRefused, "this punch claims a time that is still to come; set the device's clock right")
	}
	p.Received = p.At
	p.At = minTime(p.Claimed, p.At)
	return p, nil
}
