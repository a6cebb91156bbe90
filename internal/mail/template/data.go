package template

import (
	"net/url"
	"strings"
	"time"
	"unicode"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Data is what the messages tell.
type Data struct {
	Company  string          // its name; an invitation needs it
	Name     string          // the person's, or ""
	Username string          // that signs in; what is about a password needs it
	Link     string          // where to go: an http or https URL
	Expires  time.Time       // until when the link works, in the reader's time zone; zero if it is not a link for a time
	At       time.Time       // when the password was changed, in the reader's time zone
	Dates    hajir.DateStyle // how dates are written
	// Other: the message is about somebody else than its reader.
	Other bool

	Leave      *Leave      // what a message about leave is about
	Correction *Correction // what a message about a correction of a day is about
	Question   *Question   // what a message about a question is about
	Punch      *Punch      // what a message about coming and going, or about an invitation, is about
	Alarm      *Alarm      // what the operator is told
	Erasure    *Erasure    // a receipt
	Webhook    *Webhook    // one that was turned off by itself
	Digest     *Digest     // many events in one message

	// Settings is where the reader chooses what they are told, and Unsubscribe
	// the link that ends messages like this one; "" where there is none.
	Settings, Unsubscribe string
}

// Leave is a request for leave.
type Leave struct {
	Person       string // whose leave it is
	Type         string // the leave's name
	From, To     Date
	Days         string // what it takes
	Reason, Note string // the employee's, and of who did the last step; or ""
	State        string // as hajir.LeaveState
	By           string // who did the last step
}

// Correction is a correction of a day.
type Correction struct {
	Person       string // whose day it is
	Date         time.Time
	Changes      []Change
	Reason, Note string // the employee's, and of who did the last step; or ""
	State        string // as hajir.CorrectionState
	By           string // who did the last step; "" is the program
}

// Change is a punch that is added, moved or removed, by the person's clocks.
type Change struct {
	Direction hajir.Direction
	Was, At   time.Time // zero Was: it is added; zero At: it is removed
}

// Question is a question with its answer. Both are of several lines.
type Question struct {
	Text     string
	Answer   string
	By       string // the name of who answers, or ""
	Assigned bool   // to the reader, to answer it
}

// Punch is somebody's coming or going on a date.
type Punch struct {
	Person    string
	Date      time.Time
	Time      string // "15:04", by the person's clocks; "" where it is not told
	Direction hajir.Direction
}

// Alarm is what the operator has to know. What, where the letters have no words
// for an alarm of this name, and Rule say it in English, as the program's own
// words are.
type Alarm struct {
	Name, What, Rule string
	Value            string // a number that raised or cleared it; or ""
	State            string // "raised" or "cleared"
	Since            time.Time
}

// Erasure is what is told of the receipt of an erasure.
type Erasure struct {
	Templates, Enrolments, Daily, Profiles int
	Done                                   time.Time
	SHA256                                 string
}

// Webhook is one that was turned off by itself.
type Webhook struct {
	Name  string // in the admin's words, or ""
	Host  string // to which it posts
	State string // "failing", or "gone": it answered that it is
}

// Digest is many events.
type Digest struct {
	Items []Item
	Total int  // how many there are, of which Items may be the first
	Flood bool // they came too fast to be told one by one
}

// Item is an event in one line, and where it is looked at.
type Item struct{ Text, Link string }

// Date is a date, and which half of it.
type Date struct {
	Date time.Time
	Half hajir.Leave // FirstHalf, SecondHalf or another, which is none
}

// tidy makes one line of every name and note, so that none can add paragraphs to
// a text or headers to a message, and lines of what people wrote.
func (d Data) tidy() Data {
	tidy := func(all ...*string) {
		for _, s := range all {
			*s = line(*s)
		}
	}
	tidy(&d.Company, &d.Name, &d.Username)
	if d.Leave != nil {
		l := *d.Leave
		tidy(&l.Person, &l.Type, &l.Reason, &l.Note, &l.By)
		d.Leave = &l
	}
	if d.Correction != nil {
		c := *d.Correction
		tidy(&c.Person, &c.Reason, &c.Note, &c.By)
		d.Correction = &c
	}
	if d.Question != nil {
		q := *d.Question
		q.Text, q.Answer, q.By = prose(q.Text), prose(q.Answer), line(q.By)
		d.Question = &q
	}
	if d.Punch != nil {
		p := *d.Punch
		tidy(&p.Person, &p.Time)
		d.Punch = &p
	}
	if d.Alarm != nil {
		a := *d.Alarm
		tidy(&a.Name, &a.Rule, &a.Value)
		a.What = prose(a.What)
		d.Alarm = &a
	}
	if d.Webhook != nil {
		w := *d.Webhook
		tidy(&w.Name, &w.Host)
		d.Webhook = &w
	}
	if d.Digest != nil {
		g := *d.Digest
		g.Items = make([]Item, len(d.Digest.Items))
		for i, item := range d.Digest.Items {
			g.Items[i] = Item{Text: line(item.Text), Link: item.Link}
		}
		d.Digest = &g
	}
	return d
}

// lack says what a message of a kind has to tell; "" is nothing more.
func (d Data) lack(kind mail.Kind) string {
	switch kind { //nolint:exhaustive // the others are not written here
	case mail.SignUp:
		if d.Expires.IsZero() {
			return "until when its link works"
		}
	case mail.Invitation:
		if d.Company == "" || d.Expires.IsZero() {
			return "which company invites, and until when its link works"
		}
	case mail.PasswordReset:
		if d.Username == "" || d.Expires.IsZero() {
			return "whose password it is about, and until when its link works"
		}
	case mail.PasswordChanged:
		if d.Username == "" || d.At.IsZero() {
			return "whose password was changed, and when"
		}
	case mail.LeaveRequested, mail.LeaveDecided:
		if d.Leave == nil || d.Leave.Person == "" || d.Leave.From.Date.IsZero() || d.Leave.To.Date.IsZero() {
			return "whose leave it is about, and when"
		}
	case mail.CorrectionRequested, mail.CorrectionDecided:
		if d.Correction == nil || d.Correction.Person == "" || d.Correction.Date.IsZero() || len(d.Correction.Changes) == 0 {
			return "whose day it is about, and what is to be corrected"
		}
	case mail.QuestionAnswered:
		if d.Company == "" || d.Question == nil || d.Question.Text == "" || d.Question.Answer == "" {
			return "who was asked what, and the answer"
		}
	case mail.QuestionAsked:
		if d.Company == "" || d.Question == nil || d.Question.Text == "" {
			return "who was asked what"
		}
	case mail.ExitMissing, mail.PunchRecorded:
		if d.Punch == nil || d.Punch.Person == "" || d.Punch.Date.IsZero() {
			return "who it is about, and when"
		}
	case mail.PunchDoubtful:
		if d.Punch == nil || d.Punch.Date.IsZero() {
			return "when it was"
		}
	case mail.InvitationSent:
		if d.Punch == nil || d.Punch.Person == "" || d.Company == "" {
			return "who is invited, and by which company"
		}
	case mail.Alarm:
		if d.Alarm == nil || d.Alarm.Name == "" {
			return "which alarm it is"
		}
	case mail.Erasure:
		if d.Company == "" || d.Erasure == nil || d.Erasure.Done.IsZero() {
			return "what was erased, and when"
		}
	case mail.WebhookOff:
		if d.Company == "" || d.Webhook == nil || d.Webhook.Host == "" {
			return "which webhook of which company was turned off"
		}
	case mail.Digest:
		if d.Digest == nil || len(d.Digest.Items) == 0 {
			return "at least one event"
		}
	}
	return ""
}

func (d Data) validate(kind mail.Kind) error {
	if !mail.Known(kind) {
		return hajir.Errorf(hajir.Invalid, "there is no message of this kind")
	}
	if lack := d.lack(kind); lack != "" {
		return hajir.Errorf(hajir.Invalid, "the message needs to say %s", lack)
	}
	links := []string{d.Settings, d.Unsubscribe}
	if kind != mail.QuestionAnswered && kind != mail.Alarm || d.Link != "" { // where there may be no page to go to
		if !isLink(d.Link) {
			// The link is a secret: its error is not passed on.
			return hajir.Errorf(hajir.Invalid, "the message needs a link that begins with https:// or http://")
		}
	}
	if d.Digest != nil {
		for _, item := range d.Digest.Items {
			links = append(links, item.Link)
		}
	}
	for _, s := range links {
		if s != "" && !isLink(s) {
			return hajir.Errorf(hajir.Invalid, "the links of a message begin with https:// or http://")
		}
	}
	return nil
}

func isLink(s string) bool {
	link, err := url.Parse(s)
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>"`, r) }
	return err == nil && link.Host != "" && (link.Scheme == "https" || link.Scheme == "http") && !strings.ContainsFunc(s, odd)
}

// line makes one line of a name.
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
