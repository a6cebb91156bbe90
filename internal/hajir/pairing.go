package hajir

import (
	"strings"
	"time"
)

// Pairing is a device that shows a code and waits for an admin to enter it.
type Pairing struct {
	ID         string
	CodeHash   []byte // SHA-256 of the code that the device shows
	SecretHash []byte // SHA-256 of the secret that the device polls with
	Client     string // whom the pairing counts against
	CreatedAt  time.Time
	ExpiresAt  time.Time
	Kiosk      string // the device's account, once an admin has entered the code
	Version    int    // grows by one with every stored change; zero means never stored
}

// PairingLife is how long a device shows one code.
const PairingLife = 10 * time.Minute

// PairingCodeLength is how many characters a code has.
const PairingCodeLength = 8

// PairingAlphabet has 30 characters, so that eight are more than 39 bits, and
// none that is taken for another: no 0 or O, no 1, I or L, and no U, which on
// some screens is a V.
const PairingAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// Live says whether the device may still be paired, or fetch its session.
func (p Pairing) Live(now time.Time) bool { return p.ID != "" && now.Before(p.ExpiresAt) }

// NormalizePairingCode brings a code as a person typed it into the form that
// was shown: upper case, without spaces and dashes.
func NormalizePairingCode(typed string) (string, error) {
	var code strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case r == ' ' || r == '-' || r == '\u2013':
		case strings.ContainsRune(PairingAlphabet, r):
			code.WriteRune(r)
		default:
			return "", wrongForm()
		}
	}
	if code.Len() != PairingCodeLength {
		return "", wrongForm()
	}
	return code.String(), nil
}

func wrongForm() error {
	return Errorf(Invalid, "a code has %d letters and digits, as the device shows them", PairingCodeLength)
}
