package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// tell writes notices in the transaction of the change that they follow from.
// Who did it is who acts in ctx, where a notice does not say.
func (db *DB) tell(ctx context.Context, tx *sql.Tx, notices []hajir.Notice) error {
	for _, n := range notices {
		if n.Kind.OnRequest() {
			wanted, err := wants(tx.QueryRowContext(ctx, selectWant, n.Company, n.Kind))
			if err != nil {
				return err
			}
			if !wanted {
				continue
			}
		}
		if n.By == "" {
			n.By = identity.ActOf(ctx).Actor.Username
		}
		if n.At.IsZero() {
			n.At = db.now()
		}
		if n.ID == "" {
			id, err := uuid.NewV7()
			if err != nil {
				return fmt.Errorf("name a notice: %w", err)
			}
			n.ID = id.String()
		}
		if err := insertDelivery(ctx, tx, hajir.Delivery{Notice: n, Due: db.now()}); err != nil {
			return err
		}
		db.told.Store(tx, true)
	}
	return nil
}

// Raise stores a notice that follows from no record's change. One with an ID
// that waits already is a Conflict.
func (db *DB) Raise(ctx context.Context, n hajir.Notice) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return db.tell(ctx, tx, []hajir.Notice{n}) })
}

// Notices has a value once notices were stored by this process since the last one
// was taken.
func (db *DB) Notices() <-chan struct{} { return db.notices }

// wake tells whoever reads Notices, and waits for nobody.
func (db *DB) wake() {
	select {
	case db.notices <- struct{}{}:
	default:
	}
}

// selectWant asks whether any channel wants a company's notices of a kind that is
// written on request.
const selectWant = `SELECT EXISTS (SELECT 1 FROM Notice_wants WHERE company = ? AND kind = ?)`

// wants reads the row of selectWant.
func wants(r row) (wanted bool, err error) {
	if err := r.Scan(&wanted); err != nil {
		return false, fmt.Errorf("select wants: %w", err)
	}
	return wanted, nil
}

// Want stores which kinds a channel wants of a company, in the place of those
// that it wanted before. Only those that are written on request are asked for.
func (db *DB) Want(ctx context.Context, company, channel string, kinds []hajir.NoticeKind) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return want(ctx, tx, company, channel, kinds) })
}

func want(ctx context.Context, tx *sql.Tx, company, channel string, kinds []hajir.NoticeKind) error {
	if err := exec(ctx, tx, "forget wants", `DELETE FROM Notice_wants WHERE company = ? AND channel = ?`, company, channel); err != nil {
		return err
	}
	for _, k := range kinds {
		if !k.OnRequest() {
			continue
		}
		err := exec(ctx, tx, "save wants", `INSERT INTO Notice_wants (company, kind, channel) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, company, k, channel)
		if err != nil {
			return err
		}
	}
	return nil
}

// storeDelivery returns what a delivery is saved with: its key, company, when it
// is due, when it died, and the document.
func storeDelivery(d hajir.Delivery) ([]any, error) {
	doc, err := encode(record.StoreDelivery(d), "delivery")
	if err != nil {
		return nil, err
	}
	due, dead := "", ""
	if d.Dead() {
		dead = record.Sortable(d.DeadAt)
	} else {
		due = record.Sortable(d.Due)
	}
	return []any{d.ID, d.Address(), d.Company, due, dead, doc}, nil
}

func insertDelivery(ctx context.Context, tx *sql.Tx, d hajir.Delivery) error {
	args, err := storeDelivery(d)
	if err != nil {
		return err
	}
	return save(ctx, tx, "delivery", `INSERT INTO Deliveries (noticeid, address, company, due, dead, version, doc)
		VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6) ON CONFLICT DO NOTHING`, args...)
}

// SaveDelivery stores d, which is there, as the successor of d.Version. So it is
// claimed, too: of several who would try, one saves it.
func (db *DB) SaveDelivery(ctx context.Context, d hajir.Delivery) error {
	args, err := storeDelivery(d)
	if err != nil {
		return err
	}
	return db.save(ctx, "delivery", `UPDATE Deliveries SET version = version + 1, due = ?4, dead = ?5, doc = ?6
		WHERE noticeid = ?1 AND address = ?2 AND company = ?3 AND version = ?7`, append(args, d.Version)...)
}

// SpreadDelivery puts deliveries in the place of d, which is at d.Version. Those
// that are there already stay as they are: an earlier try had come so far.
func (db *DB) SpreadDelivery(ctx context.Context, d hajir.Delivery, to []hajir.Delivery) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		err := save(ctx, tx, "delivery", deleteDelivery, d.ID, d.Address(), d.Version)
		for i := 0; err == nil && i < len(to); i++ {
			if err = insertDelivery(ctx, tx, to[i]); hajir.CodeOf(err) == hajir.Conflict {
				err = nil
			}
		}
		return err
	})
}

// DeleteDelivery removes d if it is still at d.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteDelivery(ctx context.Context, d hajir.Delivery) error {
	return db.save(ctx, "delivery", deleteDelivery, d.ID, d.Address(), d.Version)
}

const (
	deleteDelivery = `DELETE FROM Deliveries WHERE noticeid = ? AND address = ? AND version = ?`
	deliveriesDue  = `SELECT version, doc FROM Deliveries WHERE due <> '' AND due <= ? AND (due, noticeid, address) > (?, ?, ?)
		ORDER BY due, noticeid, address LIMIT ?`
	deliveriesWaiting = `SELECT version, doc FROM Deliveries WHERE company = ? AND due <> '' AND (due, noticeid, address) > (?, ?, ?)
		ORDER BY due, noticeid, address LIMIT ?`
	deliveriesDead = `SELECT version, doc FROM Deliveries WHERE company = ? AND dead <> '' AND (dead, noticeid, address) < (?, ?, ?)
		ORDER BY dead DESC, noticeid DESC, address DESC LIMIT ?`
	countWaiting  = `SELECT count(*) FROM (SELECT 1 FROM Deliveries WHERE company = ? AND due <> '' LIMIT ?)`
	countDead     = `SELECT count(*) FROM (SELECT 1 FROM Deliveries WHERE company = ? AND dead <> '' LIMIT ?)`
	countQueue    = `SELECT count(*) FROM (SELECT 1 FROM Deliveries INDEXED BY Deliveries_due WHERE due <> '' LIMIT ?)`
	deliveriesOld = `DELETE FROM Deliveries WHERE dead <> '' AND dead < ?`
)

// DueDeliveries returns at most limit of all deliveries that are due at a time,
// those that are due longest first, beginning behind the one given; the zero
// delivery begins.
func (db *DB) DueDeliveries(ctx context.Context, at time.Time, behind hajir.Delivery, limit int) ([]hajir.Delivery, error) {
	since := ""
	if behind.ID != "" {
		since = record.Sortable(behind.Due)
	}
	return db.deliveries(ctx, deliveriesDue, record.Sortable(at), since, behind.ID, behind.Address(), limit)
}

// Deliveries returns at most limit of a company's deliveries, beginning behind
// the one given: those that wait, the next one first, or those that are dead, the
// latest first.
func (db *DB) Deliveries(ctx context.Context, company string, dead bool, behind hajir.Delivery, limit int) ([]hajir.Delivery, error) {
	query, since := deliveriesWaiting, ""
	switch {
	case dead && behind.ID == "":
		query, since = deliveriesDead, "~" // behind no time
	case dead:
		query, since = deliveriesDead, record.Sortable(behind.DeadAt)
	case behind.ID != "":
		since = record.Sortable(behind.Due)
	}
	return db.deliveries(ctx, query, company, since, behind.ID, behind.Address(), limit)
}

func (db *DB) deliveries(ctx context.Context, query string, args ...any) ([]hajir.Delivery, error) {
	var all []hajir.Delivery
	err := list(ctx, db, "deliveries", func(doc record.Delivery, version int) { all = append(all, doc.Load(version)) }, query, args...)
	return all, err
}

// Delivery returns one delivery, by its notice, channel and target.
func (db *DB) Delivery(ctx context.Context, id, channel, target string) (hajir.Delivery, error) {
	key := hajir.Delivery{Channel: channel, Target: target}
	doc, version, err := decode[record.Delivery](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Deliveries WHERE noticeid = ? AND address = ?`, id, key.Address()), "delivery")
	return doc.Load(version), err
}

// CountDeliveries returns how many of a company's deliveries wait, or are dead;
// of more than most, most.
func (db *DB) CountDeliveries(ctx context.Context, company string, dead bool, most int) (int, error) {
	if dead {
		return db.count(ctx, "deliveries", countDead, company, most)
	}
	return db.count(ctx, "deliveries", countWaiting, company, most)
}

// QueueDepth returns how many deliveries of all companies wait; of more than
// most, most.
func (db *DB) QueueDepth(ctx context.Context, most int) (int, error) {
	return db.count(ctx, "deliveries", countQueue, most)
}

func (db *DB) count(ctx context.Context, what, query string, args ...any) (n int, err error) {
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", what, err)
	}
	return n, nil
}

// DeleteOldDeliveries forgets deliveries that died before a time.
func (db *DB) DeleteOldDeliveries(ctx context.Context, before time.Time) error {
	return db.exec(ctx, "delete old deliveries", deliveriesOld, record.Sortable(before))
}
