package presignup

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"hajir/internal/hajir"
)

// The bounds of a file of people.
const (
	MaxRows = 5000
	MaxCSV  = 2 << 20 // bytes
)

// columns are what a file may tell of a person.
const columns = "username, name, email, code, department, role and manager"

// Row is one line of a file of people.
type Row struct {
	Line   int
	Person hajir.Employee // without a company
	Err    error          // why the line is refused, which no other line suffers from
}

// ReadPeople reads a CSV file with a header: username, name, and optionally
// email, code and department, in any order. A file that is not such a one is
// refused whole; a line that names nobody, or somebody named before, is refused
// alone.
func ReadPeople(r io.Reader) ([]Row, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxCSV+1))
	switch {
	case err != nil:
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the file cannot be read", Cause: err}
	case len(content) > MaxCSV:
		return nil, hajir.Errorf(hajir.TooLarge, "the file has more than %d MB; split it", MaxCSV>>20)
	case !utf8.Valid(content):
		return nil, hajir.Errorf(hajir.Invalid, "the file is not UTF-8; save it as CSV UTF-8")
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // spreadsheets write a byte order mark
	rows := csv.NewReader(bytes.NewReader(content))
	rows.TrimLeadingSpace = true
	rows.FieldsPerRecord = -1 // counted below, line by line
	rows.ReuseRecord = true
	rows.Comma = delimiter(content)
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, hajir.Errorf(hajir.Invalid, "the file is empty; its first line names the columns: %s", columns)
	}
	if err != nil {
		return nil, malformed(err)
	}
	column, err := readHeader(header)
	if err != nil {
		return nil, err
	}
	return readRows(rows, column, len(header))
}

// delimiter returns what separates the header's columns: spreadsheets write a
// semicolon where the comma separates decimals.
func delimiter(content []byte) rune {
	header, _, _ := bytes.Cut(content, []byte("\n"))
	if bytes.ContainsRune(header, ';') && !bytes.ContainsRune(header, ',') {
		return ';'
	}
	return ','
}

func readHeader(header []string) (map[string]int, error) {
	column := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		switch name {
		case "username", "name", "email", "code", "department", "role", "manager":
		default:
			return nil, hajir.Errorf(hajir.Invalid, "the column %.40q is not known; the first line names the columns: %s", name, columns)
		}
		if _, twice := column[name]; twice {
			return nil, hajir.Errorf(hajir.Invalid, "the column %q is there twice", name)
		}
		column[name] = i
	}
	for _, name := range []string{"username", "name"} {
		if _, ok := column[name]; !ok {
			return nil, hajir.Errorf(hajir.Invalid, "the first line has no column %q; it names the columns: %s", name, columns)
		}
	}
	return column, nil
}

func readRows(rows *csv.Reader, column map[string]int, width int) ([]Row, error) {
	var all []Row
	first := map[string]int{} // the line that names a username first
	for {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, malformed(err)
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue // spreadsheets write lines of nothing but commas
		}
		if len(all) == MaxRows {
			return nil, hajir.Errorf(hajir.TooLarge, "the file names more than %d people; split it", MaxRows)
		}
		field := func(name string) string {
			if i, ok := column[name]; ok && i < len(record) {
				return strings.Clone(strings.TrimSpace(record[i]))
			}
			return ""
		}
		line, _ := rows.FieldPos(0)
		row := Row{Line: line, Person: hajir.Employee{
			Username: field("username"), Name: field("name"),
			Email: field("email"), Code: field("code"), Department: field("department"),
			Role: hajir.Role(strings.ToLower(field("role"))), Manager: field("manager"),
		}.Tidy()}
		before, twice := first[row.Person.Username]
		switch {
		case len(record) != width:
			row.Err = hajir.Errorf(hajir.Invalid, "the line has %d fields and the first line %d; put fields with commas in quotation marks", len(record), width)
		case row.Person.Validate() != nil:
			row.Err = row.Person.Validate()
		case twice:
			row.Err = hajir.Errorf(hajir.Conflict, "line %d has this username already", before)
		default:
			first[row.Person.Username] = line
		}
		all = append(all, row)
	}
}

func malformed(err error) error {
	message := "the file is not CSV"
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return &hajir.Error{Code: hajir.Invalid, Message: message + "; look at its quotation marks near line " + strconv.Itoa(e.Line), Cause: err}
	}
	return &hajir.Error{Code: hajir.Invalid, Message: message, Cause: err}
}
