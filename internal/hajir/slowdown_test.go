package hajir

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var quick = Slowdown{Free: 2, First: time.Second, Max: 10 * time.Second, Decay: time.Minute}

func TestSlowdown(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for count, want := range map[int]time.Duration{
		0: 0, 1: 0, 2: 0, 3: time.Second, 4: 2 * time.Second, 5: 4 * time.Second, 6: 8 * time.Second,
		7: 10 * time.Second, 8: 10 * time.Second, 1 << 40: 10 * time.Second,
	} {
		if got := quick.Wait(Failures{Count: count, Last: start}, start); got != want {
			t.Errorf("after %d failures one waits %v, want %v", count, got, want)
		}
	}
	f := Failures{Count: 6, Last: start}
	for _, tt := range []struct {
		name string
		at   time.Duration
		want int
	}{
		{"at once", 0, 7},
		{"before a failure is forgiven", 59 * time.Second, 7},
		{"after one is", time.Minute, 6},
		{"after three are", 3 * time.Minute, 4},
		{"after all are", 24 * time.Hour, 1},
		{"with a clock set back", -time.Hour, 7},
	} {
		if got := quick.Fail(f, start.Add(tt.at)); got.Count != tt.want || !got.Last.Equal(start.Add(tt.at)) {
			t.Errorf("a failure %s: %+v, want count %d", tt.name, got, tt.want)
		}
	}
}

// Whatever the tries, nobody waits longer than Max, and failures that stop are
// forgotten.
func TestSlowdownNeverLocksOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]Slowdown{quick, AccountSlowdown, AddressSlowdown}).Draw(t, "policy")
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var f Failures
		for _, seconds := range rapid.SliceOfN(rapid.IntRange(-3600, 3600), 1, 200).Draw(t, "gaps") {
			now = now.Add(time.Duration(seconds) * time.Second)
			before := f
			f = s.Fail(f, now)
			if f.Count > before.Count+1 || f.Count < 0 {
				t.Fatalf("one failure made %+v of %+v", f, before)
			}
			if wait := s.Wait(f, now); wait < 0 || wait > s.Max {
				t.Fatalf("%+v waits %v", f, wait)
			}
		}
		if now = s.Forgotten(f); s.Wait(f, now) != 0 || s.Fail(f, now).Count != 1 {
			t.Fatalf("%+v is remembered at %v", f, now)
		}
	})
}

func TestTooManySaysHowLong(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		time.Millisecond: "1 second", 1500 * time.Millisecond: "2 seconds", 90 * time.Second: "90 seconds",
		91 * time.Second: "2 minutes", 15 * time.Minute: "15 minutes",
	} {
		err := TooMany(wait)
		if err.Message != "too many tries; wait "+want+", then try again" || err.RetryAfter != wait || err.Code != RateLimited {
			t.Errorf("after %v: %+v, want %s", wait, err, want)
		}
	}
}

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "": "", "unix": "",
	} {
		if got := Network(address); got != want {
			t.Errorf("Network(%q) = %q, want %q", address, got, want)
		}
	}
}
