// Package keyringtest gives tests keys of their own.
package keyringtest

import (
	"path/filepath"
	"testing"

	"hajir/internal/keyring"
)

// Open opens the keys in dir, and makes them where there are none.
func Open(t testing.TB, dir string) *keyring.Ring {
	t.Helper()
	key, err := keyring.LoadMasterKey(filepath.Join(dir, "master.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(filepath.Join(dir, "keys"), key, true)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
