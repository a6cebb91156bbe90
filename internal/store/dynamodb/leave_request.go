package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveRequest returns one request.
func (db *DB) LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error) {
	return one[record.LeaveRequest](ctx, db, "leave request", leaveRequests, id)
}

// LeaveRequestsOf returns at most limit of an employee's requests, the newest
// first, beginning behind the one given; the zero request begins.
func (db *DB) LeaveRequestsOf(ctx context.Context, employee string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, "employeeusername-index", employee, behind, limit)
}

// LeaveRequestsTo is LeaveRequestsOf by who has to decide now.
func (db *DB) LeaveRequestsTo(ctx context.Context, decider string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	if decider == "" { // nobody has to: that is no name
		return nil, nil
	}
	return db.leaveRequests(ctx, "managerusername-index", decider, behind, limit)
}

// LeaveRequestsIn is LeaveRequestsOf by company.
func (db *DB) LeaveRequestsIn(ctx context.Context, company string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, "company-index", company, behind, limit)
}

func (db *DB) leaveRequests(ctx context.Context, index, hash string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	q := query{table: leaveRequests, index: index, hash: hash, down: true, limit: limit}
	if behind.ID != "" {
		q.below = leaveOrder(behind)
	}
	return listOf[record.LeaveRequest](ctx, db, "leave requests", q)
}

// leaveOrder is where a request stands among others.
func leaveOrder(r hajir.LeaveRequest) string { return within(record.Sortable(r.At), r.ID) }

// SaveLeaveRequest stores r as the successor of r.Version.
func (db *DB) SaveLeaveRequest(ctx context.Context, r hajir.LeaveRequest) error {
	return db.saveAudited(ctx, "leave request", subject{Audit: record.AuditedLeave, company: r.Company, key: r.ID, person: r.Username}, row{
		table: leaveRequests, hash: r.ID, version: r.Version, doc: record.StoreLeaveRequest(r),
		index: map[string]string{"company": r.Company, "employeeusername": r.Username, "managerusername": r.Decider, "at": leaveOrder(r)}, fixed: []string{"company", "employeeusername", "at"},
	})
}
