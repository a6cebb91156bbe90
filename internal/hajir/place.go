package hajir

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// OpenFor is for how long somebody who came may leave past midnight, where no
// shift says how long. What comes later is the next entry, and the exit is
// missing. Night shifts are at most 8 to 10 hours long; from an evening to the
// next morning are 11 and more.
const OpenFor = 10 * time.Hour

// Place adds a punch to days and returns the days that change, in the order in
// which to save them (see regroup), with the date that the punch belongs to and
// the punch as recorded. Days are the person's stored ones, at least from two
// dates before the punch on. Punches before it stay where they are; those after
// it move when they must, so that any order of arrival gives the same days.
// When the punch is among days already, by its ID, all that follows it is
// decided anew: so a save is finished that others, or the program's end, broke
// off.
func (p *Plan) Place(days []Day, punch Punch) (changed []Day, on string, placed Punch) {
	all := flatten(days)
	i, least := slices.IndexFunc(all, func(q stored) bool { return q.ID == punch.ID }), len(all)
	if i < 0 {
		q := stored{Punch: &punch}
		i, _ = slices.BinarySearchFunc(all, q, stored.compare)
		all, least = slices.Insert(all, i, q), i+1
	}
	p.decide(all, i, least)
	for _, q := range all {
		if q.ID == punch.ID {
			on = q.now.String()
		}
	}
	changed = regroup(days, all, nil)
	for _, d := range slices.Concat(days, changed) { // the last is the newest
		for _, q := range d.Punches {
			if q.ID == punch.ID && d.Date == on {
				placed = q
			}
		}
	}
	return changed, on, placed
}

// PlaceAll adds punches to days, which come out as if Place had added them one
// by one in order of time, and returns the days that change, in the order in
// which to save them. Days are the person's stored ones, at least from two
// dates before the first of the punches on; none of the punches is among them.
func (p *Plan) PlaceAll(days []Day, punches []Punch) []Day {
	all := flatten(days)
	for i := range punches {
		all = append(all, stored{Punch: &punches[i]})
	}
	slices.SortStableFunc(all, stored.compare)
	settled := 0
	for i := range all {
		if i >= settled && !all[i].known {
			settled = p.decide(all, i, i+1)
		}
	}
	return regroup(days, all, nil)
}

// Recompute decides anew to which dates punches belong: those of the dates
// from–to, those that what is planned for these dates claims, and what follows
// from it. Days are the person's stored ones, at least from two dates before
// from on. It returns the days that change, in the order in which to save them
// (see regroup); every punch is kept exactly once.
func (p *Plan) Recompute(days []Day, from, to string) (changed []Day) {
	first, err1 := parseDate(from)
	last, err2 := parseDate(to)
	if err1 != nil || err2 != nil || last < first {
		return nil
	}
	begin, end := first.moment(0, p.Location), (last+1).moment(0, p.Location)
	for d := first; d <= last; d++ {
		if planned := p.on(d); planned.Shift != nil {
			begin, end = minTime(begin, planned.From), maxTime(end, planned.To)
		}
	}
	all := flatten(days)
	i, least := len(all), 0
	for j, q := range all {
		in := q.was >= first && q.was <= last || !q.At.Before(begin) && !q.At.After(end)
		if in {
			i, least = min(i, j), j+1
		}
	}
	p.decide(all, i, least)
	return regroup(days, all, nil)
}

// stored is a punch with the date it is stored at and the one it belongs to.
type stored struct {
	*Punch
	was    date // the date of the stored day that it is in
	known  bool // it is in one
	begins bool // it is that day's first
	now    date
}

func (q stored) compare(r stored) int { return cmp.Or(q.At.Compare(r.At), cmp.Compare(q.ID, r.ID)) }

// flatten returns the punches of days in order, each once: one that is in two
// days, since the program ended while it was moved, is where it moved to.
func flatten(days []Day) []stored {
	n := 0
	for _, d := range days {
		n += len(d.Punches)
	}
	all := make([]stored, 0, n+1)
	for _, d := range Once(days) {
		day, err := parseDate(d.Date)
		if err != nil {
			continue
		}
		for i := range d.Punches {
			all = append(all, stored{Punch: &d.Punches[i], was: day, now: day, known: true, begins: i == 0})
		}
	}
	slices.SortStableFunc(all, stored.compare)
	return all
}

// Once returns days without punches that are in two of them, which are kept
// where they moved last, and without those that are struck or rejected in one.
// Such is left when the program ends while it moves a punch; no punch is ever in
// none.
func Once(days []Day) []Day {
	type place struct{ day, moves int }
	newest := make(map[string]place, 4*len(days))
	twice := false
	for _, d := range days {
		for _, q := range d.Struck {
			newest[q.ID] = place{-1, math.MaxInt}
		}
		for _, q := range d.Rejected {
			newest[q.ID] = place{-1, math.MaxInt}
		}
	}
	for i, d := range days {
		for _, q := range d.Punches {
			if q.ID == "" {
				continue
			}
			other, seen := newest[q.ID]
			twice = twice || seen
			if !seen || q.Moves > other.moves {
				newest[q.ID] = place{i, q.Moves}
			}
		}
	}
	if !twice {
		return days
	}
	days = slices.Clone(days)
	for i := range days {
		days[i].Punches = slices.Clone(days[i].Punches)
		days[i].Punches = slices.DeleteFunc(days[i].Punches, func(q Punch) bool { return q.ID != "" && newest[q.ID].day != i })
		alternate(days[i].Punches)
	}
	return days
}

// decide sets the date of the punches from i on. From least on it stops as soon
// as a stored day begins where it began before: what follows follows alike. It
// returns the index of the first that it left alone.
func (p *Plan) decide(all []stored, i, least int) int {
	s := scan{plan: p}
	for j := range all[:i] {
		s.take(all[j].now, all[j].At)
	}
	for j := i; j < len(all); j++ {
		q := &all[j]
		q.now = s.next(q.At)
		if j > i && j >= least && q.known && q.begins && q.now == q.was && (s.count == 0 || q.now != s.date) {
			return j
		}
		s.take(q.now, q.At)
	}
	return len(all)
}

// scan walks over a person's punches in order.
type scan struct {
	plan  *Plan
	date  date // of the last punch
	count int  // of that date's punches
	last  time.Time
	slots [4]slot
}

// slot is what is planned for a date, kept since the next punch asks again.
type slot struct {
	date  date
	known bool
	Planned
}

func (s *scan) on(d date) *Planned {
	kept := &s.slots[uint(d)%uint(len(s.slots))]
	if !kept.known || kept.date != d {
		*kept = slot{d, true, s.plan.on(d)}
	}
	return &kept.Planned
}

func (s *scan) take(d date, at time.Time) {
	if s.count == 0 || d != s.date {
		s.date, s.count = d, 0
	}
	s.count++
	s.last = at
}

// next returns the date of a punch at t, after those taken. An open day is
// closed before another is opened; else the nearest shift has it whose window
// holds it; else it begins its local date.
func (s *scan) next(t time.Time) date {
	local := dateAt(t, s.plan.Location)
	best, found := local, false
	var far time.Duration
	for d := local - 2; d <= local+1; d++ {
		planned := s.on(d)
		if !planned.holds(t) || s.count > 0 && d < s.date {
			continue
		}
		// The later of two that are as near: somebody who comes begins.
		if away := s.away(d, planned, t); !found || away <= far {
			best, far, found = d, away, true
		}
	}
	if s.open() && s.keeps(t, found) {
		return s.date
	}
	if s.count > 0 && best < s.date {
		return s.date
	}
	return best
}

func (s *scan) open() bool { return s.count%2 == 1 }

// keeps says whether the open day takes the punch at t as its exit. Claimed:
// there is a shift whose window holds it.
func (s *scan) keeps(t time.Time, claimed bool) bool {
	planned := s.on(s.date)
	if planned.holds(t) {
		return true
	}
	if t.Sub(s.last) <= OpenFor && (!claimed || !planned.holds(s.last)) {
		return true
	}
	// An exit exactly at midnight belongs to the ending day.
	return !claimed && dateAt(t.Add(-1), s.plan.Location) == dateAt(s.last, s.plan.Location)
}

// away returns how far t is from a shift for somebody who comes.
func (s *scan) away(d date, planned *Planned, t time.Time) time.Duration {
	switch begun := s.count > 0 && d == s.date; {
	case !begun:
		return t.Sub(planned.Start).Abs()
	case t.Before(planned.End):
		return 0 // back from a break
	}
	return t.Sub(planned.End) + MaxMargin + 24*time.Hour // back after the end: only when nothing else begins
}

// regroup returns the days that all, as decided, changes: first those that
// punches move to, then those that they leave, so that a punch is at times in
// two stored days (see Once) but never in none. Those that were struck are not
// in all any more; they are kept with their day.
func regroup(days []Day, all []stored, struck map[date][]Struck) []Day {
	if unchanged(days, all) {
		return nil
	}
	before, after := map[date]Day{}, map[date]Day{}
	name, company := "", ""
	for _, d := range days {
		if day, err := parseDate(d.Date); err == nil {
			before[day] = d
			d.Punches = nil
			d.Struck = append(slices.Clip(d.Struck), struck[day]...)
			after[day] = d
		}
		name, company = d.Name, d.Company
	}
	leaves := map[date][]date{} // to which days a day's punches move
	for _, q := range all {
		punch := *q.Punch
		if q.known && q.now != q.was {
			punch.Moves++
			leaves[q.was] = append(leaves[q.was], q.now)
		}
		d, ok := after[q.now]
		if !ok {
			d = Day{Name: name, Company: company, Date: q.now.String()}
		}
		d.Punches = append(d.Punches, punch)
		after[q.now] = d
	}
	var changed []Day
	visited := map[date]bool{}
	var save func(date)
	save = func(d date) {
		if visited[d] {
			return
		}
		visited[d] = true
		for _, to := range leaves[d] { // moves keep the punches' order, so that this ends
			save(to)
		}
		day := after[d]
		alternate(day.Punches)
		if len(struck[d]) > 0 || !slices.EqualFunc(before[d].Punches, day.Punches, func(a, b Punch) bool {
			return a.ID == b.ID && a.At.Equal(b.At) && a.Direction == b.Direction
		}) {
			changed = append(changed, day)
		}
	}
	// A copy that Once left out is in no day's leaves. The day that keeps the
	// punch is stored already, so that any order is right for it.
	for _, d := range slices.Sorted(maps.Keys(after)) {
		save(d)
	}
	return changed
}

// unchanged says whether every punch of days stays where it is, and there is no
// other.
func unchanged(days []Day, all []stored) bool {
	n := 0
	for _, d := range days {
		n += len(d.Punches)
	}
	return n == len(all) && !slices.ContainsFunc(all, func(q stored) bool { return !q.known || q.now != q.was })
}

// alternate makes punches in order entries and exits in turn.
func alternate(punches []Punch) {
	for i := range punches {
		punches[i].Direction = Entry
		if i%2 == 1 {
			punches[i].Direction = Exit
		}
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
