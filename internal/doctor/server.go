package doctor

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// Settings are what the server was told, as far as it can be wrong.
type Settings struct {
	Listen    string
	PublicURL *url.URL // nil when it is not known
	Data      string   // directory
	Missing   bool     // there are no records in it
	// Faults are settings that cannot be used, by their flag.
	Faults []error
	// OpenSignUp lets strangers make companies; Mails says whether they are
	// written to.
	OpenSignUp, Mails bool
	// AlarmMails says whether anybody is told of alarms.
	AlarmMails bool
}

// Check examines s.
func (s Settings) Check() Check {
	return Check{"configuration", func(_ context.Context, c *Chart) {
		if s.Missing {
			c.Fail("configuration.data", "There are no records in "+s.Data+".", "Everything else that is said here is about an empty directory.",
				"Name the data directory with --data, or start the server once to make it.")
		}
		for _, err := range s.Faults {
			c.Fail("configuration", err.Error(), "The server does not start like that.", "hajir serve --help lists the flags and variables.")
		}
		local := strings.HasPrefix(s.Listen, "127.") || strings.HasPrefix(s.Listen, "localhost:") || strings.HasPrefix(s.Listen, "[::1]")
		switch {
		case s.PublicURL == nil || s.PublicURL.Scheme == "https":
		case !local:
			c.Warn("configuration.https", fmt.Sprintf("The site is served by plain HTTP (%s, listening on %s).", s.PublicURL, s.Listen),
				"Browsers give a page the camera only by HTTPS, and passwords can be read on their way.",
				"Give --domain and --acme-accept-terms, or put a proxy that speaks HTTPS before Hajir, with --public-url https://…; docs/operating.md says how.")
		}
		if s.OpenSignUp && !s.Mails {
			c.Warn("configuration.sign-up", "Sign-up is open, and no mail server is configured.", "Nobody gets the link with which a sign-up is confirmed.", "Name a mail server with --smtp-host, or close the sign-up.")
		}
		if !s.AlarmMails {
			c.Warn("configuration.alarms", "Nobody is mailed when an alarm is raised.", "Alarms are shown on the health page alone.", "Name addresses with --alarm-mail.")
		}
		if len(c.findings) == 0 || !s.Missing && len(s.Faults) == 0 {
			c.OK("configuration", "The settings can be used; the data lie in %s.", s.Data)
		}
	}}
}
