package hajir_test

import (
	"strings"
	"testing"
	"time"

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

// At most this many guesses at one person's PIN in a day.
func TestGuessesADay(t *testing.T) {
	var f hajir.Failures
	guesses := 0
	for now := nine; now.Before(nine.AddDate(0, 0, 30)); guesses++ {
		f = hajir.SlowPerson.Fail(f, now)
		now = now.Add(max(time.Second, hajir.SlowPerson.Wait(f, now)))
	}
	if guesses > 30*24+20 {
		t.Errorf("%d guesses in 30 days", guesses)
	}
}
