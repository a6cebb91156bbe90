package backup

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

// KeyBytes is the length of a backup key.
const KeyBytes = 32

// Key opens a backup. What lies in the backup is sealed with it in segments
// (AES-256-GCM, Tink's streaming format) and named by it. It is safe for
// concurrent use.
type Key struct {
	seal  *subtle.AESGCMHKDF
	names []byte
	text  string
}

// Of a sealed file: Tink's header, the length of a segment and of its tag.
const (
	sealHeader  = 1 + 32 + 7
	sealSegment = 64 << 10
	sealTag     = 16
)

// ParseKey reads a backup key in base64.
func ParseKey(s string) (*Key, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(s))
	if err != nil || len(b) != KeyBytes {
		return nil, fmt.Errorf("a backup key is %d bytes in base64, as hajir backup key prints it", KeyBytes)
	}
	derive := func(use string) []byte {
		k, deriveErr := hkdf.Key(sha256.New, b, nil, "hajir backup "+use, KeyBytes)
		err = errors.Join(err, deriveErr)
		return k
	}
	k := &Key{names: derive("names"), text: base64.StdEncoding.EncodeToString(b)}
	seal := derive("files")
	if err != nil {
		return nil, fmt.Errorf("derive backup keys: %w", err)
	}
	if k.seal, err = subtle.NewAESGCMHKDF(seal, "SHA256", KeyBytes, sealSegment, 0); err != nil {
		return nil, fmt.Errorf("use backup key: %w", err)
	}
	return k, nil
}

// LoadKey reads the backup key in file, which is made there if it does not exist
// and mayMake says so.
func LoadKey(file string, mayMake bool) (*Key, error) {
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, fs.ErrNotExist) && mayMake:
		raw := make([]byte, KeyBytes)
		_, _ = rand.Read(raw) // never fails
		b = []byte(base64.StdEncoding.EncodeToString(raw) + "\n")
		if err := writeFile(file, bytes.NewReader(b)); err != nil {
			return nil, fmt.Errorf("write backup key: %w", err)
		}
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no backup key in %s: give it with --backup-key-file", file)
	case err != nil:
		return nil, fmt.Errorf("read backup key: %w", err)
	}
	k, err := ParseKey(string(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return k, nil
}

// String returns the key in base64: what an operator keeps in a safe.
func (k *Key) String() string { return k.text }

// hash names something that a finder of the backup need not know, such as whose
// picture a file is.
func (k *Key) hash(of string) string {
	m := hmac.New(sha256.New, k.names)
	_, _ = io.WriteString(m, of) // never fails
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// plainSize returns how many bytes are in a sealed file of a size.
func plainSize(sealed int64) int64 {
	segments := (sealed + sealSegment - 1) / sealSegment
	return max(0, sealed-sealHeader-segments*sealTag)
}
