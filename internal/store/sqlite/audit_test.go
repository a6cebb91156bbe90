package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/sqlite"
)

// raw opens the file that open made in dir, past the store.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(dir, "a folder?", "hajir.db")}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, stmt string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), stmt); err != nil {
		t.Fatal(err)
	}
}

// Every table is audited, or it is written down why not.
func TestEveryTableIsAudited(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	rows, err := raw(t, dir).QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		seen++
		audited, reason := slices.Contains(sqlite.AuditedTables(), name), sqlite.UnauditedTables()[name]
		if audited == (reason != "") {
			t.Errorf("%s must be audited, or UnauditedTables must say why it is not", name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if want := len(sqlite.AuditedTables()) + len(sqlite.UnauditedTables()); seen != want {
		t.Errorf("%d tables, %d are spoken of", seen, want)
	}
}

// Statements that change an audited table without an entry, by the function
// that has them, and why they may.
var withoutEntry = map[string]string{
	"SaveSession":           "a session that is renewed",
	"DeleteExpiredSessions": "they had ended",
	"SaveDay":               "a punch that is added",
	"DeleteReview":          "a refusal that had its time, or that was the camera's own mistake",
	"DeleteCompany":         "its log goes with it",

	"DeleteOldPasswordResets": "they had expired long before",
}

// No statement passes the audit log by.
func TestEveryChangeIsAudited(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	statements := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			var changed []string
			audited := false
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					changed = append(changed, changedTables(n.Value)...)
				case *ast.SelectorExpr:
					audited = audited || slices.Contains([]string{"saveAudited", "execAudited", "audit"}, n.Sel.Name)
				}
				return true
			})
			statements += len(changed)
			if len(changed) > 0 && !audited && withoutEntry[f.Name.Name] == "" {
				t.Errorf("%s changes %v and writes no entry: use saveAudited or execAudited", f.Name.Name, changed)
			}
		}
	}
	if statements < 20 {
		t.Errorf("only %d statements were found", statements)
	}
}

// changedTables lists the audited tables that a statement changes.
func changedTables(text string) []string {
	var found []string
	for _, table := range sqlite.AuditedTables() {
		for _, verb := range []string{"INSERT INTO ", "UPDATE ", "DELETE FROM "} {
			for _, after := range []string{" ", "\n", "`"} {
				if strings.Contains(text, verb+table+after) {
					found = append(found, table)
				}
			}
		}
	}
	return found
}

// A change whose entry cannot be written is not made.
func TestNoChangeWithoutItsEntry(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	ctx := t.Context()
	e := hajir.Employee{Username: "asha", Company: "acme", Name: "Asha"}
	d := hajir.Day{Name: "asha", Date: "2026-03-02", Company: "acme", Punches: []hajir.Punch{{ID: "p1"}, {ID: "p2"}}}
	if err := errors.Join(db.SaveEmployee(ctx, e), db.SaveDay(ctx, d)); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, dir), `CREATE TRIGGER full BEFORE INSERT ON Audit_log BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`)
	e.Name, e.Version = "Other", 1
	d.Punches, d.Version = d.Punches[:1], 1
	for what, err := range map[string]error{
		"a save":          db.SaveEmployee(ctx, e),
		"a first save":    db.SaveEmployee(ctx, hajir.Employee{Username: "bina", Company: "acme"}),
		"a removed punch": db.SaveDay(ctx, d),
		"an event":        db.Record(ctx, hajir.Event{Company: "acme", Action: hajir.ActionLook}),
	} {
		if err == nil {
			t.Errorf("%s was made without its entry", what)
		}
	}
	if err := db.DeleteUser(ctx, "nobody"); err != nil {
		t.Errorf("no change needs no entry: %v", err)
	}
	if got, err := db.Employee(ctx, "asha"); err != nil || got.Name != "Asha" || got.Version != 1 {
		t.Errorf("the employee is %+v, %v", got, err)
	}
	if _, err := db.Employee(ctx, "bina"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("a new employee is there: %v", err)
	}
	if got, err := db.Day(ctx, "asha", "2026-03-02"); err != nil || len(got.Punches) != 2 {
		t.Errorf("the day is %+v, %v", got, err)
	}
	d.Punches = []hajir.Punch{{ID: "p1"}, {ID: "p2"}, {ID: "p3"}}
	if err := db.SaveDay(ctx, d); err != nil {
		t.Errorf("a punch needs no entry: %v", err)
	}
}

// The file refuses to change or lose an entry, and what somebody did who got
// past that is found.
func TestTheLogIsAppendOnly(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	ctx := t.Context()
	if err := db.SaveCompany(ctx, hajir.NewCompany("acme", "Acme", "a@example.com", "Asia/Kathmandu", time.Time{})); err != nil {
		t.Fatal(err)
	}
	for _, username := range []string{"asha", "bina", "chet"} {
		if err := db.SaveEmployee(ctx, hajir.Employee{Username: username, Company: "acme", Name: username}); err != nil {
			t.Fatal(err)
		}
	}
	file := raw(t, dir)
	for _, stmt := range []string{
		`UPDATE Audit_log SET doc = '{}'`,
		`DELETE FROM Audit_log WHERE seq = 2`,
		`INSERT INTO Audit_log SELECT company, seq, at, doc FROM Audit_log`,
	} {
		if _, err := file.ExecContext(ctx, stmt); err == nil {
			t.Errorf("%s was let through", stmt)
		}
	}
	if err := verify(ctx, db); err != nil {
		t.Errorf("untouched: %v", err)
	}
	run(t, file, `DROP TRIGGER Audit_log_stays_as_it_is`)
	run(t, file, `DROP TRIGGER Audit_log_stays`)
	for _, tamper := range []struct {
		stmt, undo string
		at         int64
	}{
		{`UPDATE Audit_log SET doc = replace(doc, 'bina', 'dina') WHERE seq = 3`, `UPDATE Audit_log SET doc = replace(doc, 'dina', 'bina') WHERE seq = 3`, 3},
		{`UPDATE Audit_log SET doc = json_set(doc, '$.seq', 'two') WHERE seq = 2`, `UPDATE Audit_log SET doc = json_set(doc, '$.seq', 2) WHERE seq = 2`, 2},
		{`UPDATE Audit_log SET seq = -seq WHERE seq = 2`, `UPDATE Audit_log SET seq = -seq WHERE seq = -2`, 2},
		{`UPDATE Audit_log SET company = 'x' WHERE seq = 1`, `UPDATE Audit_log SET company = 'acme' WHERE company = 'x'`, 1},
	} {
		run(t, file, tamper.stmt)
		var fault *hajir.ChainError
		if err := verify(ctx, db); !errors.As(err, &fault) || fault.Seq != tamper.at {
			t.Errorf("%s: %v, want entry %d", tamper.stmt, err, tamper.at)
		}
		run(t, file, tamper.undo)
	}
	if err := verify(ctx, db); err != nil {
		t.Errorf("undone: %v", err)
	}
}

func verify(ctx context.Context, db *sqlite.DB) error {
	all, err := db.Audit(ctx, "acme", hajir.AuditQuery{Oldest: true, Limit: 100})
	check := hajir.AuditCheck{Company: "acme"}
	for _, e := range all {
		if err := check.Add(e); err != nil {
			return err
		}
	}
	return err
}

// BenchmarkPunch saves a day's third punch: a read of what is there must not
// show beside the syncing of the disk.
func BenchmarkPunch(b *testing.B) {
	db := open(b, b.TempDir())
	for i := 0; b.Loop(); i++ {
		d := hajir.Day{Name: "asha", Date: time.Unix(0, 0).AddDate(0, 0, i).Format(time.DateOnly), Company: "acme"}
		for version := range 3 {
			d, _ = d.Record(hajir.Punch{ID: "p", At: time.Unix(int64(version)*3600, 0), Source: hajir.SourceKiosk})
			d.Version = version
			if err := db.SaveDay(b.Context(), d); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkChange saves an employee, which appends to the audit log.
func BenchmarkChange(b *testing.B) {
	db := open(b, b.TempDir())
	for i := 0; b.Loop(); i++ {
		e := hajir.Employee{Username: "asha", Company: "acme", Name: time.Unix(int64(i), 0).String(), Version: i}
		if err := db.SaveEmployee(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}
