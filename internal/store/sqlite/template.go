package sqlite

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"hajir/internal/faces"
)

var _ faces.TemplateStore = (*DB)(nil)

// A vector is stored as little-endian float32, encrypted under its row's key.
func (db *DB) sealVector(t faces.Template) ([]byte, error) {
	b := make([]byte, 0, 4*len(t.Vector))
	for _, v := range t.Vector {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return db.seal.Seal(b, templateRow(t))
}

func (db *DB) openVector(t faces.Template, sealed []byte) ([]float32, error) {
	b, err := db.seal.Open(sealed, templateRow(t))
	if err != nil {
		return nil, err
	}
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}

func templateRow(t faces.Template) string {
	return strings.Join([]string{"Face_templates", t.Company, t.Username, t.FaceID, t.Model}, "/")
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
		if t.IndexedAt, err = time.Parse(timeFormat, indexed); err != nil {
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

// timeFormat sorts as text in the order of time.
const timeFormat = "2006-01-02T15:04:05.000000000Z"

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
		t.Company, t.Username, t.FaceID, t.Model, t.IndexedAt.UTC().Format(timeFormat), sealed)
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
