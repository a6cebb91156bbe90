package presignup

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
)

// mayReport refuses a person whose manager is none, or would come to report to
// them. Whoever is invited as a manager counts as one, so that a company can
// invite everybody at once; what they may do begins when they join. Those in
// coming would be invited by now if this were no dry run.
func (s *Invitations) mayReport(ctx context.Context, i hajir.Invitation, coming map[string]hajir.Employee) error {
	if i.Manager == "" {
		return nil
	}
	load := func(username string) (hajir.Employee, error) { return s.expected(ctx, i.Company, username, coming) }
	m, err := load(i.Manager)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load manager: %w", err)
	}
	chain, err := hajir.Chain(m, load)
	if err != nil {
		return fmt.Errorf("load who is above %s: %w", i.Manager, err)
	}
	return hajir.Employee{Username: i.Username, Company: i.Company, Name: i.Name, Manager: i.Manager}.MayReportTo(m, chain)
}

// expected returns somebody who is, or is about to be, one of the company's
// people.
func (s *Invitations) expected(
	ctx context.Context, company, username string, coming map[string]hajir.Employee,
) (hajir.Employee, error) {
	if e, ok := coming[username]; ok {
		return e, nil
	}
	e, err := s.Store.Employee(ctx, username)
	if hajir.CodeOf(err) != hajir.NotFound {
		return e, err
	}
	i, err := s.Store.Invitation(ctx, username)
	if err == nil && i.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such employee")
	}
	if err != nil {
		return e, err
	}
	return i.Join(hajir.Consent{}, i.CreatedAt), nil
}

// ManagersFirst returns the indices of rows in an order in which a manager comes
// before the people who report to them, whatever their order in the file.
func ManagersFirst(rows []Row) []int {
	byName := map[string]int{}
	for n, row := range rows {
		if row.Err == nil {
			byName[row.Person.Username] = n
		}
	}
	order := make([]int, 0, len(rows))
	taken := make([]bool, len(rows))
	for n := range rows {
		// Up to the first who is taken already or reports to nobody in the file,
		// and down again.
		var up []int
		for at, ok := n, true; ok && !taken[at]; at, ok = byName[rows[at].Person.Manager] {
			taken[at] = true
			up = append(up, at)
		}
		slices.Reverse(up)
		order = append(order, up...)
	}
	return order
}
