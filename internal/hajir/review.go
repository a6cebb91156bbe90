package hajir

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"
)

// Review is a decision of the camera's that somebody should look at: a punch
// that is doubtful, or a refusal that was more than noise. While its ticket
// lives, a refusal becomes a punch by a PIN.
type Review struct {
	Company string
	ID      string    // begins with its time, so that the order of IDs is that of times; see ReviewID
	At      time.Time // of the punch, or of the first refusal
	// Code is why the face was refused; empty for a punch.
	Code Code
	// Doubts are why the punch is doubtful.
	Doubts []Doubt
	// Username, Date and Punch name the punch.
	Username, Date, Punch string
	By, Place             string // the account that sent the picture, and its name
	// Picture is the key of a refusal's picture, if one is kept; a punch names
	// its own.
	Picture string
	// PictureErased says that there was a picture, which was erased.
	PictureErased bool
	Decision      Decision // of a refusal: whom the camera thought of. A punch has its own
	Ask           []string // whose PIN confirms
	// LastAt is when the same was refused last, and Count how often.
	LastAt time.Time
	Count  int
	Ticket Ticket
	// Challenge is what the person is asked to do, who is Ask's only one; nil: nothing.
	Challenge *Trial
	State     ReviewState
	// Begun is what somebody has decided, while it is being done: it may take
	// changes of several records, and who is cut off does the same again.
	Begun  ReviewState
	DoneBy string // who decided, and when
	DoneAt time.Time
	To     string // to whom the punch was given
	// ExpiresAt is when a refusal is forgotten; zero for a punch.
	ExpiresAt time.Time
	Version   int // grows by one with every stored change; zero means never stored
}

// ReviewState says how far a review is.
type ReviewState string

// The states.
const (
	ReviewOpen       ReviewState = "open"
	ReviewConfirmed  ReviewState = "confirmed"  // the punch is right
	ReviewReassigned ReviewState = "reassigned" // it is somebody else's, or a refusal became somebody's punch
	ReviewRejected   ReviewState = "rejected"   // the punch does not count, or the refusal was right
)

// Ticket lets one of Review.Ask confirm by PIN who they are, once, where the
// picture was taken.
type Ticket struct {
	Hash      []byte // SHA-256 of the secret that the device was given
	ExpiresAt time.Time
	UsedAt    time.Time // zero: not yet
}

// TicketLife is how long a PIN can confirm whom the camera could not tell apart:
// enough to type it, and too short for somebody else to come by.
const TicketLife = 60 * time.Second

// The bounds of how long refusals are kept, in days. Two weeks are two rounds of
// somebody who looks once a week.
const (
	DefaultRefusalDays = 14
	MaxRefusalDays     = 30
)

// The same face refused again by the same device is the same refusal, as long as
// it comes again within refusalGap, and for refusalSpan. Somebody who stands
// before the camera is one refusal; a poster on the wall is six an hour.
const (
	refusalGap  = time.Minute
	refusalSpan = 10 * time.Minute
)

// RefusalWindow is how far back a refusal may lie that another continues.
const RefusalWindow = refusalSpan + refusalGap

const reviewTime = "20060102T150405.000000000Z"

// ReviewID returns an ID for what was at a time; unique tells those of one moment
// apart. With an empty unique it comes before them.
func ReviewID(at time.Time, unique string) string {
	return at.UTC().Format(reviewTime) + "-" + unique
}

// IsPunch says whether r is about a punch; else it is about a refusal.
func (r Review) IsPunch() bool { return r.Punch != "" }

// Keeps says whether a refusal with a code is worth looking at later. No face,
// too small a face, or too many of them, is noise.
func Keeps(code Code) bool {
	return code == FaceUnknown || code == FaceAmbiguous || code == FaceConfirm || code == FaceNotLive || code == FaceContradicted || code == FaceChallenge
}

// Continues says whether a refusal of o at a time, by a device, is r again.
func (r Review) Continues(o Outcome, by string, at time.Time) bool {
	return r.State == ReviewOpen && !r.IsPunch() && r.Ticket.UsedAt.IsZero() && r.Code == o.Code && r.By == by &&
		!at.Before(r.At) && at.Sub(r.LastAt) <= refusalGap && at.Sub(r.At) <= refusalSpan &&
		slices.Equal(sorted(r.Ask), sorted(o.Ask))
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}

// Expiry returns when a refusal of a time is forgotten, that is kept for some
// days; one with a ticket lasts as long as that.
func (r Review) Expiry(days int) time.Time {
	end := r.At.AddDate(0, 0, days)
	if r.Ticket.ExpiresAt.After(end) {
		return r.Ticket.ExpiresAt
	}
	return end
}

// Admits checks that r may be confirmed with a ticket's secret, by a device at a
// time, or returns an error with TicketEnded.
func (r Review) Admits(secret []byte, by string, at time.Time) error {
	hash := sha256.Sum256(secret)
	good := subtle.ConstantTimeCompare(hash[:], r.Ticket.Hash) == 1
	if !good || r.By != by || r.State != ReviewOpen || !r.Ticket.UsedAt.IsZero() || !at.Before(r.Ticket.ExpiresAt) {
		return Errorf(TicketEnded, "this took too long, or was confirmed already; look at the camera again")
	}
	return nil
}

// Begin returns r as about to be decided by somebody. It refuses with a Conflict
// error what was decided before, or is about to be decided otherwise, and with
// Invalid what makes no sense.
func (r Review) Begin(state ReviewState, to, by string, at time.Time) (Review, error) {
	switch {
	case r.State != ReviewOpen:
		return r, Errorf(Conflict, "%s has decided about this already; load the page again", r.DoneBy)
	case r.Begun != "" && (r.Begun != state || r.To != to):
		return r, Errorf(Conflict, "this was about to be %s when the program stopped; decide the same again to finish it", r.Begun)
	case state == ReviewConfirmed && !r.IsPunch():
		return r, Errorf(Invalid, "nothing was recorded that could be confirmed; say whose face it is, or dismiss it")
	case state == ReviewReassigned && to == "":
		return r, Errorf(Invalid, "say whose face it is")
	case state == ReviewReassigned && to == r.Username:
		return r, Errorf(Invalid, "the punch is theirs already; confirm it")
	case state != ReviewReassigned && to != "":
		return r, Errorf(Invalid, "a person is named only with reassign")
	case state != ReviewConfirmed && state != ReviewReassigned && state != ReviewRejected:
		return r, Errorf(Invalid, "decide to confirm, to reassign or to reject")
	}
	r.Begun, r.To, r.DoneBy = state, to, by
	r.Ticket.UsedAt = at // nobody confirms it any more
	return r, nil
}

// Done returns r, whose decision was begun and has been done, as decided.
func (r Review) Done(at time.Time) Review {
	r.State, r.Begun, r.DoneAt = r.Begun, "", at
	return r
}

// Forget returns r without a person, whose face is erased: their name goes from
// those whom the camera thought of, and a picture that was taken for theirs with
// it. It says whether anything changed, and which picture is to go.
func (r Review) Forget(username string) (_ Review, changed bool, picture string) {
	theirs := r.To == username || r.Username == username
	var left []Candidate
	for _, c := range r.Decision.Candidates {
		if c.Username != username {
			left = append(left, c)
			continue
		}
		changed = true
		theirs = theirs || c.Score >= r.Decision.Threshold
	}
	if changed {
		r.Decision.Candidates = left
	}
	if i := slices.Index(r.Ask, username); i >= 0 {
		r.Ask, changed = slices.Delete(slices.Clone(r.Ask), i, i+1), true
		r.Challenge = nil
	}
	if theirs && r.Picture != "" {
		picture = r.Picture
		r.Picture, r.PictureErased, changed = "", true, true
	}
	return r, changed, picture
}
