package hajir

// Why a passkey is not taken.
const (
	PasskeyRefused Code = "passkey_refused" // not known, not made for this site, or not what was asked for
	PasskeyExpired Code = "passkey_expired" // the answer came too late
	PasskeyCopied  Code = "passkey_copied"  // its counter went back: there are two of it
)

// MaxPasskeyName bounds the name that a person gives a passkey, in bytes.
const MaxPasskeyName = 100

// ValidatePasskeyName returns an Invalid error when s is no name of a passkey.
func ValidatePasskeyName(s string) error {
	return validateText("the passkey's name", s, 1, MaxPasskeyName)
}
