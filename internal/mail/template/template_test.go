package template_test

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
)

var update = flag.Bool("update", false, "write the golden files anew")

var (
	nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("", (5*60+45)*60))
	data = template.Data{
		Company: "Himal & Sons", Name: "Asha <Gurung>", Username: "asha.gurung", Link: "https://hajir.example/join?a=1&token=x-_9",
		Expires: nine, At: nine, Dates: hajir.DateStyle{Calendar: hajir.BikramSambat, Both: true},
		Settings: "https://hajir.example/notifications", Unsubscribe: "https://hajir.example/unsubscribe?token=u",
		Leave: &template.Leave{
			Person: "Bina <Rai>", Type: "Annual & more", Days: "2.5", Reason: "a wedding\nBcc: x", Note: "see you", State: "requested", By: "Mona",
			From: template.Date{Date: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), Half: hajir.SecondHalf},
			To:   template.Date{Date: time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC), Half: hajir.FullLeave},
		},
		Correction: &template.Correction{
			Person: "Bina <Rai>", Date: nine, State: "requested", By: "Mona", Reason: "I\nforgot", Note: "a <note>",
			Changes: []template.Change{
				{Direction: hajir.Exit, At: nine.Add(8 * time.Hour)},
				{Direction: hajir.Entry, Was: nine.Add(time.Hour), At: nine},
				{Direction: hajir.Exit, Was: nine.Add(16 * time.Hour)},
			},
		},
		Question: &template.Question{Text: "When?\r\n<script>alert(1)</script>\x00", Answer: "At nine,\nhttps://evil.example", By: "Mona\nLama"},
		Punch:    &template.Punch{Person: "Bina <Rai>", Date: nine, Time: "09:02", Direction: hajir.Entry},
		Alarm:    &template.Alarm{Name: "The disk is full", What: "3 % are left.\nMake room.", Rule: "Sum of x ≥ 1", Value: "3", State: "raised", Since: nine},
		Webhook:  &template.Webhook{Name: "Payroll <1>", Host: "hooks.example", State: "failing"},
		Erasure:  &template.Erasure{Templates: 3, Enrolments: 9, Daily: 120, Profiles: 3, Done: nine, SHA256: strings.Repeat("0a", 32)},
		Digest: &template.Digest{Total: 12, Items: []template.Item{
			{Text: "Bina <Rai> asks for leave", Link: "https://hajir.example/to-decide"}, {Text: "Chet: the exit is missing"},
		}},
	}
)

// variants are the states in which a kind says something else.
func variants(kind mail.Kind) map[string]template.Data {
	all := map[string]template.Data{}
	state := func(name string, other bool, change func(*template.Data)) {
		d := data
		d.Other = other
		l, c, q, p, a, g, h := *d.Leave, *d.Correction, *d.Question, *d.Punch, *d.Alarm, *d.Digest, *d.Webhook
		d.Leave, d.Correction, d.Question, d.Punch, d.Alarm, d.Digest, d.Webhook = &l, &c, &q, &p, &a, &g, &h
		change(&d)
		all[name] = d
	}
	each := func(set func(*template.Data, string), others bool, states ...string) {
		for _, s := range states {
			state(s, false, func(d *template.Data) { set(d, s) })
			if others {
				state(s+"-other", true, func(d *template.Data) { set(d, s) })
			}
		}
	}
	leave := func(d *template.Data, s string) { d.Leave.State = s }
	correction := func(d *template.Data, s string) { d.Correction.State = s }
	switch kind { //nolint:exhaustive // the others have one form
	case mail.LeaveRequested:
		each(leave, false, "requested", "second_level", "cancel_asked", "cancelled")
	case mail.LeaveDecided:
		each(leave, true, "approved", "refused", "cancelled", "kept")
	case mail.CorrectionRequested:
		each(correction, false, "requested", "withdrawn")
	case mail.CorrectionDecided:
		each(correction, true, "approved", "refused", "failed", "withdrawn")
	case mail.ExitMissing, mail.QuestionAnswered:
		each(func(*template.Data, string) {}, true, "usual")
	case mail.QuestionAsked:
		each(func(d *template.Data, s string) { d.Question.Assigned, d.Question.Answer = s == "assigned", "" }, false, "new", "assigned")
	case mail.PunchRecorded:
		each(func(d *template.Data, s string) { d.Punch.Direction = hajir.Direction(s) }, false, "entry", "exit")
	case mail.PunchDoubtful:
		each(func(*template.Data, string) {}, false, "usual")
		state("nobody", false, func(d *template.Data) { d.Punch.Person = "" })
	case mail.Alarm:
		each(func(d *template.Data, s string) { d.Alarm.State = s }, false, "raised", "cleared")
	case mail.WebhookOff:
		each(func(d *template.Data, s string) { d.Webhook.State = s }, false, "failing", "gone")
	case mail.Digest:
		each(func(d *template.Data, s string) { d.Digest.Flood = s == "flood" }, false, "day", "flood")
	default:
		each(func(*template.Data, string) {}, false, "usual")
	}
	return all
}

func render(t *testing.T, kind mail.Kind, lang string, d template.Data) mail.Message {
	t.Helper()
	m, err := template.Render(kind, lang, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Every language says everything that English says, under the same names.
func TestNothingIsUntranslated(t *testing.T) {
	define := regexp.MustCompile(`\{\{define "([^"]+)"\}\}((?s:.*?))\n(?:\n|\{\{define|\z)`)
	defined := map[hajir.Language]map[string]string{}
	for _, lang := range hajir.Languages() {
		b, err := os.ReadFile(filepath.Join("words", string(lang)+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		defined[lang] = map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^\{\{define "([^"]+)"\}\}`).FindAllStringSubmatch(string(b), -1) {
			if _, twice := defined[lang][m[1]]; twice {
				t.Errorf("%s says %s twice", lang, m[1])
			}
			defined[lang][m[1]] = ""
		}
		for _, m := range define.FindAllStringSubmatch(string(b), -1) {
			defined[lang][m[1]] = m[2]
		}
	}
	for _, lang := range hajir.Languages() {
		for name, said := range defined[hajir.English] {
			other, ok := defined[lang][name]
			if !ok {
				t.Errorf("%s lacks %s", lang, name)
			}
			if lang != hajir.English && said != "" && said == other {
				t.Errorf("%s: %s is still English", lang, name)
			}
		}
		for name := range defined[lang] {
			if _, ok := defined[hajir.English][name]; !ok {
				t.Errorf("%s says %s, which nothing needs", lang, name)
			}
		}
	}
	for _, kind := range mail.Kinds() {
		for _, part := range []string{"subject", "body", "action"} {
			if _, ok := defined[hajir.English][string(kind)+"."+part]; !ok {
				t.Errorf("%s has no %s", kind, part)
			}
		}
	}
}

var (
	leftover = regexp.MustCompile(`\{\{|\}\}|<no value>|%!|ZgotmplZ|map\[|<nil>|0001`)
	latin    = regexp.MustCompile(`[a-z]{3,}`)
)

// Each letter in each state and language: something is said everywhere, nothing
// is left over of a template, the letter can be sent, and it is what it was when
// somebody last looked at it (-update writes what it has become).
func TestEveryLetter(t *testing.T) {
	for _, lang := range hajir.Languages() {
		for _, kind := range mail.Kinds() {
			for state, d := range variants(kind) {
				name := string(lang) + "/" + string(kind) + "." + state
				m := render(t, kind, string(lang), d)
				m.ID, m.To = "x", mail.Address{Address: "asha@example.com"}
				if err := m.Validate(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if found := leftover.FindString(m.Subject + m.Text + m.HTML); found != "" {
					t.Errorf("%s: %q is left over:\n%s", name, found, m.Text)
				}
				if m.Kind != kind || m.Subject != strings.TrimSpace(m.Subject) || strings.Contains(m.Text, "\n\n\n") || strings.Contains(m.Subject+m.Text, " .") || strings.Contains(m.Subject, "  ") {
					t.Errorf("%s: subject %q, text:\n%s", name, m.Subject, m.Text)
				}
				if !strings.Contains(m.HTML, `<html lang="`+string(lang)+`"`) || len(m.HTML) > 20_000 {
					t.Errorf("%s: %d bytes, or no language", name, len(m.HTML))
				}
				for _, link := range []string{d.Link, d.Settings, d.Unsubscribe} {
					if !strings.Contains(m.Text, link) || !strings.Contains(html.UnescapeString(m.HTML), link) {
						t.Errorf("%s lacks %s", name, link)
					}
				}
				if !strings.Contains(m.Text, "\n"+d.Link+"\n") {
					t.Errorf("%s: the link has no line of its own:\n%s", name, m.Text)
				}
				if lang != hajir.English {
					own := html.UnescapeString(regexp.MustCompile(`https?://\S+|\S*@\S*`).ReplaceAllString(m.Text, ""))
					for _, given := range []string{"Himal & Sons", "Asha <Gurung>", "asha.gurung", "Bina <Rai>", "Annual & more", "a wedding Bcc: x", "see you", "I forgot", "a <note>", "Mona Lama", "Mona", "When?", "<script>alert(1)</script>", "At nine,", d.Alarm.Name, d.Alarm.What, d.Alarm.Rule, d.Webhook.Name, d.Webhook.Host, "asks for leave", "Chet: the exit is missing", "UTC", d.Erasure.SHA256} {
						own = strings.ReplaceAll(own, given, "")
					}
					if found := latin.FindString(own); found != "" {
						t.Errorf("%s has an English word, %q:\n%s", name, found, m.Text)
					}
					if !strings.ContainsFunc(m.Subject, func(r rune) bool { return unicode.Is(unicode.Devanagari, r) }) {
						t.Errorf("%s: subject %q", name, m.Subject)
					}
				}
				golden(t, name, m)
			}
		}
	}
}

func golden(t *testing.T, name string, m mail.Message) {
	t.Helper()
	page := name == "en/leave_requested.requested" || name == "ne/digest.day" || name == "hi/question_answered.usual"
	for ext, got := range map[string]string{".txt": "Subject: " + m.Subject + "\n\n" + m.Text, ".html": m.HTML} {
		if ext == ".html" && !page { // all are of one layout
			continue
		}
		file := filepath.Join("testdata", filepath.FromSlash(name)+ext)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil || string(want) != got {
			t.Errorf("%s: %v; it is now\n%s", file, err, got)
		}
	}
}

func TestTheNearestLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"": "en", "en-US": "en", "EN": "en", "en_GB": "en", "xx": "en", "../en": "en", "layout.html": "en", "ne-NP": "ne", "HI": "hi", "hi_IN": "hi",
	} {
		if got := render(t, mail.Invitation, lang, data); got != render(t, mail.Invitation, want, data) {
			t.Errorf("%q is not written in %s", lang, want)
		}
	}
}

// Dates are written as their reader reads them, in words and digits of the language.
func TestDates(t *testing.T) {
	for _, tt := range []struct {
		lang  string
		style hajir.DateStyle
		want  string
	}{
		{"en", hajir.DateStyle{Calendar: hajir.Gregorian}, "Monday, 2 March 2026, 09:00 (UTC+05:45)"},
		{"en", hajir.DateStyle{Calendar: hajir.BikramSambat, Both: true}, "Monday, 18 Falgun 2082 (2 March 2026), 09:00"},
		{"ne", hajir.DateStyle{Calendar: hajir.BikramSambat, Both: true}, "सोमबार, १८ फागुन २०८२ (२ मार्च २०२६), ०९:००"},
		{"ne", hajir.DateStyle{Calendar: hajir.Gregorian}, "सोमबार, २ मार्च २०२६, ०९:००"},
		{"hi", hajir.DateStyle{Calendar: hajir.Gregorian, Both: true}, "सोमवार, 2 मार्च 2026 (18 फाल्गुन 2082), 09:00"},
	} {
		d := data
		d.Dates = tt.style
		if m := render(t, mail.Invitation, tt.lang, d); !strings.Contains(m.Text, tt.want) || !strings.Contains(html.UnescapeString(m.HTML), tt.want) {
			t.Errorf("%s: not %s:\n%s", tt.lang, tt.want, m.Text)
		}
	}
	d := data
	d.Expires = time.Date(2040, 1, 2, 9, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{"en": "Monday, 2 January 2040 (Gregorian)", "ne": "२ जनवरी २०४० (ई.सं.)", "hi": "2 जनवरी 2040 (ग्रेगोरियन)"} {
		if m := render(t, mail.Invitation, lang, d); !strings.Contains(m.Text, want) {
			t.Errorf("what the calendar does not know:\n%s", m.Text)
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
	usual := map[mail.Kind]mail.Message{}
	for _, kind := range mail.Kinds() {
		usual[kind] = render(t, kind, "en", plain)
	}
	rapid.Check(t, func(r *rapid.T) {
		d := plain
		d.Company, d.Name = "Co "+name.Draw(r, "company"), name.Draw(r, "name")
		l, p := *d.Leave, *d.Punch
		l.Person, l.Reason, l.Note = "P "+name.Draw(r, "person"), "R "+name.Draw(r, "reason"), "N "+name.Draw(r, "note")
		p.Person = l.Person
		d.Leave, d.Punch = &l, &p
		for _, kind := range mail.Kinds() {
			m, err := template.Render(kind, "en", d)
			if err != nil {
				r.Fatal(err)
			}
			m.ID, m.To = "x", mail.Address{Address: "asha@example.com"}
			if err := m.Validate(); err != nil {
				r.Fatal(err)
			}
			if !slices.Equal(tag.FindAllString(m.HTML, -1), tag.FindAllString(usual[kind].HTML, -1)) &&
				!slices.Equal(withoutTitle(m.HTML), withoutTitle(usual[kind].HTML)) {
				r.Fatalf("markup:\n%s", m.HTML)
			}
			if strings.Count(m.Text, "\n") != strings.Count(usual[kind].Text, "\n") {
				r.Fatalf("text:\n%s", m.Text)
			}
		}
	})
}

// withoutTitle returns the tags of a page besides its title's, in which html/template
// leaves what browsers do not read as tags.
func withoutTitle(page string) []string {
	before, rest, _ := strings.Cut(page, "<title>")
	_, after, _ := strings.Cut(rest, "</title>")
	return tag.FindAllString(before+after, -1)
}

// A page shows without the network: opening it tells nobody.
func TestNothingIsFetched(t *testing.T) {
	remote := regexp.MustCompile(`(?i)<(img|link|script|iframe|object|video|audio|source)\b|src=|url\(|@import|background=`)
	given := []string{data.Link, data.Settings, data.Unsubscribe, data.Digest.Items[0].Link, "https://evil.example"} // the last one in a question
	for _, kind := range mail.Kinds() {
		m := render(t, kind, "en", data)
		if found := remote.FindString(m.HTML); found != "" {
			t.Errorf("%s: the page has %q", kind, found)
		}
		for _, link := range regexp.MustCompile(`https?://[^"<\s]*`).FindAllString(m.HTML, -1) {
			if !slices.Contains(given, html.UnescapeString(link)) {
				t.Errorf("%s: the page leads to %s", kind, link)
			}
		}
		if strings.Contains(m.HTML, `href="https://evil`) {
			t.Errorf("%s: what somebody wrote is a link", kind)
		}
	}
}

// A digest tells in a line what a letter of its own would have had as subject.
func TestSubject(t *testing.T) {
	for _, kind := range mail.Kinds() {
		got, err := template.Subject(kind, "ne", data)
		if err != nil || got != render(t, kind, "ne", data).Subject {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
	}
	if _, err := template.Subject(mail.LeaveDecided, "ne", template.Data{}); hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("about nothing: %v", err)
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for what, change := range map[string]func(*mail.Kind, *template.Data){
		"no kind":       func(k *mail.Kind, _ *template.Data) { *k = "" },
		"no such kind":  func(k *mail.Kind, _ *template.Data) { *k = "farewell" },
		"a path":        func(k *mail.Kind, _ *template.Data) { *k = "../en/invitation" },
		"no company":    func(_ *mail.Kind, d *template.Data) { d.Company = " \n" },
		"no link":       func(_ *mail.Kind, d *template.Data) { d.Link = "" },
		"a script":      func(_ *mail.Kind, d *template.Data) { d.Link = "javascript:alert(1)" },
		"half a link":   func(_ *mail.Kind, d *template.Data) { d.Link = "/join" },
		"two lines":     func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/\nhttps://y.example" },
		"a link broken": func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/a b" },
		"a link with <": func(_ *mail.Kind, d *template.Data) { d.Link = "https://x.example/<b>" },
		"a bad setting": func(_ *mail.Kind, d *template.Data) { d.Settings = "javascript:x" },
		"a bad item": func(_ *mail.Kind, d *template.Data) {
			d.Digest = &template.Digest{Items: []template.Item{{Link: "x:y"}}}
		},
		"without an end": func(_ *mail.Kind, d *template.Data) { d.Expires = time.Time{} },
		"whose":          func(k *mail.Kind, d *template.Data) { *k, d.Username = mail.PasswordReset, " " },
		"changed when":   func(k *mail.Kind, d *template.Data) { *k, d.At = mail.PasswordChanged, time.Time{} },
		"whose leave":    func(k *mail.Kind, d *template.Data) { *k, d.Leave = mail.LeaveDecided, nil },
		"what day":       func(k *mail.Kind, d *template.Data) { *k, d.Correction = mail.CorrectionDecided, nil },
		"no question":    func(k *mail.Kind, d *template.Data) { *k, d.Question = mail.QuestionAsked, nil },
		"no answer": func(k *mail.Kind, d *template.Data) {
			*k, d.Question = mail.QuestionAnswered, &template.Question{Text: "x", Answer: " "}
		},
		"who":        func(k *mail.Kind, d *template.Data) { *k, d.Punch = mail.ExitMissing, nil },
		"when":       func(k *mail.Kind, d *template.Data) { *k, d.Punch = mail.PunchDoubtful, nil },
		"invited":    func(k *mail.Kind, d *template.Data) { *k, d.Punch = mail.InvitationSent, nil },
		"no alarm":   func(k *mail.Kind, d *template.Data) { *k, d.Alarm = mail.Alarm, nil },
		"no webhook": func(k *mail.Kind, d *template.Data) { *k, d.Webhook = mail.WebhookOff, nil },
		"no receipt": func(k *mail.Kind, d *template.Data) { *k, d.Erasure = mail.Erasure, nil },
		"nothing":    func(k *mail.Kind, d *template.Data) { *k, d.Digest = mail.Digest, &template.Digest{} },
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
