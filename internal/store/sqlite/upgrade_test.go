package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"hajir/internal/hajir"
)

// plainSeal seals nothing: what an upgrade does to a column does not depend on
// what is in it.
type plainSeal struct{}

func (plainSeal) Seal(b []byte, _ string) ([]byte, error) { return b, nil }
func (plainSeal) Open(b []byte, _ string) ([]byte, error) { return b, nil }

// firstRows are what the first version stored of a company with an admin and one
// person: its documents had fewer fields than today's.
const firstRows = `
INSERT INTO Company_details (Username, version, doc) VALUES ('acme', 2,
  '{"username":"acme","name":"Acme","email":"Root@Example.com","time_zone":"Asia/Kathmandu","repeat_window":60000000000,"match":{"threshold":0.4,"margin":0.05,"min_face_pixels":64},"created_at":"2026-01-02T03:04:05Z"}');
INSERT INTO Employee_details (Username, company, version, doc) VALUES ('asha', 'acme', 3,
  '{"username":"asha","company":"acme","name":"Asha Rai","email":"Asha@Example.com","code":"E-7","department":"Sales","active":true,"created_at":"2026-01-03T03:04:05Z"}');
INSERT INTO Employee (Name, Date, monthvalue, company, version, doc) VALUES ('asha', '2026-01-05', '2026-01', 'acme', 2,
  '{"name":"asha","date":"2026-01-05","company":"acme","punches":[{"id":"p1","at":"2026-01-05T03:15:00Z","direction":"entry","source":"kiosk","place":"Door","picture":"punches/acme/2026/01/05/p1.jpg","decision":{"username":"asha","score":0.71,"margin":0.4,"threshold":0.4,"min_margin":0.05,"model":"m1","candidates":[]}},{"id":"p2","at":"2026-01-05T12:15:00Z","direction":"exit","source":"web","decision":{"username":"asha","score":0.7,"margin":0.4,"threshold":0.4,"min_margin":0.05,"model":"m1","candidates":[]}}]}');
INSERT INTO Face_templates (company, username, faceid, model, indexed, sealed) VALUES ('acme', 'asha', 'f1', 'm1', '2026-01-03T03:04:05.000000000Z', x'0000803f');
INSERT INTO Users (Username, company, role, version, doc) VALUES ('acme', 'acme', 'admin', 1,
  '{"username":"acme","name":"Acme","company":"acme","role":"admin","created_at":"2026-01-02T03:04:05Z","password_hash":"$argon2id$x"}');
INSERT INTO Users (Username, company, role, version, doc) VALUES ('asha', 'acme', 'employee', 1,
  '{"username":"asha","name":"Asha Rai","company":"acme","role":"employee","created_at":"2026-01-03T03:04:05Z","password_hash":"$argon2id$x"}');
INSERT INTO Sessions (id, Username, expires, version, doc) VALUES ('s1', 'asha', '2026-02-01T03:04:05Z', 1,
  '{"id":"s1","username":"asha","current":"AA==","created_at":"2026-01-03T03:04:05Z","rotated_at":"2026-01-03T03:04:05Z","expires_at":"2026-02-01T03:04:05Z"}');
`

// emailsAt is the migration that gives accounts the address of their person.
const emailsAt = 50

// versions returns the numbers of all migrations.
func versions(t *testing.T) []int64 {
	t.Helper()
	var all []int64
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n, err := goose.NumericComponent(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

// earlier returns the databases of all versions: one that began with the first,
// and got a row in each table with the migration that brought the table. The audit
// log stays empty, since its entries are a chain.
func earlier(t *testing.T) map[int64][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hajir.db")
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	all := map[int64][]byte{}
	for i, version := range versions(t) {
		db := writing(t, path)
		p, err := goose.NewProvider(goose.DialectSQLite3, db, dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if _, err := db.ExecContext(t.Context(), firstRows); err != nil {
				t.Fatal(err)
			}
		}
		for _, table := range tables(t, db) {
			if table != "Audit_log" {
				oneRow(t, db, table)
			}
		}
		if err := db.Close(); err != nil { // which empties the journal
			t.Fatal(err)
		}
		if all[version], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// put writes a database to a file of its own.
func put(t *testing.T, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "hajir.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func writing(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := connect(path, "rwc", 1, "journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// tables lists the tables that hold records.
func tables(t *testing.T, db *sql.DB) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' AND name NOT LIKE 'Questions_fts%' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// oneRow adds a row to a table that has none.
func oneRow(t *testing.T, db *sql.DB, table string) {
	t.Helper()
	var names, values []string
	for _, c := range columns(t, db, table) {
		value := "'of " + c.name + "'"
		switch {
		case c.name == "company" || c.name == "companyusername":
			value = "'acme'"
		case c.name == "doc":
			value = `'{"text":"May we come later?","public":{"text":"Later?"},"answer":{"text":"Yes."}}'`
		case c.kind == "INTEGER":
			value = "1"
		case c.kind == "BLOB":
			value = "x'0102'"
		}
		names, values = append(names, `"`+c.name+`"`), append(values, value)
	}
	query := fmt.Sprintf(`INSERT INTO "%s" (%s) SELECT %s WHERE NOT EXISTS (SELECT 1 FROM "%s")`, table, strings.Join(names, ", "), strings.Join(values, ", "), table)
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
}

type column struct{ name, kind string }

func columns(t *testing.T, db *sql.DB, table string) (all []column) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT name, type FROM pragma_table_info(?)`, table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.kind); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// held is what tables hold: each row's columns, by table.
type held map[string][]string

// holds reads the columns that were there when a database was made.
func holds(t *testing.T, path string, was map[string][]column) (held, map[string][]column) {
	t.Helper()
	db := writing(t, path)
	defer db.Close()
	if was == nil {
		was = map[string][]column{}
		for _, table := range tables(t, db) {
			was[table] = columns(t, db, table)
		}
	}
	all := held{}
	for table, cols := range was {
		parts := make([]string, len(cols))
		for i, c := range cols {
			parts[i] = fmt.Sprintf(`quote("%s")`, c.name)
		}
		rows, err := db.QueryContext(t.Context(), fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY 1`, strings.Join(parts, ` || ' ' || `), table))
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			all[table] = append(all[table], row)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // of each table before the next
			t.Fatal(err)
		}
	}
	return all, was
}

// schema is all that a database has but records.
func schema(t *testing.T, path string) []string {
	t.Helper()
	db := writing(t, path)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// A database of any earlier version is brought up to date with all that it holds,
// and comes out as one that is new. A migration that fails in its midst before
// that leaves the database as it was, also its schema.
func TestUpgradeFromEveryVersion(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "hajir.db")
	if db, err := Open(t.Context(), fresh, plainSeal{}, time.Now); err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	want, of := schema(t, fresh), earlier(t)
	all := versions(t)
	for i, version := range all {
		t.Run(strconv.FormatInt(version, 10), func(t *testing.T) {
			path := put(t, of[version])
			before, was := holds(t, path, nil)
			if i+1 < len(all) {
				shape := schema(t, path)
				breakAt(t, path, all[i+1])
				if after, _ := holds(t, path, was); !reflect.DeepEqual(after, before) || !slices.Equal(schema(t, path), shape) {
					t.Errorf("migration %d failed and left something", all[i+1])
				}
			}
			upgraded(t, path, before, was, version)
			if got := schema(t, path); !slices.Equal(got, want) {
				t.Errorf("the schema is not that of a new database:\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

// breakAt has a migration fail at its end.
func breakAt(t *testing.T, path string, version int64) {
	t.Helper()
	db := writing(t, path)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, broken(t, version))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err == nil {
		t.Fatal("the broken migration did not fail")
	}
}

// upgraded opens a database of an earlier version and checks what became of it.
func upgraded(t *testing.T, path string, before held, was map[string][]column, version int64) {
	t.Helper()
	ctx := t.Context()
	db, err := Open(ctx, path, plainSeal{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if have, newest, err := db.Migrations(ctx); err != nil || have != newest {
		t.Errorf("migration %d of %d, %v", have, newest, err)
	}
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
	c, err := db.Company(ctx, "acme")
	if err != nil || c.Name != "Acme" || c.RepeatWindow != time.Minute || c.Version != 2 || c.Validate() != nil {
		t.Errorf("the company: %+v, %v, %v", c, err, c.Validate())
	}
	e, err := db.Employee(ctx, "asha")
	if err != nil || e.Name != "Asha Rai" || e.Code != "E-7" || !e.Active || e.Manager != "" {
		t.Errorf("the person: %+v, %v", e, err)
	}
	day, err := db.Day(ctx, "asha", "2026-01-05")
	if err != nil || len(day.Punches) != 2 || day.Punches[0].Decision.Score != 0.71 || day.Punches[1].Direction != hajir.Exit {
		t.Errorf("the day: %+v, %v", day, err)
	}
	faces, err := db.Templates(ctx, "acme")
	if err != nil || len(faces) != 1 || faces[0].Model != "m1" {
		t.Errorf("the faces: %+v, %v", faces, err)
	}
	if u, err := db.User(ctx, "asha"); err != nil || u.Email != "Asha@Example.com" {
		t.Errorf("the account: %+v, %v", u, err)
	}
	e.Department = "Marketing"
	e.Version, c.Version = 3, 2
	if err := db.SaveEmployee(ctx, e); err != nil {
		t.Errorf("a change: %v", err)
	}
	e.Department, e.Version = "Sales", 4
	if err := db.SaveEmployee(ctx, e); err != nil {
		t.Errorf("a change: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	after, _ := holds(t, path, was)
	for _, changed := range []string{"Employee_details", "Audit_log"} { // by the changes above
		delete(before, changed)
		delete(after, changed)
	}
	if version < emailsAt {
		for _, all := range []held{before, after} {
			for i, row := range all["Users"] {
				all["Users"][i] = strings.Replace(strings.Replace(row, `,"email":"Asha@Example.com"`, "", 1), `,"email":"Root@Example.com"`, "", 1)
			}
		}
	}
	if !reflect.DeepEqual(after, before) {
		t.Errorf("from version %d, the tables hold\n%v\nand held\n%v", version, after, before)
	}
}

// broken is the migrations with one that fails at its end.
func broken(t *testing.T, version int64) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(migrations, "migrations/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		up, down, ok := strings.Cut(string(text), "-- +goose Down")
		if n, err := goose.NumericComponent(e.Name()); err == nil && n == version && ok {
			text = []byte(up + "INSERT INTO there_is_no_such_table VALUES (1);\n-- +goose Down" + down)
		}
		all[e.Name()] = &fstest.MapFile{Data: text}
	}
	return all
}

// migrateThere makes the test's own binary open a database and end.
const migrateThere = "HAJIR_TEST_MIGRATE"

// A program that is killed while it migrates goes on with it at its next start.
func TestKilledWhileMigrating(t *testing.T) {
	if path := os.Getenv(migrateThere); path != "" {
		fmt.Println("begins")
		db, err := Open(t.Context(), path, plainSeal{}, time.Now)
		if err != nil || db.Close() != nil {
			t.Fatal(err)
		}
		return
	}
	path := put(t, earlier(t)[1])
	fillTemplates(t, path, 2_000) // which a migration copies
	before, was := holds(t, path, nil)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kills, seen := 0, map[int64]bool{}
	for delay := time.Millisecond; ; delay += delay/4 + time.Millisecond {
		done := migrateAndKill(t, self, path, delay)
		db := writing(t, path)
		var have int64
		var sound string
		err := db.QueryRowContext(t.Context(), `SELECT (SELECT max(version_id) FROM goose_db_version), (SELECT quick_check FROM pragma_quick_check)`).Scan(&have, &sound)
		if err := errors.Join(err, db.Close()); err != nil || sound != "ok" {
			t.Fatalf("%s, %v", sound, err)
		}
		seen[have] = true
		if done {
			break
		}
		kills++
	}
	t.Logf("%d kills, which left %d different versions", kills, len(seen))
	after, _ := holds(t, path, was)
	if !slices.Equal(after["Face_templates"], before["Face_templates"]) || !slices.Equal(after["Employee"], before["Employee"]) {
		t.Errorf("%d templates and %d days, want %d and %d, the same",
			len(after["Face_templates"]), len(after["Employee"]), len(before["Face_templates"]), len(before["Employee"]))
	}
}

// migrateAndKill says whether the program was done before it was killed.
func migrateAndKill(t *testing.T, self, path string, delay time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := osexec.CommandContext(ctx, self, "-test.run=^TestKilledWhileMigrating$")
	cmd.Env = append(os.Environ(), migrateThere+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	return cmd.Wait() == nil
}

func fillTemplates(t *testing.T, path string, n int) {
	t.Helper()
	db := writing(t, path)
	defer db.Close()
	_, err := db.ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO Face_templates (company, username, faceid, model, indexed, sealed) SELECT 'acme', 'asha', 'more' || i, 'm1', '2026-01-03T03:04:05.000000000Z', randomblob(500) FROM n`, n)
	if err != nil {
		t.Fatal(err)
	}
}
