package hajir

import (
	"slices"
	"time"
)

// HolidayChoices are the optional holidays that a person has chosen. They are
// one record, so that of two choices at one moment only one can be the last.
type HolidayChoices struct {
	Username string
	Company  string
	Chosen   []HolidayChoice // the oldest choice first
	Version  int             // grows by one with every stored change; zero means never stored
}

// HolidayChoice is one of them, as it was called when it was chosen.
type HolidayChoice struct {
	Occasion    string // its ID
	Date, Title string
	By          string // who chose: the person, or the admin for them
	At          time.Time
}

// Has says whether the occasion was chosen.
func (c HolidayChoices) Has(occasion string) bool {
	return slices.ContainsFunc(c.Chosen, func(x HolidayChoice) bool { return x.Occasion == occasion })
}

// Of returns what was chosen of some occasions.
func (c HolidayChoices) Of(all []Occasion) int {
	n := 0
	for _, o := range all {
		if o.Kind == OccasionOptional && c.Has(o.ID) {
			n++
		}
	}
	return n
}

// HolidayRule is what decides about a choice.
type HolidayRule struct {
	Employee Employee
	// Year are the company's optional holidays of the leave year that holds the
	// one in question.
	Year  []Occasion
	Most  int // how many a person may choose of them
	Today string
	Admin bool // who may correct what has passed
}

// Choose returns the choices with o among them. Chosen again, nothing changes.
func (r HolidayRule) Choose(c HolidayChoices, o Occasion, by string, at time.Time) (HolidayChoices, error) {
	switch {
	case o.Kind != OccasionOptional || !o.Concerns(r.Employee):
		return c, Errorf(NotFound, "there is no such optional holiday for %s", r.Employee.Name)
	case c.Has(o.ID):
		return c, nil
	case !r.Employee.Attends():
		return c, Errorf(Invalid, "%s is inactive or an auditor, and takes no holidays here", r.Employee.Name)
	case o.From < r.Today && !r.Admin:
		return c, Errorf(Conflict, "%s has passed; choose another holiday, or ask your administrator", o.From)
	case r.Most == 0:
		return c, Errorf(Conflict, "the company gives no optional holidays yet; the administrator sets how many, in the calendar")
	case c.Of(r.Year) >= r.Most:
		return c, Errorf(Conflict, "%d of %d optional holidays of this leave year are chosen already; take one back first", c.Of(r.Year), r.Most)
	}
	c.Chosen = append(slices.Clone(c.Chosen), HolidayChoice{Occasion: o.ID, Date: o.From, Title: o.Title, By: by, At: at})
	return c, nil
}

// Drop returns the choices without o. What was not chosen is no error.
func (r HolidayRule) Drop(c HolidayChoices, o Occasion) (HolidayChoices, error) {
	if !c.Has(o.ID) {
		return c, nil
	}
	if o.From < r.Today && !r.Admin {
		return c, Errorf(Conflict, "%s has passed; ask your administrator to take it back", o.From)
	}
	c.Chosen = slices.DeleteFunc(slices.Clone(c.Chosen), func(x HolidayChoice) bool { return x.Occasion == o.ID })
	return c, nil
}
