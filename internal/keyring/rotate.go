package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// AddKey makes a new data key, with which everything is sealed from now on. The
// older ones still open what they sealed. It returns the ring that uses it.
func (r *Ring) AddKey(ctx context.Context) (*Ring, error) {
	m := keyset.NewManagerFromHandle(r.handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make data key: %w", err)
	}
	if err := m.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("use new data key: %w", err)
	}
	return r.save(ctx, m)
}

// DropOldKeys removes all data keys but the newest. What was not sealed anew
// with that one can never be opened again.
func (r *Ring) DropOldKeys(ctx context.Context) (*Ring, error) {
	info := r.handle.KeysetInfo()
	m := keyset.NewManagerFromHandle(r.handle)
	for _, key := range info.GetKeyInfo() {
		if key.GetKeyId() == info.GetPrimaryKeyId() {
			continue
		}
		if err := m.Delete(key.GetKeyId()); err != nil {
			return nil, fmt.Errorf("drop data key: %w", err)
		}
	}
	return r.save(ctx, m)
}

// save writes the keyset that m made and returns the ring that uses it.
func (r *Ring) save(ctx context.Context, m *keyset.Manager) (*Ring, error) {
	handle, err := m.Handle()
	if err != nil {
		return nil, fmt.Errorf("use data keys: %w", err)
	}
	b, err := encodeKeyset(ctx, handle, r.kek)
	if err != nil {
		return nil, err
	}
	if err := writeFile(filepath.Join(r.dir, keysetFile), b); err != nil {
		return nil, fmt.Errorf("write data keys: %w", err)
	}
	return newRing(r.dir, r.kek, handle)
}

// Reseal encrypts every secret of the ring anew, with the newest key.
func (r *Ring) Reseal() error {
	files, err := filepath.Glob(filepath.Join(r.dir, "*"+secretSuffix))
	if err != nil {
		return fmt.Errorf("list secrets: %w", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), secretSuffix)
		secret, err := r.Secret(name, func() ([]byte, error) { return nil, errors.New("it has just gone") })
		if err != nil {
			return err
		}
		if err := r.writeSecret(name, secret); err != nil {
			return err
		}
	}
	return nil
}

// ErrInUse means that another process has the data open.
var ErrInUse = errors.New("the program is running on this data: stop it first")

// Share says that this process has the data open, until done is called.
func Share(file string) (done func() error, err error) { return flock(file, shared) }

// Exclude keeps every other process from the data until done is called, or
// returns ErrInUse when one has it open.
func Exclude(file string) (done func() error, err error) { return flock(file, exclusiveNow) }

// Lock keeps other processes from opening the same data until unlock is called:
// two that make keys at once would each encrypt with its own.
func Lock(file string) (unlock func() error, err error) { return flock(file, exclusive) }

func flock(file string, how int) (func() error, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // inside the data directory
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := lockFile(f, how); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil // which gives the lock up
}
