package sqlite

import (
	"context"
	"database/sql"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Closing returns how a company's date was closed; at Version 0 it was not.
func (db *DB) Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error) {
	doc, version, err := decode[record.ClosedDate](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Day_closings WHERE company = ? AND Date = ?`, company, date), "closing")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.ClosedDate{Company: company, Date: date}, nil
	}
	return doc.Load(version), err
}

// Closings returns how a company's dates from–to were closed, in order; dates
// that were not are left out.
func (db *DB) Closings(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error) {
	var all []hajir.ClosedDate
	err := list(ctx, db, "closings", func(doc record.ClosedDate, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Day_closings WHERE company = ? AND Date BETWEEN ? AND ? ORDER BY Date`, company, from, to)
	return all, err
}

// LastClosed returns the last of a company's dates that was closed; "" is none.
func (db *DB) LastClosed(ctx context.Context, company string) (string, error) {
	date := ""
	err := list(ctx, db, "closings", func(doc record.ClosedDate, _ int) { date = doc.Date },
		`SELECT version, doc FROM Day_closings WHERE company = ? ORDER BY Date DESC LIMIT 1`, company)
	return date, err
}

// SaveClosing stores c as the successor of c.Version.
func (db *DB) SaveClosing(ctx context.Context, c hajir.ClosedDate) error {
	doc, err := encode(record.StoreClosedDate(c), "closing")
	if err != nil {
		return err
	}
	return db.transact(ctx, func(tx *sql.Tx) error {
		before, version, err := decode[record.ClosedDate](tx.QueryRowContext(ctx,
			`SELECT version, doc FROM Day_closings WHERE company = ? AND Date = ?`, c.Company, c.Date), "closing")
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return err
		}
		if err := saveClosing(ctx, tx, c, doc); err != nil {
			return err
		}
		return db.tell(ctx, tx, hajir.ClosingNotices(before.Load(version), c))
	})
}

func saveClosing(ctx context.Context, tx *sql.Tx, c hajir.ClosedDate, doc string) error {
	return save(ctx, tx, "closing", `
		INSERT INTO Day_closings (company, Date, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Day_closings WHERE company = ?1 AND Date = ?2)
		ON CONFLICT (company, Date) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		c.Company, c.Date, c.Version, doc)
}
