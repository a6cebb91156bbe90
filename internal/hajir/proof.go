package hajir

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Why a proof of work is not taken.
const (
	ProofWrong   Code = "proof_wrong"   // not solved, not ours, for another company, or used before
	ProofExpired Code = "proof_expired" // too old
)

// ProofBits is how many zero bits the hash of a solved challenge begins with:
// 2^17 hashes on average. A telephone's browser computes some 200,000 a second,
// so that it is done in a second or two while somebody types. It is no wall, but
// a price: a core of a server pays a hundredth of a second for each question, and
// who has many is slowed by other means (see SlowAsker).
const ProofBits = 17

// ProofLife is for how long a challenge may be solved: longer than one types,
// too short to collect solutions.
const ProofLife = 10 * time.Minute

const (
	proofRandom  = 16  // bytes
	maxSolution  = 20  // digits
	maxChallenge = 400 // characters
)

// Challenge is a small amount of work that a page does before it sends a
// stranger's question. Nothing of it is stored until it is solved: its text is
// signed. It is good for one company, for a while, and once.
type Challenge struct {
	Company   string
	Random    string // names it
	ExpiresAt time.Time
}

// NewChallenge returns a challenge for a company that random names.
func NewChallenge(company string, random [proofRandom]byte, at time.Time) Challenge {
	return Challenge{
		Company: company, Random: base64.RawURLEncoding.EncodeToString(random[:]), ExpiresAt: at.Add(ProofLife).UTC().Truncate(time.Second),
	}
}

// Sign returns the challenge's text: RANDOM.EXPIRY.SIGNATURE.
func (c Challenge) Sign(key []byte) string {
	text := c.Random + "." + strconv.FormatInt(c.ExpiresAt.Unix(), 10)
	return text + "." + base64.RawURLEncoding.EncodeToString(c.signature(key))
}

func (c Challenge) signature(key []byte) []byte {
	sum := hmac.New(sha256.New, key)
	for _, part := range []string{"hajir question proof 1", c.Company, c.Random} {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		sum.Write([]byte(part))
	}
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(c.ExpiresAt.Unix()))) //nolint:gosec // the same bits are signed and checked
	return sum.Sum(nil)
}

// CheckProof returns the challenge that Sign made for a company with the same
// key, if solution solves it. Whether it was used before is the store's to say.
func CheckProof(key []byte, company, text, solution string, at time.Time) (Challenge, error) {
	wrong := Errorf(ProofWrong, "the proof of work is not right; ask for a challenge and solve it, or load the page again")
	parts := strings.Split(text, ".")
	if len(text) > maxChallenge || len(parts) != 3 || len(solution) > maxSolution || !digits(solution) || !digits(parts[1]) {
		return Challenge{}, wrong
	}
	expires, err := strconv.ParseInt(parts[1], 10, 64)
	signature, err2 := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || err2 != nil {
		return Challenge{}, wrong
	}
	c := Challenge{Company: company, Random: parts[0], ExpiresAt: time.Unix(expires, 0).UTC()}
	switch {
	case subtle.ConstantTimeCompare(signature, c.signature(key)) != 1:
		return Challenge{}, wrong
	case !at.Before(c.ExpiresAt):
		return Challenge{}, Errorf(ProofExpired, "that took too long; send the question again")
	case !Solves(text, solution):
		return Challenge{}, wrong
	}
	return c, nil
}

// Solves says whether the SHA-256 hash of TEXT:SOLUTION begins with ProofBits
// zero bits.
func Solves(text, solution string) bool {
	sum := sha256.Sum256([]byte(text + ":" + solution))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= ProofBits
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
