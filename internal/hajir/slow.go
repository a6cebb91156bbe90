package hajir

import "time"

// Guesses is how often something was tried in vain, and when last.
type Guesses struct {
	Company string
	Subject string // who or what is slowed: a person, a kiosk, a company's pairing
	Count   int
	Last    time.Time
	Version int // grows by one with every stored change; zero means never stored
}

// GuessesOf names the failures of a person, whoever tried to be them and
// wherever.
func GuessesOf(e Employee) Guesses {
	return Guesses{Company: e.Company, Subject: "person/" + e.Username}
}

// Slowing says how failures slow their subject: the first Free cost nothing,
// the next costs First, each further one twice as much, and none more than
// Most, so that nobody is ever locked out for good. Every Forgive that passes
// takes one failure back.
type Slowing struct {
	Free    int
	First   time.Duration
	Most    time.Duration
	Forgive time.Duration
}

// The slowings. Four digits are 10,000 PINs, of which 24 guesses a day try half
// in seven months. A kiosk serves many people, so it waits less; it is there
// for whoever tries one PIN with every name.
var (
	SlowPerson  = Slowing{Free: 3, First: 15 * time.Second, Most: time.Hour, Forgive: 2 * time.Hour}
	SlowKiosk   = Slowing{Free: 10, First: 5 * time.Second, Most: 2 * time.Minute, Forgive: 3 * time.Minute}
	SlowPairing = Slowing{Free: 5, First: 10 * time.Second, Most: 10 * time.Minute, Forgive: 20 * time.Minute}
)

// Wait returns how long f's subject has to wait at now; zero when it may try.
func (s Slowing) Wait(f Guesses, now time.Time) time.Duration {
	beyond := s.count(f, now) - s.Free
	if beyond <= 0 {
		return 0
	}
	delay := s.First
	for range beyond - 1 {
		if delay >= s.Most {
			break
		}
		delay *= 2
	}
	delay = min(delay, s.Most)
	// A clock that was set back must not make the wait longer than it was.
	return max(0, min(delay, f.Last.Add(delay).Sub(now)))
}

// Fail returns f with one more failure at now.
func (s Slowing) Fail(f Guesses, now time.Time) Guesses {
	f.Count, f.Last = s.count(f, now)+1, now
	return f
}

// mostCounted keeps the count of an attack that goes on for years small.
const mostCounted = 64

func (s Slowing) count(f Guesses, now time.Time) int {
	forgiven := max(0, now.Sub(f.Last)) / s.Forgive
	return min(mostCounted, max(0, f.Count-int(forgiven)))
}

// Slow refuses when any of the waits is not over.
func Slow(waits ...time.Duration) error {
	var longest time.Duration
	for _, w := range waits {
		longest = max(longest, w)
	}
	if longest <= 0 {
		return nil
	}
	e := Errorf(RateLimited, "too many failed tries; wait %s, then try again", roundUp(longest))
	e.RetryAfter = longest
	return e
}

// roundUp words a wait in whole seconds, and none shorter than one.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
