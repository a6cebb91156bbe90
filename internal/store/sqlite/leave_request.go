package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// leaveRequestDoc is how a request is stored; it may not change with
// hajir.LeaveRequest.
type leaveRequestDoc struct {
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

func leaveRequest(doc leaveRequestDoc, version int) hajir.LeaveRequest {
	return hajir.LeaveRequest{
		ID: doc.ID, Company: doc.Company, Username: doc.Username, Type: doc.Type, LeaveSpan: hajir.LeaveSpan(doc.Span),
		Parts: convert(doc.Parts, func(p leavePartDoc) hajir.LeavePart { return hajir.LeavePart(p) }), Reason: doc.Reason, State: doc.State,
		Decider: doc.Decider, Second: doc.Second, At: doc.At, Version: version, Off: doc.Off, Holidays: doc.Holidays,
		History: convert(doc.History, func(e leaveEventDoc) hajir.LeaveEvent { return hajir.LeaveEvent(e) }),
	}
}

func storeLeaveRequest(r hajir.LeaveRequest) leaveRequestDoc {
	return leaveRequestDoc{
		ID: r.ID, Company: r.Company, Username: r.Username, Type: r.Type, Span: leaveSpanDoc(r.LeaveSpan),
		Parts: convert(r.Parts, func(p hajir.LeavePart) leavePartDoc { return leavePartDoc(p) }), Reason: r.Reason, State: r.State,
		Decider: r.Decider, Second: r.Second, At: r.At, Off: r.Off, Holidays: r.Holidays,
		History: convert(r.History, func(e hajir.LeaveEvent) leaveEventDoc { return leaveEventDoc(e) }),
	}
}

// convert maps a list; none stays none.
func convert[A, B any](from []A, f func(A) B) []B {
	var to []B
	for _, x := range from {
		to = append(to, f(x))
	}
	return to
}

// LeaveRequest returns one request.
func (db *DB) LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error) {
	doc, version, err := decode[leaveRequestDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_requests WHERE leaveid = ?`, id), "leave request")
	return leaveRequest(doc, version), err
}

// LeaveRequestsOf returns at most limit of an employee's requests, the newest
// first, beginning behind the one given; the zero request begins.
func (db *DB) LeaveRequestsOf(ctx context.Context, employee string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, leaveRequestsOf, employee, behind, limit)
}

// LeaveRequestsTo is LeaveRequestsOf by who has to decide now.
func (db *DB) LeaveRequestsTo(ctx context.Context, decider string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	if decider == "" { // nobody has to: that is no name
		return nil, nil
	}
	return db.leaveRequests(ctx, leaveRequestsTo, decider, behind, limit)
}

// LeaveRequestsIn is LeaveRequestsOf by company.
func (db *DB) LeaveRequestsIn(ctx context.Context, company string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	return db.leaveRequests(ctx, leaveRequestsIn, company, behind, limit)
}

const (
	leaveRequestsOf = `SELECT version, doc FROM Leave_requests WHERE employeeusername = ? AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
	leaveRequestsTo = `SELECT version, doc FROM Leave_requests WHERE managerusername = ? AND managerusername <> '' AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
	leaveRequestsIn = `SELECT version, doc FROM Leave_requests WHERE company = ? AND (at, leaveid) < (?, ?) ORDER BY at DESC, leaveid DESC LIMIT ?`
)

func (db *DB) leaveRequests(ctx context.Context, query, key string, behind hajir.LeaveRequest, limit int) ([]hajir.LeaveRequest, error) {
	at := "~" // behind no time
	if behind.ID != "" {
		at = sortable(behind.At)
	}
	var page []hajir.LeaveRequest
	err := list(ctx, db, "leave requests", func(doc leaveRequestDoc, version int) { page = append(page, leaveRequest(doc, version)) },
		query, key, at, behind.ID, limit)
	return page, err
}

// sortable writes a time so that texts are in the order of times.
func sortable(t time.Time) string { return t.UTC().Format(timeFormat) }

// SaveLeaveRequest stores r as the successor of r.Version.
func (db *DB) SaveLeaveRequest(ctx context.Context, r hajir.LeaveRequest) error {
	doc, err := encode(storeLeaveRequest(r), "leave request")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedLeave.where(`leaveid = ?`, r.ID), "leave request", `
		INSERT INTO Leave_requests (leaveid, company, employeeusername, managerusername, at, version, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6 + 1, ?7
		WHERE ?6 = 0 OR EXISTS (SELECT 1 FROM Leave_requests WHERE leaveid = ?1)
		ON CONFLICT (leaveid) DO UPDATE SET version = version + 1, managerusername = excluded.managerusername, doc = excluded.doc
		WHERE version = ?6 AND company = excluded.company AND employeeusername = excluded.employeeusername AND at = excluded.at`,
		r.ID, r.Company, r.Username, r.Decider, sortable(r.At), r.Version, doc)
}
