package letter

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/template"
)

// digest makes one letter of a pile, and takes from it what the letter told. When
// the program ends in between, the letter comes again, with the same ID.
func (d *Desk) digest(ctx context.Context, x hajir.Delivery, r reader, from hajir.Manner) error {
	m, err := d.Store.MailPile(ctx, r.Username)
	if err != nil {
		return fmt.Errorf("load mail: %w", err)
	}
	p := m.Waiting[from]
	if p == nil || m.Company != x.Company {
		return nil // an earlier try has told it
	}
	told := template.Digest{Flood: from == hajir.AtOnce, Total: len(p.More)}
	topics := map[hajir.Topic]bool{}
	for _, item := range p.Items {
		text, link, err := d.line(ctx, r, item)
		if err != nil {
			return err
		}
		if text != "" {
			told.Items = append(told.Items, template.Item{Text: text, Link: link})
			told.Total++
			topics[item.Topic] = true
		}
	}
	if len(told.Items) > 0 && r.address.Address != "" {
		t := hajir.Topic(hajir.Daily)
		if from == hajir.AtOnce { // what came too fast is usually of one topic
			t = slices.Sorted(maps.Keys(topics))[0]
		}
		if err := d.send(ctx, x.Key(), r, mail.Digest, template.Data{Link: d.SiteURL, Digest: &told}, t); err != nil {
			return err
		}
	}
	loc, err := r.company.Location()
	if err != nil {
		return err
	}
	left := r.company.NextDigest(d.Now(), loc)
	var again bool
	err = d.change(ctx, r.Username, x.Company, func(m *hajir.MailPile) bool {
		m.Take(from, p, left.UTC())
		_, again = m.Waiting[from]
		return true
	})
	if err != nil || !again {
		return err
	}
	return d.raise(ctx, x.Company, r.Username, from, left)
}

// line tells of one notice; "" when there is nothing to tell any more, or the
// reader does not want to know.
func (d *Desk) line(ctx context.Context, r reader, item hajir.Piled) (text, link string, err error) {
	manner, err := d.manner(ctx, r, item.Topic)
	if err != nil || manner == hajir.Never {
		return "", "", err
	}
	kind, data, err := d.data(ctx, item.Notice, r, item.Topic)
	if err != nil || kind == "" {
		return "", "", err
	}
	data.Company, data.Dates = r.company.Name, r.dates
	text, err = template.Subject(kind, string(r.language), data)
	return text, data.Link, err
}
