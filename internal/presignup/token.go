package presignup

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A link's token is USERNAME.SECRET: the record is found by its key, and the
// secret, 32 random bytes of which the store keeps only the hash, proves who
// asks.

const secretBytes = 32

func newToken(username string) (token string, hash []byte) {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails
	text := base64.RawURLEncoding.EncodeToString(secret)
	return username + "." + text, hashSecret(text)
}

// splitToken takes whatever was sent; what is no token belongs to nobody.
func splitToken(token string) (username string, hash []byte) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 {
		return "", hashSecret(token)
	}
	return token[:at], hashSecret(token[at+1:])
}

func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// link returns where a token leads. The fragment stays in the browser: no log
// on the way sees the token.
func (s *Invitations) link(token string) string { return s.SiteURL + "/join#token=" + token }
