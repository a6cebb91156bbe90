package keyring_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"hajir/internal/keyring"
	"hajir/internal/keyring/keyringtest"
)

func TestRingOpensWhatItSealedAfterReopening(t *testing.T) {
	dir := t.TempDir()
	sealed, err := keyringtest.Open(t, dir).Seal([]byte("face"), "row/1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("face")) {
		t.Fatal("sealed text is readable")
	}
	again := keyringtest.Open(t, dir)
	if got, err := again.Open(sealed, "row/1"); err != nil || string(got) != "face" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	if _, err := again.Open(sealed, "row/2"); err == nil {
		t.Fatal("a value moved to another row decrypted")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := again.Open(sealed, "row/1"); err == nil {
		t.Fatal("a changed value decrypted")
	}
}

func TestSecretIsMadeOnceAndPrivate(t *testing.T) {
	dir := t.TempDir()
	made := 0
	secret := func() ([]byte, error) { made++; return []byte("signing key"), nil }
	for range 2 {
		got, err := keyringtest.Open(t, dir).Secret("signing", secret)
		if err != nil || string(got) != "signing key" {
			t.Fatalf("Secret = %q, %v", got, err)
		}
	}
	if made != 1 {
		t.Fatalf("made %d times, want once", made)
	}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, _ error) error {
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 && path != dir {
			t.Errorf("%s is readable by others: %v", path, info.Mode())
		}
		b, _ := os.ReadFile(path)
		if bytes.Contains(b, []byte("signing key")) {
			t.Errorf("%s holds the secret in clear", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnotherMasterKeyIsRefused(t *testing.T) {
	dir := t.TempDir()
	keyringtest.Open(t, dir)
	if err := os.Remove(filepath.Join(dir, "master.key")); err != nil {
		t.Fatal(err)
	}
	key, err := keyring.LoadMasterKey(filepath.Join(dir, "master.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Open(filepath.Join(dir, "keys"), key, true); err == nil {
		t.Fatal("a keyset opened with another master key")
	}
}

func TestParseMasterKey(t *testing.T) {
	for _, bad := range []string{"", "short", "!!!", "AAAA"} {
		if _, err := keyring.ParseMasterKey(bad); err == nil {
			t.Errorf("ParseMasterKey(%q) accepted", bad)
		}
	}
}

// Keys are made for a new directory only: one that is missing later is said so.
func TestMissingKeysAreNotRemade(t *testing.T) {
	dir := t.TempDir()
	if _, err := keyring.LoadMasterKey(filepath.Join(dir, "master.key"), false); err == nil {
		t.Error("a missing master key was made anew")
	}
	if _, err := keyring.Open(filepath.Join(dir, "keys"), make([]byte, keyring.MasterKeyBytes), false); err == nil {
		t.Error("a missing keyset was made anew")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			t.Errorf("%s was made", e.Name())
		}
	}
}
