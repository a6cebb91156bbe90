package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// FaceModels implements faces.TemplateStore.
func (db *DB) FaceModels(ctx context.Context, company string) (hajir.Models, error) {
	doc, version, err := decode[record.FaceModels](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Face_models WHERE company = ?`, company), "face models")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Models{Company: company}, nil
	}
	return doc.Load(version), err
}

// SaveFaceModels stores m as the successor of m.Version.
func (db *DB) SaveFaceModels(ctx context.Context, m hajir.Models) error {
	doc, err := encode(record.StoreFaceModels(m), "face models")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedModels.where(`company = ?`, m.Company), "face models", `
		INSERT INTO Face_models (company, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Face_models WHERE company = ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		m.Company, m.Version, doc)
}

const (
	keptFaces = `SELECT username, faceid, model, indexed FROM Face_templates WHERE company = ? ORDER BY username, faceid, model`
	oldFaces  = `
		SELECT DISTINCT t.username, t.faceid FROM Face_templates t JOIN Face_templates c USING (company, username, faceid)
		WHERE t.company = ? AND c.model = ? AND t.model NOT IN (SELECT value FROM json_each(?))`
	leftFaces = `SELECT username, faceid, model, code, at FROM Face_leftovers WHERE company = ? ORDER BY username, faceid, model`
)

// KeptFaces returns what is kept in a company, without the numbers: each face
// once for each version that it is kept in.
func (db *DB) KeptFaces(ctx context.Context, company string) ([]faces.Indexed, error) {
	var all []faces.Indexed
	err := db.each(ctx, "templates", func(r row) error {
		var f faces.Indexed
		var indexed string
		if err := r.Scan(&f.Username, &f.FaceID, &f.Model, &indexed); err != nil {
			return err
		}
		var err error
		f.IndexedAt, err = time.Parse(record.TimeFormat, indexed)
		all = append(all, f)
		return err
	}, keptFaces, company)
	return all, err
}

// AddTemplate implements faces.TemplateStore.
func (db *DB) AddTemplate(ctx context.Context, t faces.Template) error {
	sealed, err := db.sealVector(t)
	if err != nil {
		return err
	}
	of := auditedTemplates.where(`company = ? AND username = ? AND faceid = ?`, t.Company, t.Username, t.FaceID)
	err = db.saveAudited(ctx, of, "template", `
		INSERT INTO Face_templates (company, username, faceid, model, indexed, sealed) SELECT ?1, ?2, ?3, ?4, ?5, ?6
		WHERE EXISTS (SELECT 1 FROM Face_templates WHERE company = ?1 AND username = ?2 AND faceid = ?3)
		ON CONFLICT DO UPDATE SET sealed = excluded.sealed`,
		t.Company, t.Username, t.FaceID, t.Model, t.IndexedAt.UTC().Format(record.TimeFormat), sealed)
	if hajir.CodeOf(err) == hajir.Conflict {
		return hajir.Errorf(hajir.NotFound, "no such face")
	}
	if err != nil {
		return err
	}
	return db.exec(ctx, "delete a face that was left", `
		DELETE FROM Face_leftovers WHERE company = ? AND username = ? AND faceid = ? AND model = ?`,
		t.Company, t.Username, t.FaceID, t.Model)
}

// PruneTemplates removes a company's numbers of versions other than keep, but
// for faces that are not kept as current: those have nothing else.
func (db *DB) PruneTemplates(ctx context.Context, company, current string, keep []string) error {
	names, err := json.Marshal(append([]string{}, keep...))
	if err != nil {
		return fmt.Errorf("encode versions: %w", err)
	}
	old := [][2]string{}
	err = db.each(ctx, "old templates", func(r row) error {
		var id [2]string
		err := r.Scan(&id[0], &id[1])
		old = append(old, id)
		return err
	}, oldFaces, company, current, string(names))
	if err != nil || len(old) == 0 {
		return err
	}
	ids, err := json.Marshal(old)
	if err != nil {
		return fmt.Errorf("encode faces: %w", err)
	}
	const these = `company = ?1 AND (username, faceid) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))`
	return db.execAudited(ctx, auditedTemplates.where(these, company, string(ids)), "prune templates",
		`DELETE FROM Face_templates WHERE `+these+` AND model NOT IN (SELECT value FROM json_each(?3))`, company, string(ids), string(names))
}

// LeftFaces returns the faces of a company that could not be changed to a
// version.
func (db *DB) LeftFaces(ctx context.Context, company string) ([]hajir.LeftFace, error) {
	var all []hajir.LeftFace
	err := db.each(ctx, "faces that were left", func(r row) error {
		f := hajir.LeftFace{Company: company}
		var at string
		if err := r.Scan(&f.Username, &f.FaceID, &f.Model, &f.Code, &at); err != nil {
			return err
		}
		var err error
		f.At, err = time.Parse(record.TimeFormat, at)
		all = append(all, f)
		return err
	}, leftFaces, company)
	return all, err
}

// SaveLeftFace notes a face that could not be changed, if it is still kept.
func (db *DB) SaveLeftFace(ctx context.Context, f hajir.LeftFace) error {
	return db.exec(ctx, "save a face that was left", `
		INSERT INTO Face_leftovers (company, username, faceid, model, code, at) SELECT ?1, ?2, ?3, ?4, ?5, ?6
		WHERE EXISTS (SELECT 1 FROM Face_templates WHERE company = ?1 AND username = ?2 AND faceid = ?3)
		ON CONFLICT DO UPDATE SET code = excluded.code, at = excluded.at`,
		f.Company, f.Username, f.FaceID, f.Model, f.Code, f.At.UTC().Format(record.TimeFormat))
}
