package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveTypes returns a company's types of leave in order of their IDs.
func (db *DB) LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error) {
	var all []hajir.LeaveType
	err := list(ctx, db, "leave types", func(doc record.LeaveType, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Leave_types WHERE company = ? ORDER BY typeid`, company)
	return all, err
}

// SaveLeaveType stores t as the successor of t.Version.
func (db *DB) SaveLeaveType(ctx context.Context, t hajir.LeaveType) error {
	doc, err := encode(record.StoreLeaveType(t), "leave type")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeaveTypes.where(`company = ? AND typeid = ?`, t.Company, t.ID), "leave type", `
		INSERT INTO Leave_types (company, typeid, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Leave_types WHERE company = ?1 AND typeid = ?2)
		ON CONFLICT (company, typeid) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		t.Company, t.ID, t.Version, doc)
}

// LeaveSettings returns a company's settings of leave; empty at Version 0 when
// none are stored.
func (db *DB) LeaveSettings(ctx context.Context, company string) (hajir.LeaveSettings, error) {
	doc, version, err := decode[record.LeaveSettings](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_settings WHERE company = ?`, company), "leave settings")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveSettings{Company: company}, nil
	}
	return doc.Load(version), err
}

// SaveLeaveSettings stores s as the successor of s.Version.
func (db *DB) SaveLeaveSettings(ctx context.Context, s hajir.LeaveSettings) error {
	doc, err := encode(record.StoreLeaveSettings(s), "leave settings")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeaveSettings.where(`company = ?`, s.Company), "leave settings", `
		INSERT INTO Leave_settings (company, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Leave_settings WHERE company = ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		s.Company, s.Version, doc)
}

// LeaveDelegate returns whom a manager named; empty at Version 0 when nobody.
func (db *DB) LeaveDelegate(ctx context.Context, manager string) (hajir.LeaveDelegate, error) {
	doc, version, err := decode[record.LeaveDelegate](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_delegates WHERE managerusername = ?`, manager), "delegate")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveDelegate{Manager: manager}, nil
	}
	return doc.Load(version), err
}

// LeaveDelegations returns by whom somebody was named, in order of the managers.
func (db *DB) LeaveDelegations(ctx context.Context, delegate string) ([]hajir.LeaveDelegate, error) {
	var all []hajir.LeaveDelegate
	err := list(ctx, db, "delegates", func(doc record.LeaveDelegate, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Leave_delegates WHERE delegateusername = ? ORDER BY managerusername`, delegate)
	return all, err
}

// SaveLeaveDelegate stores d as the successor of d.Version.
func (db *DB) SaveLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error {
	doc, err := encode(record.StoreLeaveDelegate(d), "delegate")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedDelegates.where(`managerusername = ?`, d.Manager), "delegate", `
		INSERT INTO Leave_delegates (managerusername, company, delegateusername, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Leave_delegates WHERE managerusername = ?1)
		ON CONFLICT (managerusername) DO UPDATE SET version = version + 1, delegateusername = excluded.delegateusername, doc = excluded.doc
		WHERE version = ?4 AND company = excluded.company`,
		d.Manager, d.Company, d.Delegate, d.Version, doc)
}

// DeleteLeaveDelegate removes d if it is still at d.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error {
	return db.saveAudited(ctx, auditedDelegates.where(`managerusername = ?`, d.Manager), "delegate",
		`DELETE FROM Leave_delegates WHERE managerusername = ? AND version = ?`, d.Manager, d.Version)
}
