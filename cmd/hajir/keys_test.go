package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hajir/internal/keyring/kmstest"
	"hajir/models"
)

// The data keys move from the master key to KMS and back, and what they encrypt
// stays where it is.
func TestRewrapKeys(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	kms := kmstest.New(t, "alias/hajir")
	key := kms.Address("alias/hajir")
	c := cliTest{t: t, dir: t.TempDir()}
	c.expect(1, nil, "keys", "rewrap", "--to", key) // there is nothing
	secret := c.write("password", []byte(password))
	c.expect(0, nil, "company", "create", "acme", "--name", "Acme", "--email", "a@example.com", "--time-zone", "Asia/Kathmandu", "--password-file", secret)
	reset := []string{"account", "set-password", "acme", "--password-file", secret}

	c.expect(1, nil, "keys", "rewrap", "--to", "gcpkms://alias/hajir")
	c.expect(1, nil, "keys", "rewrap", "--to", kms.Address("alias/nothing"))
	c.expect(0, nil, reset...) // nothing has changed
	for range 2 {              // again, as after a crash
		c.expect(0, []string{"the KMS key alias/hajir", "--kms-key '" + key + "'"}, "keys", "rewrap", "--to", key)
		c.expect(1, nil, reset...)
	}
	if err := os.Remove(filepath.Join(c.dir, "data", "master.key")); err != nil {
		t.Fatal(err)
	}
	c.expect(0, nil, append([]string{"--kms-key", key}, reset...)...)
	c.expect(1, nil, append([]string{"--kms-key", key, "--master-key-file", secret}, reset...)...)
	c.expect(0, []string{"new key"}, "--kms-key", key, "keys", "rotate")

	file := filepath.Join(c.dir, "elsewhere.key")
	c.expect(0, []string{"the master key", file}, "--kms-key", key, "keys", "rewrap", "--to", file)
	calls := kms.Calls()
	c.expect(0, nil, append([]string{"--master-key-file", file}, reset...)...)
	c.expect(1, nil, append([]string{"--kms-key", key}, reset...)...)
	if got := kms.Calls(); len(got) != len(calls)+1 || !slices.Contains(got, "Encrypt") {
		t.Errorf("with the master key, KMS was asked, too: %v", got[len(calls):])
	}
}

// A new data directory with a KMS key has no master key at all.
func TestNewDataWithKMS(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	kms := kmstest.New(t, "alias/hajir")
	t.Setenv("HAJIR_KMS_KEY", kms.Address("alias/hajir"))
	c := cliTest{t: t, dir: t.TempDir()}
	secret := c.write("password", []byte(password))
	for _, company := range []string{"acme", "other"} {
		c.expect(0, nil, "company", "create", company, "--name", "Acme", "--email", "a@example.com", "--time-zone", "Asia/Kathmandu", "--password-file", secret)
	}
	if _, err := os.Stat(filepath.Join(c.dir, "data", "master.key")); err == nil {
		t.Error("a master key was made beside the KMS key")
	}
}
