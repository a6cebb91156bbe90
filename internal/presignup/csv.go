package presignup

import (
	"io"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// The bounds of a file of people.
const (
	MaxRows = 5000
	MaxCSV  = 2 << 20 // bytes
)

// people is what a file may tell of who is invited.
var people = sheet.Layout{
	Columns: []sheet.Column{
		{Name: "username", Need: true},
		{Name: "name", Also: []string{"full name"}, Need: true},
		{Name: "email", Also: []string{"mail"}},
		{Name: "code", Also: []string{"employee code"}},
		{Name: "department"},
		{Name: "phone"},
		{Name: "role"},
		{Name: "manager"},
	},
	Bytes: MaxCSV, Lines: MaxRows,
}

// Row is one line of a file of people.
type Row struct {
	Line   int
	Person hajir.Employee // without a company
	Err    error          // why the line is refused, which no other line suffers from
}

// ReadPeople reads a CSV file with a header: username, name, and optionally
// email, code, department, phone, role and manager, in any order. A file that is
// not such a one is refused whole; a line that names nobody, or somebody named
// before, is refused alone.
func ReadPeople(r io.Reader) ([]Row, error) {
	file, err := people.Read(r)
	if err != nil {
		return nil, err
	}
	var all []Row
	first := map[string]int{} // the line that names a username first
	for line, err := range file.Lines() {
		if err != nil {
			return nil, err
		}
		row := Row{Line: line.Number, Person: hajir.Employee{
			Username: line.Get("username"), Name: line.Get("name"),
			Email: line.Get("email"), Code: line.Get("code"), Department: line.Get("department"),
			Phone: line.Get("phone"), Role: hajir.Role(strings.ToLower(line.Get("role"))), Manager: line.Get("manager"),
		}.Tidy()}
		before, twice := first[row.Person.Username]
		switch {
		case line.Err != nil:
			row.Err = line.Err
		case row.Person.Validate() != nil:
			row.Err = row.Person.Validate()
		case twice:
			row.Err = hajir.Errorf(hajir.Conflict, "line %d has this username already", before)
		default:
			first[row.Person.Username] = line.Number
		}
		all = append(all, row)
	}
	return all, nil
}
