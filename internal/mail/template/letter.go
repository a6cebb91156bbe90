package template

import (
	"strconv"
	"strings"
	texttemplate "text/template"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// letter is a message before it takes a form.
type letter struct {
	Lang, Subject, Greeting string
	Paragraphs              []string
	Facts                   []fact  // each in a line
	Quotes                  []quote // what people wrote, of several lines
	Items                   []Item
	More                    string // how many items are left out
	Action, Link, Button    string // Button says what to do when the button does not work
	Small                   []string
	Footer                  string
	Settings, Unsubscribe   Item // words and links
}

type fact struct {
	Label  string
	Values []string
}

type quote struct{ Label, Text string }

// writer says things in one language.
type writer struct {
	language
	words *texttemplate.Template
	data  Data
	err   error // the first
}

// view is what the words of a language are written with.
type view struct {
	Data
	w *writer
}

func (w *writer) view() view { return view{w.data, w} }

// say returns the words of a name, with data.
func (w *writer) say(name string, data any) string {
	var b strings.Builder
	if err := w.words.ExecuteTemplate(&b, name, data); err != nil && w.err == nil {
		w.err = err
	}
	return b.String()
}

func (w *writer) date(t time.Time) string {
	return w.language.date(t, w.data.Dates, w.say("gregorian", nil))
}

func (w *writer) moment(t time.Time) string {
	return w.date(t) + ", " + w.number(t.Format("15:04")) + t.Format(" (UTC-07:00)")
}

func (w *writer) half(d Date) string {
	switch d.Half { //nolint:exhaustive // the others are no halves
	case hajir.FirstHalf:
		return w.date(d.Date) + " (" + w.say("first_half", nil) + ")"
	case hajir.SecondHalf:
		return w.date(d.Date) + " (" + w.say("second_half", nil) + ")"
	}
	return w.date(d.Date)
}

// Until writes when the link ends.
func (v view) Until() string { return v.w.moment(v.Expires) }

// When writes when it was.
func (v view) When() string { return v.w.moment(v.At) }

// Begin writes the first date of a leave.
func (v view) Begin() string { return v.w.half(v.Leave.From) }

// Day writes the date of a correction.
func (v view) Day() string { return v.w.date(v.Correction.Date) }

// On writes a date.
func (v view) On(t time.Time) string { return v.w.date(t) }

// Digits writes the digits of s as the language does.
func (v view) Digits(s string) string { return v.w.number(s) }

// Count writes how many events a digest has.
func (v view) Count() string { return v.w.number(strconv.Itoa(v.Digest.Total)) }

// Flood says why a digest is one.
func (v view) Flood() bool { return v.Digest.Flood }

// letter says all of a message.
func (w *writer) letter(kind mail.Kind) (letter, error) {
	v := w.view()
	has := func(part string) string {
		if name := string(kind) + "." + part; w.words.Lookup(name) != nil {
			return strings.TrimSpace(w.say(name, v))
		}
		return ""
	}
	l := letter{
		Subject: clip(line(has("subject"))), Greeting: w.say("greeting", v),
		Paragraphs: paragraphs(has("body")), Facts: w.facts(kind), Quotes: w.quotes(kind),
		Action: has("action"), Link: w.data.Link, Button: w.say("button", nil),
		Small: paragraphs(has("small")), Footer: w.say("footer", v),
	}
	if d := w.data.Digest; kind == mail.Digest {
		l.Items = d.Items
		if more := d.Total - len(d.Items); more > 0 {
			l.More = w.say("digest.more", w.number(strconv.Itoa(more)))
		}
	}
	if w.data.Settings != "" {
		l.Settings = Item{Text: w.say("settings", nil), Link: w.data.Settings}
	}
	if w.data.Unsubscribe != "" {
		l.Unsubscribe = Item{Text: w.say("unsubscribe", nil), Link: w.data.Unsubscribe}
	}
	return l, w.err
}

// facts are what a message says besides its sentences, in the order in which it
// is asked for.
func (w *writer) facts(kind mail.Kind) []fact {
	var all []fact
	add := func(label string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			all = append(all, fact{w.say("label."+label, nil), values})
		}
	}
	switch d := w.data; kind { //nolint:exhaustive // the others need nothing more
	case mail.LeaveRequested, mail.LeaveDecided:
		span := w.half(d.Leave.From)
		if d.Leave.From != d.Leave.To {
			span = w.say("span", map[string]string{"From": span, "To": w.half(d.Leave.To)})
		}
		days := w.say("days", map[string]string{"N": w.number(d.Leave.Days), "One": d.Leave.Days})
		if d.Leave.Type != "" {
			days = d.Leave.Type + ", " + days
		}
		add("leave", days)
		add("dates", span)
		add("reason", d.Leave.Reason)
		add("note", d.Leave.Note)
	case mail.CorrectionRequested, mail.CorrectionDecided:
		var changes []string
		for _, c := range d.Correction.Changes {
			changes = append(changes, w.change(c))
		}
		add("changes", changes...)
		add("reason", d.Correction.Reason)
		add("note", d.Correction.Note)
	case mail.PunchRecorded, mail.PunchDoubtful:
		add("time", w.number(d.Punch.Time))
	case mail.Alarm:
		if !d.Alarm.Since.IsZero() {
			add("since", w.moment(d.Alarm.Since))
		}
		add("rule", d.Alarm.Rule)
		add("value", w.number(d.Alarm.Value))
	case mail.Erasure:
		for _, n := range []struct {
			label string
			count int
		}{
			{"templates", d.Erasure.Templates},
			{"enrolments", d.Erasure.Enrolments},
			{"daily", d.Erasure.Daily},
			{"profiles", d.Erasure.Profiles},
		} {
			add(n.label, w.number(strconv.Itoa(n.count)))
		}
		add("done", w.moment(d.Erasure.Done))
		add("digest", d.Erasure.SHA256)
	}
	return all
}

// change says what is to become of a punch.
func (w *writer) change(c Change) string {
	kind := "move"
	switch {
	case c.At.IsZero():
		kind = "remove"
	case c.Was.IsZero():
		kind = "add"
	}
	at := func(t time.Time) string {
		s := w.number(t.Format("15:04"))
		if t.Format(time.DateOnly) != w.data.Correction.Date.Format(time.DateOnly) {
			s += " (" + w.day(t, w.data.Dates) + ")"
		}
		return s
	}
	return w.say("change."+kind, map[string]string{
		"Direction": string(c.Direction), "Word": w.say(string(c.Direction), nil), "At": at(c.At), "Was": at(c.Was),
	})
}

func (w *writer) quotes(kind mail.Kind) []quote {
	switch d := w.data; kind { //nolint:exhaustive // the others need nothing more
	case mail.QuestionAsked, mail.QuestionAnswered:
		all := []quote{{w.say("label.question", nil), d.Question.Text}}
		if d.Question.Answer != "" {
			all = append(all, quote{w.say("label.answer", d.Question), d.Question.Answer})
		}
		return all
	case mail.Alarm:
		if d.Alarm.What != "" {
			return []quote{{w.say("label.what", nil), d.Alarm.What}}
		}
	}
	return nil
}

// text is the message without a look.
func (l letter) text() string {
	var b strings.Builder
	part := func(s string) { b.WriteString(s + "\n\n") }
	part(l.Greeting)
	for _, p := range l.Paragraphs {
		part(p)
	}
	for _, f := range l.Facts {
		b.WriteString(f.Label + ":")
		if len(f.Values) == 1 {
			b.WriteString(" " + f.Values[0] + "\n")
			continue
		}
		b.WriteString("\n- " + strings.Join(f.Values, "\n- ") + "\n")
	}
	if len(l.Facts) > 0 {
		b.WriteString("\n")
	}
	for _, q := range l.Quotes {
		part(q.Label + ":\n\n" + q.Text)
	}
	for _, i := range l.Items {
		b.WriteString("- " + i.Text + "\n")
		if i.Link != "" {
			b.WriteString("  " + i.Link + "\n")
		}
	}
	if l.More != "" {
		b.WriteString("- " + l.More + "\n")
	}
	if len(l.Items) > 0 {
		b.WriteString("\n")
	}
	if l.Link != "" {
		part(l.Action + ":\n\n" + l.Link)
	}
	for _, p := range l.Small {
		part(p)
	}
	b.WriteString("-- \n" + l.Footer + "\n")
	for _, i := range []Item{l.Settings, l.Unsubscribe} {
		if i.Link != "" {
			b.WriteString(i.Text + ": " + i.Link + "\n")
		}
	}
	return b.String()
}

// paragraphs are what empty lines separate.
func paragraphs(s string) []string {
	var all []string
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}
