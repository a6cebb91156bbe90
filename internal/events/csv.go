package events

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hajir/internal/hajir"
)

// The bounds of a file of events.
const (
	MaxRows = 2000
	MaxFile = 1 << 20 // bytes
)

// Row is one event of a file.
type Row struct {
	Line     int            // of a CSV file; of a calendar, which event of it
	Occasion hajir.Occasion // without a company and an ID
	Err      error          // why it is refused, which no other one suffers from
}

// columns are what a CSV file may tell of an event.
var columns = []string{"date", "to", "title", "kind", "start", "end", "department", "person", "note"}

// readCSV reads a CSV file with a header: date and title, and optionally the
// other columns, in any order. A file that is not such a one is refused whole; a
// line that is no event is refused alone.
func readCSV(content []byte) ([]Row, error) {
	rows := csv.NewReader(bytes.NewReader(content))
	rows.TrimLeadingSpace = true
	rows.FieldsPerRecord = -1 // counted below, line by line
	rows.ReuseRecord = true
	header, _, _ := bytes.Cut(content, []byte("\n"))
	if bytes.ContainsRune(header, ';') && !bytes.ContainsRune(header, ',') {
		rows.Comma = ';' // spreadsheets write it where the comma separates decimals
	}
	first, err := rows.Read()
	if err != nil {
		return nil, malformed(err)
	}
	column, err := readHeader(first)
	if err != nil {
		return nil, err
	}
	width := len(first)
	var all []Row
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
			return nil, tooMany()
		}
		row := Row{}
		row.Line, _ = rows.FieldPos(0)
		if len(record) != width {
			row.Err = hajir.Errorf(hajir.Invalid, "the line has %d fields and the first line %d; put fields with commas in quotation marks", len(record), width)
		} else {
			row.Occasion, row.Err = readRecord(func(name string) string {
				if i, ok := column[name]; ok {
					return strings.Clone(strings.TrimSpace(record[i]))
				}
				return ""
			})
		}
		all = append(all, row)
	}
}

func tooMany() error {
	return hajir.Errorf(hajir.TooLarge, "the file has more than %d events; split it", MaxRows)
}

func readHeader(header []string) (map[string]int, error) {
	column := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(columns, name) {
			return nil, hajir.Errorf(hajir.Invalid, "the column %.40q is not known; the first line names the columns: %s. Or bring a calendar file (.ics)",
				strings.ToValidUTF8(name, "?"), strings.Join(columns, ", "))
		}
		if _, twice := column[name]; twice {
			return nil, hajir.Errorf(hajir.Invalid, "the column %q is there twice", name)
		}
		column[name] = i
	}
	for _, name := range []string{"date", "title"} {
		if _, ok := column[name]; !ok {
			return nil, hajir.Errorf(hajir.Invalid, "the first line has no column %q; it names the columns: %s", name, strings.Join(columns, ", "))
		}
	}
	return column, nil
}

// readRecord reads one line; without a kind it is a holiday, unless it has
// times.
func readRecord(field func(name string) string) (hajir.Occasion, error) {
	o := hajir.Occasion{
		From: field("date"), To: field("to"), Title: field("title"), Kind: hajir.OccasionKind(strings.ToLower(field("kind"))),
		Note: field("note"), Scope: hajir.ScopeCompany,
	}
	start, end := field("start"), field("end")
	if o.Kind == "" {
		o.Kind = hajir.OccasionHoliday
		if start != "" || end != "" {
			o.Kind = hajir.OccasionEvent
		}
	}
	for to, text := range map[**hajir.Clock]string{&o.Start: start, &o.End: end} {
		if text == "" {
			continue
		}
		c, err := hajir.ParseClock(text)
		if err != nil {
			return o, err
		}
		*to = &c
	}
	department, person := field("department"), field("person")
	switch {
	case department != "" && person != "":
		return o, hajir.Errorf(hajir.Invalid, "an event is for a department or for a person, and not for both")
	case department != "":
		o.Scope, o.Subject = hajir.ScopeDepartment, department
	case person != "":
		o.Scope, o.Subject = hajir.ScopePerson, person
	}
	o = o.Tidy()
	return o, o.Validate()
}

func malformed(err error) error {
	if errors.Is(err, io.EOF) {
		return hajir.Errorf(hajir.Invalid, "the file is empty; bring a calendar file (.ics), or CSV whose first line names the columns: %s", strings.Join(columns, ", "))
	}
	message := "the file is neither a calendar (.ics) nor CSV"
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return &hajir.Error{Code: hajir.Invalid, Message: message + "; look at its quotation marks near line " + strconv.Itoa(e.Line), Cause: err}
	}
	return &hajir.Error{Code: hajir.Invalid, Message: message, Cause: err}
}

// text returns a file's content without what spreadsheets write before it.
func text(content []byte) ([]byte, error) {
	switch {
	case len(content) > MaxFile:
		return nil, hajir.Errorf(hajir.TooLarge, "the file has more than %d MB; split it", MaxFile>>20)
	case !utf8.Valid(content):
		return nil, hajir.Errorf(hajir.Invalid, "the file is not UTF-8; save it as CSV UTF-8, or export the calendar anew")
	}
	return bytes.TrimPrefix(content, []byte("\ufeff")), nil
}
