package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hajir/models"
)

// begun is a request of which half was sent: the program has accepted it, and
// cannot answer before the rest comes.
type begun struct {
	net.Conn
	rest []byte
}

// begin sends a request up to the middle of its body, and waits until the
// program has read the head: it says so, since it is asked to.
func (c *child) begin(t *testing.T, path, token, contentType string, body []byte) begun {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	half := len(body) / 2
	fmt.Fprintf(conn, "POST /api/v1%s HTTP/1.1\r\nHost: hajir\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		path, token, contentType, len(body))
	line, err := bufio.NewReaderSize(conn, 16).ReadString('\n') // HTTP/1.1 100 Continue, and an empty line later
	if err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%s was not accepted: %q, %v", path, line, err)
	}
	if _, err := conn.Write(body[:half]); err != nil {
		t.Fatal(err)
	}
	return begun{conn, body[half:]}
}

// finish sends the rest and returns the answer.
func (b begun) finish(t *testing.T) (int, string) {
	t.Helper()
	if _, err := b.Write(b.rest); err != nil {
		t.Fatalf("the rest was not taken: %v", err)
	}
	r := bufio.NewReader(b.Conn)
	for { // the end of what said that it goes on
		next, err := r.Peek(1)
		if err != nil {
			t.Fatalf("no answer: %v", err)
		}
		if next[0] == 'H' {
			break
		}
		_, _ = r.Discard(1)
	}
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("the answer was cut off: %v", err)
	}
	return res.StatusCode, string(text)
}

// The program that is asked to end answers what it has accepted: a punch, an
// upload and a report are whole. Open pages are let go at once, who comes later
// is refused, and the program ends without an error.
func TestStoppedProgramFinishesWhatItAccepted(t *testing.T) {
	t.Parallel() // it waits for processes
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	pictures := fillDemo(t, dir)
	c := start(t, dir)
	token := signInTo(t, c)
	get := func(method, path string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, c.url+"/api/v1/companies/demo"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	stream := get(http.MethodGet, "/board/events") //nolint:bodyclose // get sees to it
	if _, err := bufio.NewReader(stream.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	punch := c.begin(t, "/companies/demo/punches", token, "image/jpeg", pictures[0])
	upload := c.begin(t, "/companies/demo/imports/shifts?dry_run=true", token, "text/csv", []byte("name,start,end\nEarly,06:00,14:00\n"))
	report := get(http.MethodPost, "/reports/muster/export?month=2026-10&format=xlsx") //nolint:bodyclose // get sees to it; its head is here, the rest is made

	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, stream.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the stream: %v", err)
	}
	// The stream has ended, so that nothing listens any more, or will in a moment.
	for {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(c.url, "http://"), time.Second)
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	if status, text := punch.finish(t); status != http.StatusCreated {
		t.Errorf("the punch: %d %s", status, text)
	} else {
		var a acknowledged
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		defer verify(t, dir, []acknowledged{a})
	}
	if status, text := upload.finish(t); status != http.StatusOK || !strings.Contains(text, `"new":1`) {
		t.Errorf("the upload: %d %s", status, text)
	}
	lines, err := io.ReadAll(report.Body)
	if err != nil || !bytes.Contains(lines, []byte(`"made"`)) {
		t.Errorf("the report: %s, %v", lines, err)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
}
