package dynamodb

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// tell adds a change's notices to it. Who did it is who acts in ctx, where a
// notice does not say. A notice that waits already is a Conflict.
func (t *tx) tell(ctx context.Context) (told bool, err error) {
	for _, n := range t.notices {
		if n.Kind.OnRequest() {
			if wanted, err := t.wants(ctx, want{n.Company, n.Kind}); err != nil {
				return false, err
			} else if !wanted {
				continue
			}
		}
		if n.By == "" {
			n.By = identity.ActOf(ctx).Actor.Username
		}
		if n.At.IsZero() {
			n.At = t.db.now()
		}
		if n.ID == "" {
			id, err := uuid.NewV7()
			if err != nil {
				return false, fmt.Errorf("name a notice: %w", err)
			}
			n.ID = id.String()
		}
		if _, err := t.put("delivery", deliveryRow(hajir.Delivery{Notice: n, Due: t.db.now()})); err != nil {
			return false, err
		}
		told = true
	}
	return told, nil
}

// Raise stores a notice that follows from no record's change. One with an ID
// that waits already is a Conflict.
func (db *DB) Raise(ctx context.Context, n hajir.Notice) error {
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		t.notices = append(t.notices, n)
		return nil
	})
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

// want is a company's notices of one kind.
type want struct {
	company string
	kind    hajir.NoticeKind
}

// wants asks whether any channel wants what is written on request.
func (t *tx) wants(ctx context.Context, w want) (bool, error) {
	if wanted, known := t.wanted[w]; known {
		return wanted, nil
	}
	n, err := t.db.count(ctx, query{table: noticeWants, hash: w.company, prefix: string(w.kind) + "#", limit: 1})
	if t.wanted == nil {
		t.wanted = map[want]bool{}
	}
	t.wanted[w] = n > 0
	return n > 0, err
}

// Want stores which kinds a channel wants of a company, in the place of those
// that it wanted before. Only those that are written on request are asked for.
func (db *DB) Want(ctx context.Context, company, channel string, kinds []hajir.NoticeKind) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error { return t.want(ctx, company, channel, kinds) })
}

func (t *tx) want(ctx context.Context, company, channel string, kinds []hajir.NoticeKind) error {
	keep := map[string]bool{}
	for _, k := range kinds {
		if key := string(k) + "#" + channel; k.OnRequest() && !keep[key] {
			keep[key] = true
			if _, err := t.put("want", row{table: noticeWants, hash: company, sort: key, doc: wantDoc{Kind: k, Channel: channel}}); err != nil {
				return err
			}
			unconditional(t)
		}
	}
	return list(ctx, t.db, "wants", query{table: noticeWants, hash: company}, func(doc wantDoc, s stored) {
		if key := s.text("kindchannel"); doc.Channel == channel && !keep[key] {
			t.delete("want", noticeWants, 0, company, key)
		}
	})
}

type wantDoc struct {
	Kind    hajir.NoticeKind `json:"kind"`
	Channel string           `json:"channel"`
}

// unconditional has the last part of a change written whatever is there.
func unconditional(t *tx) {
	w := &t.writes[len(t.writes)-1]
	w.Put.ConditionExpression, w.Put.ExpressionAttributeNames, w.failed = nil, nil, nil
}

// The queues of deliveries, which are hash keys of their indexes.
const (
	queueDue  = "due"
	queueDead = "dead"
)

// deliveryKey orders deliveries by a time, and then by their keys.
func deliveryKey(at time.Time, d hajir.Delivery) string {
	return record.Sortable(at) + "#" + d.ID + "#" + d.Address()
}

func deliveryRow(d hajir.Delivery) row {
	queue, at := queueDue, d.Due
	if d.Dead() {
		queue, at = queueDead, d.DeadAt
	}
	return row{
		table: deliveries, hash: d.ID, sort: d.Address(), version: d.Version, doc: record.StoreDelivery(d), fixed: []string{"company"},
		index: map[string]string{"company": d.Company, "queue": queue, "companyqueue": within(d.Company, queue), "at": deliveryKey(at, d)},
	}
}

// SaveDelivery stores d, which is there, as the successor of d.Version. So it is
// claimed, too: of several who would try, one saves it.
func (db *DB) SaveDelivery(ctx context.Context, d hajir.Delivery) error {
	if d.Version < 1 {
		return conflict("delivery")
	}
	return db.save(ctx, "delivery", deliveryRow(d))
}

// SpreadDelivery puts deliveries in the place of d, which is at d.Version. Those
// that are there already stay as they are: an earlier try had come so far. Of
// more than one transaction takes, d goes with the last.
func (db *DB) SpreadDelivery(ctx context.Context, d hajir.Delivery, to []hajir.Delivery) error {
	const most = mostParts - 1
	for len(to) > most {
		if err := db.spread(ctx, nil, to[:most]); err != nil {
			return err
		}
		to = to[most:]
	}
	return db.spread(ctx, &d, to)
}

func (db *DB) spread(ctx context.Context, d *hajir.Delivery, to []hajir.Delivery) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		if d != nil {
			if d.Version < 1 {
				return conflict("delivery")
			}
			t.delete("delivery", deliveries, d.Version, d.ID, d.Address())
		}
		var keys []attributes
		for _, x := range to {
			keys = append(keys, deliveries.key(x.ID, x.Address()))
		}
		there, err := db.fetch(ctx, deliveries, keys)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, item := range there {
			known[text(item, "noticeid")+"#"+text(item, "address")] = true
		}
		for _, x := range to {
			if key := x.ID + "#" + x.Address(); known[key] {
				continue
			} else {
				known[key] = true
			}
			x.Version = 0
			if _, err := t.put("delivery", deliveryRow(x)); err != nil {
				return err
			}
			t.writes[len(t.writes)-1].failed = nil // it came meanwhile, and stays as it is
		}
		return nil
	})
}

// DeleteDelivery removes d if it is still at d.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteDelivery(ctx context.Context, d hajir.Delivery) error {
	return db.deleteAt(ctx, "delivery", deliveries, d.Version, d.ID, d.Address())
}

// DueDeliveries returns at most limit of all deliveries that are due at a time,
// those that are due longest first, beginning behind the one given; the zero
// delivery begins.
func (db *DB) DueDeliveries(ctx context.Context, at time.Time, behind hajir.Delivery, limit int) ([]hajir.Delivery, error) {
	q := query{table: deliveries, index: "queue-index", hash: queueDue, below: next(record.Sortable(at) + "#\U0010FFFF"), limit: limit}
	if behind.ID != "" {
		q.behind = deliveryKey(behind.Due, behind)
	}
	return db.deliveriesBy(ctx, q, func(d hajir.Delivery) bool { return !d.Dead() && !d.Due.After(at) })
}

// Deliveries returns at most limit of a company's deliveries, beginning behind
// the one given: those that wait, the next one first, or those that are dead, the
// latest first.
func (db *DB) Deliveries(ctx context.Context, company string, dead bool, behind hajir.Delivery, limit int) ([]hajir.Delivery, error) {
	q := query{table: deliveries, index: "company-index", hash: within(company, queueDue), limit: limit}
	switch {
	case dead:
		q.hash, q.down = within(company, queueDead), true
		if behind.ID != "" {
			q.below = deliveryKey(behind.DeadAt, behind)
		}
	case behind.ID != "":
		q.behind = deliveryKey(behind.Due, behind)
	}
	return db.deliveriesBy(ctx, q, func(d hajir.Delivery) bool { return d.Dead() == dead })
}

func (db *DB) deliveriesBy(ctx context.Context, q query, keep func(hajir.Delivery) bool) ([]hajir.Delivery, error) {
	var all []hajir.Delivery
	var d hajir.Delivery
	err := db.each(ctx, q, func(s stored) bool {
		doc, err := decode[record.Delivery](s, "delivery")
		d = doc.Load(s.version)
		return err != nil || keep(d)
	}, func(s stored) error {
		_, err := decode[record.Delivery](s, "delivery")
		all = append(all, d)
		return err
	})
	return all, err
}

// Delivery returns one delivery, by its notice, channel and target.
func (db *DB) Delivery(ctx context.Context, id, channel, target string) (hajir.Delivery, error) {
	key := hajir.Delivery{Channel: channel, Target: target}
	doc, s, err := load[record.Delivery](ctx, db, "delivery", deliveries, id, key.Address())
	return doc.Load(s.version), err
}

// CountDeliveries returns how many of a company's deliveries wait, or are dead;
// of more than most, most.
func (db *DB) CountDeliveries(ctx context.Context, company string, dead bool, most int) (int, error) {
	queue := queueDue
	if dead {
		queue = queueDead
	}
	return db.count(ctx, query{table: deliveries, index: "company-index", hash: within(company, queue), limit: most})
}

// QueueDepth returns how many deliveries of all companies wait; of more than
// most, most.
func (db *DB) QueueDepth(ctx context.Context, most int) (int, error) {
	return db.count(ctx, query{table: deliveries, index: "queue-index", hash: queueDue, limit: most})
}

// DeleteOldDeliveries forgets deliveries that died before a time.
func (db *DB) DeleteOldDeliveries(ctx context.Context, before time.Time) error {
	return db.sweep(ctx, query{table: deliveries, index: "queue-index", hash: queueDead, below: record.Sortable(before)}, nil)
}
