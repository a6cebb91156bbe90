package sqlite

import (
	"context"
	"database/sql"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Day returns a person's day; empty at Version 0 when none is stored.
func (db *DB) Day(ctx context.Context, name, date string) (hajir.Day, error) {
	doc, version, err := decode[record.Day](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Employee WHERE Name = ? AND Date = ?`, name, date), "day")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Day{Name: name, Date: date}, nil
	}
	return doc.Load(version), err
}

// Days returns the days that are stored of one date, for the people named.
func (db *DB) Days(ctx context.Context, date string, names []string) (map[string]hajir.Day, error) {
	wanted, err := encode(names, "names")
	if err != nil {
		return nil, err
	}
	days := make(map[string]hajir.Day, len(names))
	err = list(ctx, db, "days", func(doc record.Day, version int) { days[doc.Name] = doc.Load(version) },
		`SELECT version, doc FROM Employee WHERE Date = ? AND Name IN (SELECT value FROM json_each(?))`, date, wanted)
	return days, err
}

// days returns the days that a query selects.
func (db *DB) days(ctx context.Context, query string, args ...any) ([]hajir.Day, error) {
	var days []hajir.Day
	err := list(ctx, db, "days", func(doc record.Day, version int) { days = append(days, doc.Load(version)) }, query, args...)
	return days, err
}

// DaysBetween returns a person's days of the dates from–to, in order.
func (db *DB) DaysBetween(ctx context.Context, name, from, to string) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND Date BETWEEN ? AND ? ORDER BY Date`, name, from, to)
}

// daysOf reads by the table's key: on DynamoDB it is one query a person.
const daysOf = `SELECT version, doc FROM Employee
	WHERE Name IN (SELECT value FROM json_each(?)) AND Date BETWEEN ? AND ? ORDER BY Name, Date`

// DaysOf returns the days of the people named on the dates from–to, by name and
// in order, to reckon with: punches have no decisions, and the days no Version,
// so that they cannot be saved.
func (db *DB) DaysOf(ctx context.Context, names []string, from, to string) (map[string][]hajir.Day, error) {
	wanted, err := encode(names, "names")
	if err != nil {
		return nil, err
	}
	days := make(map[string][]hajir.Day, len(names))
	err = list(ctx, db, "days", func(doc record.LeanDay, _ int) {
		days[doc.Name] = append(days[doc.Name], doc.Load())
	}, daysOf, wanted, from, to)
	return days, err
}

// Month returns a person's days of the month YYYY-MM, in order.
func (db *DB) Month(ctx context.Context, name, month string) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND monthvalue = ? ORDER BY Date`, name, month)
}

// PersonDays returns at most limit of a person's days, in order of their dates,
// beginning behind the date after.
func (db *DB) PersonDays(ctx context.Context, name, after string, limit int) ([]hajir.Day, error) {
	return db.days(ctx, `SELECT version, doc FROM Employee WHERE Name = ? AND Date > ? ORDER BY Date LIMIT ?`, name, after, limit)
}

// SaveDay stores d as the successor of d.Version. A punch that is added is no
// entry of the audit log, since the day itself tells who sent it and why it was
// believed. One that is changed or removed is, and a guessed exit, and one that an
// admin brought in a file of past days: nothing but that file says that it happened.
func (db *DB) SaveDay(ctx context.Context, d hajir.Day) error {
	doc, args, err := storeDay(d)
	if err != nil {
		return err
	}
	wanted, err := wants(db.read.QueryRowContext(ctx, selectWant, d.Company, hajir.NoticePunch))
	if err != nil {
		return err
	}
	if wanted || doc.Imported() {
		return db.SaveDays(ctx, []hajir.Day{d})
	}
	// Nearly every save adds a punch behind the others: what is stored goes on
	// where its list ends. That is asked within the statement and costs nothing.
	err = db.save(ctx, "day", saveDay+` AND substr(excluded.doc, 1, length(doc) - 2) = substr(doc, 1, length(doc) - 2)`, args...)
	if hajir.CodeOf(err) != hajir.Conflict || d.Version == 0 {
		return err
	}
	return db.SaveDays(ctx, []hajir.Day{d})
}

const saveDay = `
		INSERT INTO Employee (Name, Date, monthvalue, company, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Employee WHERE Name = ?1 AND Date = ?2)
		ON CONFLICT (Name, Date) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?5 AND company = excluded.company`

// storeDay returns a day as it is stored, and what saveDay is run with.
func storeDay(d hajir.Day) (record.Day, []any, error) {
	doc := record.StoreDay(d)
	text, err := encode(doc, "day")
	return doc, []any{d.Name, d.Date, d.MonthValue(), d.Company, d.Version, text}, err
}

// SaveDays stores days as SaveDay does, all of them or none.
func (db *DB) SaveDays(ctx context.Context, days []hajir.Day) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		for _, d := range days {
			doc, args, err := storeDay(d)
			if err != nil {
				return err
			}
			before, err := stored(ctx, tx, d)
			if hajir.CodeOf(err) == hajir.NotFound {
				return hajir.Errorf(hajir.Conflict, "the day was changed meanwhile; load it again")
			}
			if err != nil {
				return err
			}
			change := func(tx *sql.Tx) error { return save(ctx, tx, "day", saveDay, args...) }
			if before.Tells(doc) {
				err = db.auditIn(ctx, tx, auditedDays.where(`Name = ? AND Date = ?`, d.Name, d.Date), change)
			} else {
				err = change(tx)
			}
			if err != nil {
				return err
			}
			if err := db.tell(ctx, tx, hajir.DayNotices(before.Load(d.Version), d)); err != nil {
				return err
			}
		}
		return nil
	})
}

// stored returns what is stored of a day at d.Version; nothing at Version 0.
func stored(ctx context.Context, tx *sql.Tx, d hajir.Day) (doc record.Day, err error) {
	if d.Version > 0 {
		doc, _, err = decode[record.Day](tx.QueryRowContext(ctx,
			`SELECT version, doc FROM Employee WHERE Name = ? AND Date = ? AND version = ?`, d.Name, d.Date, d.Version), "day")
	}
	return doc, err
}
