package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// dayCorrectionsDoc is how the corrections of a date are stored; it may not
// change with hajir.DayCorrections.
type dayCorrectionsDoc struct {
	Username    string          `json:"username"`
	Date        string          `json:"date"`
	Company     string          `json:"company"`
	Corrections []correctionDoc `json:"corrections"`
}

type correctionDoc struct {
	ID      string                `json:"id"`
	Changes []changeDoc           `json:"changes"`
	Reason  string                `json:"reason"`
	State   hajir.CorrectionState `json:"state"`
	Edit    bool                  `json:"edit,omitempty"`
	Decider string                `json:"decider,omitempty"`
	Applied bool                  `json:"applied,omitempty"`
	Before  []markDoc             `json:"before,omitempty"`
	After   []markDoc             `json:"after,omitempty"`
	History []correctionEventDoc  `json:"history"`
	At      time.Time             `json:"at"`
}

type changeDoc struct {
	Punch     string          `json:"punch,omitempty"`
	Was       time.Time       `json:"was,omitzero"`
	At        time.Time       `json:"at,omitzero"`
	Direction hajir.Direction `json:"direction,omitempty"`
	New       string          `json:"new,omitempty"`
}

type markDoc struct {
	At        time.Time       `json:"at"`
	Direction hajir.Direction `json:"direction"`
	Source    hajir.Source    `json:"source"`
}

type correctionEventDoc struct {
	At   time.Time              `json:"at"`
	Does hajir.CorrectionAction `json:"does"`
	By   string                 `json:"by,omitempty"`
	For  string                 `json:"for,omitempty"`
	Note string                 `json:"note,omitempty"`
}

func dayCorrections(doc dayCorrectionsDoc, version int) hajir.DayCorrections {
	return hajir.DayCorrections{
		Username: doc.Username, Date: doc.Date, Company: doc.Company, Version: version,
		All: convert(doc.Corrections, func(c correctionDoc) hajir.Correction {
			mark := func(m markDoc) hajir.Mark { return hajir.Mark(m) }
			return hajir.Correction{
				ID: c.ID, Reason: c.Reason, State: c.State, Edit: c.Edit, Decider: c.Decider, Applied: c.Applied, At: c.At,
				Changes: convert(c.Changes, func(d changeDoc) hajir.Change { return hajir.Change(d) }),
				Before:  convert(c.Before, mark), After: convert(c.After, mark),
				History: convert(c.History, func(e correctionEventDoc) hajir.CorrectionEvent { return hajir.CorrectionEvent(e) }),
			}
		}),
	}
}

func storeDayCorrections(x hajir.DayCorrections) dayCorrectionsDoc {
	return dayCorrectionsDoc{
		Username: x.Username, Date: x.Date, Company: x.Company,
		Corrections: convert(x.All, func(c hajir.Correction) correctionDoc {
			mark := func(m hajir.Mark) markDoc { return markDoc(m) }
			return correctionDoc{
				ID: c.ID, Reason: c.Reason, State: c.State, Edit: c.Edit, Decider: c.Decider, Applied: c.Applied, At: c.At,
				Changes: convert(c.Changes, func(d hajir.Change) changeDoc { return changeDoc(d) }),
				Before:  convert(c.Before, mark), After: convert(c.After, mark),
				History: convert(c.History, func(e hajir.CorrectionEvent) correctionEventDoc { return correctionEventDoc(e) }),
			}
		}),
	}
}

// Corrections returns those of a person's date; empty at Version 0 when there
// are none.
func (db *DB) Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error) {
	doc, version, err := decode[dayCorrectionsDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Day_corrections WHERE Username = ? AND Date = ?`, username, date), "corrections")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DayCorrections{Username: username, Date: date}, nil
	}
	return dayCorrections(doc, version), err
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
	err := list(ctx, db, "corrections", func(doc dayCorrectionsDoc, version int) { all = append(all, dayCorrections(doc, version)) }, query, args...)
	return all, err
}

// SaveCorrections stores x as the successor of x.Version.
func (db *DB) SaveCorrections(ctx context.Context, x hajir.DayCorrections) error {
	doc, err := encode(storeDayCorrections(x), "corrections")
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
