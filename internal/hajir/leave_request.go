package hajir

import (
	"slices"
	"strings"
	"time"
)

// LeaveState is where a request stands.
type LeaveState string

// The states.
const (
	LeaveRequested   LeaveState = "requested"    // the manager decides
	LeaveSecond      LeaveState = "second_level" // approved once; the second level decides
	LeaveApproved    LeaveState = "approved"
	LeaveRefused     LeaveState = "refused"
	LeaveCancelled   LeaveState = "cancelled"
	LeaveCancelAsked LeaveState = "cancel_asked" // approved and begun; the employee asks to take it back
)

// Counts says whether the dates are taken or held back.
func (s LeaveState) Counts() bool { return s != LeaveRefused && s != LeaveCancelled }

// Approved says whether the leave is in the ledger.
func (s LeaveState) Approved() bool { return s == LeaveApproved || s == LeaveCancelAsked }

// Open says whether somebody has to decide.
func (s LeaveState) Open() bool {
	return s == LeaveRequested || s == LeaveSecond || s == LeaveCancelAsked
}

// LeaveRequest is what an employee asks for.
type LeaveRequest struct {
	ID       string // a UUID
	Company  string
	Username string // the employee's
	Type     string // a LeaveType's ID
	LeaveSpan
	Parts []LeavePart // what it takes
	// Off are the dates that cost nothing since they were days off when it was
	// asked for; Holidays those that cost nothing since they are holidays now.
	Off, Holidays []string
	Reason        string // the employee's, optional; colleagues do not see it
	State         LeaveState
	// Decider is the username of who has to decide now: a manager's, or the
	// company's for its admin; "" when nobody has to.
	Decider string
	Second  bool // a second approval is asked for
	History []LeaveEvent
	At      time.Time // when it was asked for
	Version int       // grows by one with every stored change; zero means never stored
}

// LeaveEvent is one step of a request's history.
type LeaveEvent struct {
	At   time.Time
	Does LeaveAction
	By   string // a username
	For  string // whose place By took, as a delegate; "" otherwise
	Note string
}

// LeaveAction is what was done with a request.
type LeaveAction string

// The actions.
const (
	LeaveActionRequest   LeaveAction = "requested"
	LeaveActionApprove   LeaveAction = "approved"
	LeaveActionRefuse    LeaveAction = "refused"
	LeaveActionCancel    LeaveAction = "cancelled"
	LeaveActionAskCancel LeaveAction = "cancel_asked"
	LeaveActionKeep      LeaveAction = "cancel_refused" // the leave stays approved
	LeaveActionPassOn    LeaveAction = "passed_on"      // another one has to decide
	LeaveActionRecost    LeaveAction = "recosted"       // a holiday came or went, and what it takes with it
)

// Cost returns what the request takes.
func (r LeaveRequest) Cost() LeaveDays { return LeaveCost(r.Parts) }

// LeaveActor is who does something with a request.
type LeaveActor struct {
	Username string
	For      string // whose place they take, as a delegate; "" otherwise
	Admin    bool
	Note     string
	At       time.Time
}

func (r LeaveRequest) with(a LeaveActor, does LeaveAction) LeaveRequest {
	r.History = append(slices.Clone(r.History), LeaveEvent{
		At: a.At, Does: does, By: a.Username, For: a.For, Note: strings.TrimSpace(a.Note),
	})
	return r
}

// Validate returns an Invalid error that names the first thing wrong with what
// people wrote.
func (a LeaveActor) Validate() error { return validateNote(a.Note) }

func validateNote(s string) error {
	return validateText("the note", strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", " "), "\n", " "), 0, maxNote)
}

// Request returns r as it is asked for: decider has to decide.
func (r LeaveRequest) Request(a LeaveActor, decider string) LeaveRequest {
	r.State, r.Decider, r.At = LeaveRequested, decider, a.At
	return r.with(a, LeaveActionRequest)
}

// Approve returns the request as somebody approves it, with the entries that
// come of it. Second is who decides at the second level, if one is asked for.
func (r LeaveRequest) Approve(a LeaveActor, second string) (LeaveRequest, []LeaveEntry, error) {
	if err := r.mayDecide(a); err != nil {
		return r, nil, err
	}
	before := r.State
	r = r.with(a, LeaveActionApprove)
	switch {
	case before == LeaveRequested && r.Second && !a.Admin: // the admin needs nobody else
		r.State, r.Decider = LeaveSecond, second
		return r, nil, nil
	case before == LeaveCancelAsked:
		r.State, r.Decider = LeaveCancelled, ""
		return r, r.entries(a, EntryReturned), nil
	}
	r.State, r.Decider = LeaveApproved, ""
	return r, r.entries(a, EntryTaken), nil
}

// Refuse returns the request as somebody refuses it, which needs a reason.
// Leave that the employee asked to take back stays approved.
func (r LeaveRequest) Refuse(a LeaveActor) (LeaveRequest, error) {
	if err := r.mayDecide(a); err != nil {
		return r, err
	}
	if strings.TrimSpace(a.Note) == "" {
		return r, Errorf(Invalid, "give a reason for refusing: the employee reads it")
	}
	r.Decider = ""
	if r.State == LeaveCancelAsked {
		r.State = LeaveApproved
		return r.with(a, LeaveActionKeep), nil
	}
	r.State = LeaveRefused
	return r.with(a, LeaveActionRefuse), nil
}

func (r LeaveRequest) mayDecide(a LeaveActor) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if !r.State.Open() {
		return Errorf(Conflict, "this request is %s already; nobody has to decide", r.State.word())
	}
	if a.Username == r.Username {
		return Errorf(Forbidden, "nobody decides about their own leave")
	}
	return nil
}

// Cancel returns the request as it is taken back, with the entries that come of
// it. The employee may until the leave begins; from then on decider has to
// agree, unless it was not approved yet. An admin may always.
func (r LeaveRequest) Cancel(a LeaveActor, today, decider string) (LeaveRequest, []LeaveEntry, error) {
	if err := a.Validate(); err != nil {
		return r, nil, err
	}
	switch {
	case !r.State.Counts():
		return r, nil, Errorf(Conflict, "this request is %s already", r.State.word())
	case r.State == LeaveCancelAsked && !a.Admin:
		return r, nil, Errorf(Conflict, "you have asked to take this leave back already; it waits for a decision")
	case r.State == LeaveApproved && today >= r.From && !a.Admin:
		r.State, r.Decider = LeaveCancelAsked, decider
		return r.with(a, LeaveActionAskCancel), nil, nil
	}
	var entries []LeaveEntry
	if r.State.Approved() {
		entries = r.entries(a, EntryReturned)
	}
	r.State, r.Decider = LeaveCancelled, ""
	return r.with(a, LeaveActionCancel), entries, nil
}

// PassOn returns the request with another one who has to decide.
func (r LeaveRequest) PassOn(decider string, at time.Time) LeaveRequest {
	r.Decider = decider
	return r.with(LeaveActor{At: at}, LeaveActionPassOn)
}

// entries returns what approving or giving back posts.
func (r LeaveRequest) entries(a LeaveActor, kind EntryKind) []LeaveEntry {
	entries := make([]LeaveEntry, len(r.Parts))
	for i, p := range r.Parts {
		amount := -p.Amount
		if kind == EntryReturned {
			amount = p.Amount
		}
		entries[i] = LeaveEntry{
			Username: r.Username, Company: r.Company, Type: r.Type, Kind: kind, Date: p.Date, Amount: amount,
			ID: entryID(r.Type+"/"+p.Period+"/"+string(kind)+"/"+r.ID+"/"+p.Date, 0), Request: r.ID, By: a.Username, At: a.At,
		}
	}
	return entries
}

func (s LeaveState) word() string {
	switch s {
	case LeaveSecond:
		return "approved once"
	case LeaveCancelAsked:
		return "asked to be taken back"
	case LeaveRequested, LeaveApproved, LeaveRefused, LeaveCancelled:
	}
	return string(s)
}
