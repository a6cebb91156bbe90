package dynamodb

import (
	"cmp"
	"context"
	"slices"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// FaceModels implements faces.TemplateStore.
func (db *DB) FaceModels(ctx context.Context, company string) (hajir.Models, error) {
	doc, s, err := load[record.FaceModels](ctx, db, "face models", faceModels, company)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Models{Company: company}, nil
	}
	return doc.Load(s.version), err
}

// SaveFaceModels stores m as the successor of m.Version.
func (db *DB) SaveFaceModels(ctx context.Context, m hajir.Models) error {
	return db.saveAudited(ctx, "face models", subject{Audit: record.AuditedModels, company: m.Company, key: m.Company},
		row{table: faceModels, hash: m.Company, version: m.Version, doc: record.StoreFaceModels(m)})
}

// LeftFaces returns the faces of a company that could not be changed to a
// version.
func (db *DB) LeftFaces(ctx context.Context, company string) ([]hajir.LeftFace, error) {
	var all []hajir.LeftFace
	err := db.each(ctx, query{table: leftFaces, hash: company}, nil, func(s stored) error {
		doc, err := decode[record.LeftFace](s, "face that was left")
		all = append(all, doc.Load(company))
		return err
	})
	slices.SortFunc(all, func(a, b hajir.LeftFace) int {
		return cmp.Or(cmp.Compare(a.Username, b.Username), cmp.Compare(a.FaceID, b.FaceID), cmp.Compare(a.Model, b.Model))
	})
	return all, err
}

// SaveLeftFace notes a face that could not be changed, if it is still kept.
func (db *DB) SaveLeftFace(ctx context.Context, f hajir.LeftFace) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		kept, err := db.kept(ctx, f.Company, faceKey(f.Username, f.FaceID, ""))
		if err != nil || len(kept) == 0 {
			return err
		}
		_, err = t.put("face that was left", row{
			table: leftFaces, hash: f.Company, sort: faceKey(f.Username, f.FaceID, f.Model), doc: record.StoreLeftFace(f),
		})
		unconditional(t)
		t.beside(f.Company, kept[0], "")
		return err
	})
}
