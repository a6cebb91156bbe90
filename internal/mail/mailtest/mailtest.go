// Package mailtest is the suite that every mail adapter must pass. Read Run
// first; parse.go reads what has arrived, independently of how it was written.
package mailtest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Box is an adapter with what it has handed over.
type Box struct {
	Sender mail.Sender
	// Arrived returns the messages, oldest first, as they stand on the other
	// side.
	Arrived func(t *testing.T) [][]byte
}

// From is the sender whom the suite's messages come from.
var From = mail.Address{Name: "हाजिर Attendance", Address: "no-reply@hajir.example"}

// at is not in UTC: the date must be right wherever the clock stands.
var at = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", (5*60+45)*60))

// Run runs the suite; open returns an adapter, with nothing sent yet, whose
// messages come from from and are dated by now.
func Run(t *testing.T, open func(t *testing.T, from mail.Address, now func() time.Time) Box) {
	for name, test := range map[string]func(*testing.T, Box){
		"a message arrives as it was sent":              testArrives,
		"awkward subjects, names and bodies arrive":     testAwkward,
		"the headers are these and no more":             testHeaders,
		"a message can be ended by one request":         testUnsubscribe,
		"a message sent again is recognised":            testAgain,
		"what would add a header is refused":            testInjection,
		"what is no address is refused":                 testAddresses,
		"what is no message is refused":                 testMessages,
		"a context that has ended stops it":             testCancelled,
		"a large message arrives":                       testLarge,
		"several send at once":                          testConcurrent,
		"a failure is not the end of the sender's work": testGoesOn,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, open(t, From, func() time.Time { return at }))
		})
	}
}

// Sample returns a message that is valid.
func Sample() mail.Message {
	return mail.Message{
		ID: "inv-0190f7c2", Kind: mail.Invitation,
		To:      mail.Address{Name: "Asha Gurung", Address: "asha@example.com"},
		Subject: "Acme invites you to Hajir",
		Text:    "Hello Asha,\n\nhttps://hajir.example/join?token=abc-DEF_123\n",
		HTML:    "<p>Hello <b>Asha</b></p>\n",
	}
}

func (b Box) send(t *testing.T, m mail.Message) Letter {
	t.Helper()
	before := len(b.Arrived(t))
	if err := b.Sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	all := b.Arrived(t)
	if len(all) != before+1 {
		t.Fatalf("%d messages arrived, want 1", len(all)-before)
	}
	return Parse(t, all[before])
}

func (b Box) refuses(t *testing.T, what string, m mail.Message) {
	t.Helper()
	err := b.Sender.Send(t.Context(), m)
	if err == nil || hajir.CodeOf(err) != hajir.Invalid || !mail.Permanent(err) {
		t.Errorf("%s: %v, want code %s", what, err, hajir.Invalid)
	}
	if n := len(b.Arrived(t)); n != 0 {
		t.Fatalf("%s: %d messages arrived", what, n)
	}
}

func testArrives(t *testing.T, b Box) {
	m := Sample()
	b.send(t, m).Want(t, From, m)
	m.ID, m.HTML = "text-only", ""
	b.send(t, m).Want(t, From, m)
}

func testAgain(t *testing.T, b Box) {
	first, second := b.send(t, Sample()), b.send(t, Sample())
	if first.MessageID != "<inv-0190f7c2@hajir.example>" || first.MessageID != second.MessageID {
		t.Errorf("ids %q and %q", first.MessageID, second.MessageID)
	}
	m := Sample()
	m.ID = "another"
	if third := b.send(t, m); third.MessageID == first.MessageID {
		t.Errorf("two messages have the ID %q", third.MessageID)
	}
}

func testCancelled(t *testing.T, b Box) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := b.Sender.Send(ctx, Sample())
	if !errors.Is(err, context.Canceled) || mail.Permanent(err) {
		t.Errorf("%v, want one that may be tried again", err)
	}
	if n := len(b.Arrived(t)); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}

func testLarge(t *testing.T, b Box) {
	m := Sample()
	m.Text = strings.Repeat("0123456789 abcdef\n", 100_000)
	m.HTML = strings.Repeat("<p>नमस्ते = . &amp;</p>\n", 30_000)
	b.send(t, m).Want(t, From, m)
}

func testConcurrent(t *testing.T, b Box) {
	ids := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			m := Sample()
			m.ID = id
			if err := b.Sender.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	arrived := map[string]bool{}
	for _, raw := range b.Arrived(t) {
		arrived[Parse(t, raw).MessageID] = true
	}
	for _, id := range ids {
		if !arrived["<"+id+"@hajir.example>"] {
			t.Errorf("message %s did not arrive", id)
		}
	}
}

func testGoesOn(t *testing.T, b Box) {
	bad := Sample()
	bad.To.Address = "nobody"
	b.refuses(t, "a bad address", bad)
	b.send(t, Sample()).Want(t, From, Sample())
}
