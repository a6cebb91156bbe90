package hajir

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"
)

// The bounds of a company's setting of how many days pictures stay after a
// withdrawal or a deactivation.
const (
	DefaultRetentionDays = 30
	MaxRetentionDays     = 3 * 365
)

// ErasureGrace is the least time between the request and the end of pictures.
// No request lives that long, so none keeps a picture after they went.
const ErasureGrace = 5 * time.Minute

// ErasureReason is why somebody's face is erased.
type ErasureReason string

// The reasons.
const (
	ErasedWithdrawn   ErasureReason = "withdrawn"   // consent was withdrawn
	ErasedDeclined    ErasureReason = "declined"    // enrolled before anybody was asked, and then declined
	ErasedDeactivated ErasureReason = "deactivated" // the person left
)

// ErasureState is how far an erasure is.
type ErasureState string

// The states.
const (
	ErasurePending   ErasureState = "pending"   // pictures stay until DueAt
	ErasureBegun     ErasureState = "begun"     // pictures are being removed, which nothing stops
	ErasureDone      ErasureState = "done"      // nothing is left
	ErasureCancelled ErasureState = "cancelled" // templates went; pictures stay, with consent
)

// Erasure is the end of what a company holds of somebody's face: templates at
// once, pictures when they have had their time. Done, it is the receipt.
type Erasure struct {
	Username string
	Number   int // 1 for the person's first; with Username the key
	Company  string
	Reason   ErasureReason
	AskedAt  time.Time
	AskedBy  string // an account
	DueAt    time.Time
	// For is the version of the person's record at which it was asked for last.
	// A request that saved no later version may still be under way.
	For int

	Templates        int // how many went
	Models           []string
	EnrolmentObjects int // files, of which an enrolment picture has one for each size
	DailyPictures    int
	ProfileObjects   int

	TemplatesAt time.Time // when they were gone; zero until then
	BegunAt     time.Time // when pictures were counted, and began to go
	ImagesAt    time.Time // when they were gone
	CancelledAt time.Time
	RanBy       string // who removed the pictures, or cancelled
	SHA256      string // of the receipt, once there is one
	Version     int    // grows by one with every stored change; zero means never stored
}

// State says how far x is.
func (x Erasure) State() ErasureState {
	switch {
	case !x.ImagesAt.IsZero():
		return ErasureDone
	case !x.CancelledAt.IsZero():
		return ErasureCancelled
	case !x.BegunAt.IsZero():
		return ErasureBegun
	}
	return ErasurePending
}

// Open says whether there is something left to do.
func (x Erasure) Open() bool {
	s := x.State()
	return s == ErasurePending || s == ErasureBegun
}

// MayCancel says whether e's record stops x at a time: it no longer asks for
// it, nobody is about to save one that does, and no picture has gone.
func (x Erasure) MayCancel(e Employee, now time.Time) bool {
	if _, due := e.EraseWhy(); due || x.State() != ErasurePending {
		return false
	}
	return x.For < e.Version || now.After(x.AskedAt.Add(ErasureGrace))
}

// EraseWhy says whether e's record asks for the erasure of their face.
func (e Employee) EraseWhy() (ErasureReason, bool) {
	switch {
	case e.Consent.State == ConsentWithdrawn:
		return ErasedWithdrawn, true
	case e.Consent.State == ConsentDeclined:
		return ErasedDeclined, true
	case !e.Active:
		return ErasedDeactivated, true
	}
	return "", false
}

// AskErasure returns the erasure with a number that is asked for of e, whose
// Version is the one before the change. Pictures stay as long as the company's setting says,
// but no longer than the person was promised when they agreed.
func AskErasure(number int, e Employee, c Company, why ErasureReason, by string, at time.Time) Erasure {
	days := c.RetentionDays
	for _, d := range slices.Backward(e.Decisions()) {
		if d.State == ConsentGiven {
			if textNumber(d.TextVersion) > 1 {
				days = min(days, d.RetentionDays)
			}
			break
		}
	}
	due := at.AddDate(0, 0, days)
	if least := at.Add(ErasureGrace); due.Before(least) {
		due = least
	}
	return Erasure{
		Username: e.Username, Number: number, Company: e.Company, Reason: why,
		AskedAt: at, AskedBy: by, DueAt: due, For: e.Version,
	}
}

// Receipt is what a person is given of an erasure. It holds nothing biometric.
type Receipt struct {
	Format            string        `json:"format"`
	Company           string        `json:"company"`
	Username          string        `json:"username"`
	Number            int           `json:"number"`
	State             ErasureState  `json:"state" enum:"done,cancelled"`
	Reason            ErasureReason `json:"reason" enum:"withdrawn,declined,deactivated"`
	AskedAt           time.Time     `json:"asked_at"`
	AskedBy           string        `json:"asked_by" doc:"An account"`
	ImagesDueAt       time.Time     `json:"images_due_at"`
	TemplatesErasedAt *time.Time    `json:"templates_erased_at"`
	Templates         int           `json:"templates" doc:"How many were erased"`
	Models            []string      `json:"models" doc:"What had computed them"`
	ImagesErasedAt    *time.Time    `json:"images_erased_at" doc:"null when the erasure was cancelled"`
	EnrolmentFiles    int           `json:"enrolment_files" doc:"An enrolment picture is kept in three sizes"`
	DailyPictures     int           `json:"daily_pictures"`
	ProfileFiles      int           `json:"profile_files"`
	CancelledAt       *time.Time    `json:"cancelled_at"`
	RanBy             string        `json:"ran_by" doc:"Who removed the pictures, or cancelled"`
}

// Receipt returns the receipt of x, once nothing is left to do, and its
// SHA-256 in hexadecimal: of the receipt as compact JSON, fields in the order
// of Receipt, characters as they are.
func (x Erasure) Receipt() (Receipt, string, error) {
	if x.Open() {
		return Receipt{}, "", Errorf(Conflict, "the erasure is not finished yet; there will be a receipt when it is")
	}
	r := Receipt{
		Format: "hajir-erasure-1", Company: x.Company, Username: x.Username, Number: x.Number, State: x.State(),
		Reason: x.Reason, AskedAt: x.AskedAt.UTC(), AskedBy: x.AskedBy, ImagesDueAt: x.DueAt.UTC(),
		TemplatesErasedAt: when(x.TemplatesAt), Templates: x.Templates, Models: append([]string{}, x.Models...),
		ImagesErasedAt: when(x.ImagesAt), EnrolmentFiles: x.EnrolmentObjects, DailyPictures: x.DailyPictures,
		ProfileFiles: x.ProfileObjects, CancelledAt: when(x.CancelledAt), RanBy: x.RanBy,
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return r, "", &Error{Code: Internal, Message: "the receipt cannot be written", Cause: err}
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return r, hex.EncodeToString(sum[:]), nil
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
