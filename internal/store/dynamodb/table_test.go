package dynamodb_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"hajir/internal/hajir"
	"hajir/internal/store/dynamodb"
	"hajir/internal/store/dynamodb/dynamodbtest"
)

// The tables that the product always had, written down a second time: what is
// outside goes by these names.
func TestTables(t *testing.T) {
	want := map[string]string{
		"dev_Company_details":    "Username",
		"dev_Employee":           "Name+Date monthvalue-index:Name+monthvalue",
		"dev_Employee_details":   "Username",
		"dev_Employee_presignup": "Username",
		"dev_Events_records":     "companyusername+date monthvalue-index:companyusername+monthvalue",
		"dev_Leave_requests":     "leaveid company-index:company+at employeeusername-index:employeeusername+at managerusername-index:managerusername+at",
	}
	attributes := map[string]bool{}
	for _, table := range dynamodb.Tables("dev_") {
		keys := strings.Join(append([]string{schema(table.KeySchema)}, local(table.CreateTableInput)...), " ")
		if *table.TableName == "dev_Leave_requests" { // whose indexes have names that are known outside, too
			keys = strings.Join(append([]string{keys}, global(table.CreateTableInput)...), " ")
		}
		if w, ok := want[*table.TableName]; ok && w != keys {
			t.Errorf("%s has keys %s, want %s", *table.TableName, keys, w)
		}
		delete(want, *table.TableName)
		for _, a := range table.AttributeDefinitions {
			attributes[*a.AttributeName] = true
		}
		for _, i := range table.GlobalSecondaryIndexes {
			if i.Projection.ProjectionType != types.ProjectionTypeKeysOnly {
				t.Errorf("%s of %s holds more than keys: what is read there is older than the table", *i.IndexName, *table.TableName)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	for _, taken := range []string{"version", "doc", "sealed", "ttl"} {
		if attributes[taken] {
			t.Errorf("%s is every record's, and no key", taken)
		}
	}
}

func schema(keys []types.KeySchemaElement) string {
	var names []string
	for _, k := range keys {
		names = append(names, *k.AttributeName)
	}
	return strings.Join(names, "+")
}

func local(in *sdk.CreateTableInput) (all []string) {
	for _, i := range in.LocalSecondaryIndexes {
		all = append(all, *i.IndexName+":"+schema(i.KeySchema))
	}
	return all
}

func global(in *sdk.CreateTableInput) (all []string) {
	for _, i := range in.GlobalSecondaryIndexes {
		all = append(all, *i.IndexName+":"+schema(i.KeySchema))
	}
	slices.Sort(all)
	return all
}

// Several processes write one company's audit log, and one name is given to one
// person by all of them.
func TestProcesses(t *testing.T) {
	const writers, each = 3, 4
	keys := ring(t)
	processes := []*dynamodb.DB{dynamodbtest.Open(t, keys), dynamodbtest.Open(t, keys), dynamodbtest.Open(t, keys)}
	var wg sync.WaitGroup
	var mu sync.Mutex
	saved := 0
	for p, db := range processes {
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					e := hajir.Employee{Username: fmt.Sprintf("e%d-%d-%d", p, w, i), Company: "acme", Code: fmt.Sprintf("E-%d", i), Active: true}
					switch err := db.SaveEmployee(t.Context(), e); {
					case err == nil:
						mu.Lock()
						saved++
						mu.Unlock()
					case hajir.CodeOf(err) != hajir.Conflict:
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if saved != each {
		t.Errorf("%d people have one of %d codes", saved, each)
	}
	log, err := processes[0].Audit(t.Context(), "acme", hajir.AuditQuery{Oldest: true, Limit: 100})
	if err != nil || len(log) != each {
		t.Fatalf("%d entries, %v; want %d", len(log), err, each)
	}
	check := hajir.AuditCheck{Company: "acme"}
	for _, e := range log {
		if err := check.Add(e); err != nil {
			t.Error(err)
		}
	}
}
