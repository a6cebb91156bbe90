package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hajir/internal/faces"
)

// What is deleted is no longer readable in the file or its journal, wherever in
// it it stood.
func TestDeletedTemplatesAreOverwritten(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	ctx := t.Context()
	for i := range 60 {
		vector := make([]float32, 512)
		for j := range vector {
			vector[j] = float32(i*j) / 1000
		}
		err := db.SaveTemplate(ctx, faces.Template{
			Company: "acme", Username: fmt.Sprintf("u%02d", i), FaceID: "f", Model: "m", Vector: vector, IndexedAt: time.Unix(0, 0).UTC(),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a folder?", "hajir.db")
	sealed := sealedVectors(t, file)
	// readable counts the deleted templates of which a piece of 32 bytes stands
	// somewhere on the disk.
	readable := func(deleted func(i int) bool) int {
		files, _ := filepath.Glob(filepath.Join(dir, "a folder?", "*"))
		var disk []byte
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			disk = append(disk, b...)
		}
		n := 0
		for i := range 60 {
			b := sealed[fmt.Sprintf("u%02d", i)]
			for at := 0; deleted(i) && at+32 <= len(b); at += 32 {
				if bytes.Contains(disk, b[at:at+32]) {
					n++
					break
				}
			}
		}
		return n
	}
	if n := readable(func(int) bool { return true }); n != 60 {
		t.Fatalf("%d of 60 templates are found before they are deleted", n)
	}
	gone := func(i int) bool { return i%3 != 0 }
	for i := range 60 {
		if gone(i) {
			if err := db.DeleteTemplates(ctx, "acme", fmt.Sprintf("u%02d", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := db.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if n := readable(gone); n != 0 {
		t.Errorf("%d of 40 deleted templates can be read in part", n)
	}
}

// sealedVectors returns the sealed column of every template in a database file,
// by username.
func sealedVectors(t *testing.T, file string) map[string][]byte {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: "mode=ro"}).String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT username, sealed FROM Face_templates`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	sealed := map[string][]byte{}
	for rows.Next() {
		var name string
		var b []byte
		if err := rows.Scan(&name, &b); err != nil {
			t.Fatal(err)
		}
		sealed[name] = b
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return sealed
}
