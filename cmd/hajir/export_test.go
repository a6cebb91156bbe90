package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"hajir/internal/employee"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

const ashasData = "/companies/acme/employees/asha/data"

// unpack returns the files of a ZIP archive.
func unpack(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil { // which checks its sum
			t.Fatal(err)
		}
	}
	return files
}

// People get everything that is held about them, and nothing of anybody else.
func TestDownloadOfOnesData(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	ctx := t.Context()
	if err := w.pool.SetPassword(ctx, "asha", password); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("PUT", "/companies/acme/employees/asha/pin", admin, map[string]any{"pin": "2580"}), http.StatusOK, "")
	w.want(w.checkIn(admin, "lookalike:asha~bina:0.2"), http.StatusCreated, "")
	old := objects.PunchPrefix("acme") + "2026/03/01/7.jpg" // where older versions kept them
	for key, content := range map[string]string{old: "old", objects.ProfilePrefix("acme", "asha") + "small.jpg": "profile", objects.ProfilePrefix("acme", "bina") + "small.jpg": "bina's"} {
		if err := w.bucket.Put(ctx, key, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	before := hajir.Day{Name: "asha", Date: "2026-03-01", Company: "acme", Punches: []hajir.Punch{{ID: "7", At: w.clock.Now(), Source: hajir.SourceKiosk, Picture: old}}}
	if err := w.db.SaveDay(ctx, before); err != nil {
		t.Fatal(err)
	}
	kept, err := w.faces.List(ctx, "acme", "asha")
	if err != nil {
		t.Fatal(err)
	}
	for name, face := range map[string]string{"asha": kept[0].FaceID, "bina": "other"} {
		err := w.db.SaveTemplate(ctx, faces.Template{Company: "acme", Username: name, FaceID: face, Model: "fake-1", Vector: []float32{0.25, -0.5}, IndexedAt: w.clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
	}

	r := w.call("GET", ashasData, w.token("asha"), nil)
	if r.Code != http.StatusOK || r.Header().Get("Content-Type") != "application/zip" ||
		r.Header().Get("Content-Disposition") != `attachment; filename="hajir-asha.zip"` || r.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", r.Code, r.Header())
	}
	files := unpack(t, r.Body.Bytes())
	for _, name := range []string{
		"README.txt", "data.json", "pictures/profile/small.jpg", "pictures/daily/2026/03/01/7.jpg",
		"pictures/enrolment/" + kept[0].FaceID + "/original.jpg", "pictures/enrolment/" + kept[0].FaceID + "/small.jpg",
	} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	if len(files) != 2+1+2+3 {
		t.Errorf("%d files: %v", len(files), files)
	}
	var data struct {
		Profile, Account, PIN map[string]any
		Consent, Erasures     []any
		Faces                 []struct {
			FaceID   string `json:"face_id"`
			Template []float64
		}
		Days []struct {
			Date    string
			Punches []struct {
				Picture  string
				Decision map[string]any
			}
		}
	}
	if err := json.Unmarshal(files["data.json"], &data); err != nil {
		t.Fatalf("%v in %s", err, files["data.json"])
	}
	if data.Profile["name"] != "Asha" || data.Account["has_password"] != true || data.PIN["set"] != true || len(data.Consent) != 1 ||
		len(data.Faces) != 1 || fmt.Sprint(data.Faces[0].Template) != "[0.25 -0.5]" || len(data.Account["sessions"].([]any)) != 1 {
		t.Errorf("the data: %s", files["data.json"])
	}
	if len(data.Days) != 2 || data.Days[0].Punches[0].Picture != "pictures/daily/2026/03/01/7.jpg" || len(files[data.Days[1].Punches[0].Picture]) == 0 {
		t.Errorf("days: %+v", data.Days)
	}
	if d := data.Days[1].Punches[0].Decision; d["score"] != facestest.FakeSame || fmt.Sprint(d["scores_of_others"]) != "[0.7]" {
		t.Errorf("the decision: %v", d)
	}
	for name, content := range files {
		if text := strings.ToLower(name + string(content)); strings.Contains(text, "bina") || strings.Contains(text, "argon2") {
			t.Errorf("%s tells of somebody else, or a secret: %s", name, content)
		}
	}
	w.want(w.call("GET", ashasData, w.token("bina"), nil), http.StatusForbidden, "forbidden")
	w.want(w.call("GET", "/companies/acme/employees/nobody/data", admin, nil), http.StatusNotFound, "not_found")
}

// Somebody of whom nothing but the record is there gets a file as well.
func TestDownloadOfLittleData(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "asha", "name": "Asha"}), http.StatusCreated, "")
	files := unpack(t, w.want(w.call("GET", ashasData, admin, nil), http.StatusOK, "").Body.Bytes())
	if len(files) != 2 || !json.Valid(files["data.json"]) || strings.Contains(string(files["data.json"]), "null,") {
		t.Errorf("%d files: %s", len(files), files["data.json"])
	}
}

// large is the data of somebody who has been there for years: many days, and
// more pictures than may be in memory.
type large struct {
	employee.Store
	employee.Objects
	days, pictures int
	picture        []byte
}

func (l large) PersonDays(_ context.Context, name, after string, limit int) ([]hajir.Day, error) {
	first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	from := 0
	if after != "" {
		at, _ := time.Parse(time.DateOnly, after)
		from = int(at.Sub(first).Hours()/24) + 1
	}
	var page []hajir.Day
	for i := from; i < min(l.days, from+limit); i++ {
		d := hajir.Day{Name: name, Company: "acme", Date: first.AddDate(0, 0, i).Format(time.DateOnly)}
		for n := range 4 {
			d, _ = d.Record(hajir.Punch{ID: fmt.Sprint(i, n), At: first.Add(time.Duration(n) * time.Hour), Source: hajir.SourceKiosk, Decision: hajir.Decision{Username: name, Model: "m"}})
		}
		page = append(page, d)
	}
	return page, nil
}

func (l large) Each(_ context.Context, prefix string, visit func(string) error) error {
	for i := range l.pictures {
		if err := visit(fmt.Sprintf("%s%05d.jpg", prefix, i)); err != nil {
			return err
		}
	}
	return nil
}

func (l large) Get(context.Context, string) ([]byte, error) { return bytes.Clone(l.picture), nil }

// peak is a writer that looks how much memory is in use from time to time.
type peak struct {
	n    int64
	next int64
	most uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.n += int64(len(b)); p.n >= p.next {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		p.most, p.next = max(p.most, m.HeapAlloc), p.n+16<<20
	}
	return len(b), nil
}

// Ten years of days and 300 MB of pictures take a few megabytes of memory.
func TestDownloadOfMuchData(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	l := large{Store: w.db, days: 3650, pictures: 200, picture: bytes.Repeat([]byte{1, 2, 3, 4}, 128<<10)} // 512 kB each, in three folders
	s := *w.employee
	s.Store, s.Objects = l, l
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	p := &peak{}
	if err := s.Export(t.Context(), "acme", "asha", p); err != nil {
		t.Fatal(err)
	}
	if p.n < 300<<20 {
		t.Errorf("only %d bytes were written", p.n)
	}
	if grown := int64(p.most) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d bytes of memory for %d bytes of data", grown, p.n)
	}
	var out bytes.Buffer
	l.pictures = 1
	s.Store, s.Objects = l, l
	if err := s.Export(t.Context(), "acme", "asha", &out); err != nil {
		t.Fatal(err)
	}
	var data struct{ Days []struct{ Date string } }
	if err := json.Unmarshal(unpack(t, out.Bytes())["data.json"], &data); err != nil || len(data.Days) != 3650 || data.Days[3649].Date != "2009-12-28" {
		t.Errorf("%d days, %v", len(data.Days), err)
	}
}

// broken has a picture that cannot be read.
type broken struct{ employee.Objects }

func (broken) Get(context.Context, string) ([]byte, error) { return nil, errors.New("the disk fails") }

// A file that cannot be finished is cut off, so that nobody takes it for whole.
func TestDownloadIsCutOffNotCutShort(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.employee.Objects = broken{w.bucket}
	srv := httptest.NewServer(w.handler)
	defer srv.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/api/v1"+ashasData, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token("asha"))
	res, err := srv.Client().Do(req)
	if err != nil {
		return // cut off before anything was sent
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("%d bytes came as if that were all", len(b))
	}
}
