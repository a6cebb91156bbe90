package dynamodb

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"
)

// query asks for the items with one hash key, in order of their sort keys.
type query struct {
	table *table
	index string // empty: by the table's own key
	hash  string
	// least and most bound the sort key; empty they do not. Of both, each is
	// among what is found.
	least, most string
	// behind and below bound it, and are not among what is found.
	behind, below string
	prefix        string
	down          bool // the greatest first
	limit         int  // 0 is all
	page          int  // how many are asked for at once; 0 is as many as limit says
	lean          bool // without what is sealed
}

// keys returns the names of the hash key and the sort key that q goes by, and
// whether the index is one that follows the table.
func (q query) keys() (hash, sort string, follows bool) {
	for _, i := range q.table.local {
		if i.name == q.index {
			return i.hash, i.sort, false
		}
	}
	for _, i := range q.table.global {
		if i.name == q.index {
			return i.hash, i.sort, true
		}
	}
	return q.table.hash, q.table.sort, false
}

// next is the first text behind another one.
func next(s string) string { return s + "\x00" }

func (q query) input(db *DB) (in *dynamodb.QueryInput, follows bool) {
	hash, sort, follows := q.keys()
	in = &dynamodb.QueryInput{
		TableName: db.name(q.table), ScanIndexForward: aws.Bool(!q.down), ConsistentRead: aws.Bool(!follows),
		KeyConditionExpression: aws.String("#h = :h"), ExpressionAttributeNames: map[string]string{"#h": hash},
		ExpressionAttributeValues: attributes{":h": value(hash, q.hash)}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	if q.index != "" {
		in.IndexName = aws.String(q.index)
		if !follows {
			in.Select = types.SelectAllAttributes
		}
	}
	if q.lean {
		in.ProjectionExpression = aws.String("#h, #k, version, doc")
		in.ExpressionAttributeNames["#k"] = q.table.sort
	}
	least, most := q.least, q.most
	if q.behind != "" {
		least = next(q.behind)
	}
	above, condition := least != "", ""
	switch {
	case q.prefix != "":
		condition, least = "begins_with(#s, :least)", q.prefix
	case above && q.below != "":
		condition, most = "#s BETWEEN :least AND :most", q.below // without below itself: see run
	case above && most != "":
		condition = "#s BETWEEN :least AND :most"
	case above:
		condition = "#s >= :least"
	case q.below != "":
		condition, most = "#s < :most", q.below
	case most != "":
		condition = "#s <= :most"
	default:
		return in, follows
	}
	in.KeyConditionExpression = aws.String("#h = :h AND " + condition)
	in.ExpressionAttributeNames["#s"] = sort
	for name, bound := range map[string]string{":least": least, ":most": most} {
		if strings.Contains(condition, name) {
			in.ExpressionAttributeValues[name] = value(sort, bound)
		}
	}
	return in, follows
}

// empty says that nothing can be found, of which DynamoDB makes an error.
func (q query) empty() bool {
	if _, sort, _ := q.keys(); slices.Contains(numbers, sort) {
		return false
	}
	least := q.least
	if q.behind != "" {
		least = next(q.behind)
	}
	return q.most != "" && least > q.most || q.below != "" && least > q.below || len(q.hash) > maxHash || max(len(least), len(q.prefix)) > maxSort
}

// mostAtOnce is how many items are asked for at once.
const mostAtOnce = 1000

// pages visits what q finds, a page at a time, until visit says that it is
// enough.
func (db *DB) pages(ctx context.Context, q query, visit func([]attributes) (more bool, err error)) error {
	if q.empty() {
		return nil
	}
	in, _ := q.input(db)
	if q.limit > 0 {
		in.Limit = aws.Int32(int32(min(max(q.limit+1, q.page), mostAtOnce)))
	}
	_, sort, _ := q.keys()
	for {
		out, err := db.client.Query(ctx, in)
		if err != nil {
			return fmt.Errorf("query %s: %w", q.table.name, err)
		}
		db.usedOne(false, out.ConsumedCapacity)
		found := out.Items
		if q.below != "" {
			kept := found[:0]
			for _, item := range found {
				if text(item, sort) != q.below {
					kept = append(kept, item)
				}
			}
			found = kept
		}
		more, err := visit(found)
		if err != nil || !more || out.LastEvaluatedKey == nil {
			return err
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// each visits the records that q finds, as they are in the table now, at most
// q.limit of those that keep wants; keep may be nil.
func (db *DB) each(ctx context.Context, q query, keep func(stored) bool, visit func(stored) error) error {
	_, _, follows := q.keys()
	if keep != nil {
		q.page = inBatch // more are looked at than are found
	}
	n := 0
	return db.pages(ctx, q, func(items []attributes) (bool, error) {
		if follows {
			var err error
			if items, err = db.fetch(ctx, q.table, items); err != nil {
				return false, err
			}
		}
		for _, item := range items {
			s, err := read(item)
			if err != nil {
				return false, err
			}
			if keep != nil && !keep(s) {
				continue
			}
			if q.limit > 0 && n == q.limit {
				return false, nil
			}
			n++
			if err := visit(s); err != nil {
				return false, err
			}
		}
		return q.limit == 0 || n < q.limit, nil
	})
}

// list decodes the records that q finds.
func list[D any](ctx context.Context, db *DB, what string, q query, visit func(doc D, s stored)) error {
	return db.each(ctx, q, nil, func(s stored) error {
		doc, err := decode[D](s, what)
		if err == nil {
			visit(doc, s)
		}
		return err
	})
}

// count returns how many items q finds, at most q.limit.
func (db *DB) count(ctx context.Context, q query) (n int, err error) {
	err = db.pages(ctx, q, func(items []attributes) (bool, error) {
		n += len(items)
		return q.limit == 0 || n < q.limit, nil
	})
	if q.limit > 0 {
		n = min(n, q.limit)
	}
	return n, err
}

// inBatch is how many items one request reads.
const inBatch = 100

// fetch reads the items with the keys of others, in their order; those that are
// not there are left out.
func (db *DB) fetch(ctx context.Context, t *table, of []attributes) ([]attributes, error) {
	id := func(item attributes) string {
		key := plain(item[t.hash])
		if t.sort != "" {
			key += "\x00" + plain(item[t.sort])
		}
		return key
	}
	found := make(map[string]attributes, len(of))
	var keys []attributes
	for _, item := range of {
		key := attributes{t.hash: item[t.hash]}
		if t.sort != "" {
			key[t.sort] = item[t.sort]
		}
		if _, twice := found[id(key)]; !twice {
			found[id(key)] = nil
			keys = append(keys, key)
		}
	}
	for len(keys) > 0 {
		now := keys[:min(len(keys), inBatch)]
		keys = keys[len(now):]
		wanted := map[string]types.KeysAndAttributes{*db.name(t): {Keys: now, ConsistentRead: aws.Bool(true)}}
		for try := 0; len(wanted) > 0; try++ {
			if err := pause(ctx, try); err != nil {
				return nil, err
			}
			out, err := db.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: wanted, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
			if err != nil {
				return nil, fmt.Errorf("get items of %s: %w", t.name, err)
			}
			db.used(false, out.ConsumedCapacity...)
			for _, item := range out.Responses[*db.name(t)] {
				found[id(item)] = item
			}
			wanted = out.UnprocessedKeys
		}
	}
	all := make([]attributes, 0, len(found))
	for _, item := range of {
		if f := found[id(item)]; f != nil {
			all = append(all, f)
			found[id(item)] = nil
		}
	}
	return all, nil
}

func plain(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	return ""
}

// byKeys reads the records with several hash keys and one sort key, in no order.
func (db *DB) byKeys(ctx context.Context, t *table, hashes []string, sort ...string) ([]stored, error) {
	var keys []attributes
	for _, h := range hashes {
		if len(h) <= maxHash {
			keys = append(keys, t.key(h, sort...))
		}
	}
	items, err := db.fetch(ctx, t, keys)
	if err != nil {
		return nil, err
	}
	all := make([]stored, len(items))
	for i, item := range items {
		if all[i], err = read(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// atOnce is how many requests one call makes at the same time.
const atOnce = 8

// eachOf asks for each of several things, a few at a time.
func eachOf[T any](ctx context.Context, all []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, one := range all {
		group.Go(func() error { return do(ctx, one) })
	}
	return group.Wait() //nolint:wrapcheck // do says what it did
}

// The waits between tries, which grow and are by chance, so that many who wait
// do not come back at once.
const (
	firstWait = 10 * time.Millisecond
	lastWait  = time.Second
)

// wait is how long to wait before a try, of which 1 is the second.
func wait(try int) time.Duration {
	return rand.N(min(firstWait<<min(max(try, 0), 10), lastWait)) //nolint:gosec // nobody gains by guessing it
}

// pause waits before a try; not before the first.
func pause(ctx context.Context, try int) error {
	if try == 0 {
		return nil
	}
	timer := time.NewTimer(wait(try))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // it is the caller's own
	case <-timer.C:
		return nil
	}
}
