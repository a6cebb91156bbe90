package template_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
)

var (
	kinds = []mail.Kind{mail.Invitation, mail.PasswordReset, mail.PasswordChanged, mail.SignUp}
	data  = template.Data{
		Company: "Himal & Sons", Name: "Asha <Gurung>", Username: "asha.gurung", Link: "https://hajir.example/join?a=1&token=x-_9",
		Expires: nine, At: nine,
	}
	nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", (5*60+45)*60))
)

func render(t *testing.T, kind mail.Kind, lang string, d template.Data) mail.Message {
	t.Helper()
	m, err := template.Render(kind, lang, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEveryLanguageHasEveryKind(t *testing.T) {
	if !slices.Contains(template.Languages(), template.English) {
		t.Fatalf("languages %q", template.Languages())
	}
	for _, lang := range template.Languages() {
		for _, kind := range kinds {
			m := render(t, kind, lang, data)
			if m.Kind != kind || m.Subject == "" {
				t.Errorf("%s %s: kind %q, subject %q", lang, kind, m.Kind, m.Subject)
			}
			m.ID, m.To = "x", mail.Address{Address: "asha@example.com"}
			if err := m.Validate(); err != nil {
				t.Errorf("%s %s: %v", lang, kind, err)
			}
			aboutPassword := kind == mail.PasswordReset || kind == mail.PasswordChanged
			if aboutPassword && !strings.Contains(m.Text, "asha.gurung") {
				t.Errorf("%s %s: the text does not say whose password:\n%s", lang, kind, m.Text)
			}
			for _, want := range []string{"Asha <Gurung>", data.Link, "2026", "09:00", "UTC+05:45"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("%s %s: the text lacks %q:\n%s", lang, kind, want, m.Text)
				}
				if !strings.Contains(html.UnescapeString(m.HTML), want) {
					t.Errorf("%s %s: the page lacks %q:\n%s", lang, kind, want, m.HTML)
				}
			}
			if !strings.Contains(m.Text, "\n"+data.Link+"\n") {
				t.Errorf("%s %s: the link has no line of its own:\n%s", lang, kind, m.Text)
			}
			if !strings.Contains(m.HTML, `<html lang="`+lang+`">`) {
				t.Errorf("%s %s: the page does not say its language", lang, kind)
			}
		}
	}
}

func TestEnglish(t *testing.T) {
	m := render(t, mail.Invitation, "en", data)
	const want = `Hello Asha <Gurung>,

Himal & Sons records attendance with Hajir and has made an account for you. To choose your password, open this link:

https://hajir.example/join?a=1&token=x-_9

The link works once, until Monday, 2 March 2026, 09:00 (UTC+05:45).

If you do not know Himal & Sons, ignore this message.
`
	if m.Text != want || m.Subject != "Himal & Sons invites you to Hajir" {
		t.Errorf("subject %q, text:\n%s", m.Subject, m.Text)
	}
	d := data
	d.Name, d.Company = "", ""
	if m := render(t, mail.PasswordReset, "en", d); !strings.HasPrefix(m.Text, "Hello,\n") {
		t.Errorf("text:\n%s", m.Text)
	}
}

func TestTheNearestLanguage(t *testing.T) {
	want := render(t, mail.Invitation, "en", data)
	for _, lang := range []string{"", "en-US", "EN", "en_GB", "xx", "../en", "layout.html"} {
		if got := render(t, mail.Invitation, lang, data); got != want {
			t.Errorf("%q is not English", lang)
		}
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// Whatever people call themselves: nothing of it becomes markup, no name adds
// lines, and the message can be sent.
func TestNamesAreOnlyNames(t *testing.T) {
	plain := data
	plain.Company, plain.Name = "A", "B"
	name := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "x\r\nBcc: spy@example.com", "x\n\nhttps://evil.example",
		"{{.Link}}", "</td></tr></table>", "आशा\u2028गुरुङ", strings.Repeat("न", 600), "\xff", "&lt;b&gt;", "-->", "A\x00B",
	}))
	rapid.Check(t, func(r *rapid.T) {
		d := plain
		d.Company, d.Name = "Co "+name.Draw(r, "company"), name.Draw(r, "name")
		for _, kind := range kinds {
			m, err := template.Render(kind, "en", d)
			if err != nil {
				r.Fatal(err)
			}
			if strings.ContainsAny(m.Subject, "\r\n") || strings.TrimSpace(m.Text) == "" {
				r.Fatalf("subject %q, text %q", m.Subject, m.Text)
			}
			m.ID, m.To = "x", mail.Address{Address: "asha@example.com"}
			if err := m.Validate(); err != nil {
				r.Fatal(err)
			}
			usual := render(t, kind, "en", plain)
			if !slices.Equal(tag.FindAllString(m.HTML, -1), tag.FindAllString(usual.HTML, -1)) {
				r.Fatalf("markup:\n%s", m.HTML)
			}
			if strings.Count(m.Text, "\n") != strings.Count(usual.Text, "\n") {
				r.Fatalf("text:\n%s", m.Text)
			}
		}
	})
}

// A page shows without the network: opening it tells nobody.
func TestNothingIsFetched(t *testing.T) {
	remote := regexp.MustCompile(`(?i)<(img|link|script|iframe|object|video|audio|source|style)\b|src=|url\(|@import|background=`)
	for _, kind := range kinds {
		m := render(t, kind, "en", data)
		if found := remote.FindString(m.HTML); found != "" {
			t.Errorf("%s: the page has %q", kind, found)
		}
		for _, link := range regexp.MustCompile(`https?://[^"<\s]*`).FindAllString(m.HTML, -1) {
			if html.UnescapeString(link) != data.Link {
				t.Errorf("%s: the page leads to %s", kind, link)
			}
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for what, change := range map[string]func(*mail.Kind, *template.Data){
		"no kind":        func(k *mail.Kind, _ *template.Data) { *k = "" },
		"no such kind":   func(k *mail.Kind, _ *template.Data) { *k = "farewell" },
		"a path":         func(k *mail.Kind, _ *template.Data) { *k = "../en/invitation" },
		"no company":     func(_ *mail.Kind, d *template.Data) { d.Company = " \n" },
		"no link":        func(_ *mail.Kind, d *template.Data) { d.Link = "" },
		"a script":       func(_ *mail.Kind, d *template.Data) { d.Link = "javascript:alert(1)" },
		"half a link":    func(_ *mail.Kind, d *template.Data) { d.Link = "/join" },
		"two lines":      func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/\nhttps://y.example" },
		"a link broken":  func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/a b" },
		"a link with <":  func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/<b>" },
		"without an end": func(_ *mail.Kind, d *template.Data) { d.Expires = time.Time{} },
		"whose":          func(k *mail.Kind, d *template.Data) { *k, d.Username = mail.PasswordReset, " " },
		"changed when":   func(k *mail.Kind, d *template.Data) { *k, d.At = mail.PasswordChanged, time.Time{} },
	} {
		kind, d := mail.Invitation, data
		change(&kind, &d)
		_, err := template.Render(kind, "en", d)
		if err == nil || hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%s: %v, want code %s", what, err, hajir.Invalid)
		} else if strings.Contains(err.Error(), "example") {
			t.Errorf("%s: the error repeats the link: %v", what, err)
		}
	}
}

func leaveData(state string) template.Data {
	d := data
	d.Expires = time.Time{}
	d.Leave = &template.Leave{
		Person: "Bina <Rai>", Type: "Annual & more", Days: "2.5", Reason: "a wedding\nBcc: x", Note: "see you", State: state, By: "Mona",
		From: template.Date{Date: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), Half: "second half"},
		To:   template.Date{Date: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)},
	}
	return d
}

func TestLeave(t *testing.T) {
	for state, want := range map[string]struct {
		kind    mail.Kind
		subject string
	}{
		"requested":    {mail.LeaveRequested, "Bina <Rai> asks for leave: Tuesday, 10 March 2026 (second half)"},
		"second_level": {mail.LeaveRequested, "Bina <Rai> asks for leave: Tuesday, 10 March 2026 (second half)"},
		"cancel_asked": {mail.LeaveRequested, "Bina <Rai> wants to take leave back: Tuesday, 10 March 2026 (second half)"},
		"approved":     {mail.LeaveDecided, "Your leave is approved: Tuesday, 10 March 2026 (second half)"},
		"refused":      {mail.LeaveDecided, "Your leave is refused: Tuesday, 10 March 2026 (second half)"},
		"cancelled":    {mail.LeaveDecided, "Your leave is cancelled: Tuesday, 10 March 2026 (second half)"},
	} {
		m := render(t, want.kind, "en", leaveData(state))
		if m.Subject != want.subject {
			t.Errorf("%s: subject %q", state, m.Subject)
		}
		for _, s := range []string{"Annual & more, 2.5 days", "to Thursday, 12 March 2026", "see you", data.Link} {
			if !strings.Contains(m.Text, s) || !strings.Contains(html.UnescapeString(strings.NewReplacer("<strong>", "", "</strong>", "").Replace(m.HTML)), s) {
				t.Errorf("%s: lacks %q:\n%s\n%s", state, s, m.Text, m.HTML)
			}
		}
		if strings.Contains(m.Text, "\nBcc") || strings.Contains(m.HTML, "<Rai>") {
			t.Errorf("%s: a text became more:\n%s\n%s", state, m.Text, m.HTML)
		}
		m.ID, m.To = "x", mail.Address{Address: "asha@example.com"}
		if err := m.Validate(); err != nil {
			t.Errorf("%s: %v", state, err)
		}
		d := leaveData(state)
		d.Leave = nil
		if _, err := template.Render(want.kind, "en", d); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("about nothing: %v", err)
		}
	}
}

func correctionData(state string) template.Data {
	d := data
	d.Correction = &template.Correction{
		Person: "Bina <Rai>", Date: template.Date{Date: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}, State: state, By: "Mona",
		Changes: []string{"add an exit at 17:00", "move the entry from 10:00 to 09:00"}, Reason: "I\nforgot", Note: "a <note>",
	}
	return d
}

func TestCorrection(t *testing.T) {
	for state, want := range map[string]struct {
		kind    mail.Kind
		subject string
	}{
		"requested": {mail.CorrectionRequested, "Bina <Rai> asks for a correction: Monday, 2 March 2026"},
		"withdrawn": {mail.CorrectionRequested, "Bina <Rai> has withdrawn a correction: Monday, 2 March 2026"},
		"approved":  {mail.CorrectionDecided, "Your correction is approved: Monday, 2 March 2026"},
		"refused":   {mail.CorrectionDecided, "Your correction is refused: Monday, 2 March 2026"},
		"failed":    {mail.CorrectionDecided, "Your correction could not be applied: Monday, 2 March 2026"},
	} {
		m, err := template.Render(want.kind, template.English, correctionData(state))
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != want.subject || !strings.Contains(m.Text, "- move the entry from 10:00 to 09:00\n") || strings.Contains(m.HTML, "Bina <Rai>") || strings.Contains(m.HTML, "a <note>") {
			t.Errorf("%s: %q\n%s\n%s", state, m.Subject, m.Text, m.HTML)
		}
	}
	d := correctionData("requested")
	d.Correction.Changes = nil
	if _, err := template.Render(mail.CorrectionRequested, template.English, d); hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("without changes: %v", err)
	}
}
