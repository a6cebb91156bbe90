package sqlite_test

import (
	"testing"
	"time"

	"hajir/internal/hajir"
)

// A company from before one could choose keeps the dates that it knows, in
// Nepal, too.
func TestOldCompaniesKeepTheirDates(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	if err := db.SaveCompany(t.Context(), hajir.NewCompany("acme", "Acme", "a@example.com", "Asia/Kathmandu", time.Unix(0, 0).UTC())); err != nil {
		t.Fatal(err)
	}
	res, err := raw(t, dir).Exec(`UPDATE Company_details SET doc = json_remove(doc, '$.calendar', '$.both_calendars') WHERE doc ->> 'calendar' = 'bs'`)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		t.Fatalf("%d companies are made older", n)
	}
	c, err := db.Company(t.Context(), "acme")
	if err != nil || c.Dates != (hajir.DateStyle{Calendar: hajir.Gregorian}) {
		t.Errorf("%+v %v", c.Dates, err)
	}
}
