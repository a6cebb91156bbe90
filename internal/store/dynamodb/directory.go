package dynamodb

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The lists of the directory. Those with a "/" are one for each company or
// account.
const (
	listCompanies = "companies"
	listChains    = "chains" // companies that have an audit log
	listSessions  = "sessions/"
	listPasskeys  = "passkeys/"
	listCodes     = "codes/" // employee codes of a company, and whose they are
	listPairings  = "pairing codes"
	listOnce      = "once/" // what the audit log of a company tells once
)

// note puts a name on a list; of may say what it stands for. That it is there
// already is no error.
func (t *tx) note(list, name, of string) {
	t.writes = append(t.writes, write{types.TransactWriteItem{Put: &types.Put{TableName: t.db.name(directory), Item: entry(list, name, of)}}, nil})
}

func entry(list, name, of string) attributes {
	item := directory.key(list, name)
	if of != "" {
		item["of"] = &types.AttributeValueMemberS{Value: of}
	}
	return item
}

// claim puts a name on a list that stands for one thing alone. That it stands
// for another one is failed.
func (t *tx) claim(list, name, of string, expires time.Time, failed error) {
	item := entry(list, name, of)
	if !expires.IsZero() {
		item[timeToLive] = number(expires.Unix())
	}
	t.writes = append(t.writes, write{types.TransactWriteItem{Put: &types.Put{
		TableName: t.db.name(directory), Item: item, ConditionExpression: aws.String("attribute_not_exists(#l) OR #o = :o"),
		ExpressionAttributeNames: map[string]string{"#l": "list", "#o": "of"}, ExpressionAttributeValues: attributes{":o": item["of"]},
	}}, failed})
}

// strike takes a name off a list.
func (t *tx) strike(list, name string) { t.delete("", directory, 0, list, name) }

// named returns what a name on a list stands for; "" is nothing.
func (db *DB) named(ctx context.Context, list, name string) (string, error) {
	s, _, err := db.get(ctx, directory, list, name)
	return s.text("of"), err
}

// names returns what is on a list, in order.
func (db *DB) names(ctx context.Context, list string) ([]string, error) {
	var all []string
	err := db.each(ctx, query{table: directory, hash: list}, nil, func(s stored) error {
		all = append(all, s.text("name"))
		return nil
	})
	return all, err
}
