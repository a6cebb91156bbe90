package hajir

import (
	_ "embed"
	"strings"
	"time"
)

// ConsentState is what a person decided about the recognition of their face.
type ConsentState string

// The states of consent. A person who was never asked has none.
const (
	ConsentNone     ConsentState = ""
	ConsentGiven    ConsentState = "given"
	ConsentDeclined ConsentState = "declined"
)

// Consent is a person's decision, and the text that they decided on.
type Consent struct {
	State       ConsentState
	TextVersion string
	At          time.Time
}

// ConsentVersion names the text that is shown now. A text is never changed: a
// new one gets a new number, so that it stays known what people agreed to.
const ConsentVersion = "1"

//go:embed consent/1.txt
var consentText string

// ConsentText returns what a company asks of a person: a title and paragraphs.
func ConsentText(companyName string) (title string, paragraphs []string) {
	text := strings.ReplaceAll(strings.TrimSpace(consentText), "{{company}}", companyName)
	all := strings.Split(text, "\n\n")
	return all[0], all[1:]
}

// Decide records a decision on the text of a version at a time.
func Decide(state ConsentState, version string, at time.Time) (Consent, error) {
	if state != ConsentGiven && state != ConsentDeclined {
		return Consent{}, Errorf(Invalid, "say whether you agree to the recognition of your face: given or declined")
	}
	if version != ConsentVersion {
		return Consent{}, Errorf(Conflict, "the text about the recognition of your face has changed; load the page again and read it")
	}
	return Consent{State: state, TextVersion: version, At: at}, nil
}
