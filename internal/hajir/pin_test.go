package hajir_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestValidatePIN(t *testing.T) {
	for _, good := range []string{"2580", "1357", "0042", "90210", "11223344", "1233", "4711", "1221"} {
		if err := hajir.ValidatePIN(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "123", "123456789", "12a4", "१२३४", " 123", "0000", "99999999", "1234", "4321", "7890", "0987", "23456789", "1212", "123123", "12341234",
	} {
		if err := hajir.ValidatePIN(bad); hajir.CodeOf(err) != hajir.WeakPIN {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzNormalizePairingCode(f *testing.F) {
	for _, s := range []string{"7KQ4-WXPM", "7kq4 wxpm", "7KQ4WXP0", "ſKQ4WXPM", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := hajir.NormalizePairingCode(typed)
		if err != nil {
			if hajir.CodeOf(err) != hajir.Invalid || code != "" {
				t.Fatalf("%q, %v", code, err)
			}
			return
		}
		if len(code) != hajir.PairingCodeLength || strings.Trim(code, hajir.PairingAlphabet) != "" {
			t.Fatalf("%q became %q", typed, code)
		}
		if again, err := hajir.NormalizePairingCode(strings.ToLower(code[:4] + "-" + code[4:])); err != nil || again != code {
			t.Fatalf("%q became %q, %v", code, again, err)
		}
	})
}

func TestNormalizePairingCode(t *testing.T) {
	if code, err := hajir.NormalizePairingCode(" 7kq4–wxpm "); err != nil || code != "7KQ4WXPM" {
		t.Errorf("%q, %v", code, err)
	}
	for _, bad := range []string{"", "7KQ4WXP", "7KQ4WXPMM", "7KQ4WXP0", "7KQ4WXPI", "7KQ4_WXPM"} {
		if code, err := hajir.NormalizePairingCode(bad); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %q, %v", bad, code, err)
		}
	}
}

func TestSlowing(t *testing.T) {
	s := hajir.Slowing{Free: 2, First: 10 * time.Second, Most: time.Minute, Forgive: 10 * time.Minute}
	var f hajir.Guesses
	for i, want := range []time.Duration{0, 0, 10, 20, 40, 60, 60} {
		f = s.Fail(f, nine)
		if got := s.Wait(f, nine); got != want*time.Second {
			t.Errorf("after %d failures: %s, want %s", i+1, got, want*time.Second)
		}
	}
	if got := s.Wait(f, nine.Add(59*time.Second)); got != time.Second {
		t.Errorf("a second before the end: %s", got)
	}
	if got := s.Wait(f, nine.Add(-time.Hour)); got != time.Minute {
		t.Errorf("with a clock set back: %s", got)
	}
	// Seven failures, of which half an hour forgives three.
	if f = s.Fail(f, nine.Add(30*time.Minute)); f.Count != 5 {
		t.Errorf("%d failures count, want 5", f.Count)
	}
}

// However often somebody fails, they wait at most Most, each failure makes them
// wait no less, and time passing makes them wait no more.
func TestSlowingBounds(t *testing.T) {
	for name, s := range map[string]hajir.Slowing{"person": hajir.SlowPerson, "kiosk": hajir.SlowKiosk, "pairing": hajir.SlowPairing} {
		rapid.Check(t, func(t *rapid.T) {
			now := nine
			var f hajir.Guesses
			for range rapid.IntRange(0, 200).Draw(t, "failures") {
				before := s.Wait(f, now)
				f = s.Fail(f, now)
				if after := s.Wait(f, now); after > s.Most || after < before {
					t.Fatalf("%s: waits %s, and %s after one more failure", name, before, after)
				}
				now = now.Add(s.Wait(f, now))
				if left := s.Wait(f, now); left != 0 {
					t.Fatalf("%s: %s left after waiting", name, left)
				}
			}
			later := now.Add(time.Duration(rapid.Int64Range(0, int64(24*time.Hour)).Draw(t, "later")))
			if s.Wait(f, later) > s.Wait(f, now) {
				t.Fatalf("%s: time made the wait longer", name)
			}
			if s.Wait(s.Fail(f, nine.AddDate(1, 0, 0)), nine.AddDate(1, 0, 0)) != 0 {
				t.Fatalf("%s: a year forgives nothing", name)
			}
		})
	}
}

// At most this many guesses at one person's PIN in a day.
func TestGuessesADay(t *testing.T) {
	var f hajir.Guesses
	guesses := 0
	for now := nine; now.Before(nine.AddDate(0, 0, 30)); guesses++ {
		f = hajir.SlowPerson.Fail(f, now)
		now = now.Add(max(time.Second, hajir.SlowPerson.Wait(f, now)))
	}
	if guesses > 30*24+20 {
		t.Errorf("%d guesses in 30 days", guesses)
	}
}
