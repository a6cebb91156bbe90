package company

import (
	"context"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// rosterLine is what one person does on one date.
type rosterLine struct {
	index int
	date  string
	shift string // a shift's ID, hajir.DayOff, or "" for what their pattern says
}

// planRoster reads who has which shift on which date, and makes a job of each
// person's.
func (b *bringing) planRoster(ctx context.Context) error {
	named, err := b.shiftsByName(ctx, b.Company)
	if err != nil {
		return err
	}
	shift := func(text string) (string, error) {
		switch key := strings.ToLower(text); key {
		case hajir.DayOff:
			return hajir.DayOff, nil
		case "pattern":
			return "", nil
		default:
			if x, ok := named[key]; ok {
				return x.ID, nil
			}
		}
		return "", hajir.Errorf(hajir.NotFound, "there is no shift called %.60q; write one of the company's, off, or pattern for what the weekly pattern says", text)
	}
	type key struct{ username, date string }
	first := map[key]int{}
	byPerson := map[string][]rosterLine{}
	err = b.each(func(i int, line sheet.Line) error {
		x := rosterLine{index: i}
		var err error
		if x.date, err = sheet.ParseDate(line.Get("date"), b.Order); err != nil {
			return err
		}
		e, err := b.person(i, line)
		if err != nil {
			return err
		}
		if err := e.MayHave("shifts"); err != nil {
			return err
		}
		if x.shift, err = shift(line.Get("shift")); err != nil {
			return err
		}
		k := key{e.Username, x.date}
		if before, twice := first[k]; twice {
			return hajir.Errorf(hajir.Conflict, "line %d plans this day already; leave one of them out", before)
		}
		first[k] = line.Number
		byPerson[e.Username] = append(byPerson[e.Username], x)
		return nil
	})
	names := map[string]string{hajir.DayOff: "off", "": "pattern"}
	for _, x := range named {
		names[x.ID] = x.Name
	}
	addJobs(b, byPerson, func(x rosterLine) int { return x.index },
		func(x, y rosterLine) int { return strings.Compare(x.date, y.date) },
		func(ctx context.Context, e hajir.Employee, lines []rosterLine) error {
			return b.bringRoster(ctx, e, lines, names)
		})
	return err
}

// bringRoster plans one person's dates. Where days have passed, to which of them
// punches belong is decided anew.
func (b *bringing) bringRoster(ctx context.Context, e hajir.Employee, lines []rosterLine, names map[string]string) error {
	from, to := lines[0].date, lines[len(lines)-1].date
	outcome := map[int]bool{} // of lines that were told: another try finds some done
	changes := false
	err := retry(true, func() error {
		there, err := b.Store.Roster(ctx, []string{e.Username}, from, to)
		if err != nil {
			return fmt.Errorf("load roster: %w", err)
		}
		byDate := map[string]hajir.RosterEntry{}
		for _, r := range there {
			byDate[r.Date] = r
		}
		for _, x := range lines {
			r, planned := byDate[x.date]
			if !outcome[x.index] {
				outcome[x.index] = true
				switch {
				case r.Shift == x.shift && planned == (x.shift != ""):
					b.set(x.index, sheet.Same, "")
				case !planned:
					b.set(x.index, sheet.New, "")
				default:
					was, known := names[r.Shift]
					if !known {
						was = "a retired shift"
					}
					b.set(x.index, sheet.Changed, was+" → "+names[x.shift])
				}
			}
			if r.Shift == x.shift || b.DryRun {
				continue
			}
			changes = true
			if x.shift == "" {
				err = b.Store.DeleteRoster(ctx, e.Username, x.date, r.Version)
			} else {
				err = b.Store.SaveRoster(ctx, hajir.RosterEntry{Username: e.Username, Date: x.date, Company: b.Company, Shift: x.shift, Version: r.Version})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || b.DryRun {
		return err
	}
	// Asked again it changes nothing: so what was broken off is finished.
	if from <= hajir.AddDays(b.Now().UTC().Format("2006-01-02"), 1) {
		if _, err := b.Book.Recompute(ctx, b.company, e, from, to); err != nil {
			return err
		}
	}
	if changes {
		b.Changes.Publish(b.Company, e.Username)
	}
	return nil
}
