package dynamodb

import (
	"cmp"
	"context"
	"slices"

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
	err := list(ctx, db, "shifts", query{table: shiftDetails, hash: company}, func(doc record.Detail, i stored) {
		doc.AddTo(s, i.version)
	})
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
	return db.saveAudited(ctx, what, subject{Audit: record.AuditedShifts, company: company, key: id}, row{
		table: shiftDetails, hash: company, sort: id, version: version, doc: doc,
	})
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
	return db.deleteAuditedAt(ctx, what, subject{Audit: record.AuditedShifts, company: company, key: id}, version, shiftDetails, company, id)
}

// Assignments returns what was assigned to any of who (see hajir.Subjects).
func (db *DB) Assignments(ctx context.Context, company string, who []string) ([]hajir.Assignment, error) {
	subjects := make([]string, len(who))
	for i, w := range who {
		subjects[i] = company + "/" + w
	}
	slices.Sort(subjects)
	found, err := listsOf[record.Assignment](ctx, db, "assignments", slices.Compact(subjects),
		func(whose string) query { return query{table: shiftAssignments, hash: whose} })
	return slices.Concat(found...), err
}

// AllAssignments returns all that was assigned in a company.
func (db *DB) AllAssignments(ctx context.Context, company string) ([]hajir.Assignment, error) {
	all, err := listOf[record.Assignment](ctx, db, "assignments", query{table: shiftAssignments, index: "company-index", hash: company})
	slices.SortFunc(all, func(a, b hajir.Assignment) int {
		return cmp.Or(cmp.Compare(a.Who(), b.Who()), cmp.Compare(a.From, b.From))
	})
	return all, err
}

// SaveAssignment stores a as the successor of a.Version.
func (db *DB) SaveAssignment(ctx context.Context, a hajir.Assignment) error {
	who := a.Company + "/" + a.Who()
	return db.saveAudited(ctx, "assignment", subject{Audit: record.AuditedAssignments, company: a.Company, key: who + "/" + a.From}, row{
		table: shiftAssignments, hash: who, sort: a.From, version: a.Version, doc: record.StoreAssignment(a),
		index: map[string]string{"company": a.Company},
	})
}

// DeleteAssignment removes an assignment, whoever has changed it; one that is
// not there is no error.
func (db *DB) DeleteAssignment(ctx context.Context, company, who, from string) error {
	who = company + "/" + who
	return db.deleteAudited(ctx, "assignment", subject{Audit: record.AuditedAssignments, company: company, key: who + "/" + from}.in, 0, shiftAssignments, who, from)
}

// Roster returns the entries of the people named, of the dates from–to.
func (db *DB) Roster(ctx context.Context, names []string, from, to string) ([]hajir.RosterEntry, error) {
	names = slices.Clone(names)
	slices.Sort(names)
	found, err := listsOf[record.RosterEntry](ctx, db, "roster", slices.Compact(names),
		func(name string) query { return query{table: shiftRoster, hash: name, least: from, most: to} })
	return slices.Concat(found...), err
}

// Rostered says whether any entry names a shift.
func (db *DB) Rostered(ctx context.Context, company, shift string) (bool, error) {
	n, err := db.count(ctx, query{table: shiftRoster, index: "company-index", hash: company, least: shift, most: shift, limit: 1})
	return n > 0, err
}

// SaveRoster stores r as the successor of r.Version.
func (db *DB) SaveRoster(ctx context.Context, r hajir.RosterEntry) error {
	return db.saveAudited(ctx, "roster entry", subject{Audit: record.AuditedRoster, company: r.Company, key: r.Username + "/" + r.Date, person: r.Username}, row{
		table: shiftRoster, hash: r.Username, sort: r.Date, version: r.Version, doc: record.StoreRosterEntry(r),
		index: map[string]string{"company": r.Company, "shift": r.Shift}, fixed: []string{"company"},
	})
}

// DeleteRoster removes an entry at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteRoster(ctx context.Context, username, date string, version int) error {
	return db.deleteAuditedAt(ctx, "roster entry", subject{Audit: record.AuditedRoster, key: username + "/" + date, person: username}, version, shiftRoster, username, date)
}
