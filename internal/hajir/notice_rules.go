package hajir

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Each of these rules says which notices follow from a record's change. A
// record that was not there before is the zero value. Who did it is left empty
// where the record does not say; the store knows who acts.

// DayNotices tells of punches that came. Those of files of the past, of the
// example, and of corrections are not news; nor is one that only moved to
// another date.
func DayNotices(before, after Day) []Notice {
	var all []Notice
	for _, p := range after.Punches {
		if p.Moves > 0 || p.Correction != "" || p.Source.Filed() || p.Source == SourceDemo || before.has(p.ID) {
			continue
		}
		all = append(all, Notice{
			Company: after.Company, Kind: NoticePunch, At: p.At, Person: after.Name, By: p.By, Ref: p.ID, Date: after.Date,
			State: string(p.Direction), Action: string(p.Source),
		})
	}
	return all
}

// has says whether a punch is one of d, whatever became of it.
func (d Day) has(id string) bool {
	is := func(p Punch) bool { return p.ID == id }
	return slices.ContainsFunc(d.Punches, is) || slices.ContainsFunc(d.Rejected, is) ||
		slices.ContainsFunc(d.Struck, func(s Struck) bool { return s.ID == id })
}

// ReviewNotices tells of a punch that waits to be looked at. A refused face is
// no news: it is in the queue, and somebody stands at the door.
func ReviewNotices(before, after Review) []Notice {
	if before.ID != "" || after.ID == "" || after.State != ReviewOpen || !after.IsPunch() {
		return nil
	}
	return []Notice{{
		Company: after.Company, Kind: NoticeDoubtful, At: after.At, Person: after.Username, By: after.By, Ref: after.ID, Date: after.Date,
		State: string(after.State),
	}}
}

// LeaveNotices tells of every step that was added to a request's history.
func LeaveNotices(before, after LeaveRequest) []Notice {
	var all []Notice
	was := before.State
	for i := len(before.History); i < len(after.History); i++ {
		e := after.History[i]
		kind, state := leaveStep(was, e.Does)
		if i == len(after.History)-1 {
			state = after.State
			if e.Does == LeaveActionApprove && state == LeaveSecond {
				kind = NoticeLeaveAsked // of who decides next
			}
		}
		was = state
		if kind == "" {
			continue
		}
		n := Notice{
			Company: after.Company, Kind: kind, At: e.At, Person: after.Username, By: e.By, Ref: after.ID, Date: after.From,
			State: string(state), Action: string(e.Does),
		}
		if state.Open() {
			n.Decider = after.Decider
		}
		all = append(all, n)
	}
	return all
}

// leaveStep returns what to tell of a step, "" for nothing, and what a request
// comes to by it.
func leaveStep(was LeaveState, does LeaveAction) (NoticeKind, LeaveState) {
	switch does {
	case LeaveActionRequest:
		return NoticeLeaveAsked, LeaveRequested
	case LeaveActionAskCancel:
		return NoticeLeaveAsked, LeaveCancelAsked
	case LeaveActionPassOn:
		return NoticeLeaveAsked, was
	case LeaveActionApprove:
		if was == LeaveCancelAsked {
			return NoticeLeaveCancelled, LeaveCancelled
		}
		return NoticeLeaveApproved, LeaveApproved
	case LeaveActionRefuse:
		return NoticeLeaveRefused, LeaveRefused
	case LeaveActionKeep:
		return NoticeLeaveRefused, LeaveApproved
	case LeaveActionCancel:
		return NoticeLeaveCancelled, LeaveCancelled
	case LeaveActionRecost:
	}
	return "", was
}

// CorrectionNotices tells of every step that was added to the history of one of
// a date's corrections.
func CorrectionNotices(before, after DayCorrections) []Notice {
	var all []Notice
	for _, c := range after.All {
		known, _ := before.Find(c.ID) // with no history when it is new
		for _, e := range c.History[min(len(known.History), len(c.History)):] {
			n := Notice{
				Company: after.Company, Kind: NoticeCorrectionDecided, At: e.At, Person: after.Username, By: e.By, Ref: c.ID, Date: after.Date,
				State: string(c.State), Action: string(e.Does),
			}
			if e.Does == CorrectionActionRequest || e.Does == CorrectionActionPassOn {
				n.Kind, n.State, n.Decider = NoticeCorrectionAsked, string(CorrectionRequested), c.Decider
			}
			all = append(all, n)
		}
	}
	return all
}

// InvitationNotices tells that a link was made.
func InvitationNotices(before, after Invitation) []Notice {
	if len(after.TokenHash) == 0 || slices.Equal(before.TokenHash, after.TokenHash) {
		return nil
	}
	return []Notice{{Company: after.Company, Kind: NoticeInvitation, At: after.SentAt, Person: after.Username, Ref: after.Username}}
}

// ClosingNotices tells of each person whose exit is missing, or guessed, and
// was not when the date was closed before.
func ClosingNotices(before, after ClosedDate) []Notice {
	var all []Notice
	tell := func(names []string, state string) {
		for _, name := range names {
			if !slices.Contains(before.MissingExits, name) && !slices.Contains(before.AutoExits, name) {
				all = append(all, Notice{
					Company: after.Company, Kind: NoticeExitMissing, At: after.ClosedAt, Person: name, Ref: after.Date, Date: after.Date, State: state,
				})
			}
		}
	}
	tell(after.MissingExits, ExitOpen)
	tell(after.AutoExits, ExitGuessed)
	return all
}

// QuestionNotices tells that a question came, and of each answer that askers
// are to be told.
func QuestionNotices(before, after Question) []Notice {
	var all []Notice
	tell := func(kind NoticeKind, at time.Time, by string) {
		all = append(all, Notice{
			Company: after.Company, Kind: kind, At: at, Person: after.Asker.Username, By: by, Ref: after.ID, State: string(after.State),
		})
	}
	if before.ID == "" && after.ID != "" {
		tell(NoticeQuestionAsked, after.At, after.Asker.Username)
	}
	if after.Answer.Number > before.Answer.Number {
		tell(NoticeQuestionAnswered, after.Answer.At, after.Answer.By)
	}
	if after.Mail == MailSending && after.Told > before.Told {
		tell(NoticeAnswer, after.ToldAt, "")
		all[len(all)-1].State = strconv.Itoa(after.Told)
	}
	if after.Assignee != "" && after.Assignee != before.Assignee && after.State != QuestionAnswered {
		tell(NoticeQuestionAssigned, after.At, "")
		all[len(all)-1].Decider = after.Assignee
	}
	return all
}

// ErasureNotices tells of a receipt.
func ErasureNotices(before, after Erasure) []Notice {
	if after.State() != ErasureDone || before.State() == ErasureDone {
		return nil
	}
	return []Notice{{
		Company: after.Company, Kind: NoticeErased, At: after.ImagesAt, Person: after.Username, Ref: strconv.Itoa(after.Number), State: string(ErasureDone),
	}}
}

// AlarmNotices tells that an alarm was raised, or that one is over of which was
// told. Its company is whose admin looks after the installation. The ID is the
// change's, so that what was told without the store is recognised when it is told
// again.
func AlarmNotices(before, after Alarm) []Notice {
	if after.Told == before.Told {
		return nil
	}
	kind := NoticeAlarmRaised
	if after.Told == AlarmOK {
		kind = NoticeAlarmCleared
	}
	id := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", after.Name, after.Told, after.Since.UnixNano()))
	return []Notice{{
		ID: hex.EncodeToString(id[:16]), Company: after.Company, Kind: kind, At: after.Since, Ref: after.Name, State: string(after.Told),
	}}
}

// SlackNotices tells that the digest of a date is due.
func SlackNotices(before, after Slack) []Notice {
	if after.Digested <= before.Digested || !after.Connected() {
		return nil
	}
	return []Notice{{Company: after.Company, Kind: NoticeMorning, Ref: after.Digested, Date: after.Digested}}
}
