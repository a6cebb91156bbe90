package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Imports returns at most limit of a company's imports, the newest first.
func (db *DB) Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error) {
	return listOf[record.Import](ctx, db, "imports", query{table: imports, hash: company, down: true, limit: limit})
}

// SaveImport stores i as the successor of i.Version.
func (db *DB) SaveImport(ctx context.Context, i hajir.Import) error {
	return db.saveAudited(ctx, "import", subject{Audit: record.AuditedImports, company: i.Company, key: i.ID}, row{
		table: imports, hash: i.Company, sort: i.ID, version: i.Version, doc: record.StoreImport(i),
	})
}
