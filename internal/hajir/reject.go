package hajir

import (
	"slices"
	"time"
)

// Rejection says who found that a punch is not its day's person's, and when.
type Rejection struct {
	By string
	At time.Time
	To string // whose punch it is instead; empty: nobody's
}

// Reject takes the punch with an ID out of days, so that it does not count, and
// decides anew what follows it. It stays readable in Day.Rejected of the day that
// had it; a punch that is somebody else's has no picture there, since it shows
// them. Days are the person's stored ones, at least from two dates before the
// punch on. It returns the days that change, in the order in which to save them,
// and the punch; false when there is none of that ID.
func (p *Plan) Reject(days []Day, id string, why Rejection) (changed []Day, punch Punch, found bool) {
	days = slices.Clone(days)
	all := flatten(days)
	i := slices.IndexFunc(all, func(q stored) bool { return q.ID == id })
	if i < 0 {
		return nil, Punch{}, false
	}
	punch = *all[i].Punch
	punch.Rejected = &why
	if why.To != "" {
		punch.Picture = ""
	}
	on := all[i].was.String()
	for j, d := range days {
		if d.Date == on {
			days[j].Rejected = append(slices.Clone(d.Rejected), punch)
			slices.SortStableFunc(days[j].Rejected, func(a, b Punch) int { return a.At.Compare(b.At) })
		}
	}
	all = slices.Delete(all, i, i+1)
	p.decide(all, i, i+1)
	return regroup(days, all, nil), punch, true
}
