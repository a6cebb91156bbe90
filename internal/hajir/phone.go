package hajir

import "strings"

// CleanPhone returns a phone number as it is kept, without what people put
// between its digits, and with + for the 00 before a country code.
func CleanPhone(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f', '-', '\u2010', '\u2011', '\u2013', '(', ')', '.', '/':
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		return "+" + rest
	}
	return s
}

// ValidatePhone checks a number that CleanPhone returned: + and 7 to 15 digits,
// of which the first is not 0 (E.164).
func ValidatePhone(s string) error {
	digits, ok := strings.CutPrefix(s, "+")
	ok = ok && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0'
	for _, r := range digits {
		ok = ok && r >= '0' && r <= '9'
	}
	if !ok {
		return Errorf(Invalid, "a phone number has + and its country code, such as +9779812345678; spreadsheets may have dropped the +")
	}
	return nil
}
