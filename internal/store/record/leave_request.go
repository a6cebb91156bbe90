package record

import (
	"time"

	"hajir/internal/hajir"
)

// LeaveRequest is how a request is stored; it may not change with
// hajir.LeaveRequest.
type LeaveRequest struct {
	ID       string           `json:"id"`
	Company  string           `json:"company"`
	Username string           `json:"username"`
	Type     string           `json:"type"`
	Span     leaveSpanDoc     `json:"span"`
	Parts    []leavePartDoc   `json:"parts"`
	Off      []string         `json:"off,omitempty"`
	Holidays []string         `json:"holidays,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	State    hajir.LeaveState `json:"state"`
	Decider  string           `json:"decider,omitempty"`
	Second   bool             `json:"second,omitempty"`
	History  []leaveEventDoc  `json:"history"`
	At       time.Time        `json:"at"`
}

type leaveSpanDoc struct {
	From  string      `json:"from"`
	To    string      `json:"to"`
	Start hajir.Leave `json:"start"`
	End   hajir.Leave `json:"end"`
}

type leavePartDoc struct {
	Period string          `json:"period"`
	Date   string          `json:"date"`
	Amount hajir.LeaveDays `json:"amount"`
}

type leaveEventDoc struct {
	At   time.Time         `json:"at"`
	Does hajir.LeaveAction `json:"does"`
	By   string            `json:"by,omitempty"`
	For  string            `json:"for,omitempty"`
	Note string            `json:"note,omitempty"`
}

// Load returns what is stored.
func (doc LeaveRequest) Load(version int) hajir.LeaveRequest {
	return hajir.LeaveRequest{
		ID: doc.ID, Company: doc.Company, Username: doc.Username, Type: doc.Type, LeaveSpan: hajir.LeaveSpan(doc.Span),
		Parts: Convert(doc.Parts, func(p leavePartDoc) hajir.LeavePart { return hajir.LeavePart(p) }), Reason: doc.Reason, State: doc.State,
		Decider: doc.Decider, Second: doc.Second, At: doc.At, Version: version, Off: doc.Off, Holidays: doc.Holidays,
		History: Convert(doc.History, func(e leaveEventDoc) hajir.LeaveEvent { return hajir.LeaveEvent(e) }),
	}
}

// StoreLeaveRequest returns it as it is stored.
func StoreLeaveRequest(r hajir.LeaveRequest) LeaveRequest {
	return LeaveRequest{
		ID: r.ID, Company: r.Company, Username: r.Username, Type: r.Type, Span: leaveSpanDoc(r.LeaveSpan),
		Parts: Convert(r.Parts, func(p hajir.LeavePart) leavePartDoc { return leavePartDoc(p) }), Reason: r.Reason, State: r.State,
		Decider: r.Decider, Second: r.Second, At: r.At, Off: r.Off, Holidays: r.Holidays,
		History: Convert(r.History, func(e hajir.LeaveEvent) leaveEventDoc { return leaveEventDoc(e) }),
	}
}

// Convert maps a list; none stays none.
func Convert[A, B any](from []A, f func(A) B) []B {
	var to []B
	for _, x := range from {
		to = append(to, f(x))
	}
	return to
}
