package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

const listImports = `SELECT version, doc FROM Imports WHERE company = ? ORDER BY importid DESC LIMIT ?`

// Imports returns at most limit of a company's imports, the newest first.
func (db *DB) Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error) {
	var all []hajir.Import
	err := list(ctx, db, "imports", func(doc record.Import, version int) {
		all = append(all, doc.Load(version))
	}, listImports, company, limit)
	return all, err
}

// SaveImport stores i as the successor of i.Version.
func (db *DB) SaveImport(ctx context.Context, i hajir.Import) error {
	doc, err := encode(record.StoreImport(i), "import")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedImports.where(`company = ? AND importid = ?`, i.Company, i.ID), "import", `
		INSERT INTO Imports (company, importid, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Imports WHERE company = ?1 AND importid = ?2)
		ON CONFLICT (company, importid) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		i.Company, i.ID, i.Version, doc)
}
