package local

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

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

// MinPassword and MaxPassword bound a password's length in bytes. NIST SP
// 800-63B asks for length and no composition rules.
const (
	MinPassword = 10
	MaxPassword = 256
)

func checkPassword(password string) error {
	switch {
	case len(password) < MinPassword:
		return hajir.Errorf(hajir.WeakPassword, "the password needs at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		return hajir.Errorf(hajir.WeakPassword, "the password may have at most %d bytes", MaxPassword)
	case strings.Count(password, password[:1]) == len(password):
		return hajir.Errorf(hajir.WeakPassword, "the password repeats one character; choose several words")
	case isCommon(password):
		return hajir.Errorf(hajir.WeakPassword, "this password is among those that were stolen most often; choose several words that do not belong together")
	}
	return nil
}

// hashPassword returns password's hash in the PHC string format.
func (p *Pool) hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails
	key := p.derive(password, salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// passwordMatches says whether hash, in the PHC string format, is password's.
func (p *Pool) passwordMatches(hash, password string) bool {
	var version int
	var memory, passes uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil || threads == 0 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) != argonKey {
		return false
	}
	got := p.derive(password, salt, passes, memory, threads, argonKey)
	return subtle.ConstantTimeCompare(got, want) == 1
}

// derive runs argon2id, a bounded number at a time: each takes 64 MiB.
func (p *Pool) derive(password string, salt []byte, passes, memory uint32, threads uint8, length uint32) []byte {
	p.hashing <- struct{}{}
	defer func() { <-p.hashing }()
	return argon2.IDKey([]byte(password), salt, passes, memory, threads, length)
}
