package sheet

import (
	"errors"
	"io"
	"iter"
	"strings"

	"hajir/internal/hajir"
)

// Line is one line of a file below its header. It is good until the next one is
// taken.
type Line struct {
	Number int // in the file, where the header is line 1; of a field with line breaks the first
	// Err says why the line cannot be read, which no other line suffers from.
	Err error

	fields []string
	column map[string]int
}

// Get returns the field of a column without space around it; "" when the file
// has no such column.
func (l Line) Get(name string) string {
	if i, ok := l.column[name]; ok && i < len(l.fields) {
		return strings.Clone(strings.TrimSpace(l.fields[i]))
	}
	return ""
}

// Lines goes over the lines that are not empty. With an error the file is
// refused whole: it is no CSV from there on, or has too many lines.
func (s *Sheet) Lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		rows := s.reader()
		for n := 0; ; {
			fields, err := rows.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Line{}, malformed(err))
				return
			}
			if n == 0 && !s.bare {
				n = 1
				continue // the header
			}
			if blank(fields) {
				continue // spreadsheets write lines of nothing but commas
			}
			if n++; n > s.layout.Lines+1 || s.bare && n > s.layout.Lines {
				yield(Line{}, hajir.Errorf(hajir.TooLarge, "the file has more than %d lines; split it", s.layout.Lines))
				return
			}
			line := Line{fields: fields, column: s.column}
			line.Number, _ = rows.FieldPos(0)
			if len(fields) != s.width && !s.bare {
				line.Err = hajir.Errorf(hajir.Invalid,
					"the line has %d fields and the first line %d; put fields with commas in quotation marks", len(fields), s.width)
			}
			if !yield(line, nil) {
				return
			}
		}
	}
}

func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}
