package events

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// Imported is what became of one event of a file.
type Imported struct {
	Row
	// Known: it is in the calendar already, and nothing is to be done.
	Known bool
}

// Import adds the events of a file, a calendar or CSV. Whole days of a calendar
// become of a kind. What is in the calendar already, by the identifier that the
// file gives it or by its date and title, is not added again. A dry run only
// says what would become of each.
func (d *Desk) Import(ctx context.Context, company string, file []byte, kind hajir.OccasionKind, dryRun bool) ([]Imported, error) {
	c, err := d.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	rows, err := Read(file, kind, loc, hajir.DateAt(d.Now(), loc))
	if err != nil {
		return nil, err
	}
	known, err := d.known(ctx, company, rows)
	if err != nil {
		return nil, err
	}
	report := make([]Imported, len(rows))
	var added []hajir.Occasion
	// Whatever stops the import half-way: what was added by then is followed.
	defer func() { d.follow(ctx, added...) }()
	for i, row := range rows {
		row.Occasion.Company = company
		row.Occasion.UID = cmp.Or(row.Occasion.UID, uuid.NewSHA1(uuid.NameSpaceOID, []byte(titleOf(row.Occasion))).String())
		one := Imported{Row: row}
		if one.Err == nil {
			one.Known, one.Err = known.has(row)
		}
		if one.Err == nil && !one.Known {
			one.Occasion, one.Err = d.bring(ctx, row.Occasion, dryRun)
			if one.Err == nil {
				known.note(one.Occasion, row.Line)
				if !dryRun {
					added = append(added, one.Occasion)
				}
			}
		}
		if one.Err != nil && hajir.Fault(one.Err) {
			return nil, fmt.Errorf("event %d: %w", row.Line, one.Err)
		}
		report[i] = one
	}
	return report, nil
}

// bring adds an event of a file. Its ID follows from what it is, so that of two
// imports of one file at a moment only one adds it.
func (d *Desk) bring(ctx context.Context, o hajir.Occasion, dryRun bool) (hajir.Occasion, error) {
	o.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(o.Company+"\n"+o.UID)).String()
	if dryRun {
		return o, d.admit(ctx, o)
	}
	return d.add(ctx, o)
}

// titleOf returns by what an event is known again that no file has named.
func titleOf(o hajir.Occasion) string {
	return o.From + "\n" + hajir.WhoOf(o.Scope, o.Subject) + "\n" + strings.ToLower(o.Title)
}

// Read returns the events of a file, a calendar or CSV, in its order. A file
// that is neither is refused whole.
func Read(file []byte, kind hajir.OccasionKind, loc *time.Location, today string) ([]Row, error) {
	content, err := text(file)
	if err != nil {
		return nil, err
	}
	if isCalendar(content) {
		return calendarFile{kind, loc, today}.read(content)
	}
	return readCSV(content)
}

// known is what is in the calendar, and what the file has brought so far.
type known struct {
	uids, titles map[string]place
}

type place struct {
	date string
	line int // of the file; 0: it was there before
}

// known loads what is in the calendar around the dates of a file: whole years,
// since what was imported may have been given another date here.
func (d *Desk) known(ctx context.Context, company string, rows []Row) (known, error) {
	k := known{uids: map[string]place{}, titles: map[string]place{}}
	from, to := "", ""
	for _, r := range rows {
		if r.Err != nil {
			continue
		}
		if from == "" {
			from, to = r.Occasion.From, r.Occasion.To
		}
		from, to = min(from, r.Occasion.From), max(to, r.Occasion.To)
	}
	if from == "" {
		return k, nil
	}
	all, err := d.Store.Occasions(ctx, company, hajir.AddDays(from, -366), hajir.AddDays(to, 366))
	if err != nil {
		return k, fmt.Errorf("load events: %w", err)
	}
	for _, o := range all {
		k.note(o, 0)
	}
	return k, nil
}

func (k known) note(o hajir.Occasion, line int) {
	k.uids[o.UID] = place{o.From, line}
	k.titles[titleOf(o)] = place{o.From, line}
}

// has says whether a row is there already. One that is there on another date is
// refused: whether that is to be changed, people decide.
func (k known) has(r Row) (bool, error) {
	at, ok := k.uids[r.Occasion.UID]
	if ok && at.date != r.Occasion.From {
		return false, hajir.Errorf(hajir.Conflict, "it is in the calendar on %s already; change it there", at.date)
	}
	if !ok {
		at, ok = k.titles[titleOf(r.Occasion)]
	}
	if ok && at.line > 0 {
		return false, hajir.Errorf(hajir.Conflict, "it is in this file twice; the first is in line %d", at.line)
	}
	return ok, nil
}
