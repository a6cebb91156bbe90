package hajir

import (
	"fmt"
	"net/netip"
	"time"
)

// Slowdown makes guessing slow without ever closing a door: after a few
// failures each further one doubles the wait, up to Max, and quiet time
// forgives.
type Slowdown struct {
	Free  int           // failures that cost nothing: people mistype
	First time.Duration // the wait after the first failure beyond them
	Max   time.Duration // no wait is longer
	Decay time.Duration // each such time without a failure forgives one
}

// How sign-in is slowed. A whole office may share one address, so that one is
// more patient than an account.
var (
	AccountSlowdown = Slowdown{Free: 5, First: 2 * time.Second, Max: 15 * time.Minute, Decay: time.Hour}
	AddressSlowdown = Slowdown{Free: 30, First: 2 * time.Second, Max: 15 * time.Minute, Decay: 2 * time.Minute}
)

// Failures are the wrong tries at one thing so far.
type Failures struct {
	Count int
	Last  time.Time
}

// Next returns when another try may be made.
func (s Slowdown) Next(f Failures) time.Time {
	if f.Count <= s.Free {
		return f.Last
	}
	wait := s.First
	for i := s.Free + 1; i < f.Count && wait < s.Max; i++ {
		wait *= 2
	}
	return f.Last.Add(min(wait, s.Max))
}

// Wait returns for how long no try may be made at now; zero when one may. A
// clock that was set back makes no wait longer than Max.
func (s Slowdown) Wait(f Failures, now time.Time) time.Duration {
	return min(max(s.Next(f).Sub(now), 0), s.Max)
}

// Fail returns f after another failure at now.
func (s Slowdown) Fail(f Failures, now time.Time) Failures {
	f.Count = max(f.Count-int(max(now.Sub(f.Last), 0)/s.Decay), 0)
	// Counting on at the longest wait would only postpone forgiveness.
	if s.Next(f).Sub(f.Last) < s.Max {
		f.Count++
	}
	return Failures{Count: f.Count, Last: now}
}

// Forgotten returns when f is as good as none.
func (s Slowdown) Forgotten(f Failures) time.Time {
	return f.Last.Add(time.Duration(f.Count) * s.Decay)
}

// TooMany is the refusal of a try that has to wait.
func TooMany(wait time.Duration) *Error {
	err := Errorf(RateLimited, "too many tries; wait %s, then try again", inWords(wait))
	err.RetryAfter = wait
	return err
}

// inWords rounds up, so that who waits so long does not come too early.
func inWords(d time.Duration) string {
	n, unit := (d+time.Second-1)/time.Second, "second"
	if n > 90 {
		n, unit = (d+time.Minute-1)/time.Minute, "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// Network returns what stands for a client among others: its address, or for
// IPv6 the network of 64 bits that one customer has; "" for no address.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return prefix.String()
}
