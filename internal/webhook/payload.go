package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// TestKind is the kind of what the test button posts.
const TestKind hajir.NoticeKind = "webhook.test"

// payload is what is posted. Receivers rely on it: fields are added, and never
// renamed. docs/webhooks.md shows one of each kind, which a test compares.
type payload struct {
	Type      hajir.NoticeKind `json:"type"`
	Timestamp time.Time        `json:"timestamp"` // when it happened
	Data      data             `json:"data"`
}

// data names people by their usernames. Names, addresses, reasons and pictures
// are not posted: who needs them asks the API with the keys that are here.
type data struct {
	Company  string `json:"company"`
	Username string `json:"username,omitempty"` // whom it is about
	By       string `json:"by,omitempty"`       // the account that did it

	PunchID      string `json:"punch_id,omitempty"`
	ReviewID     string `json:"review_id,omitempty"`
	LeaveID      string `json:"leave_id,omitempty"`
	CorrectionID string `json:"correction_id,omitempty"`
	QuestionID   string `json:"question_id,omitempty"`
	Alarm        string `json:"alarm,omitempty"` // its name

	Date      string   `json:"date,omitempty"` // of the day's record
	Direction string   `json:"direction,omitempty"`
	Source    string   `json:"source,omitempty"`
	LeaveType string   `json:"leave_type,omitempty"` // its ID
	From      string   `json:"from,omitempty"`
	To        string   `json:"to,omitempty"`
	Days      *float64 `json:"days,omitempty"`
	State     string   `json:"state,omitempty"`
	Action    string   `json:"action,omitempty"`
	Decider   string   `json:"decider,omitempty"` // who has to decide now
}

// encode writes a notice as it is posted. leave is what a notice of leave is
// about, as it is now; of others it is not looked at.
func encode(n hajir.Notice, leave hajir.LeaveRequest) ([]byte, error) {
	x := data{Company: n.Company, Username: n.Person, By: n.By}
	switch n.Kind { //nolint:exhaustive // the others have nothing more
	case hajir.NoticePunch:
		x.PunchID, x.Date, x.Direction, x.Source = n.Ref, n.Date, n.State, n.Action
	case hajir.NoticeDoubtful:
		x.ReviewID, x.Date = n.Ref, n.Date
	case hajir.NoticeLeaveAsked, hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused, hajir.NoticeLeaveCancelled:
		days := leave.Cost().Float()
		x.LeaveID, x.State, x.Action, x.Decider = n.Ref, n.State, n.Action, n.Decider
		x.LeaveType, x.From, x.To, x.Days = leave.Type, leave.From, leave.To, &days
	case hajir.NoticeCorrectionAsked, hajir.NoticeCorrectionDecided:
		x.CorrectionID, x.Date, x.State, x.Action, x.Decider = n.Ref, n.Date, n.State, n.Action, n.Decider
	case hajir.NoticeExitMissing:
		x.Date, x.State = n.Date, n.State
	case hajir.NoticeQuestionAsked, hajir.NoticeQuestionAnswered:
		x.QuestionID = n.Ref
	case hajir.NoticeAlarmRaised, hajir.NoticeAlarmCleared:
		x.Alarm, x.State = n.Ref, n.State
	}
	body, err := json.Marshal(payload{Type: n.Kind, Timestamp: n.At.UTC(), Data: x})
	if err != nil {
		return nil, fmt.Errorf("encode what is posted: %w", err)
	}
	return body, nil
}

// body returns what is posted of a notice; nil when what it is about is gone.
func (d *Desk) body(ctx context.Context, n hajir.Notice) ([]byte, error) {
	var leave hajir.LeaveRequest
	switch n.Kind { //nolint:exhaustive // the others have nothing more
	case hajir.NoticeLeaveAsked, hajir.NoticeLeaveApproved, hajir.NoticeLeaveRefused, hajir.NoticeLeaveCancelled:
		var err error
		leave, err = d.Store.LeaveRequest(ctx, n.Ref)
		if hajir.CodeOf(err) == hajir.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("load leave: %w", err)
		}
	}
	return encode(n, leave)
}

// Example returns what is posted of a kind, for the document: indented, and with
// every field that the kind can have.
func Example(kind hajir.NoticeKind) ([]byte, error) {
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	n := hajir.Notice{Company: "acme", Kind: kind, At: at, Person: "asha", By: "mona", Ref: "0198c1c4-6f3e-7b8a-9d2f-3a1b5c7d9e0f", Date: "2026-03-02"}
	leave := hajir.LeaveRequest{
		Type: "annual", LeaveSpan: hajir.LeaveSpan{From: "2026-03-09", To: "2026-03-10"},
		Parts: []hajir.LeavePart{{Amount: hajir.OneDay}, {Amount: hajir.HalfDay}},
	}
	switch kind { //nolint:exhaustive // the others have nothing more
	case hajir.NoticePunch:
		n.By, n.State, n.Action = "kiosk-front-door", string(hajir.Entry), string(hajir.SourceKiosk)
	case hajir.NoticeDoubtful:
		n.By, n.Ref = "kiosk-front-door", hajir.ReviewID(at, "0198c1c4")
	case hajir.NoticeExitMissing:
		n.By, n.State = "", hajir.ExitOpen
	case hajir.NoticeLeaveAsked:
		n.By, n.State, n.Action, n.Decider = "asha", string(hajir.LeaveRequested), string(hajir.LeaveActionRequest), "mona"
	case hajir.NoticeLeaveApproved:
		n.State, n.Action = string(hajir.LeaveApproved), string(hajir.LeaveActionApprove)
	case hajir.NoticeLeaveRefused:
		n.State, n.Action = string(hajir.LeaveRefused), string(hajir.LeaveActionRefuse)
	case hajir.NoticeLeaveCancelled:
		n.By, n.State, n.Action = "asha", string(hajir.LeaveCancelled), string(hajir.LeaveActionCancel)
	case hajir.NoticeCorrectionAsked:
		n.By, n.State, n.Action, n.Decider = "asha", string(hajir.CorrectionRequested), string(hajir.CorrectionActionRequest), "mona"
	case hajir.NoticeCorrectionDecided:
		n.State, n.Action = string(hajir.CorrectionApproved), string(hajir.CorrectionActionApprove)
	case hajir.NoticeQuestionAsked:
		n.Person, n.By = "", ""
	case TestKind:
		n.Person, n.By = "", ""
	case hajir.NoticeAlarmRaised:
		n.Person, n.By, n.Ref, n.State = "", "", "store.errors", string(hajir.AlarmRaised)
	case hajir.NoticeAlarmCleared:
		n.Person, n.By, n.Ref, n.State = "", "", "store.errors", string(hajir.AlarmOK)
	}
	body, err := encode(n, leave)
	if err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, body, "", "  "); err != nil {
		return nil, fmt.Errorf("indent: %w", err)
	}
	return indented.Bytes(), nil
}
