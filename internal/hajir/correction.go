package hajir

import (
	"slices"
	"strings"
	"time"
)

// DayCorrections is all that was asked for, and changed by hand, of one
// person's date. It is kept beside the day, under the same key: the day has the
// punches, this says who wanted them so, and why.
type DayCorrections struct {
	Username string // half of the record's key
	Date     string // YYYY-MM-DD; the other half
	Company  string
	All      []Correction // oldest first
	Version  int          // grows by one with every stored change; zero means never stored
}

// Correction is what is to be different about the punches of a date.
type Correction struct {
	ID      string // a UUID
	Changes []Change
	Reason  string
	State   CorrectionState
	// Edit: the admin entered it, and nobody had to decide.
	Edit bool
	// Decider is the username of who has to decide now: a manager's, or the
	// company's for its admin; "" when nobody has to.
	Decider string
	// Applied says that an approved one is in the person's days.
	Applied bool
	// Before and After are the date's punches that counted when it was applied.
	Before, After []Mark
	History       []CorrectionEvent
	At            time.Time // when it was asked for
}

// Change adds, moves or removes one punch.
type Change struct {
	Punch string    // the ID of the punch that is moved or removed; "" when one is added
	Was   time.Time // when that punch was
	At    time.Time // when it ought to be; zero: it is removed
	// Direction is what the punch at At is to be; of one that is removed, what it
	// was.
	Direction Direction
	New       string // the ID of the punch at At, a UUID; "" when one is removed
}

// Mark is when somebody came or went.
type Mark struct {
	At        time.Time
	Direction Direction
	Source    Source
}

// CorrectionState is where a correction stands.
type CorrectionState string

// The states.
const (
	CorrectionRequested CorrectionState = "requested"
	CorrectionApproved  CorrectionState = "approved"
	CorrectionRefused   CorrectionState = "refused"
	CorrectionWithdrawn CorrectionState = "withdrawn"
	// CorrectionFailed: approved, and then the day was changed before it could be
	// applied.
	CorrectionFailed CorrectionState = "failed"
)

// CorrectionEvent is one step of a correction's history.
type CorrectionEvent struct {
	At   time.Time
	Does CorrectionAction
	By   string // a username; "" is the program
	For  string // whose place By took, as a delegate; "" otherwise
	Note string
}

// CorrectionAction is what was done with a correction.
type CorrectionAction string

// The actions.
const (
	CorrectionActionRequest  CorrectionAction = "requested"
	CorrectionActionApprove  CorrectionAction = "approved"
	CorrectionActionRefuse   CorrectionAction = "refused"
	CorrectionActionWithdraw CorrectionAction = "withdrawn"
	CorrectionActionEdit     CorrectionAction = "edited" // the admin's own
	CorrectionActionFail     CorrectionAction = "failed"
	CorrectionActionPassOn   CorrectionAction = "passed_on" // another one has to decide
)

// The bounds of corrections. With them a date's record stays below 400 kB.
const (
	MaxCorrections        = 40 // of one date
	MaxChanges            = 10 // of one correction
	MaxCorrectionDays     = 366
	DefaultCorrectionDays = 31
)

// Open says whether somebody has to decide.
func (c Correction) Open() bool { return c.State == CorrectionRequested }

// Pending says whether it is approved and has still to be applied.
func (c Correction) Pending() bool { return c.State == CorrectionApproved && !c.Applied }

// Decider returns who has to decide about any of x, "" when nobody has to: it is
// one person's matter, and so the same one's to decide.
func (x DayCorrections) Decider() string {
	for _, c := range x.All {
		if c.Decider != "" {
			return c.Decider
		}
	}
	return ""
}

// ToDo says whether any of x is open or pending.
func (x DayCorrections) ToDo() bool {
	return slices.ContainsFunc(x.All, func(c Correction) bool { return c.Open() || c.Pending() })
}

// Find returns one of x, or a NotFound error.
func (x DayCorrections) Find(id string) (Correction, error) {
	for _, c := range x.All {
		if c.ID == id {
			return c, nil
		}
	}
	return Correction{}, Errorf(NotFound, "there is no such correction")
}

// put returns x with c in the place of the one with its ID, or behind all.
func (x DayCorrections) put(c Correction) DayCorrections {
	x.All = slices.Clone(x.All)
	if i := slices.IndexFunc(x.All, func(d Correction) bool { return d.ID == c.ID }); i >= 0 {
		x.All[i] = c
	} else {
		x.All = append(x.All, c)
	}
	return x
}

func (c Correction) with(a LeaveActor, does CorrectionAction) Correction {
	c.History = append(slices.Clone(c.History), CorrectionEvent{
		At: a.At, Does: does, By: a.Username, For: a.For, Note: strings.TrimSpace(a.Note),
	})
	return c
}

// Ask returns x with c as it is asked for: decider has to decide. Two that wait
// cannot be about the same punch, nor ask for the same one: added ones nearer
// than window are one.
func (x DayCorrections) Ask(c Correction, a LeaveActor, decider string, window time.Duration) (DayCorrections, error) {
	for _, other := range x.All {
		if !other.Open() && !other.Pending() {
			continue
		}
		for _, d := range other.Changes {
			for _, e := range c.Changes {
				if e.Punch != "" && e.Punch == d.Punch {
					return x, Errorf(Conflict, "a correction of this punch waits for a decision already; withdraw that one first")
				}
				if e.Punch == "" && d.Punch == "" && e.Direction == d.Direction && e.At.Sub(d.At).Abs() <= window {
					return x, Errorf(Conflict, "this %s waits for a decision already; withdraw that one first", e.Direction)
				}
			}
		}
	}
	c.State, c.Decider, c.At = CorrectionRequested, decider, a.At
	return x.add(c.with(a, CorrectionActionRequest))
}

// Edit returns x with c as the admin enters it: it is approved at once.
func (x DayCorrections) Edit(c Correction, a LeaveActor) (DayCorrections, error) {
	c.State, c.Edit, c.At = CorrectionApproved, true, a.At
	return x.add(c.with(a, CorrectionActionEdit))
}

func (x DayCorrections) add(c Correction) (DayCorrections, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return x, Errorf(Invalid, "give a reason: it stays with the day")
	}
	if err := validateNote(c.Reason); err != nil {
		return x, err
	}
	if len(x.All) >= MaxCorrections {
		return x, Errorf(Conflict, "this day was corrected %d times already, which is as often as can be kept", len(x.All))
	}
	return x.put(c), nil
}

// Approve returns x with one of it approved, and not applied yet: by which the
// date's punches become what after says.
func (x DayCorrections) Approve(id string, a LeaveActor, before, after []Mark) (DayCorrections, error) {
	c, err := x.decide(id, a)
	if err != nil {
		return x, err
	}
	c.State, c.Decider, c.Before, c.After = CorrectionApproved, "", before, after
	return x.put(c.with(a, CorrectionActionApprove)), nil
}

// Refuse returns x with one of it refused, which needs a reason.
func (x DayCorrections) Refuse(id string, a LeaveActor) (DayCorrections, error) {
	c, err := x.decide(id, a)
	if err != nil {
		return x, err
	}
	if strings.TrimSpace(a.Note) == "" {
		return x, Errorf(Invalid, "give a reason for refusing: the employee reads it")
	}
	c.State, c.Decider = CorrectionRefused, ""
	return x.put(c.with(a, CorrectionActionRefuse)), nil
}

func (x DayCorrections) decide(id string, a LeaveActor) (Correction, error) {
	c, err := x.Find(id)
	if err != nil {
		return c, err
	}
	if err := a.Validate(); err != nil {
		return c, err
	}
	if !c.Open() {
		return c, Errorf(Conflict, "this correction is %s already; nobody has to decide", c.State)
	}
	if a.Username == x.Username {
		return c, Errorf(Forbidden, "nobody decides about their own days")
	}
	return c, nil
}

// Withdraw returns x with one of it taken back by who asked for it.
func (x DayCorrections) Withdraw(id string, a LeaveActor) (DayCorrections, error) {
	c, err := x.Find(id)
	if err != nil {
		return x, err
	}
	if err := a.Validate(); err != nil {
		return x, err
	}
	if !c.Open() {
		return x, Errorf(Conflict, "this correction is %s already, and cannot be withdrawn", c.State)
	}
	c.State, c.Decider = CorrectionWithdrawn, ""
	return x.put(c.with(a, CorrectionActionWithdraw)), nil
}

// Apply returns x with one of it, if it is pending, as applied.
func (x DayCorrections) Apply(id string, before, after []Mark) DayCorrections {
	c, err := x.Find(id)
	if err != nil || !c.Pending() {
		return x
	}
	c.Applied, c.Before, c.After = true, before, after
	return x.put(c)
}

// Fail returns x with one of it, if it is pending, as one that cannot be applied
// for the reason that a gives.
func (x DayCorrections) Fail(id string, a LeaveActor) DayCorrections {
	c, err := x.Find(id)
	if err != nil || !c.Pending() {
		return x
	}
	c.State = CorrectionFailed
	return x.put(c.with(a, CorrectionActionFail))
}

// PassOn returns x with another one who has to decide what is open.
func (x DayCorrections) PassOn(decider string, at time.Time) DayCorrections {
	for _, c := range x.All {
		if c.Open() && c.Decider != decider {
			c.Decider = decider
			x = x.put(c.with(LeaveActor{At: at}, CorrectionActionPassOn))
		}
	}
	return x
}

// MayAsk returns an Invalid error when an employee may not ask for a correction
// of date any more, or not yet. Most is how many days back; zero: none.
func MayAsk(date, today string, most int) error {
	switch {
	case most == 0:
		return Errorf(Forbidden, "corrections cannot be asked for here; tell the administrator what is wrong")
	case date > today:
		return Errorf(Invalid, "this date is still to come")
	case DaysBetween(date, today) > most:
		return Errorf(Invalid, "corrections can be asked for up to %d days later; tell the administrator what is wrong", most)
	}
	return nil
}
