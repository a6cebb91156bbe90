package hajir_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

func TestPasswordResetCheck(t *testing.T) {
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	link := hajir.PasswordReset{Username: "asha"}.WithLink([]byte("one"), []byte("account"), at)
	for name, tt := range map[string]struct {
		reset         hajir.PasswordReset
		hash, account string
		after         time.Duration
		want          hajir.Code
	}{
		"at once":             {link, "one", "account", 0, ""},
		"just in time":        {link, "one", "account", hajir.ResetLife - 1, ""},
		"too late":            {link, "one", "account", hajir.ResetLife, hajir.ResetExpired},
		"another secret":      {link, "two", "account", 0, hajir.ResetUnknown},
		"no secret":           {link, "", "account", 0, hajir.ResetUnknown},
		"the account changed": {link, "one", "other", 0, hajir.ResetUnknown},
		"used":                {link.Use(), "one", "other", 2 * hajir.ResetLife, hajir.ResetUsed},
		"used, no secret":     {link.Use(), "", "account", 0, hajir.ResetUnknown},
		"replaced":            {link.WithLink([]byte("two"), []byte("account"), at), "one", "account", 0, hajir.ResetUnknown},
		"used, and a new one": {link.Use().WithLink([]byte("two"), []byte("account"), at), "one", "account", 0, hajir.ResetUsed},
		"never there":         {hajir.PasswordReset{}, "one", "account", 0, hajir.ResetUnknown},
		"nothing for nothing": {hajir.PasswordReset{}, "", "", 0, hajir.ResetUnknown},
	} {
		err := tt.reset.Check([]byte(tt.hash), []byte(tt.account), at.Add(tt.after))
		if got := codeOf(err); got != tt.want {
			t.Errorf("%s: %v, want code %q", name, err, tt.want)
		}
	}
}

// However links are made and used, at most the newest works, and each once.
func TestOnlyTheNewestLinkWorks(t *testing.T) {
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	account := []byte("account")
	rapid.Check(t, func(r *rapid.T) {
		reset := hajir.PasswordReset{}
		made, good := 0, -1
		for _, use := range rapid.SliceOfN(rapid.Bool(), 1, 20).Draw(r, "steps") {
			if use && good >= 0 {
				reset, good = reset.Use(), -1
			} else {
				reset, good = reset.WithLink([]byte{byte(made)}, account, at), made
				made++
			}
			for n := range made {
				if works := reset.Check([]byte{byte(n)}, account, at) == nil; works != (n == good) {
					r.Fatalf("link %d of %d works: %v, the good one is %d", n, made, works, good)
				}
			}
		}
	})
}

func TestMailKey(t *testing.T) {
	for _, tt := range [][2]string{
		{" Asha@Example.COM ", "asha@example.com"},
		{"asha@example.com", "asha@example.com"},
		{"ASHA@\u212Aate.com", "asha@\u212Aate.com"}, // the Kelvin sign is no k
		{"", ""},
	} {
		if got := hajir.MailKey(tt[0]); got != tt[1] {
			t.Errorf("MailKey(%q) = %q, want %q", tt[0], got, tt[1])
		}
	}
}
