package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// A manager's reports are looked up and not searched for: this is asked with
// every page that a manager opens.
func TestReportsAreFoundByIndex(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+byManager, "mona", "acme", "", 10)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	const want = "SEARCH Employee_details USING INDEX Employee_details_managerusername (managerusername=? AND Username>?)"
	if got := strings.Join(plan, "; "); got != want {
		t.Errorf("plan: %s, want %s", got, want)
	}
}
