// Package template writes messages: it knows their words and looks, and
// nothing of how they travel. The words of a language are one file in words/:
// plain text, of which both forms of a message are made, so that nothing in it
// and nothing of what people are called can become markup. layout.html is the
// look of all of them. To add a language, add its file and its dates in
// language.go. Read Render first; data.go is what messages tell.
package template

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
	texttemplate "text/template"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

//go:embed words/*.txt layout.html
var files embed.FS

var (
	words = sync.OnceValues(func() (map[string]*texttemplate.Template, error) {
		all := map[string]*texttemplate.Template{}
		for lang := range languages {
			t, err := texttemplate.New(lang).Option("missingkey=error").ParseFS(files, "words/"+lang+".txt")
			if err != nil {
				return nil, fmt.Errorf("parse words: %w", err)
			}
			all[lang] = t
		}
		return all, nil
	})
	layout = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(files, "layout.html") })
)

// Render writes a message of a kind in a language such as "ne" or "ne-NP"; one
// without words is written in English. The result has Kind, Subject, Text, HTML
// and Unsubscribe; whom it goes to and its ID are the caller's. It fails with
// Invalid if the kind is not known or data is lacking.
func Render(kind mail.Kind, lang string, data Data) (mail.Message, error) {
	data = data.tidy()
	if err := data.validate(kind); err != nil {
		return mail.Message{}, err
	}
	all, err := words()
	if err != nil {
		return mail.Message{}, err
	}
	lang = nearest(lang)
	w := &writer{language: languages[lang], words: all[lang], data: data}
	l, err := w.letter(kind)
	if err != nil {
		return mail.Message{}, fmt.Errorf("write %s in %s: %w", kind, lang, err)
	}
	l.Lang = lang
	page, err := layout()
	if err != nil {
		return mail.Message{}, fmt.Errorf("parse layout: %w", err)
	}
	var html strings.Builder
	if err := page.ExecuteTemplate(&html, "layout.html", l); err != nil {
		return mail.Message{}, fmt.Errorf("write page: %w", err)
	}
	return mail.Message{
		Kind: kind, Subject: l.Subject, Text: l.text(), HTML: strings.TrimSpace(html.String()) + "\n", Unsubscribe: data.Unsubscribe,
	}, nil
}

// Subject writes what a message of a kind is about, in one line, which is how a
// digest tells of it. It fails as Render does.
func Subject(kind mail.Kind, lang string, data Data) (string, error) {
	data = data.tidy()
	if err := data.validate(kind); err != nil {
		return "", err
	}
	all, err := words()
	if err != nil {
		return "", err
	}
	lang = nearest(lang)
	w := &writer{language: languages[lang], words: all[lang], data: data}
	subject := clip(line(w.say(string(kind)+".subject", w.view())))
	return subject, w.err
}

// nearest returns the language that there is: "ne" for "ne-NP".
func nearest(wanted string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(wanted, "_", "-")), "-")
	if _, ok := languages[base]; ok {
		return base
	}
	return string(hajir.English)
}

// clip shortens a subject to what mail.Message takes.
func clip(s string) string {
	if r := []rune(s); len(r) > mail.MaxLine {
		return strings.TrimSpace(string(r[:mail.MaxLine-1])) + "…"
	}
	return s
}
