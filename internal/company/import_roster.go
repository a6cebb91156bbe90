package company

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	for line, err := range b.file.Lines() {
		if err != nil {
			return err
		}
		i, ok := b.take(line)
		if !ok {
			continue
		}
		x := rosterLine{index: i}
		x.date, err = sheet.ParseDate(line.Get("date"), b.Order)
		if sheet.Ambiguous(err) {
			return err
		}
		var e hajir.Employee
		if err == nil {
			if e, err = b.person(i, line); err == nil {
				err = e.MayHave("shifts")
			}
		}
		if err == nil {
			x.shift, err = shift(line.Get("shift"))
		}
		k := key{e.Username, x.date}
		if before, twice := first[k]; err == nil && twice {
			err = hajir.Errorf(hajir.Conflict, "line %d plans this day already; leave one of them out", before)
		}
		if err != nil {
			b.refuse(i, err)
			continue
		}
		first[k] = line.Number
		byPerson[e.Username] = append(byPerson[e.Username], x)
	}
	names := map[string]string{hajir.DayOff: "off", "": "pattern"}
	for _, x := range named {
		names[x.ID] = x.Name
	}
	for _, username := range slices.Sorted(maps.Keys(byPerson)) {
		all := byPerson[username]
		slices.SortFunc(all, func(x, y rosterLine) int { return strings.Compare(x.date, y.date) })
		lines := make([]int, len(all))
		for n, x := range all {
			lines[n] = x.index
		}
		b.jobs = append(b.jobs, job{lines: lines, do: func(ctx context.Context) error {
			return b.bringRoster(ctx, b.people.byName[username], all, names)
		}})
	}
	return nil
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
