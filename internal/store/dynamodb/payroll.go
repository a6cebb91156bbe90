package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// PayrollMappings returns a company's mappings in order of their IDs.
func (db *DB) PayrollMappings(ctx context.Context, company string) ([]hajir.PayrollMapping, error) {
	return listOf[record.PayrollMapping](ctx, db, "mappings", query{table: payrollMappings, hash: company})
}

// SavePayrollMapping stores m as the successor of m.Version.
func (db *DB) SavePayrollMapping(ctx context.Context, m hajir.PayrollMapping) error {
	return db.saveAudited(ctx, "mapping", subject{Audit: record.AuditedPayroll, company: m.Company, key: m.ID}, row{
		table: payrollMappings, hash: m.Company, sort: m.ID, version: m.Version, doc: record.StorePayrollMapping(m),
	})
}

// DeletePayrollMapping removes a mapping at the version that was read; one that
// is not there, or was changed, is a conflict.
func (db *DB) DeletePayrollMapping(ctx context.Context, company, id string, version int) error {
	return db.deleteAuditedAt(ctx, "mapping", subject{Audit: record.AuditedPayroll, company: company, key: id}, version, payrollMappings, company, id)
}
