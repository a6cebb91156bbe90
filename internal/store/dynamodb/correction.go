package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Corrections returns those of a person's date; empty at Version 0 when there
// are none.
func (db *DB) Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error) {
	x, err := one[record.DayCorrections](ctx, db, "corrections", dayCorrections, username, date)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DayCorrections{Username: username, Date: date}, nil
	}
	return x, err
}

// CorrectionsBetween returns those of a person's dates from–to, in order.
func (db *DB) CorrectionsBetween(ctx context.Context, username, from, to string) ([]hajir.DayCorrections, error) {
	return listOf[record.DayCorrections](ctx, db, "corrections", query{table: dayCorrections, hash: username, least: from, most: to})
}

// CorrectionsTo returns at most limit records in which somebody has to decide,
// in order of people and dates, beginning behind the one given; the zero record
// begins.
func (db *DB) CorrectionsTo(ctx context.Context, decider string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error) {
	if decider == "" { // nobody has to: that is no name
		return nil, nil
	}
	return db.corrections(ctx, "decider-index", decider, behind, limit)
}

// CorrectionsToDo is CorrectionsTo of all of a company in which anything has to
// be decided or applied.
func (db *DB) CorrectionsToDo(ctx context.Context, company string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error) {
	return db.corrections(ctx, "todo-index", company, behind, limit)
}

func (db *DB) corrections(ctx context.Context, index, hash string, behind hajir.DayCorrections, limit int) ([]hajir.DayCorrections, error) {
	q := query{table: dayCorrections, index: index, hash: hash, limit: limit}
	if behind.Username != "" {
		q.behind = correctionsOrder(behind)
	}
	return listOf[record.DayCorrections](ctx, db, "corrections", q)
}

// correctionsOrder is where corrections stand among others: by person, then date.
func correctionsOrder(x hajir.DayCorrections) string { return within(x.Username, x.Date) }

// SaveCorrections stores x as the successor of x.Version.
func (db *DB) SaveCorrections(ctx context.Context, x hajir.DayCorrections) error {
	todo := ""
	if x.ToDo() {
		todo = x.Company
	}
	return db.saveAudited(ctx, "corrections", subject{Audit: record.AuditedCorrections, company: x.Company, key: x.Username + "/" + x.Date, person: x.Username}, row{
		table: dayCorrections, hash: x.Username, sort: x.Date, version: x.Version, doc: record.StoreDayCorrections(x),
		index: map[string]string{"company": x.Company, "decider": x.Decider(), "todo": todo, "persondate": correctionsOrder(x)}, fixed: []string{"company"},
	})
}
