package outbox_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
	"hajir/internal/mail/mailtest"
	"hajir/internal/mail/outbox"
)

func TestOutbox(t *testing.T) {
	mailtest.Run(t, func(t *testing.T, from mail.Address, now func() time.Time) mailtest.Box {
		dir := filepath.Join(t.TempDir(), "data", "outbox")
		// Every file is later than the one before, so that a message that is
		// sent again shows as two files.
		var ticks atomic.Int64
		later := func() time.Time { return now().Add(time.Duration(ticks.Add(1)) * time.Microsecond) }
		box, err := outbox.New(dir, from, later, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return mailtest.Box{Sender: box, Arrived: func(t *testing.T) [][]byte {
			var all [][]byte
			for _, name := range list(t, dir) {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, b)
			}
			return all
		}}
	})
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

var at = time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.FixedZone("", (5*60+45)*60))

func TestFilesAreForTheOperatorAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	box, err := outbox.New(dir, mailtest.From, func() time.Time { return at }, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	m := mailtest.Sample()
	for range 2 { // the same message at the same moment is the same file
		if err := box.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	const name = "20260302T031500.123456Z-invitation-inv-0190f7c2.eml"
	if names := list(t, dir); !slices.Equal(names, []string{name}) {
		t.Errorf("files %q", names)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, name): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode().Perm(), err, want)
		}
	}
	line := log.String()
	for _, want := range []string{"kind=invitation", "domain=example.com", "file=" + name} {
		if !strings.Contains(line, want) {
			t.Errorf("the log does not say %q: %s", want, line)
		}
	}
	for _, secret := range []string{"asha", "Asha", "token", "https://", m.Subject} {
		if strings.Contains(line, secret) {
			t.Errorf("the log says %q: %s", secret, line)
		}
	}
	if strings.Count(line, "\n") != 2 {
		t.Errorf("the log of two messages: %s", line)
	}
}

func TestABrokenDiskMayWorkLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	box, err := outbox.New(dir, mailtest.From, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := box.Send(t.Context(), mailtest.Sample()); err == nil || mail.Permanent(err) {
		t.Errorf("%v, want one that may be tried again", err)
	}
}

func TestNothingIsLeftOfAFileThatFailed(t *testing.T) {
	dir := t.TempDir()
	box, err := outbox.New(dir, mailtest.From, func() time.Time { return at }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	// A directory in its place is what a file cannot replace.
	const name = "20260302T031500.123456Z-invitation-inv-0190f7c2.eml"
	if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := box.Send(t.Context(), mailtest.Sample()); err == nil || mail.Permanent(err) {
		t.Errorf("%v, want one that may be tried again", err)
	}
	if names := list(t, dir); !slices.Equal(names, []string{name}) {
		t.Errorf("files %q", names)
	}
}

func TestASenderMustBeAnAddress(t *testing.T) {
	_, err := outbox.New(t.TempDir(), mail.Address{Address: "hajir"}, nil, nil)
	if hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("%v, want code %s", err, hajir.Invalid)
	}
}
