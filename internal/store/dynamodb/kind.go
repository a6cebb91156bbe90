package dynamodb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// loads is a document of which a record is made.
type loads[R any] interface{ Load(version int) R }

// one reads one record; that it is not there is NotFound.
func one[D loads[R], R any](ctx context.Context, db *DB, what string, t *table, hash string, sort ...string) (r R, err error) {
	doc, s, err := load[D](ctx, db, what, t, hash, sort...)
	if err != nil {
		return r, err
	}
	return doc.Load(s.version), nil
}

// listOf returns the records that q finds.
func listOf[D loads[R], R any](ctx context.Context, db *DB, what string, q query) ([]R, error) {
	var all []R
	err := db.each(ctx, q, q.still, func(s stored) error {
		doc, err := decode[D](s, what)
		all = append(all, doc.Load(s.version))
		return err
	})
	return all, err
}

// still says whether a record has the hash key by which an index found it. One
// that was changed a moment ago may have another.
func (q query) still(s stored) bool {
	hash, _, _ := q.keys()
	return s.text(hash) == q.hash
}

// listsOf is listOf for several things at once, a few at a time. The lists are in
// the order of the things.
func listsOf[D loads[R], R any](ctx context.Context, db *DB, what string, things []string, by func(thing string) query) ([][]R, error) {
	all, places := make([][]R, len(things)), make([]int, len(things))
	for i := range places {
		places[i] = i
	}
	err := eachOf(ctx, places, func(ctx context.Context, i int) (err error) {
		all[i], err = listOf[D](ctx, db, what, by(things[i]))
		return err
	})
	return all, err
}

// deleteAuditedAt removes a record with an entry of the audit log, at the version
// that was read; one that is not there, or was changed, is a conflict.
func (db *DB) deleteAuditedAt(ctx context.Context, what string, s subject, version int, of *table, hash string, sort ...string) error {
	if version < 1 {
		return conflict(what)
	}
	return db.deleteAudited(ctx, what, s.in, version, of, hash, sort...)
}

// in is s with the company that a record is of, where s has none.
func (s subject) in(of stored) (subject, error) {
	if s.company == "" {
		s.company = of.text("company")
	}
	return s, nil
}

// dayOf is the hash key of what was made on a day.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// sweptDays is how many days back sweepDays looks. What is older was missed for
// so long that it has expired.
const sweptDays = 31

// sweepDays removes what an index by day finds that is from before a time and
// from the days just before it.
func (db *DB) sweepDays(ctx context.Context, t *table, before time.Time, below string) error {
	var days []string
	for n := range sweptDays {
		days = append(days, dayOf(before.AddDate(0, 0, -n)))
	}
	return eachOf(ctx, days, func(ctx context.Context, day string) error {
		return db.sweep(ctx, query{table: t, index: "day-index", hash: day, below: below}, nil)
	})
}

// manyOf visits the records with hash keys, those that there are.
func manyOf[D loads[R], R any](ctx context.Context, db *DB, what string, t *table, hashes []string, visit func(R)) error {
	found, err := db.byKeys(ctx, t, hashes)
	if err != nil {
		return err
	}
	for _, s := range found {
		doc, err := decode[D](s, what)
		if err != nil {
			return err
		}
		visit(doc.Load(s.version))
	}
	return nil
}

// add writes a record unless one is there, which stays as it is.
func (t *tx) add(r row) error {
	item, _, err := r.item()
	if err != nil {
		return err
	}
	var sets []string
	names, values := map[string]string{}, attributes{}
	for name, v := range item {
		if name == r.table.hash || name == r.table.sort {
			continue
		}
		n := strconv.Itoa(len(sets))
		sets = append(sets, "#a"+n+" = if_not_exists(#a"+n+", :a"+n+")")
		names["#a"+n], values[":a"+n] = name, v
	}
	t.writes = append(t.writes, write{types.TransactWriteItem{Update: &types.Update{
		TableName: t.db.name(r.table), Key: r.key(), UpdateExpression: aws.String("SET " + strings.Join(sets, ", ")),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}, nil})
	return nil
}

// anew has the last part of a change written where nothing is, whatever version
// it is stored at.
func (t *tx) anew() {
	w := &t.writes[len(t.writes)-1]
	w.Put.ConditionExpression, w.Put.ExpressionAttributeValues = aws.String("attribute_not_exists(#v)"), nil
	w.Put.ExpressionAttributeNames = map[string]string{"#v": "version"}
}
