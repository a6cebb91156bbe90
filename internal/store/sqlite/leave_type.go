package sqlite

import (
	"context"

	"hajir/internal/hajir"
)

// leaveTypeDoc is how a type of leave is stored; it may not change with
// hajir.LeaveType.
type leaveTypeDoc struct {
	ID          string          `json:"id"`
	Company     string          `json:"company"`
	Name        string          `json:"name"`
	Paid        bool            `json:"paid,omitempty"`
	Unlimited   bool            `json:"unlimited,omitempty"`
	Allowance   hajir.LeaveDays `json:"allowance,omitempty"`
	Accrual     hajir.Accrual   `json:"accrual"`
	Prorate     bool            `json:"prorate,omitempty"`
	CarryMax    hajir.LeaveDays `json:"carry_max,omitempty"`
	CarryMonths int             `json:"carry_months,omitempty"`
	Negative    hajir.LeaveDays `json:"negative,omitempty"`
	HalfDays    bool            `json:"half_days,omitempty"`
	NoticeDays  int             `json:"notice_days,omitempty"`
	LateDays    int             `json:"late_days,omitempty"`
	MaxDays     hajir.LeaveDays `json:"max_days,omitempty"`
	Departments []string        `json:"departments,omitempty"`
	SecondLevel bool            `json:"second_level,omitempty"`
	From        string          `json:"from"`
	Retired     bool            `json:"retired,omitempty"`
}

func leaveType(doc leaveTypeDoc, version int) hajir.LeaveType {
	return hajir.LeaveType{
		ID: doc.ID, Company: doc.Company, Name: doc.Name, Paid: doc.Paid, Unlimited: doc.Unlimited, Allowance: doc.Allowance,
		Accrual: doc.Accrual, Prorate: doc.Prorate, CarryMax: doc.CarryMax, CarryMonths: doc.CarryMonths, Negative: doc.Negative,
		HalfDays: doc.HalfDays, NoticeDays: doc.NoticeDays, LateDays: doc.LateDays, MaxDays: doc.MaxDays,
		Departments: doc.Departments, SecondLevel: doc.SecondLevel, From: doc.From, Retired: doc.Retired, Version: version,
	}
}

// LeaveTypes returns a company's types of leave in order of their IDs.
func (db *DB) LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error) {
	var all []hajir.LeaveType
	err := list(ctx, db, "leave types", func(doc leaveTypeDoc, version int) { all = append(all, leaveType(doc, version)) },
		`SELECT version, doc FROM Leave_types WHERE company = ? ORDER BY typeid`, company)
	return all, err
}

// SaveLeaveType stores t as the successor of t.Version.
func (db *DB) SaveLeaveType(ctx context.Context, t hajir.LeaveType) error {
	doc, err := encode(leaveTypeDoc{
		ID: t.ID, Company: t.Company, Name: t.Name, Paid: t.Paid, Unlimited: t.Unlimited, Allowance: t.Allowance,
		Accrual: t.Accrual, Prorate: t.Prorate, CarryMax: t.CarryMax, CarryMonths: t.CarryMonths, Negative: t.Negative,
		HalfDays: t.HalfDays, NoticeDays: t.NoticeDays, LateDays: t.LateDays, MaxDays: t.MaxDays,
		Departments: t.Departments, SecondLevel: t.SecondLevel, From: t.From, Retired: t.Retired,
	}, "leave type")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeaveTypes.where(`company = ? AND typeid = ?`, t.Company, t.ID), "leave type", `
		INSERT INTO Leave_types (company, typeid, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Leave_types WHERE company = ?1 AND typeid = ?2)
		ON CONFLICT (company, typeid) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		t.Company, t.ID, t.Version, doc)
}

// leaveSettingsDoc is how leave settings are stored; it may not change with
// hajir.LeaveSettings.
type leaveSettingsDoc struct {
	Company     string         `json:"company"`
	Years       []leaveYearDoc `json:"years"`
	SecondLevel bool           `json:"second_level,omitempty"`
	Posted      string         `json:"posted,omitempty"`
}

type leaveYearDoc struct {
	Calendar hajir.Calendar `json:"calendar"`
	Month    int            `json:"month"`
	Day      int            `json:"day"`
	From     string         `json:"from,omitempty"`
}

// LeaveSettings returns a company's settings of leave; empty at Version 0 when
// none are stored.
func (db *DB) LeaveSettings(ctx context.Context, company string) (hajir.LeaveSettings, error) {
	doc, version, err := decode[leaveSettingsDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_settings WHERE company = ?`, company), "leave settings")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveSettings{Company: company}, nil
	}
	return hajir.LeaveSettings{
		Company: doc.Company, SecondLevel: doc.SecondLevel, Posted: doc.Posted, Version: version,
		Years: convert(doc.Years, func(y leaveYearDoc) hajir.LeaveYear { return hajir.LeaveYear(y) }),
	}, err
}

// SaveLeaveSettings stores s as the successor of s.Version.
func (db *DB) SaveLeaveSettings(ctx context.Context, s hajir.LeaveSettings) error {
	doc, err := encode(leaveSettingsDoc{
		Company: s.Company, SecondLevel: s.SecondLevel, Posted: s.Posted,
		Years: convert(s.Years, func(y hajir.LeaveYear) leaveYearDoc { return leaveYearDoc(y) }),
	}, "leave settings")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeaveSettings.where(`company = ?`, s.Company), "leave settings", `
		INSERT INTO Leave_settings (company, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Leave_settings WHERE company = ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		s.Company, s.Version, doc)
}

// leaveDelegateDoc is how a delegate is stored; it may not change with
// hajir.LeaveDelegate.
type leaveDelegateDoc struct {
	Manager  string `json:"manager"`
	Company  string `json:"company"`
	Delegate string `json:"delegate"`
	From     string `json:"from"`
	To       string `json:"to"`
}

func leaveDelegate(doc leaveDelegateDoc, version int) hajir.LeaveDelegate {
	return hajir.LeaveDelegate{
		Manager: doc.Manager, Company: doc.Company, Delegate: doc.Delegate, From: doc.From, To: doc.To, Version: version,
	}
}

// LeaveDelegate returns whom a manager named; empty at Version 0 when nobody.
func (db *DB) LeaveDelegate(ctx context.Context, manager string) (hajir.LeaveDelegate, error) {
	doc, version, err := decode[leaveDelegateDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_delegates WHERE managerusername = ?`, manager), "delegate")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveDelegate{Manager: manager}, nil
	}
	return leaveDelegate(doc, version), err
}

// LeaveDelegations returns by whom somebody was named, in order of the managers.
func (db *DB) LeaveDelegations(ctx context.Context, delegate string) ([]hajir.LeaveDelegate, error) {
	var all []hajir.LeaveDelegate
	err := list(ctx, db, "delegates", func(doc leaveDelegateDoc, version int) { all = append(all, leaveDelegate(doc, version)) },
		`SELECT version, doc FROM Leave_delegates WHERE delegateusername = ? ORDER BY managerusername`, delegate)
	return all, err
}

// SaveLeaveDelegate stores d as the successor of d.Version.
func (db *DB) SaveLeaveDelegate(ctx context.Context, d hajir.LeaveDelegate) error {
	doc, err := encode(leaveDelegateDoc{
		Manager: d.Manager, Company: d.Company, Delegate: d.Delegate, From: d.From, To: d.To,
	}, "delegate")
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
