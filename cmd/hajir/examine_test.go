package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/backup"
	"hajir/internal/config"
	"hajir/internal/doctor"
	"hajir/internal/store/sqlite"
	"hajir/models"
)

// patientOf examines a data directory as hajir doctor does, but for the models.
func patientOf(t *testing.T, c config.Config, now func() time.Time) doctor.Report {
	t.Helper()
	p := &patient{c: c, s: config.Serve{}, now: now, try: func(context.Context) error { return nil }}
	p.records = sync.OnceValues(func() (*sqlite.DB, error) { return p.openRecords(t.Context()) })
	r := doctor.Examine(t.Context(), now(), "test", p.checks(t.Context()), func(int, int, string) {})
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	return r
}

// found returns the worst level of a check's findings.
func found(r doctor.Report, check string) (worst doctor.Level) {
	for _, f := range r.Findings {
		if f.Check == check && (worst == "" || worst == doctor.OK || f.Level == doctor.Fail) {
			worst = f.Level
		}
	}
	return worst
}

// Each thing that goes wrong is found, and everything else stays as it was.
func TestDoctor(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	if err := w.db.Close(); err != nil { // so that all of it is in the file
		t.Fatal(err)
	}
	healthy := filepath.Join(w.dir, "data")
	for name, c := range map[string]struct {
		harm  func(t *testing.T, dir string, c *config.Config)
		check string
		want  doctor.Level
	}{
		"nothing":                {func(*testing.T, string, *config.Config) {}, "database.integrity", doctor.OK},
		"a key that others read": {func(t *testing.T, dir string, _ *config.Config) { chmod(t, filepath.Join(dir, "master.key"), 0o644) }, "keys", doctor.Fail},
		"no data key":            {func(t *testing.T, dir string, _ *config.Config) { unlink(t, filepath.Join(dir, "keys/data.keyset")) }, "keys", doctor.Fail},
		"another master key":     {func(_ *testing.T, _ string, c *config.Config) { c.MasterKey = strings.Repeat("A", 43) + "=" }, "keys", doctor.Fail},
		"a sealed key of elsewhere": {func(t *testing.T, dir string, _ *config.Config) {
			write(t, filepath.Join(dir, "keys/link-key.sealed"), "no")
		}, "keys", doctor.Fail},
		"no records":            {func(t *testing.T, dir string, _ *config.Config) { unlink(t, filepath.Join(dir, "hajir.db")) }, "configuration.data", doctor.Fail},
		"a damaged page":        {func(t *testing.T, dir string, _ *config.Config) { scribble(t, filepath.Join(dir, "hajir.db")) }, "database.integrity", doctor.Fail},
		"a schema of tomorrow":  {sqlDo(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`), "database.schema", doctor.Fail},
		"a schema of yesterday": {sqlDo(`DELETE FROM goose_db_version WHERE version_id > 100`), "database.schema", doctor.Warn},
		"a changed entry":       {sqlDo(unguard + `UPDATE Audit_log SET doc = json_set(doc, '$.operation', 'other') WHERE seq = 1`), "audit", doctor.Fail},
		"a missing entry":       {sqlDo(unguard + `DELETE FROM Audit_log WHERE seq = 1`), "audit", doctor.Fail},
		"a mail server that is away": {func(_ *testing.T, _ string, c *config.Config) {
			c.Mail = config.Mail{SMTPHost: "127.0.0.1", SMTPPort: 9, SMTPTLS: "none", MailFrom: "h@example.com"}
		}, "mail", doctor.Fail},
		"a mail server and no sender": {func(_ *testing.T, _ string, c *config.Config) { c.Mail.SMTPHost = "127.0.0.1" }, "mail", doctor.Fail},
		"no mail server":              {func(*testing.T, string, *config.Config) {}, "mail", doctor.Warn},
		"no backup":                   {func(_ *testing.T, _ string, c *config.Config) { c.Copies.Place = "off" }, "backup", doctor.Warn},
		"a backup that fails":         {status(backup.Status{At: time.Unix(1, 0), Error: "no space"}), "backup.age", doctor.Fail},
		"a backup of long ago":        {status(backup.Status{At: time.Unix(1, 0), Safe: time.Unix(1, 0)}), "backup.age", doctor.Warn},
		"a drill that failed":         {status(backup.Status{At: time.Unix(1, 0), Safe: time.Unix(1, 0), Drill: backup.Drill{At: time.Unix(1, 0), Error: "no"}}), "backup.drill", doctor.Fail},
		"a clock that was set back":   {status(backup.Status{At: w.clock.Now().Add(time.Hour)}), "clock.stored", doctor.Fail},
		"a clock that goes right":     {func(*testing.T, string, *config.Config) {}, "clock.stored", doctor.OK},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.CopyFS(dir, os.DirFS(healthy)); err != nil {
				t.Fatal(err)
			}
			private(t, dir)
			conf := config.Config{Data: dir, LogLevel: "error", Copies: config.Backup{Days: 35, Fine: 35}}
			c.harm(t, dir, &conf)
			r := patientOf(t, conf, w.clock.Now)
			if got := found(r, c.check); got != c.want {
				t.Errorf("%s: %q, want %q; all: %+v", c.check, got, c.want, r.Findings)
			}
			for _, f := range r.Findings {
				if f.Level != doctor.OK && (f.What == "" || f.Why == "" || f.Fix == "") {
					t.Errorf("a finding does not say what, why and how to mend it: %+v", f)
				}
			}
			if c.want == doctor.Fail && r.Level != doctor.Fail {
				t.Errorf("all together is %s", r.Level)
			}
		})
	}
}

// A server goes on while it is examined, and scripts read what is found.
func TestDoctorCommand(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	w := newWorld(t)
	token := w.company("acme")
	private(t, filepath.Join(w.dir, "data"))
	c := cliTest{t: t, dir: w.dir}
	// The world's clock is behind, so that its entries are not of tomorrow.
	out, code := c.run("doctor", "--json", "--full", "--listen", "0.0.0.0:8080", "--mail-to", "operator@example.com")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v: %s", code, err, out)
	}
	for check, want := range map[string]doctor.Level{
		"models.run": doctor.OK, "database.integrity": doctor.OK, "audit": doctor.OK, "mail.send": doctor.OK, "configuration.https": doctor.Warn,
	} {
		if got := found(r, check); got != want {
			t.Errorf("%s: %q, want %q", check, got, want)
		}
	}
	mails, _ := filepath.Glob(filepath.Join(w.dir, "data/outbox/*.eml"))
	if len(mails) != 1 {
		t.Errorf("%d mails were sent, want the one that was asked for", len(mails))
	}
	w.want(w.call("GET", "/companies/acme", token, nil), 200, "")
	c.expect(1, []string{"FAIL", "configuration.data", "→"}, "--data", filepath.Join(w.dir, "elsewhere"), "doctor")
	if _, err := os.Stat(filepath.Join(w.dir, "elsewhere")); err == nil {
		t.Error("the doctor made a data directory")
	}
	c.expect(1, []string{"fewer than 16 characters"}, "doctor", "--metrics-token", "short")
}

func chmod(t *testing.T, file string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
}

func unlink(t *testing.T, file string) {
	t.Helper()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// private closes the keys to others, as they are when they are made: copies of a
// directory follow the umask.
func private(t *testing.T, dir string) {
	t.Helper()
	sealed, _ := filepath.Glob(filepath.Join(dir, "keys", "*"))
	for _, file := range append(sealed, filepath.Join(dir, "master.key")) {
		chmod(t, file, 0o600)
	}
}

// scribble writes over the second page and those behind it.
func scribble(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("\xff", 64<<10)), 40<<12); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// unguard removes what keeps the audit log from being changed.
const unguard = `DROP TRIGGER Audit_log_stays_as_it_is; DROP TRIGGER Audit_log_stays; `

func sqlDo(statement string) func(*testing.T, string, *config.Config) {
	return func(t *testing.T, dir string, _ *config.Config) {
		db, err := sql.Open("sqlite", filepath.Join(dir, "hajir.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func status(s backup.Status) func(*testing.T, string, *config.Config) {
	return func(t *testing.T, dir string, _ *config.Config) {
		doc, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "backup", "status.json"), string(doc))
	}
}
