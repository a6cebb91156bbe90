package dynamodb_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"hajir/internal/hajir"
	"hajir/internal/store/dynamodb"
	"hajir/internal/store/dynamodb/dynamodbtest"
)

// trouble stands before DynamoDB and does to requests what it does when it is
// busy: each operation's first ones meet with all that it knows.
type trouble struct {
	http.RoundTripper
	mu   sync.Mutex
	seen map[string]int
}

const fault = "com.amazonaws.dynamodb.v20120810#"

var (
	throttled = answer(http.StatusBadRequest, `{"__type":"`+fault+`ProvisionedThroughputExceededException","message":"slow down"}`)
	busy      = answer(http.StatusBadRequest, `{"__type":"`+fault+`TransactionCanceledException","message":"busy","CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]}`)
	broken    = answer(http.StatusInternalServerError, `{"__type":"`+fault+`InternalServerError","message":"out of order"}`)
)

func answer(status int, body string) func() *http.Response {
	return func() *http.Response {
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)),
			ProtoMajor: 1, ProtoMinor: 1,
		}
	}
}

func (w *trouble) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.mu.Lock()
	w.seen[operation]++
	n := w.seen[operation]
	w.mu.Unlock()
	switch {
	case n == 1:
		return throttled(), nil
	case n == 2:
		return broken(), nil
	case n == 3 && operation == "TransactWriteItems":
		return busy(), nil
	case n == 4 && operation == "TransactWriteItems": // it is done, and nobody hears of it
		res, err := w.RoundTripper.RoundTrip(r)
		if err == nil {
			_ = res.Body.Close()
		}
		return nil, errors.New("the connection was lost")
	case n == 3 && strings.HasPrefix(operation, "Batch"):
		return unprocessed(r)
	}
	return w.RoundTripper.RoundTrip(r)
}

// unprocessed answers that nothing of a batch was done.
func unprocessed(r *http.Request) (*http.Response, error) {
	var in struct{ RequestItems json.RawMessage }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	left := string(in.RequestItems)
	return answer(http.StatusOK, `{"Responses":{},"UnprocessedKeys":`+left+`,"UnprocessedItems":`+left+`}`)(), nil
}

// A busy DynamoDB costs time, and nothing is lost or done twice.
func TestTrouble(t *testing.T) {
	ctx := t.Context()
	w := &trouble{seen: map[string]int{}}
	db := dynamodbtest.OpenWith(t, ring(t), dynamodbtest.Setting{Through: func(next http.RoundTripper) http.RoundTripper {
		w.RoundTripper = next
		return w
	}})
	w.mu.Lock()
	clear(w.seen) // of making the tables
	w.mu.Unlock()
	e := hajir.Employee{Username: "asha", Company: "acme", Name: "Asha", Code: "E-1", Role: hajir.RoleEmployee, Active: true}
	d := hajir.Day{Name: "asha", Date: "2026-03-02", Company: "acme"}
	for _, err := range []error{db.SaveEmployee(ctx, e), db.SaveDay(ctx, d)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if days, err := db.Days(ctx, d.Date, []string{"asha", "bina"}); err != nil || len(days) != 1 {
		t.Errorf("Days = %v, %v", days, err)
	}
	if all, err := db.Audit(ctx, "acme", hajir.AuditQuery{Limit: 10}); err != nil || len(all) != 1 || all[0].Seq != 1 {
		t.Errorf("Audit = %+v, %v; want one entry", all, err)
	}
	if err := db.DeleteCompany(ctx, "acme"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Employee(ctx, "asha"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("%v, want not found", err)
	}
	for _, operation := range []string{"GetItem", "Query", "PutItem", "TransactWriteItems", "BatchGetItem", "BatchWriteItem"} {
		if w.seen[operation] < 3 {
			t.Errorf("%s met with only %d troubles", operation, w.seen[operation])
		}
	}
}

// Operators see what capacity is used, and of which table.
func TestCapacity(t *testing.T) {
	db := dynamodbtest.Open(t, ring(t))
	var mu sync.Mutex
	used := map[dynamodb.Used]bool{}
	db.Observe(func(u dynamodb.Used) {
		mu.Lock()
		defer mu.Unlock()
		if u.Units < 0 {
			t.Errorf("%+v", u)
		}
		u.Units = 0
		used[u] = true
	})
	if err := db.SaveCompany(t.Context(), hajir.Company{Username: "acme"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Companies(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []dynamodb.Used{
		{Table: "Company_details", Write: true},
		{Table: "Audit_log", Write: true},
		{Table: "Directory", Write: true},
		{Table: "Company_details"},
		{Table: "Audit_log"},
		{Table: "Directory"},
	} {
		if !used[want] {
			t.Errorf("nothing is told of %+v", want)
		}
	}
}
