package dynamodb

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// everything is the hash key under which byExpiry has all that expires.
const everything = "all"

// over asks for what expired before a time.
func over(t *table, before string) query {
	return query{table: t, index: byExpiry.name, hash: everything, below: before}
}

// errStays says that something is not over any more.
var errStays = errors.New("it was changed meanwhile")

// sweep removes what an index finds, if it is still to be found there when it
// is removed. Also says what goes with each; nil is nothing.
func (db *DB) sweep(ctx context.Context, q query, also func(*tx, stored) error) error {
	hash, sort, _ := q.keys()
	return db.pages(ctx, q, func(items []attributes) (bool, error) {
		if also != nil {
			var err error
			if items, err = db.fetch(ctx, q.table, items); err != nil {
				return false, err
			}
		}
		return true, eachOf(ctx, items, func(ctx context.Context, item attributes) error {
			err := db.transact(ctx, func(_ context.Context, t *tx) error {
				t.writes = append(t.writes, write{types.TransactWriteItem{Delete: &types.Delete{
					TableName: db.name(q.table), Key: q.table.keyOf(item), ConditionExpression: aws.String("#h = :h AND #s < :s"),
					ExpressionAttributeNames:  map[string]string{"#h": hash, "#s": sort},
					ExpressionAttributeValues: attributes{":h": value(hash, q.hash), ":s": value(sort, q.below)},
				}}, errStays})
				if also == nil {
					return nil
				}
				s, err := read(item)
				if err != nil {
					return err
				}
				return also(t, s)
			})
			if errors.Is(err, errStays) {
				return nil
			}
			return err
		})
	})
}

// keyOf is the key of an item.
func (t *table) keyOf(item attributes) attributes {
	key := attributes{t.hash: item[t.hash]}
	if t.sort != "" {
		key[t.sort] = item[t.sort]
	}
	return key
}

// removes is how many items one request removes.
const removes = 25

// purge removes what q finds, whatever it is.
func (db *DB) purge(ctx context.Context, q query) error {
	return db.pages(ctx, q, func(items []attributes) (bool, error) {
		keys := make([]attributes, len(items))
		for i, item := range items {
			keys[i] = q.table.keyOf(item)
		}
		return true, db.remove(ctx, q.table, keys)
	})
}

// remove removes the items with these keys.
func (db *DB) remove(ctx context.Context, t *table, keys []attributes) error {
	for len(keys) > 0 {
		now := keys[:min(len(keys), removes)]
		keys = keys[len(now):]
		var requests []types.WriteRequest
		for _, key := range now {
			requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key}})
		}
		left := map[string][]types.WriteRequest{*db.name(t): requests}
		for try := 0; len(left) > 0; try++ {
			if err := pause(ctx, try); err != nil {
				return err
			}
			out, err := db.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: left, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal})
			if err != nil {
				return fmt.Errorf("remove items of %s: %w", t.name, err)
			}
			db.used(true, out.ConsumedCapacity...)
			left = out.UnprocessedItems
		}
	}
	return nil
}
