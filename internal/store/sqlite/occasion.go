package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

const (
	occasionsBetween = `SELECT version, doc FROM Events_records WHERE companyusername = ? AND date >= ? AND date < ? ORDER BY date`
	occasionsInMonth = `SELECT count(*) FROM Events_records WHERE companyusername = ? AND monthvalue = ?`
)

// Occasions returns a company's events that begin on the dates from–to, in order
// of these.
func (db *DB) Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error) {
	var all []hajir.Occasion
	err := list(ctx, db, "events", func(doc record.Occasion, version int) { all = append(all, doc.Load(version)) },
		occasionsBetween, company, from, to+"0") // behind every key of the date, since "/" comes before "0"
	return all, err
}

// Occasion returns one event.
func (db *DB) Occasion(ctx context.Context, company, date, id string) (hajir.Occasion, error) {
	doc, version, err := decode[record.Occasion](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Events_records WHERE companyusername = ? AND date = ?`, company, record.OccasionKey(date, id)), "event")
	return doc.Load(version), err
}

// OccasionsInMonth returns how many events begin in the month YYYY-MM.
func (db *DB) OccasionsInMonth(ctx context.Context, company, month string) (int, error) {
	var n int
	if err := db.read.QueryRowContext(ctx, occasionsInMonth, company, month).Scan(&n); err != nil {
		return 0, fmt.Errorf("count events: %w", err)
	}
	return n, nil
}

// SaveOccasion stores o as the successor of o.Version, which began on the date
// was. When it begins on another date now, its record is replaced by another
// one: both or neither.
func (db *DB) SaveOccasion(ctx context.Context, o hajir.Occasion, was string) error {
	doc, err := encode(record.StoreOccasion(o), "event")
	if err != nil {
		return err
	}
	const query = `
		INSERT INTO Events_records (companyusername, date, monthvalue, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR ?6 OR EXISTS (SELECT 1 FROM Events_records WHERE companyusername = ?1 AND date = ?2)
		ON CONFLICT (companyusername, date) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?4`
	moved := o.Version > 0 && was != o.From
	args := []any{o.Company, record.OccasionKey(o.From, o.ID), hajir.MonthValue(o.From), o.Version, doc, moved}
	if !moved {
		return db.saveAudited(ctx, auditedOccasions.where(`companyusername = ? AND date = ?`, args[:2]...), "event", query, args...)
	}
	old := record.OccasionKey(was, o.ID)
	return db.audit(ctx, auditedOccasions.where(`companyusername = ? AND date IN (?, ?)`, o.Company, old, args[1]), func(tx *sql.Tx) error {
		if err := save(ctx, tx, "event", deleteOccasion, o.Company, old, o.Version); err != nil {
			return err
		}
		return save(ctx, tx, "event", query, args...)
	})
}

const deleteOccasion = `DELETE FROM Events_records WHERE companyusername = ? AND date = ? AND version = ?`

// DeleteOccasion removes an event at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteOccasion(ctx context.Context, company, date, id string, version int) error {
	key := record.OccasionKey(date, id)
	return db.saveAudited(ctx, auditedOccasions.where(`companyusername = ? AND date = ?`, company, key), "event", deleteOccasion, company, key, version)
}

// HolidayChoices returns what the people named have chosen, by username; those
// who never chose are not among them.
func (db *DB) HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error) {
	wanted, err := encode(usernames, "names")
	if err != nil {
		return nil, err
	}
	all := map[string]hajir.HolidayChoices{}
	err = list(ctx, db, "chosen holidays", func(doc record.HolidayChoices, version int) { all[doc.Username] = doc.Load(version) },
		`SELECT version, doc FROM Holiday_choices WHERE Username IN (SELECT value FROM json_each(?))`, wanted)
	return all, err
}

// SaveHolidayChoices stores c as the successor of c.Version.
func (db *DB) SaveHolidayChoices(ctx context.Context, c hajir.HolidayChoices) error {
	doc, err := encode(record.StoreHolidayChoices(c), "chosen holidays")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedChoices.where(`Username = ?`, c.Username), "chosen holidays", `
		INSERT INTO Holiday_choices (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Holiday_choices WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		c.Username, c.Company, c.Version, doc)
}
