package sheet

import (
	"errors"
	"slices"
	"strings"

	"hajir/internal/hajir"
)

// Outcome is what becomes of a line.
type Outcome string

// The outcomes.
const (
	New     Outcome = "new"     // it adds something
	Changed Outcome = "changed" // it changes what is there
	Same    Outcome = "same"    // it says what is there already; nothing is done
	Refused Outcome = "refused" // it cannot be taken; nothing is done
)

// LineReport says what became of one line, or in a dry run would become of it.
type LineReport struct {
	Line     int        `json:"line" doc:"In the file; the header is line 1" example:"2"`
	Username string     `json:"username" doc:"Whom it is about, when that is known"`
	Name     string     `json:"name" doc:"Their name, or as the file calls what the line is about"`
	Outcome  Outcome    `json:"outcome" enum:"new,changed,same,refused" doc:"same: it is there already, and nothing is done"`
	Detail   string     `json:"detail,omitempty" doc:"What it adds or changes, or what to look at"`
	Link     string     `json:"link,omitempty" doc:"Of an invitation: where the person joins; it is told only now"`
	Code     hajir.Code `json:"code,omitempty" doc:"Why the line was refused; absent if it was taken"`
	Problem  string     `json:"problem,omitempty" doc:"The same for people"`
}

// Refuse makes r the refusal of a line for a reason that may be told; false when
// err is none, so that it is not the line's fault.
func (r *LineReport) Refuse(err error) bool {
	e, ok := errors.AsType[*hajir.Error](err)
	if !ok || hajir.Fault(err) {
		return false
	}
	r.Outcome, r.Code, r.Problem, r.Detail = Refused, e.Code, e.Message, ""
	return true
}

// FileReport says what became of a file.
type FileReport struct {
	DryRun  bool     `json:"dry_run" doc:"Nothing was done; this is what would be"`
	Ignored []string `json:"ignored,omitempty" doc:"Columns of the file that were not used"`
	Counts
	Omitted int          `json:"omitted,omitempty" doc:"How many lines are counted and not listed, since there are so many; refused ones come first"`
	Lines   []LineReport `json:"lines" doc:"In the order of the file"`
}

// Counts are how many lines of a file had each outcome.
type Counts struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Refused int `json:"refused"`
}

// Listed is how many lines a report lists.
const Listed = 5000

// Tell returns the report of all lines of a file.
func Tell(dryRun bool, ignored []string, all []LineReport) FileReport {
	r := FileReport{DryRun: dryRun, Ignored: ignored, Lines: []LineReport{}}
	for _, line := range all {
		switch line.Outcome {
		case New:
			r.New++
		case Changed:
			r.Changed++
		case Same:
			r.Same++
		case Refused:
			r.Refused++
		}
	}
	if len(all) <= Listed {
		r.Lines = append(r.Lines, all...)
		return r
	}
	// What wants a look first, then the rest.
	for _, wanted := range []func(LineReport) bool{
		func(x LineReport) bool { return x.Outcome == Refused },
		func(x LineReport) bool { return x.Outcome != Refused && x.Detail != "" },
		func(x LineReport) bool { return x.Outcome != Refused && x.Detail == "" },
	} {
		for _, line := range all {
			if len(r.Lines) < Listed && wanted(line) {
				r.Lines = append(r.Lines, line)
			}
		}
	}
	slices.SortFunc(r.Lines, func(a, b LineReport) int { return a.Line - b.Line })
	r.Omitted = len(all) - len(r.Lines)
	return r
}

// Changes writes what changes, such as "department: Kitchen → Sales".
type Changes []string

// Add adds a field that changes; one that does not is left out.
func (c *Changes) Add(field, from, to string) {
	if from == to {
		return
	}
	show := func(s string) string {
		if s == "" {
			return "–"
		}
		return s
	}
	*c = append(*c, field+": "+show(from)+" → "+show(to))
}

func (c Changes) String() string { return strings.Join(c, "; ") }
