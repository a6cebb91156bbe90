package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// PayrollMappings returns a company's mappings in order of their IDs.
func (db *DB) PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error) {
	var all []hajir.PayrollMapping
	err := list(ctx, db, "mappings", func(doc record.PayrollMapping, version int) {
		all = append(all, doc.Load(version))
	}, `SELECT version, doc FROM Payroll_mappings WHERE company = ? ORDER BY mappingid`, company)
	return all, err
}

// SavePayrollMapping stores m as the successor of m.Version.
func (db *DB) SavePayrollMapping(ctx context.Context, m hajir.PayrollMapping) error {
	doc, err := encode(record.StorePayrollMapping(m), "mapping")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedPayroll.where(`company = ? AND mappingid = ?`, m.Company, m.ID), "mapping", `
		INSERT INTO Payroll_mappings (company, mappingid, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Payroll_mappings WHERE company = ?1 AND mappingid = ?2)
		ON CONFLICT (company, mappingid) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		m.Company, m.ID, m.Version, doc)
}

// DeletePayrollMapping removes a mapping at the version that was read; one that
// is not there, or was changed, is a conflict.
func (db *DB) DeletePayrollMapping(ctx context.Context, company, id string, version int) error {
	return db.saveAudited(ctx, auditedPayroll.where(`company = ? AND mappingid = ?`, company, id), "mapping",
		`DELETE FROM Payroll_mappings WHERE company = ? AND mappingid = ? AND version = ?`, company, id, version)
}
