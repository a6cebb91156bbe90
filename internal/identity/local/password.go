package local

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"hajir/internal/hajir"
)

// Argon2id parameters: RFC 9106's second recommended option (64 MiB, 3 passes)
// with one lane, since sign-ins share the machine with face recognition.
const (
	argonTime    = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// maxWaiting bounds who waits for a password to be hashed: about three seconds'
// worth, two at a time.
const maxWaiting = 32

// comeAgain is after how long who was turned away may come again.
const comeAgain = 3 * time.Second

// MinPassword is in characters of any script, MaxPassword in bytes. NIST SP
// 800-63B asks for length and no composition rules.
const (
	MinPassword = 10
	MaxPassword = 256
)

func checkPassword(password string) error {
	_, size := utf8.DecodeRuneInString(password)
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return hajir.Errorf(hajir.WeakPassword, "the password needs at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		return hajir.Errorf(hajir.WeakPassword, "the password may have at most %d bytes", MaxPassword)
	case strings.Count(password, password[:size]) == utf8.RuneCountInString(password):
		return hajir.Errorf(hajir.WeakPassword, "the password repeats one character; choose several words")
	case isCommon(password):
		return hajir.Errorf(hajir.WeakPassword, "this password is among those that were stolen most often; choose several words that do not belong together")
	}
	return nil
}

// argon is an argon2id hash with what it was made with.
type argon struct {
	passes, memory uint32
	threads        uint8
	salt, key      []byte
}

// String returns the hash in the PHC string format.
func (a argon) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		a.memory, a.passes, a.threads, b64.EncodeToString(a.salt), b64.EncodeToString(a.key))
}

// parseArgon reads what String returned.
func parseArgon(phc string) (argon, error) {
	var a argon
	var version int
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return a, errors.New("no argon2id hash")
	}
	_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
	_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &a.memory, &a.passes, &a.threads)
	var err3, err4 error
	a.salt, err3 = base64.RawStdEncoding.DecodeString(parts[4])
	a.key, err4 = base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return a, fmt.Errorf("parse argon2id hash: %w", err)
	}
	if version != argon2.Version || a.threads == 0 || a.passes == 0 || len(a.key) != argonKey {
		return a, errors.New("an argon2id hash of another kind")
	}
	return a, nil
}

// derive sets the key to password's.
func (a *argon) derive(password string) {
	a.key = argon2.IDKey([]byte(password), a.salt, a.passes, a.memory, a.threads, argonKey)
}

// newArgon returns a hash with today's parameters and a salt of its own, and
// without a key.
func (p *Pool) newArgon() argon {
	a := argon{passes: argonTime, memory: p.HashMemory, threads: argonThreads, salt: make([]byte, argonSalt)}
	_, _ = rand.Read(a.salt) // never fails
	return a
}

// hashPassword returns password's hash in the PHC string format.
func (p *Pool) hashPassword(ctx context.Context, password string) (string, error) {
	a := p.newArgon()
	err := p.inTurn(ctx, func() { a.derive(password) })
	return a.String(), err
}

// passwordMatches says whether hash, in the PHC string format, is password's.
func (p *Pool) passwordMatches(ctx context.Context, hash, password string) (bool, error) {
	want, err := parseArgon(hash)
	if err != nil {
		return false, err
	}
	got := want
	err = p.inTurn(ctx, func() { got.derive(password) })
	return err == nil && subtle.ConstantTimeCompare(got.key, want.key) == 1, err
}

// inTurn hashes a bounded number of passwords at a time: each takes 64 MiB. Few
// may wait; a flood of sign-ins is turned away rather than queued.
func (p *Pool) inTurn(ctx context.Context, hash func()) error {
	if p.waiting.Add(1) > maxWaiting {
		p.waiting.Add(-1)
		p.Refused()
		err := hajir.Errorf(hajir.Unavailable, "too many passwords and PINs are being checked at once; try again in a few seconds")
		err.RetryAfter = comeAgain
		return err
	}
	defer p.waiting.Add(-1)
	select {
	case p.hashing <- struct{}{}:
		defer func() { <-p.hashing }()
		hash()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
