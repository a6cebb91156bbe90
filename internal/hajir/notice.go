package hajir

import "time"

// Notice is one thing that happened, which others may want to be told. It is
// written with the change that it follows from (read notice_rules.go), and
// holds keys and small facts alone: whoever delivers it reads names and
// addresses then, so that nothing of a person is left in what waits.
type Notice struct {
	ID      string // a UUID, the same in every repeat
	Company string // "" is the operator of the installation
	Kind    NoticeKind
	At      time.Time
	Person  string // the username of whom it is about; "" for nobody
	By      string // the username of who did it; "" is the program, or a stranger
	Ref     string // the key of the record: of a leave, a punch, a review, a correction, a question
	Date    string // YYYY-MM-DD that it is about: of a punch, a correction, an exit, the first of a leave
	// State is what it came to: a LeaveState, a CorrectionState, a Direction, or
	// one of ExitOpen and ExitGuessed.
	State string
	// Action is what was done: a LeaveAction, a CorrectionAction, or the Source of
	// a punch. It tells apart what has the same kind and state.
	Action  string
	Decider string // the username of who has to decide now; "" when nobody has to
}

// NoticeKind says what happened.
type NoticeKind string

// The kinds.
const (
	NoticePunch             NoticeKind = "punch.recorded"
	NoticeDoubtful          NoticeKind = "punch.doubtful" // it counts, and waits for a review
	NoticeLeaveAsked        NoticeKind = "leave.asked"    // somebody has to decide: about leave, about its second level, about taking it back
	NoticeLeaveApproved     NoticeKind = "leave.approved"
	NoticeLeaveRefused      NoticeKind = "leave.refused" // or taking it back was, and it stays approved
	NoticeLeaveCancelled    NoticeKind = "leave.cancelled"
	NoticeCorrectionAsked   NoticeKind = "correction.asked"
	NoticeCorrectionDecided NoticeKind = "correction.decided" // or entered by an admin, withdrawn, or failed after all
	NoticeInvitation        NoticeKind = "invitation.sent"    // a new link to join by was made
	NoticeExitMissing       NoticeKind = "exit.missing"       // found when the date was closed
	NoticeQuestionAsked     NoticeKind = "question.asked"
	NoticeQuestionAnswered  NoticeKind = "question.answered"
	NoticeWebhookOff        NoticeKind = "webhook.disabled" // by itself: for the admin, who cannot choose not to know
	NoticeAlarmRaised       NoticeKind = "alarm.raised"     // of the installation; its company is whose admin looks after that
	NoticeAlarmCleared      NoticeKind = "alarm.cleared"    // likewise
	// Told by mail alone: to whom a question was given, the answer to who asked, whose face was erased, and
	// that a letter is to be made of what waits.
	NoticeQuestionAssigned NoticeKind = "question.assigned"
	NoticeAnswer           NoticeKind = "question.told" // the answer, to whoever asked
	NoticeErased           NoticeKind = "face.erased"
	NoticeDigest           NoticeKind = "mail.digest"
	// Told in Slack alone: that the digest of a morning is due, and who has not come.
	NoticeMorning NoticeKind = "slack.morning"
	NoticeAbsent  NoticeKind = "slack.absent"
)

// What a missing exit came to.
const (
	ExitOpen    = "open"
	ExitGuessed = "guessed"
)

// NoticeKinds returns every kind that a company can choose to be told of, in the
// order in which they are shown.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		NoticePunch, NoticeDoubtful, NoticeExitMissing,
		NoticeLeaveAsked, NoticeLeaveApproved, NoticeLeaveRefused, NoticeLeaveCancelled,
		NoticeCorrectionAsked, NoticeCorrectionDecided, NoticeInvitation,
		NoticeQuestionAsked, NoticeQuestionAnswered,
	}
}

// OfInstallation says whether notices of the kind are about the installation, and
// no company's business.
func (k NoticeKind) OfInstallation() bool { return k == NoticeAlarmRaised || k == NoticeAlarmCleared }

// OnRequest says whether notices of the kind are written only for a company of
// which a channel has said that it wants them: there are too many otherwise.
func (k NoticeKind) OnRequest() bool { return k == NoticePunch }
