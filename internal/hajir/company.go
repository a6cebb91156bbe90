package hajir

import (
	"cmp"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Company is one company and its settings. Its Username is its key and the
// username of its root account.
type Company struct {
	Username     string
	Name         string
	Email        string
	TimeZone     string        // an IANA name; the company's days are local dates there
	RepeatWindow time.Duration // two punches nearer than this are one
	WeeklyOff    Weekdays      // for people without a weekly pattern
	QueueBound   time.Duration // how old a queued punch may claim to be; zero: none is taken
	Match        MatchPolicy
	// RetentionDays is how long pictures of somebody's face stay after they
	// withdrew their consent or left.
	RetentionDays int
	Dates         DateStyle // how dates are written, for who did not choose otherwise
	Language      Language  // in which people are written to, likewise; "" is English
	// CorrectionDays is for how many days back people may ask for corrections of
	// their days; zero: not at all.
	CorrectionDays int
	Close          Close
	// OptionalHolidays is how many optional holidays a person may choose in a
	// leave year.
	OptionalHolidays int
	// RefusalDays is how long pictures of refused faces are kept, for the admin
	// to look at; zero: they are not.
	RefusalDays int
	DigestHour  int  // when daily letters go out, 0 to 23, by the company's clocks
	Demo        bool // made of example data, and removable in one step
	CreatedAt   time.Time
	Version     int // grows by one with every stored change; zero means never stored
}

// DefaultRepeatWindow is how near two punches of a person count as one.
const DefaultRepeatWindow = 2 * time.Minute

// NewCompany returns a company with the default settings.
func NewCompany(username, name, email, timeZone string, at time.Time) Company {
	return Company{
		Username:       strings.ToLower(strings.TrimSpace(username)),
		Name:           strings.TrimSpace(name),
		Email:          strings.TrimSpace(email),
		TimeZone:       strings.TrimSpace(timeZone),
		RepeatWindow:   DefaultRepeatWindow,
		WeeklyOff:      UsualWeeklyOff(strings.TrimSpace(timeZone)),
		QueueBound:     DefaultQueueBound,
		Match:          DefaultMatchPolicy(),
		RetentionDays:  DefaultRetentionDays,
		Dates:          UsualDateStyle(strings.TrimSpace(timeZone)),
		CorrectionDays: DefaultCorrectionDays,
		Close:          DefaultClose(),
		RefusalDays:    DefaultRefusalDays,
		DigestHour:     DefaultDigestHour,
		CreatedAt:      at,
	}
}

// Validate returns an Invalid error that names the first thing wrong with c.
func (c Company) Validate() error {
	if err := ValidateUsername(c.Username); err != nil {
		return err
	}
	if err := validateText("the company's name", c.Name, 1, maxName); err != nil {
		return err
	}
	if err := validateEmail(c.Email); err != nil {
		return err
	}
	if _, err := c.Location(); err != nil {
		return err
	}
	if c.RepeatWindow < 0 || c.RepeatWindow > 12*time.Hour {
		return Errorf(Invalid, "the repeat window must lie between 0 and 12 hours")
	}
	if c.RetentionDays < 0 || c.RetentionDays > MaxRetentionDays {
		return Errorf(Invalid, "pictures are kept for 0 to %d days after a withdrawal", MaxRetentionDays)
	}
	if c.OptionalHolidays < 0 || c.OptionalHolidays > MaxOptionalHolidays {
		return Errorf(Invalid, "people may choose 0 to %d optional holidays in a leave year", MaxOptionalHolidays)
	}
	if c.RefusalDays < 0 || c.RefusalDays > MaxRefusalDays {
		return Errorf(Invalid, "refused faces are kept for 0 (not at all) to %d days", MaxRefusalDays)
	}
	if c.DigestHour < 0 || c.DigestHour > 23 {
		return Errorf(Invalid, "daily letters go out at an hour between 0 and 23")
	}
	if c.WeeklyOff >= everyDay {
		return Errorf(Invalid, "at least one day of the week is a working day")
	}
	if !between(c.QueueBound, MaxQueueBound) {
		return Errorf(Invalid, "the bound of queued punches must lie between 0 (off) and 7 days")
	}
	if err := c.Dates.Validate(); err != nil {
		return err
	}
	if c.Language != "" {
		if err := c.Language.Validate(); err != nil {
			return err
		}
	}
	if c.CorrectionDays < 0 || c.CorrectionDays > MaxCorrectionDays {
		return Errorf(Invalid, "corrections can be asked for 0 (never) to %d days back", MaxCorrectionDays)
	}
	if err := c.Close.Validate(); err != nil {
		return err
	}
	return c.Match.Validate()
}

// Location returns the company's time zone.
func (c Company) Location() (*time.Location, error) { return zone(c.TimeZone) }

// LocationOf returns the time zone of one of the company's people.
func (c Company) LocationOf(e Employee) (*time.Location, error) {
	return zone(cmp.Or(e.TimeZone, c.TimeZone))
}

func zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, Errorf(Invalid, "a time zone is needed: an IANA name such as Asia/Kathmandu")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, &Error{Code: Invalid, Message: "unknown time zone; give an IANA name such as Asia/Kathmandu", Cause: err}
	}
	return loc, nil
}

const maxName = 200 // bytes; longer names are mistakes or attacks

// ValidateUsername checks the form that usernames of companies and people
// share: they are keys, appear in addresses and file names, and are compared
// in lower case.
func ValidateUsername(s string) error {
	const rule = "a username has 2 to 64 characters: lower-case letters, digits, dot, dash and underscore, beginning with a letter or digit"
	if len(s) < 2 || len(s) > 64 || strings.Contains(s, "..") {
		return Errorf(Invalid, rule)
	}
	for i, r := range s {
		alnum := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if !alnum && (i == 0 || r != '.' && r != '-' && r != '_') {
			return Errorf(Invalid, rule)
		}
	}
	return nil
}

// validateText refuses what does not belong into one line of text: control
// characters, and those that turn the direction of writing and so make a text
// look like another one.
func validateText(what, s string, least, most int) error {
	if len(strings.TrimSpace(s)) < least || len(s) > most {
		return Errorf(Invalid, "%s must have %d to %d characters", what, least, most)
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return Errorf(Invalid, "%s has a line break or another character that is not shown; type it anew", what)
		}
	}
	return nil
}

func validateEmail(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return &Error{Code: Invalid, Message: "that is not a mail address such as asha@example.com", Cause: err}
	}
	return nil
}
