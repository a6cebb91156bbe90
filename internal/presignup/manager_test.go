package presignup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
	"hajir/internal/presignup"
)

func TestReadRolesAndManagers(t *testing.T) {
	rows, err := presignup.ReadPeople(strings.NewReader(
		"Manager,ROLE,username,name\nMona , Manager,asha,Asha\n,,bina,Bina\n,auditor,anil,Anil\n,admin,chet,Chet\nmona,auditor,dina,Dina\nemil,,emil,Emil\na b,,fay,Fay\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s/%s/%s/%t", r.Person.Username, r.Person.Role, r.Person.Manager, r.Err == nil))
	}
	want := []string{
		"asha/manager/mona/true", "bina/employee//true", "anil/auditor//true", "chet/admin//false", "dina/auditor/mona/false",
		"emil/employee/emil/false", "fay/employee/a b/false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Every line comes once, and behind its manager's, unless the file's names go
// round in a circle.
func TestManagersFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]presignup.Row, rapid.IntRange(0, 9).Draw(t, "rows"))
		line := map[string]int{}
		for n := range rows {
			rows[n].Person = hajir.Employee{
				Username: fmt.Sprintf("p%d", n),
				Manager:  rapid.SampledFrom([]string{"", "elsewhere", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"}).Draw(t, "manager"),
			}
			line[rows[n].Person.Username] = n
		}
		circle := func(n int) bool {
			at := n
			for range len(rows) + 1 {
				next, ok := line[rows[at].Person.Manager]
				if !ok {
					return false
				}
				at = next
			}
			return true
		}
		order := presignup.ManagersFirst(rows)
		at := map[int]int{}
		for k, n := range order {
			at[n] = k
		}
		if len(order) != len(rows) || len(at) != len(rows) {
			t.Fatalf("%d rows in the order %v", len(rows), order)
		}
		for n, row := range rows {
			if m, ok := line[row.Person.Manager]; ok && at[m] > at[n] && !circle(n) {
				t.Fatalf("%s comes before their manager %s: %v", row.Person.Username, row.Person.Manager, order)
			}
		}
	})
}
