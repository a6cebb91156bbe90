package record

import (
	"time"

	"hajir/internal/hajir"
)

// LeaveAccount is how an account is stored; it may not change with
// hajir.LeaveAccount.
type LeaveAccount struct {
	Username string            `json:"username"`
	Company  string            `json:"company"`
	Since    string            `json:"since,omitempty"`
	Until    string            `json:"until,omitempty"`
	Booked   []leaveBookingDoc `json:"booked,omitempty"`
	Step     *leaveStepDoc     `json:"step,omitempty"`
}

type leaveBookingDoc struct {
	Span     leaveSpanDoc   `json:"span"`
	Request  string         `json:"request"`
	Type     string         `json:"type"`
	Parts    []leavePartDoc `json:"parts"`
	Off      []string       `json:"off,omitempty"`
	Holidays []string       `json:"holidays,omitempty"`
	Open     bool           `json:"open,omitempty"`
	Decider  string         `json:"decider,omitempty"`
}

type leaveStepDoc struct {
	Request *LeaveRequest `json:"request,omitempty"`
	Version int           `json:"version,omitempty"` // the request's
	Entries []LeaveEntry  `json:"entries,omitempty"`
}

// LeaveEntry is how one is stored.
type LeaveEntry struct {
	Username string          `json:"username"`
	ID       string          `json:"id"`
	Company  string          `json:"company"`
	Type     string          `json:"type"`
	Kind     hajir.EntryKind `json:"kind"`
	Date     string          `json:"date"`
	Amount   hajir.LeaveDays `json:"amount"`
	Basis    hajir.LeaveDays `json:"basis,omitempty"`
	Whole    bool            `json:"whole,omitempty"`
	Request  string          `json:"request,omitempty"`
	Note     string          `json:"note,omitempty"`
	By       string          `json:"by,omitempty"`
	At       time.Time       `json:"at"`
}

// Load returns what is stored.
func (doc LeaveAccount) Load(version int) hajir.LeaveAccount {
	a := hajir.LeaveAccount{
		Username: doc.Username, Company: doc.Company, Since: doc.Since, Until: doc.Until, Version: version,
		Booked: Convert(doc.Booked, func(b leaveBookingDoc) hajir.LeaveBooking {
			return hajir.LeaveBooking{
				LeaveSpan: hajir.LeaveSpan(b.Span), Request: b.Request, Type: b.Type, Open: b.Open, Decider: b.Decider,
				Off: b.Off, Holidays: b.Holidays, Parts: Convert(b.Parts, func(p leavePartDoc) hajir.LeavePart { return hajir.LeavePart(p) }),
			}
		}),
	}
	if doc.Step != nil {
		a.Step = &hajir.LeaveStep{Entries: Convert(doc.Step.Entries, func(e LeaveEntry) hajir.LeaveEntry { return hajir.LeaveEntry(e) })}
		if doc.Step.Request != nil {
			r := doc.Step.Request.Load(doc.Step.Version)
			a.Step.Request = &r
		}
	}
	return a
}

// StoreLeaveAccount returns it as it is stored.
func StoreLeaveAccount(a hajir.LeaveAccount) LeaveAccount {
	doc := LeaveAccount{
		Username: a.Username, Company: a.Company, Since: a.Since, Until: a.Until,
		Booked: Convert(a.Booked, func(b hajir.LeaveBooking) leaveBookingDoc {
			return leaveBookingDoc{
				Span: leaveSpanDoc(b.LeaveSpan), Request: b.Request, Type: b.Type, Open: b.Open, Decider: b.Decider,
				Off: b.Off, Holidays: b.Holidays, Parts: Convert(b.Parts, func(p hajir.LeavePart) leavePartDoc { return leavePartDoc(p) }),
			}
		}),
	}
	if a.Step != nil {
		doc.Step = &leaveStepDoc{Entries: Convert(a.Step.Entries, func(e hajir.LeaveEntry) LeaveEntry { return LeaveEntry(e) })}
		if a.Step.Request != nil {
			r := StoreLeaveRequest(*a.Step.Request)
			doc.Step.Request, doc.Step.Version = &r, a.Step.Request.Version
		}
	}
	return doc
}
