package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hajir/internal/attendance"
	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/models"
)

// cliTest runs commands on one data directory.
type cliTest struct {
	t   *testing.T
	dir string
}

// run returns a command's standard output and exit code.
func (c cliTest) run(args ...string) (string, int) {
	c.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		c.t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = write
	defer func() { os.Stdout = stdout }()
	output := make(chan string)
	go func() { b, _ := io.ReadAll(read); output <- string(b) }()
	code := run(c.t.Context(), append([]string{"--data", filepath.Join(c.dir, "data"), "--log-level", "error"}, args...))
	_ = write.Close()
	return <-output, code
}

func (c cliTest) write(name string, content []byte) string {
	c.t.Helper()
	file := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return file
}

// expect runs a command and checks its exit code and parts of its output.
func (c cliTest) expect(code int, parts []string, args ...string) {
	c.t.Helper()
	out, got := c.run(args...)
	if got != code {
		c.t.Fatalf("hajir %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, out)
	}
	for _, p := range parts {
		if !strings.Contains(out, p) {
			c.t.Errorf("hajir %s: no %q in\n%s", strings.Join(args, " "), p, out)
		}
	}
}

// An operator does everything from a terminal, on real faces.
func TestCommandLine(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	c := cliTest{t: t, dir: t.TempDir()}
	good := c.write("password", []byte(password+"\n"))
	weak := c.write("weak", []byte("short\n"))
	sample, err := models.Sample("sample1.jpg")
	if err != nil {
		t.Fatal(err)
	}
	group := c.write("group.jpg", sample)

	c.expect(0, []string{"ok", "mobilefacenet_pair.onnx", "MIT"}, "models")
	company := []string{"company", "create", "acme", "--name", "Acme", "--email", "a@example.com", "--time-zone", "Asia/Kathmandu"}
	c.expect(0, []string{"no company yet"}, "company", "list")
	c.expect(1, nil, append(company, "--password-file", weak)...)
	c.expect(0, []string{"Made Acme"}, append(company, "--password-file", good)...)
	c.expect(1, nil, append(company, "--password-file", good)...)
	c.expect(0, []string{"USERNAME", "acme      Acme  a@example.com  Asia/Kathmandu  20"}, "company", "list")
	c.expect(0, []string{"new password"}, "account", "set-password", "acme", "--password-file", good)
	c.expect(1, nil, "account", "set-password", "nobody", "--password-file", good)
	c.expect(0, []string{"did not use two-factor"}, "account", "reset-two-factor", "acme")
	c.expect(1, nil, "account", "reset-two-factor", "nobody")

	c.expect(0, []string{"https://hajir.example.com/reset#token=acme."}, "account", "reset-link", "acme", "--public-url", "https://hajir.example.com")
	c.expect(1, nil, "account", "reset-link", "nobody")
	c.expect(1, nil, "account", "reset-link", "acme", "--public-url", "hajir.example.com/x")

	people := c.write("people.csv", []byte("\ufeffUsername,Name,Department\nasha,Asha Rai,Sales\nbina,Bina,\n\"x y\",Bad,\n"))
	c.expect(1, []string{"line 4: x y:", "2 added, 1 refused"}, "employee", "import", people, "--company", "acme")
	c.expect(1, nil, "employee", "import", c.write("bad.csv", []byte("name,colour\n")), "--company", "acme")

	team := c.write("team.csv", []byte("username,name,role,manager\nchet,Chet,,mona\nmona,Mona,Manager,hema\nhema,Hema,manager,\ndev,Dev,,asha\nanil,Anil,auditor,mona\n"))
	c.expect(1, []string{"line 5: dev: asha is not an active manager", "line 6: anil: an auditor", "3 added, 2 refused"}, "employee", "import", team, "--company", "acme")

	doors := c.write("doors.csv", []byte("code,time\n7,01/02/2026 09:00\n"))
	c.expect(1, nil, "import", "devices", doors, "--company", "acme")
	c.expect(1, []string{"line 2: 7: refused: nobody here has the employee code", "would be: 0 new, 0 changed, 0 the same, 1 refused"}, "import", "devices", doors, "--company", "acme", "--dates", "day", "--dry-run")
	c.expect(0, []string{"line 2: asha: changed: code: – → 7", "0 new, 1 changed"}, "import", "employees", c.write("codes.csv", []byte("username,code\nasha,7\n")), "--company", "acme")
	c.expect(0, []string{"1 new, 0 changed"}, "import", "devices", doors, "--company", "acme", "--dates", "day")
	c.expect(2, nil, "import", "nonsense", doors, "--company", "acme")

	c.write("faces/bina.jpg", sample)
	c.write("faces/asha/notes.txt", []byte("no picture"))
	c.write("faces/nobody.png", []byte("text"))
	c.expect(1, []string{"bina.jpg: Bina has not agreed", "(face_consent)", "nobody.png:", "0 enrolled, 1 refused, 1 skipped for want of consent"}, "enroll", filepath.Join(c.dir, "faces"), "--company", "acme")
	forms := []string{"enroll", filepath.Join(c.dir, "faces"), "--company", "acme", "--consent-on-paper"}
	c.expect(1, []string{"bina.jpg: 3 faces", "(face_several)", "nobody.png:", "0 enrolled, 2 refused, 0 skipped"}, forms...)
	inside(t, filepath.Join(c.dir, "data"), func(a *app) {
		e, err := a.db.Employee(t.Context(), "bina")
		if d := e.Consent; err != nil || d.State != hajir.ConsentGiven || d.Means != hajir.ConsentTerminal || d.By != operator() || d.At.IsZero() {
			t.Errorf("her consent is %+v, %v", d, err)
		}
		if e, err = a.db.Employee(t.Context(), "asha"); err != nil || len(e.Decisions()) != 0 {
			t.Errorf("of whom there was no picture: %+v, %v", e.Decisions(), err)
		}
		_, err = a.consent.Decide(t.Context(), "acme", "bina", hajir.Consent{State: hajir.ConsentWithdrawn, Means: hajir.ConsentPaper, By: "acme"})
		if err != nil {
			t.Error(err)
		}
	})
	c.expect(1, []string{"withdrawn their consent", "1 skipped"}, forms...) // who said no is not overruled
	c.expect(0, []string{"bina of acme: pictures go on", "0 erased, 1 pending"}, "erase", "--dry-run")
	c.expect(0, []string{"0 erased, 1 pending"}, "erase")
	c.expect(1, []string{`"code": "face_several"`, `"pixels"`, `"recorded": false`}, "check-in", group, "--company", "acme", "--json")
	c.expect(1, nil, "demo") // there is a company already
	c.expect(1, nil, "demo", "--remove", "--username", "acme")
	c.expect(2, nil, "nonsense")
	c.expect(2, nil, "serve", "--client-rate=-1")
}

// The example company comes, is recognised, and goes without a trace.
func TestDemoCommand(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	c := cliTest{t: t, dir: t.TempDir()}
	c.expect(0, []string{"25 people", "password"}, "demo")
	inside(t, filepath.Join(c.dir, "data"), func(a *app) {
		people, err := a.db.Employees(t.Context(), "demo", "", 100)
		if err != nil || len(people) != 25 {
			t.Fatalf("%d people, %v", len(people), err)
		}
	})
	c.expect(0, []string{"Removed"}, "demo", "--remove")
	inside(t, filepath.Join(c.dir, "data"), func(a *app) {
		if link, err := a.company.SetupURL(t.Context()); link == "" || err != nil {
			t.Errorf("after removal: link %q, %v", link, err)
		}
	})
	var left []string
	err := filepath.WalkDir(filepath.Join(c.dir, "data", "objects"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			left = append(left, path)
		}
		return err
	})
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	c.expect(0, nil, "demo") // and it can come again
}

// After a rotation nothing needs an old key, and a running program refuses it.
func TestRotateKeys(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	c := cliTest{t: t, dir: t.TempDir()}
	data := filepath.Join(c.dir, "data")
	c.expect(1, nil, "keys", "rotate") // there is nothing
	c.expect(0, nil, "demo")
	keyset := filepath.Join(data, "keys", "data.keyset")
	before, err := os.ReadFile(keyset)
	if err != nil {
		t.Fatal(err)
	}
	inside(t, data, func(*app) { c.expect(1, nil, "keys", "rotate") })
	for range 2 {
		c.expect(0, []string{"new key"}, "keys", "rotate")
	}
	inside(t, data, func(a *app) {
		faces, err := a.faces.List(t.Context(), "demo", "asha.rai")
		if err != nil || len(faces) != 2 {
			t.Fatalf("asha's faces: %v, %v", faces, err)
		}
		picture, err := a.bucket.Get(t.Context(), objects.FaceKey("demo", "asha.rai", faces[0].FaceID, objects.Original))
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.attendance.CheckIn(t.Context(), attendance.Attempt{Company: "demo", Pictures: [][]byte{picture}, DryRun: true})
		if err != nil || r.Results[0].Employee.Username != "asha.rai" {
			t.Errorf("CheckIn = %+v, %v", r, err)
		}
	})
	if err := os.WriteFile(keyset, before, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openWith(t.Context(), config.Config{Data: data, LogLevel: "error"}, siteForTest, time.Now,
		func(faces.TemplateStore) (faces.Recognizer, error) { return nil, nil }); err == nil {
		t.Error("the old key still opens something")
	}
}
