package hajir

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ConsentState is what a person decided about the recognition of their face.
type ConsentState string

// The states of consent. A person who was never asked has none.
const (
	ConsentNone      ConsentState = ""
	ConsentGiven     ConsentState = "given"
	ConsentDeclined  ConsentState = "declined"
	ConsentWithdrawn ConsentState = "withdrawn"
)

// consentMoves says what may be decided from each state.
var consentMoves = map[ConsentState][]ConsentState{
	ConsentNone:      {ConsentGiven, ConsentDeclined},
	ConsentGiven:     {ConsentWithdrawn},
	ConsentDeclined:  {ConsentGiven},
	ConsentWithdrawn: {ConsentGiven},
}

// ConsentMeans is how a decision came to be known.
type ConsentMeans string

// The means.
const (
	ConsentSelf     ConsentMeans = "self"     // by the person, when joining or on their own page
	ConsentPaper    ConsentMeans = "paper"    // recorded by the admin, from a signed form
	ConsentTerminal ConsentMeans = "terminal" // the operator said that signed forms exist
	ConsentDemo     ConsentMeans = "demo"     // made up, as example data
)

// Consent is a person's decision, and the text that they decided on.
type Consent struct {
	State       ConsentState
	TextVersion string
	At          time.Time
	Means       ConsentMeans
	By          string // the account that recorded it, the person's own for ConsentSelf; on a terminal, the operator
	// RetentionDays is what the text said of how long pictures stay after a
	// withdrawal. Version 1 said nothing of it.
	RetentionDays int
}

// maxDecisions bounds how often a person changes their mind. A withdrawal is
// never refused for it.
const maxDecisions = 200

// Decide returns e with the decision d; the one before goes to the history.
// What was decided already is no new decision, unless it is consent to a newer
// text. A refusal is a Conflict or Invalid error.
func (e Employee) Decide(d Consent) (Employee, error) {
	if err := d.validate(); err != nil {
		return e, err
	}
	was := e.Consent
	renews := d.State == ConsentGiven && textNumber(d.TextVersion) > textNumber(was.TextVersion)
	if d.State == was.State && !renews {
		return e, nil
	}
	if d.State != was.State && !slices.Contains(consentMoves[was.State], d.State) {
		return e, e.noMove(d.State)
	}
	if d.State == ConsentGiven && len(e.ConsentHistory) >= maxDecisions {
		return e, Errorf(Conflict, "this was decided %d times already; use a PIN, and ask your administrator", maxDecisions)
	}
	if d.State == ConsentWithdrawn { // of what was agreed to
		d.TextVersion, d.RetentionDays = was.TextVersion, was.RetentionDays
	}
	if was.State != ConsentNone {
		e.ConsentHistory = append(slices.Clone(e.ConsentHistory), was)
	}
	e.Consent = d
	return e, nil
}

// noMove says what to decide instead.
func (e Employee) noMove(to ConsentState) error {
	switch {
	case to == ConsentDeclined && e.Consent.State == ConsentGiven:
		return Errorf(Conflict, "consent was given; withdraw it instead of declining")
	case to == ConsentWithdrawn && e.Consent.State == ConsentNone:
		return Errorf(Conflict, "no consent was given that could be withdrawn; decline instead")
	}
	return Errorf(Conflict, "face recognition is refused already; there is nothing to change")
}

func (d Consent) validate() error {
	if d.State == ConsentWithdrawn {
		return nil
	}
	if d.State != ConsentGiven && d.State != ConsentDeclined {
		return Errorf(Invalid, "say whether you agree to the recognition of your face: given, declined or withdrawn")
	}
	if d.Means == ConsentPaper { // a form may have been signed some time ago
		if n := textNumber(d.TextVersion); n < 1 || n > textNumber(ConsentVersion) {
			return Errorf(Invalid, "there is no text %q about the recognition of faces; give the version that was signed, 1 to %s", d.TextVersion, ConsentVersion)
		}
		return nil
	}
	if d.TextVersion != ConsentVersion {
		return Errorf(Conflict, "the text about the recognition of your face has changed; load the page again and read it")
	}
	return nil
}

// Decisions returns every decision of e, oldest first.
func (e Employee) Decisions() []Consent {
	if e.Consent.State == ConsentNone {
		return nil
	}
	return append(slices.Clone(e.ConsentHistory), e.Consent)
}

// FaceAllowed says why no face of e may be stored or recognised: a Conflict,
// FaceConsent or FaceDeclined error, or nil if it may.
func (e Employee) FaceAllowed() error {
	if err := e.MayHave("face"); err != nil {
		return err
	}
	switch {
	case !e.Active:
		return Errorf(Conflict, "%s is deactivated; activate them before enrolling a face", e.Name)
	case e.Consent.State == ConsentGiven:
		return nil
	case e.Consent.State == ConsentDeclined:
		return Errorf(FaceDeclined, "%s declined to be recognised by their face; give them a PIN instead", e.Name)
	case e.Consent.State == ConsentWithdrawn:
		return Errorf(FaceConsent, "%s has withdrawn their consent to face recognition; give them a PIN, or have them agree again on their own page", e.Name)
	}
	return Errorf(FaceConsent, "%s has not agreed to face recognition yet; have them decide on their own page, or record the form that they signed", e.Name)
}

// ConsentVersion names the text that is shown now. A text is never changed: a
// new one gets a new number, so that it stays known what people agreed to.
const ConsentVersion = "2"

//go:embed consent/*.txt
var consentTexts embed.FS

// ConsentText returns what a company asks of a person, a title and paragraphs,
// in the words of a version; retentionDays is how long pictures stay after a
// withdrawal. A version that there is not is a NotFound error.
func ConsentText(version, companyName string, retentionDays int) (title string, paragraphs []string, err error) {
	text, err := consentTexts.ReadFile("consent/" + strconv.Itoa(textNumber(version)) + ".txt")
	if err != nil {
		return "", nil, &Error{Code: NotFound, Message: "there is no such text", Cause: err}
	}
	whole := strings.NewReplacer("{{company}}", companyName, "{{after}}", after(retentionDays)).Replace(strings.TrimSpace(string(text)))
	all := strings.Split(whole, "\n\n")
	return all[0], all[1:], nil
}

func after(days int) string {
	switch days {
	case 0:
		return "within a few hours"
	case 1:
		return "after one day"
	}
	return fmt.Sprintf("after %d days", days)
}

// textNumber returns the number of a text's version; 0 for none.
func textNumber(version string) int {
	n, err := strconv.Atoi(version)
	if err != nil {
		return 0
	}
	return n
}
