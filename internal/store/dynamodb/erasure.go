package dynamodb

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// erasureKey orders erasures by a time, and then by their keys.
func erasureKey(at time.Time, x hajir.Erasure) string {
	return fmt.Sprintf("%s#%s#%09d", record.Sortable(at), x.Username, x.Number)
}

// Erasure returns one erasure of a person.
func (db *DB) Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error) {
	doc, s, err := load[record.Erasure](ctx, db, "erasure", erasures, username, strconv.Itoa(number))
	return doc.Load(s.version), err
}

func (db *DB) erasures(ctx context.Context, q query) ([]hajir.Erasure, error) {
	var all []hajir.Erasure
	err := list(ctx, db, "erasures", q, func(doc record.Erasure, s stored) { all = append(all, doc.Load(s.version)) })
	return all, err
}

// Erasures returns every erasure of a person, newest first.
func (db *DB) Erasures(ctx context.Context, username string) ([]hajir.Erasure, error) {
	return db.erasures(ctx, query{table: erasures, hash: username, down: true})
}

// CompanyErasures returns at most limit of a company's erasures, newest first,
// beginning behind before; its zero value begins with the newest.
func (db *DB) CompanyErasures(ctx context.Context, company string, before hajir.Erasure, limit int) ([]hajir.Erasure, error) {
	q := query{table: erasures, index: byCompany.name, hash: company, down: true, limit: limit}
	if before.Version > 0 {
		q.below = erasureKey(before.AskedAt, before)
	}
	return db.erasures(ctx, q)
}

// openErasures is the hash key under which the index has those with something
// left to do.
const openErasures = "open"

// OpenErasures returns at most limit of all companies' erasures that have
// something left to do, those due first before others, beginning behind after.
func (db *DB) OpenErasures(ctx context.Context, after hajir.Erasure, limit int) ([]hajir.Erasure, error) {
	var all []hajir.Erasure
	q := query{table: erasures, index: "due-index", hash: openErasures, behind: erasureKey(after.DueAt, after), limit: limit}
	err := db.each(ctx, q, func(s stored) bool { return s.text("todo") == openErasures }, func(s stored) error {
		doc, err := decode[record.Erasure](s, "erasure")
		all = append(all, doc.Load(s.version))
		return err
	})
	return all, err
}

// SaveErasure stores x as the successor of x.Version.
func (db *DB) SaveErasure(ctx context.Context, x hajir.Erasure) error {
	n := strconv.Itoa(x.Number)
	r := row{
		table: erasures, hash: x.Username, sort: n, version: x.Version, doc: record.StoreErasure(x), fixed: []string{"company"},
		index: map[string]string{"company": x.Company, "asked": erasureKey(x.AskedAt, x)},
	}
	if x.Open() {
		r.index["todo"], r.index["due"] = openErasures, erasureKey(x.DueAt, x)
	}
	return db.saveAudited(ctx, "erasure", subject{Audit: record.AuditedErasures, company: x.Company, key: x.Username + "/" + n, person: x.Username}, r)
}
