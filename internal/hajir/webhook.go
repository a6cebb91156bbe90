package hajir

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Webhook is an address of a company's to which notices are posted.
type Webhook struct {
	ID      string // a UUID
	Company string
	URL     string
	Name    string // what it is for, in the admin's words; may be empty
	Kinds   []NoticeKind
	// Secret signs what is posted. Until OldUntil, OldSecret does too.
	Secret, OldSecret []byte
	SecretAt          time.Time
	OldUntil          time.Time
	State             WebhookState
	// FailingSince is when the first of the deliveries failed that have failed
	// since the last that did not; zero when the last one did not.
	FailingSince time.Time
	CreatedAt    time.Time
	Version      int // grows by one with every stored change; zero means never stored
}

// WebhookState says whether a webhook is posted to, and if not, why.
type WebhookState string

// The states.
const (
	WebhookOn      WebhookState = "on"
	WebhookOff     WebhookState = "off"     // the admin has turned it off
	WebhookFailing WebhookState = "failing" // turned off, since it has failed for days
	WebhookGone    WebhookState = "gone"    // turned off, since it answered 410 Gone
)

const (
	// MaxWebhooks is how many a company can have.
	MaxWebhooks = 20
	// WebhookPatience is for how long a webhook may fail before it is turned off.
	WebhookPatience = 5 * 24 * time.Hour
	// SecretOverlap is for how long an old secret signs beside a new one.
	SecretOverlap = 24 * time.Hour
	// AttemptDays is for how many days the log of what was posted is kept.
	AttemptDays   = 14
	maxWebhookURL = 1000
)

// WebhookKinds returns the kinds that a company's webhooks can have: those of
// alarms, too, where its admin operates the installation. To another they never
// come.
func WebhookKinds(operates bool) []NoticeKind {
	all := NoticeKinds()
	if operates {
		all = append(all, NoticeAlarmRaised, NoticeAlarmCleared)
	}
	return all
}

// Validate returns an Invalid error that names the first thing wrong with w.
// Without https only where plain is true.
func (w Webhook) Validate(plain bool) error {
	u, err := url.Parse(w.URL)
	switch {
	case len(w.URL) > maxWebhookURL:
		return Errorf(Invalid, "the address is longer than %d characters", maxWebhookURL)
	case err != nil || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(w.URL, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return Errorf(Invalid, "the address must be a whole one, such as https://example.com/hajir")
	case u.User != nil:
		return Errorf(Invalid, "leave user and password out of the address: the signature shows who posts")
	case u.Fragment != "":
		return Errorf(Invalid, "leave what follows # out of the address: it is never sent")
	case u.Scheme == "http" && !plain:
		return Errorf(Invalid, "the address must begin with https://; what is posted names people")
	case u.Scheme != "https" && u.Scheme != "http":
		return Errorf(Invalid, "the address must begin with https://")
	case len(w.Kinds) == 0:
		return Errorf(Invalid, "choose at least one kind of event")
	}
	for i, k := range w.Kinds {
		if !slices.Contains(WebhookKinds(true), k) || slices.Contains(w.Kinds[:i], k) {
			return Errorf(Invalid, "%q is no kind of event, or is there twice", k)
		}
	}
	return validateText("the name", w.Name, 0, maxName)
}

// Wants says whether a notice is posted to w.
func (w Webhook) Wants(n Notice) bool {
	return w.State == WebhookOn && w.Company == n.Company && slices.Contains(w.Kinds, n.Kind)
}

// WithSecret returns w with a new secret. The old one signs for a day more, so
// that the receiver can change over.
func (w Webhook) WithSecret(secret []byte, at time.Time) Webhook {
	if len(w.Secret) > 0 {
		w.OldSecret, w.OldUntil = w.Secret, at.Add(SecretOverlap)
	}
	w.Secret, w.SecretAt = secret, at
	return w
}

// Secrets returns those that sign at a time, the newest first.
func (w Webhook) Secrets(at time.Time) [][]byte {
	all := [][]byte{w.Secret}
	if len(w.OldSecret) > 0 && at.Before(w.OldUntil) {
		all = append(all, w.OldSecret)
	}
	return all
}

// Turn returns w as the admin turns it on or off. Once on, it has its patience
// anew.
func (w Webhook) Turn(on bool) Webhook {
	switch {
	case on && w.State != WebhookOn:
		w.State, w.FailingSince = WebhookOn, time.Time{}
	case !on && w.State == WebhookOn:
		w.State = WebhookOff
	}
	return w
}

// Answered returns w after a delivery, and says whether that changes it: one
// that has failed for days is turned off, and one that says that it is gone.
func (w Webhook) Answered(ok, gone bool, at time.Time) (_ Webhook, changed bool) {
	switch {
	case w.State != WebhookOn:
		return w, false
	case ok:
		changed = !w.FailingSince.IsZero()
		w.FailingSince = time.Time{}
	case gone:
		w.State, changed = WebhookGone, true
	case w.FailingSince.IsZero():
		w.FailingSince, changed = at, true
	case at.Sub(w.FailingSince) >= WebhookPatience:
		w.State, changed = WebhookFailing, true
	}
	return w, changed
}

// WebhookNotices tells that a webhook was turned off by itself, which the admin
// has to know.
func WebhookNotices(before, after Webhook) []Notice {
	if before.State != WebhookOn || after.State != WebhookFailing && after.State != WebhookGone {
		return nil
	}
	return []Notice{{Company: after.Company, Kind: NoticeWebhookOff, Ref: after.ID, State: string(after.State)}}
}

// Attempt is one try to post something to a webhook, as its log keeps it.
type Attempt struct {
	Company string
	Webhook string
	ID      string // begins with its time; see AttemptID
	Notice  string // the notice's ID; that of a test begins with test-
	Kind    NoticeKind
	At      time.Time
	Try     int           // from 1
	Status  int           // of HTTP; zero when nothing was answered
	Took    time.Duration // until it was answered, or given up
	Answer  string        // how the answer begins
	Problem string        // why it failed; "" when it did not
}

const maxAnswer = 500

// AttemptID returns an ID for an attempt at a time; unique tells those of one
// moment apart.
func AttemptID(at time.Time, unique string) string { return ReviewID(at, unique) }

// Tidy returns a within its bounds.
func (a Attempt) Tidy() Attempt {
	a.Answer, a.Problem = shorten(a.Answer, maxAnswer), shorten(a.Problem, maxReason)
	return a
}
