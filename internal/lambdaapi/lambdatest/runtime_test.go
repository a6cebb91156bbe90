package lambdatest_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hajir/internal/lambdaapi/lambdatest"
)

// build builds the function, as the tests are built: of what is built already.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./testdata/bootstrap")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// A real binary: what it answers, and what becomes of it when it crashes or
// hangs.
func TestBootstrap(t *testing.T) {
	r := lambdatest.Start(t, build(t), 3*time.Second)
	g := &lambdatest.Gateway{Invoke: r.Invoke, Stage: "dev"}
	call := func(method, path string, body []byte) *httptest.ResponseRecorder {
		t.Helper()
		req := httptest.NewRequest(method, path, bytes.NewReader(body))
		req.Header.Set("Content-Type", "image/jpeg")
		w := httptest.NewRecorder()
		g.ServeHTTP(w, req)
		return w
	}
	calls := func(want, starts int) {
		t.Helper()
		if w := call(http.MethodGet, "/calls", nil); w.Code != 200 || w.Body.String() != strconv.Itoa(want) || r.Starts() != starts {
			t.Errorf("%d %s after %d starts, want %d after %d", w.Code, w.Body, r.Starts(), want, starts)
		}
	}
	calls(1, 1)
	calls(2, 1) // the same process
	picture := bytes.Repeat([]byte("\xff\xd8\x00"), 4_400_000/3)
	if w := call(http.MethodPost, "/echo", picture); w.Code != 200 || !bytes.Equal(w.Body.Bytes(), picture) {
		t.Errorf("a picture of 4.4 MB: %d, %d bytes", w.Code, w.Body.Len())
	}
	if w := call(http.MethodPost, "/echo", make([]byte, 5<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a picture of 5 MB, which is more than Lambda takes: %d", w.Code)
	}
	if w := call(http.MethodGet, "/large?bytes=5242880", nil); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "ask for less") {
		t.Errorf("an answer of 5 MB: %d %.200s", w.Code, w.Body)
	}
	if w := call(http.MethodGet, "/panic", nil); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "asked") {
		t.Errorf("a panic: %d %s", w.Code, w.Body)
	}
	calls(3, 1) // it lives on
	if w := call(http.MethodGet, "/slow", nil); w.Code != http.StatusGatewayTimeout || !strings.Contains(w.Body.String(), "took too long") {
		t.Errorf("slow: %d %s", w.Code, w.Body)
	}
	calls(4, 1)
	if w := call(http.MethodGet, "/crash", nil); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "Internal server error") {
		t.Errorf("a crash: %d %s", w.Code, w.Body)
	}
	calls(1, 2) // a new process

	_, err := r.Invoke(t.Context(), []byte(`{"triggerSource":"PreSignUp_SignUp","userPoolId":"x","userName":"eve"}`))
	if e, ok := errors.AsType[*lambdatest.Error](err); !ok || e.Message != "you were not invited; ask your company's admin" {
		t.Errorf("a refused trigger: %v", err)
	}
	answer, err := r.Invoke(t.Context(), []byte(`{"triggerSource":"PreSignUp_SignUp","userPoolId":"x","userName":"asha"}`))
	if err != nil || !strings.Contains(string(answer), `"autoConfirmUser":true`) {
		t.Errorf("a trigger: %s, %v", answer, err)
	}
	r.Timeout = 200 * time.Millisecond
	_, err = r.Invoke(t.Context(), []byte(`{"detail-type":"Scheduled Event","time":"2026-03-02T18:15:00Z","detail":{"job":"hang"}}`))
	if e, ok := errors.AsType[*lambdatest.Error](err); !ok || e.Type != "Sandbox.Timedout" {
		t.Errorf("a job that hangs: %v", err)
	}
	r.Timeout = 10 * time.Second
	calls(1, 3)
}
