package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"aead.dev/minisign"
)

// Seen is the file that remembers when the newest feed seen was issued, by key,
// so that no older one is believed. "" remembers nothing; then an old feed is
// believed until it expires.
type Seen string

// advance notes that a feed of this time was seen, or returns ErrOlder.
func (s Seen) advance(key minisign.PublicKey, issued time.Time) error {
	if s == "" {
		return nil
	}
	times := map[string]time.Time{}
	b, err := os.ReadFile(string(s))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("what was seen before cannot be read: %w", err)
	default:
		if err := json.Unmarshal(b, &times); err != nil {
			return fmt.Errorf("what was seen before cannot be read; look at the publisher's site, and then delete %s: %w", string(s), err)
		}
	}
	last := times[key.String()]
	switch {
	case issued.Before(last):
		return ErrOlder
	case issued.Equal(last):
		return nil
	}
	times[key.String()] = issued
	if b, err = json.Marshal(times); err != nil {
		return err
	}
	return s.write(b)
}

// write replaces the file as a whole.
func (s Seen) write(b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(string(s)), ".seen-*") // of mode 0600
	if err != nil {
		return fmt.Errorf("what was seen cannot be kept: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), string(s))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("what was seen cannot be kept: %w", err), os.Remove(f.Name()))
	}
	return nil
}
