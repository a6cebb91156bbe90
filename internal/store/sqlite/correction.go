package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Corrections returns those of a person's date; empty at Version 0 when there
// are none.
func (db *DB) Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error) {
	doc, version, err := decode[record.DayCorrections](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Day_corrections WHERE Username = ? AND Date = ?`, username, date), "corrections")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DayCorrections{Username: username, Date: date}, nil
	}
	return doc.Load(version), err
}

// CorrectionsBetween returns those of a person's dates from–to, in order.
func (db *DB) CorrectionsBetween(ctx context.Context, username, from, to string) ([]hajir.DayCorrections, error) {
	return db.corrections(ctx, correctionsBetween, username, from, to)
}

// CorrectionsTo returns at most limit records in which somebody has to decide,
// in order of people and dates, beginning behind the one given; the zero record
// begins.
func (db *DB) CorrectionsTo(ctx context.Context, decider string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error) {
	if decider == "" { // nobody has to: that is no name
		return nil, nil
	}
	return db.corrections(ctx, correctionsTo, decider, behind.Username, behind.Date, limit)
}

// CorrectionsToDo is CorrectionsTo of all of a company in which anything has to
// be decided or applied.
func (db *DB) CorrectionsToDo(ctx context.Context, company string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error) {
	return db.corrections(ctx, correctionsToDo, company, behind.Username, behind.Date, limit)
}

const (
	correctionsBetween = `SELECT version, doc FROM Day_corrections WHERE Username = ? AND Date BETWEEN ? AND ? ORDER BY Date`
	correctionsTo      = `SELECT version, doc FROM Day_corrections WHERE decider = ? AND decider <> '' AND (Username, Date) > (?, ?) ORDER BY Username, Date LIMIT ?`
	correctionsToDo    = `SELECT version, doc FROM Day_corrections WHERE todo = ? AND todo <> '' AND (Username, Date) > (?, ?) ORDER BY Username, Date LIMIT ?`
)

func (db *DB) corrections(ctx context.Context, query string, args ...any) ([]hajir.DayCorrections, error) {
	var all []hajir.DayCorrections
	err := list(ctx, db, "corrections", func(doc record.DayCorrections, version int) { all = append(all, doc.Load(version)) }, query, args...)
	return all, err
}

// SaveCorrections stores x as the successor of x.Version.
func (db *DB) SaveCorrections(ctx context.Context, x hajir.DayCorrections) error {
	doc, err := encode(record.StoreDayCorrections(x), "corrections")
	if err != nil {
		return err
	}
	todo := ""
	if x.ToDo() {
		todo = x.Company
	}
	return db.saveAudited(ctx, auditedCorrections.where(`Username = ? AND Date = ?`, x.Username, x.Date), "corrections", `
		INSERT INTO Day_corrections (Username, Date, company, decider, todo, version, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6 + 1, ?7
		WHERE ?6 = 0 OR EXISTS (SELECT 1 FROM Day_corrections WHERE Username = ?1 AND Date = ?2)
		ON CONFLICT (Username, Date) DO UPDATE SET version = version + 1, decider = excluded.decider, todo = excluded.todo, doc = excluded.doc
		WHERE version = ?6 AND company = excluded.company`,
		x.Username, x.Date, x.Company, x.Decider(), todo, x.Version, doc)
}
