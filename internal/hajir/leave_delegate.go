package hajir

// LeaveDelegate decides about leave in a manager's place, for a time.
type LeaveDelegate struct {
	Manager  string // the record's key: each names one delegate at a time
	Company  string
	Delegate string // the username of one of the company's people
	From, To string // YYYY-MM-DD, both within
	Version  int    // grows by one with every stored change; zero means never stored
}

// Validate returns an Invalid error that names the first thing wrong with d.
func (d LeaveDelegate) Validate() error {
	if err := ValidateUsername(d.Delegate); err != nil {
		return err
	}
	if err := ValidateDate(d.From); err != nil {
		return err
	}
	if err := ValidateDate(d.To); err != nil {
		return err
	}
	switch {
	case d.Delegate == d.Manager:
		return Errorf(Invalid, "you cannot stand in for yourself; choose somebody else")
	case d.To < d.From:
		return Errorf(Invalid, "the last date lies before the first")
	case DaysBetween(d.From, d.To) >= MaxLeaveSpan:
		return Errorf(Invalid, "somebody can stand in for at most %d days", MaxLeaveSpan)
	}
	return nil
}

// Runs says whether the delegate decides on a date.
func (d LeaveDelegate) Runs(date string) bool {
	return d.Version > 0 && d.From <= date && date <= d.To
}

// LeaveSettings are what a company decides about all leave.
type LeaveSettings struct {
	Company     string
	Years       LeaveYears
	SecondLevel bool   // every request needs a second approval
	Posted      string // YYYY-MM-DD through which what is due was posted to everybody
	Version     int    // grows by one with every stored change; zero means never stored
}
