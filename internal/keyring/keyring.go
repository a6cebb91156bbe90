// Package keyring encrypts what Hajir keeps at rest. It is an envelope: a
// keyset of data keys lies in the data directory, itself encrypted with a
// key-encryption key (kek.go), which is the master key, that the operator may
// keep elsewhere, or one in a key management service (awskms).
package keyring

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// MasterKeyBytes is the length of a master key: AES-256-GCM.
const MasterKeyBytes = 32

// Ring encrypts and decrypts with the data keys (AES-256-GCM). It is safe for
// concurrent use.
type Ring struct {
	dir    string
	kek    KEK
	handle *keyset.Handle
	data   tink.AEAD
}

const (
	keysetFile   = "data.keyset"
	secretSuffix = ".sealed"
)

// ParseMasterKey reads a master key in base64.
func ParseMasterKey(s string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s))
	if err != nil || len(key) != MasterKeyBytes {
		return nil, fmt.Errorf("a master key is %d bytes in base64; make one with: openssl rand -base64 %d", MasterKeyBytes, MasterKeyBytes)
	}
	return key, nil
}

// LoadMasterKey reads the master key in file. If the file does not exist, one is
// made there, provided that mayMake says so: a key that is made while there are
// records can open none of them.
func LoadMasterKey(file string, mayMake bool) ([]byte, error) {
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err == nil {
		return ParseMasterKey(string(b))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read master key: %w", err)
	}
	if !mayMake {
		return nil, fmt.Errorf("the master key %s is missing, and there are records that only it opens: put it back from its copy", file)
	}
	key := make([]byte, MasterKeyBytes)
	_, _ = rand.Read(key) // never fails
	text := base64.StdEncoding.EncodeToString(key) + "\n"
	if err := writeFile(file, []byte(text)); err != nil {
		return nil, fmt.Errorf("write master key: %w", err)
	}
	return key, nil
}

// Open opens the ring whose keyset lies in dir with a master key. If there is
// none, one is made, provided that mayMake says so.
func Open(dir string, master []byte, mayMake bool) (*Ring, error) {
	kek, err := MasterKEK(master)
	if err != nil {
		return nil, err
	}
	return OpenWith(context.Background(), dir, kek, mayMake) // a master key waits for nothing
}

// OpenWith is Open with any key-encryption key.
func OpenWith(ctx context.Context, dir string, kek KEK, mayMake bool) (*Ring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make key directory: %w", err)
	}
	file := filepath.Join(dir, keysetFile)
	handle, err := readKeyset(ctx, file, kek)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayMake {
			return nil, fmt.Errorf("the keys %s are missing, and there are records that only they open: put them back from a backup", file)
		}
		handle, err = newKeyset(ctx, file, kek)
	}
	if err != nil {
		return nil, err
	}
	return newRing(dir, kek, handle)
}

func newRing(dir string, kek KEK, handle *keyset.Handle) (*Ring, error) {
	data, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use data keys: %w", err)
	}
	return &Ring{dir: dir, kek: kek, handle: handle, data: data}, nil
}

func newKeyset(ctx context.Context, file string, kek KEK) (*keyset.Handle, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make data keys: %w", err)
	}
	b, err := encodeKeyset(ctx, h, kek)
	if err != nil {
		return nil, err
	}
	if err := writeFile(file, b); err != nil {
		return nil, fmt.Errorf("write data keys: %w", err)
	}
	return h, nil
}

// Seal encrypts plaintext. The place where it will lie goes into associated,
// so that a value moved elsewhere does not decrypt.
func (r *Ring) Seal(plaintext []byte, associated string) ([]byte, error) {
	b, err := r.data.Encrypt(plaintext, []byte(associated))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return b, nil
}

// Open decrypts what Seal made for the same place.
func (r *Ring) Open(sealed []byte, associated string) ([]byte, error) {
	b, err := r.data.Decrypt(sealed, []byte(associated))
	if err != nil {
		return nil, fmt.Errorf("open sealed %s: %w", associated, err)
	}
	return b, nil
}

// Secret returns the secret kept sealed under name beside the keyset. On first
// use it is what generate returns.
func (r *Ring) Secret(name string, generate func() ([]byte, error)) ([]byte, error) {
	file := filepath.Join(r.dir, name+secretSuffix)
	sealed, err := os.ReadFile(file) //nolint:gosec // name is a constant of ours
	if err == nil {
		return r.Open(sealed, "secret/"+name)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read secret: %w", err)
	}
	secret, err := generate()
	if err != nil {
		return nil, fmt.Errorf("generate %s: %w", name, err)
	}
	return secret, r.writeSecret(name, secret)
}

func (r *Ring) writeSecret(name string, secret []byte) error {
	sealed, err := r.Seal(secret, "secret/"+name)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(r.dir, name+secretSuffix), sealed); err != nil {
		return fmt.Errorf("write secret: %w", err)
	}
	return nil
}

// writeFile writes a new private file that is whole after a crash, or absent.
func writeFile(file string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // nothing is left to remove after the rename
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
