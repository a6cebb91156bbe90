package hajir_test

import (
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestPhone(t *testing.T) {
	for typed, want := range map[string]string{
		"+9779812345678":       "+9779812345678",
		" +977 981-234 5678 ":  "+9779812345678",
		"00977 98.12.34.56.78": "+9779812345678",
		"+91 (22) 2345–6789":   "+912223456789",
	} {
		got := hajir.CleanPhone(typed)
		if err := hajir.ValidatePhone(got); err != nil || got != want {
			t.Errorf("%q is kept as %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, bad := range []string{"", "+", "9812345678", "+0123456789", "+123456", "+1234567890123456", "+97798x2345678", "9.77981E+12", "+977+9812345678", "=1+2", "+९७७९८१२३४५६७८"} {
		if err := hajir.ValidatePhone(hajir.CleanPhone(bad)); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %v, want invalid", bad, err)
		}
	}
}

// What is kept is not changed by cleaning it again, and has digits alone.
func TestCleanPhoneIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hajir.CleanPhone(rapid.StringOf(rapid.RuneFrom([]rune("+0123456789 -()./x\u00a0"))).Draw(t, "typed"))
		if hajir.ValidatePhone(s) == nil && hajir.CleanPhone(s) != s {
			t.Fatalf("%q becomes %q", s, hajir.CleanPhone(s))
		}
	})
}
