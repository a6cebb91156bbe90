package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveTypes returns a company's types of leave in order of their IDs.
func (db *DB) LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error) {
	return listOf[record.LeaveType](ctx, db, "leave types", query{table: leaveTypes, hash: company})
}

// SaveLeaveType stores t as the successor of t.Version.
func (db *DB) SaveLeaveType(ctx context.Context, t hajir.LeaveType) error {
	return db.saveAudited(ctx, "leave type", subject{Audit: record.AuditedLeaveTypes, company: t.Company, key: t.ID}, row{
		table: leaveTypes, hash: t.Company, sort: t.ID, version: t.Version, doc: record.StoreLeaveType(t),
	})
}

// LeaveSettings returns a company's settings of leave; empty at Version 0 when
// none are stored.
func (db *DB) LeaveSettings(ctx context.Context, company string) (hajir.LeaveSettings, error) {
	s, err := one[record.LeaveSettings](ctx, db, "leave settings", leaveSettings, company)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveSettings{Company: company}, nil
	}
	return s, err
}

// SaveLeaveSettings stores s as the successor of s.Version.
func (db *DB) SaveLeaveSettings(ctx context.Context, s hajir.LeaveSettings) error {
	return db.saveAudited(ctx, "leave settings", subject{Audit: record.AuditedLeaveSettings, company: s.Company, key: s.Company}, row{
		table: leaveSettings, hash: s.Company, version: s.Version, doc: record.StoreLeaveSettings(s),
	})
}

// LeaveDelegate returns whom a manager named; empty at Version 0 when nobody.
func (db *DB) LeaveDelegate(ctx context.Context, manager string) (hajir.LeaveDelegate, error) {
	d, err := one[record.LeaveDelegate](ctx, db, "delegate", leaveDelegates, manager)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveDelegate{Manager: manager}, nil
	}
	return d, err
}

// LeaveDelegations returns by whom somebody was named, in order of the managers.
func (db *DB) LeaveDelegations(ctx context.Context, delegate string) ([]hajir.LeaveDelegate, error) {
	return listOf[record.LeaveDelegate](ctx, db, "delegates", query{table: leaveDelegates, index: "delegateusername-index", hash: delegate})
}

// SaveLeaveDelegate stores d as the successor of d.Version.
func (db *DB) SaveLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error {
	return db.saveAudited(ctx, "delegate", subject{Audit: record.AuditedDelegates, company: d.Company, key: d.Manager, person: d.Manager}, row{
		table: leaveDelegates, hash: d.Manager, version: d.Version, doc: record.StoreLeaveDelegate(d),
		index: map[string]string{"company": d.Company, "delegateusername": d.Delegate}, fixed: []string{"company"},
	})
}

// DeleteLeaveDelegate removes d if it is still at d.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error {
	return db.deleteAuditedAt(ctx, "delegate", subject{Audit: record.AuditedDelegates, key: d.Manager, person: d.Manager}, d.Version, leaveDelegates, d.Manager)
}
