package hajir

import (
	"slices"
	"strings"
	"time"
)

// Delivery is a notice on its way to one target of a channel. While Target is
// empty, it is still to be asked who wants the notice: of Channel, or of every
// channel when that is empty too.
type Delivery struct {
	Notice
	Channel string
	Target  string // the channel's own name of whom it goes to
	Tries   int    // that failed
	// Due is when it is to be tried next; while somebody tries, when that is
	// taken to have failed with them.
	Due     time.Time
	TriedAt time.Time // when it failed last; zero: never
	Reason  string    // why it failed last, as the admin reads it
	DeadAt  time.Time // when it was given up; zero: it waits
	Version int       // grows by one with every stored change; zero means never stored
}

// Key names the delivery, the same in every repeat: with it a target knows a
// repeat again.
func (d Delivery) Key() string {
	return strings.Join([]string{d.ID, d.Channel, d.Target}, "/")
}

// Address is Key without the notice.
func (d Delivery) Address() string {
	if d.Channel == "" {
		return ""
	}
	return d.Channel + "/" + d.Target
}

// Dead says whether nobody tries any more, until somebody asks for it.
func (d Delivery) Dead() bool { return !d.DeadAt.IsZero() }

// retries are the waits between tries; after the last the delivery is dead. It
// is the schedule that Standard Webhooks proposes, of somewhat over three days.
var retries = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// Retries returns the waits between tries, without jitter.
func Retries() []time.Duration { return slices.Clone(retries[:]) }

const (
	// maxRetryAfter bounds what a target may ask for.
	maxRetryAfter = 24 * time.Hour
	maxReason     = 300
	// DeadFor is for how long dead deliveries are kept, in days.
	DeadFor = 90
)

// Last says whether no other try follows the one that is made now.
func (d Delivery) Last() bool { return d.Tries >= len(retries) }

// Failure is why a delivery failed.
type Failure struct {
	Reason    string        // for the admin; names no secret
	Permanent bool          // no try will be different
	After     time.Duration // the target asks not to be tried sooner; zero: it says nothing
}

// Fail returns d after a try that failed: to be tried again, or dead. Jitter
// lies between 0 and 1 and spreads tries by a fifth, so that those that failed
// together do not all come again together.
func (d Delivery) Fail(f Failure, jitter float64, now time.Time) Delivery {
	d.TriedAt, d.Reason = now, shorten(f.Reason, maxReason)
	d.Tries++
	if f.Permanent || d.Tries > len(retries) {
		d.DeadAt, d.Due = now, time.Time{}
		return d
	}
	wait := retries[d.Tries-1]
	wait += time.Duration(jitter * float64(wait) / 5)
	d.Due = now.Add(max(wait, min(f.After, maxRetryAfter)))
	return d
}

// Again returns a dead or waiting d as somebody sends it again: at once, with
// all its tries.
func (d Delivery) Again(now time.Time) Delivery {
	d.Tries, d.Due, d.DeadAt = 0, now, time.Time{}
	return d
}

func shorten(s string, most int) string {
	s = strings.ToValidUTF8(s, "�")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
