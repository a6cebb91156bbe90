package dynamodb_test

import (
	"os"
	"path/filepath"
	"testing"

	"hajir/internal/keyring"
	"hajir/internal/store/dynamodb/dynamodbtest"
	"hajir/internal/store/record"
	"hajir/internal/store/storetest"
)

// make test-aws says that DynamoDB Local must be there.
func TestMain(m *testing.M) { os.Exit(dynamodbtest.Main(m, os.Getenv("HAJIR_STANDINS") != "")) }

func ring(t testing.TB) record.Sealer {
	t.Helper()
	dir := t.TempDir()
	key, err := keyring.LoadMasterKey(filepath.Join(dir, "master.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(filepath.Join(dir, "keys"), key, true)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return dynamodbtest.Open(t, ring(t)) })
}
