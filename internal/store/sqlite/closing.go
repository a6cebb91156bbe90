package sqlite

import (
	"context"
	"database/sql"
	"time"

	"hajir/internal/hajir"
)

// closedDateDoc is how a closed date is stored; it may not change with
// hajir.ClosedDate.
type closedDateDoc struct {
	Company      string               `json:"company"`
	Date         string               `json:"date"`
	ClosedAt     time.Time            `json:"closed_at"`
	Counts       map[hajir.Status]int `json:"counts"`
	Absent       []string             `json:"absent,omitempty"`
	MissingExits []string             `json:"missing_exits,omitempty"`
	AutoExits    []string             `json:"auto_exits,omitempty"`
	Waiting      []string             `json:"waiting,omitempty"`
	Next         time.Time            `json:"next,omitzero"`
}

func closedDate(doc closedDateDoc, version int) hajir.ClosedDate {
	return hajir.ClosedDate{
		Company: doc.Company, Date: doc.Date, ClosedAt: doc.ClosedAt, Counts: doc.Counts, Absent: doc.Absent,
		MissingExits: doc.MissingExits, AutoExits: doc.AutoExits, Waiting: doc.Waiting, Next: doc.Next, Version: version,
	}
}

// Closing returns how a company's date was closed; at Version 0 it was not.
func (db *DB) Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error) {
	doc, version, err := decode[closedDateDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Day_closings WHERE company = ? AND Date = ?`, company, date), "closing")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.ClosedDate{Company: company, Date: date}, nil
	}
	return closedDate(doc, version), err
}

// Closings returns how a company's dates from–to were closed, in order; dates
// that were not are left out.
func (db *DB) Closings(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error) {
	var all []hajir.ClosedDate
	err := list(ctx, db, "closings", func(doc closedDateDoc, version int) { all = append(all, closedDate(doc, version)) },
		`SELECT version, doc FROM Day_closings WHERE company = ? AND Date BETWEEN ? AND ? ORDER BY Date`, company, from, to)
	return all, err
}

// LastClosed returns the last of a company's dates that was closed; "" is none.
func (db *DB) LastClosed(ctx context.Context, company string) (string, error) {
	date := ""
	err := list(ctx, db, "closings", func(doc closedDateDoc, _ int) { date = doc.Date },
		`SELECT version, doc FROM Day_closings WHERE company = ? ORDER BY Date DESC LIMIT 1`, company)
	return date, err
}

// SaveClosing stores c as the successor of c.Version.
func (db *DB) SaveClosing(ctx context.Context, c hajir.ClosedDate) error {
	doc, err := encode(closedDateDoc{
		Company: c.Company, Date: c.Date, ClosedAt: c.ClosedAt, Counts: c.Counts, Absent: c.Absent,
		MissingExits: c.MissingExits, AutoExits: c.AutoExits, Waiting: c.Waiting, Next: c.Next,
	}, "closing")
	if err != nil {
		return err
	}
	return db.transact(ctx, func(tx *sql.Tx) error {
		before, version, err := decode[closedDateDoc](tx.QueryRowContext(ctx,
			`SELECT version, doc FROM Day_closings WHERE company = ? AND Date = ?`, c.Company, c.Date), "closing")
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return err
		}
		if err := saveClosing(ctx, tx, c, doc); err != nil {
			return err
		}
		return db.tell(ctx, tx, hajir.ClosingNotices(closedDate(before, version), c))
	})
}

func saveClosing(ctx context.Context, tx *sql.Tx, c hajir.ClosedDate, doc string) error {
	return save(ctx, tx, "closing", `
		INSERT INTO Day_closings (company, Date, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Day_closings WHERE company = ?1 AND Date = ?2)
		ON CONFLICT (company, Date) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		c.Company, c.Date, c.Version, doc)
}
