package hajir

// Who reports to whom. A person's record names their manager, and that name
// counts for as long as it is an active manager's of the same company: then
// this manager, and whoever is counted above them, may read the person's
// records. Names that do not count are kept, and give no rights.

// Leads says whether people can report to e.
func (e Employee) Leads() bool { return e.Active && e.Role == RoleManager }

// Chain returns whose names one meets on the way up from e, nearest first,
// whether or not they count. It ends where no manager is named, with one who is
// not there, or where it would go round in a circle. The function load returns
// a person, or a NotFound error.
func Chain(e Employee, load func(username string) (Employee, error)) ([]Employee, error) {
	var chain []Employee
	seen := map[string]bool{e.Username: true}
	for at := e; at.Manager != "" && !seen[at.Manager]; {
		next, err := load(at.Manager)
		if CodeOf(err) == NotFound || err == nil && next.Company != e.Company {
			return chain, nil
		}
		if err != nil {
			return nil, err
		}
		seen[next.Username] = true
		chain = append(chain, next)
		at = next
	}
	return chain, nil
}

// ReportsTo says whether a person with this chain above them is one of
// manager's reports, directly or further down.
func ReportsTo(chain []Employee, manager string) bool {
	for _, m := range chain {
		if !m.Leads() {
			return false
		}
		if m.Username == manager {
			return true
		}
	}
	return false
}

// Reports returns everybody who reports to manager, directly or further down,
// and not manager. The function below returns the people of the company whose
// records name one as their manager.
func Reports(manager Employee, below func(username string) ([]Employee, error)) ([]Employee, error) {
	if !manager.Leads() {
		return nil, nil
	}
	var all []Employee
	seen := map[string]bool{manager.Username: true}
	for next := []string{manager.Username}; len(next) > 0; next = next[1:] {
		people, err := below(next[0])
		if err != nil {
			return nil, err
		}
		for _, e := range people {
			if seen[e.Username] {
				continue
			}
			seen[e.Username] = true
			all = append(all, e)
			if e.Leads() {
				next = append(next, e.Username)
			}
		}
	}
	return all, nil
}

// MayReportTo returns an Invalid error when m, who has chain above them, cannot
// be e's manager. Give the zero Employee for one who is not there.
func (e Employee) MayReportTo(m Employee, chain []Employee) error {
	if m.Company != e.Company || !m.Leads() {
		return NoManager(e.Manager)
	}
	for _, above := range append([]Employee{m}, chain...) {
		if above.Username == e.Username || above.Manager == e.Username {
			return Errorf(Invalid, "%s cannot report to %s, who reports to them, directly or through others", e.Name, m.Name)
		}
	}
	return nil
}

// NoManager is the refusal of a manager who is none.
func NoManager(username string) error {
	return Errorf(Invalid, "%s is not an active manager of the company; give that person the role manager first, or choose another one", username)
}
