// Package sheet reads the CSV files that spreadsheets and devices write, and says
// line by line what became of one. Every import comes through it, so that all of
// them take the same files and answer in the same words. Read Layout first;
// line.go walks over a file, moment.go reads dates and times, and report.go is
// the answer.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hajir/internal/hajir"
)

// Column is what a file may tell.
type Column struct {
	Name string   // as Line.Get and messages call it: lower case, with _ between words
	Also []string // what else files call it
	Need bool     // a file without it is refused
}

// Layout is what a kind of file looks like. Columns come in any order; their
// names are the same whatever the case of their letters and whatever stands
// between words.
type Layout struct {
	Columns []Column
	// Bytes and Lines bound the file: its size, and how many lines it may have
	// below the header, empty ones not counted.
	Bytes, Lines int
	// Loose ignores columns that are not known. Otherwise they refuse the file,
	// since a name that was mistyped would be ignored unseen.
	Loose bool
	// Bare returns the names of the columns of a file without a header by its
	// first line, nil when that is the header. The nil func never does.
	Bare func(first []string) []string
}

// Sheet is a file whose header was read. It lies in memory as it came, and its
// lines are taken apart one by one.
type Sheet struct {
	// Ignored are the names of the columns that are not known.
	Ignored []string

	layout  Layout
	content []byte
	comma   rune
	column  map[string]int
	width   int
	bare    bool // there is no header
}

// Read reads a file and its header. What is not a file of this layout is refused
// with Invalid or TooLarge.
func (l Layout) Read(r io.Reader) (*Sheet, error) {
	content, err := io.ReadAll(io.LimitReader(r, int64(l.Bytes)+1))
	switch {
	case err != nil:
		return nil, &hajir.Error{Code: hajir.Invalid, Message: "the file cannot be read", Cause: err}
	case len(content) > l.Bytes:
		return nil, hajir.Errorf(hajir.TooLarge, "the file has more than %d MB; split it", l.Bytes>>20)
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return nil, hajir.Errorf(hajir.Invalid, "this is a workbook and no CSV file; save it as CSV UTF-8 in the spreadsheet")
	case !utf8.Valid(content):
		return nil, hajir.Errorf(hajir.Invalid, "the file is not UTF-8; save it as CSV UTF-8")
	}
	s := &Sheet{layout: l, content: bytes.TrimPrefix(content, []byte("\ufeff"))} // spreadsheets write a byte order mark
	if s.comma, err = l.delimiter(s.content); err != nil {
		return nil, err
	}
	header, err := s.reader().Read()
	if errors.Is(err, io.EOF) {
		return nil, hajir.Errorf(hajir.Invalid, "the file is empty; its first line names the columns: %s", l.names())
	}
	if err != nil {
		return nil, malformed(err)
	}
	s.width = len(header)
	if l.Bare != nil {
		if names := l.Bare(header); names != nil {
			s.bare, header = true, names
		}
	}
	return s, s.head(header)
}

// Has says whether the file has a column.
func (s *Sheet) Has(name string) bool {
	_, ok := s.column[name]
	return ok
}

func (s *Sheet) reader() *csv.Reader {
	r := csv.NewReader(bytes.NewReader(s.content))
	r.TrimLeadingSpace = s.comma != '\t' // there a leading tab is an empty field
	r.FieldsPerRecord = -1               // counted line by line
	r.ReuseRecord = true
	r.Comma = s.comma
	return r
}

// head finds the columns by the header.
func (s *Sheet) head(header []string) error {
	s.column = map[string]int{}
	for i, title := range header {
		at := slices.IndexFunc(s.layout.Columns, func(c Column) bool { return c.called(title) })
		switch {
		case at >= 0:
		case s.layout.Loose:
			if title = strings.TrimSpace(title); title != "" {
				s.Ignored = append(s.Ignored, shorten(title))
			}
			continue
		default:
			return hajir.Errorf(hajir.Invalid, "the column %q is not known; the first line names the columns: %s", shorten(title), s.layout.names())
		}
		name := s.layout.Columns[at].Name
		if _, twice := s.column[name]; twice {
			return hajir.Errorf(hajir.Invalid, "the column %q is there twice; leave one of them out", name)
		}
		s.column[name] = i
	}
	for _, c := range s.layout.Columns {
		if c.Need && !s.Has(c.Name) {
			return hajir.Errorf(hajir.Invalid, "the first line has no column %q; it names the columns: %s", c.Name, s.layout.names())
		}
	}
	return nil
}

func shorten(title string) string {
	title = strings.TrimSpace(title)
	if r := []rune(title); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return title
}

// called says whether a header's title means the column.
func (c Column) called(title string) bool {
	title = letters(title)
	return title == letters(c.Name) || slices.ContainsFunc(c.Also, func(also string) bool { return title == letters(also) })
}

// letters returns a title without what stands between its words.
func letters(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

func (l Layout) names() string {
	var names []string
	for _, c := range l.Columns {
		names = append(names, c.Name)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// delimiter returns what separates the columns: that by which most of them are
// found in the first line. Spreadsheets write a semicolon where the comma
// separates decimals, and devices a tab.
func (l Layout) delimiter(content []byte) (rune, error) {
	first, _, _ := bytes.Cut(bytes.TrimLeft(content, "\r\n"), []byte("\n"))
	if len(first) > 64<<10 {
		return 0, hajir.Errorf(hajir.Invalid, "the first line is too long to name columns: %s", l.names())
	}
	best, found := ',', 0
	for _, comma := range ",;\t" {
		titles := strings.Split(string(first), string(comma))
		n := 0
		for _, title := range titles {
			if slices.ContainsFunc(l.Columns, func(c Column) bool { return c.called(title) }) {
				n += 2
			}
		}
		if n == 0 && len(titles) > 1 && l.Bare != nil && l.Bare(titles) != nil {
			n = 1
		}
		if n > found {
			best, found = comma, n
		}
	}
	return best, nil
}

func malformed(err error) error {
	message := "the file is not CSV"
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return &hajir.Error{Code: hajir.Invalid, Message: message + "; look at its quotation marks near line " + strconv.Itoa(e.Line), Cause: err}
	}
	return &hajir.Error{Code: hajir.Invalid, Message: message, Cause: err}
}
