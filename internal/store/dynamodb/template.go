package dynamodb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

var _ faces.TemplateStore = (*DB)(nil)

// faceKey is the sort key of a face in one version, and begins those of a
// person, and of a face.
func faceKey(username string, more ...string) string {
	return strings.Join(append([]string{username}, more...), "#")
}

func templateRow(t faces.Template, sealed []byte) row {
	return row{
		table: templates, hash: t.Company, sort: faceKey(t.Username, t.FaceID, t.Model), sealed: sealed,
		doc: record.StoreTemplate(faces.Indexed{Username: t.Username, FaceID: t.FaceID, Model: t.Model, IndexedAt: t.IndexedAt}),
	}
}

// Templates implements faces.TemplateStore.
func (db *DB) Templates(ctx context.Context, company string) ([]faces.Template, error) {
	return db.templates(ctx, query{table: templates, hash: company})
}

// PersonTemplates returns one person's templates, oldest first.
func (db *DB) PersonTemplates(ctx context.Context, company, username string) ([]faces.Template, error) {
	return db.templates(ctx, query{table: templates, hash: company, prefix: faceKey(username, "")})
}

func (db *DB) templates(ctx context.Context, q query) ([]faces.Template, error) {
	var all []faces.Template
	err := db.each(ctx, q, nil, func(s stored) error {
		doc, err := decode[record.Template](s, "template")
		if err != nil {
			return err
		}
		f, err := doc.Load()
		if err != nil {
			return err
		}
		t := faces.Template{Company: q.hash, Username: f.Username, FaceID: f.FaceID, Model: f.Model, IndexedAt: f.IndexedAt}
		b, err := db.seal.Open(s.sealed, record.TemplateRow(t))
		if err != nil {
			return err //nolint:wrapcheck // the sealer says what it could not open
		}
		t.Vector = record.LoadVector(b)
		all = append(all, t)
		return nil
	})
	slices.SortFunc(all, func(a, b faces.Template) int {
		return cmp.Or(cmp.Compare(a.Username, b.Username), a.IndexedAt.Compare(b.IndexedAt), cmp.Compare(a.FaceID, b.FaceID), cmp.Compare(a.Model, b.Model))
	})
	return all, err
}

// kept returns what is kept of faces whose keys begin with prefix, without the
// numbers, in order of people, faces and versions.
func (db *DB) kept(ctx context.Context, company, prefix string) ([]faces.Indexed, error) {
	var all []faces.Indexed
	err := db.each(ctx, query{table: templates, hash: company, prefix: prefix, lean: true}, nil, func(s stored) error {
		doc, err := decode[record.Template](s, "template")
		if err != nil {
			return err
		}
		f, err := doc.Load()
		all = append(all, f)
		return err
	})
	slices.SortFunc(all, func(a, b faces.Indexed) int {
		return cmp.Or(cmp.Compare(a.Username, b.Username), cmp.Compare(a.FaceID, b.FaceID), cmp.Compare(a.Model, b.Model))
	})
	return all, err
}

// faceView is what the log compares of a face: in which versions it is kept, and
// since when. None is nil.
func faceView(of []faces.Indexed) ([]byte, error) {
	if len(of) == 0 {
		return nil, nil
	}
	first, models := of[0].IndexedAt, make([]string, len(of))
	for i, f := range of {
		models[i] = f.Model
		if f.IndexedAt.Before(first) {
			first = f.IndexedAt
		}
	}
	slices.Sort(models)
	b, err := json.Marshal(map[string]string{"face_id": of[0].FaceID, "model": strings.Join(models, ", "), "indexed_at": record.Sortable(first)})
	if err != nil {
		return nil, fmt.Errorf("encode a face: %w", err)
	}
	return b, nil
}

// face notes that a face is kept in other versions than it was.
func (t *tx) face(company string, was, is []faces.Indexed) error {
	before, err := faceView(was)
	if err != nil {
		return err
	}
	after, err := faceView(is)
	if err != nil || len(was)+len(is) == 0 {
		return err
	}
	of := append(slices.Clone(was), is...)[0]
	return t.compare(subject{Audit: record.AuditedTemplates, company: company, key: of.FaceID, person: of.Username}, before, after)
}

// with is what is kept of a face once another version is.
func with(kept []faces.Indexed, f faces.Indexed) []faces.Indexed {
	kept = slices.DeleteFunc(slices.Clone(kept), func(k faces.Indexed) bool { return k.Model == f.Model })
	return append(kept, f)
}

func (db *DB) sealVector(t faces.Template) ([]byte, error) {
	return db.seal.Seal(record.StoreVector(t.Vector), record.TemplateRow(t)) //nolint:wrapcheck // the sealer says what it could not seal
}

// SaveTemplate implements faces.TemplateStore.
func (db *DB) SaveTemplate(ctx context.Context, t faces.Template) error {
	sealed, err := db.sealVector(t)
	if err != nil {
		return err
	}
	return db.transact(ctx, func(ctx context.Context, x *tx) error {
		was, err := db.kept(ctx, t.Company, faceKey(t.Username, t.FaceID, ""))
		if err != nil {
			return err
		}
		if _, err := x.put("template", templateRow(t, sealed)); err != nil {
			return err
		}
		unconditional(x)
		return x.face(t.Company, was, with(was, faces.Indexed{Username: t.Username, FaceID: t.FaceID, Model: t.Model, IndexedAt: t.IndexedAt}))
	})
}

// AddTemplate implements faces.TemplateStore.
func (db *DB) AddTemplate(ctx context.Context, t faces.Template) error {
	sealed, err := db.sealVector(t)
	if err != nil {
		return err
	}
	err = db.transact(ctx, func(ctx context.Context, x *tx) error {
		was, err := db.kept(ctx, t.Company, faceKey(t.Username, t.FaceID, ""))
		if err != nil {
			return err
		}
		if len(was) == 0 {
			return hajir.Errorf(hajir.NotFound, "no such face")
		}
		added := t
		beside := was[0]
		for _, f := range was {
			if f.Model == t.Model { // it stays as old as it is
				added.IndexedAt, beside = f.IndexedAt, f
			}
		}
		if _, err := x.put("template", templateRow(added, sealed)); err != nil {
			return err
		}
		unconditional(x)
		x.beside(t.Company, beside, t.Model)
		return x.face(t.Company, was, with(was, faces.Indexed{Username: t.Username, FaceID: t.FaceID, Model: t.Model, IndexedAt: added.IndexedAt}))
	})
	if err != nil {
		return err
	}
	return db.delete(ctx, leftFaces, t.Company, faceKey(t.Username, t.FaceID, t.Model))
}

// beside has the change made only if a face is still kept in a version, which
// the last part may be about to write itself.
func (t *tx) beside(company string, f faces.Indexed, written string) {
	condition, names := aws.String("attribute_exists(#h)"), map[string]string{"#h": templates.hash}
	if f.Model == written {
		w := &t.writes[len(t.writes)-1]
		w.Put.ConditionExpression, w.Put.ExpressionAttributeNames = condition, names
		return
	}
	t.writes = append(t.writes, write{types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: t.db.name(templates), Key: templates.key(company, faceKey(f.Username, f.FaceID, f.Model)),
		ConditionExpression: condition, ExpressionAttributeNames: names,
	}}, nil})
}

// DeleteTemplates implements faces.TemplateStore.
func (db *DB) DeleteTemplates(ctx context.Context, company, username string, faceIDs ...string) error {
	chosen := func(id string) bool { return len(faceIDs) == 0 || slices.Contains(faceIDs, id) }
	kept, err := db.kept(ctx, company, faceKey(username, ""))
	if err != nil {
		return err
	}
	if err := db.dropFaces(ctx, company, kept, func(f faces.Indexed) bool { return chosen(f.FaceID) }); err != nil {
		return err
	}
	var left []attributes
	err = list(ctx, db, "faces that were left", query{table: leftFaces, hash: company, prefix: faceKey(username, "")}, func(doc record.LeftFace, s stored) {
		if chosen(doc.FaceID) {
			left = append(left, leftFaces.keyOf(s.attributes))
		}
	})
	if err != nil {
		return err
	}
	return db.remove(ctx, leftFaces, left)
}

// facesTogether is how many faces are removed together, with an entry of the
// audit log each.
const facesTogether = 20

// dropFaces removes those of what is kept that drop chooses.
func (db *DB) dropFaces(ctx context.Context, company string, kept []faces.Indexed, drop func(faces.Indexed) bool) error {
	var ids [][2]string
	for _, f := range kept {
		if id := [2]string{f.Username, f.FaceID}; drop(f) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for some := range slices.Chunk(ids, facesTogether) {
		err := db.transact(ctx, func(ctx context.Context, t *tx) error {
			for _, id := range some {
				was, err := db.kept(ctx, company, faceKey(id[0], id[1], ""))
				if err != nil {
					return err
				}
				for _, f := range was {
					if drop(f) {
						t.delete("template", templates, 0, company, faceKey(f.Username, f.FaceID, f.Model))
					}
				}
				if err := t.face(company, was, slices.DeleteFunc(slices.Clone(was), drop)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PruneTemplates removes a company's numbers of versions other than keep, but
// for faces that are not kept as current: those have nothing else.
func (db *DB) PruneTemplates(ctx context.Context, company, current string, keep []string) error {
	kept, err := db.kept(ctx, company, "")
	if err != nil {
		return err
	}
	renewed := map[[2]string]bool{}
	for _, f := range kept {
		if f.Model == current {
			renewed[[2]string{f.Username, f.FaceID}] = true
		}
	}
	return db.dropFaces(ctx, company, kept, func(f faces.Indexed) bool {
		return renewed[[2]string{f.Username, f.FaceID}] && !slices.Contains(keep, f.Model)
	})
}

// KeptFaces returns what is kept in a company, without the numbers: each face
// once for each version that it is kept in.
func (db *DB) KeptFaces(ctx context.Context, company string) ([]faces.Indexed, error) {
	return db.kept(ctx, company, "")
}
