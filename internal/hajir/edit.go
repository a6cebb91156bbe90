package hajir

import (
	"cmp"
	"slices"
	"time"
)

// Marks returns what counts of a day, a guessed exit included.
func (d Day) Marks() []Mark {
	var all []Mark
	for _, p := range d.Filled().Punches {
		all = append(all, Mark{At: p.At, Direction: p.Direction, Source: p.Source})
	}
	return all
}

// validate returns an Invalid error that names the first thing wrong with what
// somebody wants to be different about date, whatever is stored.
func (p *Plan) validate(date string, changes []Change, now time.Time) error {
	day, err := parseDate(date)
	if err != nil {
		return err
	}
	if len(changes) == 0 || len(changes) > MaxChanges {
		return Errorf(Invalid, "name 1 to %d punches that are to be added, moved or removed", MaxChanges)
	}
	begin, end := day.moment(0, p.Location).Add(-24*time.Hour), (day+1).moment(0, p.Location).Add(24*time.Hour)
	named := map[string]bool{}
	for _, c := range changes {
		switch {
		case c.Punch == "" && c.At.IsZero():
			return Errorf(Invalid, "say when the punch was that is to be added")
		case c.Punch != "" && named[c.Punch]:
			return Errorf(Invalid, "the same punch is named twice")
		case !c.At.IsZero() && c.At.After(now):
			return Errorf(Invalid, "%s is still to come; corrections are about the past", p.clock(c.At, date))
		case !c.At.IsZero() && (c.At.Before(begin) || c.At.After(end)):
			return Errorf(Invalid, "a time must lie within 24 hours of the date")
		case c.Punch == "" && c.Direction != Entry && c.Direction != Exit:
			return Errorf(Invalid, "say whether the punch that is to be added is an entry or an exit")
		}
		named[c.Punch] = c.Punch != ""
	}
	return nil
}

// clock writes a time as its reader sees it: with its date where that is not
// the one it is about.
func (p *Plan) clock(t time.Time, date string) string {
	if on := DateAt(t, p.Location); on != date {
		return t.In(p.Location).Format("15:04") + " on " + on
	}
	return t.In(p.Location).Format("15:04")
}

// Draft returns changes as they are asked for now: with what the punches that
// they name are. It returns an Invalid error when one cannot be, and a Conflict
// when a punch is not there any more. Days are the person's stored ones, at
// least from three dates before date on; punches nearer than window are one.
func (p *Plan) Draft(days []Day, date string, changes []Change, now time.Time, window time.Duration) ([]Change, error) {
	if err := p.validate(date, changes, now); err != nil {
		return nil, err
	}
	d := DayOf(Once(days), date)
	changes = slices.Clone(changes)
	for i := range changes {
		c := &changes[i]
		if c.Punch == "" {
			continue
		}
		j := slices.IndexFunc(d.Punches, func(q Punch) bool { return q.ID == c.Punch })
		if j < 0 {
			return nil, Errorf(Conflict, "a punch that is to be corrected is not on this day any more; look at the day again")
		}
		if q := d.Punches[j]; c.At.Equal(q.At) {
			return nil, Errorf(Invalid, "%s is when the punch was already", p.clock(c.At, date))
		}
		c.Was, c.Direction = d.Punches[j].At, d.Punches[j].Direction
	}
	return changes, p.fits(days, date, changes, window)
}

// fits says whether changes come to what they say.
func (p *Plan) fits(days []Day, date string, changes []Change, window time.Duration) error {
	struck := map[string]bool{}
	for _, c := range changes {
		struck[c.Punch] = c.Punch != ""
	}
	for i, c := range changes {
		if c.At.IsZero() {
			continue
		}
		near := func(t time.Time) bool { return c.At.Sub(t).Abs() < max(window, 1) }
		for _, other := range changes[i+1:] {
			if !other.At.IsZero() && near(other.At) {
				return Errorf(Invalid, "%s and %s are so near that they are one", p.clock(c.At, date), p.clock(other.At, date))
			}
		}
		for _, d := range Once(days) {
			for _, q := range d.Punches {
				if !struck[q.ID] && near(q.At) {
					return Errorf(Invalid, "there is a punch at %s already, so near that they are one", p.clock(q.At, date))
				}
			}
		}
	}
	// The punches have no IDs yet.
	c := Correction{ID: "draft", Changes: slices.Clone(changes)}
	for i := range c.Changes {
		if !c.Changes[i].At.IsZero() {
			c.Changes[i].New = "draft-" + string(rune('a'+i))
		}
	}
	changed, err := p.Apply(days, date, c, Punch{})
	if err != nil {
		return err
	}
	after := Merge(days, changed)
	for _, want := range c.Changes {
		for _, d := range after {
			for _, q := range d.Punches {
				switch {
				case q.ID != want.New:
				case d.Date != date:
					return Errorf(Invalid, "a punch at %s belongs to %s; correct that day", p.clock(q.At, date), d.Date)
				case q.Direction != want.Direction:
					return Errorf(Invalid, "%s would come out as an %s, since entries and exits take turns; correct what stands before it, too",
						p.clock(q.At, date), q.Direction)
				}
			}
		}
	}
	return nil
}

// Apply makes a correction's changes of a date, and returns the days that change,
// in the order in which to save them; all punches are placed anew that may
// move. The punches added are like the one given, with IDs and times of their
// own. Applied again it changes nothing. A punch that was moved to another date,
// since an earlier one arrived, is struck there; one that is gone is a Conflict.
func (p *Plan) Apply(days []Day, on string, c Correction, like Punch) ([]Day, error) {
	if err := ValidateDate(on); err != nil {
		return nil, err
	}
	once := Once(days)
	all := flatten(days)
	var removed []Struck
	was := map[string]date{} // of those removed; another punch may have moved them to another date meanwhile
	var touched []stored     // where something is, or was, different
	for _, change := range c.Changes {
		if change.New != "" {
			q := like
			q.ID, q.At, q.Correction = change.New, change.At, c.ID
			touched = append(touched, stored{Punch: &q})
			if !known(once, q.ID) {
				all = append(all, stored{Punch: &q})
			}
		}
		if change.Punch == "" {
			continue
		}
		q := Punch{ID: change.Punch, At: change.Was}
		if !struckBy(once, q.ID, c.ID) {
			i := slices.IndexFunc(all, func(p stored) bool { return p.ID == q.ID })
			if i < 0 {
				return nil, Errorf(Conflict, "the punch that is to be corrected is not there any more")
			}
			q = *all[i].Punch
			removed = append(removed, Struck{Punch: q, Correction: c.ID, At: c.decidedAt()})
			was[q.ID] = all[i].was
		}
		touched = append(touched, stored{Punch: &q})
	}
	all = slices.DeleteFunc(all, func(q stored) bool {
		return slices.ContainsFunc(removed, func(r Struck) bool { return r.ID == q.ID })
	})
	slices.SortStableFunc(all, stored.compare)
	// Unless all of it is new, a save was broken off: what follows is decided
	// anew, for the end of it may lack.
	from, least := len(all), 0
	for _, q := range touched {
		i, _ := slices.BinarySearchFunc(all, q, stored.compare)
		from, least = min(from, i), max(least, i+1)
		if known(once, q.ID) && !slices.ContainsFunc(removed, func(r Struck) bool { return r.ID == q.ID }) {
			least = len(all)
		}
	}
	p.decide(all, from, least)
	struck := map[date][]Struck{}
	for _, r := range removed {
		struck[was[r.ID]] = append(struck[was[r.ID]], r)
	}
	return regroup(days, all, struck), nil
}

// decidedAt is when the last step was done.
func (c Correction) decidedAt() time.Time {
	if n := len(c.History); n > 0 {
		return c.History[n-1].At
	}
	return c.At
}

// DayOf returns the day of a date among days; an empty one if there is none.
func DayOf(days []Day, date string) Day {
	for _, d := range days {
		if d.Date == date {
			return d
		}
	}
	return Day{Date: date}
}

// known says whether a punch is, or was, in any of days.
func known(days []Day, id string) bool {
	return slices.ContainsFunc(days, func(d Day) bool {
		return slices.ContainsFunc(d.Punches, func(q Punch) bool { return q.ID == id }) ||
			slices.ContainsFunc(d.Struck, func(q Struck) bool { return q.ID == id }) ||
			slices.ContainsFunc(d.Rejected, func(q Punch) bool { return q.ID == id })
	})
}

func struckBy(days []Day, id, correction string) bool {
	return slices.ContainsFunc(days, func(d Day) bool {
		return slices.ContainsFunc(d.Struck, func(q Struck) bool { return q.ID == id && q.Correction == correction })
	})
}

// Merge returns days with the changed ones in their places, in order.
func Merge(days, changed []Day) []Day {
	all := slices.Clone(days)
	for _, d := range changed {
		if i := slices.IndexFunc(all, func(e Day) bool { return e.Date == d.Date }); i >= 0 {
			all[i] = d
		} else {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	return all
}
