package main

import (
	"net/http"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"hajir/models"
)

// smallDisk mounts a file system of its own at dir, and returns what mounts it
// anew with other options ("ro", "rw").
func smallDisk(t *testing.T, dir, options string) (remount func(how string)) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options+",mode=700"); err != nil {
		t.Skip("SKIPPED: a small disk can be mounted by root alone: ", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return func(how string) {
		t.Helper()
		flags := uintptr(unix.MS_REMOUNT)
		if how == "ro" {
			flags |= unix.MS_RDONLY
		}
		if err := unix.Mount("", dir, "", flags, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// A disk that takes no writes any more, under the program at work: nothing is
// acknowledged, what is there can be read, and it goes on when the disk does.
func TestFailingDisk(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	t.Parallel() // it waits for processes
	x := newOrdeal(t)
	c := start(t, x.dir, "--listen", x.site.Host)
	writes := func(want int) {
		t.Helper()
		for i, write := range []func(*child, int) (ack, int){x.punch, x.settle, x.invite} {
			a, got := write(c, x.next[i])
			if got == http.StatusOK {
				got = http.StatusCreated
			}
			if got != want {
				t.Errorf("%s is answered %d, want %d", a.what, got, want)
			}
			if got == http.StatusCreated {
				a.told = "" // nobody is to be
				x.acks = append(x.acks, a)
			}
			x.next[i]++
		}
	}
	writes(http.StatusCreated)
	none := unix.Rlimit{Cur: 0, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(c.cmd.Process.Pid, unix.RLIMIT_FSIZE, &none, nil); err != nil {
		t.Fatal(err)
	}
	writes(http.StatusServiceUnavailable)
	if body, code := c.ask(t.Context(), http.MethodPost, "/api/v1/companies/demo/invitations", x.tokens["demo"], map[string]any{"username": "nobody", "name": "Nobody"}); code != http.StatusServiceUnavailable || body["code"] != "storage_failed" {
		t.Errorf("%d %v", code, body)
	}
	if body, code := c.ask(t.Context(), http.MethodGet, "/api/v1/companies/demo/board", x.tokens["demo"], nil); code != http.StatusOK {
		t.Errorf("the board: %d %v", code, body)
	}
	all := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(c.cmd.Process.Pid, unix.RLIMIT_FSIZE, &all, nil); err != nil {
		t.Fatal(err)
	}
	writes(http.StatusCreated)
	x.check(true)
	c.kill()
	start(t, x.dir, "--listen", x.site.Host)
	x.check(true)
}
