package sqlite

import (
	"context"

	"hajir/internal/hajir"
)

// payrollDoc is how a mapping is stored; it may not change with
// hajir.PayrollMapping.
type payrollDoc struct {
	ID        string             `json:"id"`
	Company   string             `json:"company"`
	Name      string             `json:"name"`
	Columns   []payrollColumnDoc `json:"columns"`
	Delimiter string             `json:"delimiter"`
	Decimal   string             `json:"decimal"`
	DateForm  hajir.DateForm     `json:"date_form"`
	BOM       bool               `json:"bom,omitempty"`
}

type payrollColumnDoc struct {
	Header   string             `json:"header"`
	Field    hajir.PayrollField `json:"field"`
	Constant string             `json:"constant,omitempty"`
}

// PayrollMappings returns a company's mappings in order of their IDs.
func (db *DB) PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error) {
	var all []hajir.PayrollMapping
	err := list(ctx, db, "mappings", func(doc payrollDoc, version int) {
		all = append(all, hajir.PayrollMapping{
			ID: doc.ID, Company: doc.Company, Name: doc.Name, Delimiter: doc.Delimiter, Decimal: doc.Decimal, DateForm: doc.DateForm, BOM: doc.BOM, Version: version,
			Columns: convert(doc.Columns, func(c payrollColumnDoc) hajir.PayrollColumn { return hajir.PayrollColumn(c) }),
		})
	}, `SELECT version, doc FROM Payroll_mappings WHERE company = ? ORDER BY mappingid`, company)
	return all, err
}

// SavePayrollMapping stores m as the successor of m.Version.
func (db *DB) SavePayrollMapping(ctx context.Context, m hajir.PayrollMapping) error {
	doc, err := encode(payrollDoc{
		ID: m.ID, Company: m.Company, Name: m.Name, Delimiter: m.Delimiter, Decimal: m.Decimal, DateForm: m.DateForm, BOM: m.BOM,
		Columns: convert(m.Columns, func(c hajir.PayrollColumn) payrollColumnDoc { return payrollColumnDoc(c) }),
	}, "mapping")
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
