package hajir

import (
	"slices"
	"time"
)

// KeepBefore is how long the numbers of the version before are kept, so that one
// can go back to it.
const KeepBefore = 30 * 24 * time.Hour

// WorkClaim is for how long who changes a company's faces has them to itself. It
// is claimed again while the work goes on, and another process takes over when
// it was not.
const WorkClaim = 30 * time.Second

// Models says which versions of the embedding model a company's faces are kept
// in. The zero Models is of a company that has never been served.
type Models struct {
	Company string
	// Current is the version that decides.
	Current string
	// Next is the version that the faces are being changed to; empty when none is.
	// Who is wholly changed is compared by it already.
	Next      string
	StartedAt time.Time // of the change to Next
	// Before is the version that was current before, of which the numbers are kept
	// until BeforeUntil; empty when there is none.
	Before      string
	BeforeUntil time.Time
	FinishedAt  time.Time // since when Current is
	// Declined is the version that somebody went back from. The faces are changed
	// to it when somebody says so, and not because the program is started with it.
	Declined string
	// Worker is who changes faces at present, and WorkUntil until when that holds.
	Worker    string
	WorkUntil time.Time
	Version   int // grows by one with every stored change; zero means never stored
}

// Settled returns m with a Current version: that of most of the faces that are
// kept (of each version, how many), or to when there are none.
func (m Models) Settled(kept map[string]int, to string) Models {
	if m.Current != "" {
		return m
	}
	m.Current = to
	for name, n := range kept {
		if most := kept[m.Current]; n > most || n == most && name < m.Current && m.Current != to {
			m.Current = name
		}
	}
	return m
}

// Begin returns m while its faces are changed to a version, and whether that is
// news. To change to what is current ends a change to something else.
func (m Models) Begin(to string, now time.Time) (Models, bool) {
	switch to {
	case m.Next:
		return m, false
	case m.Current:
		if m.Next == "" {
			return m, false
		}
		m.Next, m.StartedAt = "", time.Time{}
	default:
		m.Next, m.StartedAt = to, now
	}
	m.Declined = ""
	return m, true
}

// Finish returns m with Next as its current version.
func (m Models) Finish(now time.Time) (Models, error) {
	if m.Next == "" {
		return m, Errorf(Conflict, "no change of the face model is under way")
	}
	m.Before, m.BeforeUntil = m.Current, now.Add(KeepBefore)
	m.Current, m.Next, m.StartedAt, m.FinishedAt = m.Next, "", time.Time{}, now
	return m, nil
}

// Rollback returns m as it was before the change: before one that is under way,
// or to the version before.
func (m Models) Rollback(now time.Time) (Models, error) {
	switch {
	case m.Next != "":
		m.Declined, m.Next, m.StartedAt = m.Next, "", time.Time{}
	case m.Before != "" && now.Before(m.BeforeUntil):
		m.Declined, m.Current, m.FinishedAt = m.Current, m.Before, now
		m.Before, m.BeforeUntil = "", time.Time{}
	default:
		return m, Errorf(Conflict, "there is no earlier face model to go back to: none was changed, or its numbers have been removed since")
	}
	return m, nil
}

// Expire returns m without the version before, if that has had its time.
func (m Models) Expire(now time.Time) (Models, bool) {
	if m.Before == "" || now.Before(m.BeforeUntil) {
		return m, false
	}
	m.Before, m.BeforeUntil = "", time.Time{}
	return m, true
}

// Target is the version that every face should have.
func (m Models) Target() string {
	if m.Next != "" {
		return m.Next
	}
	return m.Current
}

// Kept lists the versions whose numbers are kept, and that a new face gets.
func (m Models) Kept() []string {
	return slices.DeleteFunc([]string{m.Current, m.Next, m.Before}, func(name string) bool { return name == "" })
}

// Claim returns m with worker as the one that changes faces for a while; false
// when another one does.
func (m Models) Claim(worker string, now time.Time) (Models, bool) {
	if m.Worker != "" && m.Worker != worker && now.Before(m.WorkUntil) {
		return m, false
	}
	m.Worker, m.WorkUntil = worker, now.Add(WorkClaim)
	return m, true
}

// Order lists the versions that people are looked for in, the preferred one
// first, of those that a program has. The version before stands in for a current
// one that it does not have.
func (m Models) Order(has func(name string) bool) []string {
	var order []string
	for _, name := range []string{m.Next, m.Current, m.Before} {
		if name == m.Before && len(order) > 0 && order[len(order)-1] == m.Current {
			break
		}
		if name != "" && has(name) {
			order = append(order, name)
		}
	}
	return order
}

// Choose returns in which version, as its place in the order, somebody is looked
// for who has so many faces in each of them, and of so many faces in all: the
// first that has all, else the one that has most; −1 when none has any. Nobody is
// looked for in two, which would give others twice the chance to pass for them.
func Choose(faces []int, all int) int {
	best := -1
	for i, n := range faces {
		if n == all && n > 0 {
			return i
		}
		if n > 0 && (best < 0 || n > faces[best]) {
			best = i
		}
	}
	return best
}

// LeftFace is a face that could not be changed to a version: its picture is
// missing, or shows that version no face. The person has to be enrolled anew.
type LeftFace struct {
	Company, Username, FaceID string
	Model                     string
	Code                      Code // why: NotFound when the picture is missing
	At                        time.Time
}
