package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/onnx"
	"hajir/internal/hajir"
	"hajir/internal/objects"
	"hajir/models"
)

// asProgram makes the test's own binary be the program.
const asProgram = "HAJIR_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		signal.Ignore(syscall.SIGXFSZ) // a test bounds files in place of a disk that fails
		main()                         // which ends the process
	}
	os.Exit(m.Run())
}

// child is the program in a process of its own.
type child struct {
	cmd *exec.Cmd
	url string
}

func start(t *testing.T, dir string, args ...string) *child {
	t.Helper()
	c, stderr := launchWith(t, dir, nil, args...)
	c.serves(t, stderr)
	return c
}

// launchWith starts the program with more variables, and waits for nothing.
func launchWith(t *testing.T, dir string, env []string, args ...string) (*child, io.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"--data", dir, "serve", "--listen", "127.0.0.1:0"}, args...)
	c := &child{cmd: exec.CommandContext(t.Context(), self, args...)}
	home := filepath.Join(filepath.Dir(dir), "home")
	c.cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+home, "XDG_CACHE_HOME="+filepath.Join(home, ".cache"))
	c.cmd.Env = append(c.cmd.Env, env...)
	stderr, err := c.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	return c, stderr
}

// kill ends the program outright, if it runs.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// serves waits until the program says where it serves.
func (c *child) serves(t *testing.T, stderr io.Reader) {
	t.Helper()
	lines := bufio.NewScanner(stderr)
	var log []string
	for lines.Scan() {
		log = append(log, lines.Text())
		if m := regexp.MustCompile(`url=(http://127\.0\.0\.1:\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			c.url = m[1]
			go func() {
				for lines.Scan() { // keep its log flowing
				}
			}()
			return
		}
	}
	t.Fatalf("the program did not start:\n%s", strings.Join(log, "\n"))
}

// acknowledged is a punch that the program said it had recorded.
type acknowledged struct {
	Username, Date string
	At             time.Time
	Recorded       bool
}

// punch sends a picture and returns what was acknowledged; false when the
// program is gone.
func (c *child) punch(ctx context.Context, token string, picture []byte) (acknowledged, bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/v1/companies/demo/punches", bytes.NewReader(picture))
	if err != nil {
		return acknowledged{}, false, err
	}
	req.Header.Set("Content-Type", "image/jpeg")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return acknowledged{}, false, nil
	}
	defer res.Body.Close()
	var a acknowledged
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		return a, false, nil // cut off: nothing was acknowledged
	}
	if res.StatusCode != http.StatusCreated {
		return a, true, fmt.Errorf("status %d for a known face", res.StatusCode)
	}
	return a, true, nil
}

// Killed during a stream of check-ins and started again, the program has every
// punch that it acknowledged, with its picture.
func TestKilledProgramLosesNoAcknowledgedPunch(t *testing.T) {
	t.Parallel() // it takes long
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	pictures := fillDemo(t, dir)
	var all []acknowledged
	for round := range 4 {
		c := start(t, dir)
		token := signInTo(t, c)
		acks := streamAndKill(t, c, token, pictures, 5+6*round)
		verify(t, dir, acks)
		onlyOurCache(t, filepath.Join(filepath.Dir(dir), "home"))
		t.Logf("round %d: %d acknowledged punches are all there", round+1, len(acks))
		all = append(all, acks...)
	}
	// The backup that was left can be restored, whatever it has of the last second,
	// and it catches up.
	c := cliTest{t: t, dir: filepath.Dir(dir)}
	c.expect(0, []string{"the database is sound"}, "restore", "--to", filepath.Join(c.dir, "after the kill"))
	c.expect(0, nil, "backup", "now")
	c.expect(0, []string{"the database is sound"}, "restore", "--to", filepath.Join(c.dir, "later"))
	verify(t, filepath.Join(c.dir, "later"), all)
}

// fillDemo makes the example company without a repeat window, and returns a
// picture of each person who has a face.
func fillDemo(t *testing.T, dir string) [][]byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run(t.Context(), []string{"--data", dir, "--log-level", "error", "demo", "--password-file", file}); code != 0 {
		t.Fatalf("hajir demo: exit code %d", code)
	}
	var pictures [][]byte
	inside(t, dir, func(a *app) {
		everyTime := time.Duration(0)
		if _, err := a.company.Change(t.Context(), "demo", companySettings(&everyTime)); err != nil {
			t.Fatal(err)
		}
		people, err := a.db.Employees(t.Context(), "demo", "", 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range people {
			kept, err := a.faces.List(t.Context(), "demo", e.Username)
			if err != nil {
				t.Fatal(err)
			}
			if len(kept) == 0 {
				continue
			}
			b, err := a.bucket.Get(t.Context(), objects.FaceKey("demo", e.Username, kept[0].FaceID, objects.Original))
			if err != nil {
				t.Fatal(err)
			}
			pictures = append(pictures, b)
		}
	})
	if len(pictures) < 10 {
		t.Fatalf("%d people have faces, want at least 10", len(pictures))
	}
	return pictures
}

// inside runs f on the program's parts in this process.
func inside(t *testing.T, dir string, f func(*app)) {
	t.Helper()
	a, err := openWith(t.Context(), config.Config{Data: dir, LogLevel: "error"}, siteForTest, time.Now,
		func(store faces.TemplateStore) (faces.Recognizer, error) {
			return onnx.Open(t.Context(), onnx.Config{Models: models.FS(), Store: store, Now: time.Now, Workers: 1})
		})
	if err != nil {
		t.Fatal(err)
	}
	f(a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func signInTo(t *testing.T, c *child) string {
	t.Helper()
	body := strings.NewReader(`{"username":"demo","password":"` + password + `"}`)
	res, err := http.Post(c.url+"/api/v1/sessions", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var s struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil || s.AccessToken == "" {
		t.Fatalf("sign-in: %s, %v", res.Status, err)
	}
	return s.AccessToken
}

// streamAndKill sends check-ins from several doors and kills the program
// outright once enough were acknowledged; the others are in flight then.
func streamAndKill(t *testing.T, c *child, token string, pictures [][]byte, enough int) []acknowledged {
	t.Helper()
	var mu sync.Mutex
	var acks []acknowledged
	var doors sync.WaitGroup
	for door := range 4 {
		doors.Go(func() {
			for i := door; ; i++ {
				a, alive, err := c.punch(t.Context(), token, pictures[i%len(pictures)])
				if err != nil {
					t.Error(err)
				}
				if !alive || err != nil {
					return
				}
				mu.Lock()
				acks = append(acks, a)
				if len(acks) == enough {
					_ = c.cmd.Process.Kill()
				}
				mu.Unlock()
			}
		})
	}
	doors.Wait()
	c.kill()
	return acks
}

// onlyOurCache checks that the program left nothing at home but its own cache:
// the runtime's telemetry would leave an identifier of the machine.
func onlyOurCache(t *testing.T, home string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(home, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
			if !strings.HasPrefix(path, filepath.Join(home, ".cache", "hajir")) {
				t.Errorf("the program wrote %s", path)
			}
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files at home, %v; want the runtime library", files, err)
	}
}

func verify(t *testing.T, dir string, acks []acknowledged) {
	t.Helper()
	inside(t, dir, func(a *app) {
		for _, ack := range acks {
			day, err := a.db.Day(t.Context(), ack.Username, ack.Date)
			if err != nil {
				t.Fatal(err)
			}
			var found *hajir.Punch
			for _, p := range day.Punches {
				if p.At.Equal(ack.At) {
					found = &p
				}
			}
			if found == nil {
				t.Fatalf("%s's acknowledged punch at %v is lost", ack.Username, ack.At)
			}
			if _, err := a.bucket.Get(t.Context(), found.Picture); err != nil {
				t.Fatalf("the picture of %s's punch: %v", ack.Username, err)
			}
		}
	})
}
