package hajir_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

// company is people by username, who are each other's managers.
type company map[string]hajir.Employee

func (c company) load(username string) (hajir.Employee, error) {
	e, ok := c[username]
	if !ok {
		return e, hajir.Errorf(hajir.NotFound, "no such employee")
	}
	return e, nil
}

func (c company) below(manager string) ([]hajir.Employee, error) {
	var all []hajir.Employee
	for _, e := range c {
		if e.Manager == manager && e.Company == "acme" {
			all = append(all, e)
		}
	}
	return all, nil
}

func (c company) chain(t interface{ Fatal(...any) }, username string) []hajir.Employee {
	chain, err := hajir.Chain(c[username], c.load)
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

// draw makes up people whose managers are anybody: themselves, somebody who is
// no manager, who has left, or is not there, and in circles.
func draw(t *rapid.T) company {
	c := company{}
	n := rapid.IntRange(1, 8).Draw(t, "people")
	for i := range n {
		username := fmt.Sprintf("p%d", i)
		c[username] = hajir.Employee{
			Username: username, Company: rapid.SampledFrom([]string{"acme", "acme", "acme", "other"}).Draw(t, "company"),
			Role:    rapid.SampledFrom([]hajir.Role{hajir.RoleManager, hajir.RoleManager, hajir.RoleEmployee}).Draw(t, "role"),
			Active:  rapid.IntRange(0, 5).Draw(t, "active") > 0,
			Manager: rapid.SampledFrom([]string{"", "gone", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"}).Draw(t, "manager"),
		}
	}
	return c
}

// bruteForce says by trying all paths whether who reports to manager.
func (c company) bruteForce(who, manager string) bool {
	reach := map[[2]string]bool{}
	for _, e := range c {
		if m, ok := c[e.Manager]; ok && m.Leads() && m.Company == e.Company {
			reach[[2]string{e.Username, m.Username}] = true
		}
	}
	for via := range c {
		for from := range c {
			for to := range c {
				if reach[[2]string{from, via}] && reach[[2]string{via, to}] {
					reach[[2]string{from, to}] = true
				}
			}
		}
	}
	return who != manager && reach[[2]string{who, manager}]
}

// Asking about one person and listing everybody agree with trying all paths,
// whatever names the records hold.
func TestReportsAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		for manager, m := range c {
			if m.Company != "acme" {
				continue
			}
			reports, err := hajir.Reports(m, c.below)
			if err != nil {
				t.Fatal(err)
			}
			listed := map[string]int{}
			for _, e := range reports {
				listed[e.Username]++
			}
			for who, e := range c {
				want := e.Company == "acme" && c.bruteForce(who, manager)
				if got := hajir.ReportsTo(c.chain(t, who), manager) && e.Company == "acme"; got != want {
					t.Fatalf("%s reports to %s: %t, want %t in %+v", who, manager, got, want, c)
				}
				if got := listed[who]; got > 1 || got == 1 != want {
					t.Fatalf("%s is listed %d times among the reports of %s, want %t in %+v", who, got, manager, want, c)
				}
			}
		}
	})
}

// However managers are changed, one change after the other, nobody comes to be
// above themselves; and what is refused would have made a circle, or named
// somebody who does not lead.
func TestManagersMakeNoCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := company{}
		names := []string{"p0", "p1", "p2", "p3", "p4", "p5"}
		for _, username := range names {
			c[username] = hajir.Employee{Username: username, Company: "acme", Role: hajir.RoleManager, Active: true}
		}
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			e := c[rapid.SampledFrom(names).Draw(t, "who")]
			if rapid.IntRange(0, 3).Draw(t, "what") == 0 { // deactivated, or activated
				e.Active = !e.Active
				c[e.Username] = e
				continue
			}
			m := c[rapid.SampledFrom(names).Draw(t, "manager")]
			e.Manager = m.Username
			circle := m.Username == e.Username || slices.ContainsFunc(c.chain(t, m.Username), func(above hajir.Employee) bool {
				return above.Username == e.Username
			})
			err := e.MayReportTo(m, c.chain(t, m.Username))
			if refused := circle || !m.Leads(); (err != nil) != refused || err != nil && hajir.CodeOf(err) != hajir.Invalid {
				t.Fatalf("%s under %s: %v, want refused %t in %+v", e.Username, m.Username, err, refused, c)
			}
			if err == nil {
				c[e.Username] = e
			}
			for _, username := range names {
				at := username
				for range len(names) + 1 {
					at = c[at].Manager
				}
				if at != "" {
					t.Fatalf("%s is in a circle: %+v", username, c)
				}
			}
		}
	})
}

func TestMayReportTo(t *testing.T) {
	asha := hajir.Employee{Username: "asha", Company: "acme", Name: "Asha", Manager: "mona"}
	mona := hajir.Employee{Username: "mona", Company: "acme", Name: "Mona", Role: hajir.RoleManager, Active: true}
	change := func(f func(*hajir.Employee)) hajir.Employee {
		m := mona
		f(&m)
		return m
	}
	for _, tt := range []struct {
		name  string
		m     hajir.Employee
		chain []hajir.Employee
		want  string
	}{
		{"a manager", mona, nil, ""},
		{"under others", mona, []hajir.Employee{{Username: "hema"}}, ""},
		{"nobody", hajir.Employee{}, nil, "not an active manager"},
		{"an employee", change(func(m *hajir.Employee) { m.Role = hajir.RoleEmployee }), nil, "not an active manager"},
		{"an auditor", change(func(m *hajir.Employee) { m.Role = hajir.RoleAuditor }), nil, "not an active manager"},
		{"one who has left", change(func(m *hajir.Employee) { m.Active = false }), nil, "not an active manager"},
		{"another company's", change(func(m *hajir.Employee) { m.Company = "other" }), nil, "not an active manager"},
		{"a report", mona, []hajir.Employee{asha}, "who reports to them"},
		{"a report's report", mona, []hajir.Employee{{Username: "hema"}, asha}, "who reports to them"},
		{"one who names them, before they are there", change(func(m *hajir.Employee) { m.Manager = "asha" }), nil, "who reports to them"},
	} {
		err := asha.MayReportTo(tt.m, tt.chain)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// A store that fails is not taken for one that has nobody.
func TestReportsOfAFailingStore(t *testing.T) {
	broken := errors.New("the store is away")
	mona := hajir.Employee{Username: "mona", Role: hajir.RoleManager, Active: true, Manager: "hema"}
	if _, err := hajir.Chain(mona, func(string) (hajir.Employee, error) { return hajir.Employee{}, broken }); !errors.Is(err, broken) {
		t.Errorf("Chain: %v", err)
	}
	if _, err := hajir.Reports(mona, func(string) ([]hajir.Employee, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("Reports: %v", err)
	}
}

func TestRoles(t *testing.T) {
	for _, r := range hajir.Roles() {
		for _, other := range hajir.Roles() {
			if got, want := r.Includes(other), r == other || r == "manager" && other == "employee"; got != want {
				t.Errorf("%s includes %s: %t", r, other, got)
			}
		}
		if got, want := r.OfPerson(), r != hajir.RoleAdmin && r != hajir.RoleKiosk; got != want {
			t.Errorf("%s is a person's role: %t", r, got)
		}
		e := hajir.Employee{Username: "asha", Name: "Asha", Role: r}
		if err := e.Validate(); (err == nil) != r.OfPerson() {
			t.Errorf("a person with the role %s: %v", r, err)
		}
		e.Manager = "mona"
		if err := e.Validate(); (err == nil) != (r == hajir.RoleEmployee || r == hajir.RoleManager) {
			t.Errorf("the manager of a person with the role %s: %v", r, err)
		}
		e.Active = true
		if got, want := e.Attends(), r != hajir.RoleAuditor; got != want {
			t.Errorf("a person with the role %s attends: %t", r, got)
		}
		if err := e.MayHave("face"); (err == nil) != (r != hajir.RoleAuditor) {
			t.Errorf("the face of a person with the role %s: %v", r, err)
		}
	}
	for _, bad := range []hajir.Employee{
		{Username: "asha", Name: "Asha", Role: "boss"},
		{Username: "asha", Name: "Asha", Manager: "asha"},
		{Username: "asha", Name: "Asha", Manager: "a b"},
	} {
		if err := bad.Validate(); codeOf(err) != hajir.Invalid {
			t.Errorf("%+v: %v, want invalid", bad, err)
		}
	}
}
