// Package dynamodb keeps all records in DynamoDB, or in what speaks its API.
// Read dynamodb.go first, then table.go (which tables there are), tx.go (how
// records are saved, with what the audit log and others are told of it) and
// query.go (how they are found: by keys and indexes, and never by a scan). Each
// other file holds the records of one kind; how they look is in package record.
package dynamodb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/store/record"
)

// Config says where the tables are.
type Config struct {
	Region string // empty: as the environment says
	// Endpoint is the address of another engine that speaks DynamoDB's API; empty
	// is AWS.
	Endpoint string
	// Prefix begins the names of all tables, so that stages are apart.
	Prefix string

	Credentials aws.CredentialsProvider // nil: as the environment says
	HTTP        aws.HTTPClient          // nil: the SDK's
}

// DB is the tables of one stage. It is safe for concurrent use, also by several
// processes.
type DB struct {
	client *dynamodb.Client
	prefix string
	seal   record.Sealer
	now    func() time.Time // of the audit log's entries

	notices chan struct{} // see Notices
	chains  sync.Map      // a mutex for each company's audit log
	tell    func(Used)
}

// attempts is how often the SDK sends a request that is throttled, or that the
// network loses. It waits between, longer each time and by chance.
const attempts = 8

// patience is how long one of them may take.
const patience = 10 * time.Second

// Open returns the store that c names; it makes no tables (see CreateTables).
// The audit log takes its times from now.
func Open(ctx context.Context, c Config, seal record.Sealer, now func() time.Time) (*DB, error) {
	options := []func(*config.LoadOptions) error{
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(patience)),
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = attempts
				o.Backoff = retry.BackoffDelayerFunc(func(try int, _ error) (time.Duration, error) { return wait(try), nil })
			})
		}),
	}
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Credentials != nil {
		options = append(options, config.WithCredentialsProvider(c.Credentials))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("configure DynamoDB: %w", err)
	}
	client := dynamodb.NewFromConfig(loaded, func(o *dynamodb.Options) {
		// TLS sees to it that answers come whole; other engines have other checksums.
		o.DisableValidateResponseChecksum = true
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
		}
		if c.HTTP != nil { // here, since the configuration would have it read AWS_CA_BUNDLE
			o.HTTPClient = c.HTTP
		}
	})
	return &DB{client: client, prefix: c.Prefix, seal: seal, now: now, notices: make(chan struct{}, 1)}, nil
}

// Ready says whether the tables answer.
func (db *DB) Ready(ctx context.Context) error {
	_, _, err := db.get(ctx, companies, "#")
	return err
}

// Used is the capacity that a request used.
type Used struct {
	Table string // without the stage's prefix
	Write bool
	Units float64
}

// Observe has the capacity that is used told to f, which is called by several
// goroutines. It is called before the store is used.
func (db *DB) Observe(f func(Used)) { db.tell = f }

func (db *DB) used(write bool, all ...types.ConsumedCapacity) {
	if db.tell == nil {
		return
	}
	for _, c := range all {
		if c.CapacityUnits != nil {
			name := aws.ToString(c.TableName)
			db.tell(Used{Table: name[min(len(db.prefix), len(name)):], Write: write, Units: *c.CapacityUnits})
		}
	}
}

// usedOne is used for a request of one table.
func (db *DB) usedOne(write bool, c *types.ConsumedCapacity) {
	if c != nil {
		db.used(write, *c)
	}
}
