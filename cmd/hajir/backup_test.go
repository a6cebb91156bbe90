package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/internal/backup"
	"hajir/internal/company"
	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/models"
)

// An operator backs up, loses the machine, and restores two moments from nothing
// but the backup and its key; who was erased in between is erased again.
func TestBackupCommands(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	c := cliTest{t: t, dir: t.TempDir()}
	data, place := filepath.Join(c.dir, "data"), filepath.Join(c.dir, "data-backup")
	c.expect(1, nil, "backup", "now")
	c.expect(1, nil, "backup", "key")
	c.expect(1, nil, "backup", "status")
	c.expect(0, nil, "demo")
	c.expect(2, nil, "backup", "now", "--backup-days", "0")
	c.expect(1, nil, "backup", "now", "--backup", "off")
	c.expect(1, nil, "backup", "now", "--backup", filepath.Join(data, "inside"))
	c.expect(1, nil, "backup", "now", "--backup", "ftp://example.com/x")
	c.expect(0, []string{"Everything is in " + place}, "backup", "now")
	before := time.Now().UTC().Format(time.RFC3339Nano)
	out, _ := c.run("backup", "key")
	key := c.write("key", []byte(out))

	var face string
	inside(t, data, func(a *app) {
		kept, err := a.faces.List(t.Context(), "demo", "bina.gurung")
		if err != nil || len(kept) == 0 {
			t.Fatal(kept, err)
		}
		face = objects.FaceKey("demo", "bina.gurung", kept[0].FaceID, objects.Original)
		days := 0
		if _, err := a.company.Change(t.Context(), "demo", company.Settings{RetentionDays: &days}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.consent.Decide(t.Context(), "demo", "bina.gurung", hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentPaper, By: "demo"}); err != nil {
			t.Fatal(err)
		}
		inactive := false
		if _, err := a.company.ChangePerson(t.Context(), "demo", "asha.rai", company.PersonChange{Active: &inactive}); err != nil {
			t.Fatal(err)
		}
	})
	c.expect(0, nil, "backup", "now")
	c.expect(0, []string{"Everything until", "Restorable:", "Pictures:"}, "backup", "status")
	if err := os.Rename(data, filepath.Join(c.dir, "lost")); err != nil {
		t.Fatal(err)
	}

	with := func(args ...string) []string { return append(args, "--backup", place, "--backup-key-file", key) }
	other := c.write("other", []byte("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"))
	c.expect(1, nil, "restore", "--backup", place) // without a key
	c.expect(1, nil, "restore", "--backup", place, "--backup-key-file", other)
	c.expect(1, nil, with("restore", "--at", "yesterday")...)
	c.expect(1, nil, with("restore", "--at", "2020-01-01T00:00:00Z")...)
	c.expect(1, nil, with("restore", "--at", time.Now().AddDate(1, 0, 0).Format(time.RFC3339))...)
	c.expect(1, nil, with("restore", "--to", c.dir)...) // not empty
	c.expect(0, []string{"nothing was written"}, with("restore", "--dry-run")...)
	if empty, err := backup.Empty(data); err != nil || !empty {
		t.Fatalf("a dry run wrote to %s: %v", data, err)
	}

	then := filepath.Join(c.dir, "then")
	c.expect(0, []string{"the database is sound", "25 people", "bina.gurung of demo was erased after", "asha.rai of demo was erased after", "Restored to " + then},
		with("restore", "--at", before, "--to", then)...)
	inside(t, then, func(a *app) {
		for _, who := range []string{"bina.gurung", "asha.rai"} {
			e, err := a.db.Employee(t.Context(), who)
			kept, listErr := a.faces.List(t.Context(), "demo", who)
			if err != nil || listErr != nil || len(kept) != 0 || e.FaceAllowed() == nil {
				t.Errorf("%s: %+v, faces %v, %v, %v", who, e.Consent, kept, err, listErr)
			}
		}
		if e, err := a.db.Employee(t.Context(), "asha.rai"); err != nil || e.Active {
			t.Errorf("asha is active again: %v", err)
		}
		if _, err := a.bucket.Get(t.Context(), face); err != nil {
			t.Errorf("her picture has some minutes left: %v", err)
		}
		x, err := a.db.Erasures(t.Context(), "bina.gurung")
		if err != nil || len(x) != 1 || x[0].DueAt.After(time.Now().Add(hajir.ErasureGrace)) {
			t.Errorf("erasures %+v, %v", x, err)
		}
	})

	c.expect(0, []string{"the database is sound", "Restored to " + data}, with("restore")...)
	inside(t, data, func(a *app) {
		if kept, err := a.faces.List(t.Context(), "demo", "bina.gurung"); err != nil || len(kept) != 0 {
			t.Errorf("bina's faces: %v, %v", kept, err)
		}
	})
	c.expect(0, []string{"Everything is in " + place}, "backup", "now") // goes on at the same place, with the key that was restored
	c.expect(0, []string{"Checked"}, "restore", "--to", filepath.Join(c.dir, "again"), "--at", before, "--skip-erasures")
}

// The drill restores what is there, and says when it cannot.
func TestDrill(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.want(w.checkIn(w.adminToken(), "face:asha"), 201, "")
	c := config.Config{Data: filepath.Join(w.dir, "data"), Copies: config.Backup{Days: 35, Fine: 35}}
	b, err := w.openBackup(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.openBackup(t.Context(), c); err == nil {
		t.Error("two back the same data up")
	}
	if err := b.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.drill(t.Context(), c)
	if d := b.LastDrill(); d.Error != "" || !strings.Contains(d.Found, "1 companies, 1 people, 1 days, 0 faces, 1 pictures") {
		t.Errorf("drill %+v", d)
	}
	if empty, err := backup.Empty(filepath.Join(c.BackupState(), "drill")); err != nil || !empty {
		t.Errorf("the drill left something: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(w.dir, "data-backup", "keys")); err != nil {
		t.Fatal(err)
	}
	w.drill(t.Context(), c)
	if d := b.LastDrill(); !strings.Contains(d.Error, "no keys") || d.Found != "" {
		t.Errorf("drill without keys: %+v", d)
	}
}

// While the data is backed up, an erasure empties the journal as it does
// otherwise.
func TestScrubWhileBackedUp(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	c := config.Config{Data: filepath.Join(w.dir, "data"), Copies: config.Backup{Days: 35, Fine: 35}}
	b, err := w.openBackup(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	journal := func() int64 {
		info, err := os.Stat(filepath.Join(c.Data, "hajir.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if journal() < 100<<10 {
		t.Fatalf("the journal has only %d bytes before", journal())
	}
	_, err = w.consent.Decide(t.Context(), "acme", "asha", hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentPaper, By: "acme"})
	if err := errors.Join(err, w.sweep(t.Context(), w.clock.Now()), b.Step(t.Context()), b.Keep(t.Context(), nil)); err != nil {
		t.Fatal(err)
	}
	if journal() > 64<<10 {
		t.Errorf("the journal has %d bytes after an erasure", journal())
	}
}
