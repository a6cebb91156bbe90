// Package doctor examines an installation: whether everything that it needs is
// there and works, and how to mend what does not. Read this file first; each
// other file holds the checks of one thing. A check changes nothing that is
// kept, and runs beside a server without keeping it waiting.
package doctor

import (
	"context"
	"fmt"
	"time"
)

// Level is how much a finding matters.
type Level string

// The levels. A warning works today and may not tomorrow.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Fail Level = "fail"
)

// rank orders levels by how much they matter.
var rank = map[Level]int{OK: 0, Warn: 1, Fail: 2}

// Finding is what a check found out about one thing.
type Finding struct {
	Check string `json:"check"` // a stable name, such as disk.space
	Level Level  `json:"level"`
	What  string `json:"what"`          // is the case
	Why   string `json:"why,omitempty"` // that matters; "" when all is well
	Fix   string `json:"fix,omitempty"` // what to do; "" when all is well
}

// Chart collects what one check finds.
type Chart struct {
	findings []Finding
	progress func(string)
}

// OK notes that something is as it should be.
func (c *Chart) OK(check, format string, args ...any) {
	c.findings = append(c.findings, Finding{Check: check, Level: OK, What: fmt.Sprintf(format, args...)})
}

// Warn notes what may go wrong, why it matters, and what to do.
func (c *Chart) Warn(check, what, why, fix string) {
	c.findings = append(c.findings, Finding{Check: check, Level: Warn, What: what, Why: why, Fix: fix})
}

// Fail notes what is wrong, why it matters, and what to do.
func (c *Chart) Fail(check, what, why, fix string) {
	c.findings = append(c.findings, Finding{Check: check, Level: Fail, What: what, Why: why, Fix: fix})
}

// Working tells whoever watches how far a check is.
func (c *Chart) Working(how string) { c.progress(how) }

// Check examines one thing and notes what it finds.
type Check struct {
	Name string
	Run  func(context.Context, *Chart)
}

// Report is what an examination found.
type Report struct {
	At       time.Time `json:"at"`
	Version  string    `json:"version"` // of the program
	Level    Level     `json:"level"`   // the worst of the findings'
	Findings []Finding `json:"findings"`
}

// Examine runs checks one after the other and tells progress how far it is. A
// check that ctx ends, or that finds nothing at all, is a failure.
func Examine(ctx context.Context, at time.Time, version string, checks []Check, progress func(done, total int, doing string)) Report {
	r := Report{At: at.UTC(), Version: version, Level: OK, Findings: []Finding{}}
	for i, check := range checks {
		progress(i, len(checks), check.Name)
		c := Chart{progress: func(how string) { progress(i, len(checks), check.Name+": "+how) }}
		if ctx.Err() == nil {
			check.Run(ctx, &c)
		}
		if len(c.findings) == 0 {
			c.Fail(check.Name, "this was not examined", "the examination was broken off", "Run hajir doctor again.")
		}
		r.Findings = append(r.Findings, c.findings...)
	}
	for _, f := range r.Findings {
		if rank[f.Level] > rank[r.Level] {
			r.Level = f.Level
		}
	}
	progress(len(checks), len(checks), "")
	return r
}

// Count returns how many findings have a level.
func (r Report) Count(l Level) int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == l {
			n++
		}
	}
	return n
}
