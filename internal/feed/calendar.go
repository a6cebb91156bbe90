package feed

import (
	"bytes"
	"context"
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// What a feed shows, in days before and after today. Shifts are planned a few
// weeks ahead; holidays and leave a year.
const (
	daysBack   = 31
	shiftsOn   = 92
	calendarOn = 366
)

// calendar is one that is being written.
type calendar struct {
	*ics.Calendar
	company  hajir.Company
	loc      *time.Location // the company's
	now      time.Time
	today    string
	from, to string
}

var names = map[hajir.FeedKind]string{
	hajir.FeedOwn: "My work", hajir.FeedTeam: "Team's leave", hajir.FeedEvents: "Holidays and events",
}

func (s *Service) open(c hajir.Company, f hajir.Feed) (*calendar, error) {
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	w := &calendar{Calendar: ics.NewCalendarFor("Hajir"), company: c, loc: loc, now: s.Now(), today: hajir.DateAt(s.Now(), loc)}
	w.from, w.to = hajir.AddDays(w.today, -daysBack), hajir.AddDays(w.today, calendarOn)
	w.SetMethod(ics.MethodPublish)
	w.SetXWRCalName(names[f.Kind] + " · " + c.Name)
	w.SetXWRTimezone(c.TimeZone)
	w.SetRefreshInterval("PT1H", ics.WithValue("DURATION"))
	w.SetXPublishedTTL("PT1H")
	return w, nil
}

// bytes returns the calendar as it is sent.
func (w *calendar) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := w.SerializeTo(&out, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	return out.Bytes(), nil
}

// add adds an entry. Its stamp is the day's, so that a calendar in which nothing
// has changed is the same to the byte.
func (w *calendar) add(uid, title string) *ics.VEvent {
	e := w.AddEvent(uid + "@hajir")
	stamp, _ := time.Parse(time.DateOnly, w.today) // it is a date
	e.SetDtStampTime(stamp)
	e.SetSummary(title)
	return e
}

const dateForm = "20060102"

// days makes an entry one of whole days, which take nobody's time.
func days(e *ics.VEvent, from, to string) {
	first, _ := time.Parse(time.DateOnly, from) // they are stored
	last, _ := time.Parse(time.DateOnly, to)
	e.SetProperty(ics.ComponentPropertyDtStart, first.Format(dateForm), ics.WithValue(string(ics.ValueDataTypeDate)))
	e.SetProperty(ics.ComponentPropertyDtEnd, last.AddDate(0, 0, 1).Format(dateForm), ics.WithValue(string(ics.ValueDataTypeDate)))
	e.SetTimeTransparency(ics.TransparencyTransparent)
}

// times makes an entry one from a moment to another, in UTC, which needs no
// table of the zone.
func times(e *ics.VEvent, start, end time.Time) {
	e.SetStartAt(start)
	if end.After(start) {
		e.SetEndAt(end)
	}
}

func (w *calendar) occasion(o hajir.Occasion, title string) {
	e := w.add("event-"+o.ID, title)
	e.SetSequence(o.Version - 1)
	if start, end, ok := o.Times(w.loc); ok {
		times(e, start, end)
	} else {
		days(e, o.From, o.To)
	}
	if o.Note != "" {
		e.SetDescription(o.Note)
	}
	if o.Kind != hajir.OccasionEvent {
		e.AddCategory("HOLIDAY")
	}
}

func (w *calendar) leave(b hajir.LeaveBooking, title string) {
	if b.To < w.from || b.From > w.to {
		return
	}
	half := map[hajir.Leave]string{hajir.FirstHalf: "first half", hajir.SecondHalf: "second half"}
	note := ""
	if b.From == b.To {
		note = half[b.Start]
	} else {
		if h := half[b.Start]; h != "" {
			note = h + " of the first day"
		}
		if h := half[b.End]; h != "" {
			if note != "" {
				note += ", "
			}
			note += h + " of the last day"
		}
	}
	if note != "" {
		title += " (" + note + ")"
	}
	e := w.add("leave-"+b.Request, title)
	days(e, b.From, b.To)
	if b.Open {
		e.SetStatus(ics.ObjectStatusTentative)
	}
}

// own writes a person's shifts, leave, holidays and events.
func (s *Service) own(ctx context.Context, w *calendar, e hajir.Employee) error {
	plan, err := s.Book.Plan(ctx, w.company, e, w.from, w.to)
	if err != nil {
		return err
	}
	for date := w.from; date <= hajir.AddDays(w.today, shiftsOn); date = hajir.AddDays(date, 1) {
		p := plan.On(date)
		if p.Shift == nil || p.Off || p.Holiday != "" || p.Leave == hajir.FullLeave {
			continue
		}
		times(w.add("shift-"+e.Username+"-"+date, p.Shift.Name), p.Start, p.End)
	}
	for _, o := range plan.Occasions {
		title := o.Title
		if o.Kind == hajir.OccasionOptional && plan.Holidays[o.From] == "" {
			title += " (optional, not chosen)"
		}
		w.occasion(o, title)
	}
	accounts, err := s.Store.LeaveAccounts(ctx, []string{e.Username})
	if err != nil {
		return fmt.Errorf("load leave: %w", err)
	}
	types, err := s.Store.LeaveTypes(ctx, w.company.Username)
	if err != nil {
		return fmt.Errorf("load leave types: %w", err)
	}
	called := map[string]string{}
	for _, t := range types {
		called[t.ID] = t.Name
	}
	for _, b := range accounts[e.Username].Booked {
		title := called[b.Type]
		if b.Open {
			title += ", waits for a decision"
		}
		w.leave(b, title)
	}
	return nil
}

// team writes who is on leave. Which leave and why is nobody's business.
func (s *Service) team(ctx context.Context, w *calendar, people []hajir.Employee) error {
	usernames := hajir.Usernames(people)
	accounts, err := s.Store.LeaveAccounts(ctx, usernames)
	if err != nil {
		return fmt.Errorf("load leave: %w", err)
	}
	for _, e := range people {
		if !e.Active {
			continue
		}
		for _, b := range accounts[e.Username].Booked {
			title := e.Name + ": leave"
			if b.Open {
				title = e.Name + ": leave asked for"
			}
			w.leave(b, title)
		}
	}
	return nil
}

// events writes the company's calendar as an account sees it.
func (s *Service) events(ctx context.Context, w *calendar, u identity.User) error {
	seen, err := s.Events.Seen(ctx, u.Company, u.Username, u.Role)
	if err != nil {
		return err
	}
	all, err := s.Book.Occasions(ctx, u.Company, w.from, w.to)
	if err != nil {
		return err
	}
	for _, o := range all {
		if !seen(o) {
			continue
		}
		title := o.Title
		if o.Kind == hajir.OccasionOptional {
			title += " (optional)"
		}
		w.occasion(o, title)
	}
	return nil
}
