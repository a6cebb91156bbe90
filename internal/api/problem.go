package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"hajir/internal/hajir"
)

// Problem is the body of every failure: RFC 9457 with a stable code.
type Problem struct { //nolint:errname // RFC 9457 calls it a problem
	Type   string     `json:"type" doc:"Always about:blank; switch on code instead" example:"about:blank"`
	Title  string     `json:"title" doc:"The HTTP status in words" example:"Unprocessable Entity"`
	Status int        `json:"status" example:"422"`
	Code   hajir.Code `json:"code" doc:"A stable, machine-readable reason" example:"face_none"`
	Detail string     `json:"detail" doc:"What went wrong and what to do, for people" example:"no face found; look at the camera, with light on your face"`
	Errors []Field    `json:"errors,omitempty" doc:"Which parts of the request are wrong"`
	// RetryAfter repeats the header, which scripts of other origins cannot read.
	RetryAfter int `json:"retry_after,omitempty" doc:"For rate_limited, and where there is too much to do: in how many seconds to come again, as in the header Retry-After" example:"30"`
	// Confirm is there for face_confirm.
	Confirm *Confirm `json:"confirm,omitempty" doc:"For face_confirm: what to send with a PIN"`
	// Challenge is there for face_challenge.
	Challenge *ChallengeOffer `json:"challenge,omitempty" doc:"For face_challenge: what the person is asked to do"`
}

// ChallengeStep is what somebody is asked to do before the camera.
type ChallengeStep struct {
	Step   hajir.Step `json:"step" enum:"left,right,blink" doc:"What to do now: turn the head to one's own left or right, or close both eyes for a moment. The next step is told when it is done"`
	Done   int        `json:"done" doc:"How many steps were done"`
	Steps  int        `json:"steps" doc:"How many there are" example:"3"`
	EndsAt time.Time  `json:"ends_at" doc:"Until when"`
}

// ChallengeOffer is what somebody is asked to do first.
type ChallengeOffer struct {
	ChallengeStep
	Ticket string `json:"ticket" doc:"Send it with pictures to check-in-by-challenge, or with a PIN to check-in-by-pin. It is good once, from the same device"`
}

// challengeOf describes an offer; nil for none.
func challengeOf(o *hajir.ChallengeOffer) *ChallengeOffer {
	if o == nil {
		return nil
	}
	return &ChallengeOffer{ChallengeStep: ChallengeStep{Step: o.Step, Done: o.Done, Steps: o.Steps, EndsAt: o.EndsAt}, Ticket: o.Ticket}
}

// Confirm is what a PIN can confirm.
type Confirm struct {
	Ticket    string    `json:"ticket" doc:"Send it with the PIN, to check-in-by-pin. It is good once, from the same device"`
	ExpiresAt time.Time `json:"expires_at" doc:"When it stops working"`
}

// ConfirmOf describes an offer; nil for none.
func ConfirmOf(o *hajir.ConfirmOffer) *Confirm {
	if o == nil {
		return nil
	}
	return &Confirm{Ticket: o.Ticket, ExpiresAt: o.ExpiresAt}
}

// Field is one part of a request that is wrong. It does not repeat the value,
// which may be a secret.
type Field struct {
	Location string `json:"location" doc:"Where, for example body.time_zone"`
	Message  string `json:"message"`
}

// Error implements error.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	return h
}

// statuses maps every code to its HTTP status.
var statuses = map[hajir.Code]int{
	hajir.Internal:     http.StatusInternalServerError,
	hajir.Invalid:      http.StatusUnprocessableEntity,
	hajir.Unauthorized: http.StatusUnauthorized,
	hajir.Forbidden:    http.StatusForbidden,
	hajir.NotFound:     http.StatusNotFound,
	hajir.Conflict:     http.StatusConflict,
	hajir.TooLarge:     http.StatusRequestEntityTooLarge,
	hajir.Unsupported:  http.StatusUnsupportedMediaType,
	hajir.Unavailable:  http.StatusServiceUnavailable,
	hajir.RateLimited:  http.StatusTooManyRequests,
	hajir.SetupClosed:  http.StatusForbidden,
	hajir.WeakPassword: http.StatusUnprocessableEntity,

	hajir.StorageFull:   http.StatusInsufficientStorage,
	hajir.StorageFailed: http.StatusServiceUnavailable,

	hajir.TOTPRequired: http.StatusUnauthorized,
	// Not 401: the token is good, and a client that renewed it and asked again
	// would guess twice.
	hajir.TOTPWrong:         http.StatusUnprocessableEntity,
	hajir.PasswordWrong:     http.StatusUnprocessableEntity,
	hajir.PictureInvalid:    http.StatusUnprocessableEntity,
	hajir.FaceNone:          http.StatusUnprocessableEntity,
	hajir.FaceSeveral:       http.StatusUnprocessableEntity,
	hajir.FaceSmall:         http.StatusUnprocessableEntity,
	hajir.FaceDark:          http.StatusUnprocessableEntity,
	hajir.FaceBright:        http.StatusUnprocessableEntity,
	hajir.FaceBlurred:       http.StatusUnprocessableEntity,
	hajir.FaceTurned:        http.StatusUnprocessableEntity,
	hajir.FaceEyes:          http.StatusUnprocessableEntity,
	hajir.FaceUnknown:       http.StatusUnprocessableEntity,
	hajir.FaceAmbiguous:     http.StatusUnprocessableEntity,
	hajir.FaceConfirm:       http.StatusUnprocessableEntity,
	hajir.FaceChallenge:     http.StatusUnprocessableEntity,
	hajir.FaceNotLive:       http.StatusUnprocessableEntity,
	hajir.FaceContradicted:  http.StatusUnprocessableEntity,
	hajir.FramesWanted:      http.StatusUnprocessableEntity,
	hajir.TicketEnded:       http.StatusConflict,
	hajir.TicketOther:       http.StatusUnprocessableEntity,
	hajir.FaceDuplicate:     http.StatusConflict,
	hajir.FaceDeclined:      http.StatusConflict,
	hajir.FaceConsent:       http.StatusConflict,
	hajir.KioskNetwork:      http.StatusForbidden,
	hajir.KioskPlace:        http.StatusForbidden,
	hajir.WrongPIN:          http.StatusUnprocessableEntity,
	hajir.WeakPIN:           http.StatusUnprocessableEntity,
	hajir.LeaveOverlap:      http.StatusConflict,
	hajir.LeaveBalance:      http.StatusConflict,
	hajir.ClaimRefused:      http.StatusUnprocessableEntity,
	hajir.InvitationUnknown: http.StatusNotFound,
	hajir.InvitationExpired: http.StatusGone,
	hajir.InvitationUsed:    http.StatusConflict,
	hajir.SignUpClosed:      http.StatusForbidden,
	hajir.SignUpUnknown:     http.StatusNotFound,
	hajir.SignUpExpired:     http.StatusGone,
	hajir.SignUpUsed:        http.StatusConflict,
	hajir.PasskeyRefused:    http.StatusUnprocessableEntity,
	hajir.PasskeyExpired:    http.StatusUnprocessableEntity,
	hajir.PasskeyCopied:     http.StatusUnprocessableEntity,
	hajir.ResetUnknown:      http.StatusNotFound,
	hajir.ResetExpired:      http.StatusGone,
	hajir.ResetUsed:         http.StatusConflict,
	hajir.ProofWrong:        http.StatusUnprocessableEntity,
	hajir.ProofExpired:      http.StatusUnprocessableEntity,
}

// codes gives what huma itself refuses a code.
var codes = map[int]hajir.Code{
	http.StatusBadRequest:            hajir.Invalid,
	http.StatusUnauthorized:          hajir.Unauthorized,
	http.StatusForbidden:             hajir.Forbidden,
	http.StatusNotFound:              hajir.NotFound,
	http.StatusMethodNotAllowed:      hajir.NotFound,
	http.StatusNotAcceptable:         hajir.Unsupported,
	http.StatusRequestTimeout:        hajir.Unavailable,
	http.StatusRequestEntityTooLarge: hajir.TooLarge,
	http.StatusUnsupportedMediaType:  hajir.Unsupported,
	http.StatusUnprocessableEntity:   hajir.Invalid,
	http.StatusTooManyRequests:       hajir.RateLimited,
	http.StatusServiceUnavailable:    hajir.Unavailable,
}

// problem turns err into what the client sees, and logs what it does not.
func (a *API) problem(ctx context.Context, operation string, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	code, detail := hajir.Internal, "something went wrong on our side; it is in the log"
	var e *hajir.Error
	switch {
	case errors.Is(err, context.Canceled):
		code, detail = hajir.Unavailable, "the request was cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		code, detail = hajir.Unavailable, "this took too long; try again"
	case errors.As(err, &e) && e.Code != hajir.Internal:
		code, detail = e.Code, e.Message
	}
	level := slog.LevelDebug
	switch code { //nolint:exhaustive // the others are the client's, or pass
	case hajir.Internal, hajir.StorageFull, hajir.StorageFailed:
		level = slog.LevelError
	}
	a.log.Log(ctx, level, "request failed", "operation", operation, "code", code, "error", err)
	p = newProblem(statuses[code], code, detail)
	if e != nil {
		p.Confirm, p.Challenge = ConfirmOf(e.Confirm), challengeOf(e.Challenge)
	}
	if e != nil && e.RetryAfter > 0 {
		p.RetryAfter = int((e.RetryAfter + time.Second - 1) / time.Second)
	}
	return p
}

func newProblem(status int, code hajir.Code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: sentence(detail)}
}

// sentence begins a message with a capital, since people read it on its own.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// write answers a request that does not reach its operation.
func (a *API) write(ctx huma.Context, err error) {
	p := a.problem(ctx.Context(), ctx.Operation().OperationID, err)
	ctx.SetHeader("Content-Type", p.ContentType(""))
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetStatus(p.Status)
	if err := huma.DefaultJSONFormat.Marshal(ctx.BodyWriter(), p); err != nil {
		a.log.DebugContext(ctx.Context(), "client left", "error", err)
	}
}

// installProblems makes huma's own refusals Problems too. Package variables are
// the only hook that huma has for this.
var installProblems = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false // no list of ours is null
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		code, ok := codes[status]
		if !ok {
			code = hajir.Internal
		}
		p := newProblem(status, code, message)
		for _, err := range errs {
			var detail *huma.ErrorDetail
			switch {
			case errors.As(err, &detail):
				p.Errors = append(p.Errors, Field{Location: detail.Location, Message: detail.Message})
			case err != nil && status < http.StatusInternalServerError:
				p.Errors = append(p.Errors, Field{Message: err.Error()})
			}
		}
		if len(p.Errors) > 0 { // say at once what is wrong, and not only that something is
			p.Detail = sentence(strings.TrimPrefix(p.Errors[0].Location+": "+p.Errors[0].Message, ": "))
		}
		if status == http.StatusUnsupportedMediaType {
			p.Detail += "; send JSON with the header Content-Type: application/json"
		}
		return p
	}
})
