package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// statuses say what a day counts as.
var statuses = map[hajir.Status]string{
	hajir.StatusPresent: "present", hajir.StatusLate: "late", hajir.StatusHalfDay: "half-day", hajir.StatusAbsent: "absent",
	hajir.StatusOnLeave: "on leave", hajir.StatusHoliday: "holiday", hajir.StatusWeeklyOff: "day off", hajir.StatusExpected: "expected", hajir.StatusNone: "not employed",
}

// today returns the caller's line of today; during a night shift, of the date
// on which it began.
func (s *Service) today(ctx context.Context, c caller) (hajir.SheetLine, error) {
	now := s.Now()
	date := hajir.DateAt(now, c.loc)
	p, err := hajir.ParsePeriod("", hajir.AddDays(date, -1), date, 2)
	if err != nil {
		return hajir.SheetLine{}, err
	}
	sheet, err := s.Book.Sheet(ctx, c.company, c.person, p)
	if err != nil {
		return hajir.SheetLine{}, err
	}
	lines := sheet.Lines(p, now, nil)
	if len(lines) < 2 {
		return hajir.SheetLine{}, fmt.Errorf("a sheet of two dates has %d lines", len(lines))
	}
	if len(lines[1].Punches) == 0 && lines[0].Running {
		return lines[0], nil
	}
	return lines[1], nil
}

// status is the caller's day so far.
func (s *Service) status(ctx context.Context, c caller) (message, error) {
	l, err := s.today(ctx, c)
	if err != nil {
		return message{}, err
	}
	return say(s.describe(c, l)), nil
}

func (s *Service) describe(c caller, l hajir.SheetLine) string {
	var text strings.Builder
	text.WriteString("*" + plain(s.Date(l.Date, c.dates)) + "*\n")
	switch l.Presence(l.Reckoning) {
	case hajir.PresenceIn:
		text.WriteString(":large_green_circle: You are in")
	case hajir.PresenceOut:
		text.WriteString(":white_circle: You left")
	case hajir.PresenceAbsent:
		text.WriteString(":white_circle: You have not come yet")
	case hajir.PresenceOff:
		text.WriteString(":palm_tree: " + sentence(statuses[l.Status]))
	}
	if l.Holiday != "" {
		text.WriteString(" – " + plain(l.Holiday))
	}
	if l.Shift != nil {
		text.WriteString("\nShift: " + plain(l.Shift.Name) + ", " + clock(l.Start, c.loc) + "–" + clock(l.End, c.loc))
	}
	d := l.Filled()
	for _, p := range d.Punches {
		what := "In"
		if p.Direction == hajir.Exit {
			what = "Out"
		}
		text.WriteString("\n" + what + " " + clock(p.At, c.loc))
		if p.Source == hajir.SourceAuto {
			text.WriteString(" (a guess)")
		}
	}
	if l.Worked > 0 {
		text.WriteString("\nWorked: *" + hours(l.Worked) + "*")
	}
	if l.Late > 0 {
		text.WriteString("\nLate by " + hours(l.Late))
	}
	if l.Flagged(hajir.FlagMissingExit) {
		text.WriteString("\n:warning: Your exit is missing.")
	}
	return text.String()
}

func clock(t time.Time, loc *time.Location) string { return t.In(loc).Format("15:04") }

// hours writes a duration in hours and minutes.
func hours(d time.Duration) string {
	m := int(d.Round(time.Minute) / time.Minute)
	return fmt.Sprintf("%d:%02d h", m/60, m%60)
}

const maxMonth = 32 // days; months of Bikram Sambat have up to 32

// month is what the caller's month came to.
func (s *Service) month(ctx context.Context, c caller, month string) (message, error) {
	now := s.Now()
	if month == "" {
		month = hajir.MonthValue(hajir.DateAt(now, c.loc))
	}
	p, err := hajir.ParsePeriod(month, "", "", maxMonth)
	if err != nil {
		return message{}, err
	}
	sheet, err := s.Book.Sheet(ctx, c.company, c.person, p)
	if err != nil {
		return message{}, err
	}
	lines := sheet.Lines(p, now, nil)
	t := hajir.Summarize(lines).Total
	m := say("*" + plain(s.Date(p.From, c.dates)) + " to " + plain(s.Date(p.To, c.dates)) + "*")
	fields := []*slackgo.TextBlockObject{
		markup("*Worked*\n" + hours(t.Worked)), markup("*Planned*\n" + hours(t.Required)),
		markup(fmt.Sprintf("*Present*\n%d", t.Days[hajir.StatusPresent]+t.Days[hajir.StatusLate])), markup(fmt.Sprintf("*Late*\n%d", t.Days[hajir.StatusLate])),
		markup(fmt.Sprintf("*Half-days*\n%d", t.Days[hajir.StatusHalfDay])), markup(fmt.Sprintf("*Absent*\n%d", t.Days[hajir.StatusAbsent])),
		markup(fmt.Sprintf("*On leave*\n%d", t.Days[hajir.StatusOnLeave])), markup(fmt.Sprintf("*Missing exits*\n%d", t.MissingExits)),
		markup("*Overtime*\n" + hours(t.Overtime)),
	}
	return m.with(slackgo.NewSectionBlock(nil, fields, nil), slackgo.NewActionBlock("", door("Open my days", s.SiteURL+"/"))), nil
}

func seesOthers(c caller) bool {
	return c.role == hajir.RoleAdmin || c.role == hajir.RoleManager || c.role == hajir.RoleAuditor
}

// board is who is in, of those whom the caller sees on the site.
func (s *Service) board(ctx context.Context, c caller) (message, error) {
	if !seesOthers(c) {
		return message{}, hajir.Errorf(hajir.Forbidden, "who is in is for managers and the administrator; try `/hajir status`")
	}
	team := ""
	if c.role == hajir.RoleManager {
		team = c.username
	}
	all, loc, err := s.Board(ctx, c.Company, team)
	if err != nil {
		return message{}, err
	}
	now := s.Now()
	m := say("*Who is in* – " + plain(s.Date(hajir.DateAt(now, loc), c.dates)) + ", " + clock(now, loc))
	return m.with(lists(all, loc)...).with(slackgo.NewActionBlock("", door("Open the board", s.SiteURL+"/"))), nil
}

// lists tell who is where, each list in a block.
func lists(all []Present, loc *time.Location) []slackgo.Block {
	var in, late, leave, out, absent []string
	for _, p := range all {
		name := plain(p.Employee.Name)
		if p.Leave != hajir.NoLeave {
			leave = append(leave, name)
		}
		if p.Late > 0 {
			late = append(late, name+" ("+clock(p.First, loc)+")")
		}
		switch p.Day.Presence(p.Reckoning) {
		case hajir.PresenceIn:
			in = append(in, name)
		case hajir.PresenceOut:
			out = append(out, name)
		case hajir.PresenceAbsent:
			if p.Flagged(hajir.FlagNotHere) {
				late = append(late, name)
			} else {
				absent = append(absent, name)
			}
		case hajir.PresenceOff:
		}
	}
	var blocks []slackgo.Block
	for _, l := range []struct {
		title string
		names []string
	}{
		{":large_green_circle: *In*", in},
		{":alarm_clock: *Late*", late},
		{":hourglass: *Expected*", absent},
		{":white_circle: *Left*", out},
		{":palm_tree: *On leave*", leave},
	} {
		if len(l.names) > 0 {
			slices.Sort(l.names)
			blocks = append(blocks, section(fmt.Sprintf("%s (%d)\n%s", l.title, len(l.names), strings.Join(l.names, ", "))))
		}
	}
	if len(blocks) == 0 {
		return []slackgo.Block{section("Nobody is expected today.")}
	}
	return blocks
}
