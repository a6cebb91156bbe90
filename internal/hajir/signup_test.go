package hajir_test

import (
	"testing"
	"time"

	"hajir/internal/hajir"
)

func TestSignUpLinks(t *testing.T) {
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	fresh, err := hajir.NewSignUp(" Acme ", " Acme Foods ", "Asha@Example.com", "Asia/Kathmandu", "", at)
	if err != nil || fresh.Username != "acme" || fresh.Name != "Acme Foods" || fresh.Address() != "asha@example.com" {
		t.Fatalf("%+v, %v", fresh, err)
	}
	fresh.TokenHash = []byte{1, 2, 3}
	used := fresh
	used.UsedAt = at
	for name, tt := range map[string]struct {
		s    hajir.SignUp
		hash []byte
		at   time.Time
		want hajir.Code
	}{
		"good":                  {fresh, []byte{1, 2, 3}, at, ""},
		"until the last moment": {fresh, []byte{1, 2, 3}, at.Add(hajir.SignUpLife - 1), ""},
		"expired":               {fresh, []byte{1, 2, 3}, at.Add(hajir.SignUpLife), hajir.SignUpExpired},
		"another secret":        {fresh, []byte{1, 2, 4}, at, hajir.SignUpUnknown},
		"no secret":             {fresh, nil, at, hajir.SignUpUnknown},
		"no link":               {hajir.SignUp{ExpiresAt: at.Add(time.Hour)}, nil, at, hajir.SignUpUnknown},
		"used":                  {used, []byte{1, 2, 3}, at, hajir.SignUpUsed},
		"used, and expired":     {used, []byte{1, 2, 3}, at.Add(hajir.SignUpLife), hajir.SignUpUsed},
		"used, another secret":  {used, []byte{1}, at, hajir.SignUpUnknown},
	} {
		got := hajir.Code("")
		if err := tt.s.Check(tt.hash, tt.at); err != nil {
			got = hajir.CodeOf(err)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if fresh.Became(fresh.Company()) {
		t.Error("nobody has begun, and a company is theirs")
	}
	begun := fresh
	begun.BegunAt = at.Add(time.Minute)
	other := begun.Company()
	other.CreatedAt = other.CreatedAt.Add(time.Nanosecond)
	if !begun.Became(begun.Company()) || begun.Became(other) {
		t.Error("a company is not known to be made by who has begun")
	}
	if !begun.Confirming(begun.BegunAt.Add(hajir.JoinWindow-1)) || begun.Confirming(begun.BegunAt.Add(hajir.JoinWindow)) || fresh.Confirming(at) {
		t.Error("who has begun is not left alone for just so long")
	}
}
