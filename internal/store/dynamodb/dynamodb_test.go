package dynamodb_test

import (
	"os"
	"testing"

	"hajir/internal/keyring/keyringtest"
	"hajir/internal/store/dynamodb/dynamodbtest"
	"hajir/internal/store/record"
	"hajir/internal/store/storetest"
)

// make test-aws says that DynamoDB Local must be there.
func TestMain(m *testing.M) { os.Exit(dynamodbtest.Main(m, os.Getenv("HAJIR_STANDINS") != "")) }

func ring(t testing.TB) record.Sealer {
	t.Helper()
	return keyringtest.Open(t, t.TempDir())
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return dynamodbtest.Open(t, ring(t)) })
}
