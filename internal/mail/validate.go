package mail

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hajir/internal/hajir"
)

// MaxLine bounds a subject and a name in characters. Together with its
// encoding it stays far below a header line's 998 bytes (RFC 5322).
const MaxLine = 250

var (
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)
	kindPattern = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	// What a header can carry in one piece.
	unsubscribePattern = regexp.MustCompile(`^https?://[!-;=?-~]{1,490}$`)
	domainPattern      = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
)

// Validate returns an Invalid error that names the first thing wrong with m
// without repeating it.
func (m Message) Validate() error {
	switch {
	case len(m.ID) > 128 || !idPattern.MatchString(m.ID):
		return hajir.Errorf(hajir.Invalid, "the message needs an ID of at most 128 letters, digits and inner . _ -")
	case len(m.Kind) > 40 || !kindPattern.MatchString(string(m.Kind)):
		return hajir.Errorf(hajir.Invalid, "the kind of message must be lower-case words joined by _")
	case strings.TrimSpace(m.Subject) == "":
		return hajir.Errorf(hajir.Invalid, "the message needs a subject")
	case !oneLine(m.Subject):
		return hajir.Errorf(hajir.Invalid, "the subject must be one line of at most %d characters", MaxLine)
	case strings.TrimSpace(m.Text) == "":
		return hajir.Errorf(hajir.Invalid, "the message needs a text")
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return hajir.Errorf(hajir.Invalid, "the message must be valid UTF-8")
	case m.Unsubscribe != "" && !unsubscribePattern.MatchString(m.Unsubscribe):
		return hajir.Errorf(hajir.Invalid, "the link that ends messages must be a URL of at most 500 characters")
	}
	return ValidateAddress(m.To)
}

// ValidateAddress returns an Invalid error if mail cannot go to a or come
// from it. An address must be plain ASCII, as not every server takes others;
// a domain in another script has an ASCII form (xn--…).
func ValidateAddress(a Address) error {
	if !oneLine(a.Name) {
		return hajir.Errorf(hajir.Invalid, "the name must be one line of at most %d characters", MaxLine)
	}
	at := strings.LastIndexByte(a.Address, '@')
	parsed, err := mail.ParseAddress(a.Address)
	// What the parser reads must be the address as it stands: no name, no
	// comment, no quotes.
	if err != nil || *parsed != (mail.Address{Address: a.Address}) || !ascii(a.Address) ||
		at > 64 || len(a.Address) > 254 || !domainPattern.MatchString(a.Address[at+1:]) {
		return hajir.Errorf(hajir.Invalid, "that is not a mail address such as asha@example.com")
	}
	return nil
}

// ParseAddress reads an address with or without a name, such as
// "Hajir <hajir@example.com>". What is wrong is Invalid.
func ParseAddress(s string) (Address, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return Address{}, &hajir.Error{
			Code: hajir.Invalid, Message: "that is not an address such as Hajir <hajir@example.com>", Cause: err,
		}
	}
	if err := ValidateAddress(*a); err != nil {
		return Address{}, err
	}
	return *a, nil
}

// Domain returns what follows the @ of a, which is as much of an address as a
// log may say.
func Domain(a Address) string {
	return strings.ToLower(a.Address[strings.LastIndexByte(a.Address, '@')+1:])
}

// oneLine refuses what could end a header and begin another.
func oneLine(s string) bool {
	breaks := func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxLine && !strings.ContainsFunc(s, breaks)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
