package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hajir/internal/faces"
	"hajir/internal/store/record"
)

var _ faces.TemplateStore = (*DB)(nil)

// A vector is stored as little-endian float32, encrypted under its row's key.
func (db *DB) sealVector(t faces.Template) ([]byte, error) {
	return db.seal.Seal(record.StoreVector(t.Vector), record.TemplateRow(t))
}

func (db *DB) openVector(t faces.Template, sealed []byte) ([]float32, error) {
	b, err := db.seal.Open(sealed, record.TemplateRow(t))
	if err != nil {
		return nil, err
	}
	return record.LoadVector(b), nil
}

// Templates implements faces.TemplateStore.
func (db *DB) Templates(ctx context.Context, company string) ([]faces.Template, error) {
	return db.templates(ctx, company, `
		SELECT username, faceid, model, indexed, sealed FROM Face_templates
		WHERE company = ? ORDER BY username, indexed, faceid, model`, company)
}

// PersonTemplates returns one person's templates, oldest first.
func (db *DB) PersonTemplates(ctx context.Context, company, username string) ([]faces.Template, error) {
	return db.templates(ctx, company, `
		SELECT username, faceid, model, indexed, sealed FROM Face_templates
		WHERE company = ? AND username = ? ORDER BY indexed, faceid, model`, company, username)
}

func (db *DB) templates(ctx context.Context, company, query string, args ...any) ([]faces.Template, error) {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("select templates: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	var all []faces.Template
	for rows.Next() {
		t := faces.Template{Company: company}
		var indexed string
		var sealed []byte
		if err := rows.Scan(&t.Username, &t.FaceID, &t.Model, &indexed, &sealed); err != nil {
			return nil, fmt.Errorf("scan template: %w", err)
		}
		if t.IndexedAt, err = time.Parse(record.TimeFormat, indexed); err != nil {
			return nil, fmt.Errorf("decode template: %w", err)
		}
		if t.Vector, err = db.openVector(t, sealed); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	return all, nil
}

// SaveTemplate implements faces.TemplateStore.
func (db *DB) SaveTemplate(ctx context.Context, t faces.Template) error {
	sealed, err := db.sealVector(t)
	if err != nil {
		return err
	}
	of := auditedTemplates.where(`company = ? AND username = ? AND faceid = ?`, t.Company, t.Username, t.FaceID)
	return db.execAudited(ctx, of, "save template", `
		INSERT INTO Face_templates (company, username, faceid, model, indexed, sealed) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET indexed = excluded.indexed, sealed = excluded.sealed`,
		t.Company, t.Username, t.FaceID, t.Model, t.IndexedAt.UTC().Format(record.TimeFormat), sealed)
}

// DeleteTemplates implements faces.TemplateStore.
func (db *DB) DeleteTemplates(ctx context.Context, company, username string, faceIDs ...string) error {
	if len(faceIDs) == 0 {
		of := auditedTemplates.where(`company = ? AND username = ?`, company, username)
		return errors.Join(
			db.execAudited(ctx, of, "delete templates", `DELETE FROM Face_templates WHERE company = ? AND username = ?`, company, username),
			db.exec(ctx, "delete faces that were left", `DELETE FROM Face_leftovers WHERE company = ? AND username = ?`, company, username),
		)
	}
	ids, err := json.Marshal(faceIDs)
	if err != nil {
		return fmt.Errorf("encode face ids: %w", err)
	}
	of := auditedTemplates.where(`company = ? AND username = ? AND faceid IN (SELECT value FROM json_each(?))`,
		company, username, string(ids))
	const named = ` WHERE company = ? AND username = ? AND faceid IN (SELECT value FROM json_each(?))`
	return errors.Join(
		db.execAudited(ctx, of, "delete templates", `DELETE FROM Face_templates`+named, company, username, string(ids)),
		db.exec(ctx, "delete faces that were left", `DELETE FROM Face_leftovers`+named, company, username, string(ids)),
	)
}
