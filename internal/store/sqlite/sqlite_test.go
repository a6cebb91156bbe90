package sqlite_test

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/keyring/keyringtest"
	"hajir/internal/store/sqlite"
	"hajir/internal/store/storetest"
)

// open opens the database below dir, and spares it the migrations if it is new.
func open(t testing.TB, dir string) *sqlite.DB {
	t.Helper()
	sqlite.Migrated(t, fileIn(dir))
	return openAsItIs(t, dir)
}

func fileIn(dir string) string { return filepath.Join(dir, "a folder?", "hajir.db") }

func openAsItIs(t testing.TB, dir string) *sqlite.DB {
	t.Helper()
	ring := keyringtest.Open(t, dir)
	db, err := sqlite.Open(t.Context(), fileIn(dir), ring, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return open(t, t.TempDir()) })
}

func TestReopenKeepsRecords(t *testing.T) {
	dir := t.TempDir()
	tmpl := faces.Template{Company: "acme", Username: "asha", FaceID: "f", Model: "m", Vector: []float32{1}, IndexedAt: time.Unix(0, 0).UTC()}
	db := open(t, dir)
	if err := db.SaveTemplate(t.Context(), tmpl); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, dir).Templates(t.Context(), "acme")
	if err != nil || len(got) != 1 || got[0].Vector[0] != 1 {
		t.Fatalf("Templates = %v, %v", got, err)
	}
}

// A template on the disk is not readable, and the file is its owner's alone.
func TestTemplatesAreEncrypted(t *testing.T) {
	dir := t.TempDir()
	db := openAsItIs(t, dir) // which makes the file
	vector := make([]float32, 64)
	var clear []byte
	for i := range vector {
		vector[i] = float32(i) * 0.37
		clear = binary.LittleEndian.AppendUint32(clear, math.Float32bits(vector[i]))
	}
	err := db.SaveTemplate(t.Context(), faces.Template{Company: "acme", Username: "asha", FaceID: "f", Vector: vector})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "a folder?", "*"))
	if len(files) == 0 {
		t.Fatal("no database file")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, clear) {
			t.Errorf("%s holds the vector in clear", f)
		}
		if info, _ := os.Stat(f); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f, info.Mode())
		}
	}
}

// No sealed column is forgotten when the keys are rotated.
func TestResealKnowsEverySealedColumn(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(dir, "a folder?", "hajir.db")}).String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `
		SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name LIKE '%sealed%' ORDER BY m.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tables, sqlite.SealedTables()) {
		t.Errorf("sealed columns are in %v, Reseal does %v", tables, sqlite.SealedTables())
	}
}

// Accounts that are there already sign in by the address of their person or
// company after an update.
func TestAccountsGetTheirAddress(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a folder?", "hajir.db")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file}).String())
	if err != nil {
		t.Fatal(err)
	}
	before, err := goose.NewProvider(goose.DialectSQLite3, raw, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.UpTo(t.Context(), 49); err != nil {
		t.Fatal(err)
	}
	for _, stmt := range []string{
		`INSERT INTO Company_details VALUES ('acme', 1, '{"username":"acme","email":"Root@Example.com"}')`,
		`INSERT INTO Employee_details VALUES ('asha', 'acme', 1, '{"username":"asha","company":"acme","email":"Asha@Example.com"}')`,
		`INSERT INTO Employee_details VALUES ('bina', 'acme', 1, '{"username":"bina","company":"acme","email":"bina@example.com"}')`,
		`INSERT INTO Employee_details VALUES ('chet', 'acme', 1, '{"username":"chet","company":"acme"}')`,
		`INSERT INTO Users VALUES ('acme', 'acme', 'admin', 3, '{"username":"acme","company":"acme","role":"admin"}')`,
		`INSERT INTO Users VALUES ('asha', 'acme', 'employee', 3, '{"username":"asha","company":"acme","role":"employee","password_hash":"h"}')`,
		`INSERT INTO Users VALUES ('bina', 'acme', 'employee', 3, '{"username":"bina","company":"acme","role":"employee","disabled":true}')`,
		`INSERT INTO Users VALUES ('chet', 'acme', 'employee', 3, '{"username":"chet","company":"acme","role":"employee"}')`,
		`INSERT INTO Users VALUES ('kiosk-1', 'acme', 'kiosk', 3, '{"username":"kiosk-1","company":"acme","role":"kiosk"}')`,
	} {
		if _, err := raw.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	for email, want := range map[string]string{
		"root@example.com": "acme", "asha@example.com": "asha", "bina@example.com": "", "": "",
	} {
		found, err := db.OpenUsersByEmail(t.Context(), email, 5)
		if err != nil || len(found) > 1 || len(found) == 1 != (want != "") || want != "" && found[0].Username != want {
			t.Errorf("%q is %+v's, %v; want %q", email, found, err, want)
		}
	}
	for username, want := range map[string]string{
		"acme": "Root@Example.com", "asha": "Asha@Example.com", "bina": "bina@example.com", "chet": "", "kiosk-1": "",
	} {
		u, err := db.User(t.Context(), username)
		if err != nil || u.Email != want || u.Version != 3 || u.Disabled != (username == "bina") {
			t.Errorf("%s: %+v, %v", username, u, err)
		}
	}
}

// A phone number opens in its own row alone, and is nowhere in clear.
func TestPhonesAreSealedForTheirRow(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	ctx := t.Context()
	for username, phone := range map[string]string{"asha": "+9779811111111", "bina": "+9779822222222", "chet": ""} {
		e := hajir.Employee{Username: username, Company: "acme", Name: username, Phone: phone}
		if err := db.SaveEmployee(ctx, e); err != nil {
			t.Fatal(err)
		}
		if err := db.SaveInvitation(ctx, hajir.Invitation{Username: username, Company: "acme", Name: username, Phone: phone}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Reseal(ctx); err != nil {
		t.Fatal(err)
	}
	if e, err := db.Employee(ctx, "asha"); err != nil || e.Phone != "+9779811111111" {
		t.Fatalf("after resealing: %q, %v", e.Phone, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "a folder?", "*"))
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || bytes.Contains(b, []byte("98111111")) {
			t.Errorf("%s holds a phone number in clear, or %v", f, err)
		}
	}
	raw, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(dir, "a folder?", "hajir.db")}).String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, table := range []string{"Employee_details", "Employee_presignup"} {
		for _, swap := range []string{
			`UPDATE ` + table + ` SET sealed = (SELECT o.sealed FROM ` + table + ` o WHERE o.Username = 'bina') WHERE Username = 'asha'`,
			`UPDATE ` + table + ` SET sealed = (SELECT o.sealed FROM ` + table + ` o WHERE o.Username = 'bina') WHERE Username = 'chet'`,
		} {
			if _, err := raw.ExecContext(ctx, swap); err != nil {
				t.Fatal(err)
			}
		}
	}
	db = open(t, dir)
	for username, opens := range map[string]bool{"asha": false, "bina": true, "chet": false} {
		if e, err := db.Employee(ctx, username); (err == nil) != opens {
			t.Errorf("%s: %q, %v", username, e.Phone, err)
		}
		if i, err := db.Invitation(ctx, username); (err == nil) != opens {
			t.Errorf("%s's invitation: %q, %v", username, i.Phone, err)
		}
	}
}
