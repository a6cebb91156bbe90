package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/hajir"
)

// attributes are an item as DynamoDB has it.
type attributes = map[string]types.AttributeValue

// row is a record on its way into its table.
type row struct {
	table      *table
	hash, sort string
	version    int // that was read; it is stored as its successor
	doc        any // becomes JSON
	sealed     []byte
	// index are the attributes by which it is found; empty ones are left out, and
	// so is the record from their indexes.
	index map[string]string
	// fixed are those that stay as they were when the record was made.
	fixed []string
	// expires is when DynamoDB may remove it; zero is never.
	expires time.Time
}

// stored is a record as it was read.
type stored struct {
	attributes
	version int
	doc     []byte
	sealed  []byte
}

// none stands for an empty key, which DynamoDB does not take. It is no name of
// anything: those have letters and digits.
const none = "#"

// The most that a key may have, in bytes. Nothing is stored under longer ones.
const (
	maxHash = 2048
	maxSort = 1024
)

func value(name, text string) types.AttributeValue {
	if slices.Contains(numbers, name) {
		return &types.AttributeValueMemberN{Value: text}
	}
	if text == "" {
		text = none
	}
	return &types.AttributeValueMemberS{Value: text}
}

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func (t *table) key(hash string, sort ...string) attributes {
	key := attributes{t.hash: value(t.hash, hash)}
	if t.sort != "" {
		key[t.sort] = value(t.sort, sort[0])
	}
	return key
}

func (r row) key() attributes { return r.table.key(r.hash, r.sort) }

// item returns the record as it is stored, and its document.
func (r row) item() (attributes, []byte, error) {
	doc, err := json.Marshal(r.doc)
	if err != nil {
		return nil, nil, fmt.Errorf("encode a record of %s: %w", r.table.name, err)
	}
	item := r.key()
	item["version"] = number(int64(r.version) + 1)
	item["doc"] = &types.AttributeValueMemberS{Value: string(doc)}
	if r.sealed != nil {
		item["sealed"] = &types.AttributeValueMemberB{Value: r.sealed}
	}
	for name, text := range r.index {
		if text != "" {
			item[name] = value(name, text)
		}
	}
	if !r.expires.IsZero() {
		item[timeToLive] = number(r.expires.Unix())
	}
	return item, doc, nil
}

// text returns an attribute, or "".
func (s stored) text(name string) string { return text(s.attributes, name) }

func text(item attributes, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok && v.Value != none {
		return v.Value
	}
	return ""
}

func read(item attributes) (stored, error) {
	s := stored{attributes: item}
	if n, ok := item["version"].(*types.AttributeValueMemberN); ok {
		var err error
		if s.version, err = strconv.Atoi(n.Value); err != nil {
			return s, fmt.Errorf("decode a version: %w", err)
		}
	}
	if d, ok := item["doc"].(*types.AttributeValueMemberS); ok {
		s.doc = []byte(d.Value)
	}
	if b, ok := item["sealed"].(*types.AttributeValueMemberB); ok {
		s.sealed = b.Value
	}
	return s, nil
}

// get reads one item as it is now.
func (db *DB) get(ctx context.Context, t *table, hash string, sort ...string) (s stored, found bool, err error) {
	if len(hash) > maxHash || len(sort) > 0 && len(sort[0]) > maxSort {
		return s, false, nil
	}
	out, err := db.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: db.name(t), Key: t.key(hash, sort...), ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return s, false, fmt.Errorf("get an item of %s: %w", t.name, err)
	}
	db.usedOne(false, out.ConsumedCapacity)
	if out.Item == nil {
		return s, false, nil
	}
	s, err = read(out.Item)
	return s, err == nil, err
}

// decode reads the document of a record.
func decode[D any](s stored, what string) (doc D, err error) {
	if err := json.Unmarshal(s.doc, &doc); err != nil {
		return doc, fmt.Errorf("decode %s: %w", what, err)
	}
	return doc, nil
}

// load reads one record; that it is not there is NotFound.
func load[D any](ctx context.Context, db *DB, what string, t *table, hash string, sort ...string) (doc D, s stored, err error) {
	s, found, err := db.get(ctx, t, hash, sort...)
	if err != nil {
		return doc, s, err
	}
	if !found {
		return doc, s, hajir.Errorf(hajir.NotFound, "no such %s", what)
	}
	doc, err = decode[D](s, what)
	return doc, s, err
}
