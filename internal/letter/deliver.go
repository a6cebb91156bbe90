package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/alarm"
	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
	"hajir/internal/notify"
)

// Deliver implements notify.Channel. What the reader gets daily, or too fast, is
// laid on their pile, and so delivered.
func (d *Desk) Deliver(ctx context.Context, x hajir.Delivery) error {
	if strings.HasPrefix(x.Target, operator) {
		return d.alarm(ctx, x)
	}
	if x.Kind == hajir.NoticeAnswer {
		return d.answer(ctx, x)
	}
	c, err := d.Store.Company(ctx, x.Company)
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	t := toldOf(x.Target)
	r, err := d.reader(ctx, c, t.username)
	if err != nil {
		return err
	}
	if x.Kind == hajir.NoticeDigest {
		return d.digest(ctx, x, r, hajir.Manner(t.topic))
	}
	manner, err := d.manner(ctx, r, t.topic)
	if err != nil || manner == hajir.Never {
		return err
	}
	if manner == hajir.Daily {
		loc, err := c.Location()
		if err != nil {
			return err
		}
		return d.pile(ctx, x, t, hajir.Daily, c.NextDigest(d.Now(), loc))
	}
	kind, data, err := d.data(ctx, x.Notice, r, t.topic)
	if err != nil || kind == "" { // nothing is left to tell
		return err
	}
	if t.topic != always && x.Tries == 0 {
		until, flooded, err := d.count(ctx, r, t.topic)
		if err != nil {
			return err
		}
		if flooded {
			return d.pile(ctx, x, t, hajir.AtOnce, until)
		}
	}
	return d.send(ctx, x.Key(), r, kind, data, t.topic)
}

// send has a letter written and hands it over. Of one that anybody may refuse to
// get, it says how.
func (d *Desk) send(ctx context.Context, key string, r reader, kind mail.Kind, data template.Data, t hajir.Topic) error {
	data.Company, data.Name, data.Dates = r.company.Name, r.address.Name, r.dates
	header := ""
	if t != always {
		token := d.token(told{r.Username, t})
		data.Settings, data.Unsubscribe = d.SiteURL+"/notifications", d.Page(token)
		header = d.SiteURL + UnsubscribePath + token
	}
	m, err := template.Render(kind, string(r.language), data)
	if err != nil {
		return notify.Permanent(fmt.Errorf("write a letter: %w", err))
	}
	m.ID, m.To, m.Unsubscribe = messageID(key), r.address, header
	return d.hand(ctx, m)
}

// messageID is the same in every repeat of a delivery.
func messageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "notice-" + hex.EncodeToString(sum[:16])
}

func (d *Desk) hand(ctx context.Context, m mail.Message) error {
	err := d.Mail.Send(ctx, m)
	if err != nil && mail.Permanent(err) {
		return notify.Permanent(err)
	}
	return err
}

// AtOnce writes of an alarm to the operators without the outbox, which is kept in
// what fails. The outbox tells it again when it can.
func (d *Desk) AtOnce(ctx context.Context, n hajir.Notice) error {
	n.Company = "" // what is kept of it may not be readable
	var faults []error
	for _, to := range d.Operators {
		limited, cancel := context.WithTimeout(ctx, atOnceTimeout)
		faults = append(faults, d.alarm(limited, hajir.Delivery{Notice: n, Channel: d.Name(), Target: operatorTarget(to.Address)}))
		cancel()
	}
	return errors.Join(faults...)
}

// atOnceTimeout bounds one such mail, since the next alarm is judged behind it.
const atOnceTimeout = 15 * time.Second

// alarm writes to one of the operators, in the language and by the clocks of the
// company whose admin looks after the installation, if there is one.
func (d *Desk) alarm(ctx context.Context, x hajir.Delivery) error {
	i := slices.IndexFunc(d.Operators, func(a mail.Address) bool { return operatorTarget(a.Address) == x.Target })
	if i < 0 {
		return nil // who is no operator any more is not told
	}
	to := d.Operators[i]
	told, now, err := d.Alarm(ctx, x.Notice)
	if err != nil || !now {
		return err
	}
	var c hajir.Company
	if x.Company != "" {
		if c, err = d.Store.Company(ctx, x.Company); err != nil && !gone(err) {
			return fmt.Errorf("load company: %w", err)
		}
	}
	loc := time.UTC
	if c.Username != "" {
		if loc, err = c.Location(); err != nil {
			return err
		}
	}
	language := c.LanguageOf(hajir.Employee{})
	letter := template.Alarm{Name: told.Name, What: alarm.Words(told.Name, language), Rule: told.Rule, State: "raised", Since: told.Since.In(loc)}
	if told.HasValue {
		letter.Value = strconv.FormatFloat(told.Value, 'g', 6, 64)
	}
	if x.Kind == hajir.NoticeAlarmCleared {
		letter.State = "cleared"
	}
	m, err := template.Render(mail.Alarm, string(language), template.Data{
		Name: to.Name, Link: d.SiteURL + "/health", Alarm: &letter, Dates: c.DatesOf(hajir.Employee{}),
	})
	if err != nil {
		return notify.Permanent(fmt.Errorf("write a letter: %w", err))
	}
	m.ID, m.To = messageID(x.Key()), to
	return d.hand(ctx, m)
}

// count notes that a letter of a topic goes out, unless too many did.
func (d *Desk) count(ctx context.Context, r reader, t hajir.Topic) (until time.Time, flooded bool, err error) {
	err = d.change(ctx, r.Username, r.company.Username, func(m *hajir.MailPile) bool {
		if until, flooded = m.Flooded(t, d.Now()); flooded {
			return false
		}
		m.Sent(t, d.Now().UTC())
		return true
	})
	return until, flooded, err
}

// pile lays a notice on the reader's pile, and sees to it that a letter is made of
// that.
func (d *Desk) pile(ctx context.Context, x hajir.Delivery, t told, into hajir.Manner, due time.Time) error {
	err := d.change(ctx, t.username, x.Company, func(m *hajir.MailPile) bool {
		due = m.Add(into, hajir.Piled{Notice: x.Notice, Topic: t.topic}, due.UTC())
		return true
	})
	if err != nil {
		return err
	}
	return d.raise(ctx, x.Company, t.username, into, due)
}

// raise has one letter made of a pile at a time, however often it is called.
func (d *Desk) raise(ctx context.Context, company, username string, from hajir.Manner, due time.Time) error {
	n := hajir.Notice{
		Company: company, Kind: hajir.NoticeDigest, At: d.Now().UTC(), Person: username, Ref: due.UTC().Format(time.RFC3339), State: string(from),
	}
	n.ID = uuid.NewSHA1(digests, []byte(strings.Join([]string{company, username, n.State, n.Ref}, "/"))).String()
	if err := d.Store.Raise(ctx, n); err != nil && hajir.CodeOf(err) != hajir.Conflict {
		return fmt.Errorf("order a letter: %w", err)
	}
	return nil
}

// digests is the name space of the IDs of letters that are made of piles.
var digests = uuid.MustParse("5f0f8a8e-2f0c-4c1b-9d7e-8f3a6f1b9c21")

// tries is how often a change of a pile is made anew when others changed it
// meanwhile.
const tries = 16

// change changes somebody's pile; f says whether anything is to be saved.
func (d *Desk) change(ctx context.Context, username, company string, f func(*hajir.MailPile) bool) error {
	for try := 1; ; try++ {
		m, err := d.Store.MailPile(ctx, username)
		if err != nil {
			return fmt.Errorf("load mail: %w", err)
		}
		m.Company = company
		if !f(&m) {
			return nil
		}
		err = d.Store.SaveMailPile(ctx, m)
		if err == nil || hajir.CodeOf(err) != hajir.Conflict || try == tries {
			return err
		}
	}
}

func gone(err error) bool { return err != nil && hajir.CodeOf(err) == hajir.NotFound }
