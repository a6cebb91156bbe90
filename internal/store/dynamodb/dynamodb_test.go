package dynamodb_test

import (
	"os"
	"path/filepath"
	"testing"

	"hajir/internal/keyring"
	"hajir/internal/store/dynamodb"
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

// partial is the store with what it does not have yet, which nobody may call.
type partial struct {
	*dynamodb.DB
	missing
}

type missing struct{ storetest.Store }

// pending are the suite's tests of kinds that are not kept on DynamoDB yet.
var pending = []string{
	"a connection with Slack is read as it was saved",
	"a member of Slack is one person",
	"imports are listed newest first",
	"choices about mail are saved at a version",
	"what waits to be mailed is saved at a version",
	"mail goes with its company",
	"sign-ups are counted, confirmed and expire",
	"leave is read as it was saved",
	"leave is saved at a version",
	"leave requests come in pages",
	"a ledger is only added to",
	"questions are read as they were saved",
	"questions are found",
	"questions go with their company",
	"leave goes with its company",
	"alarms, their history and silences",
	"reviews are read as they were saved",
	"reviews are found by what is left to do",
	"a review is saved at a version",
	"reviews go with their company",
	"shifts and patterns are kept apart",
	"assignments are found by whom they are for",
	"a roster is found by person and date",
	"shifts go with their company",
	"corrections are read as they were saved",
	"corrections are saved at a version",
	"corrections are found by who has to decide",
	"closings are kept by company and date",
	"corrections and closings go with their company",
	"mappings for payroll are saved at a version",
	"ledgers of several people are found",
	"events are found by date and month",
	"chosen holidays are kept",
	"calendar links are found by their secret's hash",
	"a calendar goes with its company",
	"notices are written with what they follow from",
	"webhooks are read as they were saved",
	"attempts are listed latest first",
}

func TestStore(t *testing.T) {
	storetest.RunBut(t, func(t *testing.T) storetest.Store {
		return partial{DB: dynamodbtest.Open(t, ring(t))}
	}, pending...)
}
