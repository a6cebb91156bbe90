package mail_test

import (
	"errors"
	"fmt"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

func TestPermanent(t *testing.T) {
	for err, want := range map[error]bool{
		hajir.Errorf(hajir.Invalid, "x"):                         true,
		hajir.Errorf(mail.Refused, "x"):                          true,
		fmt.Errorf("send: %w", hajir.Errorf(mail.Refused, "x")):  true,
		hajir.Errorf(hajir.Unavailable, "x"):                     false,
		hajir.Errorf(hajir.Internal, "x"):                        false,
		errors.New("a full disk"):                                false,
		fmt.Errorf("x: %w", hajir.Errorf(hajir.RateLimited, "")): false,
	} {
		if mail.Permanent(err) != want {
			t.Errorf("%v is permanent: %v", err, !want)
		}
	}
}

func TestParseAddress(t *testing.T) {
	for s, want := range map[string]mail.Address{
		"hajir@example.com":                    {Address: "hajir@example.com"},
		"Hajir <hajir@example.com>":            {Name: "Hajir", Address: "hajir@example.com"},
		`"Hajir, Acme" <hajir@example.com>`:    {Name: "Hajir, Acme", Address: "hajir@example.com"},
		"हाजिर <hajir@example.com>":            {Name: "हाजिर", Address: "hajir@example.com"},
		"=?utf-8?q?a=0Ab?= <hajir@example.com": {},
		"=?utf-8?q?a=0Ab?= <x@example.com>":    {},
		"a@example.com, b@example.com":         {},
		"hajir":                                {},
		"":                                     {},
	} {
		got, err := mail.ParseAddress(s)
		if got != want || (err == nil) != (want.Address != "") || err != nil && hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %+v, %v, want %+v", s, got, err, want)
		}
	}
	if d := mail.Domain(mail.Address{Address: "Asha@Example.COM"}); d != "example.com" {
		t.Errorf("domain %q", d)
	}
}
