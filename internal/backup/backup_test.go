package backup

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// data is a data directory that is backed up to a directory beside it.
type data struct {
	*Backup
	t     *testing.T
	dir   string
	place Files
	key   *Key
	sql   *sql.DB
	keys  map[string][]byte
	ahead time.Duration // of the machine's clock
	on    bool          // SQLite's checkpoints
}

func newKey(t *testing.T) *Key {
	t.Helper()
	k, err := LoadKey(filepath.Join(t.TempDir(), "key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newData(t *testing.T, place Files, key *Key) *data {
	t.Helper()
	d := &data{t: t, dir: filepath.Join(t.TempDir(), "data"), place: place, key: key, keys: map[string][]byte{"keys/a": []byte("first")}}
	if err := os.MkdirAll(filepath.Join(d.dir, "objects"), 0o700); err != nil {
		t.Fatal(err)
	}
	d.open()
	return d
}

// open opens database and backup, as the program does when it starts.
func (d *data) open() {
	d.t.Helper()
	var err error
	if d.sql, err = sql.Open("sqlite", filepath.Join(d.dir, "db")+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)"); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.sql.Exec(`CREATE TABLE IF NOT EXISTS t (n INTEGER)`); err != nil {
		d.t.Fatal(err)
	}
	d.Backup, err = New(Config{
		Files: d.place, Key: d.key, Database: filepath.Join(d.dir, "db"), Objects: filepath.Join(d.dir, "objects"), State: filepath.Join(d.dir, "backup"),
		Keys: func() (map[string][]byte, error) { return d.keys, nil }, Kept: 35 * 24 * time.Hour, Fine: 35 * 24 * time.Hour,
		Checkpoints: func(_ context.Context, on bool) error { d.on = on; return nil },
		Now:         func() time.Time { return time.Now().Add(d.ahead) }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		d.t.Fatal(err)
	}
	sql, b := d.sql, d.Backup
	d.t.Cleanup(func() { _ = sql.Close(); _ = b.Close(context.Background()) })
}

// stop ends both, as the program does.
func (d *data) stop() {
	d.t.Helper()
	if err := errors.Join(d.sql.Close(), d.Close(d.t.Context())); err != nil {
		d.t.Fatal(err)
	}
}

func (d *data) insert(n int) {
	d.t.Helper()
	if _, err := d.sql.Exec(`INSERT INTO t VALUES (?)`, n); err != nil {
		d.t.Fatal(err)
	}
}

func (d *data) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// step copies, and returns a moment after what it copied and before whatever
// comes next: litestream notes milliseconds of the machine's clock.
func (d *data) step() time.Time {
	d.t.Helper()
	d.must(d.Step(d.t.Context()))
	levels, err := d.changes.all(d.t.Context())
	d.must(err)
	moment := newest(levels).Add(time.Millisecond)
	for time.Now().Before(moment) { // it is less than a millisecond
	}
	return moment
}

func (d *data) picture(object, content string) {
	d.t.Helper()
	file := filepath.Join(d.dir, "objects", object)
	d.must(os.MkdirAll(filepath.Dir(file), 0o700))
	d.must(os.WriteFile(file, []byte(content), 0o600))
	now := time.Now() // a file system's clock may be some milliseconds behind
	d.must(os.Chtimes(file, now, now))
	d.Touch(object)
}

func (d *data) remove(object string) {
	d.t.Helper()
	d.must(os.Remove(filepath.Join(d.dir, "objects", object)))
	d.Touch(object)
}

// restored is what a restore found.
type restored struct {
	rows     []int
	pictures map[string]string
	keys     map[string][]byte
}

func restore(t *testing.T, place Files, key *Key, moment time.Time) (r restored, err error) {
	t.Helper()
	a, err := OpenArchive(t.Context(), place, key)
	if err != nil {
		return r, err
	}
	p, err := a.Plan(t.Context(), moment)
	if err != nil {
		return r, err
	}
	dir := t.TempDir()
	if err := errors.Join(p.Database(t.Context(), filepath.Join(dir, "db"), func(int) {}), p.WriteKeys(dir),
		p.WritePictures(t.Context(), filepath.Join(dir, "objects"), func(int64) {})); err != nil {
		return r, err
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "db"))
	if err != nil {
		return r, err
	}
	defer db.Close()
	var sound string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("the restored database: %s, %v", sound, err)
	}
	rows, err := db.Query(`SELECT n FROM t ORDER BY n`)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return r, err
		}
		r.rows = append(r.rows, n)
	}
	if err := rows.Err(); err != nil {
		return r, err
	}
	r.pictures = map[string]string{}
	err = eachObject(t.Context(), filepath.Join(dir, "objects"), func(object string, _ fs.FileInfo) error {
		b, err := os.ReadFile(filepath.Join(dir, "objects", object))
		r.pictures[object] = string(b)
		return err
	})
	if err != nil {
		return r, err
	}
	r.keys, err = ReadKeys(dir, "keys", "master.key")
	return r, err
}

func (d *data) want(moment time.Time, rows []int, pictures map[string]string, key string) {
	d.t.Helper()
	r, err := restore(d.t, d.place, d.key, moment)
	if err != nil {
		d.t.Fatalf("restore to %v: %v", moment, err)
	}
	if !slices.Equal(r.rows, rows) {
		d.t.Errorf("at %v: rows %v, want %v", moment, r.rows, rows)
	}
	if !maps.Equal(r.pictures, pictures) {
		d.t.Errorf("at %v: pictures %v, want %v (or their content differs)", moment, slices.Sorted(maps.Keys(r.pictures)), slices.Sorted(maps.Keys(pictures)))
	}
	if got := string(r.keys["keys/a"]); got != key {
		d.t.Errorf("at %v: key %q, want %q", moment, got, key)
	}
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// Every moment comes back as it was: rows, pictures and keys; also after changes
// were joined, the program was started again, the keys were changed, pictures
// went, and the whole database was copied.
func TestRestoreToMoments(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	type then struct {
		at       time.Time
		rows     int
		pictures map[string]string
		key      string
	}
	var all []then
	now := map[string]string{}
	key := "first"
	note := func(rows int) { all = append(all, then{d.step(), rows, maps.Clone(now), key}) }
	check := func() {
		t.Helper()
		for _, x := range all {
			d.want(x.at, upTo(x.rows), x.pictures, x.key)
		}
		last := all[len(all)-1]
		d.want(time.Time{}, upTo(last.rows), last.pictures, last.key)
	}
	for n := 1; n <= 6; n++ {
		object := fmt.Sprintf("daily/acme/asha/%d.jpg", n)
		now[object] = strings.Repeat("picture", n*20_000) // of more than one segment
		d.picture(object, now[object])
		d.insert(n)
		note(n)
	}
	check()
	d.must(d.Keep(t.Context(), nil))
	d.insert(7)
	d.remove("daily/acme/asha/1.jpg")
	delete(now, "daily/acme/asha/1.jpg")
	note(7)
	check()

	d.stop()
	d.keys, key = map[string][]byte{"keys/a": []byte("second")}, "second"
	for object := range now { // sealed anew, with the second key
		now[object] = "anew " + object
		d.picture(object, now[object])
	}
	d.open()
	d.insert(8)
	d.must(d.Step(t.Context()))
	d.must(d.Keep(t.Context(), func() {}))
	note(8)
	check()

	d.ahead = 8 * 24 * time.Hour // the whole database is due
	d.must(d.Keep(t.Context(), nil))
	if levels, err := d.changes.all(t.Context()); err != nil || len(levels[whole]) != 1 || len(levels[1]) < 2 || len(levels[2]) == 0 {
		t.Fatalf("levels %v, %v", levels, err)
	}
	check()
	if _, err := restore(t, place, d.key, all[0].at.Add(-time.Hour)); err == nil || !strings.Contains(err.Error(), "begins at") {
		t.Errorf("before the backup: %v", err)
	}
	if name := filepath.Join(d.dir, "backup", "ltx", "0"); true {
		files, err := os.ReadDir(name)
		if err != nil || len(files) > 2 {
			t.Errorf("%d changes in clear are left, %v", len(files), err)
		}
	}
}

// What had its time goes: pictures that went, single steps, old histories.
func TestWhatHadItsTimeGoes(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	d.picture("faces/acme/asha/f/small.jpg", "asha")
	d.insert(1)
	d.step()
	d.remove("faces/acme/asha/f/small.jpg")
	d.insert(2)
	second := d.step()
	d.insert(3)
	d.step()
	d.must(d.Keep(t.Context(), func() {}))
	day := 24 * time.Hour

	d.Fine, d.ahead = day, 2*day // the steps are too old
	d.must(d.Keep(t.Context(), func() {}))
	if _, err := restore(t, place, d.key, second); err == nil || !strings.Contains(err.Error(), "the backup begins at") {
		t.Errorf("a step that had its time: %v", err)
	}
	d.want(time.Time{}, upTo(3), map[string]string{}, "first")

	d.ahead = 8 * day
	d.must(d.Keep(t.Context(), func() {})) // the whole database
	copies := func() int {
		all, err := d.changes.listCopies(t.Context(), picturesPrefix)
		d.must(err)
		return len(all)
	}
	if copies() != 1 {
		t.Errorf("%d copies, want that of the removed picture", copies())
	}
	d.ahead = 45 * day
	d.must(d.Keep(t.Context(), func() {}))
	if copies() != 0 {
		t.Error("the removed picture is still there after 45 days")
	}
	levels, err := d.changes.all(t.Context())
	d.must(err)
	if len(levels[0]) != 1 || len(levels[1]) != 0 || len(levels[2]) != 0 || len(levels[whole]) != 1 {
		t.Errorf("files left: %v", levels)
	}
	d.want(time.Time{}, upTo(3), map[string]string{}, "first")
	d.stop()

	next := newData(t, place, d.key) // another history
	next.ahead = 45 * day
	next.insert(9)
	next.step()
	next.must(next.Keep(t.Context(), func() {}))
	if all, err := next.changes.histories(t.Context()); err != nil || len(all) != 1 || all[next.history] == nil {
		t.Errorf("histories %v, %v", slices.Collect(maps.Keys(all)), err)
	}
}

// A restored directory begins a history of its own, and each moment is found in
// the history that went on then.
func TestHistories(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	d.insert(1)
	first := d.step()
	d.insert(100)
	second := d.step()
	d.stop()
	next := newData(t, place, d.key)
	next.insert(1)
	next.insert(2)
	third := next.step()
	for moment, rows := range map[time.Time][]int{first: {1}, second: {1, 100}, third: {1, 2}, {}: {1, 2}} {
		next.want(moment, rows, map[string]string{}, "first")
	}
}

// failing is a place that can be out of reach.
type failing struct {
	Files
	err  error
	puts int
}

func (f *failing) Put(ctx context.Context, name string, content io.Reader) error {
	if f.err != nil {
		return f.err
	}
	f.puts++
	return f.Files.Put(ctx, name, content)
}

func (f *failing) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.Files.Get(ctx, name)
}

func (f *failing) Each(ctx context.Context, prefix string, visit func(File) error) error {
	if f.err != nil {
		return f.err
	}
	return f.Files.Each(ctx, prefix, visit)
}

// While the place is out of reach everything goes on, and later all of it is
// there, also when so much waited that it was given up.
func TestPlaceOutOfReach(t *testing.T) {
	place := &failing{Files: directory(filepath.Join(t.TempDir(), "backup")), err: errors.New("no route to host")}
	d := newData(t, place, newKey(t))
	d.insert(1)
	if err := d.Step(t.Context()); err == nil || !strings.Contains(err.Error(), "no route to host") {
		t.Fatalf("Step = %v", err)
	}
	d.note(t.Context(), d.Step(t.Context()))
	if s := ReadStatus(d.State); !strings.Contains(s.Error, "no route") || s.FailingSince.IsZero() {
		t.Errorf("status %+v", s)
	}
	place.err = nil
	d.insert(2)
	d.picture("profiles/acme/asha/p/small.jpg", "asha")
	first := d.step()
	if d.on {
		t.Error("SQLite empties the journal that is read")
	}
	d.note(t.Context(), nil)
	if s := ReadStatus(d.State); s.Error != "" || s.Safe.IsZero() {
		t.Errorf("status %+v", s)
	}

	place.err = errors.New("disk is full")
	for n := 3; n <= 5; n++ {
		d.insert(n)
		if err := d.Step(t.Context()); err == nil {
			t.Fatal("Step went well without a place")
		}
	}
	d.maxPile = 100 // bytes
	d.picture("profiles/acme/bina/p/small.jpg", "bina")
	if err := d.Step(t.Context()); err == nil || !d.on || d.reading() != nil {
		t.Fatalf("%v; checkpoints %v: the journal is still held", err, d.on)
	}
	d.insert(6)
	_ = d.Step(t.Context())
	d.maxPile = maxPile
	place.err = nil
	d.insert(7)
	pictures := map[string]string{"profiles/acme/asha/p/small.jpg": "asha"}
	d.want(first, upTo(2), pictures, "first")
	second := d.step()
	pictures["profiles/acme/bina/p/small.jpg"] = "bina"
	d.want(second, upTo(7), pictures, "first")
	d.want(time.Time{}, upTo(7), pictures, "first")
}

// Killed between any two writes, the program leaves a backup that can be
// restored, and in which no row lacks its picture.
func TestKilledBetweenWrites(t *testing.T) {
	key := newKey(t)
	for enough := range 9 {
		place := &failing{Files: directory(filepath.Join(t.TempDir(), "backup"))}
		d := newData(t, place, key)
		d.insert(1)
		d.must(d.Step(t.Context()))
		place.puts = 0
		place.Files = &dying{Files: place.Files, left: enough}
		for n := 2; n <= 4; n++ {
			d.picture(fmt.Sprintf("daily/%d.jpg", n), "picture")
			d.insert(n)
			_ = d.Step(t.Context())
		}
		_ = d.Keep(t.Context(), func() {})
		r, err := restore(t, directory(place.String()), key, time.Time{})
		if err != nil {
			t.Fatalf("after %d writes: %v", enough, err)
		}
		for _, n := range r.rows[1:] {
			if r.pictures[fmt.Sprintf("daily/%d.jpg", n)] == "" {
				t.Errorf("after %d writes: row %d has no picture", enough, n)
			}
		}
	}
}

// dying is the place of a program that is killed after some writes.
type dying struct {
	Files
	left int
}

func (d *dying) Put(ctx context.Context, name string, content io.Reader) error {
	if d.left == 0 {
		return errors.New("killed")
	}
	d.left--
	return d.Files.Put(ctx, name, content)
}

// A file that was changed, cut off, replaced or removed is found, and so is a
// wrong key.
func TestDamage(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	if _, err := OpenArchive(t.Context(), place, d.key); !errors.Is(err, ErrNoBackup) {
		t.Errorf("an empty place: %v", err)
	}
	d.picture("daily/1.jpg", strings.Repeat("picture", 30_000))
	var last time.Time
	for n := range 3 {
		d.insert(n + 1)
		last = d.step()
	}
	if _, err := OpenArchive(t.Context(), place, newKey(t)); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
	var names []string
	d.must(place.Each(t.Context(), "", func(f File) error {
		if f.Name != checkName {
			names = append(names, f.Name)
		}
		return nil
	}))
	if len(names) != 5 {
		t.Fatalf("files %v", names)
	}
	for _, name := range names {
		if strings.Contains(name, "daily") {
			t.Errorf("%s tells what it is of", name)
		}
		file := place.file(name)
		good, err := os.ReadFile(file)
		d.must(err)
		if bytes.Contains(good, []byte("picture")) || bytes.Contains(good, []byte("first")) || bytes.Contains(good, []byte("SQLite")) {
			t.Errorf("%s can be read", name)
		}
		changed := bytes.Clone(good)
		changed[len(changed)/2] ^= 1
		other, err := os.ReadFile(place.file(names[(slices.Index(names, name)+1)%len(names)]))
		d.must(err)
		for what, bad := range map[string][]byte{"changed": changed, "cut off": good[:len(good)-20], "replaced": other, "emptied": {}} {
			t.Run(strings.SplitN(name, "/", 2)[0]+" "+what, func(t *testing.T) {
				t.Parallel() // litestream reads thrice, and waits in between
				copied := directory(filepath.Join(t.TempDir(), "backup"))
				if err := errors.Join(os.CopyFS(string(copied), os.DirFS(string(place))), os.WriteFile(copied.file(name), bad, 0o600)); err != nil {
					t.Fatal(err)
				}
				if _, err := restore(t, copied, d.key, last); !errors.Is(err, ErrDamaged) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	d.want(last, upTo(3), map[string]string{"daily/1.jpg": strings.Repeat("picture", 30_000)}, "first")
}

// Without one of the changes there is no way to what came after it.
func TestMissingChange(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	var last time.Time
	for n := range 3 {
		d.insert(n + 1)
		last = d.step()
	}
	levels, err := d.changes.all(t.Context())
	d.must(err)
	d.must(os.Remove(place.file(d.changes.name(&levels[0][1]))))
	for _, moment := range []time.Time{last, {}} {
		if _, err := restore(t, place, d.key, moment); err == nil || !strings.Contains(err.Error(), "missing") && !strings.Contains(err.Error(), "non-contiguous") {
			t.Errorf("to %v without the second change: %v", moment, err)
		}
	}
}

func TestPlainSize(t *testing.T) {
	v := vault{directory(t.TempDir()), newKey(t)}
	for _, n := range []int{0, 1, 100, sealSegment - sealHeader - sealTag - 1, sealSegment - sealHeader - sealTag, sealSegment, 3*sealSegment - sealHeader - 3*sealTag, 200_000} {
		if err := v.put(t.Context(), "a", bytes.NewReader(make([]byte, n))); err != nil {
			t.Fatal(err)
		}
		var sealed int64
		_ = v.files.Each(t.Context(), "a", func(f File) error { sealed = f.Size; return nil })
		if got := plainSize(sealed); got != int64(n) {
			t.Errorf("plainSize(%d) = %d, want %d", sealed, got, n)
		}
		if b, err := v.read(t.Context(), "a"); err != nil || len(b) != n {
			t.Errorf("%d of %d bytes, %v", len(b), n, err)
		}
	}
}

// Asked for it, a running backup copies everything: also pictures that another
// process brought, of which it was not told.
func TestAskWhileRunning(t *testing.T) {
	place := directory(filepath.Join(t.TempDir(), "backup"))
	d := newData(t, place, newKey(t))
	d.insert(1)
	file := filepath.Join(d.dir, "objects", "daily", "1.jpg")
	d.must(errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("theirs"), 0o600)))
	done, err := Ask(d.State)
	d.must(err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.Run(ctx) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		<-tick.C
	}
	if lag := d.Lag(); lag < 0 || lag > time.Minute {
		t.Errorf("lag %v", lag)
	}
	if s := ReadStatus(d.State); s.Pictures != 1 || s.Safe.IsZero() || s.Error != "" {
		t.Errorf("status %+v", s)
	}
	stop()
	<-ended
	d.want(time.Time{}, upTo(1), map[string]string{"daily/1.jpg": "theirs"}, "first")
}
