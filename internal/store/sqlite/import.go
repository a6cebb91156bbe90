package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// importDoc is how an import is stored; it may not change with hajir.Import.
type importDoc struct {
	ID      string           `json:"id"`
	Company string           `json:"company"`
	Kind    hajir.ImportKind `json:"kind"`
	File    string           `json:"file"`
	SHA256  string           `json:"sha256"`
	By      string           `json:"by"`
	Lines   int              `json:"lines"`
	Done    int              `json:"done"`
	New     int              `json:"new"`
	Changed int              `json:"changed"`
	Same    int              `json:"same"`
	Refused int              `json:"refused"`
	BegunAt time.Time        `json:"begun_at"`
	SeenAt  time.Time        `json:"seen_at"`
	EndedAt time.Time        `json:"ended_at,omitzero"`
	Failed  bool             `json:"failed,omitempty"`
}

const listImports = `SELECT version, doc FROM Imports WHERE company = ? ORDER BY importid DESC LIMIT ?`

// Imports returns at most limit of a company's imports, the newest first.
func (db *DB) Imports(ctx context.Context, company string, limit int) ([]hajir.Import, error) {
	var all []hajir.Import
	err := list(ctx, db, "imports", func(doc importDoc, version int) {
		all = append(all, hajir.Import{
			ID: doc.ID, Company: doc.Company, Kind: doc.Kind, File: doc.File, SHA256: doc.SHA256, By: doc.By, Lines: doc.Lines, Done: doc.Done,
			New: doc.New, Changed: doc.Changed, Same: doc.Same, Refused: doc.Refused,
			BegunAt: doc.BegunAt, SeenAt: doc.SeenAt, EndedAt: doc.EndedAt, Failed: doc.Failed, Version: version,
		})
	}, listImports, company, limit)
	return all, err
}

// SaveImport stores i as the successor of i.Version.
func (db *DB) SaveImport(ctx context.Context, i hajir.Import) error {
	doc, err := encode(importDoc{
		ID: i.ID, Company: i.Company, Kind: i.Kind, File: i.File, SHA256: i.SHA256, By: i.By, Lines: i.Lines, Done: i.Done,
		New: i.New, Changed: i.Changed, Same: i.Same, Refused: i.Refused,
		BegunAt: i.BegunAt, SeenAt: i.SeenAt, EndedAt: i.EndedAt, Failed: i.Failed,
	}, "import")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedImports.where(`company = ? AND importid = ?`, i.Company, i.ID), "import", `
		INSERT INTO Imports (company, importid, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Imports WHERE company = ?1 AND importid = ?2)
		ON CONFLICT (company, importid) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		i.Company, i.ID, i.Version, doc)
}
