package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveRequest returns one request.
func (db *DB) LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error) {
	doc, version, err := decode[record.LeaveRequest](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_requests WHERE leaveid = ?`, id), "leave request")
	return doc.Load(version), err
}

// LeaveRequestsOf returns at most limit of an employee's requests, the newest
// first, beginning behind the one given; the zero request begins.
func (db *DB) LeaveRequestsOf(ctx context.Context, employee string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, leaveRequestsOf, employee, behind, limit)
}

// LeaveRequestsTo is LeaveRequestsOf by who has to decide now.
func (db *DB) LeaveRequestsTo(ctx context.Context, decider string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	if decider == "" { // nobody has to: that is no name
		return nil, nil
	}
	return db.leaveRequests(ctx, leaveRequestsTo, decider, behind, limit)
}

// LeaveRequestsIn is LeaveRequestsOf by company.
func (db *DB) LeaveRequestsIn(ctx context.Context, company string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, leaveRequestsIn, company, behind, limit)
}

const (
	leaveRequestsOf = `SELECT version, doc FROM Leave_requests WHERE employeeusername = ? AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
	leaveRequestsTo = `SELECT version, doc FROM Leave_requests WHERE managerusername = ? AND managerusername <> '' AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
	leaveRequestsIn = `SELECT version, doc FROM Leave_requests WHERE company = ? AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
)

func (db *DB) leaveRequests(ctx context.Context, query, key string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	at := "~" // behind no time
	if behind.ID != "" {
		at = record.Sortable(behind.At)
	}
	var page []hajir.LeaveRequest
	err := list(ctx, db, "leave requests", func(doc record.LeaveRequest, version int) { page = append(page, doc.Load(version)) },
		query, key, at, behind.ID, limit)
	return page, err
}

// SaveLeaveRequest stores r as the successor of r.Version.
func (db *DB) SaveLeaveRequest(ctx context.Context, r hajir.LeaveRequest) error {
	doc, err := encode(record.StoreLeaveRequest(r), "leave request")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeave.where(`leaveid = ?`, r.ID), "leave request", `
		INSERT INTO Leave_requests (leaveid, company, employeeusername, managerusername, at, version, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6 + 1, ?7
		WHERE ?6 = 0 OR EXISTS (SELECT 1 FROM Leave_requests WHERE leaveid = ?1)
		ON CONFLICT (leaveid) DO UPDATE SET version = version + 1, managerusername = excluded.managerusername, doc = excluded.doc
		WHERE version = ?6 AND company = excluded.company AND employeeusername = excluded.employeeusername AND at = excluded.at`,
		r.ID, r.Company, r.Username, r.Decider, record.Sortable(r.At), r.Version, doc)
}
