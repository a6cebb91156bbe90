package dynamodb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Occasions returns a company's events that begin on the dates from–to, in order
// of these.
func (db *DB) Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error) {
	// "0" is behind every key of a date, since "/" comes before it.
	return listOf[record.Occasion](ctx, db, "events", query{table: events, hash: company, least: from, below: to + "0"})
}

// Occasion returns one event.
func (db *DB) Occasion(ctx context.Context, company, date, id string) (hajir.Occasion, error) {
	return one[record.Occasion](ctx, db, "event", events, company, record.OccasionKey(date, id))
}

// OccasionsInMonth returns how many events begin in the month YYYY-MM.
func (db *DB) OccasionsInMonth(ctx context.Context, company, month string) (int, error) {
	return db.count(ctx, query{table: events, index: "monthvalue-index", hash: company, least: month, most: month})
}

// SaveOccasion stores o as the successor of o.Version, which began on the date
// was. When it begins on another date now, its record is replaced by another
// one: both or neither.
func (db *DB) SaveOccasion(ctx context.Context, o hajir.Occasion, was string) error {
	doc := record.StoreOccasion(o)
	r := row{
		table: events, hash: o.Company, sort: record.OccasionKey(o.From, o.ID), version: o.Version, doc: doc,
		index: map[string]string{"monthvalue": hajir.MonthValue(o.From)},
	}
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		if o.Version > 0 && was != o.From {
			return t.moveOccasion(ctx, r, doc, record.OccasionKey(was, o.ID))
		}
		before, stays, err := t.save(ctx, "event", r)
		if err != nil {
			return err
		}
		whose, err := aboutOccasion(before)
		if err != nil {
			return err
		}
		about := occasionSubject(doc, r.sort)
		if before.doc == nil || whose.person == about.person {
			return t.changed(about, before, stored{doc: stays})
		}
		// Of one person before, and of another one now: each has an entry.
		return errors.Join(t.changed(whose, before, stored{}), t.changed(about, stored{}, stored{doc: stays}))
	})
}

// moveOccasion puts r in the place of the event with the key old. Of the entries
// of the audit log, that of the lesser key comes first.
func (t *tx) moveOccasion(ctx context.Context, r row, doc record.Occasion, old string) error {
	if err := t.deleteAudited(ctx, "event", aboutOccasion, r.version, events, r.hash, old); err != nil {
		return err
	}
	text, err := t.put("event", r)
	if err != nil {
		return err
	}
	t.anew()
	err = t.changed(occasionSubject(doc, r.sort), stored{}, stored{doc: text})
	slices.SortStableFunc(t.events, func(a, b hajir.Event) int { return strings.Compare(a.Subject.Key, b.Subject.Key) })
	return err
}

// occasionSubject is what the audit log says of an event.
func occasionSubject(doc record.Occasion, key string) subject {
	s := subject{Audit: record.AuditedOccasions, company: doc.Company, key: key}
	if doc.Scope == hajir.ScopePerson {
		s.person = doc.Subject
	}
	return s
}

func aboutOccasion(s stored) (subject, error) {
	if s.doc == nil {
		return subject{}, nil
	}
	doc, err := decode[record.Occasion](s, "event")
	return occasionSubject(doc, s.text("date")), err
}

// DeleteOccasion removes an event at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteOccasion(ctx context.Context, company, date, id string, version int) error {
	if version < 1 {
		return conflict("event")
	}
	return db.deleteAudited(ctx, "event", aboutOccasion, version, events, company, record.OccasionKey(date, id))
}

// HolidayChoices returns what the people named have chosen, by username; those
// who never chose are not among them.
func (db *DB) HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error) {
	all := map[string]hajir.HolidayChoices{}
	err := manyOf[record.HolidayChoices](ctx, db, "chosen holidays", holidayChoices, usernames, func(c hajir.HolidayChoices) { all[c.Username] = c })
	return all, err
}

// SaveHolidayChoices stores c as the successor of c.Version.
func (db *DB) SaveHolidayChoices(ctx context.Context, c hajir.HolidayChoices) error {
	return db.saveAudited(ctx, "chosen holidays", subject{Audit: record.AuditedChoices, company: c.Company, key: c.Username, person: c.Username}, row{
		table: holidayChoices, hash: c.Username, version: c.Version, doc: record.StoreHolidayChoices(c),
		index: map[string]string{"company": c.Company}, fixed: []string{"company"},
	})
}
