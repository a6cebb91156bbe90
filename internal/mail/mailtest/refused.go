package mailtest

import (
	"strings"
	"testing"

	"hajir/internal/mail"
)

func testInjection(t *testing.T, b Box) {
	for _, end := range []string{"\n", "\r", "\r\n", "\r\n ", "\x00", "\v", "\f", "\u0085", "\u2028", "\u2029", "\x7f", "\xff"} {
		bad := "x" + end + "Bcc: spy@example.com"
		for field, change := range map[string]func(*mail.Message){
			"subject":                func(m *mail.Message) { m.Subject = bad },
			"subject's end":          func(m *mail.Message) { m.Subject = "x" + strings.TrimSuffix(end, " ") },
			"name":                   func(m *mail.Message) { m.To.Name = bad },
			"address":                func(m *mail.Message) { m.To.Address = "asha@example.com" + end + "Bcc: spy@example.com" },
			"address, before the @":  func(m *mail.Message) { m.To.Address = "asha" + end + "@example.com" },
			"address, as a command":  func(m *mail.Message) { m.To.Address = "asha@example.com>" + end + "RCPT TO:<spy@example.com" },
			"ID":                     func(m *mail.Message) { m.ID = bad },
			"ID's end":               func(m *mail.Message) { m.ID = "x" + end },
			"kind":                   func(m *mail.Message) { m.Kind = mail.Kind(bad) },
			"a quoted local part":    func(m *mail.Message) { m.To.Address = `"asha` + end + `"@example.com` },
			"a domain that goes on":  func(m *mail.Message) { m.To.Address = "asha@example.com" + end },
			"an address that begins": func(m *mail.Message) { m.To.Address = end + "asha@example.com" },
		} {
			m := Sample()
			change(&m)
			b.refuses(t, field+" with a line end", m)
		}
	}
}

func testAddresses(t *testing.T, b Box) {
	for _, bad := range []string{
		"", "asha", "@", "asha@", "@example.com", "asha@@example.com", "asha@example..com", "asha@.example.com",
		"asha@example.com.", "asha@-example.com", "asha@example-.com", "asha@exa mple.com", "asha @example.com",
		" asha@example.com", "asha@example.com ", "<asha@example.com>", "Asha <asha@example.com>",
		"asha@example.com, spy@example.com", "asha@example.com;spy@example.com", "asha@example.com (Asha)",
		`"asha gurung"@example.com`, `"asha"@example.com`, "asha@[127.0.0.1]", "asha@exam_ple.com", "asha@example.com/x",
		"asha..g@example.com", ".asha@example.com", "आशा@example.com", "asha@उदाहरण.नेपाल", "asha@example.com\u200b",
		"group: asha@example.com;", "spy@example.com:asha@example.com",
		strings.Repeat("a", 65) + "@example.com", "asha@" + strings.Repeat("example.", 40) + "com",
	} {
		m := Sample()
		m.To.Address = bad
		b.refuses(t, bad, m)
	}
}

func testMessages(t *testing.T, b Box) {
	for what, change := range map[string]func(*mail.Message){
		"nothing at all":        func(m *mail.Message) { *m = mail.Message{} },
		"no ID":                 func(m *mail.Message) { m.ID = "" },
		"an ID that is a path":  func(m *mail.Message) { m.ID = "../x" },
		"an ID that is dots":    func(m *mail.Message) { m.ID = "a..b" },
		"an ID with an address": func(m *mail.Message) { m.ID = "a@b" },
		"a long ID":             func(m *mail.Message) { m.ID = strings.Repeat("a", 129) },
		"no kind":               func(m *mail.Message) { m.Kind = "" },
		"a kind that is a path": func(m *mail.Message) { m.Kind = "../x" },
		"a long kind":           func(m *mail.Message) { m.Kind = mail.Kind(strings.Repeat("a", 41)) },
		"no subject":            func(m *mail.Message) { m.Subject = " " },
		"a subject too long":    func(m *mail.Message) { m.Subject = strings.Repeat("न", mail.MaxLine+1) },
		"a name too long":       func(m *mail.Message) { m.To.Name = strings.Repeat("a", mail.MaxLine+1) },
		"no text":               func(m *mail.Message) { m.Text = " \n" },
		"a link that is none":   func(m *mail.Message) { m.Unsubscribe = "mailto:x@example.com" },
		"a link in two lines":   func(m *mail.Message) { m.Unsubscribe = "https://x.example/\r\nBcc: spy@example.com" },
		"a link that ends":      func(m *mail.Message) { m.Unsubscribe = "https://x.example/>, <https://y.example/" },
		"a text that is none":   func(m *mail.Message) { m.Text = "\xff\xfe" },
		"a page that is none":   func(m *mail.Message) { m.HTML = "\xff\xfe" },
	} {
		m := Sample()
		change(&m)
		b.refuses(t, what, m)
	}
}
