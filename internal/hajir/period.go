package hajir

// Period is a range of local dates, both of which belong to it. A month of the
// Bikram Sambat calendar is one that lies in two Gregorian months.
type Period struct{ From, To string }

// ParsePeriod returns the month, as MonthDates takes it, or, without one, the
// dates from–to, of at most that many days.
func ParsePeriod(month, from, to string, most int) (Period, error) {
	if month != "" {
		dates, err := MonthDates(month)
		switch {
		case err != nil:
			return Period{}, err
		case from != "" || to != "":
			return Period{}, Errorf(Invalid, "give either a month, or a first and a last date")
		}
		from, to = dates[0], dates[len(dates)-1]
	}
	if from == "" || to == "" {
		return Period{}, Errorf(Invalid, "give a month YYYY-MM, or a first and a last date")
	}
	for _, d := range []string{from, to} {
		if err := ValidateDate(d); err != nil {
			return Period{}, err
		}
	}
	p := Period{From: from, To: to}
	switch {
	case to < from:
		return p, Errorf(Invalid, "the last date lies before the first")
	case p.Days() > most:
		return p, Errorf(Invalid, "these are %d days, and %d are the most at a time", p.Days(), most)
	}
	return p, nil
}

// Days returns how many dates there are.
func (p Period) Days() int { return DaysBetween(p.From, p.To) + 1 }

// Dates lists them in order.
func (p Period) Dates() []string {
	all := make([]string, 0, p.Days())
	first, err := parseDate(p.From)
	if err != nil {
		return nil
	}
	for i := range cap(all) {
		all = append(all, (first + date(i)).String())
	}
	return all
}

// Month returns the Gregorian month YYYY-MM that the period is; "" when it is
// none.
func (p Period) Month() string {
	dates := Dates(MonthValue(p.From))
	if len(dates) == 0 || dates[0] != p.From || dates[len(dates)-1] != p.To {
		return ""
	}
	return MonthValue(p.From)
}

// String names the period: 2026-03, or its dates.
func (p Period) String() string {
	if m := p.Month(); m != "" {
		return m
	}
	return p.From + " – " + p.To
}
