package sqlite

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// The kinds of rows in Shift_details, with which their ids begin.
const (
	shiftKind   = "shift/"
	patternKind = "pattern/"
)

// Schedule returns a company's shifts and patterns.
func (db *DB) Schedule(ctx context.Context, company string) (hajir.Schedule, error) {
	s := hajir.Schedule{Shifts: map[string]hajir.Shift{}, Patterns: map[string]hajir.Pattern{}}
	err := list(ctx, db, "shifts", func(doc record.Detail, version int) { doc.AddTo(s, version) }, `SELECT version, doc FROM Shift_details WHERE company = ?`, company)
	return s, err
}

// SaveShift stores s as the successor of s.Version.
func (db *DB) SaveShift(ctx context.Context, s hajir.Shift) error {
	return db.saveDetail(ctx, "shift", s.Company, shiftKind+s.ID, s.Version, record.StoreShift(s))
}

// SavePattern stores p as the successor of p.Version.
func (db *DB) SavePattern(ctx context.Context, p hajir.Pattern) error {
	return db.saveDetail(ctx, "pattern", p.Company, patternKind+p.ID, p.Version, record.StorePattern(p))
}

func (db *DB) saveDetail(ctx context.Context, what, company, id string, version int, doc any) error {
	text, err := encode(doc, what)
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedShifts.where(`company = ? AND id = ?`, company, id), what, `
		INSERT INTO Shift_details (company, id, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Shift_details WHERE company = ?1 AND id = ?2)
		ON CONFLICT (company, id) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		company, id, version, text)
}

// DeleteShift removes a shift at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteShift(ctx context.Context, company, id string, version int) error {
	return db.deleteDetail(ctx, "shift", company, shiftKind+id, version)
}

// DeletePattern removes a pattern at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeletePattern(ctx context.Context, company, id string, version int) error {
	return db.deleteDetail(ctx, "pattern", company, patternKind+id, version)
}

func (db *DB) deleteDetail(ctx context.Context, what, company, id string, version int) error {
	return db.saveAudited(ctx, auditedShifts.where(`company = ? AND id = ?`, company, id), what,
		`DELETE FROM Shift_details WHERE company = ? AND id = ? AND version = ?`, company, id, version)
}

// Assignments returns what was assigned to any of who (see hajir.Subjects).
func (db *DB) Assignments(ctx context.Context, company string, who []string) ([]hajir.Assignment, error) {
	subjects := make([]string, len(who))
	for i, w := range who {
		subjects[i] = company + "/" + w
	}
	wanted, err := encode(subjects, "subjects")
	if err != nil {
		return nil, err
	}
	var all []hajir.Assignment
	err = list(ctx, db, "assignments", func(doc record.Assignment, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Shift_assignments WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY subject, fromdate`, wanted)
	return all, err
}

// AllAssignments returns all that was assigned in a company.
func (db *DB) AllAssignments(ctx context.Context, company string) ([]hajir.Assignment, error) {
	var all []hajir.Assignment
	err := list(ctx, db, "assignments", func(doc record.Assignment, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Shift_assignments WHERE company = ? ORDER BY subject, fromdate`, company)
	return all, err
}

// SaveAssignment stores a as the successor of a.Version.
func (db *DB) SaveAssignment(ctx context.Context, a hajir.Assignment) error {
	doc, err := encode(record.StoreAssignment(a), "assignment")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedAssignments.where(`subject = ? AND fromdate = ?`, a.Company+"/"+a.Who(), a.From), "assignment", `
		INSERT INTO Shift_assignments (subject, fromdate, company, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Shift_assignments WHERE subject = ?1 AND fromdate = ?2)
		ON CONFLICT (subject, fromdate) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?4`,
		a.Company+"/"+a.Who(), a.From, a.Company, a.Version, doc)
}

// DeleteAssignment removes an assignment, whoever has changed it; one that is
// not there is no error.
func (db *DB) DeleteAssignment(ctx context.Context, company, who, from string) error {
	subject := company + "/" + who
	return db.execAudited(ctx, auditedAssignments.where(`subject = ? AND fromdate = ?`, subject, from), "delete assignment",
		`DELETE FROM Shift_assignments WHERE subject = ? AND fromdate = ?`, subject, from)
}

// Roster returns the entries of the people named, of the dates from–to.
func (db *DB) Roster(ctx context.Context, names []string, from, to string) ([]hajir.RosterEntry, error) {
	wanted, err := encode(names, "names")
	if err != nil {
		return nil, err
	}
	var all []hajir.RosterEntry
	err = list(ctx, db, "roster", func(doc record.RosterEntry, version int) { all = append(all, doc.Load(version)) }, `
		SELECT version, doc FROM Shift_roster
		WHERE Username IN (SELECT value FROM json_each(?)) AND Date BETWEEN ? AND ? ORDER BY Username, Date`, wanted, from, to)
	return all, err
}

// Rostered says whether any entry names a shift.
func (db *DB) Rostered(ctx context.Context, company, shift string) (bool, error) {
	var found bool
	err := db.read.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM Shift_roster WHERE company = ? AND shift = ?)`, company, shift).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("select roster: %w", err)
	}
	return found, nil
}

// SaveRoster stores r as the successor of r.Version.
func (db *DB) SaveRoster(ctx context.Context, r hajir.RosterEntry) error {
	doc, err := encode(record.StoreRosterEntry(r), "roster entry")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedRoster.where(`Username = ? AND Date = ?`, r.Username, r.Date), "roster entry", `
		INSERT INTO Shift_roster (Username, Date, company, shift, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Shift_roster WHERE Username = ?1 AND Date = ?2)
		ON CONFLICT (Username, Date) DO UPDATE SET version = version + 1, shift = excluded.shift, doc = excluded.doc
		WHERE version = ?5 AND company = excluded.company`,
		r.Username, r.Date, r.Company, r.Shift, r.Version, doc)
}

// DeleteRoster removes an entry at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteRoster(ctx context.Context, username, date string, version int) error {
	return db.saveAudited(ctx, auditedRoster.where(`Username = ? AND Date = ?`, username, date), "roster entry",
		`DELETE FROM Shift_roster WHERE Username = ? AND Date = ? AND version = ?`, username, date, version)
}
