package hajir

import (
	"errors"
	"fmt"
	"time"
)

// Code is a stable, machine-readable failure class. Clients may switch on it;
// one table in internal/api maps it to an HTTP status.
type Code string

// The failure classes that every feature shares.
const (
	Internal     Code = "internal"      // our fault; the cause is logged
	Invalid      Code = "invalid"       // the request cannot be understood
	Unauthorized Code = "unauthorized"  // who are you?
	Forbidden    Code = "forbidden"     // not yours to do
	NotFound     Code = "not_found"     // no such thing, or not in your company
	Conflict     Code = "conflict"      // it exists already, or changed meanwhile
	TooLarge     Code = "too_large"     // more bytes or pixels than the limit
	Unsupported  Code = "unsupported"   // a format that Hajir does not read
	Unavailable  Code = "unavailable"   // try again later, or something must be installed
	RateLimited  Code = "rate_limited"  // slow down
	SetupClosed  Code = "setup_closed"  // the first company exists already
	WeakPassword Code = "weak_password" // a password that is too short or too common
	// Of the place where records and pictures are kept. Nothing was stored.
	StorageFull   Code = "storage_full"   // no room is left
	StorageFailed Code = "storage_failed" // it cannot be written, or not be read

	TOTPRequired  Code = "totp_required"  // the password is right; send a code with it
	TOTPWrong     Code = "totp_wrong"     // the code is not the present one, or was used
	PasswordWrong Code = "password_wrong" // signed in, but the password given with a change is wrong
)

// Why a picture leads to no punch or no enrolment.
const (
	PictureInvalid Code = "picture_invalid" // damaged, or not a picture
	FaceNone       Code = "face_none"       // no face found
	FaceSeveral    Code = "face_several"    // more than one face
	FaceSmall      Code = "face_small"      // the face has too few pixels
	FaceUnknown    Code = "face_unknown"    // nobody enrolled is near enough
	FaceAmbiguous  Code = "face_ambiguous"  // two people are about equally near
	// Of pictures to enrol with; see Examine.
	FaceDark    Code = "face_dark"    // too little light
	FaceBright  Code = "face_bright"  // too much
	FaceBlurred Code = "face_blurred" // out of focus, or moved
	FaceTurned  Code = "face_turned"  // not looking at the camera
	FaceEyes    Code = "face_eyes"    // the eyes are closed

	FaceDuplicate Code = "face_duplicate" // enrolled already, as somebody else
	// FaceConfirm is like FaceAmbiguous, and a PIN tells who it is.
	FaceConfirm      Code = "face_confirm"
	FaceChallenge    Code = "face_challenge"    // known, and asked to move before the camera
	FaceNotLive      Code = "face_not_live"     // no living person, or not surely
	FaceContradicted Code = "face_contradicted" // pictures of one moment show different people
	FramesWanted     Code = "frames_wanted"     // the company asks for more pictures of one moment
	FaceDeclined     Code = "face_declined"     // the person does not want to be recognised
	FaceConsent      Code = "face_consent"      // the person has not agreed to it, or no longer does
)

// Why a kiosk records nobody, or a PIN is not taken.
const (
	KioskNetwork Code = "kiosk_network"   // the kiosk is not in a network that it is limited to
	KioskPlace   Code = "kiosk_place"     // the kiosk is not, or not surely, in its geofence
	WrongPIN     Code = "pin_wrong"       // no such person, or not their PIN
	WeakPIN      Code = "pin_weak"        // a PIN that is no 4 to 8 digits, or easily guessed
	TicketEnded  Code = "confirm_expired" // what was to be confirmed by PIN is too old, or was confirmed
	TicketOther  Code = "confirm_other"   // the PIN is not of one whom the camera saw
	ClaimRefused Code = "claim_refused"   // a queued punch that waited too long, or is of the future
)

// Error is a failure whose Message is safe to show to the end user.
type Error struct {
	Code    Code
	Message string
	Cause   error // logged, never sent
	// RetryAfter is when trying again makes sense, if that is known.
	RetryAfter time.Duration
	// Confirm is what a PIN can confirm instead, for FaceConfirm.
	Confirm *ConfirmOffer
	// Challenge is what is to be done, for FaceChallenge.
	Challenge *ChallengeOffer
}

// ConfirmOffer lets one of those whom the camera could not tell apart say by PIN
// who they are.
type ConfirmOffer struct {
	Ticket    string // a secret of the device that sent the picture
	ExpiresAt time.Time
}

// ChallengeOffer lets the person whom the camera knows show that they are there.
type ChallengeOffer struct {
	Ticket      string // a secret of the device that sent the picture
	Step        Step   // what to do now; the next is told when it is done
	Done, Steps int
	EndsAt      time.Time
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Unwrap exposes the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf returns an Error with code and a client-safe message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// AsError returns the Error in err's chain, if there is one.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// CodeOf returns err's code; an error without one is Internal.
func CodeOf(err error) Code {
	if e, ok := AsError(err); ok {
		return e.Code
	}
	return Internal
}
