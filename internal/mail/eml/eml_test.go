package eml_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/eml"
	"hajir/internal/mail/mailtest"
)

var at = time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)

// What is encoded reads as what it was, whatever people write; what is refused
// is Invalid.
func TestEncodeAnything(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := mailtest.Sample()
		m.Subject = rapid.String().Draw(r, "subject")
		m.To.Name = rapid.String().Draw(r, "name")
		m.Text, m.HTML = rapid.String().Draw(r, "text"), rapid.String().Draw(r, "html")
		raw, err := eml.Encode(m, mailtest.From, at)
		if err != nil {
			if hajir.CodeOf(err) != hajir.Invalid {
				r.Fatal(err)
			}
			return
		}
		m.Subject, m.To.Name = strings.Join(strings.Fields(m.Subject), " "), strings.Join(strings.Fields(m.To.Name), " ")
		mailtest.Parse(r, raw).Want(r, mailtest.From, m)
	})
}

func TestTheSameGivesTheSame(t *testing.T) {
	a, err1 := eml.Encode(mailtest.Sample(), mailtest.From, at)
	b, err2 := eml.Encode(mailtest.Sample(), mailtest.From, at)
	if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("%v, %v:\n%s\n%s", err1, err2, a, b)
	}
}

func TestASenderMustBeAnAddress(t *testing.T) {
	for _, from := range []mail.Address{{}, {Address: "x"}, {Name: "x\r\nBcc: y@example.com", Address: "x@example.com"}} {
		if _, err := eml.Encode(mailtest.Sample(), from, at); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%v: %v, want code %s", from, err, hajir.Invalid)
		}
	}
}
