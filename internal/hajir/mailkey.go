package hajir

import "strings"

// MailKey returns the form of a mail address under which it is found: without
// space around it, and with small Latin letters. Other letters stay as they
// are, for some of them become Latin ones when they are made small, and so one
// address would become another.
func MailKey(address string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, strings.TrimSpace(address))
}
