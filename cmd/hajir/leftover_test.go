package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/models"
)

// query calls each with the columns of every row that is selected, read by a
// connection of its own.
func (w *world) query(query string, each func(columns []any), args ...any) {
	w.t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(w.dir, "data", "hajir.db"), RawQuery: "mode=ro"}).String())
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(w.t.Context(), query, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	for rows.Next() {
		columns, into := make([]any, len(names)), make([]any, len(names))
		for i := range columns {
			into[i] = &columns[i]
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		each(columns)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
}

// tables returns every row of every table as text, sealed values included.
func (w *world) tables() map[string][]string {
	w.t.Helper()
	all := map[string][]string{}
	w.query(`SELECT name FROM sqlite_master WHERE type = 'table'`, func(c []any) { all[fmt.Sprint(c[0])] = nil })
	for table := range all {
		w.query(`SELECT * FROM "`+table+`"`, func(columns []any) {
			fields := make([]string, len(columns))
			for i, c := range columns {
				fields[i] = fmt.Sprintf("%s", c)
			}
			all[table] = append(all[table], strings.Join(fields, "|"))
		})
	}
	return all
}

// pictures returns every object, decrypted, by its key.
func (w *world) pictures() map[string][]byte {
	w.t.Helper()
	all := map[string][]byte{}
	err := w.bucket.Each(w.t.Context(), "", func(key string) error {
		b, err := w.bucket.Get(w.t.Context(), key)
		all[key] = b
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// sealedTemplates returns what is stored of a person's templates, as it lies on
// the disk.
func (w *world) sealedTemplates(username string) [][]byte {
	w.t.Helper()
	var all [][]byte
	w.query(`SELECT sealed FROM Face_templates WHERE username = ?`, func(columns []any) {
		b, _ := columns[0].([]byte)
		all = append(all, bytes.Clone(b))
	}, username)
	return all
}

// onDisk says in which files of the data directory needle stands.
func (w *world) onDisk(needle []byte) (found []string) {
	w.t.Helper()
	err := filepath.WalkDir(filepath.Join(w.dir, "data"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, needle) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// After an erasure nothing biometric of the person is left: no template in any
// table or in a freed page, no picture below any key.
func TestNothingBiometricIsLeft(t *testing.T) {
	w := newRealWorld(t)
	admin := w.company("acme")
	const bystander = "bina" // whose data must stay
	for i, name := range []string{"asha", bystander} {
		w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": name, "name": name}), http.StatusCreated, "")
		w.agree("acme", name)
		w.want(w.send("/companies/acme/employees/"+name+"/faces", admin, portraitOf(t, i)), http.StatusCreated, "")
		w.want(w.send("/companies/acme/punches", admin, portraitOf(t, i)), http.StatusCreated, "")
	}
	// What an older version, or a program that was cut off, has left: a picture
	// below the day, one that no punch names, and one of the person's own.
	ctx := t.Context()
	day, err := w.db.Day(ctx, "asha", "2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	old := objects.PunchPrefix("acme") + "2026/03/01/old.jpg"
	day.Date, day.Version, day.Punches[0].Picture = "2026-03-01", 0, old
	for _, key := range []string{old, objects.PunchKey("acme", "asha", "2026-03-02", "orphan"), objects.ProfilePrefix("acme", "asha") + "small.jpg"} {
		if err := w.bucket.Put(ctx, key, []byte("a picture of asha")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.db.SaveDay(ctx, day); err != nil {
		t.Fatal(err)
	}
	if err := w.sweep(ctx, w.clock.Now()); err != nil { // so that all of it stands in the database, and not in its journal alone
		t.Fatal(err)
	}
	templates := w.sealedTemplates("asha")
	if len(templates) != 1 || len(templates[0]) < 1000 || len(w.onDisk(templates[0])) == 0 {
		t.Fatalf("%d templates; on the disk: %v", len(templates), w.onDisk(templates[0]))
	}
	if n := len(w.pictures()); n != 2*3+2+3 {
		t.Fatalf("%d pictures before", n)
	}

	w.want(w.decide(w.token("asha"), "withdrawn"), http.StatusOK, "")
	if err := w.sweep(ctx, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	// Less than the whole: a freed page may have kept a part of it.
	middle := templates[0][len(templates[0])/3 : len(templates[0])/3+64]
	if found := w.onDisk(middle); len(found) > 0 {
		t.Errorf("the template's bytes are still in %v", found)
	}
	w.clock.Advance(31 * 24 * time.Hour)
	if err := w.sweep(ctx, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for key, b := range w.pictures() {
		if !strings.Contains(key, "/"+bystander+"/") || strings.Contains(string(b), "asha") {
			t.Errorf("%s is left", key)
		}
	}
	if n := len(w.pictures()); n != 4 {
		t.Errorf("%d pictures, want bina's four", n)
	}
	for table, rows := range w.tables() {
		for _, row := range rows {
			hers := strings.HasPrefix(row, "asha|") || strings.HasPrefix(row, "acme|asha|")
			if hers && (table == "Face_templates" || strings.Contains(row, ".jpg")) {
				t.Errorf("%s still has %.200q", table, row)
			}
		}
	}
	if len(w.sealedTemplates(bystander)) != 1 {
		t.Error("somebody else's template went, too")
	}
	x := w.erasures()[0]
	if x.State() != hajir.ErasureDone || x.Templates != 1 || x.EnrolmentObjects != 3 || x.DailyPictures != 3 || x.ProfileObjects != 1 {
		t.Errorf("the receipt counts %+v", x)
	}
	_ = filepath.WalkDir(filepath.Join(w.dir, "data", "objects"), func(path string, _ fs.DirEntry, _ error) error {
		if filepath.Base(path) == "asha" {
			t.Errorf("a folder of hers is left: %s", path)
		}
		return nil
	})
}

// portraitOf returns a picture of one of the people in a sample picture.
func portraitOf(t *testing.T, i int) []byte {
	t.Helper()
	b, err := models.Sample("sample3.jpg")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	at := [][4]float64{{0.52, 0.08, 0.72, 0.46}, {0.24, 0.15, 0.49, 0.50}}[i]
	size := whole.Bounds().Size()
	x, y := func(share float64) int { return int(share * float64(size.X)) }, func(share float64) int { return int(share * float64(size.Y)) }
	part := image.NewRGBA(image.Rect(0, 0, x(at[2]-at[0]), y(at[3]-at[1])))
	draw.Draw(part, part.Bounds(), whole, image.Pt(x(at[0]), y(at[1])), draw.Src)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, part, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
