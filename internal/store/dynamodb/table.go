package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// table is a table and its keys. A key is text, unless it is in numbers.
type table struct {
	name, hash, sort string
	// local indexes have the table's hash key, and are as up to date as the
	// table; global ones follow within a moment. All hold keys alone: the
	// documents are read from the table, so that they are never old.
	local, global []index
	// expires says that the attribute timeToLive tells when an item may be removed.
	expires bool
}

type index struct{ name, hash, sort string }

// numbers are the keys that are numbers.
var numbers = []string{"seq", "number"}

// The indexes that many tables have. byExpiry finds, under one hash key, what
// is over.
var (
	byCompany = index{"company-index", "company", ""}
	byExpiry  = index{"expires-index", "expiring", "expires"}
)

// by is an index by company with a sort key.
func (i index) by(sort string) index {
	i.sort = sort
	return i
}

// name returns the table's name in its stage.
func (db *DB) name(t *table) *string { return aws.String(db.prefix + t.name) }

// CreateTables makes the tables that are not there, for tests and for engines of
// one's own; on AWS the template does it. It returns once they can be used.
func (db *DB) CreateTables(ctx context.Context) error {
	for _, t := range tables() {
		_, err := db.client.CreateTable(ctx, definition(db.prefix, t))
		if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
			return fmt.Errorf("create table %s: %w", t.name, err)
		}
	}
	for _, t := range tables() {
		wait := dynamodb.NewTableExistsWaiter(db.client, func(o *dynamodb.TableExistsWaiterOptions) {
			o.MinDelay, o.MaxDelay = 200*time.Millisecond, 5*time.Second
		})
		if err := wait.Wait(ctx, &dynamodb.DescribeTableInput{TableName: db.name(t)}, 2*time.Minute); err != nil {
			return fmt.Errorf("wait for table %s: %w", t.name, err)
		}
		if err := db.expire(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// expire has DynamoDB remove what is over by itself.
func (db *DB) expire(ctx context.Context, t *table) error {
	if !t.expires {
		return nil
	}
	is, err := db.client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: db.name(t)})
	if err != nil {
		return fmt.Errorf("look at table %s: %w", t.name, err)
	}
	if d := is.TimeToLiveDescription; d != nil && d.TimeToLiveStatus != types.TimeToLiveStatusDisabled {
		return nil
	}
	_, err = db.client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: db.name(t), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(timeToLive), Enabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("have items of table %s expire: %w", t.name, err)
	}
	return nil
}

// Table is how a table of a stage is made.
type Table struct {
	*dynamodb.CreateTableInput
	Expires string // the attribute that says when an item may be removed; "" is none
}

// Tables lists the tables of the stage whose names begin with prefix, for
// whoever makes or describes them.
func Tables(prefix string) []Table {
	var all []Table
	for _, t := range tables() {
		d := Table{CreateTableInput: definition(prefix, t)}
		if t.expires {
			d.Expires = timeToLive
		}
		all = append(all, d)
	}
	return all
}

// timeToLive is the attribute that says, in seconds since 1970, when an item may
// be removed.
const timeToLive = "ttl"

func definition(prefix string, t *table) *dynamodb.CreateTableInput {
	var names []string
	keys := func(hash, sort string) []types.KeySchemaElement {
		schema := []types.KeySchemaElement{{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash}}
		names = append(names, hash)
		if sort != "" {
			schema = append(schema, types.KeySchemaElement{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange})
			names = append(names, sort)
		}
		return schema
	}
	in := &dynamodb.CreateTableInput{TableName: aws.String(prefix + t.name), KeySchema: keys(t.hash, t.sort), BillingMode: types.BillingModePayPerRequest}
	alone := &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}
	for _, i := range t.local {
		in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes,
			types.LocalSecondaryIndex{IndexName: aws.String(i.name), KeySchema: keys(i.hash, i.sort), Projection: alone})
	}
	for _, i := range t.global {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes,
			types.GlobalSecondaryIndex{IndexName: aws.String(i.name), KeySchema: keys(i.hash, i.sort), Projection: alone})
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		kind := types.ScalarAttributeTypeS
		if slices.Contains(numbers, n) {
			kind = types.ScalarAttributeTypeN
		}
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String(n), AttributeType: kind})
	}
	return in
}
