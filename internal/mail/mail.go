// Package mail is the port to messages out: invitations, sign-ups and new
// passwords.
// smtp sends them, outbox keeps them as files where no server is configured,
// and template writes them. eml is the form in which all adapters hand a
// message over, and mailtest the suite that each of them must pass. Read this
// file first.
package mail

import (
	"context"
	"net/mail"
	"slices"

	"hajir/internal/hajir"
)

// Kind is what a message is for.
type Kind string

// The kinds of messages that Hajir sends.
const (
	SignUp          Kind = "sign_up"
	Invitation      Kind = "invitation"
	PasswordReset   Kind = "password_reset"
	PasswordChanged Kind = "password_changed"
	// LeaveRequested goes to who has to decide, LeaveDecided to the employee.
	LeaveRequested Kind = "leave_requested"
	LeaveDecided   Kind = "leave_decided"
	// QuestionAnswered goes to who asked a company a question.
	QuestionAnswered Kind = "question_answered"
	// CorrectionRequested goes to who decides about a day, CorrectionDecided to
	// the employee.
	CorrectionRequested Kind = "correction_requested"
	CorrectionDecided   Kind = "correction_decided"
	// QuestionAsked goes to who may answer a question.
	QuestionAsked Kind = "question_asked"
	// ExitMissing goes to whose exit is missing, and to who asks to be told.
	ExitMissing    Kind = "exit_missing"
	PunchRecorded  Kind = "punch_recorded"
	PunchDoubtful  Kind = "punch_doubtful" // waits for somebody to look at it
	InvitationSent Kind = "invitation_sent"
	Alarm          Kind = "alarm"            // goes to the operator
	Erasure        Kind = "erasure"          // the receipt
	WebhookOff     Kind = "webhook_disabled" // was turned off by itself
	Digest         Kind = "digest"           // tells of many events
	Test           Kind = "test"             // likewise, who asks for it to see whether it arrives
)

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{
		SignUp, Invitation, PasswordReset, PasswordChanged, LeaveRequested, LeaveDecided, QuestionAnswered,
		CorrectionRequested, CorrectionDecided, QuestionAsked, ExitMissing, PunchRecorded, PunchDoubtful,
		InvitationSent, Alarm, Erasure, WebhookOff, Digest,
	}
}

// Known says whether k is one of Kinds.
func Known(k Kind) bool { return slices.Contains(Kinds(), k) }

// Address is a mailbox, and the name of whom it belongs to or "".
type Address = mail.Address

// Message is a letter to one person. The adapter adds the sender and the date.
type Message struct {
	// ID names the message, in letters, digits and ".", "_", "-". It becomes a
	// part of the Message-ID, so that a message which is sent again after a
	// doubtful failure is recognised as the same one. It is public: never a
	// token.
	ID      string
	Kind    Kind // in file names and logs; the recipient does not see it
	To      Address
	Subject string // one line; runs of spaces arrive as one, as in names
	// Text is required, HTML is not. Both are lines: they arrive with their
	// line ends made alike, and end with one.
	Text string
	HTML string
	// Unsubscribe is where one request ends messages like this one (RFC 8058), an
	// https or http URL; "" where that is not offered.
	Unsubscribe string
}

// Sender hands messages over. It is safe for concurrent use.
type Sender interface {
	// Send hands m over and returns when somebody else answers for it: a mail
	// server or a disk. Its failures carry a code:
	//
	//   - Invalid: m is not a message that could ever be sent.
	//   - Refused: the server said no for good; sending m again is of no use.
	//   - anything else, Unavailable above all: it may work later. If the
	//     context ended, errors.Is finds its error. A server that takes a
	//     message and breaks off before it says so has the message, and gets
	//     it again; its ID tells.
	//
	// Permanent tells the first two from the rest. No failure contains what
	// the message says or the server's password.
	Send(ctx context.Context, m Message) error
}

// Refused is the code of a failure that the mail server calls permanent: an
// SMTP reply from 500 to 599, be it to the recipient, to the content or to
// the password.
const Refused hajir.Code = "mail_refused"

// Permanent says whether err, which is not nil, means that the same message
// need not be sent again.
func Permanent(err error) bool {
	code := hajir.CodeOf(err)
	return code == hajir.Invalid || code == Refused
}
