package mailtest

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"hajir/internal/mail"
)

func testAwkward(t *testing.T, b Box) {
	for what, change := range map[string]func(*mail.Message){
		"Nepali": func(m *mail.Message) {
			m.To.Name, m.Subject = "आशा गुरुङ", "एक्मेले तपाईंलाई हाजिरमा निम्तो दिएको छ — कृपया पासवर्ड छान्नुहोस्"
			m.Text, m.HTML = "नमस्ते आशा,\n\nhttps://hajir.example/join?token=x\n", "<p>नमस्ते <b>आशा</b> &amp; साथी</p>\n"
		},
		"Hindi, text only":      func(m *mail.Message) { m.Text, m.HTML = "नमस्ते, हाज़िर\n", "" },
		"an emoji of many":      func(m *mail.Message) { m.Subject, m.To.Name = "👩‍👩‍👧‍👦", "👩🏽‍💻" },
		"a long subject":        func(m *mail.Message) { m.Subject = strings.Repeat("words and ", 24) + "end" },
		"one long word":         func(m *mail.Message) { m.Subject = strings.Repeat("w", mail.MaxLine) },
		"a long Nepali word":    func(m *mail.Message) { m.Subject = strings.Repeat("न", mail.MaxLine) },
		"a long name":           func(m *mail.Message) { m.To.Name = strings.Repeat("नाम ", 60) + "न" },
		"an encoded subject":    func(m *mail.Message) { m.Subject = "=?utf-8?q?=41=0D=0ABcc:_x@example.com?=" },
		"an encoded name":       func(m *mail.Message) { m.To.Name = "=?utf-8?q?=41?=" },
		"a subject with marks":  func(m *mail.Message) { m.Subject = `"quoted" \ (comment) <x@y>; Bcc: z@example.com,` },
		"a name with marks":     func(m *mail.Message) { m.To.Name = `Gurung, "Asha" \ <x@example.org>; (k)` },
		"a name to encode":      func(m *mail.Message) { m.To.Name = `\À "é" (ü) <@,;:.[]` },
		"no name":               func(m *mail.Message) { m.To.Name = "" },
		"an address with marks": func(m *mail.Message) { m.To.Address = "o'hara+hajir/x=y_z-1@sub.example.co.uk" },
		"a near domain":         func(m *mail.Message) { m.To.Address = "root@localhost" },
		"long lines": func(m *mail.Message) {
			m.Text, m.HTML = strings.Repeat("long ", 3000)+"\n", "<p>"+strings.Repeat("x", 20_000)+"</p>\n"
		},
		"lines that mean something on the way": func(m *mail.Message) {
			m.Text = ".\n..\n. \nFrom here\n--\n--boundary--\nQUIT\n=20=\n \t\n\tx \n\n\n"
		},
		"lines that mean something, text only": func(m *mail.Message) {
			m.Text, m.HTML = ".\n..\nFrom here\n\n.\n", ""
		},
		"other line ends":       func(m *mail.Message) { m.Text, m.HTML = "a\r\nb\rc\n\r\nd", "<p>\r\n</p>" },
		"what looks like parts": func(m *mail.Message) { m.Text = "Content-Type: text/html\n\n<p>x</p>\n" },
		"control characters":    func(m *mail.Message) { m.Text = "a\x00b\x1b[31m\x7f\n" },
	} {
		t.Run(what, func(t *testing.T) {
			m := Sample()
			change(&m)
			b.send(t, m).Want(t, From, m)
		})
	}
	m := Sample()
	m.Subject, m.To.Name = "  two   spaces  ", " Asha   Gurung "
	got := b.send(t, m)
	if got.Subject != "two spaces" || got.To.Name != "Asha Gurung" {
		t.Errorf("subject %q, name %q", got.Subject, got.To.Name)
	}
}

func testHeaders(t *testing.T, b Box) {
	got := b.send(t, Sample())
	want := []string{
		"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
	}
	// A server may put its own above ours.
	if keys := slices.Sorted(maps.Keys(got.Header)); !slices.Equal(keys, want) {
		t.Errorf("headers %q, want %q", keys, want)
	}
	for key, values := range got.Header {
		if len(values) != 1 {
			t.Errorf("%d headers %s", len(values), key)
		}
	}
	if !got.Date.Equal(at) {
		t.Errorf("date %v, want %v", got.Date, at)
	}
	if got.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("Auto-Submitted is %q", got.Header.Get("Auto-Submitted"))
	}
	if !bytes.Contains(got.Raw, []byte("\r\nhttps://hajir.example/join?token=abc-DEF_123\r\n")) {
		t.Errorf("the link cannot be copied out of the file:\n%s", got.Raw)
	}
}

// What ends messages is in the two headers of RFC 8058, in one piece.
func testUnsubscribe(t *testing.T, b Box) {
	m := Sample()
	m.Unsubscribe = "https://hajir.example/unsubscribe/" + strings.Repeat("a", 300) + "?t=1&u=2"
	got := b.send(t, m)
	got.Want(t, From, m)
	if l, p := got.Header["List-Unsubscribe"], got.Header["List-Unsubscribe-Post"]; len(l) != 1 || l[0] != "<"+m.Unsubscribe+">" || len(p) != 1 || p[0] != "List-Unsubscribe=One-Click" {
		t.Errorf("headers %q and %q", l, p)
	}
}
