package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KEK is a key-encryption key: it encrypts the data keys, and nothing else. Its
// errors are told to the operator, and say what to do.
type KEK interface {
	tink.AEADWithContext
	// String names it in messages.
	String() string
}

// MasterKEK returns the key-encryption key that is a master key.
func MasterKEK(master []byte) (KEK, error) {
	key, err := subtle.NewAESGCM(master)
	if err != nil {
		return nil, fmt.Errorf("use master key: %w", err)
	}
	return masterKEK{key}, nil
}

type masterKEK struct{ key tink.AEAD }

func (masterKEK) String() string { return "the master key" }

// EncryptWithContext encrypts the data keys.
func (k masterKEK) EncryptWithContext(_ context.Context, plaintext, associated []byte) ([]byte, error) {
	return k.key.Encrypt(plaintext, associated)
}

// DecryptWithContext decrypts the data keys.
func (k masterKEK) DecryptWithContext(_ context.Context, sealed, associated []byte) ([]byte, error) {
	b, err := k.key.Decrypt(sealed, associated)
	if err != nil {
		return nil, fmt.Errorf("it was encrypted with another key: was the master key replaced, or is a KMS key to be given? %w", err)
	}
	return b, nil
}

// readKeyset reads the data keys in file, which kek opens.
func readKeyset(ctx context.Context, file string, kek KEK) (*keyset.Handle, error) {
	b, err := os.ReadFile(file) //nolint:gosec // inside the data directory
	if err != nil {
		return nil, fmt.Errorf("read data keys: %w", err)
	}
	return parseKeyset(ctx, b, kek)
}

func parseKeyset(ctx context.Context, b []byte, kek KEK) (*keyset.Handle, error) {
	said := &listener{KEK: kek}
	h, err := keyset.ReadWithContext(ctx, keyset.NewJSONReader(bytes.NewReader(b)), said, nil)
	if err != nil {
		return nil, fmt.Errorf("%s does not open %s: %w", kek, keysetFile, said.or(err))
	}
	return h, nil
}

// encodeKeyset returns the data keys encrypted with kek.
func encodeKeyset(ctx context.Context, h *keyset.Handle, kek KEK) ([]byte, error) {
	said := &listener{KEK: kek}
	var buf bytes.Buffer
	if err := h.WriteWithContext(ctx, keyset.NewJSONWriter(&buf), said, nil); err != nil {
		return nil, fmt.Errorf("encrypt data keys with %s: %w", kek, said.or(err))
	}
	return buf.Bytes(), nil
}

// listener remembers what a key-encryption key said, which Tink passes on as
// text among its own.
type listener struct {
	KEK
	err error
}

func (l *listener) EncryptWithContext(ctx context.Context, plaintext, associated []byte) ([]byte, error) {
	b, err := l.KEK.EncryptWithContext(ctx, plaintext, associated)
	l.err = err
	return b, err
}

func (l *listener) DecryptWithContext(ctx context.Context, sealed, associated []byte) ([]byte, error) {
	b, err := l.KEK.DecryptWithContext(ctx, sealed, associated)
	l.err = err
	return b, err
}

func (l *listener) or(err error) error {
	if l.err != nil {
		return l.err
	}
	return err
}

// ErrRewrapped means that the data keys are encrypted with the new key already.
var ErrRewrapped = errors.New("the data keys are encrypted with this key already")

// Rewrap encrypts the data keys in dir with another key-encryption key. What
// they encrypt stays as it is. The file is replaced as a whole, after it was seen
// that the other key opens the new one.
func Rewrap(ctx context.Context, dir string, from, to KEK) error {
	file := filepath.Join(dir, keysetFile)
	h, err := readKeyset(ctx, file, from)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there are no keys in %s", dir)
	}
	if err != nil {
		if _, done := readKeyset(ctx, file, to); done == nil {
			return ErrRewrapped
		}
		return err
	}
	b, err := encodeKeyset(ctx, h, to)
	if err != nil {
		return err
	}
	if _, err := parseKeyset(ctx, b, to); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if err := writeFile(file, b); err != nil {
		return fmt.Errorf("write data keys: %w", err)
	}
	return nil
}
