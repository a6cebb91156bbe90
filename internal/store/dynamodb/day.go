package dynamodb

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Day returns a person's day; empty at Version 0 when none is stored.
func (db *DB) Day(ctx context.Context, name, date string) (hajir.Day, error) {
	doc, s, err := load[record.Day](ctx, db, "day", days, name, date)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Day{Name: name, Date: date}, nil
	}
	return doc.Load(s.version), err
}

// Days returns the days that are stored of one date, for the people named.
func (db *DB) Days(ctx context.Context, date string, names []string) (map[string]hajir.Day, error) {
	all, err := db.byKeys(ctx, days, names, date)
	if err != nil {
		return nil, err
	}
	found := make(map[string]hajir.Day, len(all))
	for _, s := range all {
		doc, err := decode[record.Day](s, "day")
		if err != nil {
			return nil, err
		}
		found[doc.Name] = doc.Load(s.version)
	}
	return found, nil
}

func (db *DB) days(ctx context.Context, q query) ([]hajir.Day, error) {
	var all []hajir.Day
	err := list(ctx, db, "days", q, func(doc record.Day, s stored) { all = append(all, doc.Load(s.version)) })
	slices.SortFunc(all, func(a, b hajir.Day) int { return cmp.Compare(a.Date, b.Date) })
	return all, err
}

// DaysBetween returns a person's days of the dates from–to, in order.
func (db *DB) DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error) {
	return db.days(ctx, query{table: days, hash: name, least: from, most: to})
}

// DaysOf returns the days of the people named on the dates from–to, by name and
// in order, to reckon with: punches have no decisions, and the days no Version,
// so that they cannot be saved.
func (db *DB) DaysOf(ctx context.Context, names []string, from, to string) (map[string][]hajir.Day, error) {
	found := make(map[string][]hajir.Day, len(names))
	var mu sync.Mutex
	err := eachOf(ctx, slices.Compact(slices.Sorted(slices.Values(names))), func(ctx context.Context, name string) error {
		var all []hajir.Day
		err := list(ctx, db, "days", query{table: days, hash: name, least: from, most: to}, func(doc record.LeanDay, _ stored) {
			all = append(all, doc.Load())
		})
		mu.Lock()
		defer mu.Unlock()
		if len(all) > 0 {
			found[name] = all
		}
		return err
	})
	return found, err
}

// Month returns a person's days of the month YYYY-MM, in order.
func (db *DB) Month(ctx context.Context, name, month string) ([]hajir.Day, error) {
	return db.days(ctx, query{table: days, index: "monthvalue-index", hash: name, least: month, most: month})
}

// PersonDays returns at most limit of a person's days, in order of their dates,
// beginning behind the date after.
func (db *DB) PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error) {
	return db.days(ctx, query{table: days, hash: name, behind: after, limit: limit})
}

// SaveDay stores d as the successor of d.Version. A punch that is added is no
// entry of the audit log, since the day itself tells who sent it and why it was
// believed. One that is changed or removed is, and a guessed exit, and one that an
// admin brought in a file of past days: nothing but that file says that it happened.
func (db *DB) SaveDay(ctx context.Context, d hajir.Day) error {
	return db.SaveDays(ctx, []hajir.Day{d})
}

// daysTogether is how many days are written together, so that each may have an
// entry of the audit log and a notice.
const daysTogether = (mostParts - 2) / 3

// SaveDays stores days as SaveDay does: all of them or none, if DynamoDB writes
// as many together, which are a month of one person; of more, some together, in
// order.
func (db *DB) SaveDays(ctx context.Context, all []hajir.Day) error {
	for together := range slices.Chunk(all, daysTogether) {
		if err := db.saveTogether(ctx, together); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) saveTogether(ctx context.Context, all []hajir.Day) error {
	err := db.transact(ctx, func(ctx context.Context, t *tx) error {
		for _, d := range all {
			if err := t.saveDay(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if half := len(all) / 2; half > 0 && errors.Is(err, errParts) { // days with many punches that are told
		if err := db.saveTogether(ctx, all[:half]); err != nil {
			return err
		}
		return db.saveTogether(ctx, all[half:])
	}
	return err
}

func (t *tx) saveDay(ctx context.Context, d hajir.Day) error {
	doc := record.StoreDay(d)
	was, text, err := t.save(ctx, "day", row{
		table: days, hash: d.Name, sort: d.Date, version: d.Version, doc: doc, fixed: []string{"company"},
		index: map[string]string{"company": d.Company, "monthvalue": d.MonthValue()},
	})
	if err != nil {
		return err
	}
	var before record.Day
	if was.doc != nil {
		if before, err = decode[record.Day](was, "day"); err != nil {
			return err
		}
	}
	t.notices = append(t.notices, hajir.DayNotices(before.Load(d.Version), d)...)
	if !before.Tells(doc) {
		return nil
	}
	s := subject{Audit: record.AuditedDays, company: d.Company, key: d.Name + "/" + d.Date, person: d.Name}
	return t.compare(s, was.doc, text)
}
