package hajir

import "time"

// Total sums reckonings, as of a month. Each counts with the whole minutes that
// it shows, so that a sum is that of its rows.
type Total struct {
	Days                                           map[Status]int
	MissingExits                                   int
	Required, Worked, Break, Late, Early, Overtime time.Duration
}

// Add counts r.
func (t *Total) Add(r Reckoning) {
	if t.Days == nil {
		t.Days = map[Status]int{}
	}
	t.Days[r.Status]++
	if r.Flagged(FlagMissingExit) {
		t.MissingExits++
	}
	// What is still to come asks for nothing yet.
	if r.Status != StatusExpected && r.Status != StatusNone {
		t.Required += r.Required.Truncate(time.Minute)
	}
	t.Worked += r.Worked.Truncate(time.Minute)
	t.Break += r.Break.Truncate(time.Minute)
	t.Late += r.Late
	t.Early += r.Early
	t.Overtime += r.Overtime.Truncate(time.Minute)
}
