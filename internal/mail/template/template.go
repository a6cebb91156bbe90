// Package template writes messages: it knows their words and looks, and
// nothing of how they travel. A language is a directory that holds two files a
// kind: KIND.txt with the subject and the text, and KIND.html with what stands
// inside layout.html. To add Nepali, add ne/ with the files of en/; nothing
// here changes. Read Render first.
package template

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

//go:embed */*.txt */*.html layout.html
var files embed.FS

// English is for readers whose language is not known or has no templates.
const English = "en"

// Data is what the messages tell.
type Data struct {
	Company  string          // its name; an invitation needs it
	Name     string          // the person's, or ""
	Username string          // that signs in; what is about a password needs it
	Link     string          // where to go: an http or https URL
	Expires  time.Time       // until when the link works, in the reader's time zone; zero if it is not a link for a time
	At       time.Time       // when the password was changed, in the reader's time zone
	Dates    hajir.DateStyle // how dates of these times are written
	Leave    *Leave          // what a message about leave is about
	// Correction is what a message about a correction of a day is about.
	Correction *Correction
	Question   *Question // what a message about a question is about
}

// Question is a question with its answer, as a message tells them. Both are of
// several lines.
type Question struct {
	Text   string // the reader's
	Answer string
	By     string // the name of who answers, or ""
}

// Until writes when the link ends.
func (d Data) Until() string { return d.moment(d.Expires) }

// When writes when it was.
func (d Data) When() string { return d.moment(d.At) }

func (d Data) moment(t time.Time) string {
	return Date{Date: t}.in(d.Dates) + t.Format(", 15:04 (UTC-07:00)")
}

// Leave is a request for leave, as a message tells it.
type Leave struct {
	Person       string // whose leave it is
	Type         string // the leave's name
	From, To     Date
	Dates        hajir.DateStyle // how they are written
	Days         string          // what it takes
	Reason, Note string          // the employee's, and of who did the last step; or ""
	State        string          // as hajir.LeaveState
	By           string          // who did the last step
}

// Begin writes the first date.
func (l Leave) Begin() string { return l.From.in(l.Dates) }

// Correction is a correction of a day, as a message tells it.
type Correction struct {
	Person       string // whose day it is
	Date         Date
	Dates        hajir.DateStyle // how dates are written
	Changes      []string        // each in a few words
	Reason, Note string          // the employee's, and of who did the last step; or ""
	State        string          // as hajir.CorrectionState
	By           string          // who did the last step; "" is the program
}

// Day writes the date.
func (c Correction) Day() string { return c.Date.in(c.Dates) }

// Span writes the dates.
func (l Leave) Span() string {
	if l.From == l.To {
		return l.Begin()
	}
	return l.Begin() + " to " + l.To.in(l.Dates)
}

// Render writes a message of a kind in a language such as "ne" or "ne-NP". The
// result has Kind, Subject, Text and HTML; whom it goes to and its ID are the
// caller's. It fails with Invalid if the kind is not known or data is lacking.
func Render(kind mail.Kind, lang string, data Data) (mail.Message, error) {
	data.Company, data.Name, data.Username = line(data.Company), line(data.Name), line(data.Username)
	if data.Leave != nil {
		l := *data.Leave
		for _, s := range []*string{&l.Person, &l.Type, &l.Reason, &l.Note, &l.By} {
			*s = line(*s)
		}
		data.Leave = &l
	}
	if data.Question != nil {
		data.Question = &Question{Text: prose(data.Question.Text), Answer: prose(data.Question.Answer), By: line(data.Question.By)}
	}
	if data.Correction != nil {
		c := *data.Correction
		for _, s := range []*string{&c.Person, &c.Reason, &c.Note, &c.By} {
			*s = line(*s)
		}
		data.Correction = &c
	}
	if err := data.validate(kind); err != nil {
		return mail.Message{}, err
	}
	m := mail.Message{Kind: kind}
	lang = language(lang)
	text, err := texttemplate.ParseFS(files, path.Join(lang, string(kind)+".txt"))
	if err != nil {
		return m, fmt.Errorf("parse text: %w", err)
	}
	page, err := template.ParseFS(files, "layout.html", path.Join(lang, string(kind)+".html"))
	if err != nil {
		return m, fmt.Errorf("parse page: %w", err)
	}
	var subject, body, html strings.Builder
	if err := text.ExecuteTemplate(&subject, "subject", data); err != nil {
		return m, fmt.Errorf("write subject: %w", err)
	}
	if err := text.ExecuteTemplate(&body, "text", data); err != nil {
		return m, fmt.Errorf("write text: %w", err)
	}
	m.Subject = clip(line(subject.String()))
	view := struct {
		Data
		Lang, Subject string
	}{data, lang, m.Subject}
	if err := page.ExecuteTemplate(&html, "layout.html", view); err != nil {
		return m, fmt.Errorf("write page: %w", err)
	}
	m.Text, m.HTML = strings.TrimSpace(body.String())+"\n", strings.TrimSpace(html.String())+"\n"
	return m, nil
}

func (d Data) validate(kind mail.Kind) error {
	if !has(English, kind) {
		return hajir.Errorf(hajir.Invalid, "there is no message of this kind")
	}
	if kind == mail.Invitation && d.Company == "" {
		return hajir.Errorf(hajir.Invalid, "an invitation needs the company's name")
	}
	if (kind == mail.PasswordReset || kind == mail.PasswordChanged) && d.Username == "" {
		return hajir.Errorf(hajir.Invalid, "the message needs to say whose password it is about")
	}
	if kind == mail.QuestionAnswered {
		if d.Company == "" || d.Question == nil || d.Question.Text == "" || d.Question.Answer == "" {
			return hajir.Errorf(hajir.Invalid, "the message needs to say who was asked what, and the answer")
		}
		if d.Link == "" {
			return nil // there is no page to go to
		}
	}
	link, err := url.Parse(d.Link)
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>"`, r) }
	if err != nil || link.Host == "" || link.Scheme != "https" && link.Scheme != "http" || strings.ContainsFunc(d.Link, odd) {
		// The link is a secret: its error is not passed on.
		return hajir.Errorf(hajir.Invalid, "the message needs a link that begins with https:// or http://")
	}
	if kind == mail.PasswordChanged {
		if d.At.IsZero() {
			return hajir.Errorf(hajir.Invalid, "the message needs to say when the password was changed")
		}
		return nil
	}
	if kind == mail.QuestionAnswered {
		return nil // its link is no secret, and works for good
	}
	if kind == mail.LeaveRequested || kind == mail.LeaveDecided {
		if d.Leave == nil || d.Leave.Person == "" || d.Leave.From.Date.IsZero() || d.Leave.To.Date.IsZero() {
			return hajir.Errorf(hajir.Invalid, "the message needs to say whose leave it is about, and when")
		}
		return nil // its link leads to a page that asks for the password
	}
	if kind == mail.CorrectionRequested || kind == mail.CorrectionDecided {
		if d.Correction == nil || d.Correction.Person == "" || d.Correction.Date.Date.IsZero() || len(d.Correction.Changes) == 0 {
			return hajir.Errorf(hajir.Invalid, "the message needs to say whose day it is about, and what is to be corrected")
		}
		return nil // likewise
	}
	if d.Expires.IsZero() {
		return hajir.Errorf(hajir.Invalid, "the message needs to say until when its link works")
	}
	return nil
}

// Languages returns the languages in which messages are written.
func Languages() []string {
	var all []string
	entries, _ := files.ReadDir(".") // embedded: it is there
	for _, e := range entries {
		if e.IsDir() {
			all = append(all, e.Name())
		}
	}
	return all
}

// language returns the nearest that there is: "ne" for "ne-NP".
func language(wanted string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(wanted, "_", "-")), "-")
	for _, lang := range Languages() {
		if lang == base {
			return lang
		}
	}
	return English
}

func has(lang string, kind mail.Kind) bool {
	_, err := fs.Stat(files, path.Join(lang, string(kind)+".txt"))
	return err == nil && !strings.ContainsAny(string(kind), "/.")
}

// line makes one line of a name, so that a name cannot add paragraphs to a
// text or headers to a message.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// prose makes lines of what people wrote, and nothing else: no control
// characters, and line ends alike.
func prose(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, hajir.CleanProse(strings.ToValidUTF8(s, "")))
}

// clip shortens a subject to what mail.Message takes.
func clip(s string) string {
	if r := []rune(s); len(r) > mail.MaxLine {
		return strings.TrimSpace(string(r[:mail.MaxLine-1])) + "…"
	}
	return s
}
