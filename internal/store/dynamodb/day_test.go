package dynamodb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/dynamodb/dynamodbtest"
)

// More days than DynamoDB writes together, and days with more notices than it
// does, are stored all the same.
func TestManyDays(t *testing.T) {
	ctx := t.Context()
	db := dynamodbtest.Open(t, ring(t))
	if err := db.Want(ctx, "acme", "webhook", []hajir.NoticeKind{hajir.NoticePunch}); err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	day := func(i, punches int, source hajir.Source) hajir.Day {
		d := hajir.Day{Name: "asha", Date: first.AddDate(0, 0, i).Format(time.DateOnly), Company: "acme"}
		for p := range punches {
			d, _ = d.Record(hajir.Punch{ID: fmt.Sprintf("%d-%d", i, p), At: first.AddDate(0, 0, i).Add(time.Duration(p) * 10 * time.Minute), Source: source})
		}
		return d
	}
	var filed, told []hajir.Day
	for i := range 70 {
		filed = append(filed, day(i, 2, hajir.SourceImport))
	}
	for i := range 12 {
		told = append(told, day(100+i, 15, hajir.SourceKiosk))
	}
	for _, days := range [][]hajir.Day{filed, told} {
		if err := db.SaveDays(ctx, days); err != nil {
			t.Fatal(err)
		}
		if err := db.SaveDays(ctx, days); hajir.CodeOf(err) != hajir.Conflict {
			t.Errorf("saved twice: %v", err)
		}
	}
	all, err := db.DaysBetween(ctx, "asha", "2026-01-01", "2026-12-31")
	if err != nil || len(all) != len(filed)+len(told) {
		t.Errorf("%d days, %v; want %d", len(all), err, len(filed)+len(told))
	}
	if n, err := db.CountDeliveries(ctx, "acme", false, 1000); err != nil || n != 12*15 {
		t.Errorf("%d notices, %v; want %d", n, err, 12*15)
	}
	if head, err := db.AuditHead(ctx, "acme"); err != nil || head.Seq != int64(len(filed)) {
		t.Errorf("%d entries, %v; want one for each day of the file", head.Seq, err)
	}
}

// What DynamoDB would not take is refused with a reason, and what has no such
// key is not there.
func TestLimits(t *testing.T) {
	ctx := t.Context()
	db := dynamodbtest.Open(t, ring(t))
	large := hajir.Day{Name: "asha", Date: "2026-03-02", Company: "acme"}
	for i := range 3000 {
		large.Punches = append(large.Punches, hajir.Punch{ID: strings.Repeat("x", 100), At: time.Unix(int64(i), 0)})
	}
	if err := db.SaveDay(ctx, large); hajir.CodeOf(err) != hajir.TooLarge {
		t.Errorf("a day of 3000 punches: %v", err)
	}
	for _, key := range []string{"", "#", strings.Repeat("x", 5000)} {
		if _, err := db.Company(ctx, key); hajir.CodeOf(err) != hajir.NotFound {
			t.Errorf("company %.10q: %v, want not found", key, err)
		}
		if d, err := db.Day(ctx, "asha", key); err != nil || d.Version != 0 {
			t.Errorf("day %.10q: %+v, %v", key, d, err)
		}
		if all, err := db.Employees(ctx, key, key, 10); err != nil || len(all) != 0 {
			t.Errorf("employees of %.10q: %v, %v", key, all, err)
		}
		if err := db.SaveDay(ctx, hajir.Day{Name: strings.Repeat("x", 5000), Date: "2026-03-02", Company: key}); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("a name that is too long: %v", err)
		}
	}
}
