package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// tx is a change in the making: what is written together or not at all. It is
// made anew for each try, from what is stored then.
type tx struct {
	db      *DB
	writes  []write
	events  []hajir.Event  // become entries of the audit log
	notices []hajir.Notice // are told to whoever wants them
	wanted  map[want]bool  // what is known of that
}

// write is one item's part in a change.
type write struct {
	types.TransactWriteItem
	// failed is the change's error when this part's condition is not met; nil has
	// the change made anew.
	failed error
}

// mostTries is how often a change is made anew that others come in the way of.
const mostTries = 40

// mostParts is how many items DynamoDB writes together.
const mostParts = 100

// errParts says that a change has more than those.
var errParts = fmt.Errorf("DynamoDB writes %d items together, and not more", mostParts)

// mostBytes is how large a record may be. DynamoDB takes 400 KB with all that is
// beside the document.
const mostBytes = 390 << 10

func conflict(what string) error {
	return hajir.Errorf(hajir.Conflict, "the %s exists already or was changed meanwhile; load it again", what)
}

// transact makes a change: build says what is to be written, from what it reads.
func (db *DB) transact(ctx context.Context, build func(context.Context, *tx) error) error {
	for try := 0; ; try++ {
		if err := pause(ctx, try); err != nil {
			return err
		}
		again, err := db.attempt(ctx, build)
		if !again {
			return err
		}
		if try == mostTries {
			return &hajir.Error{Code: hajir.Unavailable, Message: "too many change this at once; try again", Cause: err}
		}
	}
}

func (db *DB) attempt(ctx context.Context, build func(context.Context, *tx) error) (again bool, err error) {
	t := &tx{db: db}
	if err := build(ctx, t); err != nil {
		return false, err
	}
	told, err := t.tell(ctx)
	if err != nil {
		return false, err
	}
	unlock, err := t.enter(ctx) // the audit log, last: others wait meanwhile
	defer unlock()
	if err != nil {
		return false, err
	}
	if again, err = db.commit(ctx, t.writes); err == nil && told {
		db.wake()
	}
	return again, err
}

// commit writes the parts of a change. Again says that others came in the way,
// which is no fault of the change.
func (db *DB) commit(ctx context.Context, writes []write) (again bool, err error) {
	switch {
	case len(writes) == 0:
		return false, nil
	case len(writes) == 1 && writes[0].ConditionCheck == nil && writes[0].Update == nil:
		return db.single(ctx, writes[0])
	case len(writes) > mostParts:
		return false, fmt.Errorf("a change of %d items: %w", len(writes), errParts)
	}
	items := make([]types.TransactWriteItem, len(writes))
	for i, w := range writes {
		items[i] = w.TransactWriteItem
	}
	out, err := db.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: items, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err == nil {
		db.used(true, out.ConsumedCapacity...)
		return false, nil
	}
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return false, fmt.Errorf("write: %w", err)
	}
	for i, reason := range cancelled.CancellationReasons {
		switch code := aws.ToString(reason.Code); code {
		case "ConditionalCheckFailed":
			if writes[i].failed != nil {
				return false, writes[i].failed
			}
			again = true
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			again = true
		case "", "None":
		default:
			return false, fmt.Errorf("write: %s: %w", code, err)
		}
	}
	return again, fmt.Errorf("write: %w", err)
}

// single writes the one part of a change, which costs half.
func (db *DB) single(ctx context.Context, w write) (again bool, err error) {
	switch total := types.ReturnConsumedCapacityTotal; {
	case w.Put != nil:
		var out *dynamodb.PutItemOutput
		if out, err = db.client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: w.Put.TableName, Item: w.Put.Item, ConditionExpression: w.Put.ConditionExpression,
			ExpressionAttributeNames: w.Put.ExpressionAttributeNames, ExpressionAttributeValues: w.Put.ExpressionAttributeValues,
			ReturnConsumedCapacity: total,
		}); err == nil {
			db.usedOne(true, out.ConsumedCapacity)
		}
	case w.Delete != nil:
		var out *dynamodb.DeleteItemOutput
		if out, err = db.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: w.Delete.TableName, Key: w.Delete.Key, ConditionExpression: w.Delete.ConditionExpression,
			ExpressionAttributeNames: w.Delete.ExpressionAttributeNames, ExpressionAttributeValues: w.Delete.ExpressionAttributeValues,
			ReturnConsumedCapacity: total,
		}); err == nil {
			db.usedOne(true, out.ConsumedCapacity)
		}
	default:
		return false, errors.New("a part of a change that writes nothing")
	}
	if _, failed := errors.AsType[*types.ConditionalCheckFailedException](err); failed {
		return w.failed == nil, w.failed
	}
	if _, busy := errors.AsType[*types.TransactionConflictException](err); busy {
		return true, fmt.Errorf("write: %w", err)
	}
	if err != nil {
		return false, fmt.Errorf("write: %w", err)
	}
	return false, nil
}

// put adds a record as the successor of the version that was read. What must
// not change with it is compared, too.
func (t *tx) put(what string, r row) ([]byte, error) {
	if len(r.hash) > maxHash || len(r.sort) > maxSort {
		return nil, hajir.Errorf(hajir.Invalid, "the key of the %s is too long", what)
	}
	item, doc, err := r.item()
	if err != nil {
		return nil, err
	}
	if len(doc)+len(r.sealed) > mostBytes {
		return nil, hajir.Errorf(hajir.TooLarge, "the %s has become too large to be kept: at most %d KB are", what, mostBytes>>10)
	}
	put := &types.Put{
		TableName: t.db.name(r.table), Item: item,
		ConditionExpression: aws.String("attribute_not_exists(#h)"), ExpressionAttributeNames: map[string]string{"#h": r.table.hash},
	}
	if r.version > 0 {
		conditions := []string{"#v = :v"}
		put.ExpressionAttributeNames = map[string]string{"#v": "version"}
		put.ExpressionAttributeValues = attributes{":v": number(int64(r.version))}
		for i, name := range r.fixed {
			n := strconv.Itoa(i)
			conditions = append(conditions, "#f"+n+" = :f"+n)
			put.ExpressionAttributeNames["#f"+n] = name
			put.ExpressionAttributeValues[":f"+n] = value(name, r.index[name])
		}
		put.ConditionExpression = aws.String(strings.Join(conditions, " AND "))
	}
	t.writes = append(t.writes, write{types.TransactWriteItem{Put: put}, conflict(what)})
	return doc, nil
}

// save is put, and returns what the record was and is. A version that is
// not there any more is a conflict at once.
func (t *tx) save(ctx context.Context, what string, r row) (before stored, doc []byte, err error) {
	if r.version > 0 {
		found := false
		if before, found, err = t.db.get(ctx, r.table, r.hash, r.sort); err != nil {
			return before, nil, err
		}
		if !found || before.version != r.version {
			return before, nil, conflict(what)
		}
		for _, name := range r.fixed {
			if before.text(name) != r.index[name] {
				return before, nil, conflict(what)
			}
		}
	}
	doc, err = t.put(what, r)
	return before, doc, err
}

// delete removes an item at a version; at version 0 whichever it is, and none is
// no error.
func (t *tx) delete(what string, of *table, version int, hash string, sort ...string) {
	del := &types.Delete{TableName: t.db.name(of), Key: of.key(hash, sort...)}
	var failed error
	if version > 0 {
		del.ConditionExpression = aws.String("#v = :v")
		del.ExpressionAttributeNames = map[string]string{"#v": "version"}
		del.ExpressionAttributeValues = attributes{":v": number(int64(version))}
		failed = conflict(what)
	}
	t.writes = append(t.writes, write{types.TransactWriteItem{Delete: del}, failed})
}

// save stores a record of a table that is not audited.
func (db *DB) save(ctx context.Context, what string, r row) error {
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		_, err := t.put(what, r)
		return err
	})
}

// deleteAt removes an item of a table that is not audited, at the version that
// was read; one that is not there, or was changed, is a conflict.
func (db *DB) deleteAt(ctx context.Context, what string, of *table, version int, hash string, sort ...string) error {
	if version < 1 {
		return conflict(what)
	}
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		t.delete(what, of, version, hash, sort...)
		return nil
	})
}

// delete removes an item of a table that is not audited; none is no error.
func (db *DB) delete(ctx context.Context, of *table, hash string, sort ...string) error {
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		t.delete("", of, 0, hash, sort...)
		return nil
	})
}

// subject is what the audit log says of a record; the zero subject is nobody's,
// of which it says nothing.
type subject struct {
	record.Audit
	company, key, person string
	// view is what the log compares of a record; nil is its document.
	view func(doc, sealed []byte) ([]byte, error)
}

func (s subject) look(doc, sealed []byte) ([]byte, error) {
	if doc == nil || s.view == nil {
		return doc, nil
	}
	return s.view(doc, sealed)
}

// saveAudited stores a record with an entry of the audit log and the notices
// that follow from its change.
func (db *DB) saveAudited(ctx context.Context, what string, s subject, r row) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.saveAudited(ctx, what, s, r)
		return err
	})
}

func (t *tx) saveAudited(ctx context.Context, what string, s subject, r row) (before stored, err error) {
	before, doc, err := t.save(ctx, what, r)
	if err != nil {
		return before, err
	}
	return before, t.changed(s, before, stored{doc: doc, sealed: r.sealed})
}

// changed notes that a record is another one than it was. One without a document
// is none.
func (t *tx) changed(s subject, before, after stored) error {
	was, err := s.look(before.doc, before.sealed)
	if err != nil {
		return err
	}
	is, err := s.look(after.doc, after.sealed)
	if err != nil {
		return err
	}
	return t.compare(s, was, is)
}

// compare is changed for what the log compares; nil is nothing.
func (t *tx) compare(s subject, was, is []byte) error {
	if was == nil && is == nil || s.Table == "" {
		return nil
	}
	if s.Notices != nil {
		notices, err := s.Notices(was, is)
		if err != nil {
			return fmt.Errorf("notices of %s: %w", s.Table, err)
		}
		t.notices = append(t.notices, notices...)
	}
	e := hajir.Event{Company: s.company, Action: hajir.ActionChange, Subject: hajir.Subject{Table: s.Table, Key: s.key, Person: s.person}}
	switch {
	case was == nil:
		e.Action = hajir.ActionCreate
	case is == nil:
		e.Action = hajir.ActionDelete
	}
	var err error
	if e.Before, e.After, err = s.Differ(was, is); err != nil {
		return fmt.Errorf("audit %s: %w", s.Table, err)
	}
	if e.Before != nil || e.After != nil {
		t.events = append(t.events, e)
	}
	return nil
}

// deleteAudited removes a record with an entry of the audit log: at the version
// that was read, or at version 0 whichever it is, and none is no error then.
// About says whose record it is.
func (db *DB) deleteAudited(
	ctx context.Context, what string, about func(stored) (subject, error), version int, of *table, hash string, sort ...string,
) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		return t.deleteAudited(ctx, what, about, version, of, hash, sort...)
	})
}

func (t *tx) deleteAudited(
	ctx context.Context, what string, about func(stored) (subject, error), version int, of *table, hash string, sort ...string,
) error {
	before, found, err := t.db.get(ctx, of, hash, sort...)
	if err != nil {
		return err
	}
	if version > 0 && (!found || before.version != version) {
		return conflict(what)
	}
	if !found {
		return nil
	}
	s, err := about(before)
	if err != nil {
		return err
	}
	t.delete(what, of, before.version, hash, sort...)
	if version == 0 {
		t.writes[len(t.writes)-1].failed = nil // it is read again, and removed as it is then
	}
	return t.changed(s, before, stored{})
}
